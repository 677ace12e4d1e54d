"""Counting the work of a cadre in her village: entries, their time and quality, cases, trainings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpm.case_figures import sum_open_cases
from kpm.cases.course import CaseOutcome
from kpm.models import Cadre, Case, Event, EventKind
from registry.calendar_months import month_of, months_back
from registry.figures.count import LATE_DAYS
from registry.models import Measurement, Source, User, Village
from registry.statistics import CheckName
from registry.statistics.quality import GRADES, grade_group, measured_group
from registry.statistics.quality.limits import Rule

MONTHS_SHOWN = 12
ENOUGH_ENTRIES = 50
"""With fewer entries nothing is said of their quality: chance may have made it."""

LATE_RULE = Rule(ENOUGH_ENTRIES, (5, 10, 20))
"""Per cent of entries that are late (:data:`LATE_DAYS`), judged as positions that are missing are."""


class WeakPoint(StrEnum):
    """What a cadre can mend, the gravest first where two are equally weak."""

    FLAGGED = "flagged"
    DIGITS = "digits"
    POSITION = "position"
    LATE = "late"


TIPS: Mapping[WeakPoint, str | Promise] = {
    WeakPoint.FLAGGED: _("Beberapa nilai hampir tidak mungkin. Ukur ulang kalau diminta."),
    WeakPoint.DIGITS: _("Angka terakhir terlalu sering sama. Baca sampai 0,1, jangan dibulatkan."),
    WeakPoint.POSITION: _("Cara ukur sering kosong. Pilih telentang atau berdiri setiap kali."),
    WeakPoint.LATE: _(
        "Banyak entri masuk lebih dari %(days)s hari setelah pengukuran. Kirim pada hari yang sama."
    ),
}

_CHECKS = {
    WeakPoint.FLAGGED: (CheckName.HAZ_FLAGGED, CheckName.WAZ_FLAGGED, CheckName.WHZ_FLAGGED),
    WeakPoint.DIGITS: (CheckName.WEIGHT_DIGITS, CheckName.HEIGHT_DIGITS),
    WeakPoint.POSITION: (CheckName.POSITION_UNKNOWN,),
}
_COLUMNS = ("child__sex", "age_days", "weight_kg", "lenhei_cm", "position")


@dataclass(frozen=True, slots=True)
class CadreWork:
    """A cadre's work in the months shown, the running one too; ``weakest``: None where nothing is weak.

    ``in_time`` of ``timed`` entries were not late; a correction is neither. ``recovered``: cases of the
    village that closed as better.
    """

    months: list[tuple[date, int]]
    entries: int
    timed: int
    in_time: int
    weakest: WeakPoint | None
    open_cases: int
    recovered: int
    trainings: list[Event]

    @property
    def late_days(self) -> int:
        return LATE_DAYS

    @property
    def is_enough(self) -> bool:
        return self.entries >= ENOUGH_ENTRIES

    @property
    def tip(self) -> str:
        return str(TIPS[self.weakest]) % {"days": LATE_DAYS} if self.weakest else ""


def cadre_work(*, village: Village, user: User | None, terms: QuerySet[Cadre], on: date) -> CadreWork:
    """Return the work of ``user`` in ``village``; ``terms``: the appointments whose trainings count."""
    months = months_back(month_of(on), MONTHS_SHOWN)
    entries = Measurement.objects.in_force().filter(
        recorded_by=user, village=village, measured_on__gte=months[0], measured_on__lte=on
    )
    typed = entries.exclude(source=Source.FILE).order_by() if user else entries.none()
    rows = list(typed.values_list("measured_on", "received_at", "supersedes", *_COLUMNS))
    by_month = Counter(month_of(row[0]) for row in rows)
    timed = [(timezone.localdate(row[1]) - row[0]).days <= LATE_DAYS for row in rows if row[2] is None]
    cases = Case.objects.filter(lives_in=village, outcome=CaseOutcome.RECOVERED)
    trained = Event.objects.filter(kind=EventKind.TRAINING, attendances__cadre__in=terms, date__lte=on)
    return CadreWork(
        months=[(month, by_month[month]) for month in months],
        entries=len(rows),
        timed=len(timed),
        in_time=sum(timed),
        weakest=find_weakest([row[3:] for row in rows], late=len(timed) - sum(timed), timed=len(timed)),
        open_cases=sum_open_cases(village, on).cases,
        recovered=cases.filter(closed_on__range=(months[0], on)).count(),
        trainings=list(trained.distinct()),
    )


def find_weakest(rows: Sequence[Sequence[Any]], *, late: int, timed: int) -> WeakPoint | None:
    """Return what is weakest of ``rows`` of _COLUMNS and of ``late`` of ``timed`` entries. Pure."""
    if len(rows) < ENOUGH_ENTRIES:
        return None
    sex, age_days, weight, lenhei, position = zip(*rows, strict=True)
    numbers = {"weight_kg": weight, "lenhei_cm": lenhei}
    floats = {name: [float("nan" if v is None else v) for v in values] for name, values in numbers.items()}
    quality = grade_group(measured_group(sex=sex, age_days=age_days, position=position, **floats))
    found = {point: [quality.check(name).level for name in names] for point, names in _CHECKS.items()}
    found[WeakPoint.LATE] = [LATE_RULE.level(100 * late / timed)] if timed >= ENOUGH_ENTRIES else []
    judged = {
        point: [GRADES.index(level) for level in found[point] if level in GRADES] for point in WeakPoint
    }
    weakest = max(WeakPoint, key=lambda point: max(judged[point], default=0))
    return weakest if any(judged[weakest]) else None
