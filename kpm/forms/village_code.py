"""The forms that give a village another code or another puskesmas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, PlainForm
from registry.models import Village
from registry.validation_messages import refusal_message


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


class VillagePuskesmasForm(PlainForm):
    """The puskesmas of the village's kecamatan that serves it, and why it is another."""

    puskesmas = forms.TypedChoiceField(
        label=_("Puskesmas"),
        help_text=_("Petugasnya melihat anak desa ini; petugas puskesmas lama tidak lagi."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Misalnya: SK Kepala Dinas tentang wilayah kerja puskesmas."),
        max_length=200,
        error_messages={"required": _("Tulis mengapa puskesmasnya lain.")},
    )

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"puskesmas": village.puskesmas_id})
        kwargs.setdefault("auto_id", "puskesmas_%s")  # the other form of the page has a reason, too
        super().__init__(*args, **kwargs)
        there = village.kecamatan.puskesmas.values_list("pk", "name")
        field: Any = self.fields["puskesmas"]
        field.choices = [("", _("belum diketahui")), *there]
        elsewhere = refusal_message("puskesmas_elsewhere", kecamatan=village.kecamatan)
        field.error_messages["invalid_choice"] = elsewhere
