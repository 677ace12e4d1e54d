"""Places ranked by their rate: a dot with its interval each, the steadied estimate beside it, the target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.charts.layout import Margin, axis, data, frame_layers, scale, shorten_text, text_width
from dashboard.charts.svg import Chart, Key, draw_chart
from dashboard.charts.target import axis_ticks, axis_top
from dashboard.charts.theme import ROLES
from dashboard.formatting import number, percent, short_percent, with_percent_sign

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

    ``rate``, its 95 % interval ``low`` to ``high`` and the empirical Bayes estimate ``shrunk`` are shares of
    0 to 1; ``shrunk`` is None where there is none. A ``pale`` place (few children, low coverage) is drawn
    hollow, after the others, and has no rank. ``words`` are what its mark says: name, rate, children.
    ``side`` of the target as ``dashboard.narrative.verdict_for_place`` has it: below, above, unclear or
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
class _Row:
    """A place as drawn: ``y`` in rows from the top, percentages on the axis; ``cut``: it goes on beyond."""

    name: str
    y: float
    rate: float
    low: float
    high: float
    cut: bool
    shrunk: float | None
    hollow: bool
    words: str


@dataclass(frozen=True, slots=True)
class _RankingContent:
    rows: tuple[_Row, ...]
    count: int
    top: int
    target: float | None
    target_label: str
    pale_label: str
    pale_at: float | None
    sign: str


def ranking_chart(rows: Sequence[RankedRate], target_percent: float | None, where: str) -> Chart | None:
    """The places of ``where``, highest first and the pale ones last; None when there are none.

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
        _("Peringkat angka stunting") if ranked else _("Angka stunting, belum dapat diperingkat"),
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
    return _RankingContent(
        rows=tuple(_row(row, position, top) for position, row in places),
        count=after + len(pale),
        top=top,
        target=target,
        target_label="" if target is None else _("target %(percent)s") % {"percent": short_percent(target)},
        pale_label=_("Tidak diperingkat:"),
        pale_at=pale_at,
        sign=with_percent_sign(""),
    )


def _row(row: RankedRate, position: int, top: int) -> _Row:
    return _Row(
        name=row.name,
        y=position + 0.5,
        rate=round(row.rate * 100, 2),
        low=round(row.low * 100, 2),
        high=round(min(row.high * 100, top), 2),
        cut=row.high * 100 > top,
        shrunk=None if row.shrunk is None else round(row.shrunk * 100, 2),
        hollow=row.pale,
        words=row.words,
    )


def _reading(ranked: list[RankedRate], pale: list[RankedRate], target: float | None, where: str) -> str:
    """The main thing in one sentence: from where to where, and how many surely miss or meet the target."""
    against = "" if target is None else _against([*ranked, *pale], target)
    if not ranked:
        said = [
            _(
                "%(where)s: %(pale)s tempat punya angka, tetapi semuanya dengan sedikit anak atau cakupan "
                "rendah, jadi belum dapat diperingkat"
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
        said.append(_("%(pale)s tidak diperingkat karena anaknya sedikit atau cakupannya rendah") % parts)
    return "; ".join(said) + "."


def _against(rows: Sequence[RankedRate], target: float) -> str:
    """How many stand where, ranked or not: the same that the table names."""
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
    return f"{said % parts} {_('(%(weak)s yang di atas atau di bawah cakupannya rendah)') % parts}"


def _legend(content: _RankingContent) -> tuple[Key, ...]:
    keys = []
    if any(not row.hollow for row in content.rows):
        keys.append(Key("point", _("angka register")))
    if any(row.hollow for row in content.rows):
        keys.append(Key("hollow", _("cakupan rendah atau sedikit anak")))
    keys.append(Key("whisker", _("rentang 95 %")))
    if any(row.shrunk is not None for row in content.rows):
        keys.append(Key("shrunk", _("perkiraan yang ditarik ke rata-rata")))
    if content.target is not None:
        keys.append(Key("target", _("target")))
    return tuple(keys)


def _build(content: _RankingContent) -> Drawing:
    import altair as alt

    names = [shorten_text(row.name, _NAMES_AT_MOST) for row in content.rows]
    # The right margin holds half of the last label, the upper one the axis and the target's words.
    margin = Margin(
        top=20 if content.target is None else 38, right=18, bottom=24, left=max(map(text_width, names)) + _GAP
    )
    height = content.count * ROW
    down = scale([0, content.count], [0, height])
    words = {tick: f"{tick}{content.sign}" for tick in axis_ticks(content.top)}

    def x(name: str) -> alt.X:
        quiet = axis(words, labels=False, grid=True)
        return alt.X(f"{name}:Q", scale=scale([0, content.top], [0, margin.width]), axis=quiet)

    y = alt.Y("y:Q", scale=down, axis=None)
    rows = [{**asdict(row), "shown": name} for row, name in zip(content.rows, names, strict=True)]
    layers = [
        alt.Chart(data(rows))
        .mark_rule(color=ROLES["grid"])
        .encode(x=alt.value(0), x2=alt.value(margin.width), y=y),
        *_target_layers(content, x, margin, height),
        *_mark_layers(rows, x, y, content.top),
        alt.Chart(data(rows))
        .mark_text(color=ROLES["text"], align="right", baseline="middle")
        .encode(x=alt.value(-_GAP), y=y, text=alt.Text("shown:N")),
        *_axis_labels(content, words, x, margin, height),
    ]
    if content.pale_at is not None:
        layers.append(_pale_label_layer(content.pale_at, content.pale_label, y, margin))
    return frame_layers(layers, margin, height)


def _pale_label_layer(position: float, label: str, y: Any, margin: Margin) -> Any:
    """Return the heading over the places that are not ranked."""
    import altair as alt

    return (
        alt.Chart(data([{"y": position + 0.6}]))
        .mark_text(
            color=ROLES["text"],
            stroke=ROLES["ground"],
            strokeWidth=3,
            align="left",
            baseline="middle",
            text=label,
        )
        .encode(x=alt.value(-margin.left), y=y)
    )


def _axis_labels(
    content: _RankingContent, words: dict[int, str], x: Any, margin: Margin, height: float
) -> list[Any]:
    """Above the rows, and below them too when they are so many that the eye loses the upper ones."""
    import altair as alt

    def text_at(edge: float, ticks: Iterable[int]) -> Any:
        return (
            alt.Chart(data({"tick": tick, "words": words[tick]} for tick in ticks))
            .mark_text(color=ROLES["text"], baseline="middle")
            .encode(x=x("tick"), y=alt.value(edge), text=alt.Text("words:N"))
        )

    unit = margin.width / content.top
    above = text_at(-10, (tick for tick in words if not _is_crossed(tick, content.target, unit)))
    return [above, text_at(height + 12, words)] if content.count >= LONG else [above]


def _is_crossed(tick: int, target: float | None, unit: float) -> bool:
    """Whether the target's line, which begins above the axis, would run through the label of ``tick``."""
    return target is not None and abs(tick - target) * unit < text_width("00 %") / 2 + 2


def _target_layers(content: _RankingContent, x: Any, margin: Margin, height: float) -> list[Any]:
    import altair as alt

    if content.target is None:
        return []
    mark = alt.Chart(data([{"target": content.target}]))
    near_end = content.target > content.top / 2
    return [
        mark.mark_rule(color=ROLES["target"], strokeWidth=2, strokeDash=[6, 3]).encode(
            x=x("target"), y=alt.value(-30), y2=alt.value(height)
        ),
        mark.mark_text(
            color=ROLES["target"],
            align="right" if near_end else "left",
            dx=-4 if near_end else 4,
            baseline="middle",
            text=content.target_label,
        ).encode(x=x("target"), y=alt.value(-27)),
    ]


def _mark_layers(rows: list[dict[str, Any]], x: Any, y: Any, top: int) -> list[Any]:
    """Whiskers, then the steadied estimate, then the dot: what matters most lies on top."""
    import altair as alt

    cut = [{**row, "edge": top} for row in rows if row["cut"]]
    steady = [row for row in rows if row["shrunk"] is not None]
    return [
        alt.Chart(data(rows))
        .mark_rule(color=ROLES["mark"], strokeWidth=1.5)
        .encode(x=x("low"), x2="high:Q", y=y),
        alt.Chart(data(cut))
        .mark_point(shape="triangle-right", fill=ROLES["mark"], stroke=None, size=30, opacity=1, aria=False)
        .encode(x=x("edge"), y=y),
        alt.Chart(data(steady))
        .mark_tick(color=ROLES["shrunk"], thickness=2.5, size=12, orient="vertical", opacity=1, aria=False)
        .encode(x=x("shrunk"), y=y),
        *(
            alt.Chart(data(row for row in rows if row["hollow"] is hollow))
            .mark_point(
                shape="circle",
                fill=ROLES["ground" if hollow else "mark"],
                stroke=ROLES["mark"],
                size=50,
                strokeWidth=1.75,
                opacity=1,
            )
            .encode(x=x("rate"), y=y, description=alt.Description("words:N"))
            for hollow in (False, True)
        ),
    ]
