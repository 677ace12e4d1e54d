"""Where the table of a file begins, which column is which, and which layout of the field it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, dropwhile, pairwise, takewhile

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.errors import Invalid
from registry.growth.cells.codes import yes_or_no
from registry.growth.cells.column_names import field_of, plain_heading
from registry.growth.cells.numbers import dated_from_1904
from registry.growth.cells.text import Cell, repeated_words, text_of, words_of
from registry.imports.answers import NO_ANSWERS, ImportAnswers
from registry.imports.known_places import NO_PLACES, KnownPlaces
from registry.imports.readers.read_file import Sheet
from registry.imports.readers.reading_limits import ERRORS, NO_VALUE
from registry.imports.tables.header import SEX_TICKS, Header, find_header
from registry.imports.tables.place_columns import check_place_columns
from registry.imports.tables.table_rows import SheetRow
from registry.imports.tables.unread_columns import UnreadColumn, check_one_measurement, columns_not_read

_FEWEST_NUMBERED = 5  # cells that make a row of 1, 2, 3 ... the numbers of the columns

_NEEDED: Mapping[str, Promise] = {
    "name": gettext_lazy("Nama"),
    "sex": gettext_lazy("JK"),
    "birth_date": gettext_lazy("Tgl Lahir"),
}
_PLACE_COLUMNS: Mapping[str, Promise] = {
    "kecamatan": gettext_lazy("Kec"),
    "village": gettext_lazy("Desa/Kel"),
}
_SAYS_WHO = frozenset({"birth_date", "birth_year", "sex", *SEX_TICKS})
_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
_SAYS_BIRTH = frozenset({"birth_year", "age"})
"""What says when a child was born, where nothing says its birth date: an age is enough for an estimate."""
_PARENTS = ("father", "mother")
_SAID_OTHERWISE: Mapping[str, Callable[[AbstractSet[str]], bool]] = {
    "birth_date": lambda columns: bool(columns & _SAYS_BIRTH),
    "sex": lambda columns: columns >= SEX_TICKS,
}
"""Whether other columns say what a needed one would."""
_JOINED = frozenset({"birth_year", "lenhei_other", *SEX_TICKS, *_PARENTS})
_MEASURES = frozenset({"weight", "lenhei", "muac", "head"})
_SAID_OF_A_CHILD = ("birth_date", "sex", "measured_on", "weight", "lenhei", "nik")


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
    """The table of a file. ``columns`` leads from field to column, the first one of each name."""

    layout: LayoutName
    sheet: str
    columns: Mapping[str, int]
    header: Sequence[Cell]
    first: int  # number of the first row below the header
    rows: Sequence[Sequence[Cell]]
    others: tuple[str, ...] = ()  # sheets with a table of children that is not read
    since_1904: bool = False  # its days in figures count from there
    columns_not_read: tuple[UnreadColumn, ...] = ()

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


def find_table(
    sheets: Sequence[Sheet], answers: ImportAnswers = NO_ANSWERS, places: KnownPlaces = NO_PLACES
) -> Table:
    """The first sheet with a header the field knows and children below it; with a mapping, what that says.

    Raises :class:`registry.errors.Invalid` with the columns that are missing, for rows with more than one
    measurement, for a sheet that is not there, and without any row.
    """
    tables = [table for sheet in sheets if (table := _table(sheet, answers)) is not None]
    with_children = [table for table in tables if _has_child(table)]
    found = _first(tables, with_children, answers, places)
    if found is None:
        raise _no_table(sheets, answers)
    if missing := list(_missing(found, answers, places)):
        sentence = _(
            "Kolom %(columns)s tidak ditemukan. Unduh lagi dari e-PPGBM tanpa menghapus kolom, atau "
            "pilih kolomnya sendiri."
        )
        raise _refusal("columns_missing", sentence % {"columns": ", ".join(missing)}, found, sheets)
    if next(found.lines(), None) is None:
        sentence = _(
            "Berkas ini hanya berisi judul kolom, tanpa satu anak pun. Periksa saringannya di e-PPGBM."
        )
        raise _refusal("rows_missing", sentence, found, sheets)
    below = dropwhile(lambda table: table is not found, tables)
    going_on = takewhile(lambda pair: _goes_on(*pair), pairwise(below))
    parts = [found, *(later for _earlier, later in going_on)]
    # Said and not read: a second sheet may be the first one again, as another month or as a copy.
    read = set(map(id, parts))
    others = tuple(table.sheet for table in with_children if id(table) not in read)
    rows = [row for part in parts for row in part.rows] if len(parts) > 1 else found.rows
    if answers.mapping is None:
        check_one_measurement(found.header, found.columns, rows)
    unread = columns_not_read(found.header, found.columns, rows)
    return replace(found, rows=rows, others=others, columns_not_read=unread)


def _first(
    tables: Sequence[Table], with_children: Sequence[Table], answers: ImportAnswers, places: KnownPlaces
) -> Table | None:
    """A template or a recapitulation may stand before the children: those that can be read go first."""
    whole = (table for table in with_children if not any(_missing(table, answers, places)))
    filled = (table for table in tables if next(table.lines(), None))
    return next(chain(whole, with_children, filled, tables), None)


def likeliest_sheet(sheets: Sequence[Sheet], places: KnownPlaces) -> str:
    """The name of the sheet that would be read, or refused; empty where none has a header the field knows."""
    tables = [table for sheet in sheets if (table := _table(sheet, NO_ANSWERS)) is not None]
    found = _first(tables, [table for table in tables if _has_child(table)], NO_ANSWERS, places)
    return found.sheet if found else ""


def _has_child(table: Table) -> bool:
    """A line names somebody and says anything else of them."""
    return any(
        (words_of(line["name"]) or words_of(line["nik"]))
        and any(words_of(line[field]) for field in _SAID_OF_A_CHILD)
        and not table.repeats_header(line)
        for line in table.lines()
    )


def _no_table(sheets: Sequence[Sheet], answers: ImportAnswers) -> Invalid:
    names = [sheet.name for sheet in sheets]
    if answers.sheet and answers.sheet not in names:
        return Invalid(
            "sheet_unknown",
            _("Tidak ada lembar bernama “%(sheet)s”. Yang ada: %(sheets)s.")
            % {"sheet": answers.sheet, "sheets": ", ".join(filter(None, names)) or "-"},
            "sheet",
        )
    return Invalid(
        "header_missing",
        _(
            "Judul kolom berkas ini tidak dikenal. Pakai berkas unduhan e-PPGBM atau Sigizi, atau "
            "pilih sendiri isi tiap kolom: nama, jenis kelamin, tanggal lahir, tanggal pengukuran, "
            "berat, tinggi."
        ),
        "file",
    )


def _refusal(code: str, sentence: str, table: Table, sheets: Sequence[Sheet]) -> Invalid:
    """With the sheet it is said of, where there are several."""
    if len(sheets) > 1 and table.sheet:
        sentence = f"{sentence} " + _("Lembar: %(sheet)s.") % {"sheet": table.sheet}
    return Invalid(code, sentence, "file")


FULL_SHEETS = (65_536, 1_048_576)
"""Rows of a sheet of Excel 97-2003, and of one of today: what does not fit goes on in the next sheet."""


def _goes_on(earlier: Table, later: Table) -> bool:
    """``later`` is the rest of ``earlier``, whose sheet is full."""
    rows = earlier.first - 1 + len(earlier.rows)
    return rows in FULL_SHEETS and earlier.columns == later.columns


def check_village(table: Table, answers: ImportAnswers, places: KnownPlaces) -> None:
    """Raises :class:`registry.errors.Invalid` when nobody has said of which village the file is.

    One village is never taken for all rows while a column that nobody knows says a place of each.
    """
    if table.names_villages:
        return
    if answers.mapping is None:
        check_place_columns(table.header, table.columns, table.rows, places)
    if answers.village is None:
        raise Invalid(
            "village_needed",
            _("Berkas ini tidak menyebut desanya. Pilih desa atau kelurahannya, lalu periksa lagi."),
            "village",
        )


def _table(sheet: Sheet, answers: ImportAnswers) -> Table | None:
    if answers.sheet and sheet.name != answers.sheet:
        return None
    header = _table_of_mapping(sheet, answers) if answers.mapping is not None else find_header(sheet)
    if header is None:
        return None
    layout = LayoutName.MAPPED if answers.mapping is not None else _layout(header.columns)
    return Table(
        layout,
        sheet.name,
        header.columns,
        header.names,
        sheet.above + header.row + 1,
        sheet.rows[header.row :],
        since_1904=sheet.since_1904,
    )


def _table_of_mapping(sheet: Sheet, answers: ImportAnswers) -> Header | None:
    """What somebody has said each column is."""
    if not any(text_of(cell) for row in sheet.rows for cell in row):
        return None
    row = answers.header_row
    if row is None:
        known = find_header(sheet)
        row = known.row if known else 0
    names = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()
    return Header(row, dict(answers.mapping or {}), names)


def _layout(columns: Mapping[str, int]) -> LayoutName:
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


def _missing(table: Table, answers: ImportAnswers, places: KnownPlaces) -> Iterator[str]:
    columns = table.columns.keys()
    if table.names_children:
        for field, name in _NEEDED.items():
            instead = _SAID_OTHERWISE.get(field)
            if field not in columns and not (instead and instead(columns)):
                yield str(name)
    elif not columns & {"nik", "name"}:
        yield str(_NEEDED["name"])
    if _lacks_day(table, answers):
        yield _("Tanggal Pengukuran")
    yield from _missing_places(table, answers, places)
    if (table.measures or not table.names_children) and not columns & {"weight", "lenhei"}:
        yield _("Berat atau Tinggi")


def _lacks_day(table: Table, answers: ImportAnswers) -> bool:
    """A list of one posyandu is of one day that can be asked for; a file of many villages is not."""
    if (
        "measured_on" in table.columns
        or answers.measured_on
        or not (table.measures or not table.names_children)
    ):
        return False
    return table.names_villages or "kecamatan" in table.columns


def _missing_places(table: Table, answers: ImportAnswers, places: KnownPlaces) -> Iterator[str]:
    """A village is never found by its name alone in the kabupaten; where no column names one, it is asked.

    Its puskesmas says the kecamatan too, and who works in a part of the kabupaten knows its villages.
    """
    columns = table.columns.keys()
    if "village_code" in columns or answers.village or not columns & _PLACE_COLUMNS.keys():
        return
    if "village" in columns and (places.is_area or _names_puskesmas(table, places)):
        return
    yield from (str(name) for field, name in _PLACE_COLUMNS.items() if field not in columns)


def _names_puskesmas(table: Table, places: KnownPlaces) -> bool:
    lines = table.lines() if "puskesmas" in table.columns else ()
    return any(places.kecamatan_of(repeated_words(line["puskesmas"])) for line in lines)
