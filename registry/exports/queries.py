"""What is exported, row by row: measurements in force where the child lived that day, or children.

Rows come straight from one query each, some thousand at a time, and names of places from two more, so that
neither the memory nor the number of queries grows with the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from registry.access.visible_places import Place, villages_of
from registry.calendar_months import last_day
from registry.growth.rules import LAST_DAY
from registry.models import Child, ChildStatus, Measurement, Posyandu, Residence, User

Months = tuple[date | None, date | None]
"""The first day of the first and of the last month; None where it is open."""

_AT_ONCE = 2000


class ExportedChild(NamedTuple):
    """A child as it is stored today."""

    id: UUID
    village: str
    posyandu: int | None
    nik_sealed: str
    name: str
    sex: int
    birth_date: date
    birth_date_basis: str
    birth_weight_kg: Decimal | None
    birth_length_cm: Decimal | None
    gestation_weeks: int | None
    parent_name: str
    rt: str
    rw: str
    address: str
    growth_book: bool | None
    status: str
    status_date: date | None


class ExportedMeasurement(NamedTuple):
    """A measurement in force. ``village`` is where the child lived that day."""

    village: str
    measured_on: date
    weight_kg: Decimal | None
    lenhei_cm: Decimal | None
    position: str
    muac_cm: Decimal | None
    head_cm: Decimal | None
    oedema: bool
    age_days: int
    haz: float | None
    haz_flag: bool
    waz: float | None
    waz_flag: bool
    whz: float | None
    whz_flag: bool
    gain: str


def measurements(
    found: QuerySet[Measurement],
) -> Iterator[tuple[ExportedChild, ExportedMeasurement]]:
    """Give each measurement with its child. A child's rows of a village follow one another."""
    rows = found.order_by("village", "child__sort_name", "child", "measured_on")
    fields = [*(f"child__{name}" for name in ExportedChild._fields), *ExportedMeasurement._fields]
    width = len(ExportedChild._fields)
    for values in rows.values_list(*fields).iterator(chunk_size=_AT_ONCE):
        yield ExportedChild._make(values[:width]), ExportedMeasurement._make(values[width:])


def measurements_of(user: User, place: Place, months: Months) -> QuerySet[Measurement]:
    """Return what was measured in ``months`` of the children of ``place``, as far as ``user`` may see them.

    Of the place are the children who lived there that day.
    """
    first, last = months
    found = Measurement.objects.visible_to(user).in_force().filter(village__in=villages_of(place))
    if first:
        found = found.filter(measured_on__gte=first)
    if last:
        found = found.filter(measured_on__lte=last_day(last))
    return found


def children_of(user: User, place: Place, months: Months) -> QuerySet[Child]:
    """Return the children who live in ``place`` now, measured or not.

    With ``months`` those who were born, under five and not yet gone at some time in them. Who died is left
    out: the national system would list a dead child among those to be visited.
    """
    first, last = months
    found = Child.objects.visible_to(user).filter(village__in=villages_of(place))
    found = found.exclude(status=ChildStatus.DIED)
    if first:
        found = found.filter(birth_date__gte=first - timedelta(days=LAST_DAY))
        found = found.filter(Q(status=ChildStatus.ACTIVE) | Q(status_date__gte=first))
    if last:
        found = found.filter(birth_date__lte=last_day(last))
    return found


def children(found: QuerySet[Child]) -> Iterator[ExportedChild]:
    """Give each child, those of a posyandu one after another."""
    rows = found.order_by("village", "posyandu__name", "sort_name", "pk").values_list(*ExportedChild._fields)
    for values in rows.iterator(chunk_size=_AT_ONCE):
        yield ExportedChild._make(values)


class VillageNames(NamedTuple):
    """A village with the names above it."""

    code: str
    village: str
    kecamatan: str
    district: str
    puskesmas: str


def residence_histories(place: Place) -> dict[UUID, str]:
    """Return where each child of ``place`` has lived since when, as ``33.01.02.2001 2024-03-01, ...``."""
    there = Residence.objects.filter(village__in=villages_of(place)).order_by().values("child")
    rows = Residence.objects.filter(child__in=there).order_by("child", "since")
    lived: dict[UUID, list[str]] = defaultdict(list)
    for child, code, since in rows.values_list("child_id", "village_id", "since").iterator():
        lived[child].append(f"{code} {since}")
    return {child: ", ".join(homes) for child, homes in lived.items()}


def village_names(place: Place) -> dict[str, VillageNames]:
    """Return the names of the villages of ``place`` by code."""
    above = ("kecamatan__name", "kecamatan__district__name", Coalesce("puskesmas__name", Value("")))
    names = map(VillageNames._make, villages_of(place).values_list("pk", "name", *above))
    return {village.code: village for village in names}


def posyandu_names(place: Place) -> dict[int, str]:
    """Return the names of the posyandu of ``place`` by key."""
    return dict(Posyandu.objects.filter(village__in=villages_of(place)).values_list("pk", "name"))
