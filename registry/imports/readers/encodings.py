"""What the text of a file is written in."""

from __future__ import annotations

import re

from registry.imports.readers.reading_limits import NotRead

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LOOKED_AT = 1024  # bytes; enough to see every other one is zero
_MOSTLY = 0.8
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")


def encoding_of(content: bytes) -> str:
    """The encoding: by its mark, UTF-16 by its zeros, UTF-8 where it is that, else Windows' own 1252.

    UTF-8 goes before anything the file says of itself: text with an accent is hardly ever both, and pages
    say one thing and are another. Raises :class:`NotRead` for what is no text in any of them.
    """
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    wide = marked or _wide(content[:_LOOKED_AT])
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
