"""Which kind of file the bytes are, whatever the file is called."""

from __future__ import annotations

import re
from enum import StrEnum

from registry.imports.readers.encodings import encoding_of
from registry.imports.readers.reading_limits import NotRead


class Kind(StrEnum):
    ZIP = "zip"  # .xlsx, .xlsm, .ods
    OLE = "ole"  # .xls, and .xlsx behind a password
    HTML = "html"
    EXCEL_2003 = "excel_2003"
    TEXT = "text"


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
