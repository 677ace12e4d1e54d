"""Statistics of groups of children: intervals, chances and data quality. Pure, knows no Django."""

from registry.statistics.quality import CheckName, Level, quality_of
from registry.statistics.rates import (
    OVERWEIGHT_SEVERITY,
    WASTING_SEVERITY,
    Method,
    mean_of,
    rate_of,
    severity,
    wilson,
)
from registry.statistics.target_probability import TargetProbability, target_probability

__all__ = [
    "OVERWEIGHT_SEVERITY",
    "WASTING_SEVERITY",
    "CheckName",
    "Level",
    "Method",
    "TargetProbability",
    "mean_of",
    "quality_of",
    "rate_of",
    "severity",
    "target_probability",
    "wilson",
]
