"""A rate as a bar with its interval, and the target marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import at, axis_ticks, axis_top, chart, named_line
from dashboard.charts.svg import Chart, draw_chart
from dashboard.charts.theme import ROLES, WIDTH
from dashboard.formatting import interval, percent, short_percent
from registry.figures import Prevalence
from registry.models import Target

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 40


def target_chart(found: Prevalence, target: Target | None, where: str) -> Chart | None:
    """Return the bar of ``found``; None without a rate that is judged, which alone may be compared."""
    if found.rate is None or found.low is None or found.high is None or not found.is_judged:
        return None
    limit = None if target is None else float(target.percent)
    bar: dict[str, Any] = {"rate": found.rate, "low": found.low, "high": found.high}
    bar = {name: round(share * 100, 2) for name, share in bar.items()} | {"words": percent(found.rate)}
    return draw_chart(
        "target",
        (bar, limit),
        _("Prevalensi stunting dan target"),
        _reading(found, target, where),
        lambda: _build(bar, limit),
    )


def _reading(found: Prevalence, target: Target | None, where: str) -> str:
    parts = {"where": where, "rate": percent(found.rate), "interval": interval(found.low, found.high)}
    if target is None:
        return (
            _(
                "%(where)s: batang sampai %(rate)s, selang kepercayaan 95%% dari %(interval)s; belum ada "
                "target."
            )
            % parts
        )
    return _(
        "%(where)s: batang sampai %(rate)s, selang kepercayaan 95%% dari %(interval)s; tanda target di "
        "%(target)s."
    ) % {**parts, "target": short_percent(target.percent)}


def target_words(percent: float) -> str:
    """Return what the line of the target is called."""
    return _("target %(percent)s") % {"percent": short_percent(percent)}


def _build(bar: dict[str, Any], target: float | None) -> Drawing:
    import altair as alt

    top = axis_top(max(bar["high"], target or 0))
    axis = alt.Axis(values=axis_ticks(top), labelExpr="datum.value + '%'", grid=True)
    scale = alt.Scale(domain=[0, top], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    rows = chart([bar])
    middle = at(HEIGHT / 2)
    layers = [
        rows.mark_bar(color=ROLES["bar"], height=20).encode(x=x("rate"), y=middle, description="words:N"),
        rows.mark_rule(color=ROLES["mark"], strokeWidth=2).encode(x=x("low"), x2="high:Q", y=middle),
        *(
            rows.mark_tick(color=ROLES["mark"], thickness=2, size=12, orient="vertical", aria=False).encode(
                x=x(end), y=middle
            )
            for end in ("low", "high")
        ),
    ]
    if target is not None:
        layers += named_line(
            x("value"),
            target,
            target_words(target),
            roles=("target", "target"),
            ends=(-4, HEIGHT),
            words_at=-6,
            is_left=target > top * 0.7,
            baseline="bottom",
            strokeWidth=3,
        )
    return alt.layer(*layers).properties(width=WIDTH - 30, height=HEIGHT)
