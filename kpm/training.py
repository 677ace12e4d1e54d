"""Counting what cadres lack and what a training changed, from stored grades and counts. Constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Max, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpm.models import Attendance, Cadre, Event, EventKind
from registry.calendar_months import add_months, month_of
from registry.models import QualityMonth, User, Village, VillageMonth
from registry.statistics import CheckName, Level
from registry.statistics.quality import GRADES

MONTHS_LOOKED_AT = 6
"""Whole months before the day, and on either side of a training."""

MONTHS_LACKING = 2
"""A check that is weak in so many of them asks for training; in one it may be chance."""

LATE_PERCENT = 20
RETRAIN_AFTER = timedelta(days=2 * 365)


class TrainingNeed(StrEnum):
    DIGITS = "digits"
    POSITION = "position"
    LATE = "late"
    NEVER_TRAINED = "never_trained"
    TRAINED_LONG_AGO = "trained_long_ago"


NEED_WORDS: Mapping[TrainingNeed, str | Promise] = {
    TrainingNeed.DIGITS: _("angka terakhir dibulatkan"),
    TrainingNeed.POSITION: _("cara ukur tidak dicatat"),
    TrainingNeed.LATE: _("entri terlambat"),
    TrainingNeed.NEVER_TRAINED: _("belum pernah dilatih"),
    TrainingNeed.TRAINED_LONG_AGO: _("dilatih lebih dari 2 tahun lalu"),
}

_CHECKS = {
    CheckName.WEIGHT_DIGITS: TrainingNeed.DIGITS,
    CheckName.HEIGHT_DIGITS: TrainingNeed.DIGITS,
    CheckName.POSITION_UNKNOWN: TrainingNeed.POSITION,
}


@dataclass(frozen=True, slots=True)
class CadreNeeds:
    """A cadre in office with what is to be trained, and the first day of the last training."""

    cadre: Cadre
    needs: tuple[TrainingNeed, ...]
    trained_on: date | None

    @property
    def words(self) -> list[str]:
        return [str(NEED_WORDS[need]) for need in self.needs]


def training_needs(*, user: User, on: date, kecamatan: str = "") -> list[CadreNeeds]:
    """Return the cadres in office on that day who lack something, those who lack most first."""
    cadres = Cadre.objects.visible_to(user).in_office(on).select_related("village__kecamatan")
    if kecamatan:
        cadres = cadres.filter(village__kecamatan=kecamatan)
    last = month_of(on)
    by_village = _village_needs(user, add_months(last, -MONTHS_LOOKED_AT), last)
    trained = _last_trainings(user, on)
    found = []
    for cadre in cadres:
        trained_on = trained.get(cadre.user_id or -cadre.pk)
        needs = set(by_village[cadre.village_id])
        if trained_on is None:
            needs.add(TrainingNeed.NEVER_TRAINED)
        elif on - trained_on > RETRAIN_AFTER:
            needs.add(TrainingNeed.TRAINED_LONG_AGO)
        if needs:
            in_order = tuple(need for need in TrainingNeed if need in needs)
            found.append(CadreNeeds(cadre, in_order, trained_on))
    return sorted(found, key=lambda one: (-len(one.needs), one.cadre.village_id))


def _village_needs(user: User, since: date, before: date) -> Mapping[str, set[TrainingNeed]]:
    """Return by village what its stored grades and counts of these months ask for."""
    period = {
        "month__gte": since,
        "month__lt": before,
        "village__in": Village.objects.with_people_visible_to(user),
    }
    graded = QualityMonth.objects.filter(posyandu=None, recorder=None, **period).order_by()
    weak: dict[tuple[str, TrainingNeed], int] = defaultdict(int)
    for village, reasons in graded.values_list("village", "reasons"):
        for need in {_CHECKS[code] for code, _value in reasons if code in _CHECKS}:
            weak[village, need] += 1
    found: dict[str, set[TrainingNeed]] = defaultdict(set)
    for (village, need), months in weak.items():
        if months >= MONTHS_LACKING:
            found[village].add(need)
    counts = VillageMonth.objects.filter(**period).order_by().values_list("village")
    for village, late, measured in counts.annotate(Sum("late"), Sum("measured")):
        if 100 * late > LATE_PERCENT * measured:
            found[village].add(TrainingNeed.LATE)
    return found


def _last_trainings(user: User, on: date) -> dict[int, date]:
    """Return the last training by account, of a cadre without one by minus the number of the appointment."""
    came = Attendance.objects.filter(cadre__in=Cadre.objects.visible_to(user), event__kind=EventKind.TRAINING)
    came = came.filter(event__date__lte=on).order_by()
    rows = came.values_list("cadre", "cadre__user").annotate(Max("event__date"))
    found: dict[int, date] = {}
    for cadre, account, day in rows:
        key = account or -cadre
        found[key] = max(day, found.get(key, day))
    return found


@dataclass(frozen=True, slots=True)
class TrainingEffect:
    """The grade of a village whose cadre came, in the months before and after; None where none was given."""

    village: Village
    before: Level | None
    after: Level | None


def training_effects(*, event: Event, user: User) -> list[TrainingEffect]:
    """Return the middle grade of the villages in the six months before that of a training, and after it.

    A village without a grade in all these months is left out.
    """
    cadres = Cadre.objects.visible_to(user).filter(attendances__event=event)
    cadres = cadres.select_related("village__kecamatan").order_by("village__kecamatan__name", "village__name")
    villages = list(dict.fromkeys(cadre.village for cadre in cadres))
    month = month_of(event.date)
    around = (add_months(month, -MONTHS_LOOKED_AT), add_months(month, MONTHS_LOOKED_AT))
    graded = QualityMonth.objects.filter(
        posyandu=None, recorder=None, village__in=villages, month__range=around
    )
    levels: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for village, at, grade in graded.order_by().values_list("village", "month", "grade"):
        if at != month and grade in GRADES:
            levels[village, at > month].append(GRADES.index(Level(grade)))
    return [
        TrainingEffect(village, _middle(levels[village.pk, False]), _middle(levels[village.pk, True]))
        for village in villages
        if levels[village.pk, False] or levels[village.pk, True]
    ]


def _middle(levels: list[int]) -> Level | None:
    """Return the grade in the middle; of two in the middle the worse."""
    return GRADES[sorted(levels)[len(levels) // 2]] if levels else None
