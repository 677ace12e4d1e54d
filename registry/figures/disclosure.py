"""Hides the small counts of a summary, and those that would give them away.

A user who works with the children of a place sees every count. Everybody else sees no count of 1 to 4, since
it may point at a child, and none from which a hidden one follows by subtraction (docs/definitions.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.figures.counts import GAIN_PARTS
from registry.figures.prevalence import Prevalence, Summary


@dataclass(frozen=True, slots=True)
class VisibleCounts:
    """The counters of a summary as its reader may see them. Fractions are 0 to 1.

    None is hidden, or not known: nobody was measured (weighed, for D and its letters). ``no_data`` says that
    nobody was measured; None where it is hidden whether somebody was.
    """

    registered: int | None
    measured: int | None
    coverage: float | None
    weighed: int | None
    gained: int | None
    not_gained: int | None
    not_before: int | None
    first: int | None
    participation: float | None
    success: float | None
    suppressed: bool
    no_data: bool | None


def suppress_small_counts(summary: Summary) -> VisibleCounts:
    """Return the counters of ``summary``, hidden where they are small and its reader is not of the team."""
    counts = summary.counts
    values = {name: getattr(counts, name) for name in ("registered", "measured", "weighed", *GAIN_PARTS)}
    hidden = summary.hidden & values.keys()
    unknown: set[str] = set() if counts.has_data else {"measured"}
    if not counts.has_weighing:
        unknown |= {"weighed", *GAIN_PARTS}
    seen = {name: None if name in hidden | unknown else value for name, value in values.items()}
    return VisibleCounts(
        **seen,
        coverage=summary.stunted.coverage,
        participation=None if hidden & {"registered", "weighed"} else counts.participation,
        success=None if hidden & {"weighed", "gained"} else counts.success,
        suppressed=bool(hidden) or any(rate.suppressed for rate in summary.rates.values()),
        no_data=None if "measured" in hidden else not counts.has_data,
    )


def visible_denominator(rate: Prevalence) -> int | None:
    """Return the denominator of ``rate``; None when it is hidden, or not known."""
    return None if rate.denominator_hidden else rate.known_denominator
