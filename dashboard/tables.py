"""Tables of figures, from which a page and its files are both made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from dashboard.definitions import Definition, part_of, table_definitions
from dashboard.formatting import interval, month_name, number_or_dash, percent
from dashboard.links import posyandu_url
from dashboard.narrative import short_note, verdict_word
from kpm.lokus import LokusYear
from registry.exports.page_table import DASH, ExportTable, PageCell, PageRow, TableColumn
from registry.figures import Prevalence
from registry.figures.posyandu import PosyanduRow
from registry.models import Kecamatan, Target, Village

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class FigureTable(ExportTable):
    """A table that the dashboard draws.

    ``sorted_by``: as in ``?sort=``. ``notes``: sentences to read before its rows, such as where those stand
    that have no rank.
    """

    rows: Sequence[PageRow]
    caption: str
    definitions: Sequence[Definition] = ()
    _: KW_ONLY
    sorted_by: str = ""
    notes: Sequence[str] = ()

    @property
    def sheet_names(self) -> tuple[str, str]:
        return _("Angka"), _("Cara menghitung")

    @property
    def headings(self) -> list[ColumnHeading]:
        """Return each column with where its link leads and how it is sorted now, for ``aria-sort``."""
        return [_column_heading(column, self.sorted_by) for column in self.columns if _has_place(column)]

    @property
    def body(self) -> Iterator[tuple[PageRow, list[tuple[TableColumn, PageCell]], str]]:
        """Give each row, its cells with their columns, and what stands under its name."""
        for row in self.rows:
            cells = list(zip(self.columns, row.cells, strict=True))
            under = [cell.text for column, cell in cells if column.under_name and cell.text]
            yield row, [(c, cell) for c, cell in cells if _has_place(c)], ", ".join(under)


def _has_place(column: TableColumn) -> bool:
    return not (column.under_name or column.is_chip)


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A column, the ``?sort=`` of its link (empty: none) and ascending, descending or nothing."""

    column: TableColumn
    sort: str
    aria: str


def _column_heading(column: TableColumn, sorted_by: str) -> ColumnHeading:
    if not column.is_sortable:
        return ColumnHeading(column, "", "")
    if sorted_by == column.key:
        return ColumnHeading(column, f"-{column.key}", "ascending")
    if sorted_by == f"-{column.key}":
        return ColumnHeading(column, column.key, "descending")
    # The first tap shows what one looks for: the most of a number, the beginning of a name.
    return ColumnHeading(column, f"-{column.key}" if column.is_number else column.key, "")


def figure_columns(*, is_sortable: bool) -> tuple[TableColumn, ...]:
    """Return the columns that say a rate and what it rests on."""
    return (
        TableColumn("stunted", _("Stunting"), is_sortable=is_sortable),
        TableColumn("believed", _("Dari"), is_sortable=is_sortable),
        TableColumn("rate", _("Prevalensi"), ("percent",), is_sortable=is_sortable),
        TableColumn("interval", _("Selang kepercayaan 95%"), ("low", "high")),
        TableColumn("registered", _("Terdaftar"), is_sortable=is_sortable),
        TableColumn("measured", _("Diukur"), is_sortable=is_sortable),
        TableColumn("coverage", _("Cakupan"), ("percent",), is_sortable=is_sortable),
        TableColumn("verdict", _("Terhadap target"), is_number=False),
        TableColumn("note", _("Catatan"), is_number=False, under_name=True),
    )


def figure_cells(found: Prevalence, target: Target | None) -> tuple[PageCell, ...]:
    """Return the cells of :func:`figure_columns`."""
    word = verdict_word(found, target)
    return (
        part_cell(found.numerator, of=found.denominator),
        count_cell(found.known_denominator),
        percent_cell(found.rate),
        interval_cell(found),
        count_cell(found.registered),
        count_cell(found.known_measured),
        percent_cell(found.coverage),
        PageCell(word or DASH, (word,), style="nowrap"),
        text_cell(short_note(found)),
    )


def rounded_percent(fraction: float | None) -> float | None:
    """Return a share in per cent, rounded as the page rounds it."""
    return None if fraction is None else float(f"{fraction * 100:.1f}")


def place_column(heading: str, *, is_sortable: bool = False) -> TableColumn:
    """Return the column of :func:`place_cell`."""
    return TableColumn(
        "name", heading, ("code", "name"), is_number=False, is_sortable=is_sortable, names_row=True
    )


def place_cell(place: Kecamatan | Village) -> PageCell:
    return PageCell(place.name, (place.pk, place.name))


def with_lokus(table: FigureTable, lokus: LokusYear, codes: Sequence[str] = ()) -> FigureTable:
    """Return a table of villages that says which are lokus: a chip on the page, a column in files.

    ``codes``: of the rows; by default those of their :func:`place_cell`.
    """
    at = next(index for index, column in enumerate(table.columns) if column.names_row)
    found = codes or [str(row.cells[at].values[0]) for row in table.rows]
    column = TableColumn("lokus", _("Lokus"), is_number=False, is_chip=True)
    before = next((index for index, one in enumerate(table.columns) if one.key == "verdict"), None)
    rows = []
    for row, code in zip(table.rows, found, strict=True):
        cells = list(row.cells)
        cells.insert(len(cells) if before is None else before, text_cell(lokus.words_of(code)))
        rows.append(replace(row, cells=tuple(cells), chip=lokus.words_of(code)))
    columns = list(table.columns)
    columns.insert(len(columns) if before is None else before, column)
    return replace(table, columns=columns, rows=rows)


def text_cell(text: str) -> PageCell:
    return PageCell(text, (text,))


def count_cell(count: int | None) -> PageCell:
    return PageCell(number_or_dash(count), (count,))


def part_cell(part: int | None, *, of: int) -> PageCell:
    """Return the cell of a numerator: of nobody a dash and no zero."""
    return PageCell(part_of(part), (part,)) if of else empty_cell()


def percent_cell(share: float | None) -> PageCell:
    return PageCell(percent(share), (rounded_percent(share),))


def interval_cell(found: Prevalence) -> PageCell:
    return PageCell(
        interval(found.low, found.high), (rounded_percent(found.low), rounded_percent(found.high))
    )


def empty_cell(values: int = 1) -> PageCell:
    """Return a dash, for as many values as its column has."""
    return PageCell(DASH, (None,) * values)


def posyandu_table(rows: Sequence[PosyanduRow], *, month: date, target: Target | None) -> FigureTable:
    """Return the posyandu of a village, by name: too small to be ranked."""
    columns = (
        TableColumn("name", _("Posyandu"), is_number=False, names_row=True),
        *figure_columns(is_sortable=False),
    )
    rows_drawn = tuple(
        PageRow(
            (
                text_cell(row.posyandu.name if row.posyandu else _("tanpa posyandu")),
                *figure_cells(row.summary.stunted, target),
            ),
            posyandu_url(row.posyandu, month) if row.posyandu else "",
            row.summary.stunted.pale,
        )
        for row in rows
    )
    return FigureTable("posyandu", columns, rows_drawn, _("Posyandu"), table_definitions(ranked=False))


def trend_table(found: Sequence[Prevalence], targets: dict[int, Target | None]) -> FigureTable:
    """Return the months of a trend, the newest first."""
    columns = (
        TableColumn("month", _("Bulan"), is_number=False, names_row=True),
        *figure_columns(is_sortable=False),
    )
    rows = tuple(
        PageRow(
            (text_cell(month_name(p.month)), *_month_cells(p, targets[p.month.year])),
            is_pale=p.pale,
        )
        for p in reversed(found)
    )
    return FigureTable("trend", columns, rows, _("Prevalensi tiap bulan"), table_definitions(ranked=False))


def _month_cells(found: Prevalence, target: Target | None) -> tuple[PageCell, ...]:
    """Return dashes for a month with nobody registered: nobody has counted it, which is not zero."""
    cells = figure_cells(found, target)
    if found.registered:
        return cells
    return (*(empty_cell(len(cell.values)) for cell in cells[:-1]), cells[-1])
