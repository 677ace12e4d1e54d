"""The other things counted at a weighing: all four indicators, and S, D, N, T, O, B."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard import definitions
from dashboard.definitions import Definition, part_of
from dashboard.formatting import percent
from dashboard.tables import (
    FigureTable,
    count_cell,
    empty_cell,
    interval_cell,
    part_cell,
    percent_cell,
    text_cell,
)
from registry.exports.page_table import DASH, PageCell, PageRow, TableColumn
from registry.figures import Counts, Summary
from registry.figures.counts import is_small
from registry.models import Indicator

# Which counter holds the children who have it severely.
_SEVERE = {
    Indicator.STUNTED: "severely_stunted",
    Indicator.WASTED: "severely_wasted",
    Indicator.UNDERWEIGHT: "severely_underweight",
}


def indicator_table(found: Summary) -> FigureTable:
    """Return each indicator with its counts, its rate and how it is counted."""
    columns = (
        TableColumn("indicator", _("Indikator"), is_number=False, names_row=True),
        TableColumn("numerator", _("Anak")),
        TableColumn("severe", _("di antaranya berat")),
        TableColumn("denominator", _("Dari")),
        TableColumn("rate", _("Prevalensi"), ("percent",)),
        TableColumn("interval", _("Selang kepercayaan 95%"), ("low", "high")),
    )
    rows = tuple(_indicator_row(found, indicator) for indicator in Indicator)
    severe = Definition(
        _("Di antaranya berat"),
        _(
            "Sangat pendek, gizi buruk, atau berat badan sangat kurang: di bawah −3 SD, atau bengkak "
            "(edema) di kedua punggung kaki."
        ),
    )
    return FigureTable(
        "indicators",
        columns,
        rows,
        _("Semua indikator"),
        (*definitions.rate_definitions(found.rates), severe),
    )


def _indicator_row(found: Summary, indicator: Indicator) -> PageRow:
    rate = found.rates[indicator]
    return PageRow(
        (
            text_cell(definitions.indicator_name(indicator)),
            part_cell(rate.numerator, of=rate.denominator),
            _severe_cell(found, indicator),
            count_cell(rate.known_denominator),
            percent_cell(rate.rate),
            interval_cell(rate),
        ),
        is_pale=rate.pale,
    )


def _severe_cell(found: Summary, indicator: Indicator) -> PageCell:
    if indicator not in _SEVERE or found.rates[indicator].denominator == 0:
        return empty_cell()
    count = getattr(found.counts, _SEVERE[indicator])
    if found.suppressed and (found.rates[indicator].suppressed or is_small(count)):
        return PageCell(part_of(None), (None,))
    return count_cell(count)


@dataclass(frozen=True, slots=True)
class LetterCount:
    """A letter of SKDN, its count and what it means. None: nobody was weighed, which is not zero."""

    letter: str
    count: int | None
    text: str

    @property
    def shown(self) -> str:
        return count_cell(self.count).text


@dataclass(frozen=True, slots=True)
class SKDN:
    """The counts of a weighing; ``hidden`` when one of them is too small to show to this reader."""

    hidden: bool
    rows: tuple[LetterCount, ...]
    participation: str
    participation_definition: str
    success: str
    success_definition: str


def skdn_counts(found: Summary) -> SKDN:
    """Return S, D and what became of D, with D/S and N/D.

    All of it is hidden when one part is small, since the others and the total would give it away.
    """
    counts = found.counts
    parts = (counts.gained, counts.not_gained, counts.not_before, counts.first)
    hidden = found.suppressed and any(is_small(part) for part in parts)
    return SKDN(
        hidden=hidden,
        rows=() if hidden else _letter_counts(counts),
        participation=percent(counts.participation),
        participation_definition="" if hidden else definitions.participation_definition(counts),
        success=DASH if hidden else percent(counts.success),
        success_definition="" if hidden else definitions.success_definition(counts),
    )


def skdn_table(found: Summary) -> FigureTable:
    """Return the same letters to take away; no row where they are hidden."""
    columns = (
        TableColumn("letter", _("Huruf"), is_number=False, names_row=True),
        TableColumn("meaning", _("Arti"), is_number=False),
        TableColumn("children", _("Anak")),
    )
    rows = tuple(
        PageRow((text_cell(row.letter), text_cell(row.text), count_cell(row.count)))
        for row in skdn_counts(found).rows
    )
    return FigureTable("skdn", columns, rows, _("Penimbangan (SKDN)"))


def _letter_counts(counts: Counts) -> tuple[LetterCount, ...]:
    by_letter = {"N": counts.gained, "T": counts.not_gained, "O": counts.not_before, "B": counts.first}
    known = by_letter if counts.has_weighing else dict.fromkeys(by_letter)
    return (
        LetterCount("S", counts.registered, _("anak terdaftar")),
        LetterCount("D", counts.weighed or None, _("anak ditimbang bulan ini")),
        *(LetterCount(str(d.term), known[str(d.term)], str(d.text)) for d in definitions.GAINS),
    )
