"""What the records of an .xls (BIFF5 and BIFF8, in an OLE file) say of formulas, errors and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from struct import Struct, error, unpack_from

from olefile import OleFileIO

from registry.imports.readers.reading_limits import NO_VALUE

Cells = list[tuple[int, int, str]]
"""Row, column and what stands there, from 0."""

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_HEAD = Struct("<HH")
_PLACE = Struct("<HH")
_BOF, _EOF, _BOUNDSHEET, _FORMULA, _BOOLERR = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
_DATE_MODE = 0x0022
_BIFF5 = 0x0500
_EMPTY_TEXT = b"\x17\x00"  # in a formula: the text ""


def cells_without_value(content: bytes) -> Mapping[str, Cells]:
    """By sheet, the cells with an error and those with a formula nobody has worked out.

    None in a file that is damaged.
    """
    try:
        book = _workbook_stream(content)
        return _sheets(book) if book else {}
    except (error, IndexError, ValueError, OSError):
        return {}


def counts_from_1904(content: bytes) -> bool:
    """Return whether the book counts its days from 1904; False for a damaged one."""
    try:
        book = _workbook_stream(content)
        modes = (
            unpack_from("<H", book, at)[0] for kind, at, _size in _records(book, 0) if kind == _DATE_MODE
        )
        return bool(next(modes, 0))
    except (error, IndexError, ValueError, OSError):
        return False


@dataclass(frozen=True, slots=True)
class _SheetRecords:
    marks: Cells
    empty: Cells
    worked_out: bool  # a formula has a value


def _sheets(book: bytes) -> Mapping[str, Cells]:
    """Return the marked cells by sheet.

    An empty result is that of a formula which says "", or of a program that does not work formulas out. It is
    of the latter where no formula of the file has a value.
    """
    is_old = unpack_from("<H", book, 4)[0] == _BIFF5
    found: dict[str, _SheetRecords] = {}
    for kind, start, length in _records(book, 0):
        if kind == _BOUNDSHEET:
            (position,) = unpack_from("<I", book, start)
            found[_name(book[start + 6 : start + length], is_old)] = _of_sheet(book, position)
    worked_out = any(one.worked_out for one in found.values())
    return {name: one.marks if worked_out else one.marks + one.empty for name, one in found.items()}


def _name(said: bytes, is_old: bool) -> str:
    if is_old:
        return said[1 : 1 + said[0]].decode("cp1252", "replace")
    wide = said[1] & 1
    return said[2 : 2 + said[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(book: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record of one part of the book; parts of a part are passed."""
    depth, end = 0, len(book) - 4
    head = _HEAD.unpack_from
    while position <= end:
        kind, length = head(book, position)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, position + 4, length
        position += 4 + length


def _of_sheet(book: bytes, position: int) -> _SheetRecords:
    marks: Cells = []
    empty: Cells = []
    worked_out = False
    for kind, start, length in _records(book, position):
        if kind == _FORMULA:
            row, column = _PLACE.unpack_from(book, start)
            result = book[start + 6 : start + 14]
            if result[6:] != b"\xff\xff" or result[0] < 2:
                worked_out = True
            elif result[0] == 2:
                worked_out = True
                marks.append((row, column, _ERRORS.get(result[2], "#VALUE!")))
            elif _EMPTY_TEXT not in book[start + 22 : start + length]:
                empty.append((row, column, NO_VALUE))
        elif kind == _BOOLERR and book[start + 7] == 1:
            row, column = _PLACE.unpack_from(book, start)
            marks.append((row, column, _ERRORS.get(book[start + 6], "#VALUE!")))
    return _SheetRecords(marks, empty, worked_out)


def _workbook_stream(content: bytes) -> bytes:
    """The stream of the workbook in an OLE file; empty where there is none."""
    with OleFileIO(BytesIO(content)) as book:
        name = next((name for name in ("Workbook", "Book") if book.exists(name)), None)
        return book.openstream(name).read() if name else b""
