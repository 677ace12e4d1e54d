"""Tables of figures: one description from which the page and its CSV are both made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.definitions import Definition, more_definitions, part_of, table_definitions
from dashboard.formatting import DASH, interval, month_name, number, percent, short_percent, signed
from dashboard.links import address_of, posyandu_address
from dashboard.narrative import children_over, note_code, short_note, verdict_code, verdict_word
from registry.figures import Change, Direction, KecamatanRow, Prevalence, VillageRow
from registry.figures.posyandu import PosyanduRow
from registry.figures.prevalence import FEW_CHILDREN, LOW_COVERAGE
from registry.models import Kecamatan, Target, Village
from registry.statistics.empirical_bayes import Shrunk

Value = str | int | float | None

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the names of its values in the CSV, if it sorts and if it names the row.

    A column ``under_name`` has no place of its own on the page: there its words stand under the row's name,
    which stays in view while the numbers scroll. In files it is a column like any other.
    """

    key: str
    label: str
    names: tuple[str, ...]
    number: bool = True
    sortable: bool = False
    names_row: bool = False
    under_name: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, and the same as values for the files (percentages with the decimal that is shown).

    ``kind``: how the cell looks, such as the shade of a heat table.
    """

    text: str
    values: tuple[Value, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A place, a month or a group. ``order`` holds what each column sorts by; ``rank`` is None when not
    ranked; ``heading`` marks a row that sums up others.
    """

    cells: tuple[Cell, ...]
    url: str = ""
    pale: bool = False
    heading: bool = False
    rank: int | None = None
    order: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` names it in the address; ``heads`` the columns; ``sorted_by`` as in ``?sort=``.

    ``notes``: sentences to read before its rows, such as where those stand that have no rank.
    """

    key: str
    caption: str
    heads: tuple[Column, ...]
    rows: tuple[Row, ...]
    definitions: tuple[Definition, ...] = ()
    sorted_by: str = ""
    ranked: bool = False
    notes: tuple[str, ...] = ()

    @property
    def headings(self) -> list[Heading]:
        """Each column with where its link leads and how it is sorted now, for ``aria-sort``."""
        return [_heading(column, self.sorted_by) for column in self.heads if not column.under_name]

    @property
    def body(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]], str]]:
        """Each row with its cells, each cell with its column, and what stands under its name."""
        for row in self.rows:
            cells = list(zip(self.heads, row.cells, strict=True))
            under = [cell.text for column, cell in cells if column.under_name and cell.text]
            yield row, [(c, cell) for c, cell in cells if not c.under_name], ", ".join(under)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column, the ``?sort=`` of its link (empty: none) and ascending, descending or nothing."""

    column: Column
    sort: str
    aria: str


def _heading(column: Column, sorted_by: str) -> Heading:
    if not column.sortable:
        return Heading(column, "", "")
    if sorted_by == column.key:
        return Heading(column, f"-{column.key}", "ascending")
    if sorted_by == f"-{column.key}":
        return Heading(column, column.key, "descending")
    # The first tap shows what one looks for: the most of a number, the beginning of a name.
    return Heading(column, f"-{column.key}" if column.number else column.key, "")


@dataclass(frozen=True, slots=True)
class More:
    """What is said of a place beside its rate: the empirical Bayes estimate, and the change in six months."""

    estimate: Shrunk | None
    change: Change | None


def more_columns() -> tuple[Column, ...]:
    """The columns of :class:`More`."""
    return (
        Column(
            "estimate",
            _("Perkiraan"),
            ("estimate_percent", "estimate_percent_low", "estimate_percent_high"),
            sortable=True,
        ),
        Column(
            "change",
            _("Berubah 6 bulan"),
            ("change_points", "change_points_low", "change_points_high"),
            sortable=True,
        ),
    )


def more_cells(more: More | None) -> tuple[Cell, ...]:
    """The cells of :func:`more_columns`; a dash where nothing can be said."""
    estimate, change = (more.estimate, more.change) if more else (None, None)
    return (
        Cell(DASH, (None, None, None))
        if estimate is None
        else Cell(percent(estimate.rate), (shown(estimate.rate), shown(estimate.low), shown(estimate.high))),
        Cell(DASH, (None, None, None))
        if change is None
        else Cell(
            change_words(change),
            (shown(change.difference), shown(change.low), shown(change.high)),
            kind="wraps",
        ),
    )


def change_words(change: Change) -> str:
    """The change in points, and in words whether it is more than chance."""
    points = signed(change.difference * 100)
    said = {Direction.UP: _("naik"), Direction.DOWN: _("turun"), Direction.UNCLEAR: _("belum jelas")}
    # The words stay whole, so that they may stand under the number where the table has little room.
    return f"{points} ({said[change.direction].replace(' ', NO_BREAK)})"


def figure_columns(*, sortable: bool) -> tuple[Column, ...]:
    """The columns that say a rate and what it rests on."""
    return (
        Column("stunted", _("Stunting"), ("stunted",), sortable=sortable),
        Column("believed", _("Dari"), ("height_believed",), sortable=sortable),
        Column("rate", _("Angka"), ("percent",), sortable=sortable),
        Column("interval", _("Rentang 95 %").replace(" %", f"{NO_BREAK}%"), ("percent_low", "percent_high")),
        Column("registered", _("Terdaftar"), ("registered",), sortable=sortable),
        Column("measured", _("Diukur"), ("measured",), sortable=sortable),
        Column("coverage", _("Cakupan"), ("coverage_percent",), sortable=sortable),
        Column("verdict", _("Terhadap target"), ("against_target",), number=False),
        Column("note", _("Catatan"), ("note",), number=False, under_name=True),
    )


def figure_cells(found: Prevalence, target: Target | None) -> tuple[Cell, ...]:
    """The cells of :func:`figure_columns`. Without a child counted the numerator is a dash, not a zero."""
    nobody = found.denominator == 0
    return (
        Cell(DASH, (None,)) if nobody else Cell(part_of(found.numerator), (found.numerator,)),
        Cell(number(found.denominator), (found.denominator,)),
        Cell(percent(found.rate), (shown(found.rate),)),
        Cell(interval(found.low, found.high), (shown(found.low), shown(found.high))),
        Cell(number(found.registered), (found.registered,)),
        Cell(number(found.measured), (found.measured,)),
        Cell(percent(found.coverage), (shown(found.coverage),)),
        Cell(verdict_word(found, target) or DASH, (verdict_code(found, target),), kind="nowrap"),
        Cell(short_note(found), (note_code(found),)),
    )


def shown(fraction: float | None) -> float | None:
    """A share in per cent, rounded as the page rounds it."""
    return None if fraction is None else float(f"{fraction * 100:.1f}")


def kecamatan_table(
    rows: Sequence[KecamatanRow],
    *,
    month: date,
    target: Target | None,
    sort: str,
    more: Mapping[str, More] | None = None,
    notes: tuple[str, ...] = (),
) -> Table:
    """The kecamatan of a district, sorted and ranked; ``more`` by code where estimate and change are told."""
    heads = (
        Column("rank", _("Urutan"), ("rank",)),
        Column("name", _("Kecamatan"), ("code", "name"), number=False, sortable=True, names_row=True),
        *_place_columns(more),
    )
    made = [_place_row(r.kecamatan, r.summary.stunted, month, target, more=more) for r in rows]
    caption = _("Kecamatan")
    return _ranked_table("kecamatan", caption, heads, made, sort, with_more=more is not None, notes=notes)


def village_table(
    rows: Sequence[VillageRow],
    *,
    month: date,
    target: Target | None,
    sort: str,
    with_kecamatan: bool,
    more: Mapping[str, More] | None = None,
    notes: tuple[str, ...] = (),
) -> Table:
    """Villages, sorted and ranked; ``with_kecamatan`` where they are of more than one."""
    between = (
        (Column("kecamatan", _("Kecamatan"), ("kecamatan",), number=False, sortable=True),)
        if with_kecamatan
        else ()
    )
    heads = (
        Column("rank", _("Urutan"), ("rank",)),
        Column("name", _("Desa/kelurahan"), ("code", "name"), number=False, sortable=True, names_row=True),
        *between,
        *_place_columns(more),
    )
    made = []
    for r in rows:
        home = (r.village.kecamatan.name,) if with_kecamatan else ()
        made.append(_place_row(r.village, r.summary.stunted, month, target, home, more=more))
    caption = _("Desa dan kelurahan")
    return _ranked_table("villages", caption, heads, made, sort, with_more=more is not None, notes=notes)


def posyandu_table(rows: Sequence[PosyanduRow], *, month: date, target: Target | None) -> Table:
    """The posyandu of a village, by name: too small to be ranked."""
    heads = (
        Column("name", _("Posyandu"), ("name",), number=False, names_row=True),
        *figure_columns(sortable=False),
    )
    made = tuple(
        Row(
            (
                Cell(row.posyandu.name, (row.posyandu.name,))
                if row.posyandu
                else Cell(_("tanpa posyandu"), ("",)),
                *figure_cells(row.summary.stunted, target),
            ),
            posyandu_address(row.posyandu, month) if row.posyandu else "",
            row.summary.stunted.pale,
        )
        for row in rows
    )
    return Table("posyandu", _("Posyandu"), heads, made, tuple(table_definitions(ranked=False)))


def trend_table(found: Sequence[Prevalence], targets: dict[int, Target | None]) -> Table:
    """The months of a trend, the newest first."""
    heads = (
        Column("month", _("Bulan"), ("month",), number=False, names_row=True),
        *figure_columns(sortable=False),
    )
    rows = tuple(
        Row(
            (Cell(month_name(p.month), (f"{p.month:%Y-%m}",)), *_month_cells(p, targets[p.month.year])),
            pale=p.pale,
        )
        for p in reversed(found)
    )
    return Table("trend", _("Angka tiap bulan"), heads, rows, tuple(table_definitions(ranked=False)))


def _month_cells(found: Prevalence, target: Target | None) -> tuple[Cell, ...]:
    """As :func:`figure_cells`; nobody registered is a month that nobody has counted, which is not zero."""
    cells = figure_cells(found, target)
    if found.registered:
        return cells
    return (*(Cell(DASH, (None,) * len(cell.values)) for cell in cells[:-1]), cells[-1])


def _place_columns(more: Mapping[str, More] | None) -> tuple[Column, ...]:
    """The figures with the children over the target, and after the rate what ``more`` says of it."""
    columns = figure_columns(sortable=True)
    over = Column("over", _("Anak di atas target"), ("children_over_target",), sortable=True)
    return (*columns[:4], over, *(() if more is None else more_columns()), *columns[4:])


def _place_row(
    place: Kecamatan | Village,
    found: Prevalence,
    month: date,
    target: Target | None,
    between: tuple[str, ...] = (),
    *,
    more: Mapping[str, More] | None = None,
) -> Row:
    figures = figure_cells(found, target)
    of_place = None if more is None else more.get(place.pk)
    over = children_over(found, target)
    cells = (
        Cell(place.name, (place.pk, place.name)),
        *(Cell(words, (words,)) for words in between),
        *figures[:4],
        Cell(DASH if over is None else number(over), (over,)),
        *(() if more is None else more_cells(of_place)),
        *figures[4:],
    )
    order = {
        "name": (place.name,),
        "kecamatan": (*between, place.name),
        "stunted": found.numerator,
        "believed": found.denominator,
        "rate": None if found.pale else found.rate,
        "unranked_rate": found.rate,
        "over": over,
        "registered": found.registered,
        "measured": found.measured,
        "coverage": found.coverage,
        "estimate": of_place.estimate.rate if of_place and of_place.estimate else None,
        "change": of_place.change.difference if of_place and of_place.change else None,
    }
    return Row(cells, address_of(place, month), found.pale or found.suppressed, order=order)


def _ranked_table(
    key: str,
    caption: str,
    heads: tuple[Column, ...],
    rows: list[Row],
    sort: str,
    *,
    with_more: bool,
    notes: tuple[str, ...],
) -> Table:
    ranked = _with_ranks(rows)
    ordered = tuple(
        replace(row, cells=(Cell(DASH if row.rank is None else number(row.rank), (row.rank,)), *row.cells))
        for row in sorted_rows(ranked, sort)
    )
    explained = table_definitions(ranked=True) + (more_definitions() if with_more else [])
    said = tuple(note for note in (_say_unranked(ranked, sort), *notes) if note)
    return Table(key, caption, heads, ordered, tuple(explained), sort, ranked=True, notes=said)


def _say_unranked(rows: Sequence[Row], sort: str) -> str:
    """Where those without a rank stand, in a table that is sorted by the rate; empty where all have one."""
    parts = {"few": number(FEW_CHILDREN), "coverage": short_percent(LOW_COVERAGE * 100)}
    unranked = sum(row.rank is None for row in rows)
    if not unranked or sort.removeprefix("-") != "rate":
        return ""
    if unranked == len(rows):
        return (
            _(
                "Belum ada yang dapat diberi urutan: semuanya kurang dari %(few)s anak atau cakupannya di "
                "bawah %(coverage)s. Barisnya menurut angka saja."
            )
            % parts
        )
    return (
        _(
            "Yang kurang dari %(few)s anak atau cakupannya di bawah %(coverage)s tidak diberi urutan: "
            "barisnya ada setelah yang berurutan, lagi menurut angka."
        )
        % parts
    )


def _with_ranks(rows: list[Row]) -> list[Row]:
    """Rank 1 for the highest rate; equal rates share a rank, rows without a rate to compare have none."""
    rates = sorted((r.order["rate"] for r in rows if r.order["rate"] is not None), reverse=True)
    first = {rate: index for index, rate in reversed(list(enumerate(rates, start=1)))}
    return [replace(row, rank=first.get(row.order["rate"])) for row in rows]


def sorted_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Rows by the column ``sort``, high to low with a minus before it; rows without a value come last.

    By the rate that ranks: first those that have a rank, then the others that have a rate, in the same
    direction, then those without.
    """
    key, down = sort.removeprefix("-"), sort.startswith("-")
    by_name = sorted(rows, key=lambda row: row.order["name"])
    keys = ("rate", "unranked_rate") if key == "rate" else (key,)
    ordered: list[Row] = []
    left = by_name
    for by in keys:
        known = [row for row in left if row.order.get(by) is not None]
        left = [row for row in left if row.order.get(by) is None]
        ordered += sorted(known, key=lambda row: row.order[by], reverse=down)
    return ordered + left
