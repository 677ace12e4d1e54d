"""Cells of a workbook that hold an error or a formula nobody has worked out, which its reader shows empty.

Empty means "not measured", and these are not: they are put back, so that the row can be refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO

from registry.imports.readers import ods_formulas, xls_records
from registry.imports.readers.reading_limits import ERRORS, NO_VALUE, NotRead

Marks = Mapping[int, list[tuple[int, str]]]
"""By index of the row: index of the column, and what stands there."""

_CHUNK = 4 * 1024 * 1024
_LONGEST_CELL = 256 * 1024  # bytes of XML; a longer cell holds a text
_MOST_MARKS = 1_500_000  # more than a file of the field has cells with formulas
_LARGEST_PART = 4 * 1024 * 1024  # of those that only name the sheets
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_PREFIX = re.compile(rb"<(\w+:)?(?:worksheet|sheetData)\b")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")


def marks_of(content: bytes) -> Mapping[str, Marks]:
    """By sheet, where a workbook has such cells; nothing for a damaged one."""
    try:
        if content.startswith(b"PK"):
            book = zipfile.ZipFile(BytesIO(content))
            if "xl/workbook.xml" in book.namelist():
                return _of_xlsx(book)
            cells = ods_formulas.cells_without_value(book)
        else:
            cells = xls_records.cells_without_value(content)
        return {name: _by_row(iter(found)) for name, found in cells.items() if found}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, RuntimeError, NotImplementedError):
        return {}  # whoever reads the file itself says what is wrong with it


def with_marks(row: list[object], marks: list[tuple[int, str]], most_columns: int) -> list[object]:
    """The row with what stands in its cells that seem empty, or 0."""
    for column, text in marks:
        if column >= most_columns:
            continue
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text
    return row


def _of_xlsx(book: zipfile.ZipFile) -> Mapping[str, Marks]:
    paths = {
        said.get("Id", ""): _path(said.get("Target", ""))
        for said in _attributes_of(book, "xl/_rels/workbook.xml.rels", _RELATION)
    }
    found: dict[str, Marks] = {}
    for said in _attributes_of(book, "xl/workbook.xml", _SHEET):
        relation = next((value for name, value in said.items() if name.endswith(":id")), "")
        if (path := paths.get(relation)) in book.namelist() and path:
            found[said.get("name", "")] = _by_row(_in_part(book, path))
    return found


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes_of(book: zipfile.ZipFile, part: str, element: re.Pattern[bytes]) -> Iterator[dict[str, str]]:
    """The attributes of each such element."""
    with book.open(part) as stream:
        text = stream.read(_LARGEST_PART)
    for one in element.finditer(text):
        yield {
            key.decode(): unescape((double or single).decode("utf-8", "replace"))
            for key, double, single in _ATTRIBUTE.findall(one[1])
        }


def _in_part(book: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each such cell of a worksheet. Nearly all sheets have none."""
    looked_for: _Cells | None = None
    tail = b""
    with book.open(path) as stream:
        while more := stream.read(_CHUNK):
            chunk = tail + more
            looked_for = looked_for or _Cells(chunk)
            start = chunk.rfind(looked_for.cell)  # this one goes on in the next chunk
            start = start if start >= 0 and len(chunk) - start <= _LONGEST_CELL else len(chunk)
            yield from looked_for.within(chunk[:start])
            tail = chunk[start:]
    if looked_for:
        yield from looked_for.within(tail)


class _Cells:
    """Finds such cells in a piece of a sheet, which may write ``<x:c>`` for ``<c>``."""

    def __init__(self, beginning: bytes) -> None:
        said = _PREFIX.search(beginning)
        prefix = (said[1] or b"") if said else b""
        # What stands in a tag is short; without an end to it a hostile one would be looked through again and
        # again.
        formula = rb"<Xf\b(?:[^<>]{0,300}/>|[^<>]{0,300}>[^<]*</Xf>)\s*"
        no_value = rb"<Xc ([^<>]{0,300})>\s*" + formula + rb"(?:<Xv\s*/>|<Xv>\s*</Xv>)?\s*</Xc>"
        error = rb"""<Xc ([^<>]{0,300}\bt=["']e["'][^<>]{0,300})>\s*(?:""" + formula + rb")?<Xv>([^<]*)</Xv>"
        self._no_value = re.compile(no_value.replace(b"X", prefix))
        self._error = re.compile(error.replace(b"X", prefix))
        self._formula = b"<" + prefix + b"f"
        self.cell = b"<" + prefix + b"c "

    def within(self, text: bytes) -> Iterator[tuple[int, int, str]]:
        if self._formula in text:
            for cell in self._no_value.finditer(text):
                if not _TEXT_RESULT.search(cell[1]):  # of that kind is a formula that says ""
                    yield from _place_cell(cell[1], NO_VALUE)
        if b't="e"' in text or b"t='e'" in text:
            for cell in self._error.finditer(text):
                said = cell[2].decode("utf-8", "replace").strip()
                yield from _place_cell(cell[1], said if said in ERRORS else "#VALUE!")


def _place_cell(attributes: bytes, text: str) -> Iterator[tuple[int, int, str]]:
    place = _PLACE.search(attributes)
    if place is None:
        return
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - ord("A") + 1
    yield int(place[2]) - 1, column - 1, text


def _by_row(cells: Iterator[tuple[int, int, str]]) -> Marks:
    found: dict[int, list[tuple[int, str]]] = {}
    for number, (row, column, text) in enumerate(cells):
        if number >= _MOST_MARKS:
            raise NotRead("too_many_cells")
        found.setdefault(row, []).append((column, text))
    return found
