"""The form of one measurement, of its correction and of its void."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, EntryIdField, NumberField, PlainForm
from registry.actions import Observation
from registry.actions.observation import OBSERVED
from registry.models import Measurement, Position


class MeasureForm(PlainForm):
    """One child, one screen; filled in by the workspace, or by :class:`CorrectForm`."""

    id = EntryIdField()
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
    oedema = forms.BooleanField(label=_("Kedua punggung kaki bengkak (edema)"), required=False)

    @property
    def extra_open(self) -> bool:
        """The rarer values are shown at once when one of them was typed or refused."""
        names = ("muac_cm", "head_cm", "oedema")
        return any(self[name].value() or self[name].errors for name in names)

    def seen(self) -> Observation:
        """What was typed, for the action; only after ``is_valid()``."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in OBSERVED}
        # Without a length there is nothing the position could be of.
        position = values["position"] if values["lenhei_cm"] is not None else ""
        values["position"] = Position(position)
        return Observation(**values)


class CorrectForm(MeasureForm):
    """The same values again with what was wrong put right, and why."""

    reason = forms.CharField(
        label=_("Alasan koreksi"),
        help_text=_("Misalnya: salah ketik berat."),
        max_length=200,
        error_messages={"required": _("Tulis alasannya, misalnya “salah ketik berat”.")},
    )

    @classmethod
    def of(cls, measurement: Measurement) -> CorrectForm:
        """The form filled with what is on record, under a new id."""
        initial = {name: getattr(measurement, name) for name in OBSERVED}
        initial["position"] = str(measurement.position)
        return cls(initial=initial | {"id": uuid.uuid4()})


class VoidForm(PlainForm):
    """Why a measurement should not count."""

    reason = forms.CharField(
        label=_("Alasan pembatalan"),
        help_text=_("Misalnya: tertukar dengan anak lain."),
        max_length=200,
        error_messages={"required": _("Tulis alasannya, misalnya “tertukar dengan anak lain”.")},
    )
