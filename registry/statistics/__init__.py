"""Statistics of groups of children: intervals, chances and data quality. Pure, knows no Django."""

from registry.statistics.quality import CheckName, Level
from registry.statistics.rates import severity, wilson
from registry.statistics.target_probability import TargetProbability, target_probability

__all__ = ["CheckName", "Level", "TargetProbability", "severity", "target_probability", "wilson"]
