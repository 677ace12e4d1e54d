"""The form of one measurement and of its void."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, NumberField, PlainForm
from registry.models import Position


class MeasureForm(PlainForm):
    """One child, one screen: drawn empty into the workspace, which fills it in and reads it."""

    weight_kg = NumberField(label=_("Berat badan"))
    lenhei_cm = NumberField(label=_("Panjang atau tinggi badan"))
    position = forms.ChoiceField(
        label=_("Cara ukur"),
        choices=[(Position.LYING, Position.LYING.label), (Position.STANDING, Position.STANDING.label)],
        widget=forms.RadioSelect,
        required=False,
    )
    measured_on = DayField(label=_("Tanggal ukur"))
    muac_cm = NumberField(label=_("Lingkar lengan atas (LiLA)"))
    head_cm = NumberField(label=_("Lingkar kepala"))
    oedema = forms.BooleanField(
        label=_("Bengkak (edema) di kedua punggung kaki"),
        help_text=_(
            "Tekan kedua punggung kaki dengan ibu jari 3 detik. Kalau keduanya tetap cekung, centang."
        ),
        required=False,
    )


class VoidForm(PlainForm):
    """Why a measurement should not count."""

    reason = forms.CharField(
        label=_("Alasan pembatalan"),
        help_text=_("Misalnya: tertukar dengan anak lain."),
        max_length=200,
        error_messages={"required": _("Tulis alasannya, misalnya “tertukar dengan anak lain”.")},
    )
