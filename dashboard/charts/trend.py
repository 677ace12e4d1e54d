"""The rate of 24 months with its interval; what surveys found as other marks, never joined with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.charts.layout import Margin, axis, data, frame_layers, scale, text_width
from dashboard.charts.svg import Chart, Key, draw_chart
from dashboard.charts.target import axis_ticks, axis_top
from dashboard.charts.theme import ROLES
from dashboard.formatting import month_name, month_short, rate_with_interval, short_percent, with_percent_sign
from dashboard.narrative import long_note
from registry.figures import Prevalence
from registry.models import SurveyEstimate, Target

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 190
_MARGIN = Margin(top=16, right=28, bottom=38, left=36)
EARLIER = 2
"""How many surveys from before the months stand beside them: more would leave the months too little room."""

_EARLIER_GAP = 8
SURVEY_MONTH = 7
"""Surveys are dated by their year only; their mark stands in its middle."""


@dataclass(frozen=True, slots=True)
class _Point:
    """The month ``at`` a place of the axis, with its rate.

    ``run`` counts the stretches of months without a gap; ``alone``: no neighbour.
    """

    at: int
    rate: float
    low: float
    high: float
    hollow: bool
    run: int
    alone: bool
    words: str


@dataclass(frozen=True, slots=True)
class _TrendMark:
    """A target or a survey at a month of the axis; a target has words where it begins or changes."""

    at: int
    percent: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A survey from before the months, in a slot of its own beside them."""

    survey: str
    year: str
    percent: float
    shown: str
    words: str


@dataclass(frozen=True, slots=True)
class _TrendContent:
    labels: tuple[str, ...]
    points: tuple[_Point, ...]
    targets: tuple[_TrendMark, ...]
    surveys: tuple[_TrendMark, ...]
    earlier: tuple[_Earlier, ...]
    sign: str


def trend_chart(
    found: Sequence[Prevalence],
    targets: dict[int, Target | None],
    surveys: Sequence[SurveyEstimate],
    where: str,
) -> Chart | None:
    """The months ``found``, oldest first, with each year's target; None when no month has a rate.

    A survey stands at its month; the latest from before the months stand left of them, apart.
    """
    points = _points(found)
    if not points:
        return None
    content = _TrendContent(
        labels=tuple(month_short(p.month) for p in found),
        points=points,
        targets=_target_marks(targets, [p.month for p in found]),
        surveys=_survey_marks(surveys, [p.month for p in found]),
        earlier=_earlier(surveys, found[0].month),
        sign=with_percent_sign(""),
    )
    title = _("Angka stunting %(count)s bulan") % {"count": len(found)}
    reading = " ".join(said for said in (_reading(found, where), _earlier_text(content.earlier)) if said)
    return draw_chart("trend", content, title, reading, lambda: _build(content), _legend(content))


def _points(found: Sequence[Prevalence]) -> tuple[_Point, ...]:
    known = [p.rate is not None for p in found]
    run, points = 0, []
    for index, p in enumerate(found):
        if p.rate is None or p.low is None or p.high is None:
            run += 1
            continue
        words = f"{month_name(p.month)}: {rate_with_interval(p)}"
        note = long_note(p)
        points.append(
            _Point(
                at=index,
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


def _target_marks(targets: dict[int, Target | None], months: list[date]) -> tuple[_TrendMark, ...]:
    marks: list[_TrendMark] = []
    for at, month in enumerate(months):
        target = targets[month.year]
        if target is not None:
            said = marks and marks[-1].percent == float(target.percent)
            words = "" if said else _("target %(percent)s") % {"percent": short_percent(target.percent)}
            marks.append(_TrendMark(at, float(target.percent), words))
    return tuple(marks)


def _survey_marks(surveys: Sequence[SurveyEstimate], months: list[date]) -> tuple[_TrendMark, ...]:
    """Surveys whose mid-year lies within the months."""
    return tuple(
        _TrendMark(
            months.index(date(s.year, SURVEY_MONTH, 1)),
            float(s.percent),
            _survey_words(s),
        )
        for s in surveys
        if date(s.year, SURVEY_MONTH, 1) in months
    )


def _survey_words(survey: SurveyEstimate) -> str:
    return f"{survey.get_survey_display()} {survey.year}: {short_percent(survey.percent)}"


def _earlier(surveys: Sequence[SurveyEstimate], first: date) -> tuple[_Earlier, ...]:
    """The latest surveys from before ``first``, oldest first."""
    before = sorted((s for s in surveys if date(s.year, SURVEY_MONTH, 1) < first), key=lambda s: s.year)
    return tuple(
        _Earlier(
            survey=s.get_survey_display(),
            year=str(s.year),
            percent=float(s.percent),
            shown=short_percent(s.percent),
            words=_survey_words(s),
        )
        for s in before[-EARLIER:]
    )


def _earlier_text(earlier: Sequence[_Earlier]) -> str:
    if not earlier:
        return ""
    return _("Terpisah di kiri, survei sebelum bulan-bulan ini: %(surveys)s.") % {
        "surveys": "; ".join(survey.words for survey in earlier)
    }


def _legend(content: _TrendContent) -> tuple[Key, ...]:
    """The marks that are in the picture, and no other."""
    keys = (
        ("point", _("angka register"), any(not p.hollow for p in content.points)),
        ("hollow", _("cakupan rendah atau sedikit anak"), any(p.hollow for p in content.points)),
        ("band", _("rentang 95 %"), True),
        ("target", _("target"), bool(content.targets)),
        ("survey", _("survei, tidak disambung"), bool(content.surveys or content.earlier)),
    )
    return tuple(Key(mark, words) for mark, words, there in keys if there)


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


def _build(content: _TrendContent) -> Drawing:
    import altair as alt

    values = [p.high for p in content.points]
    values += [m.percent for m in (*content.targets, *content.surveys)]
    values += [survey.percent for survey in content.earlier]
    top = axis_top(max(values))
    last = len(content.labels) - 1
    apart = _apart(content)
    x_axis = axis(_month_labels(content, apart), grid=False, labelPadding=6, labelOverlap=False)
    y_axis = axis({tick: f"{tick}{content.sign}" for tick in axis_ticks(top)}, grid=True)
    across = scale([-0.5, last + 0.5], [apart, _MARGIN.width])

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=across, axis=x_axis)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=scale([0, top], [HEIGHT, 0]), axis=y_axis)

    points = [_as_dict(p) for p in content.points]
    months = alt.Chart(data(points))
    alone = alt.Chart(data(p for p in points if p["alone"]))
    layers = [
        months.mark_area(color=ROLES["band"], opacity=1).encode(
            x=x("at"), y=y("low"), y2="high:Q", detail="run:N"
        ),
        alone.mark_rule(color=ROLES["mark"]).encode(x=x("at"), y=y("low"), y2="high:Q"),
        *_target_layers(content, x, y),
        months.mark_line(color=ROLES["mark"], strokeWidth=2).encode(x=x("at"), y=y("rate"), detail="run:N"),
        *_point_layers(points, x, y),
        *_survey_layers(content, x, y),
        *_earlier_layers(content, y),
    ]
    return frame_layers(layers, _MARGIN, HEIGHT)


def _month_labels(content: _TrendContent, apart: float) -> dict[int, str | list[str]]:
    """Return the label of each sixth month, over two lines where surveys leave too little room for one."""
    last = len(content.labels) - 1
    room = 6 * (_MARGIN.width - apart) / (last + 1)
    stacked = room < max(map(text_width, content.labels))
    return {
        position: content.labels[position].rsplit(" ", 1) if stacked else content.labels[position]
        for position in range(last, -1, -6)
    }


def _point_layers(points: list[dict[str, Any]], x: Any, y: Any) -> list[Any]:
    import altair as alt

    return [
        alt.Chart(data(p for p in points if p["hollow"] is hollow))
        .mark_point(
            fill=ROLES["ground" if hollow else "mark"],
            stroke=ROLES["mark"],
            size=34,
            strokeWidth=1.75,
            opacity=1,
        )
        .encode(x=x("at"), y=y("rate"), description=alt.Description("words:N"))
        for hollow in (False, True)
    ]


def _target_layers(content: _TrendContent, x: Any, y: Any) -> list[Any]:
    import altair as alt

    if not content.targets:
        return []
    marks = [_as_dict(m) for m in content.targets]
    line = alt.Chart(data(marks)).mark_line(
        color=ROLES["target"], strokeDash=[6, 3], strokeWidth=1.75, interpolate="step"
    )
    # The words stand on the side of the line where the rates are not.
    below = mean(p.rate for p in content.points) > mean(m.percent for m in content.targets)
    place: dict[str, Any] = {"baseline": "top", "dy": 5} if below else {"baseline": "bottom", "dy": -5}
    # Words begin at their mark, unless that is so near the right edge that they would leave the picture.
    words = [
        alt.Chart(data(m for m in marks if m["words"] and _has_room(m, content) is room))
        .mark_text(
            color=ROLES["target"],
            stroke=ROLES["ground"],
            strokeWidth=3,
            align="left" if room else "right",
            **place,
        )
        .encode(x=x("at"), y=y("percent"), text=alt.Text("words:N"))
        for room in (True, False)
    ]
    return [line.encode(x=x("at"), y=y("percent")), *words]


def _has_room(mark: dict[str, Any], content: _TrendContent) -> bool:
    return bool(mark["at"] < 0.75 * len(content.labels))


def _survey_layers(content: _TrendContent, x: Any, y: Any) -> list[Any]:
    import altair as alt

    if not content.surveys:
        return []
    marks = alt.Chart(data(_as_dict(m) for m in content.surveys))
    return [
        marks.mark_point(**_diamond()).encode(
            x=x("at"), y=y("percent"), description=alt.Description("words:N")
        ),
        marks.mark_text(color=ROLES["survey"], baseline="bottom", dy=-9).encode(
            x=x("at"), y=y("percent"), text=alt.Text("words:N")
        ),
    ]


def _diamond() -> dict[str, Any]:
    return {
        "shape": "diamond",
        "fill": ROLES["survey"],
        "stroke": ROLES["ground"],
        "size": 130,
        "opacity": 1,
    }


def _slots(earlier: Sequence[_Earlier]) -> list[float]:
    """How wide the slot of each survey is: as its longest words."""
    return [max(map(text_width, (s.survey, s.year, s.shown))) + _EARLIER_GAP for s in earlier]


def _apart(content: _TrendContent) -> float:
    """Where the months begin, in units from the left of the plot."""
    return sum(_slots(content.earlier))


def _earlier_layers(content: _TrendContent, y: Any) -> list[Any]:
    """The surveys from before the months: no place on the axis of months, and a line that parts them."""
    import altair as alt

    layers: list[Any] = []
    left = 0.0
    for survey, width in zip(content.earlier, _slots(content.earlier), strict=True):
        middle = alt.value(left + width / 2)
        mark = alt.Chart(data([_as_dict(survey)]))
        words = alt.Chart(data([{}]))
        layers += [
            mark.mark_point(**_diamond()).encode(
                x=middle, y=y("percent"), description=alt.Description("words:N")
            ),
            mark.mark_text(color=ROLES["survey"], baseline="bottom", dy=-9).encode(
                x=middle, y=y("percent"), text=alt.Text("shown:N")
            ),
            *(
                words.mark_text(color=ROLES["survey"], baseline="middle", text=text).encode(
                    x=middle, y=alt.value(HEIGHT + down)
                )
                for text, down in ((survey.survey, 13), (survey.year, 28))
            ),
        ]
        left += width
    if layers:
        edge = alt.Chart(data([{}])).mark_rule(color=ROLES["limit"], strokeWidth=1.5)
        layers.append(edge.encode(x=alt.value(left), y=alt.value(-_MARGIN.top), y2=alt.value(HEIGHT + 34)))
    return layers


def _as_dict(item: _Point | _TrendMark | _Earlier) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}
