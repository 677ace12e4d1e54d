"""The form that gives a village another code."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, PlainForm


class VillageCodeForm(PlainForm):
    """The new code, since when and by which decree; sent once more to confirm."""

    new_code = forms.CharField(
        label=_("Kode baru"),
        help_text=_("Seperti 33.01.02.2009. Enam angka pertamanya menentukan kecamatan."),
        max_length=20,
        error_messages={"required": _("Tulis kode barunya.")},
    )
    changed_on = DayField(label=_("Berlaku sejak"))
    reason = forms.CharField(
        label=_("Dasar"),
        help_text=_("Misalnya: Kepmendagri 300.2.2-2138 Tahun 2025."),
        max_length=200,
        error_messages={"required": _("Tulis dasarnya: nomor dan tahun keputusannya.")},
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
