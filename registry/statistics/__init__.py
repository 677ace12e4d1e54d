"""Statistics of groups of children: intervals, chances and data quality. Pure, knows no Django."""

from registry.statistics.quality import Check, CheckName, DigitTable, Level, Quality, quality_of
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
from registry.statistics.target_probability import BesideTarget, beside_target

__all__ = [
    "OVERWEIGHT_SEVERITY",
    "STUNTING_SEVERITY",
    "WASTING_SEVERITY",
    "BesideTarget",
    "Check",
    "CheckName",
    "DigitTable",
    "Level",
    "Mean",
    "Method",
    "Quality",
    "Rate",
    "beside_target",
    "mean_of",
    "quality_of",
    "rate_of",
    "severity",
    "wilson",
]
