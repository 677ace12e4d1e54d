"""Pictures of figures, drawn as SVG on the server. Altair and vl-convert load with the first one."""

from dashboard.charts.svg import Chart
from dashboard.charts.target import target_chart
from dashboard.charts.trend import trend_chart

__all__ = ["Chart", "target_chart", "trend_chart"]
