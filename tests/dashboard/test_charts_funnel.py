"""The funnel: shape and fill say on which side of chance a village is, and only those far out are named."""

from __future__ import annotations

import re
from math import sqrt

import pytest

from dashboard.charts import Chart, FunnelCurves, FunnelPoint, funnel_chart
from dashboard.charts.funnel import _round_step
from tests.dashboard.drawings import at, check_fit_for_page, marks, plain, said, text, texts, with_class

SHARE = 0.2
SIZES = list(range(10, 1001, 10))


def limits(z: float) -> list[float]:
    """Of the normal approximation, good enough to draw."""
    return [SHARE + z * sqrt(SHARE * (1 - SHARE) / size) for size in SIZES]


def at_least_zero(values: list[float]) -> list[float]:
    return [max(0.0, value) for value in values]


CURVES = FunnelCurves(
    SIZES,
    list(zip(at_least_zero(limits(-1.96)), limits(1.96), strict=True)),
    list(zip(at_least_zero(limits(-3.09)), limits(3.09), strict=True)),
)
POINTS = [
    FunnelPoint("Doplang", 400, 0.40, "far_above"),
    FunnelPoint("Jenang", 300, 0.26, "above"),
    FunnelPoint("Bener", 500, 0.21, "within"),
    FunnelPoint("Boja", 300, 0.14, "below"),
    FunnelPoint("Salebu", 800, 0.08, "far_below"),
]


def draw_chart(points: list[FunnelPoint]) -> Chart:
    chart = funnel_chart(points, CURVES, SHARE, "Kabupaten Cilacap")
    assert chart is not None
    return chart


def test_is_fit_for_a_page() -> None:
    check_fit_for_page(draw_chart(POINTS))


def test_each_side_has_a_shape_and_a_fill_of_its_own() -> None:
    chart = draw_chart(POINTS)
    looks = {}
    for mark in marks(chart):
        corners = mark.get("d", "").count("L")
        first_down = "A" not in mark.get("d", "") and float(mark.get("d", "").split(",")[1].split("L")[0]) > 0
        looks[said(mark).partition(":")[0]] = (corners, first_down, mark.get("class"))
    assert looks == {
        "Doplang": (2, False, "fill-above stroke-ground"),
        "Jenang": (2, False, "fill-ground stroke-above"),
        "Bener": (0, False, "fill-ground stroke-none"),
        "Boja": (2, True, "fill-ground stroke-mark"),
        "Salebu": (2, True, "fill-mark stroke-ground"),
    }


def test_only_those_far_outside_are_named_in_the_picture_and_all_when_pointed_at() -> None:
    chart = draw_chart(POINTS)
    names = {point.name for point in POINTS}
    assert names & set(texts(chart)) == {"Doplang", "Salebu"}
    assert {said(mark).partition(":")[0] for mark in marks(chart)} == names
    assert said(marks(chart, "Doplang")[0]) == "Doplang: 40,0% dari 400 anak, di atas batas 99,8%"
    assert said(marks(chart, "Boja")[0]) == "Boja: 14,0% dari 300 anak, di bawah batas 95%"


def test_a_point_stands_where_the_axes_say() -> None:
    chart = draw_chart(POINTS)  # sizes to 800: the axis ends at 800; rates to 40 %: at 45 %
    (mark,) = marks(chart, "Doplang")
    zero, last = (at(text(chart, words))[0] for words in ("0", "800"))
    assert at(mark)[0] == pytest.approx(zero + (last - zero) * 400 / 800, abs=0.02)
    bottom, forty = (at(text(chart, words))[1] for words in ("0%", "40%"))
    assert at(mark)[1] - at(marks(chart, "Salebu")[0])[1] == pytest.approx(
        (forty - bottom) * 32 / 40, abs=0.05
    )


def test_names_that_would_lie_on_each_other_are_left_out() -> None:
    crowd = [FunnelPoint(f"Desa Bernama {n:02d}", 400 + n, 0.40, "far_above") for n in range(30)]
    named = [t for t in texts(draw_chart(crowd)) if t.startswith("Desa")]
    assert len(named) < 3


def test_a_name_covers_no_other_name() -> None:
    # Kubangkangkung stands at the right edge with its name at its left, so Pagubugan's goes left too.
    edge = FunnelPoint("Kubangkangkung Lor", 1000, 0.40, "far_above")
    middle = FunnelPoint("Pagubugan Kulon", 500, 0.40, "far_above")
    room = FunnelPoint("Bener", 1000, 0.20, "within")
    assert text(draw_chart([middle, room]), "Pagubugan Kulon").get("text-anchor") == "start"
    assert text(draw_chart([middle, edge]), "Pagubugan Kulon").get("text-anchor") == "end"


def test_a_name_covers_no_other_mark() -> None:
    alone = FunnelPoint("Doplang", 400, 0.40, "far_above")
    at_its_right = [FunnelPoint(f"X{n}", 420 + 10 * n, 0.40, "within") for n in range(20)]
    room = FunnelPoint("Bener", 800, 0.20, "within")
    assert text(draw_chart([alone, room]), "Doplang").get("text-anchor") == "start"
    assert text(draw_chart([alone, room, *at_its_right]), "Doplang").get("text-anchor") == "end"


def test_the_limits_of_each_kind_are_lines_above_and_below() -> None:
    lines = [e for e in with_class(draw_chart(POINTS), "stroke-limit") if e.get("d")]
    assert [line.get("stroke-dasharray") for line in lines] == ["4,3", "4,3", "", ""]


def test_a_lower_limit_of_zero_is_not_drawn_on_the_axis() -> None:
    lines = [e.get("d", "") for e in with_class(draw_chart(POINTS), "stroke-limit") if e.get("d")]
    # Sizes to 800. The limit at z = 1.96 is above zero from 16 children on, that is from the size of 20.
    assert [line.count("C") for line in lines] == [78, 79, 76, 79]


def test_the_sentence_counts_who_differs_by_more_than_chance() -> None:
    assert plain(draw_chart(POINTS).reading) == (
        "Kabupaten Cilacap: rata-rata 20,0%; dari 5 tempat, 1 di atas dan 1 di bawah batas 99,8%, yang "
        "jarang terlewati karena kebetulan, dan 2 di antara batas 95% dan 99,8%."
    )
    assert plain(draw_chart(POINTS[1:4]).reading) == (
        "Kabupaten Cilacap: rata-rata 20,0%; tidak satu pun dari 3 tempat di luar batas 99,8%; 2 di "
        "antara batas 95% dan 99,8%. Dari gambar ini saja belum terlihat perbedaan yang melebihi "
        "kebetulan."
    )


def test_the_title_leaves_open_what_is_found() -> None:
    assert draw_chart(POINTS[1:4]).title == "Prevalensi menurut banyaknya anak"


def test_small_places_are_said_to_show_only_large_differences() -> None:
    # The limit of 20 children is 0.2 + 3.09 * sqrt(0.16 / 20) = 47.6 %, more than twice the common 20 %.
    small = [FunnelPoint(f"Desa {n}", 20, 0.20, "within") for n in range(3)]
    said = "separuhnya paling banyak 20 anak. Tempat sebesar itu baru di luar batas kalau angkanya lebih dari"
    assert f"{said} 47,6%, jadi hanya perbedaan yang sangat besar" in plain(draw_chart(small).reading)
    assert "Hati-hati" not in draw_chart(POINTS).reading


def test_places_that_differ_all_together_are_not_said_to_differ_by_chance() -> None:
    chart = funnel_chart(POINTS[1:4], CURVES, SHARE, "Kabupaten Cilacap", widening=1.4)
    assert chart is not None
    assert "3 tempat bersama-sama berbeda melebihi kebetulan" in chart.reading
    assert "belum terlihat" not in chart.reading


def test_the_outer_limit_lies_in_the_picture_though_no_place_comes_near_it() -> None:
    chart = draw_chart([FunnelPoint(f"Desa {n}", 20 + n, 0.20, "within") for n in range(3)])
    # 47.6 % at 20 children: the axis goes to 50, though no rate is above 20.
    assert "40%" in texts(chart)
    top = at(text(chart, "40%"))[1] - (at(text(chart, "0%"))[1] - at(text(chart, "40%"))[1]) / 4
    lines = {e.get("stroke-dasharray"): e for e in with_class(chart, "stroke-limit") if e.get("d")}
    outer = [float(y) for y in re.findall(r",(-?[\d.]+)", lines[""].get("d", ""))]
    assert max(outer) > top
    assert {"limit", "limit-near"} <= {key.mark for key in chart.legend}


def test_the_legend_has_only_what_is_drawn() -> None:
    assert [key.mark for key in draw_chart(POINTS[2:4]).legend] == [
        "within",
        "below",
        "limit",
        "limit-near",
        "mean",
    ]


def test_no_places_are_no_picture() -> None:
    assert funnel_chart([], CURVES, SHARE, "X") is None


def test_the_axis_of_sizes_has_round_steps() -> None:
    assert [_round_step(most) for most in (1, 5, 6, 24, 500, 501, 1600, 111_000)] == [
        1,
        1,
        2,
        5,
        100,
        200,
        500,
        50_000,
    ]
