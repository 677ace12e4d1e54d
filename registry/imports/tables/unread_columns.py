"""Columns of a table that nothing is read from: said, so that no measurement is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.errors import Invalid
from registry.growth.cells.column_names import column_words, field_of, is_expected_unread, letters_of
from registry.growth.cells.text import Cell, quote, text_of, words_of

Columns = Mapping[str, int]
Rows = Sequence[Sequence[Cell]]

_MOST_SAID = 20
_OF_ONE_DAY = ("measured_on", "weight", "lenhei")


def columns_not_read(header: Sequence[Cell], columns: Columns, rows: Rows) -> tuple[tuple[str, str], ...]:
    """Return letters and title of each column that holds anything and is none of ``columns``.

    Columns of the field's own files that nobody expects to be read are left out.
    """
    return tuple(
        (letters_of(i), text_of(header[i]))
        for i in _others(header, columns)
        if not is_expected_unread(header[i]) and any(words_of(row[i]) for row in rows if i < len(row))
    )


def column_sentences(
    unread: Sequence[tuple[str, str]], missing: Sequence[str], *, chosen: bool = False
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
        columns = [f"{letters} ({quote(title)})" for letters, title in unread[:_MOST_SAID]]
        more = ["…"] if len(unread) > _MOST_SAID else []
        sentence = (
            _("Kolom yang tidak dipakai, sesuai pilihan Anda: %(columns)s.")
            if chosen
            else _("Kolom yang tidak dibaca, karena judulnya tidak dikenal atau terulang: %(columns)s.")
        )
        said.append(sentence % {"columns": ", ".join(columns + more)})
    return said


def assumed_positions_sentence(count: int) -> str:
    """Return how many measurements have no position, and how they are taken; empty when none is without."""
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d pengukuran tanpa cara ukur: di bawah 2 tahun dianggap berbaring, sesudahnya berdiri.",
        "%(count)d pengukuran tanpa cara ukur: di bawah 2 tahun dianggap berbaring, sesudahnya berdiri.",
        count,
    )
    return sentence % {"count": count}


def check_one_measurement(header: Sequence[Cell], columns: Columns, rows: Rows) -> None:
    """Raises :class:`registry.errors.Invalid` when rows hold more than one measurement, side by side."""
    repeated = [
        i
        for i in _others(header, columns)
        if (field := field_of(header[i])) in _OF_ONE_DAY and _says_else(rows, i, _columns_of(field, columns))
    ]
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


def _others(header: Sequence[Cell], columns: Columns) -> Iterator[int]:
    used = set(columns.values())
    return (i for i, title in enumerate(header) if i not in used and text_of(title))


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
