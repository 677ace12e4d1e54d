"""The other things counted at a weighing: all four indicators, and S, D, N, T, O, B."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard import definitions
from dashboard.definitions import Definition, part_of
from dashboard.formatting import DASH, interval, number, percent
from dashboard.tables import Cell, Column, Row, Table, shown
from registry.figures import Counts, Summary
from registry.figures.counts import is_small
from registry.models import Indicator

# Which counter holds the children who have it severely.
_SEVERE = {
    Indicator.STUNTED: "severely_stunted",
    Indicator.WASTED: "severely_wasted",
    Indicator.UNDERWEIGHT: "severely_underweight",
}


def indicator_table(found: Summary) -> Table:
    """Each indicator with its counts, its rate and how it is counted."""
    heads = (
        Column("indicator", _("Indikator"), ("indicator",), number=False, names_row=True),
        Column("numerator", _("Anak"), ("children",)),
        Column("severe", _("di antaranya berat"), ("severe",)),
        Column("denominator", _("Dari"), ("of",)),
        Column("rate", _("Angka"), ("percent",)),
        Column("interval", _("Rentang 95 %"), ("percent_low", "percent_high")),
    )
    rows = tuple(_indicator_row(found, indicator) for indicator in Indicator)
    explained = tuple(
        Definition(str(indicator.label).capitalize(), definitions.rate_definition(found.rates[indicator]))
        for indicator in Indicator
    )
    severe = Definition(
        _("Di antaranya berat"),
        _(
            "Sangat pendek, gizi buruk, atau berat badan sangat kurang: di bawah −3 SD, atau bengkak di "
            "kedua kaki."
        ),
    )
    return Table("indicators", _("Semua indikator"), heads, rows, (*explained, severe))


def _indicator_row(found: Summary, indicator: Indicator) -> Row:
    rate = found.rates[indicator]
    nobody = rate.denominator == 0
    return Row(
        (
            Cell(str(indicator.label).capitalize(), (indicator.value,)),
            Cell(DASH, (None,)) if nobody else Cell(part_of(rate.numerator), (rate.numerator,)),
            _severe_cell(found, indicator),
            Cell(number(rate.denominator), (rate.denominator,)),
            Cell(percent(rate.rate), (shown(rate.rate),)),
            Cell(interval(rate.low, rate.high), (shown(rate.low), shown(rate.high))),
        ),
        pale=rate.pale,
    )


def _severe_cell(found: Summary, indicator: Indicator) -> Cell:
    if indicator not in _SEVERE or found.rates[indicator].denominator == 0:
        return Cell(DASH, (None,))
    count = getattr(found.counts, _SEVERE[indicator])
    if found.suppressed and (found.rates[indicator].suppressed or is_small(count)):
        return Cell(part_of(None), (None,))
    return Cell(number(count), (count,))


@dataclass(frozen=True, slots=True)
class Counted:
    """A letter of SKDN, its count and what it means."""

    letter: str
    count: str
    text: str


@dataclass(frozen=True, slots=True)
class SKDN:
    """The counts of a weighing; ``hidden`` when one of them is too small to show to this reader."""

    hidden: bool
    rows: tuple[Counted, ...]
    participation: str
    participation_definition: str
    success: str
    success_definition: str


def skdn_of(found: Summary) -> SKDN:
    """S, D and what became of D, with D/S and N/D.

    All of it is hidden when one part is small, since the others and the total would give it away.
    """
    counts = found.counts
    parts = (counts.gained, counts.not_gained, counts.not_before, counts.first)
    hidden = found.suppressed and any(is_small(part) for part in parts)
    return SKDN(
        hidden=hidden,
        rows=() if hidden else _counted(counts),
        participation=percent(counts.participation),
        participation_definition="" if hidden else definitions.participation_definition(counts),
        success=DASH if hidden else percent(counts.success),
        success_definition="" if hidden else definitions.success_definition(counts),
    )


def skdn_table(found: Summary) -> Table:
    """The same letters to take away; no row where they are hidden."""
    heads = (
        Column("letter", _("Huruf"), ("letter",), number=False, names_row=True),
        Column("meaning", _("Arti"), ("meaning",), number=False),
        Column("children", _("Anak"), ("children",)),
    )
    c = found.counts
    values = (c.registered, c.weighed, c.gained, c.not_gained, c.not_before, c.first)
    rows = tuple(
        Row((Cell(row.letter, (row.letter,)), Cell(row.text, (row.text,)), Cell(row.count, (value,))))
        for row, value in zip(skdn_of(found).rows, values, strict=False)
    )
    return Table("skdn", _("Penimbangan (SKDN)"), heads, rows)


def _counted(counts: Counts) -> tuple[Counted, ...]:
    by_letter = {"N": counts.gained, "T": counts.not_gained, "O": counts.not_before, "B": counts.first}
    return (
        Counted("S", number(counts.registered), _("anak terdaftar")),
        Counted("D", number(counts.weighed), _("anak ditimbang bulan ini")),
        *(Counted(d.term, number(by_letter[d.term]), d.text) for d in definitions.gain_definitions()),
    )
