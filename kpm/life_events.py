"""What happened to a child besides being measured, in words: it moved, left, died or came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import LifeCourse, LifeEventKind
from registry.models import Child, ChildStatus, FormerVillageCode, Village
from registry.validation_messages import spoken_date

LIFE_COURSE_FIELDS = {
    "residences": gettext_lazy("Tempat tinggal"),
    "status": gettext_lazy("Status"),
    "merged": gettext_lazy("Catatan ganda digabung"),
}
"""Fields of the log that ``registry.actions.life_course`` spells, as people call them."""


@dataclass(frozen=True, slots=True)
class LifeEventRow:
    """One event as a page shows it. ``key`` names it in an address and says nothing of who it is about."""

    kind: LifeEventKind
    on: date
    words: str

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.on.isoformat()}"


def list_life_events(child: Child) -> list[LifeEventRow]:
    """Return what happened to ``child``, the latest first: a query if it moved or left, else none."""
    if child.is_active and not child.has_moved:
        return []
    rows = [
        LifeEventRow(event.kind, event.on, _words_of(event.kind) % {"village": event.village})
        for event in LifeCourse.of(child).events()
    ]
    return rows[::-1]


def find_life_event(child: Child, key: str) -> LifeEventRow | None:
    """Return the event of that key; None when it is no longer on record."""
    return next((row for row in list_life_events(child) if row.key == key), None)


def _words_of(kind: LifeEventKind) -> str:
    return {
        LifeEventKind.VILLAGE: _("pindah ke %(village)s"),
        LifeEventKind.LEFT: _("pindah keluar kabupaten"),
        LifeEventKind.DIED: _("meninggal"),
        LifeEventKind.RETURNED: _("kembali ke %(village)s"),
    }[kind]


def format_life_course(name: str, value: str) -> str:
    """Return a value of ``LIFE_COURSE_FIELDS`` as people write it."""
    if name == "merged":
        return value[:8]
    if name == "status":
        status, _blank, day = value.partition(" ")
        label = str(ChildStatus(status).label)
        return f"{label}, {_spoken(day)}" if day else label
    stays = [stay.split(" ") for stay in value.split("; ")]
    codes = {code for code, *_days in stays}
    villages = Village.objects.in_bulk(codes)
    if before := codes - villages.keys():  # of before Kemendagri gave it another
        former = FormerVillageCode.objects.filter(pk__in=before).select_related("village")
        villages |= {one.code: one.village for one in former}
    return "; ".join(
        " – ".join([f"{villages.get(code, code)} {_spoken(since)}", *map(_spoken, until)])
        for code, since, *until in stays
    )


def _spoken(day: str) -> str:
    return spoken_date(date.fromisoformat(day))
