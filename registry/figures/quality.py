"""How good the measurements of a month are, by village, posyandu and recorder.

``registry.statistics.quality`` grades. This module gathers its groups from rows and reads stored grades.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from registry.access.visible_places import Place, require_place, villages_of
from registry.figures.count import measured_in
from registry.growth import under_five
from registry.models import BirthDateBasis, Membership, QualityMonth, Role, Source, User, Village
from registry.statistics import CheckName, Level
from registry.statistics.quality import GRADES, Quality, grade_group, measured_group
from registry.statistics.quality.limits import LEAST_JUDGED
from registry.statistics.quality.readings import MeasuredGroup

SEES_RECORDERS = (Role.DISTRICT, Role.ADMIN)
"""Who sees the grade of every recorder; each sees her own too."""

WORST_FIRST = (*reversed(GRADES), Level.TOO_FEW)


class GradedMeasurement(NamedTuple):
    """One child's last measurement of the month, as far as its quality goes.

    ``recorder_id``: the user who works in that village and entered it; None for a file and for an officer
    from outside, who did not measure.
    """

    child_id: UUID
    village_id: str
    posyandu_id: int | None
    posyandu_village_id: str | None
    recorder_id: int | None
    sex: int
    birth_date: date
    birth_date_basis: str
    age_days: int
    weight_kg: Any
    lenhei_cm: Any
    position: str
    muac_cm: Any
    oedema: bool


_COLUMNS = {
    "posyandu_id": "child__posyandu_id",
    "posyandu_village_id": "child__posyandu__village_id",
    "recorder_id": "recorded_by_id",
    "sex": "child__sex",
    "birth_date": "child__birth_date",
    "birth_date_basis": "child__birth_date_basis",
}


@dataclass(frozen=True, slots=True)
class Graded:
    """A group and its quality: the village itself when posyandu and recorder are None."""

    village_id: str
    posyandu_id: int | None
    recorder_id: int | None
    quality: Quality


def taken_in(month: date) -> list[GradedMeasurement]:
    """Return the last measurement of each child under five in ``month``, in no order: two queries."""
    columns = [_COLUMNS.get(name, name) for name in GradedMeasurement._fields]
    rows = measured_in(month).order_by("child_id", "measured_on").values_list(*columns, "source")
    team = _team()
    last: dict[UUID, GradedMeasurement] = {}
    for *values, source in rows.iterator(chunk_size=5000):
        taken = GradedMeasurement(*values)
        if source == Source.FILE or (taken.recorder_id, taken.village_id) not in team:
            taken = taken._replace(recorder_id=None)
        last[taken.child_id] = taken
    return [taken for taken in last.values() if under_five(taken.age_days)]


def _team() -> set[tuple[int | None, str | None]]:
    """Return who measures in which village: its cadres and midwives."""
    here = Membership.objects.filter(role__in=(Role.CADRE, Role.MIDWIFE))
    return set(here.values_list("user_id", "village_id"))


def grade_groups(taken: Sequence[GradedMeasurement]) -> Iterator[Graded]:
    """Return the quality of each village, then of its posyandu, then of its recorders. Pure."""
    groups: dict[tuple[str, int | None, int | None], list[int]] = defaultdict(list)
    for i, row in enumerate(taken):
        groups[row.village_id, None, None].append(i)
        if row.recorder_id is not None:
            groups[row.village_id, None, row.recorder_id].append(i)
        # A child that moved here still has the posyandu it came from.
        if row.posyandu_id is not None and row.posyandu_village_id == row.village_id:
            groups[row.village_id, row.posyandu_id, None].append(i)
    everyone = _group_of(taken)
    known: dict[tuple[int, ...], Quality] = {}  # one cadre measures for many a village: the same rows
    for (village, posyandu, recorder), rows in groups.items():
        if (key := tuple(rows)) not in known:
            known[key] = _grade(everyone, rows)
        yield Graded(village, posyandu, recorder, known[key])


def _grade(everyone: MeasuredGroup, rows: Sequence[int]) -> Quality:
    if len(rows) < LEAST_JUDGED:  # as grade_group finds, for thousands of posyandu that have just begun
        return Quality(len(rows), (), 0, 0, Level.TOO_FEW, ())
    return grade_group(everyone.take(np.array(rows)))


def _group_of(rows: Sequence[GradedMeasurement]) -> MeasuredGroup:
    def numbers(name: str) -> list[float]:
        return [float("nan") if (v := getattr(row, name)) is None else float(v) for row in rows]

    return measured_group(
        sex=[row.sex for row in rows],
        age_days=[row.age_days for row in rows],
        weight_kg=numbers("weight_kg"),
        lenhei_cm=numbers("lenhei_cm"),
        position=[row.position for row in rows],
        muac_cm=numbers("muac_cm"),
        oedema=[row.oedema for row in rows],
        birth_day=[_known_day(row) for row in rows],
    )


def _known_day(row: GradedMeasurement) -> float:
    """Return the day of the month of birth; NaN where it is estimated."""
    return float(row.birth_date.day) if row.birth_date_basis == BirthDateBasis.DAY else float("nan")


def reasons_of(quality: Quality) -> list[list[Any]]:
    """Return what a grade comes from, as stored: code and value of each check, the worst first.

    Then comes what gives no points and yet asks for help, such as positions against the age.
    """
    weak = [check.name for check in quality.checks if check.level is Level.PROBLEMATIC]
    # Of a group too small to grade the reasons are what could not be judged: nothing to help with.
    graded_by = () if quality.grade is Level.TOO_FEW else quality.reasons
    names = list(dict.fromkeys([*graded_by, *weak]))
    return [[name.value, quality.check(name).value] for name in names]


@dataclass(frozen=True, slots=True)
class GradedRow:
    """A stored grade with what it is of. ``reasons``: check and value, the worst first."""

    stored: QualityMonth
    grade: Level
    reasons: tuple[tuple[CheckName, float | None], ...]


def grades_of(place: Place, month: date, user: User) -> list[GradedRow]:
    """Return the stored grades of the villages and recorders of ``place`` in ``month``, worst first.

    Of a village the grades of its posyandu are there too.

    A recorder's grade is for the district and for the recorder: for nobody else to compare people by. Raises
    PlaceNotVisible.
    """
    require_place(place, user)
    rows = QualityMonth.objects.filter(month=month, village__in=villages_of(place)).select_related(
        "village__kecamatan", "posyandu", "recorder"
    )
    if not isinstance(place, Village):
        rows = rows.filter(posyandu__isnull=True)  # thousands in a district, and shown in the village alone
    if not user.has_role(*SEES_RECORDERS):
        rows = rows.filter(recorder__isnull=True) | rows.filter(recorder=user)
    found = [_row(row) for row in rows]
    return sorted(
        found, key=lambda row: (WORST_FIRST.index(row.grade), -row.stored.points, row.stored.village_id)
    )


def _row(stored: QualityMonth) -> GradedRow:
    known = {name.value: name for name in CheckName}
    reasons = tuple((known[code], value) for code, value in stored.reasons if code in known)
    return GradedRow(stored, Level(stored.grade), reasons)
