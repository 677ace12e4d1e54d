"""The form that puts a child's identity right: why, what it was drawn from, and who else changed what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kpm.forms.child import SAME_NAMES, ChildForm
from kpm.identity_history import field_label, format_two_values, latest_changes
from registry.actions import Identity
from registry.actions.identity_changes import NIK
from registry.actions.identity_merge import POSYANDU_ID, ChangedMeanwhile, drawn_state
from registry.models import BirthDateBasis, ChangeLog, Child, Sex
from registry.validation_messages import refusal_message

_TO_CHOOSE = "\N{REPLACEMENT CHARACTER}"
"""Stands for what was drawn where nobody has chosen between two values: it is asked again."""


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """Both values of a field that two people have changed, and the change of the other one."""

    name: str
    label: str
    typed: str
    stored: str
    change: ChangeLog | None


class EditChildForm(ChildForm):
    """The identity of a child on record. An old NIK is kept when none is typed."""

    no_nik = forms.BooleanField(label=_("Anak belum punya NIK"), required=False)
    reason = forms.CharField(
        label=_("Mengapa diubah?"),
        max_length=200,
        required=False,
        help_text=_("Wajib kalau tanggal lahir atau jenis kelamin anak yang sudah diukur berubah."),
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, child: Child) -> EditChildForm:
        """Return the form filled with what is on record; the NIK is not drawn, so it cannot be sent back."""
        initial = {name: getattr(child, name) for name in SAME_NAMES}
        return cls(
            village=child.village,
            initial=initial
            | {
                "sex": child.sex,
                "posyandu": child.posyandu_id,
                "growth_book": {True: "1", False: "0", None: ""}[child.growth_book],
                "drawn": json.dumps(drawn_state(child)),
            },
        )

    @classmethod
    def from_post(cls, data: QueryDict, child: Child) -> EditChildForm:
        """Return the form as posted, with each value that the reader has chosen of two."""
        data = data.copy()
        drawn = _read_drawn(data.get("drawn", ""))
        for name in data.getlist("conflict"):
            pick = data.get(f"pick_{name}")
            if pick == "theirs" and name in drawn:
                data[name] = _posted_text(name, drawn)
            elif pick != "mine":
                drawn[name] = _TO_CHOOSE
        data["drawn"] = json.dumps(drawn)
        return cls(data, village=child.village)

    def redrawn(self, error: ChangedMeanwhile) -> EditChildForm:
        """Return the form over what is on record now: typed values stay, other people's changes are in it."""
        now, before = drawn_state(error.child), self.cleaned_data["drawn"]
        data = cast(QueryDict, self.data).copy()
        typed = {conflict.name for conflict in error.conflicts}
        for name in now.keys() & self.fields.keys() - typed:
            if now[name] != before.get(name):
                data[name] = _posted_text(name, now)
        data["drawn"] = json.dumps(now)
        return EditChildForm(data, village=error.child.village)

    def clean_drawn(self) -> dict[str, str]:
        return _read_drawn(self.cleaned_data["drawn"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("no_nik") and data.get("nik"):
            raise ValidationError(
                {"no_nik": _("Tulis NIK-nya, atau centang “belum punya NIK”; jangan keduanya.")}
            )
        if self._keeps_own_value() and not data.get("reason"):
            self.add_error("reason", _("Tulis mengapa nilai Anda yang benar."))
        if self._has_day_nobody_keeps(data):
            self.add_error("birth_date_basis", refusal_message("day_of_month_known"))
        return data

    def _keeps_own_value(self) -> bool:
        """Return whether of two values of a field the reader has chosen her own."""
        names = cast(QueryDict, self.data).getlist("conflict") if self.is_bound else []
        return any(self.data.get(f"pick_{name}") == "mine" for name in names)

    def _has_day_nobody_keeps(self, data: dict[str, Any]) -> bool:
        """Return whether another day of a month was typed, of which only the month would be stored."""
        born, drawn = data.get("birth_date"), data.get("drawn") or {}
        bases = {data.get("birth_date_basis"), drawn.get("birth_date_basis")}
        if born is None or bases != {BirthDateBasis.MONTH}:
            return False
        typed, known = born.isoformat(), drawn.get("birth_date", "")
        return typed != known and typed[:7] == known[:7]

    def typed_identity(self) -> Identity:
        """Return what was typed; a NIK of None stays as it is."""
        return self.identity(nik="" if self.cleaned_data["no_nik"] else self.cleaned_data["nik"] or None)


def shown_conflicts(error: ChangedMeanwhile) -> list[ShownConflict]:
    """Return both values of each field, and who has changed it when."""
    latest = latest_changes(error.child, [conflict.name for conflict in error.conflicts])
    return [
        ShownConflict(
            one.name,
            field_label(one.name),
            *format_two_values(one.name, one.typed, one.stored),
            latest.get(one.name),
        )
        for one in error.conflicts
    ]


def _read_drawn(text: str) -> dict[str, str]:
    """Return what a page has sent back of what it was drawn from, as far as it is that."""
    try:
        state = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(state, dict):
        return {}
    return {name: value for name, value in state.items() if isinstance(value, str)}


def _posted_text(name: str, state: Mapping[str, str]) -> str:
    """Return a value of ``drawn_state`` as the form posts it."""
    if name == NIK:
        return ""  # which leaves it as it is
    if name == "posyandu":
        return state.get(POSYANDU_ID, "")
    if name == "sex":
        return str(Sex.from_letter(state[name]).value)
    return {"True": "1", "False": "0"}.get(state[name], state[name]) if name == "growth_book" else state[name]
