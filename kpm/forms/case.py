"""The form of a step that was taken for a child with an open case."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpm.case_actions import CaseStepEntry
from kpm.case_words import StepChoice, list_step_choices
from kpm.forms.fields import DayField, EntryIdField, PlainForm
from registry.models import User


class CaseStepForm(PlainForm):
    """What was done, on which day. A list sends no day and no note: then it was today."""

    id = EntryIdField()
    step = forms.TypedChoiceField(
        label=_("Apa yang dilakukan?"),
        coerce=StepChoice.read,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih apa yang dilakukan."),
            "invalid_choice": _(
                "Langkah ini tidak ada, atau hanya bidan desa dan petugas puskesmas yang mencatatnya."
            ),
        },
    )
    on = DayField(label=_("Tanggalnya"), required=False)
    note = forms.CharField(
        label=_("Catatan"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (choice.value, choice.words) for choice in list_step_choices(user)
        ]
        self.fields["on"].initial = timezone.localdate

    def read_entry(self, child_id: UUID) -> CaseStepEntry:
        """Return what was typed into a valid form. Another button of the same form is another entry."""
        said = self.cleaned_data
        choice: StepChoice = said["step"]
        return CaseStepEntry(
            id=uuid5(said["id"], choice.value),
            child_id=child_id,
            action=choice.action,
            referred_to=choice.referred_to,
            on=said["on"] or timezone.localdate(),
            note=said["note"],
        )
