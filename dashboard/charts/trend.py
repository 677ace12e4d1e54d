"""The rate of 24 months with its interval; what surveys found as other marks, never joined with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.charts.svg import Chart, drawn
from dashboard.charts.target import axis_ticks, axis_top
from dashboard.charts.theme import ROLES, WIDTH
from dashboard.verdicts import note_of
from dashboard.words import month_name, month_short, rate_with_interval, short_percent, with_percent_sign
from registry.figures import Prevalence
from registry.models import SurveyEstimate, Target

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 190
SURVEY_MONTH = 7
"""Surveys are dated by their year only; their mark stands in its middle."""


@dataclass(frozen=True, slots=True)
class _Point:
    """A month with a rate. ``run`` counts the stretches of months without a gap; ``alone``: no neighbour."""

    label: str
    rate: float
    low: float
    high: float
    hollow: bool
    run: int
    alone: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """A target or a survey at a month of the axis; a target has words where it begins or changes."""

    label: str
    percent: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    labels: tuple[str, ...]
    points: tuple[_Point, ...]
    targets: tuple[_Mark, ...]
    surveys: tuple[_Mark, ...]
    sign: str


def trend_chart(
    found: Sequence[Prevalence],
    targets: dict[int, Target | None],
    surveys: Sequence[SurveyEstimate],
    where: str,
) -> Chart | None:
    """The months ``found``, oldest first, with each year's target; None when no month has a rate."""
    points = _points(found)
    if not points:
        return None
    content = _Content(
        labels=tuple(month_short(p.month) for p in found),
        points=points,
        targets=_target_marks(targets, [p.month for p in found]),
        surveys=_survey_marks(surveys, [p.month for p in found]),
        sign=with_percent_sign(""),
    )
    title = _("Angka stunting %(count)s bulan") % {"count": len(found)}
    return drawn("trend", content, title, _reading(found, where), lambda: _build(content))


def _points(found: Sequence[Prevalence]) -> tuple[_Point, ...]:
    known = [p.rate is not None for p in found]
    run, points = 0, []
    for index, p in enumerate(found):
        if p.rate is None or p.low is None or p.high is None:
            run += 1
            continue
        words = f"{month_name(p.month)}: {rate_with_interval(p)}"
        note = note_of(p)
        points.append(
            _Point(
                label=month_short(p.month),
                rate=round(p.rate * 100, 2),
                low=round(p.low * 100, 2),
                high=round(p.high * 100, 2),
                hollow=p.pale,
                run=run,
                alone=not any(known[i] for i in (index - 1, index + 1) if 0 <= i < len(found)),
                words=f"{words}, {note}" if note else words,
            )
        )
    return tuple(points)


def _target_marks(targets: dict[int, Target | None], months: list[date]) -> tuple[_Mark, ...]:
    marks: list[_Mark] = []
    for month in months:
        target = targets[month.year]
        if target is not None:
            said = marks and marks[-1].percent == float(target.percent)
            words = "" if said else _("target %(percent)s") % {"percent": short_percent(target.percent)}
            marks.append(_Mark(month_short(month), float(target.percent), words))
    return tuple(marks)


def _survey_marks(surveys: Sequence[SurveyEstimate], months: list[date]) -> tuple[_Mark, ...]:
    """Surveys whose mid-year lies within the months."""
    return tuple(
        _Mark(
            month_short(date(s.year, SURVEY_MONTH, 1)),
            float(s.percent),
            f"{s.get_survey_display()} {s.year}: {short_percent(s.percent)}",
        )
        for s in surveys
        if months[0] <= date(s.year, SURVEY_MONTH, 1) <= months[-1]
    )


def _reading(found: Sequence[Prevalence], where: str) -> str:
    """What the picture shows, in one sentence."""
    known = [p for p in found if p.rate is not None]
    first, last = known[0], known[-1]
    pale = sum(p.pale for p in known)
    parts: dict[str, Any] = {
        "where": where,
        "first": month_name(first.month),
        "first_rate": rate_with_interval(first),
        "last": month_name(last.month),
        "last_rate": rate_with_interval(last),
        "known": len(known),
        "months": len(found),
        "pale": pale,
    }
    if len(known) == 1:
        return _("%(where)s: hanya %(last)s yang punya angka, %(last_rate)s, dari %(months)s bulan.") % parts
    sentence = _(
        "%(where)s: dari %(first_rate)s pada %(first)s menjadi %(last_rate)s pada %(last)s; "
        "%(known)s dari %(months)s bulan punya angka"
    )
    if not pale:
        return f"{sentence % parts}."
    weak = ngettext(
        "%(pale)s di antaranya berongga karena cakupannya rendah atau anaknya sedikit",
        "%(pale)s di antaranya berongga karena cakupannya rendah atau anaknya sedikit",
        pale,
    )
    return f"{sentence % parts}, {weak % parts}."


def _build(content: _Content) -> Drawing:
    import altair as alt

    values = [p.high for p in content.points] + [m.percent for m in (*content.targets, *content.surveys)]
    top = axis_top(max(values))
    x_axis = alt.Axis(values=list(content.labels[::-6]), labelAngle=0, grid=False, labelPadding=6)
    y_axis = alt.Axis(values=axis_ticks(top), labelExpr=f"datum.value + '{content.sign}'", grid=True)
    x = alt.X("label:O", scale=alt.Scale(domain=list(content.labels), type="point", padding=0.5), axis=x_axis)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=y_axis)

    points = [_as_dict(p) for p in content.points]
    months = alt.Chart(alt.Data(values=points))
    alone = alt.Chart(alt.Data(values=[p for p in points if p["alone"]]))
    layers = [
        months.mark_area(color=ROLES["band"], opacity=1).encode(x=x, y=y("low"), y2="high:Q", detail="run:N"),
        alone.mark_rule(color=ROLES["mark"]).encode(x=x, y=y("low"), y2="high:Q"),
        *_target_layers(content, x, y),
        months.mark_line(color=ROLES["mark"], strokeWidth=2).encode(x=x, y=y("rate"), detail="run:N"),
        *(
            alt.Chart(alt.Data(values=[p for p in points if p["hollow"] is hollow]))
            .mark_point(
                fill=ROLES["ground" if hollow else "mark"],
                stroke=ROLES["mark"],
                size=34,
                strokeWidth=1.75,
                opacity=1,
            )
            .encode(x=x, y=y("rate"), description=alt.Description("words:N"))
            for hollow in (False, True)
        ),
        *_survey_layers(content, x, y),
    ]
    return alt.layer(*layers).properties(width=WIDTH - 46, height=HEIGHT)


def _target_layers(content: _Content, x: Any, y: Any) -> list[Any]:
    import altair as alt

    if not content.targets:
        return []
    marks = [_as_dict(m) for m in content.targets]
    line = alt.Chart(alt.Data(values=marks)).mark_line(
        color=ROLES["target"], strokeDash=[6, 3], strokeWidth=1.75, interpolate="step"
    )
    # The words stand on the side of the line where the rates are not.
    below = mean(p.rate for p in content.points) > mean(m.percent for m in content.targets)
    place: dict[str, Any] = {"baseline": "top", "dy": 5} if below else {"baseline": "bottom", "dy": -5}
    # Words begin at their mark, unless that is so near the right edge that they would leave the picture.
    words = [
        alt.Chart(alt.Data(values=[m for m in marks if m["words"] and _has_room(m, content) is room]))
        .mark_text(
            color=ROLES["target"],
            stroke=ROLES["ground"],
            strokeWidth=3,
            align="left" if room else "right",
            **place,
        )
        .encode(x=x, y=y("percent"), text=alt.Text("words:N"))
        for room in (True, False)
    ]
    return [line.encode(x=x, y=y("percent")), *words]


def _has_room(mark: dict[str, Any], content: _Content) -> bool:
    return content.labels.index(mark["label"]) < 0.75 * len(content.labels)


def _survey_layers(content: _Content, x: Any, y: Any) -> list[Any]:
    import altair as alt

    marks = alt.Chart(alt.Data(values=[_as_dict(m) for m in content.surveys]))
    return [
        marks.mark_point(
            shape="diamond", fill=ROLES["survey"], stroke=ROLES["ground"], size=130, opacity=1
        ).encode(x=x, y=y("percent"), description=alt.Description("words:N")),
        marks.mark_text(color=ROLES["survey"], baseline="bottom", dy=-9).encode(
            x=x, y=y("percent"), text=alt.Text("words:N")
        ),
    ]


def _as_dict(item: _Point | _Mark) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}
