"""Names of months as files write them, and the month that a title says."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_NAMES = (
    ("JANUARI", "JANUARY", "JAN"),
    ("FEBRUARI", "PEBRUARI", "FEBRUARY", "FEB", "PEB"),
    ("MARET", "MARCH", "MAR"),
    ("APRIL", "APR"),
    ("MEI", "MAY"),
    ("JUNI", "JUNE", "JUN"),
    ("JULI", "JULY", "JUL"),
    ("AGUSTUS", "AUGUST", "AGUST", "AGU", "AGS", "AGT", "AUG"),
    ("SEPTEMBER", "SEPT", "SEP"),
    ("OKTOBER", "OCTOBER", "OKT", "OCT"),
    ("NOVEMBER", "NOPEMBER", "NOV", "NOP"),
    ("DESEMBER", "DECEMBER", "DES", "DEC"),
)
MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
"""From a name in capitals, in Indonesian or English, whole or short."""

_STARTS = {name[:3]: number for name, number in MONTHS.items()}
_IN_TITLE = re.compile(rf"\b(?:(20\d\d) )?({'|'.join(MONTHS)})(?: ?(20\d\d|[12]\d))?\b", re.ASCII)


def month_named(name: str) -> int | None:
    """Return the number of a month by its name in Indonesian or English, cut or not."""
    return _STARTS.get(name[:3].upper())


class NamedMonth(NamedTuple):
    """A month as a title has it: of a year, or of none that is said."""

    year: int | None
    number: int

    @property
    def words(self) -> str:
        """As ``Januari 2024``, in the language of the files."""
        return f"{_NAMES[self.number - 1][0].capitalize()} {self.year or ''}".strip()

    def has(self, day: date) -> bool:
        """Return whether a day lies in it; without a year, in that month of any."""
        return day.month == self.number and self.year in (None, day.year)


def split_month(title: str) -> tuple[NamedMonth | None, str]:
    """Return the month of a title in capitals, and the rest of it; None where it says none or two."""
    found = list(_IN_TITLE.finditer(title))
    if len(found) != 1:
        return None, title
    before, name, behind = found[0].groups()
    year = int((before or behind or "0")[-2:])
    rest = f"{title[: found[0].start()]} {title[found[0].end() :]}"
    return NamedMonth(2000 + year if year else None, MONTHS[name]), " ".join(rest.split())
