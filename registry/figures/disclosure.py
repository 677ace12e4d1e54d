"""What of a summary may leave the team: small counts hidden, and those that would give them away.

Who works with the children of a place sees every count. Everybody else sees no count of 1 to 4, since it
may point at a child, and none from which a hidden one follows by subtraction (docs/definitions.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.figures.prevalence import SMALL_COUNT, Prevalence, Summary, is_small

# D = N + T + O + B: one hidden part of four would follow from D and the other three.
GAIN_PARTS = ("gained", "not_gained", "not_before", "first")


@dataclass(frozen=True, slots=True)
class Shown:
    """The counters of a summary as its reader may see them; None is hidden. Fractions are 0 to 1."""

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


def shown(summary: Summary) -> Shown:
    """The counters of ``summary``, hidden where they are small and its reader is not of the team."""
    counts = summary.counts
    values = {name: getattr(counts, name) for name in ("registered", "measured", "weighed", *GAIN_PARTS)}
    hidden = _hidden(values) if summary.suppressed else set()
    seen = {name: None if name in hidden else value for name, value in values.items()}
    return Shown(
        **seen,
        coverage=None if hidden & {"registered", "measured"} else counts.coverage,
        participation=None if hidden & {"registered", "weighed"} else counts.participation,
        success=None if hidden & {"weighed", "gained"} else counts.success,
        suppressed=bool(hidden) or any(rate.suppressed for rate in summary.rates.values()),
    )


def shown_denominator(rate: Prevalence) -> int | None:
    """The denominator of ``rate``; None when the rate is hidden and its denominator is small itself."""
    return None if rate.suppressed and is_small(rate.denominator) else rate.denominator


def _hidden(values: dict[str, int]) -> set[str]:
    hidden = {name for name, value in values.items() if is_small(value)}
    parts = hidden & set(GAIN_PARTS)
    others = sorted(
        (name for name in GAIN_PARTS if values[name] >= SMALL_COUNT), key=lambda name: values[name]
    )
    # A lone hidden part follows from D; so do hidden parts that add up to one child each.
    while parts and others and (len(parts) == 1 or sum(values[name] for name in parts) == len(parts)):
        parts.add(others.pop(0))
    return hidden | parts
