"""Which kind of file the bytes are, whatever the file is called, and what its text is written in."""

from __future__ import annotations

import re
from enum import StrEnum

from registry.imports.readers.reading_limits import NotRead


class Kind(StrEnum):
    ZIP = "zip"  # .xlsx, .xlsm, .ods
    OLE = "ole"  # .xls, and .xlsx behind a password
    HTML = "html"
    EXCEL_2003 = "excel_2003"
    TEXT = "text"


_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_START = 1024  # bytes; enough to see every other one is zero
_MOSTLY = 0.8
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")
_OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_LOOKED_AT = 16 * 1024  # bytes; styles and remarks may come before the first table
_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_ELEMENT = re.compile(r"<(?:[a-z_][\w.-]*:)?([a-z][a-z0-9]*)")
_HTML = frozenset(
    {"html", "head", "body", "meta", "title", "base", "link", "style", "script", "table", "thead", "tbody"}
    | {"tr", "td", "div", "center", "p", "br", "b", "h1", "h2", "h3", "h4", "font", "span", "form"}
)


def kind_of(content: bytes) -> Kind:
    """The kind of a file. Raises :class:`NotRead` for what is none of the field's spreadsheets."""
    if content.startswith(b"PK\x03\x04"):
        return Kind.ZIP
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.OLE
    if content.startswith(_OTHERS):
        raise NotRead("not_a_spreadsheet")
    encoding = encoding_of(content)
    start = content[:_LOOKED_AT].decode(encoding, "ignore").lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:"):
        raise NotRead("web_page")
    return _markup(start) or Kind.TEXT


def _markup(start: str) -> Kind | None:
    """HTML or Excel's XML of 2003, by the first element; a table below a line of plain text is HTML too."""
    if start.startswith("<"):
        element = _ELEMENT.search(_REMARK.sub("", start))
        name = element[1] if element else ""
        if name == "workbook":
            return Kind.EXCEL_2003
        if name in _HTML or start.startswith("<!doctype html"):
            return Kind.HTML
        if start.startswith("<?xml"):
            raise NotRead("web_page")
    return Kind.HTML if "<table" in start and "<tr" in start else None


def encoding_of(content: bytes) -> str:
    """The encoding: by its mark, UTF-16 by its zeros, UTF-8 where it is that, else Windows' own 1252.

    UTF-8 goes before anything the file says of itself: text with an accent is hardly ever both, and pages
    say one thing and are another. Raises :class:`NotRead` for what is no text in any of them.
    """
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    wide = marked or _wide(content[:_START])
    for encoding in (wide,) if wide else ("utf-8", "cp1252"):
        if _is_text(content, encoding):
            return encoding
    if marked == "utf-8-sig" and _is_text(content[3:], "cp1252"):
        return "cp1252"  # a name pasted into a file of another program, which kept its mark
    raise NotRead("not_a_spreadsheet")


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: western text has a zero in every other byte, and none in the rest."""
    pairs = len(start) // 2
    even, odd = start[::2], start[1::2]
    for encoding, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if pairs and zeros.count(0) >= _MOSTLY * pairs and not _CONTROL.search(letters):
            return encoding
    return None


def _is_text(content: bytes, encoding: str) -> bool:
    if not encoding.startswith("utf-16") and b"\0" in content:
        return False
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not encoding.startswith("utf-16") or "\0" not in text
