"""Statistics of groups of children: intervals, chances and data quality. Pure, knows no Django."""

from registry.statistics.quality import Check, CheckName, Level, Quality, quality_of
from registry.statistics.rates import (
    OVERWEIGHT_SEVERITY,
    STUNTING_SEVERITY,
    WASTING_SEVERITY,
    Mean,
    Method,
    Rate,
    mean_of,
    rate_of,
    severity,
    wilson,
)
from registry.statistics.target_probability import TargetProbability, target_probability

__all__ = [
    "OVERWEIGHT_SEVERITY",
    "STUNTING_SEVERITY",
    "WASTING_SEVERITY",
    "Check",
    "CheckName",
    "Level",
    "Mean",
    "Method",
    "Quality",
    "Rate",
    "TargetProbability",
    "mean_of",
    "quality_of",
    "rate_of",
    "severity",
    "target_probability",
    "wilson",
]
