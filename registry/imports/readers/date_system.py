"""Whether a workbook counts its days from 1904, as Excel on a Mac did, and not from 1900.

The reader of workbooks minds that where a cell has the format of a date, and does not say it of the others.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from registry.imports.readers.xls_records import counts_from_1904

_LOOKED_AT = 256 * 1024  # bytes; both formats say it near their beginning
_WORKBOOK = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_EXCEL_2003 = re.compile(rb"<(?:\w+:)?Date1904\b")


def since_1904(content: bytes) -> bool:
    """Of an .xlsx, .xls or .ods. What cannot be read counts from 1900: its reader says what is wrong."""
    if not content.startswith(b"PK"):
        return counts_from_1904(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as book, book.open("xl/workbook.xml") as part:
            start = part.read(_LOOKED_AT)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error):
        return False
    except (NotImplementedError, RuntimeError):  # a zip of another method, or behind a password
        return False
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _WORKBOOK.search(start.decode(encoding, "ignore")) is not None


def is_1904_xml(content: bytes) -> bool:
    """Of Excel's XML of 2003."""
    return _EXCEL_2003.search(content, 0, _LOOKED_AT) is not None
