"""A table of children: its rows, which column is which, and which layout of the field it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy

from registry.growth.cells.codes import yes_or_no
from registry.growth.cells.column_names import field_of, plain_heading
from registry.growth.cells.month_names import NamedMonth
from registry.growth.cells.numbers import dated_from_1904
from registry.growth.cells.text import Cell, text_of, words_of
from registry.imports.readers.reading_limits import ERRORS, NO_VALUE
from registry.imports.tables.header import SEX_TICKS
from registry.imports.tables.sheet_places import NO_PLACE, SheetPlace
from registry.imports.tables.table_rows import SheetRow
from registry.imports.tables.unread_columns import UnreadColumn

_FEWEST_NUMBERED = 5  # cells that make a row of 1, 2, 3 ... the numbers of the columns

_SAYS_WHO = frozenset({"birth_date", "birth_year", "sex", *SEX_TICKS})
_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
_YEAR = 12  # months
_PARENTS = ("father", "mother")
_JOINED = frozenset({"birth_year", "age_months", "lenhei_other", *SEX_TICKS, *_PARENTS})
_MEASURES = frozenset({"weight", "lenhei", "muac", "head"})


class LayoutName(models.TextChoices):
    """Which file of the field a header is of, told by the columns that come and go."""

    EPPGBM_2023 = "eppgbm-2023", gettext_lazy("e-PPGBM 2023")
    EPPGBM_2024 = "eppgbm-2024", gettext_lazy("e-PPGBM 2024")
    EPPGBM_2025 = "eppgbm-2025", gettext_lazy("e-PPGBM 2025/2026")
    SHORT = "short", gettext_lazy("e-PPGBM ringkas")
    WEIGHING = "operasi-timbang", gettext_lazy("daftar operasi timbang")
    SIGIZI_IDENTITY = "sigizi-identity", gettext_lazy("identitas Sigizi")
    SIGIZI_MEASUREMENTS = "sigizi-measurements", gettext_lazy("pengukuran Sigizi")
    POSYANDU = "posyandu", gettext_lazy("daftar posyandu")
    MAPPED = "mapped", gettext_lazy("tabel dengan kolom pilihan Anda")


@dataclass(frozen=True)
class Table:
    """The table of a file. ``columns`` leads from field to column, the first one of each name.

    ``months``: as of its header, until each month is a table of its own, which is of that ``month``.
    """

    layout: LayoutName
    sheet: str
    columns: Mapping[str, int]
    header: Sequence[Cell]
    first: int  # number of the first row below the header
    rows: Sequence[Sequence[Cell]]
    place: SheetPlace = NO_PLACE  # of the rows that say none
    since_1904: bool = False  # its days in figures count from there
    is_hidden: bool = False
    is_one_of_several: bool = False  # of its file, so that its rows are named with their sheet
    columns_not_read: tuple[UnreadColumn, ...] = ()
    months: Mapping[NamedMonth, Mapping[str, int]] = field(default_factory=dict)
    month: NamedMonth | None = None

    @property
    def name(self) -> str:
        """What tells its rows from those of other tables of its file; empty where it is the only one."""
        month = self.month.words if self.month else ""
        return ", ".join(filter(None, [self.sheet if self.is_one_of_several else "", month]))

    @property
    def asks_month(self) -> NamedMonth | None:
        """The month of which somebody has to say the day it was measured."""
        return None if "measured_on" in self.columns else self.month

    @cached_property  # each row asks for it
    def names_children(self) -> bool:
        """Its rows say who a child is; without that they only say of whom a measurement is."""
        return bool(self.columns.keys() & _SAYS_WHO)

    @cached_property
    def measures(self) -> bool:
        """Its rows say what was measured."""
        return bool(self.columns.keys() & (_MEASURES | {"measured_on"}))

    @property
    def measures_missing(self) -> tuple[str, ...]:
        """Of weight and height, the fields that no column is of, where anything is measured."""
        return tuple(f for f in ("weight", "lenhei") if self.measures and f not in self.columns)

    @property
    def names_villages(self) -> bool:
        return bool(self.columns.keys() & {"village", "village_code"})

    @property
    def asks_village(self) -> bool:
        """Neither its rows nor its titles or name say the village: it is what somebody answers."""
        return not self.names_villages and not self.place.is_village_said

    @property
    def is_text(self) -> bool:
        """It comes from a text, whose cells stand where separators put them. Only sheets have names."""
        return not self.sheet

    def row_of(self, line: SheetRow) -> Sequence[Cell]:
        """All cells of a line, as they stand in the sheet."""
        return self.rows[line.number - self.first]

    def lines(self) -> Iterator[SheetRow]:
        """The rows that hold anything."""
        for number, row in enumerate(self.rows, start=self.first):
            if any(text_of(cell) and cell not in ERRORS and cell != NO_VALUE for cell in row):
                yield self._join_cells(SheetRow(number, self.columns, row))

    def _join_cells(self, line: SheetRow) -> SheetRow:
        """Return the line with what stands in several columns joined, and days of 1904 as dates."""
        if not self.columns.keys() & _JOINED and not self.since_1904:
            return line
        cells = {field: line[field] for field in self.columns}
        if self.since_1904:
            cells = {field: dated_from_1904(field, cell) for field, cell in cells.items()}
        _join_sex(cells)
        _join_birth_date(cells)
        _join_age(cells)
        _join_parents(cells)
        if not words_of(cells.get("lenhei")) and "lenhei_other" in cells:
            cells["lenhei"] = cells["lenhei_other"]
        return line.with_cells(cells)

    def repeats_header(self, line: SheetRow) -> bool:
        """The header again in the middle of the table, as pages pasted together have it, or its numbers."""
        if all(
            field_of(line[field]) == field or (title and plain_heading(line[field]) == title)
            for field, _number, title in self._titles
        ):
            return True
        is_numbered = len(self._titles) >= _FEWEST_NUMBERED
        return is_numbered and all(text_of(line[field]) == number for field, number, _title in self._titles)

    @cached_property
    def _titles(self) -> Sequence[tuple[str, str, str]]:
        """Return field, number and title of each column; the sex first, in whose cells no title stands."""
        titles = dict(enumerate(map(plain_heading, self.header)))
        cells = [(field, str(i + 1), titles.get(i, "")) for field, i in self.columns.items()]
        return sorted(cells, key=lambda cell: cell[0] != "sex")


def _join_birth_date(cells: dict[str, Cell]) -> None:
    """A birth date in three columns becomes one, read as 14 Sept 2022 or 2022-09-14."""
    if "birth_year" not in cells or words_of(cells.get("birth_date")):
        return
    year, month, day = (words_of(cells.get(part)) for part in _BIRTH_PARTS)
    if not (year or month or day):
        return
    if year and month and not day:
        cells["birth_date"] = f"{year}-{month}"
        return
    year = f"20{year}" if len(year) == 2 else year
    cells["birth_date"] = f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}"


def _join_age(cells: dict[str, Cell]) -> None:
    """An age in a column of years and one of months becomes one in words; without years all are months."""
    years, months = (words_of(cells.get(part)) for part in ("age_years", "age_months"))
    if not months.isdigit() or words_of(cells.get("age")) or ("age_years" in cells and not years.isdigit()):
        return
    if years.isdigit() and int(months) < _YEAR:
        cells["age"] = f"{years} tahun {months} bulan"
    elif not years or int(months) // _YEAR == int(years):
        cells["age"] = f"{months} bulan"


def _join_sex(cells: dict[str, Cell]) -> None:
    """The one of the two columns that is ticked says the sex; two ticks say none."""
    if cells.keys() >= SEX_TICKS and not words_of(cells.get("sex")):
        ticked = (letter for letter, field in (("L", "boy"), ("P", "girl")) if _is_ticked(cells[field]))
        cells["sex"] = " + ".join(ticked)


def _is_ticked(cell: Cell) -> bool:
    return bool(words_of(cell)) and yes_or_no(cell) is not False


def _join_parents(cells: dict[str, Cell]) -> None:
    if words_of(cells.get("parent")) or not cells.keys() & set(_PARENTS):
        return
    cells["parent"] = "/".join(name for part in _PARENTS if (name := words_of(cells.get(part))))


def layout_of(columns: Mapping[str, int]) -> LayoutName:
    """Return which file of the field a header with these columns is of."""
    if not columns.keys() & _SAYS_WHO:
        return LayoutName.SIGIZI_MEASUREMENTS
    if not columns.keys() & (_MEASURES | {"measured_on"}):
        return LayoutName.SIGIZI_IDENTITY
    if columns.keys() & {"ntob", "age_days", "birth_year", *_PARENTS}:
        return LayoutName.POSYANDU
    if "family_card" in columns:
        return LayoutName.WEIGHING
    if "mbg" in columns or "mother_class" in columns:
        return LayoutName.EPPGBM_2025
    if "position" in columns:
        return LayoutName.EPPGBM_2024
    return LayoutName.EPPGBM_2023 if "pmt" in columns else LayoutName.SHORT
