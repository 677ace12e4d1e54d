"""Counting the cadres: who is appointed where on a day, who came to an event, and what it asks about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kpm.follow_up import list_follow_up
from kpm.lokus import LokusYear, is_lokus
from kpm.models import Attendance, Cadre, Event, EventDecision
from kpm.models.cadre import ENDING_SOON
from kpm.month_list import RosterSection, list_lines
from kpm.roster import list_roster
from registry.calendar_months import month_of
from registry.models import Kecamatan, User, Village, VillageKind


@dataclass(frozen=True, slots=True)
class Appointment:
    """A village and its KPM in office, if it has one."""

    village: Village
    cadre: Cadre | None

    @property
    def usually_without(self) -> bool:
        """Return whether it is a kelurahan, which has no KPM and is not counted as lacking one."""
        return self.village.kind == VillageKind.KELURAHAN


@dataclass(frozen=True, slots=True)
class Appointments:
    """Who is where on a day. ``filled`` of ``desa`` desa have a KPM; ``vacant`` are the other desa.

    ``lokus``: of the year of that day.
    """

    on: date
    rows: list[Appointment]
    desa: int
    filled: int
    vacant: list[Appointment]
    lokus: LokusYear


def appointments(*, user: User, on: date, kecamatan: str | None = None) -> Appointments:
    """Return the villages ``user`` works in, all or of one kecamatan (code), with their KPM on that day."""
    villages = Village.objects.with_people_visible_to(user).select_related("kecamatan")
    if kecamatan:
        villages = villages.filter(kecamatan_id=kecamatan)
    found = list(
        villages.annotate(is_lokus=is_lokus(on.year)).order_by("kecamatan__name", "kecamatan_id", "name")
    )
    lokus = LokusYear(on.year, frozenset(village.pk for village in found if village.is_lokus))
    cadres = {c.village_id: c for c in Cadre.objects.visible_to(user).in_office(on)}
    rows = [Appointment(village, cadres.get(village.pk)) for village in found]
    desa = [row for row in rows if not row.usually_without]
    vacant = [row for row in desa if row.cadre is None]
    filled = len(desa) - len(vacant)
    return Appointments(on=on, rows=rows, desa=len(desa), filled=filled, vacant=vacant, lokus=lokus)


@dataclass(frozen=True, slots=True)
class EndingTerm:
    """A KPM whose term ends soon, in how many days, and who is appointed after her."""

    cadre: Cadre
    days: int
    successor: str


def ending_terms(found: Appointments, user: User) -> list[EndingTerm]:
    """Return the terms of ``found`` that end soon, soonest first."""
    ends = [
        (cadre.term_end, cadre)
        for row in found.rows
        if (cadre := row.cadre) and cadre.term_end and cadre.term_end <= found.on + ENDING_SOON
    ]
    later = Cadre.objects.visible_to(user).filter(term_start__gt=found.on).order_by("-term_start")
    successors = dict(later.values_list("village", "full_name")) if ends else {}
    ends.sort(key=lambda pair: (pair[0], pair[1].village_id))
    return [EndingTerm(c, (end - found.on).days, successors.get(c.village_id, "")) for end, c in ends]


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What waits in a village, whoever is its KPM."""

    follow_up: int
    unmeasured: int
    month: date


def open_work(*, user: User, village: Village, on: date) -> OpenWork:
    """Return how many children of ``village`` need somebody, and how many are not measured this month."""
    month = month_of(on)
    lines = list_lines(list_roster(user=user, village=village, month=month), month=month, today=on)
    unmeasured = sum(line.section is RosterSection.TODO for line in lines)
    return OpenWork(len(list_follow_up(user=user, village=village, on=on)), unmeasured, month)


@dataclass(frozen=True, slots=True)
class InvitedCadre:
    """A cadre called to an event, and whether they came."""

    cadre: Cadre
    came: bool


@dataclass(frozen=True, slots=True)
class KecamatanAttendance:
    """The cadres of a kecamatan called to an event: ``came`` of ``called_count``."""

    kecamatan: Kecamatan
    people: list[InvitedCadre]

    @property
    def called_count(self) -> int:
        return len(self.people)

    @property
    def came(self) -> int:
        return sum(person.came for person in self.people)


def attendance(*, event: Event, user: User) -> list[KecamatanAttendance]:
    """Return the event's attendance by kecamatan, of the cadres ``user`` may see.

    Called are those in office on the event's day: of the village to its own event, else the invited where
    there are any. Somebody who came without being called is listed too.
    """
    people = attendance_lists(user=user, events=[event])[event]
    by_kecamatan = groupby(people, key=lambda one: one.cadre.village.kecamatan)
    return [KecamatanAttendance(kecamatan, list(group)) for kecamatan, group in by_kecamatan]


def attendance_counts(*, user: User, events: Iterable[Event]) -> dict[Event, int]:
    """Return how many of the cadres ``user`` may see came to each event: one query."""
    events = list(events)
    came = Cadre.objects.visible_to(user).filter(attendances__event__in=events)
    counts = Counter(came.values_list("attendances__event_id", flat=True))
    return {event: counts[event.pk] for event in events}


def attendance_totals(*, user: User, events: Iterable[Event]) -> dict[Event, tuple[int, int]]:
    """Return of each event how many people :func:`attendance` lists and how many came: three queries."""
    lists = attendance_lists(user=user, events=events)
    return {event: (len(people), sum(one.came for one in people)) for event, people in lists.items()}


def attendance_lists(*, user: User, events: Iterable[Event]) -> dict[Event, list[InvitedCadre]]:
    """Return of each event the people whom :func:`attendance` lists, by place and name: three queries."""
    events = list(events)
    cadres = Cadre.objects.visible_to(user).select_related("village__kecamatan")
    by_place = ("village__kecamatan__name", "village__kecamatan_id", "village__name", "full_name")
    known = list(cadres.order_by(*by_place)) if events else []
    came, invited = (
        _cadres_by_event(pairs.objects.filter(event__in=events))
        for pairs in (Attendance, Event.invited.through)
    )
    return {
        event: [
            InvitedCadre(one, one.pk in came[event.pk])
            for one in known
            if one.pk in came[event.pk] or _is_called(one, event, invited.get(event.pk))
        ]
        for event in events
    }


def _is_called(cadre: Cadre, event: Event, invited: set[int] | None) -> bool:
    """Return whether a cadre is in office that day, of the village, and invited if some are."""
    in_office = cadre.term_start <= event.date <= (cadre.term_end or date.max)
    is_of_village = event.village_id in (None, cadre.village_id)
    return in_office and is_of_village and (invited is None or cadre.pk in invited)


def _cadres_by_event(pairs: QuerySet[Any]) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = defaultdict(set)
    for event, cadre in pairs.values_list("event", "cadre"):
        found[event].add(cadre)
    return found


def mark_overdue(decisions: Iterable[EventDecision], day: date) -> list[tuple[EventDecision, bool]]:
    """Return each decision with whether it is overdue on ``day``."""
    return [(decision, decision.is_overdue(day)) for decision in decisions]
