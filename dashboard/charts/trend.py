"""The rate of 24 months with its interval; what surveys found as other marks, never joined with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.charts.layout import (
    Margin,
    Plot,
    at,
    axis,
    axis_ticks,
    axis_top,
    chart,
    percent_words,
    text_width,
)
from dashboard.charts.svg import Chart, Key, draw_chart, keys_of
from dashboard.charts.target import target_words
from dashboard.charts.theme import ROLES
from dashboard.formatting import month_name, month_short, rate_with_interval, short_percent
from dashboard.narrative import long_note
from registry.figures import Prevalence
from registry.models import SurveyEstimate, Target

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

HEIGHT = 190
_MARGIN = Margin(top=16, right=28, bottom=38, left=36)
EARLIER = 2
"""How many surveys from before the months stand next to them: more would leave the months too little room."""

_DIAMOND: dict[str, Any] = {
    "shape": "diamond",
    "fill": ROLES["survey"],
    "stroke": ROLES["ground"],
    "size": 130,
    "opacity": 1,
}

_EARLIER_GAP = 8
SURVEY_MONTH = 7
"""Surveys are dated by their year only; their mark stands in its middle."""


Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _TrendContent:
    """``points``, ``targets`` and ``surveys`` lie ``at`` a month; ``earlier`` surveys next to the months."""

    labels: list[str]
    points: Rows
    targets: Rows
    surveys: Rows
    earlier: Rows


def trend_chart(
    found: Sequence[Prevalence],
    targets: dict[int, Target | None],
    surveys: Sequence[SurveyEstimate],
    where: str,
) -> Chart | None:
    """Return the months ``found``, oldest first, with each year's target; None when no month has a rate.

    A survey stands at its month; the latest from before the months stand left of them, apart.
    """
    points = _points(found)
    if not points:
        return None
    months = [p.month for p in found]
    first, last = months[0], months[-1]
    dated = sorted(((date(s.year, SURVEY_MONTH, 1), s) for s in surveys), key=lambda pair: pair[0])
    content = _TrendContent(
        labels=[month_short(month) for month in months],
        points=points,
        targets=_target_rows(targets, months),
        surveys=[_survey_row(s) | {"at": months.index(at)} for at, s in dated if first <= at <= last],
        earlier=[_survey_row(s) for at, s in dated if at < first][-EARLIER:],
    )
    title = _("Prevalensi stunting %(count)s bulan") % {"count": len(found)}
    reading = " ".join(said for said in (_reading(found, where), _earlier_text(content.earlier)) if said)
    return draw_chart("trend", content, title, reading, lambda: _build(content), _legend(content))


def _has_point(found: Prevalence) -> bool:
    """Return whether a month is drawn: a running or thinly covered one would move the line and the axis."""
    return found.rate is not None and found.is_judged


def _points(found: Sequence[Prevalence]) -> Rows:
    """Return the months with a rate that is judged.

    ``run`` counts the stretches of months without a gap; ``alone``: no neighbour.
    """
    known = [_has_point(p) for p in found]
    run, points = 0, []
    for index, p in enumerate(found):
        if not _has_point(p) or p.rate is None or p.low is None or p.high is None:
            run += 1
            continue
        words = (f"{month_name(p.month)}: {rate_with_interval(p)}", long_note(p))
        points.append(
            {
                "at": index,
                "rate": round(p.rate * 100, 2),
                "low": round(p.low * 100, 2),
                "high": round(p.high * 100, 2),
                "hollow": p.pale,
                "run": run,
                "alone": not any(known[i] for i in (index - 1, index + 1) if 0 <= i < len(found)),
                "words": ", ".join(filter(None, words)),
            }
        )
    return points


def _target_rows(targets: dict[int, Target | None], months: list[date]) -> Rows:
    """Return the target of each month that has one, with words where it begins or changes."""
    rows: Rows = []
    for at_month, month in enumerate(months):
        if target := targets[month.year]:
            percent = float(target.percent)
            words = "" if rows and rows[-1]["percent"] == percent else target_words(percent)
            rows.append({"at": at_month, "percent": percent, "words": words})
    return rows


def _survey_row(survey: SurveyEstimate) -> dict[str, Any]:
    name, year, shown = survey.get_survey_display(), str(survey.year), short_percent(survey.percent)
    return {
        "survey": name,
        "year": year,
        "percent": float(survey.percent),
        "shown": shown,
        "words": f"{name} {year}: {shown}",
    }


def _earlier_text(earlier: Rows) -> str:
    if not earlier:
        return ""
    return _("Di kiri, terpisah: survei sebelum periode ini (%(surveys)s).") % {
        "surveys": "; ".join(survey["words"] for survey in earlier)
    }


def _legend(content: _TrendContent) -> tuple[Key, ...]:
    return keys_of(
        ("point", _("prevalensi register"), any(not p["hollow"] for p in content.points)),
        (
            "hollow",
            _("cakupan pengukuran rendah atau sedikit anak"),
            any(p["hollow"] for p in content.points),
        ),
        ("band", _("selang kepercayaan 95%"), True),
        ("target", _("target"), bool(content.targets)),
        ("survey", _("survei, tidak disambung"), bool(content.surveys or content.earlier)),
    )


def _reading(found: Sequence[Prevalence], where: str) -> str:
    """Return what the picture shows, in one sentence."""
    known = [p for p in found if _has_point(p)]
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
        "%(pale)s digambar sebagai lingkaran kosong karena cakupan pengukurannya rendah atau anaknya sedikit",
        "%(pale)s digambar sebagai lingkaran kosong karena cakupan pengukurannya rendah atau anaknya sedikit",
        pale,
    )
    return f"{sentence % parts}, {weak % parts}."


def _build(content: _TrendContent) -> Drawing:
    marks = (*content.targets, *content.surveys, *content.earlier)
    top = axis_top(max([p["high"] for p in content.points] + [mark["percent"] for mark in marks]))
    begins = sum(map(_slot, content.earlier))
    plot = Plot(
        _MARGIN,
        HEIGHT,
        across=(-0.5, len(content.labels) - 0.5),
        down=(0, top),
        x_axis=axis(_month_labels(content.labels, begins), grid=False, labelPadding=6, labelOverlap=False),
        y_axis=axis(percent_words(axis_ticks(top)), grid=True),
        begins=begins,
    )
    x, low, rate = plot.x("at"), plot.y("low"), plot.y("rate")
    months = chart(content.points)
    alone = chart(p for p in content.points if p["alone"]).mark_rule(color=ROLES["mark"])
    layers = [
        months.mark_area(color=ROLES["band"], opacity=1).encode(x=x, y=low, y2="high:Q", detail="run:N"),
        alone.encode(x=x, y=low, y2="high:Q"),
        *_target_layers(content, plot),
        months.mark_line(color=ROLES["mark"], strokeWidth=2).encode(x=x, y=rate, detail="run:N"),
        *(_point_layer(content.points, hollow, plot) for hollow in (False, True)),
        *(_survey_layers(content.surveys, x, plot, "words") if content.surveys else []),
        *_earlier_layers(content.earlier, plot),
    ]
    return plot.draw(layers)


def _month_labels(labels: list[str], begins: float) -> dict[int, str | list[str]]:
    """Return the label of each sixth month, over two lines where surveys leave too little room for one."""
    room = 6 * (_MARGIN.width - begins) / len(labels)
    is_stacked = room < max(map(text_width, labels))
    return {
        position: labels[position].rsplit(" ", 1) if is_stacked else labels[position]
        for position in range(len(labels) - 1, -1, -6)
    }


def _point_layer(points: Rows, hollow: bool, plot: Plot) -> Any:
    fill = ROLES["ground" if hollow else "mark"]
    return (
        chart(p for p in points if p["hollow"] is hollow)
        .mark_point(fill=fill, stroke=ROLES["mark"], size=34, strokeWidth=1.75, opacity=1)
        .encode(x=plot.x("at"), y=plot.y("rate"), description="words:N")
    )


def _target_layers(content: _TrendContent, plot: Plot) -> list[Any]:
    rows = content.targets
    if not rows:
        return []
    x, y = plot.x("at"), plot.y("percent")
    line = chart(rows).mark_line(
        color=ROLES["target"], strokeDash=[6, 3], strokeWidth=1.75, interpolate="step"
    )
    # The words stand on the side of the line where the rates are not.
    is_below = mean(p["rate"] for p in content.points) > mean(row["percent"] for row in rows)
    look: dict[str, Any] = {"baseline": "top", "dy": 5} if is_below else {"baseline": "bottom", "dy": -5}
    look |= {"color": ROLES["target"], "stroke": ROLES["ground"], "strokeWidth": 3}
    # Words begin at their mark, unless that is so near the right edge that they would leave the picture.
    edge = 0.75 * len(content.labels)
    words = [
        chart(row for row in rows if row["words"] and (row["at"] < edge) is has_room)
        .mark_text(align="left" if has_room else "right", **look)
        .encode(x=x, y=y, text="words:N")
        for has_room in (True, False)
    ]
    return [line.encode(x=x, y=y), *words]


def _survey_layers(rows: Rows, x: Any, plot: Plot, shown: str) -> list[Any]:
    """Return a mark for each survey, under what its field ``shown`` says."""
    marks, y = chart(rows), plot.y("percent")
    words = marks.mark_text(color=ROLES["survey"], baseline="bottom", dy=-9)
    return [
        marks.mark_point(**_DIAMOND).encode(x=x, y=y, description="words:N"),
        words.encode(x=x, y=y, text=f"{shown}:N"),
    ]


def _slot(survey: dict[str, Any]) -> float:
    """Return how wide the slot of an earlier survey is: as its longest words."""
    return max(text_width(survey[name]) for name in ("survey", "year", "shown")) + _EARLIER_GAP


def _earlier_layers(earlier: Rows, plot: Plot) -> list[Any]:
    """Return surveys from before the months: no place on their axis, and a line between the two."""
    layers: list[Any] = []
    left = 0.0
    for survey in earlier:
        middle = at(left + _slot(survey) / 2)
        layers += _survey_layers([survey], middle, plot, "shown")
        for name, down in (("survey", 13), ("year", 28)):
            words = chart([{}]).mark_text(color=ROLES["survey"], baseline="middle", text=survey[name])
            layers.append(words.encode(x=middle, y=at(HEIGHT + down)))
        left += _slot(survey)
    if layers:
        edge = chart([{}]).mark_rule(color=ROLES["limit"], strokeWidth=1.5)
        layers.append(edge.encode(x=at(left), y=at(-_MARGIN.top), y2=at(HEIGHT + 34)))
    return layers
