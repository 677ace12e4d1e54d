"""What one row of a table is once it is read: who, where, when and what; or why it is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone

from registry.actions import Observation
from registry.growth.cells.numbers import CellNumber
from registry.imports.answers import RowKeys
from registry.imports.report import Question, RowNote, RowNumber, RowReport
from registry.imports.tables.sheet_places import SheetPlace
from registry.models import BirthDateBasis, Child, ChildStatus, Sex


@dataclass(frozen=True, slots=True)
class WrittenHome:
    """A child lived in the village of that code from the day ``since`` on."""

    village_code: str
    since: date


@dataclass(frozen=True, slots=True)
class WrittenDeparture:
    """A child that died or left the kabupaten, ``on`` that day."""

    status: ChildStatus
    on: date


@dataclass(frozen=True, slots=True)
class AskedDeparture:
    """A child of which a row says that it died or left, ``on`` that day where the row has one."""

    status: ChildStatus
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """A row that can be read. Places and people are still as the file names them.

    ``seen`` is None where the file is about children and not about measurements; ``child`` is known already
    where it is the other way round.
    """

    number: int
    sheet: str = ""  # empty where the file has one table
    keys: RowKeys
    name: str
    nik: str
    sex: Sex
    birth_date: date
    birth_weight_kg: Decimal | None
    birth_length_cm: Decimal | None
    gestation_weeks: int | None
    parent: str
    district: str
    kecamatan: str
    puskesmas: str
    village: str
    village_code: str
    place: SheetPlace  # of the sheet, where the row says none
    posyandu: str
    rt: str
    rw: str
    address: str
    growth_book: bool | None
    homes: tuple[WrittenHome, ...]  # where it lived, oldest first, as the register's own files say
    left: WrittenDeparture | None  # and whether it died or moved away since
    seen: Observation | None
    file_z: Mapping[str, CellNumber]
    notes: tuple[RowNote, ...]
    child: Child | None = None
    birth_date_basis: BirthDateBasis = BirthDateBasis.DAY
    departs: AskedDeparture | None = None

    @property
    def at(self) -> RowNumber:
        return RowNumber(self.sheet, self.number)

    @property
    def day(self) -> date:
        """The day the row is about: measured, else today."""
        return self.seen.measured_on if self.seen else timezone.localdate()


@dataclass(frozen=True, slots=True)
class TableReading:
    """All rows of a table, and the questions that one answer settles for many of them."""

    rows: list[RowRead | RowReport]
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownChildren:
    """Whom the lines of a table without birth dates are about: by number, the child or why it is none."""

    children: Mapping[int, Child] = field(default_factory=dict)
    left: Mapping[int, RowReport] = field(default_factory=dict)
