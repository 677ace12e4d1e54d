"""The form of a meeting or training."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, EntryIdField, PlainForm
from kpm.models import EventKind


class EventForm(PlainForm):
    """A meeting or training to put down."""

    id = EntryIdField()
    kind = forms.TypedChoiceField(
        label=_("Jenis"), choices=EventKind.choices, coerce=EventKind, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Judul"), max_length=160, error_messages={"required": _("Tulis judul kegiatan.")}
    )
    on = DayField(label=_("Tanggal"))
    end_date = DayField(label=_("Sampai tanggal"), help_text=_("Kosongkan kalau satu hari."), required=False)
    place = forms.CharField(label=_("Tempat"), max_length=120, required=False)
    topic = forms.CharField(label=_("Pokok bahasan"), max_length=300, required=False)

    @classmethod
    def blank(cls) -> EventForm:
        return cls(initial={"id": uuid.uuid4(), "kind": EventKind.RAKOR.value})
