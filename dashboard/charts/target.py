"""A rate as a bar with its interval, and the target marked."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.svg import Chart, draw_chart
from dashboard.charts.theme import ROLES, WIDTH
from dashboard.formatting import interval, percent, short_percent, with_percent_sign
from registry.figures import Prevalence
from registry.models import Target

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 40


@dataclass(frozen=True, slots=True)
class _TargetContent:
    rate: float
    low: float
    high: float
    target: float | None
    target_label: str
    rate_label: str
    sign: str


def target_chart(found: Prevalence, target: Target | None, where: str) -> Chart | None:
    """The bar of ``found``; None when there is no rate to draw."""
    if found.rate is None or found.low is None or found.high is None:
        return None
    limit = None if target is None else float(target.percent)
    content = _TargetContent(
        rate=round(found.rate * 100, 2),
        low=round(found.low * 100, 2),
        high=round(found.high * 100, 2),
        target=limit,
        target_label=""
        if target is None
        else _("target %(percent)s") % {"percent": short_percent(target.percent)},
        rate_label=percent(found.rate),
        sign=with_percent_sign(""),
    )
    return draw_chart(
        "target",
        content,
        _("Angka stunting dan target"),
        _reading(found, target, where),
        lambda: _build(content),
    )


def _reading(found: Prevalence, target: Target | None, where: str) -> str:
    parts = {"where": where, "rate": percent(found.rate), "interval": interval(found.low, found.high)}
    if target is None:
        return (
            _("%(where)s: batang sampai %(rate)s, rentang 95 %% dari %(interval)s; belum ada target.") % parts
        )
    return _(
        "%(where)s: batang sampai %(rate)s, rentang 95 %% dari %(interval)s; tanda target di %(target)s."
    ) % {**parts, "target": short_percent(target.percent)}


def axis_top(highest: float) -> int:
    """The end of a percentage axis: the next five above ``highest`` (per cent), at most 100."""
    return min(100, max(5, 5 * ceil((highest + 0.5) / 5)))


def axis_ticks(top: int) -> list[int]:
    """At most six round percentages from 0 to ``top``."""
    step = next(step for step in (1, 2, 5, 10, 20) if top / step <= 5)
    return list(range(0, top + 1, step))


def _build(content: _TargetContent) -> Drawing:
    import altair as alt

    top = axis_top(max(content.high, content.target or 0))
    axis = alt.Axis(values=axis_ticks(top), labelExpr=f"datum.value + '{content.sign}'", grid=True)
    scale = alt.Scale(domain=[0, top], nice=False)
    data = alt.Data(
        values=[{"rate": content.rate, "low": content.low, "high": content.high, "words": content.rate_label}]
    )

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    middle = alt.value(HEIGHT / 2)
    layers = [
        alt.Chart(data)
        .mark_bar(color=ROLES["bar"], height=20)
        .encode(x=x("rate"), y=middle, description=alt.Description("words:N")),
        alt.Chart(data)
        .mark_rule(color=ROLES["mark"], strokeWidth=2)
        .encode(x=x("low"), x2="high:Q", y=middle),
        *(
            alt.Chart(data)
            .mark_tick(color=ROLES["mark"], thickness=2, size=12, orient="vertical", aria=False)
            .encode(x=x(end), y=middle)
            for end in ("low", "high")
        ),
    ]
    layers += _target_layers(content, x("target"), top)
    return alt.layer(*layers).properties(width=WIDTH - 30, height=HEIGHT)


def _target_layers(content: _TargetContent, x: Any, top: int) -> list[Any]:
    import altair as alt

    if content.target is None:
        return []
    mark = alt.Data(values=[{"target": content.target}])
    near_end = content.target > top * 0.7
    return [
        alt.Chart(mark)
        .mark_rule(color=ROLES["target"], strokeWidth=3)
        .encode(x=x, y=alt.value(-4), y2=alt.value(HEIGHT)),
        alt.Chart(mark)
        .mark_text(
            color=ROLES["target"],
            align="right" if near_end else "left",
            dx=-4 if near_end else 4,
            baseline="bottom",
            text=content.target_label,
        )
        .encode(x=x, y=alt.value(-6)),
    ]
