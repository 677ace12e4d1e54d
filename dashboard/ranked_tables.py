"""Tables of places that are ranked by their rate and sorted by any column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.definitions import ESTIMATES, table_definitions
from dashboard.formatting import number, percent, short_percent, with_sign
from dashboard.links import place_url
from dashboard.narrative import count_children_over
from dashboard.tables import (
    NO_BREAK,
    FigureTable,
    count_cell,
    empty_cell,
    figure_cells,
    figure_columns,
    place_cell,
    place_column,
    rounded_percent,
    text_cell,
)
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.figures import Change, Direction, PlaceRows, Prevalence
from registry.figures.prevalence import FEW_CHILDREN, LOW_COVERAGE
from registry.models import Kecamatan, Target, Village
from registry.statistics.empirical_bayes import Shrunk


@dataclass(frozen=True, slots=True)
class EstimateAndChange:
    """What stands next to the rate of a place: its empirical Bayes estimate, and the change in six months."""

    estimate: Shrunk | None
    change: Change | None


Estimates = Mapping[str, EstimateAndChange]
"""By the code of the place."""


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A row with what each column sorts by. ``rank``: None when not ranked."""

    row: PageRow
    sort_values: Mapping[str, Any]
    rank: int | None = None


def ranked_table(
    name: str,
    rows: PlaceRows,
    *,
    month: date,
    target: Target | None,
    sort: str,
    estimates: Estimates | None = None,
    notes: Sequence[str] = (),
) -> FigureTable:
    """Return the kecamatan of a district or villages (``name``), sorted and ranked.

    Villages have their kecamatan where they are of more than one; ``estimates`` stand where they are given.
    """
    heading, caption = {
        "kecamatan": (_("Kecamatan"), _("Kecamatan")),
        "villages": (_("Desa/kelurahan"), _("Desa dan kelurahan")),
    }[name]
    homes = {row.place.kecamatan_id for row in rows if isinstance(row.place, Village)}
    kecamatan = TableColumn("kecamatan", _("Kecamatan"), is_number=False, is_sortable=True)
    columns = (
        TableColumn("rank", _("Urutan")),
        place_column(heading, is_sortable=True),
        *([kecamatan] if len(homes) > 1 else []),
        *_place_columns(estimates),
    )
    ranked = _with_ranks(
        [_place_row(row.place, row.stunted, month, target, estimates, len(homes) > 1) for row in rows]
    )
    return FigureTable(
        name,
        columns,
        [replace(one.row, cells=(count_cell(one.rank), *one.row.cells)) for one in sorted_rows(ranked, sort)],
        caption,
        table_definitions(ranked=True) + ([] if estimates is None else [*ESTIMATES]),
        sorted_by=sort,
        notes=[note for note in (_unranked_note(ranked, sort), *notes) if note],
    )


def _place_columns(estimates: Estimates | None) -> tuple[TableColumn, ...]:
    """Return the figures with the children over the target, and after the rate its estimate and change."""
    columns = figure_columns(is_sortable=True)
    over = TableColumn("over", _("Kelebihan anak stunting dari target"), is_sortable=True)
    return (*columns[:4], over, *(() if estimates is None else _estimate_columns()), *columns[4:])


def _estimate_columns() -> tuple[TableColumn, ...]:
    return (
        TableColumn(
            "estimate",
            _("Perkiraan"),
            ("percent", "low", "high"),
            is_sortable=True,
        ),
        TableColumn(
            "change",
            _("Berubah 6 bulan"),
            ("points", "low", "high"),
            is_sortable=True,
        ),
    )


def _estimate_cells(known: EstimateAndChange | None) -> tuple[PageCell, ...]:
    """Return the cells of the estimate and the change; a dash where nothing can be said."""
    cells = [empty_cell(3), empty_cell(3)]
    if known and (estimate := known.estimate):
        bounds = (estimate.rate, estimate.low, estimate.high)
        cells[0] = PageCell(percent(estimate.rate), tuple(map(rounded_percent, bounds)))
    if known and (change := known.change):
        bounds = (change.difference, change.low, change.high)
        cells[1] = PageCell(change_words(change), tuple(map(rounded_percent, bounds)), style="wraps")
    return tuple(cells)


def change_words(change: Change) -> str:
    """Return the change in points, and in words whether it is more than chance."""
    points = with_sign(change.difference * 100)
    words = {Direction.UP: _("naik"), Direction.DOWN: _("turun"), Direction.UNCLEAR: _("belum jelas")}
    # The words stay whole, so that they may stand under the number where the table has little room.
    return f"{points} ({words[change.direction].replace(' ', NO_BREAK)})"


def _place_row(
    place: Kecamatan | Village,
    found: Prevalence,
    month: date,
    target: Target | None,
    estimates: Estimates | None,
    has_kecamatan: bool,
) -> RankedRow:
    kecamatan = place.kecamatan.name if has_kecamatan and isinstance(place, Village) else ""
    figures = figure_cells(found, target)
    known = estimates.get(place.pk) if estimates else None
    over = count_children_over(found, target)
    cells = (
        place_cell(place),
        *([text_cell(kecamatan)] if kecamatan else []),
        *figures[:4],
        count_cell(over),
        *(() if estimates is None else _estimate_cells(known)),
        *figures[4:],
    )
    sort_values = {
        "name": place.name,
        "kecamatan": (kecamatan, place.name),
        "stunted": found.numerator if found.denominator else None,
        "believed": found.known_denominator,
        "rate": None if found.pale else found.rate,
        "unranked_rate": found.rate,
        "over": over,
        "registered": found.registered,
        "measured": found.known_measured,
        "coverage": found.coverage,
        "estimate": known.estimate.rate if known and known.estimate else None,
        "change": known.change.difference if known and known.change else None,
    }
    is_pale = found.pale or found.suppressed
    return RankedRow(PageRow(cells, place_url(place, month), is_pale), sort_values)


def _unranked_note(rows: Sequence[RankedRow], sort: str) -> str:
    """Return where those without a rank stand, in a table sorted by the rate; empty where all have one."""
    parts = {"few": number(FEW_CHILDREN), "coverage": short_percent(LOW_COVERAGE * 100)}
    unranked = sum(row.rank is None for row in rows)
    if not unranked or sort.removeprefix("-") != "rate":
        return ""
    if unranked == len(rows):
        return (
            _(
                "Belum ada yang dapat diberi urutan: semuanya kurang dari %(few)s anak, cakupan "
                "pengukurannya di bawah %(coverage)s, atau bulannya belum dapat dinilai. Barisnya "
                "menurut angka saja."
            )
            % parts
        )
    return (
        _(
            "Yang kurang dari %(few)s anak, atau cakupan pengukurannya di bawah %(coverage)s atau jauh "
            "di bawah biasanya, tidak diberi urutan: barisnya ada setelah yang berurutan, lagi menurut "
            "angka."
        )
        % parts
    )


def _with_ranks(rows: Sequence[RankedRow]) -> list[RankedRow]:
    """Return the rows with rank 1 for the highest rate; equal rates share a rank, some rows have none."""
    rates = sorted((r.sort_values["rate"] for r in rows if r.sort_values["rate"] is not None), reverse=True)
    first = {rate: index for index, rate in reversed(list(enumerate(rates, start=1)))}
    return [replace(row, rank=first.get(row.sort_values["rate"])) for row in rows]


def sorted_rows(rows: Sequence[RankedRow], sort: str) -> list[RankedRow]:
    """Return rows by the column ``sort``, high to low with a minus before it; those without a value last.

    By the rate that ranks: first those that have a rank, then the others that have a rate, in the same
    direction, then those without.
    """
    key, is_descending = sort.removeprefix("-"), sort.startswith("-")
    left = sorted(rows, key=lambda row: row.sort_values["name"])
    ordered: list[RankedRow] = []
    for by in ("rate", "unranked_rate") if key == "rate" else (key,):
        known = [row for row in left if row.sort_values.get(by) is not None]
        left = [row for row in left if row.sort_values.get(by) is None]
        ordered += sorted(known, key=lambda row: row.sort_values[by], reverse=is_descending)
    return ordered + left
