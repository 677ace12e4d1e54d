"""The one shape of a table: a page draws it, and CSV, XLSX, XLS and the API's CSV are written from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.access.visible_places import Place

Value = str | int | float | Decimal | date | None
"""A cell of a file: text, a number, a number that keeps its decimals (Decimal), a day or a moment of local
time, or nothing.
"""

DASH = "–"
"""What a page shows where there is no value."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: ``heading`` is what page and files show.

    ``key``: its name in ``?sort=``. ``parts``: what each of its values is where files have several of them,
    or ``percent``. ``names_row``: it says what a row is about.

    A column ``under_name`` has no place of its own on the page: there its text stands under the row's name,
    which stays in view while the numbers scroll. In files it is a column like any other. So is one that
    ``is_chip``, which the page shows as the chip of the row.
    """

    key: str
    heading: str
    parts: tuple[str, ...] = ()
    is_number: bool = True
    is_sortable: bool = False
    names_row: bool = False
    under_name: bool = False
    is_chip: bool = False

    def file_headings(self) -> Sequence[str]:
        """Return the heading of each of its values, with common spaces: people type them to look one up."""
        headings = [self._part_heading(part) for part in self.parts] or [self.heading]
        return [heading.replace("\N{NO-BREAK SPACE}", " ") for heading in headings]

    def _part_heading(self, part: str) -> str:
        if part in (words := _part_words(self.heading)):
            return words[part]
        return f"{self.heading} (%)" if part == "percent" and "%" not in self.heading else self.heading


def _part_words(heading: str) -> dict[str, str]:
    """Return headings by the part, for a column of the page that holds several values."""
    of = {"column": heading}
    return {
        "code": _("Kode"),
        "sex": _("Jenis kelamin"),
        "months": _("Umur"),
        "low": _("%(column)s, dari") % of,
        "high": _("%(column)s, sampai") % of,
        "children": _("%(column)s, anak") % of,
        "of": _("%(column)s, dari berapa anak") % of,
        "of_villages": _("%(column)s, dari berapa desa") % of,
        "measured": _("%(column)s, diukur") % of,
        "registered": _("%(column)s, terdaftar") % of,
        "possible": _("%(column)s, paling banyak") % of,
    }


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell that a page draws: ``text`` is what it shows, ``values`` the same for files, numbers as numbers.

    ``style``: how the cell looks, such as the shade of a heat table. ``url``: where the rows behind it are.
    """

    text: str
    values: tuple[Value, ...]
    style: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row that a page draws. ``is_heading``: it sums up others. ``chip``: stands next to its name."""

    cells: tuple[PageCell, ...]
    url: str = ""
    is_pale: bool = False
    is_heading: bool = False
    chip: str = ""


@dataclass(frozen=True, slots=True)
class DataSubjects:
    """Whom a table names, for the log: where they are, and how many of them are children.

    ``withheld``: so many children are left out since consent was withdrawn.
    """

    place: Place
    children: int
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of a page or a file; ``name`` is what addresses, file names and the log call it.

    ``rows``: rows that the page draws, or plain values for a file alone.
    ``part``: what the file is of, for its name; never the name of a person. ``filtered_by``: how it is
    filtered, for file name and log. ``about``: lines of the sheet behind it. ``subjects``: None where nobody
    is named. ``is_layout``: a file for another program, without arrows to filter. ``has_bom``: UTF-8's mark,
    by which Excel knows it; a program of statistics would take it for a part of the first heading.
    """

    name: str
    columns: Sequence[TableColumn]
    rows: Iterable[PageRow | Sequence[Value]]
    _: KW_ONLY
    part: str = ""
    month: date | None = None
    filtered_by: str = ""
    about: Sequence[tuple[str, str]] = ()
    subjects: DataSubjects | None = None
    is_layout: bool = False
    has_bom: bool = True

    @property
    def file_stem(self) -> str:
        """Return a name such as ``follow-up-33.01.02.2016-stunted``."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        return "-".join(part for part in (self.name, self.part, month, self.filtered_by) if part)

    @property
    def sheet_names(self) -> tuple[str, str]:
        """Return the names of the sheet of rows and of the sheet behind it."""
        return _("Daftar"), _("Keterangan")

    @property
    def naming_column(self) -> int:
        """Return the index of the value that names a row, which Excel keeps in view."""
        before = 0
        for column in self.columns:
            if column.names_row:
                return before
            before += len(column.parts) or 1
        return 0

    def file_header(self) -> list[str]:
        return [heading for column in self.columns for heading in column.file_headings()]

    def file_rows(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            yield [value for cell in row.cells for value in cell.values] if isinstance(row, PageRow) else row


def withheld_note(count: int) -> list[tuple[str, str]]:
    """Return the line of the sheet behind a table that says how many children it leaves out."""
    if not count:
        return []
    words = ngettext(
        "%(count)d anak tidak ada di berkas ini: orang tuanya mencabut persetujuan.",
        "%(count)d anak tidak ada di berkas ini: orang tuanya mencabut persetujuan.",
        count,
    )
    return [(_("Persetujuan"), words % {"count": count})]


PageTables = Mapping[str, Callable[[], ExportTable]]
"""The tables of a page by their name in ``?table=``; each is made when it is called. The first is given where
none is named; it may stand under no name.
"""


def list_columns(headings: Iterable[str], *, naming: int = 0) -> tuple[TableColumn, ...]:
    """Return the columns of plain values under these headings; ``naming``: the one that names a row."""
    return tuple(
        TableColumn("", heading, names_row=index == naming) for index, heading in enumerate(headings)
    )
