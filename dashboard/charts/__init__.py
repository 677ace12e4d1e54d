"""Pictures of figures, drawn as SVG on the server. Altair and vl-convert load with the first one."""

from dashboard.charts.funnel import FunnelCurves, FunnelPoint, funnel_chart
from dashboard.charts.map import Circle, MapLabel, map_chart
from dashboard.charts.ranking import RankedRate, ranking_chart
from dashboard.charts.spread import spread_chart
from dashboard.charts.svg import Chart, Key
from dashboard.charts.target import target_chart
from dashboard.charts.trend import trend_chart

__all__ = [
    "Chart",
    "Circle",
    "FunnelCurves",
    "FunnelPoint",
    "Key",
    "MapLabel",
    "RankedRate",
    "funnel_chart",
    "map_chart",
    "ranking_chart",
    "spread_chart",
    "target_chart",
    "trend_chart",
]
