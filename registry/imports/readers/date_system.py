"""Whether a workbook counts its days from 1904, as Excel on a Mac did, and not from 1900.

The reader of workbooks minds that where a cell has the format of a date, and does not say it of the others.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from struct import error as StructError  # noqa: N812 - an exception with the name of none
from struct import unpack_from

_LOOKED_AT = 256 * 1024  # bytes; both formats say it near their beginning
_WORKBOOK = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_EXCEL_2003 = re.compile(rb"<(?:\w+:)?Date1904\b")
_STREAMS = ("Workbook", "Book")  # of Excel 97 and of Excel 5
_DATE_MODE, _END, _SHEETS = (
    0x22,
    0x0A,
    0x85,
)  # records of BIFF; the mode stands before the sheets
_ENTRY = 128  # bytes of an entry of the directory
_LAST_SECTOR = 0xFFFFFFF9  # numbers above mean something else


def since_1904(content: bytes) -> bool:
    """Of an .xlsx, .xls or .ods. What cannot be read counts from 1900: its reader says what is wrong."""
    try:
        if content.startswith(b"PK"):
            return _says_so(content)
        return _date_mode(_stream(content))
    except (StructError, IndexError, KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error):
        return False
    except (NotImplementedError, RuntimeError):  # a zip of another method, or behind a password
        return False


def is_1904_xml(content: bytes) -> bool:
    """Of Excel's XML of 2003."""
    return _EXCEL_2003.search(content, 0, _LOOKED_AT) is not None


def _says_so(content: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(content)) as book, book.open("xl/workbook.xml") as part:
        start = part.read(_LOOKED_AT)
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _WORKBOOK.search(start.decode(encoding, "ignore")) is not None


def _date_mode(stream: bytes) -> bool:
    """What the record of that name says, which stands before the sheets."""
    at = 0
    while at + 6 <= len(stream):
        record, size = unpack_from("<HH", stream, at)
        if record == _DATE_MODE:
            return bool(unpack_from("<H", stream, at + 4)[0])
        if record in (_END, _SHEETS):
            break
        at += 4 + size
    return False


def _stream(content: bytes) -> bytes:
    """The beginning of the stream that holds the workbook of a compound file."""
    sector = 1 << min(unpack_from("<H", content, 30)[0], 16)
    first_entry, _transaction, small, first_small = unpack_from("<4I", content, 48)
    sectors = [i for i in unpack_from("<109I", content, 76) if i < _LAST_SECTOR]
    file = _Sectors(content[sector:], sector, _numbers(_Sectors(content[sector:], sector, ()).of(sectors)))
    entries = file.beginning(first_entry)
    root = unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length = unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "ignore") in _STREAMS:
            start, size = unpack_from("<II", entries, at + 116)
            if size >= small:
                return file.beginning(start)
            return _Sectors(file.beginning(root), 64, _numbers(file.beginning(first_small))).beginning(start)
    return b""


def _numbers(table: bytes) -> Sequence[int]:
    return unpack_from(f"<{len(table) // 4}I", table)


class _Sectors:
    """Pieces of one size, of which a table says which follows which."""

    def __init__(self, content: bytes, size: int, following: Sequence[int]) -> None:
        self._content, self._size, self._following = content, size, following

    def beginning(self, start: int) -> bytes:
        """The first bytes of what begins in the sector ``start``."""
        return self.of(self._chain(start))

    def of(self, sectors: Sequence[int] | Iterator[int]) -> bytes:
        return b"".join(self._content[i * self._size : (i + 1) * self._size] for i in sectors)

    def _chain(self, start: int) -> Iterator[int]:
        for _ in range(_LOOKED_AT // self._size):
            if start >= min(_LAST_SECTOR, len(self._following)):
                return
            yield start
            start = self._following[start]
