"""Columns of a table that nothing is read from: said, so that no measurement is lost in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.errors import Invalid
from registry.growth.cells.column_names import (
    column_words,
    field_of,
    field_told_by_number,
    is_expected_unread,
    letters_of,
    month_of_title,
)
from registry.growth.cells.month_names import NamedMonth
from registry.growth.cells.text import Cell, quote, text_of, words_of

Columns = Mapping[str, int]
Months = Mapping[NamedMonth, Columns]
Rows = Sequence[Sequence[Cell]]

_MOST_SAID = 20
_MOST_VALUES = 3
_PERSONAL = re.compile(
    r"\b(nama|name|ortu|orang\s*tua|ibu|ayah|bapak|wali|suami|istri|kk|nik|no|nomor|ktp|bpjs|hp|wa|telp\w*|"
    r"telepon|kontak|alamat|rumah|kader|pengasuh|petugas|email)\b",
    re.IGNORECASE,
)
"""Words in titles of columns that are of people, however they go on."""

_NAME = re.compile(r"[^\W\d_]{3,}")
_FULL_NAME = re.compile(r"[^\W\d_]{2,}(?:[ .,'’-]+[^\W\d_]+)+\.?")
_AGAIN_AND_AGAIN = 3  # rows for each value: words such as "sesuai", and no names
_LONG_NUMBER = re.compile(r"(?:\d[ .'-]?){9,}")
"""A NIK, a number of a family, a telephone."""

_OF_ONE_DAY = ("measured_on", "weight", "lenhei")


class UnreadColumn(NamedTuple):
    """A column that nothing is read from: how many rows have something in it, and some of its ``values``.

    Of a column that may name people, or hold their numbers, there are none.
    """

    letters: str
    title: str
    rows: int = 0
    values: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """As ``G (Timbangan): 2 baris, misalnya 11.4; 12``."""
        said = {"column": f"{self.letters} ({quote(self.title)})", "rows": intcomma(self.rows)}
        words = (
            ngettext("%(column)s: %(rows)s baris", "%(column)s: %(rows)s baris", self.rows)
            if self.rows
            else "%(column)s"
        ) % said
        values = {"said": words, "values": "; ".join(self.values)}
        return _("%(said)s, misalnya %(values)s") % values if self.values else words


def columns_not_read(header: Sequence[Cell], read: Iterable[Columns], rows: Rows) -> tuple[UnreadColumn, ...]:
    """Return each column that holds anything and is none of those that are ``read``.

    Columns of the field's own files that nobody expects to be read are left out.
    """
    found = (
        _unread_column(i, text_of(header[i]), rows)
        for i in _others(header, read)
        if not is_expected_unread(header[i])
    )
    return tuple(column for column in found if column.rows)


def join_unread(columns: Iterable[UnreadColumn]) -> tuple[UnreadColumn, ...]:
    """Return columns of several sheets, those of one place and title as one.

    It has no values where the column of any sheet has none, which may name people.
    """
    found: dict[tuple[str, str], UnreadColumn] = {}
    for column in columns:
        known = found.setdefault((column.letters, column.title), column)
        if known is not column:
            values = known.values if column.values else ()
            found[known.letters, known.title] = known._replace(rows=known.rows + column.rows, values=values)
    return tuple(found.values())


def _unread_column(i: int, title: str, rows: Rows) -> UnreadColumn:
    cells = (row[i] for row in rows if i < len(row) and row[i] is not None)
    found = Counter(words for cell in cells if (words := words_of(cell)) and words != title)
    shown = () if _may_name_people(title, found) else tuple(map(quote, islice(found, _MOST_VALUES)))
    return UnreadColumn(letters_of(i), title, found.total(), shown)


def _may_name_people(title: str, values: Counter[str]) -> bool:
    """Return whether the title is of people or their numbers, or the values look like names or numbers."""
    if _PERSONAL.search(title) or any(map(_LONG_NUMBER.search, values)):
        return True
    if values.total() >= _AGAIN_AND_AGAIN * len(values):
        return False
    first_names = sum(bool(_NAME.fullmatch(value)) for value in values)
    return any(map(_FULL_NAME.fullmatch, values)) or 2 * first_names > max(len(values), _MOST_VALUES)


def column_sentences(
    unread: Sequence[UnreadColumn], missing: Sequence[str], *, chosen: bool = False
) -> list[str]:
    """What a person is told of columns that nothing was read from, and of a weight or height without one.

    ``chosen``: somebody has said what each column is.
    """
    said = []
    if missing:
        names = {"weight": _("Berat"), "lenhei": _("Tinggi")}
        sentence = _("Tidak ada kolom %(columns)s di berkas ini: pengukurannya disimpan tanpa itu.")
        said.append(sentence % {"columns": ", ".join(names[field] for field in missing)})
    if unread:
        columns = [column.words for column in unread[:_MOST_SAID]]
        more = ["…"] if len(unread) > _MOST_SAID else []
        sentence = (
            _("Kolom yang tidak dipakai, sesuai pilihan Anda: %(columns)s.")
            if chosen
            else _("Kolom yang tidak dibaca, karena judulnya tidak dikenal atau terulang: %(columns)s.")
        )
        said.append(sentence % {"columns": " | ".join(columns + more)})
    return said


def assumed_positions_sentence(count: int) -> str:
    """Return how many measurements have no position, and how they are taken; empty when none is without."""
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d pengukuran tanpa cara ukur: di bawah 2 tahun dianggap telentang, setelahnya berdiri.",
        "%(count)d pengukuran tanpa cara ukur: di bawah 2 tahun dianggap telentang, setelahnya berdiri.",
        count,
    )
    return sentence % {"count": count}


def check_one_measurement(header: Sequence[Cell], columns: Columns, months: Months, rows: Rows) -> None:
    """Raises :class:`registry.errors.Invalid` when rows hold more than one measurement, side by side.

    They may hold one for each month that titles name, unless one column says the day of all of them.
    """
    repeated = [
        i
        for i in _others(header, (columns, *months.values()))
        if (field := field_of(header[i]) or field_told_by_number(header[i])) in _OF_ONE_DAY
        and _says_else(rows, i, _columns_of(field, _of_same_month(header[i], columns, months)))
    ]
    of_months = [i for month in months.values() for i in month.values()]
    measures, day = (columns.get(name) for name in ("weight", "measured_on"))
    if len(months) > 1 and day not in (None, *of_months) and measures in (None, *of_months):
        repeated = sorted({*repeated, *of_months} - {*columns.values()})
    if repeated:
        raise Invalid(
            "columns_repeated",
            _(
                "Satu baris berkas ini memuat lebih dari satu pengukuran: kolom %(columns)s ada lagi. "
                "Pilih sendiri kolom tanggal, berat dan tinggi dari satu pengukuran; yang lain unggah "
                "sebagai berkas sendiri."
            )
            % {"columns": ", ".join(column_words(i, header) for i in repeated)},
            "file",
        )


def _others(header: Sequence[Cell], read: Iterable[Columns]) -> Iterator[int]:
    used = {i for columns in read for i in columns.values()}
    return (i for i, title in enumerate(header) if i not in used and text_of(title))


def _of_same_month(title: Cell, columns: Columns, months: Months) -> Columns:
    said = month_of_title(title)
    of_year = (own for month, own in months.items() if said in (month, month._replace(year=None)))
    return next(of_year, columns)


def _columns_of(field: str, columns: Columns) -> list[int]:
    names = (field, f"{field}_other")  # length and height may stand in two columns
    return [columns[name] for name in names if name in columns]


def _says_else(rows: Rows, column: int, known: Sequence[int]) -> bool:
    """A row has another value there than where it is read."""
    for row in rows:
        value = words_of(row[column]) if column < len(row) else ""
        if not any(map(str.isdigit, value)) or value == "0":  # nothing, a word, or a header again
            continue
        if all(i >= len(row) or words_of(row[i]) != value for i in known):
            return True
    return False
