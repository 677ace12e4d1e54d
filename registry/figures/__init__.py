"""The only code that counts: rates of villages, kecamatan and the district, by month. Writes nothing."""

from registry.figures.change import Change, Direction, change_between
from registry.figures.counts import Counts
from registry.figures.coverage import CoverageRow, by_kecamatan, coverage_rows
from registry.figures.disclosure import suppress_small_counts, visible_denominator
from registry.figures.groups import GroupRow, group_rows
from registry.figures.haz_distribution import HeightsFound, heights_of
from registry.figures.outlines import outlines_of
from registry.figures.prevalence import Prevalence, Summary, public_summary, summaries, summary
from registry.figures.trend import (
    PlaceFigures,
    PlaceRows,
    Verdict,
    holds_target,
    kecamatan_rows,
    kecamatan_sums,
    last_received,
    last_received_by_village,
    latest_month,
    surveys_of,
    target_for,
    targets_for,
    trend,
    verdict,
    village_rows,
)

__all__ = [
    "Change",
    "Counts",
    "CoverageRow",
    "Direction",
    "GroupRow",
    "HeightsFound",
    "PlaceFigures",
    "PlaceRows",
    "Prevalence",
    "Summary",
    "Verdict",
    "by_kecamatan",
    "change_between",
    "coverage_rows",
    "group_rows",
    "heights_of",
    "holds_target",
    "kecamatan_rows",
    "kecamatan_sums",
    "last_received",
    "last_received_by_village",
    "latest_month",
    "outlines_of",
    "public_summary",
    "summaries",
    "summary",
    "suppress_small_counts",
    "surveys_of",
    "target_for",
    "targets_for",
    "trend",
    "verdict",
    "village_rows",
    "visible_denominator",
]
