"""Which sheets of a file are read as tables of children, where each begins, and why others are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain, starmap

from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.text import repeated_words, text_of, words_of
from registry.imports.answers import NO_ANSWERS, ImportAnswers
from registry.imports.known_places import NO_PLACES, KnownPlaces
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.header import SEX_TICKS, Header, find_header
from registry.imports.tables.layout import LayoutName, Table, layout_of
from registry.imports.tables.month_columns import give_year, months_sentence, split_months
from registry.imports.tables.place_columns import check_place_columns
from registry.imports.tables.sheet_places import find_sheet_place, months_in
from registry.imports.tables.unread_columns import (
    UnreadColumn,
    check_one_measurement,
    join_unread,
)

_NEEDED = {"name": "“Nama”", "sex": "“JK”", "birth_date": "“Tgl Lahir”"}
"""Titles of columns, which no language translates."""
_SAYS_BIRTH = frozenset({"birth_year", "age", "age_months"})
"""What says when a child was born, where nothing says its birth date: an age is enough for an estimate."""
_SAID_OTHERWISE: Mapping[str, Callable[[AbstractSet[str]], bool]] = {
    "birth_date": lambda columns: bool(columns & _SAYS_BIRTH),
    "sex": lambda columns: columns >= SEX_TICKS,
}
"""Whether other columns say what a needed one would."""
_SAID_OF_A_CHILD = ("birth_date", "sex", "measured_on", "weight", "lenhei", "nik")


@dataclass
class FileTables:
    """The tables of children that are read from a file, in the order of its sheets.

    ``others``: names of sheets with children that are not read, and ``left_notes`` why. ``notes``: what else
    a person is told of sheets.
    """

    tables: list[Table]
    others: tuple[str, ...] = ()
    left_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def names_children(self) -> bool:
        """Rows of a table say who a child is."""
        return any(table.names_children for table in self.tables)

    @property
    def columns_not_read(self) -> tuple[UnreadColumn, ...]:
        """Each column of any table that is not read, once for all sheets that have it."""
        return join_unread(chain.from_iterable(table.columns_not_read for table in self.tables))

    @property
    def measures_missing(self) -> tuple[str, ...]:
        """Of weight and height, those that a table has no column of, nor another month of its sheet."""
        sheets: dict[str, set[str]] = {}
        for table in self.tables:
            missing = set(table.measures_missing)
            sheets[table.sheet] = missing & sheets.get(table.sheet, missing)
        return tuple(field for field in ("weight", "lenhei") if any(field in s for s in sheets.values()))

    @property
    def village_for(self) -> tuple[str, ...]:
        """The sheets whose village somebody has to say, where there are several sheets."""
        asked = (t.sheet for t in self.tables if t.is_one_of_several and t.asks_village)
        return tuple(dict.fromkeys(asked))


def find_tables(
    sheets: Sequence[Sheet], answers: ImportAnswers = NO_ANSWERS, places: KnownPlaces = NO_PLACES
) -> FileTables:
    """Return every visible sheet with a header the field knows and children below it.

    With a mapping or a sheet in ``answers``, what that says; a hidden sheet where no visible one has
    children. Raises :class:`registry.errors.Invalid` where none can be read: for the columns that are
    missing, for rows with more than one measurement, for a sheet that is not there, and without any row.
    """
    found = list(_join_full_sheets(_tables_with_header(sheets, answers, places)))
    with_children = [table for table in found if _has_child(table)]
    shown = [table for table in with_children if not table.is_hidden] or with_children
    tried = shown or _likeliest(found)
    if not tried:
        raise _no_table(sheets, answers)
    read: list[Table] = []
    refused: list[tuple[Table, Invalid]] = []
    for table in tried:
        try:
            read.append(_require_readable(table, read, answers, places))
        except Invalid as why:
            refused.append((table, why.with_traceback(None)))  # whose frames hold the sheets
    if not read:
        raise _naming_sheet(*refused[0], sheets)
    hidden = [table.sheet for table in with_children if all(table is not one for one in shown)]
    return FileTables(
        [part for table in read for part in split_months(replace(table, is_one_of_several=len(read) > 1))],
        (*(table.sheet for table, _why in refused), *hidden),
        (*starmap(_refused_note, refused), *map(_hidden_note, hidden)),
        (*_notes(read), *_not_chosen_notes(sheets, answers, places)),
    )


def likeliest_sheet(sheets: Sequence[Sheet], places: KnownPlaces) -> str:
    """The name of the first sheet that would be read, or refused; empty where none has a header."""
    try:
        return find_tables(sheets, NO_ANSWERS, places).tables[0].sheet
    except Invalid:
        found = list(_tables_with_header(sheets, NO_ANSWERS, places))
        tried = [table for table in found if _has_child(table)] or _likeliest(found)
        return tried[0].sheet if tried else ""


def _likeliest(found: Sequence[Table]) -> list[Table]:
    """A template or a recapitulation, where no sheet has children: one with rows goes first."""
    filled = (table for table in found if next(table.lines(), None))
    return [*filled, *found][:1]


def _tables_with_header(
    sheets: Sequence[Sheet], answers: ImportAnswers, places: KnownPlaces
) -> Iterator[Table]:
    """The sheets with a header that the field knows, or that somebody has said."""
    for sheet in sheets:
        if answers.sheet and sheet.name != answers.sheet:
            continue
        header = _header_of_mapping(sheet, answers) if answers.mapping is not None else find_header(sheet)
        if header is None:
            continue
        titles = sheet.rows[: header.above]
        yield Table(
            LayoutName.MAPPED if answers.mapping is not None else layout_of(header.columns),
            sheet.name,
            header.columns,
            header.names,
            sheet.above + header.row + 1,
            sheet.rows[header.row :],
            find_sheet_place(sheet.name, titles, header.columns.keys(), places, answers.village),
            since_1904=sheet.since_1904,
            is_hidden=sheet.hidden,
            months=give_year(header.months, titles, sheet.name),
        )


def _require_readable(
    table: Table, before: Sequence[Table], answers: ImportAnswers, places: KnownPlaces
) -> Table:
    """Return a table that can be read. Raises Invalid for any other; ``before``: those read already."""
    if missing := list(_missing(table, answers, places)):
        sentence = _(
            "Kolom %(columns)s tidak ditemukan. Unduh lagi dari e-PPGBM tanpa menghapus kolom, atau "
            "pilih kolomnya sendiri."
        )
        raise Invalid("columns_missing", sentence % {"columns": ", ".join(missing)}, "file")
    if next(table.lines(), None) is None:
        sentence = _(
            "Berkas ini hanya berisi judul kolom, tanpa satu anak pun. Periksa saringannya di e-PPGBM."
        )
        raise Invalid("rows_missing", sentence, "file")
    if answers.mapping is None:
        check_one_measurement(table.header, table.columns, table.months, table.rows)
        if not table.names_villages:
            check_place_columns(table.header, table.columns, table.rows, places)
    if _is_of_another_month(table, before):
        sentence = _("Lembar ini dari bulan lain dan tidak memuat tanggal pengukuran. Unggah tersendiri.")
        raise Invalid("sheet_of_another_month", sentence, "file")
    return table


def _is_of_another_month(table: Table, before: Sequence[Table]) -> bool:
    """One day is asked for all rows that have none: it cannot be of the sheets of two months."""
    undated = [one for one in before if _needs_day(one)]
    return _needs_day(table) and len({months_in(one.sheet) for one in (table, *undated)} - {()}) > 1


def _needs_day(table: Table) -> bool:
    return table.measures and "measured_on" not in table.columns and not table.months


def _notes(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        if table.is_hidden:
            yield _("Lembar %(sheet)s tersembunyi di berkas ini, dan dibaca.") % {"sheet": table.sheet}
        if table.place.said:
            said = "; ".join(table.place.said)
            sentence = _("Lembar %(sheet)s: %(said)s.") % {"sheet": table.sheet, "said": said}
            yield sentence if len(tables) > 1 else f"{said}."
        if table.months:
            yield months_sentence(table)


def _refused_note(table: Table, why: Invalid) -> str:
    return _("Lembar %(sheet)s tidak dibaca: %(why)s") % {"sheet": table.sheet, "why": why.message}


def _not_chosen_notes(sheets: Sequence[Sheet], answers: ImportAnswers, places: KnownPlaces) -> Iterator[str]:
    """What is said of the other sheets with children, where somebody has chosen one."""
    rest = [sheet for sheet in sheets if answers.sheet and sheet.name != answers.sheet]
    if left := [t.sheet for t in _tables_with_header(rest, NO_ANSWERS, places) if _has_child(t)]:
        sentence = _("Hanya lembar yang Anda pilih yang dibaca. Lembar lain yang memuat anak: %(sheets)s.")
        yield sentence % {"sheets": ", ".join(left)}


def _hidden_note(sheet: str) -> str:
    return _("Lembar tersembunyi %(sheet)s memuat anak; tidak dibaca.") % {"sheet": sheet}


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


def _naming_sheet(table: Table, why: Invalid, sheets: Sequence[Sheet]) -> Invalid:
    """With the sheet it is said of, where there are several."""
    if len(sheets) > 1 and table.sheet:
        said = _("Lembar: %(sheet)s.") % {"sheet": table.sheet}
        return Invalid(why.code, f"{why.message} {said}", "file")
    return why


FULL_SHEETS = (65_536, 1_048_576)
"""Rows of a sheet of Excel 97-2003, and of one of today: what does not fit goes on in the next sheet."""


def _join_full_sheets(tables: Iterable[Table]) -> Iterator[Table]:
    """Each table with what goes on in the sheets after it."""
    parts: list[Table] = []
    for table in tables:
        if parts and not _goes_on(parts[-1], table):
            yield _join_parts(parts)
            parts = []
        parts.append(table)
    if parts:
        yield _join_parts(parts)


def _join_parts(parts: Sequence[Table]) -> Table:
    if len(parts) == 1:
        return parts[0]
    return replace(parts[0], rows=[row for part in parts for row in part.rows])


def _goes_on(earlier: Table, later: Table) -> bool:
    """``later`` is the rest of ``earlier``, whose sheet is full."""
    rows = earlier.first - 1 + len(earlier.rows)
    return rows in FULL_SHEETS and earlier.columns == later.columns


def check_villages(found: FileTables) -> None:
    """Raises :class:`registry.errors.Invalid` when nobody has said of which village a sheet is."""
    if any(table.asks_village and table.place.village is None for table in found.tables):
        sentence = _("Berkas ini tidak menyebut desanya. Pilih desa atau kelurahannya, lalu periksa lagi.")
        if found.village_for:
            sentence += " " + sheets_words(found.village_for)
        raise Invalid("village_needed", sentence, "village")


def sheets_words(sheets: Sequence[str]) -> str:
    """Return of which sheets something is said, as a sentence."""
    return _("Untuk lembar: %(sheets)s.") % {"sheets": ", ".join(sheets)}


def _header_of_mapping(sheet: Sheet, answers: ImportAnswers) -> Header | None:
    """What somebody has said each column is."""
    if not any(text_of(cell) for row in sheet.rows for cell in row):
        return None
    row = answers.header_row
    if row is None:
        known = find_header(sheet)
        row = known.row if known else 0
    names = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()
    return Header(row, dict(answers.mapping or {}), names, max(row - 1, 0))


def _missing(table: Table, answers: ImportAnswers, places: KnownPlaces) -> Iterator[str]:
    columns = table.columns.keys()
    if table.names_children:
        for field, name in _NEEDED.items():
            instead = _SAID_OTHERWISE.get(field)
            if field not in columns and not (instead and instead(columns)):
                yield name
    elif not columns & {"nik", "name"}:
        yield _NEEDED["name"]
    if _lacks_day(table, answers):
        yield "“Tanggal Pengukuran”"
    yield from _missing_places(table, places)
    if (table.measures or not table.names_children) and not columns & {"weight", "lenhei"}:
        yield _("“Berat” atau “Tinggi”")


def _lacks_day(table: Table, answers: ImportAnswers) -> bool:
    """A list of one posyandu is of one day that can be asked for; a file of many villages is not."""
    if (
        "measured_on" in table.columns
        or answers.measured_on
        or table.months
        or not (table.measures or not table.names_children)
    ):
        return False
    return table.names_villages or "kecamatan" in table.columns


def _missing_places(table: Table, places: KnownPlaces) -> Iterator[str]:
    """A village is never found by its name alone in the kabupaten; where no column names one, it is asked.

    Its puskesmas says the kecamatan too, and who works in a part of the kabupaten knows its villages.
    """
    columns, place = table.columns.keys(), table.place
    if "village_code" in columns:
        return
    if "kecamatan" in columns and "village" not in columns and place.village is None:
        yield "“Desa/Kel”"
    is_alone = "village" in columns and "kecamatan" not in columns and not place.kecamatan
    if is_alone and not places.is_area and not _names_puskesmas(table, places):
        yield "“Kec”"


def _names_puskesmas(table: Table, places: KnownPlaces) -> bool:
    lines = table.lines() if "puskesmas" in table.columns else ()
    return any(places.kecamatan_of(repeated_words(line["puskesmas"])) for line in lines)
