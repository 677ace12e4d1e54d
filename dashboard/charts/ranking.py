"""Places ranked by their rate: a dot with its interval each, the steadied estimate next to it, the target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import (
    Margin,
    Plot,
    Spot,
    at,
    axis,
    axis_ticks,
    axis_top,
    chart,
    named_line,
    percent_words,
    shorten_text,
    text_layers,
    text_width,
)
from dashboard.charts.svg import Chart, Key, draw_chart, keys_of
from dashboard.charts.target import target_words
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, percent, short_percent

if TYPE_CHECKING:
    from dashboard.charts.svg import Drawing

ROW = 20
"""Units from one place to the next."""

LONG = 12
"""From so many rows on the axis is labelled at the bottom too."""

_NAMES_AT_MOST = 120
_GAP = 8


@dataclass(frozen=True, slots=True)
class RankedRate:
    """A place in a ranking.

    ``rate``, its 95% interval ``low`` to ``high`` and the empirical Bayes estimate ``shrunk`` are shares of
    0 to 1; ``shrunk`` is None where there is none. A ``pale`` place (few children, low coverage) is drawn
    hollow, after the others, and has no rank. ``words`` are what its mark says: name, rate, children.
    ``side`` of the target as ``registry.figures.verdict`` has it: below, above, unclear or
    anything else; ``low_coverage``: a side to be read with care.
    """

    name: str
    rate: float
    low: float
    high: float
    shrunk: float | None
    pale: bool
    words: str
    side: str = ""
    low_coverage: bool = False


@dataclass(frozen=True, slots=True)
class _RankingContent:
    """``rows`` as drawn; ``count``: with the heading over the pale ones, which stands at ``pale_at``."""

    rows: list[dict[str, Any]]
    count: int
    top: int
    target: float | None
    pale_at: int | None


def ranking_chart(rows: Sequence[RankedRate], target_percent: float | None, where: str) -> Chart | None:
    """Return the places of ``where``, highest first and the pale ones last; None when there are none.

    ``target_percent`` in per cent, None without a target.
    """
    if not rows:
        return None
    ranked = _highest_first(row for row in rows if not row.pale)
    pale = _highest_first(row for row in rows if row.pale)
    content = _content(ranked, pale, target_percent)
    return draw_chart(
        "ranking",
        content,
        _("Peringkat prevalensi stunting") if ranked else _("Prevalensi stunting, belum dapat diperingkat"),
        _reading(ranked, pale, target_percent, where),
        lambda: _build(content),
        _legend(content),
    )


def _highest_first(rows: Iterable[RankedRate]) -> list[RankedRate]:
    return sorted(rows, key=lambda row: (-row.rate, row.name))


def _content(ranked: list[RankedRate], pale: list[RankedRate], target: float | None) -> _RankingContent:
    # The wide intervals of a few children would squeeze all others: theirs may end at the edge instead.
    ends = [row.high for row in ranked] or [row.high for row in pale]
    top = axis_top(max([*(end * 100 for end in ends), *(row.rate * 100 for row in pale), target or 0]))
    pale_at = len(ranked) if ranked and pale else None
    after = len(ranked) + (pale_at is not None)
    places = [*enumerate(ranked), *enumerate(pale, start=after)]
    rows = [_row(row, position, top) for position, row in places]
    return _RankingContent(rows, after + len(pale), top, target, pale_at)


def _row(row: RankedRate, position: int, top: int) -> dict[str, Any]:
    """Return a place as drawn: ``y`` in rows from the top, per cent; ``cut``: it goes on beyond the axis."""
    return {
        "y": position + 0.5,
        "shown": shorten_text(row.name, _NAMES_AT_MOST),
        "rate": round(row.rate * 100, 2),
        "low": round(row.low * 100, 2),
        "high": round(min(row.high * 100, top), 2),
        "cut": row.high * 100 > top,
        "edge": top,
        "shrunk": None if row.shrunk is None else round(row.shrunk * 100, 2),
        "hollow": row.pale,
        "words": row.words,
    }


def _reading(ranked: list[RankedRate], pale: list[RankedRate], target: float | None, where: str) -> str:
    """Return the main thing in a sentence: the highest, the lowest, and who surely misses the target."""
    against = "" if target is None else _against([*ranked, *pale], target)
    if not ranked:
        said = [
            _(
                "%(where)s: %(pale)s tempat punya angka, tetapi semuanya dengan sedikit anak atau "
                "cakupan pengukuran rendah, jadi belum dapat diperingkat"
            )
            % {"where": where, "pale": number(len(pale))}
        ]
        # Where all have few children nobody is named above or below, and nothing is to be added.
        named = any(row.side in ("above", "below") for row in pale)
        return "; ".join([*said, against] if against and named else said) + "."
    parts = {
        "where": where,
        "highest": ranked[0].name,
        "highest_rate": percent(ranked[0].rate),
        "lowest": ranked[-1].name,
        "lowest_rate": percent(ranked[-1].rate),
        "pale": number(len(pale)),
    }
    if len(ranked) == 1:
        said = [_("%(where)s: hanya %(highest)s dapat diperingkat, dengan %(highest_rate)s") % parts]
    else:
        said = [
            _("%(where)s: tertinggi %(highest)s %(highest_rate)s, terendah %(lowest)s %(lowest_rate)s")
            % parts
        ]
    if against:
        said.append(against)
    if pale:
        said.append(
            _("%(pale)s tidak diperingkat karena anaknya sedikit atau cakupan pengukurannya rendah") % parts
        )
    return "; ".join(said) + "."


def _against(rows: Sequence[RankedRate], target: float) -> str:
    """Return how many stand where, ranked or not: the same that the table names."""
    sides = {side: sum(row.side == side for row in rows) for side in ("above", "below", "unclear")}
    weak = sum(row.low_coverage for row in rows if row.side in ("above", "below"))
    parts = {
        "count": number(len(rows)),
        "target": short_percent(target),
        "weak": number(weak),
        **{side: number(count) for side, count in sides.items()},
    }
    said = _(
        "dari %(count)s tempat, %(above)s di atas target %(target)s, %(below)s di bawahnya dan %(unclear)s "
        "belum pasti"
    )
    if not weak:
        return said % parts
    covered = _("(%(weak)s yang di atas atau di bawah cakupan pengukurannya rendah)")
    return f"{said} {covered}" % parts


def _legend(content: _RankingContent) -> tuple[Key, ...]:
    rows = content.rows
    return keys_of(
        ("point", _("prevalensi register"), any(not row["hollow"] for row in rows)),
        ("hollow", _("cakupan pengukuran rendah atau sedikit anak"), any(row["hollow"] for row in rows)),
        ("whisker", _("selang kepercayaan 95%"), True),
        ("shrunk", _("perkiraan yang ditarik ke rata-rata"), any(row["shrunk"] is not None for row in rows)),
        ("target", _("target"), content.target is not None),
    )


def _build(content: _RankingContent) -> Drawing:
    # The right margin holds half of the last label, the upper one the axis and the target's words.
    margin = Margin(
        top=20 if content.target is None else 38,
        right=18,
        bottom=24,
        left=max(text_width(row["shown"]) for row in content.rows) + _GAP,
    )
    words = percent_words(axis_ticks(content.top))
    plot = Plot(
        margin,
        content.count * ROW,
        across=(0, content.top),
        down=(content.count, 0),
        x_axis=axis(words, labels=False, grid=True),
    )
    rows, y = chart(content.rows), plot.y("y")
    names = rows.mark_text(color=ROLES["text"], align="right", baseline="middle")
    layers = [
        rows.mark_rule(color=ROLES["grid"]).encode(x=at(0), x2=at(margin.width), y=y),
        *_target_layers(content, plot),
        *_mark_layers(content.rows, plot),
        names.encode(x=at(-_GAP), y=y, text="shown:N"),
        *_axis_labels(content, words, plot),
    ]
    if content.pale_at is not None:
        heading = Spot(_("Tidak diperingkat:"), -margin.left, content.pale_at + 0.6, "left")
        layers += text_layers([heading], at(-margin.left), y)
    return plot.draw(layers)


def _axis_labels(content: _RankingContent, words: dict[int, str], plot: Plot) -> list[Any]:
    """Return labels above the rows, and below too when they are so many that the eye loses the upper ones."""

    def text_at(edge: float, ticks: Iterable[int]) -> Any:
        labels = chart({"tick": tick, "words": words[tick]} for tick in ticks)
        text = labels.mark_text(color=ROLES["text"], baseline="middle")
        return text.encode(x=plot.x("tick"), y=at(edge), text="words:N")

    unit = plot.margin.width / content.top
    above = text_at(-10, (tick for tick in words if not _is_crossed(tick, content.target, unit)))
    return [above, text_at(plot.height + 12, words)] if content.count >= LONG else [above]


def _is_crossed(tick: int, target: float | None, unit: float) -> bool:
    """Return whether the target's line, which begins above the axis, would cross the label of ``tick``."""
    return target is not None and abs(tick - target) * unit < text_width("00%") / 2 + 2


def _target_layers(content: _RankingContent, plot: Plot) -> list[Any]:
    if content.target is None:
        return []
    return named_line(
        plot.x("value"),
        content.target,
        target_words(content.target),
        roles=("target", "target"),
        ends=(-30, plot.height),
        words_at=-27,
        is_left=content.target > content.top / 2,
        strokeWidth=2,
        strokeDash=[6, 3],
    )


def _mark_layers(rows: list[dict[str, Any]], plot: Plot) -> list[Any]:
    """Return whiskers, then the steadied estimate, then the dot: what matters most lies on top."""
    y = plot.y("y")
    quiet: dict[str, Any] = {"opacity": 1, "aria": False}
    steady: dict[str, Any] = {"thickness": 2.5, "size": 12, "orient": "vertical"}
    dot: dict[str, Any] = {"shape": "circle", "size": 50, "strokeWidth": 1.75, "opacity": 1}
    return [
        chart(rows).mark_rule(color=ROLES["mark"], strokeWidth=1.5).encode(x=plot.x("low"), x2="high:Q", y=y),
        chart(row for row in rows if row["cut"])
        .mark_point(shape="triangle-right", fill=ROLES["mark"], stroke=None, size=30, **quiet)
        .encode(x=plot.x("edge"), y=y),
        chart(row for row in rows if row["shrunk"] is not None)
        .mark_tick(color=ROLES["shrunk"], **steady, **quiet)
        .encode(x=plot.x("shrunk"), y=y),
        *(
            chart(row for row in rows if row["hollow"] is hollow)
            .mark_point(fill=ROLES["ground" if hollow else "mark"], stroke=ROLES["mark"], **dot)
            .encode(x=plot.x("rate"), y=y, description="words:N")
            for hollow in (False, True)
        ),
    ]
