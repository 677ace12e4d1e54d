"""The forms of a meeting or training, of what it decided and of its files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, EntryIdField, PlainForm
from kpm.material_kinds import ENDINGS
from kpm.models import OF_A_VILLAGE, Cadre, Event, EventKind
from registry.models import Village
from registry.validation_messages import spoken_date


class EventForm(PlainForm):
    """A meeting or training to put down."""

    id = EntryIdField()
    kind = forms.TypedChoiceField(
        label=_("Jenis"), choices=EventKind.choices, coerce=EventKind, widget=forms.RadioSelect
    )
    village_code = forms.ChoiceField(label=_("Desa/kelurahan"), required=False)
    title = forms.CharField(
        label=_("Judul"), max_length=160, error_messages={"required": _("Tulis judul kegiatan.")}
    )
    on = DayField(label=_("Tanggal"))
    end_date = DayField(label=_("Sampai tanggal"), help_text=_("Kosongkan kalau satu hari."), required=False)
    place = forms.CharField(label=_("Tempat"), max_length=120, required=False)
    topic = forms.CharField(label=_("Pokok bahasan"), max_length=300, required=False)
    agenda = forms.CharField(
        label=_("Agenda"),
        help_text=_("Satu acara satu baris."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, villages: Iterable[Village], of_district: bool, **kwargs: Any) -> None:
        """Offer the events of ``villages``, and those of the district to whom it is ``of_district``."""
        kinds = [(kind.value, kind.label) for kind in (EventKind if of_district else OF_A_VILLAGE)]
        kwargs.setdefault("initial", {"id": uuid.uuid4(), "kind": kinds[0][0]})
        super().__init__(*args, **kwargs)
        places = [(village.pk, f"{village.name} ({village.kecamatan})") for village in villages]
        district = [("", _("kegiatan kabupaten"))] if of_district else []
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["village_code"].choices = [*district, *places]  # type: ignore[attr-defined]


class EditEventForm(EventForm):
    """What was written wrong of an event; its village stays."""

    reason = forms.CharField(
        label=_("Mengapa diubah?"),
        max_length=200,
        error_messages={"required": _("Tulis alasannya, misalnya “salah ketik”.")},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        names = ("kind", "title", "end_date", "place", "topic", "agenda")
        kwargs["initial"] = {name: getattr(event, name) for name in names} | {"on": event.date}
        super().__init__(*args, villages=[], of_district=event.village_id is None, **kwargs)
        del self.fields["id"], self.fields["village_code"]
        if event.village_id is None:
            kinds = [one for one in EventKind.choices if one[0] != EventKind.MUSDES]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class InvitationForm(PlainForm):
    """Whom of the cadres shown to call to which event."""

    event_id = forms.TypedChoiceField(label=_("Kegiatan"), coerce=uuid.UUID)
    cadre_ids = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, events: Iterable[Event], cadres: Iterable[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(event.pk), f"{event.title}, {spoken_date(event.date)}") for event in events]
        self.shown = [cadre.pk for cadre in cadres]
        self.fields["event_id"].choices = offered  # type: ignore[attr-defined]
        self.fields["cadre_ids"].choices = [(pk, pk) for pk in self.shown]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "shown_ids": self.shown}


class DecisionForm(PlainForm):
    """What an event decided, who does it and until when."""

    id = EntryIdField()
    text = forms.CharField(
        label=_("Keputusan"), max_length=500, error_messages={"required": _("Tulis apa yang diputuskan.")}
    )
    responsible = forms.CharField(
        label=_("Penanggung jawab"),
        help_text=_("Jabatan atau lembaga, misalnya kepala desa."),
        max_length=120,
        error_messages={"required": _("Tulis siapa yang mengerjakannya.")},
    )
    due_on = DayField(label=_("Paling lambat"), required=False)


class DecisionOutcomeForm(PlainForm):
    """When a decision was done and what came of it; without a day it is open again."""

    done_on = DayField(label=_("Selesai pada"), help_text=_("Kosongkan kalau belum selesai."), required=False)
    outcome = forms.CharField(label=_("Hasil"), max_length=300, required=False)


class MaterialForm(PlainForm):
    """A file of an event."""

    id = EntryIdField()
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("Word, Excel, PowerPoint, PDF atau gambar, tanpa makro, paling besar 5 MB."),
        error_messages={"required": _("Pilih berkasnya dulu.")},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in ENDINGS), "class": "input"}),
    )
