"""Which months of a place cover too few children to conclude anything from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from registry.figures.counts import Counts
from registry.models import Indicator

MONTHS_BEFORE = 6
"""From so many months before a month it is known what is usual."""

USUAL_SHARE = 0.8
LEAST_SHARE = 0.1
"""Below so much of the registered, or of the fullest month, only stray entries have arrived."""

_ROUNDING = 1e-9  # 0.72 is 80% of 0.9, and in floats a little less


def is_thin(counts: Counts, indicator: Indicator, before: Iterable[Counts], fullest: int = 0) -> bool:
    """Return whether a month covers fewer children than is usual: under 80% of the median coverage.

    ``before``: the counts of the six months before, as far as they are stored. ``fullest``: the most children
    with a believed value in any month known. A month without any registered child is not thin, but empty.
    """
    if not counts.registered:
        return False
    believed = counts.count_believed(indicator)
    if believed < LEAST_SHARE * max(counts.registered, fullest) - _ROUNDING:
        return True
    known = [month.count_believed(indicator) / month.registered for month in before if month.registered]
    return bool(known) and believed / counts.registered < USUAL_SHARE * median(known) - _ROUNDING
