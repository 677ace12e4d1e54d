"""Through a CSV of any length from its first byte to its last, with one chunk of it in memory.

The result has the delimiter, decimal mark, line ends and byte order mark of the file it was made from.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain, islice
from typing import TextIO

from registry.growth.batch import CHUNK
from registry.growth.cells.dates import Order
from registry.growth.cells.formulas import escape_written
from registry.growth.zscore_csv.chunk import ChunkScorer, ScoreTally
from registry.growth.zscore_csv.headings import Unreadable, find_columns, output_header
from registry.growth.zscore_csv.writing_style import Cells, detect_style

MOST_CELLS = CHUNK * 16
"""Cells in memory at a time: a file of more than 16 columns goes through in smaller chunks."""

_LONGEST_LINE = 1 << 20  # characters; what has no line ends is no table
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_SEPARATOR = re.compile(r"sep=[;,\t|]\s*", re.IGNORECASE)  # Excel writes and reads it
_AS_1252 = "scoring.as_1252"


@dataclass(frozen=True, slots=True)
class Options:
    """What the file itself cannot tell.

    labels: ``id``, ``en`` or ``code``, the words of the classes. order: of day and month in its dates;
    without it each column of dates has to prove its own.
    """

    labels: str = "id"
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class _CsvStyle:
    """How the file is written."""

    delimiter: str
    line_end: str
    mark: str


def score_csv(
    source: BufferedReader,
    write: Callable[[str], object],
    options: Options = Options(),
    progress: Callable[[int], object] = lambda rows: None,
) -> ScoreTally:
    """Write the rows of ``source`` with their z-scores, chunk by chunk, and return their counts.

    write: takes text with its line ends, after every chunk. progress: takes the number of rows just written.
    Raises :class:`Unreadable` for what is no CSV or lacks columns; what was written until then stands.
    """
    tally = ScoreTally()
    with _open_decoded(source) as text:
        style, lines = _detect_style(_lines(text))
        rows = _rows(csv.reader(lines, delimiter=style.delimiter, strict=True))
        header = next(rows, None)
        if header is None:
            raise Unreadable("Berkas ini kosong. / This file is empty.")
        columns = find_columns(header)
        write(style.mark + _text([output_header(header)], style))
        scorer, most = None, max(1, min(CHUNK, MOST_CELLS // len(header)))
        while chunk := list(islice(rows, most)):
            if scorer is None:
                manner = detect_style(chunk, columns, delimiter=style.delimiter, order=options.order)
                scorer = ChunkScorer(columns, len(header), words=options.labels, manner=manner)
            scored, counts = scorer.score(chunk)
            write(_text(scored, style))
            tally.add(counts)
            progress(counts.rows)
    return tally


# --- From bytes to rows -------------------------------------------------------------------------------


@contextmanager
def _open_decoded(source: BufferedReader) -> Iterator[TextIO]:
    """Yield the text of a file: UTF-8, what is not UTF-8 as Windows' 1252, and UTF-16 where it is marked."""
    utf_16 = source.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    codecs.register_error(_AS_1252, _as_1252)
    text = io.TextIOWrapper(source, "utf-16" if utf_16 else "utf-8", errors=_AS_1252, newline="")
    try:
        yield text
    finally:
        text.detach()  # the file belongs to the caller, who closes it


def _as_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode only the bytes that are no UTF-8: that a file has some is known when most of it is written."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if "\0" in line or len(line) == _LONGEST_LINE:
            raise Unreadable(
                "Berkas ini bukan teks CSV. Bila dari Excel, simpan sebagai CSV lalu ulangi. / "
                "This is not CSV text. If it is from Excel, save it as CSV and try again."
            )
        yield line


def _detect_style(lines: Iterator[str]) -> tuple[_CsvStyle, Iterator[str]]:
    """Return how the file is written, by its first line with text, and its lines from the header on."""
    first = next(lines, "")
    mark = _MARK if first.startswith(_MARK) else ""
    first = first.removeprefix(_MARK)
    while first.isspace():
        first = next(lines, "")
    line_end = "\r\n" if first.endswith("\r\n") else "\n"
    if _SEPARATOR.fullmatch(first):
        return _CsvStyle(first[4], line_end, mark), lines
    delimiter = max(",;\t", key=first.count)
    return _CsvStyle(delimiter, line_end, mark), chain([first], lines)


def _rows(reader: Iterator[Cells]) -> Iterator[Cells]:
    """Return the rows that are no blank lines."""
    try:
        yield from filter(None, reader)
    except csv.Error as error:
        line = getattr(reader, "line_num", 0)
        raise Unreadable(
            f"Baris {line} bukan CSV: tanda kutipnya tidak berpasangan. Perbaiki lalu ulangi. / "
            f"Line {line} is not CSV: its quotes do not match. Mend it and try again. ({error})"
        ) from None


# --- From rows to text --------------------------------------------------------------------------------


def _text(rows: Sequence[Cells], style: _CsvStyle) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=style.delimiter, lineterminator=style.line_end).writerows(
        map(escape_written, row) for row in rows
    )
    return text.getvalue()
