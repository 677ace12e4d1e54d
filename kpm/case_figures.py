"""Counting cases of a place: what is open on a day, what became of those of a month, and the stunted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone

from kpm.case_words import DAYS_TO_ANSWER
from kpm.cases.course import CaseKind, CaseOutcome
from kpm.cases.standing import Urgency
from kpm.models import Case, CaseStep
from kpm.models.case import CaseQuerySet
from registry.access.visible_places import Place, villages_of
from registry.calendar_months import add_months
from registry.models import District, Residence


class CaseState(StrEnum):
    """Which cases of a place or of a month are listed: the numbers of the dashboard lead to them."""

    ALL = "all"
    URGENT = "urgent"
    UNVISITED = "unvisited"
    OVERDUE = "overdue"
    VISITED = "visited"
    REFERRED = "referred"
    ARRIVED = "arrived"
    TREATED = "treated"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases open on a day, of how many ``children``.

    ``urgent``: to be referred today. ``overdue``: a referral that nobody has answered for a week.
    """

    cases: int
    children: int
    urgent: int
    unvisited: int
    overdue: int
    oldest: date | None


NO_CASES = OpenCases(0, 0, 0, 0, 0, None)


def count_open_cases(place: Place, on: date, *, by: str = "villages") -> dict[str, OpenCases]:
    """Return the cases open on the day ``on`` of children in ``place``, by code of kecamatan or village."""
    where = "lives_in__kecamatan" if by == "kecamatan" else "lives_in"
    rows = cases_open_in(place, on).order_by().values_list(where).annotate(**_open_counts(on))
    return {code: OpenCases(*counts) for code, *counts in rows}


def sum_open_cases(place: Place, on: date) -> OpenCases:
    """Return the same of the whole place."""
    return OpenCases(**cases_open_in(place, on).aggregate(**_open_counts(on)))


def cases_open_in(place: Place, on: date) -> CaseQuerySet:
    """Return the cases open on the day ``on`` of children who live in ``place`` now."""
    return Case.objects.filter(lives_in__in=villages_of(place)).open_on(on)


def cases_found_in(place: Place, month: date, today: date) -> CaseQuerySet:
    """Return the cases found in ``place`` in that month, up to ``today``, each opened for the first time."""
    until = min(add_months(month, 1), today + timedelta(days=1))
    found = Case.objects.filter(spell=1, opened_on__gte=month, opened_on__lt=until)
    return found.filter(village__in=villages_of(place))


def is_in_state(state: CaseState, today: date) -> Q:
    """Return the condition of that state, by which cases are counted and listed."""
    better = (CaseOutcome.RECOVERED, CaseOutcome.MEASURED)
    return {
        CaseState.ALL: Q(),
        CaseState.URGENT: Q(urgency=Urgency.TODAY),
        CaseState.UNVISITED: Q(visited_on=None),
        CaseState.OVERDUE: Q(waiting_since__lte=today - timedelta(days=DAYS_TO_ANSWER)),
        CaseState.VISITED: Q(visited_on__isnull=False),
        CaseState.REFERRED: Q(referred_on__isnull=False),
        CaseState.ARRIVED: Q(arrived_on__isnull=False),
        CaseState.TREATED: Q(treated_on__isnull=False),
        CaseState.RECOVERED: Q(outcome__in=better, closed_on__lte=today),
    }[state]


def _count_in(state: CaseState, today: date) -> Count:
    return Count("pk", filter=is_in_state(state, today))


def _open_counts(on: date) -> dict[str, Any]:
    return {
        "cases": Count("pk"),
        "children": Count("child", distinct=True),
        "urgent": _count_in(CaseState.URGENT, on),
        "unvisited": _count_in(CaseState.UNVISITED, on),
        "overdue": _count_in(CaseState.OVERDUE, on),
        "oldest": Min("opened_on"),
    }


@dataclass(frozen=True, slots=True)
class CaseCascade:
    """What became of the cases of a kind found in a month; one opened again counts the first time."""

    kind: CaseKind
    found: int
    visited: int
    referred: int
    arrived: int
    treated: int
    recovered: int


def count_cascade(place: Place, month: date, today: date) -> list[CaseCascade]:
    """Return the cascade of each kind of which any case was found in ``place`` in that month."""
    rows = (
        cases_found_in(place, month, today)
        .order_by()
        .values_list("kind")
        .annotate(
            found=Count("pk"),
            visited=Count("visited_on"),
            referred=Count("referred_on"),
            arrived=Count("arrived_on"),
            treated=Count("treated_on"),
            recovered=_count_in(CaseState.RECOVERED, today),
        )
    )
    by_kind = {kind: CaseCascade(CaseKind(kind), *counts) for kind, *counts in rows}
    return [by_kind[kind] for kind in CaseKind if kind in by_kind]


class StuntedFlow(StrEnum):
    """Where the stunted children of a month come from and go to, in the order of the sum.

    ``BEFORE + NEW + BACK + CAME == STAY + RECOVERED + FIVE + LEFT + DIED + LOST``.
    """

    BEFORE = "before"
    NEW = "new"
    BACK = "back"
    CAME = "came"
    RECOVERED = "recovered"
    FIVE = "five"
    LEFT = "left"
    DIED = "died"
    LOST = "lost"
    STAY = "stay"


_ENDINGS = {
    CaseOutcome.DIED: StuntedFlow.DIED,
    CaseOutcome.LEFT: StuntedFlow.LEFT,
    CaseOutcome.TURNED_FIVE: StuntedFlow.FIVE,
    CaseOutcome.RECOVERED: StuntedFlow.RECOVERED,
}
_WAYS_OUT = (
    StuntedFlow.DIED,
    StuntedFlow.LEFT,
    StuntedFlow.FIVE,
    StuntedFlow.RECOVERED,
    StuntedFlow.LOST,
)
"""Of two on one day the first counts."""

Span = tuple[date, date | None]
"""From a day on, until the day on which it holds no longer."""


@dataclass(frozen=True, slots=True)
class StuntedChild:
    """Over the days around a month: when a child was stunted, where it was lost, and when it lived here.

    ``endings``: how each span of ``stunted`` ends.
    """

    stunted: tuple[Span, ...]
    endings: tuple[StuntedFlow, ...]
    lost: tuple[Span, ...]
    here: tuple[Span, ...]


def place_in_flow(child: StuntedChild, month: date) -> list[StuntedFlow]:
    """Return as what a child counts in the flow of a month, empty for one that does not. Pure."""
    last_day, eve = add_months(month, 1) - timedelta(days=1), month - timedelta(days=1)
    was, is_now = _counts_on(child, eve), _counts_on(child, last_day)
    found = [StuntedFlow.BEFORE] if was else []
    if not was and is_now:
        found.append(_way_in(child, eve))
    if is_now:
        found.append(StuntedFlow.STAY)
    elif was:
        found.append(_way_out(child, month, last_day))
    return found


def _counts_on(child: StuntedChild, day: date) -> bool:
    return _holds(child.stunted, day) and _holds(child.here, day) and not _holds(child.lost, day)


def _holds(spans: Iterable[Span], day: date) -> bool:
    return any(since <= day and (until is None or day < until) for since, until in spans)


def _way_in(child: StuntedChild, eve: date) -> StuntedFlow:
    if not _holds(child.stunted, eve):
        return StuntedFlow.NEW
    return StuntedFlow.BACK if _holds(child.here, eve) else StuntedFlow.CAME


def _way_out(child: StuntedChild, month: date, last_day: date) -> StuntedFlow:
    days: list[tuple[date, int]] = []

    def note(day: date | None, way: StuntedFlow) -> None:
        if day and month <= day <= last_day:
            days.append((day, _WAYS_OUT.index(way)))

    for (_since, until), ending in zip(child.stunted, child.endings, strict=True):
        note(until, ending)
    for _since, until in child.here:
        note(until, StuntedFlow.LEFT)
    for since, _until in child.lost:
        note(since, StuntedFlow.LOST)
    return _WAYS_OUT[min(days)[1]]


def count_stunted_flow(place: Place, month: date) -> dict[StuntedFlow, int]:
    """Return the flow of the stunted children of ``place`` in that month."""
    counts = Counter(way for child in _load_stunted(place, month) for way in place_in_flow(child, month))
    return {way: counts[way] for way in StuntedFlow}


def _load_stunted(place: Place, month: date) -> list[StuntedChild]:
    around = {"opened_on__lt": add_months(month, 1), "closed_on__gte": month}
    rows = Case.objects.filter(kind=CaseKind.STUNTING, **around).order_by("opened_on")
    if not isinstance(place, District):
        lived = Residence.objects.filter(village__in=villages_of(place))
        rows = rows.filter(child__in=lived.values("child"))
    stunted: dict[UUID, list[tuple[date, date, str]]] = defaultdict(list)
    for child, opened, closed, outcome in rows.values_list("child_id", "opened_on", "closed_on", "outcome"):
        stunted[child].append((opened, closed, outcome))
    children = rows.values("child")
    missed = Case.objects.filter(kind=CaseKind.NOT_MEASURED, child__in=children, **around)
    lost = _spans_by_child(missed.values_list("child_id", "opened_on", "closed_on"))
    homes = Residence.objects.filter(child__in=children, village__in=villages_of(place))
    here = _spans_by_child(homes.values_list("child_id", "since", "until"))
    return [
        StuntedChild(
            tuple((opened, closed) for opened, closed, _outcome in spans),
            tuple(_ENDINGS[CaseOutcome(outcome)] for _opened, _closed, outcome in spans),
            lost.get(child, ()),
            here.get(child, ()),
        )
        for child, spans in stunted.items()
    ]


def _spans_by_child(rows: Iterable[tuple[UUID, date, date | None]]) -> Mapping[UUID, tuple[Span, ...]]:
    found: dict[UUID, tuple[Span, ...]] = {}
    for child, since, until in rows:
        found[child] = (*found.get(child, ()), (since, until))
    return found


def cases_version(on: date) -> tuple[Any, ...]:
    """Return a value that changes with each step recorded or taken back ``on`` a day, and with the day.

    That of today tells every page of today from those before it; measurements change their own figures.
    """
    midnight = datetime.combine(on, time.min, timezone.get_current_timezone())
    recorded, taken_back = Q(recorded_at__gte=midnight), Q(taken_back_at__gte=midnight)
    found = CaseStep.objects.filter(recorded | taken_back).aggregate(
        recorded=Count("pk", filter=recorded), taken_back=Count("pk", filter=taken_back)
    )
    return (found["recorded"], found["taken_back"], on)
