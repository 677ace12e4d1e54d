"""The spread of heights: shares by half an SD, WHO's curve over them, and what a shift means."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from dashboard.charts import Chart, spread_chart
from registry.statistics.tails import normal_above
from tests.dashboard.drawings import at, check_fit_for_page, marks, plain, said, text, texts, with_class


def normal_bins(mean: float, sd: float, count: int) -> list[int]:
    """Children of a normal distribution by half an SD, from -6 to 6."""
    edges = [(-6 + n / 2 - mean) / sd for n in range(25)]
    return [round(count * (normal_above(low) - normal_above(high))) for low, high in pairwise(edges)]


def draw_chart(bins: list[int], mean: float) -> Chart:
    chart = spread_chart(bins, mean, sum(bins), "Desa Maos")
    assert chart is not None
    return chart


def two_bars() -> list[int]:
    """One child in four just below -2 SD, three just above it."""
    bins = [0] * 24
    bins[7], bins[8] = 25, 75
    return bins


def height(mark: object) -> float:
    """The rectangle's side that stands upright: M x,y h width v height h -width Z."""
    return abs(float(re.findall(r"v(-?[\d.]+)", mark.get("d", ""))[0]))  # type: ignore[attr-defined]


def test_is_fit_for_a_page() -> None:
    check_fit_for_page(draw_chart(normal_bins(-1.1, 1.1, 111_000), -1.1))


def test_the_class_just_below_minus_two_is_stunted_and_the_one_from_it_on_is_not() -> None:
    looks = {said(mark): mark.get("class") for mark in marks(draw_chart(two_bars(), -2))}
    assert looks == {
        "−2,5 sampai −2,0 SD: 25,0% anak; kurva WHO 1,7%": "fill-stunted stroke-above",
        "−2,0 sampai −1,5 SD: 75,0% anak; kurva WHO 4,4%": "fill-bar stroke-mark",
    }


def test_bars_are_as_high_as_their_share() -> None:
    chart = draw_chart(two_bars(), -2)
    stunted, others = (height(marks(chart, words)[0]) for words in ("25,0", "75,0"))
    assert others / stunted == pytest.approx(3, rel=0.01)
    # The axis ends where the highest bar does, at 75 %.
    assert others == pytest.approx(180, rel=0.01)


def test_the_standards_curve_peaks_at_its_median() -> None:
    chart = draw_chart(normal_bins(-1.1, 1.1, 10_000), -1.1)
    (curve,) = with_class(chart, "stroke-standard")
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", curve.get("d", ""))]
    x, y = min(points, key=lambda point: point[1])
    # Median in the middle of the 306 units; half an SD there has 0.5 * 0.3989 = 19.95 % of an axis to 20 %.
    assert x == pytest.approx(153, abs=0.1)
    assert y == pytest.approx(180 * (1 - 19.95 / 20), abs=0.1)


def test_the_lines_at_minus_three_two_and_zero_stand_where_the_axis_says() -> None:
    chart = draw_chart(normal_bins(-1.1, 1.1, 10_000), -1.1)
    lines = sorted(at(e)[0] for e in with_class(chart, "stroke-limit"))
    assert lines == [pytest.approx(153 + sd * 25.5, abs=0.02) for sd in (-3, -2, 0)]
    assert {"−3 SD", "−2 SD", "median WHO"} <= set(texts(chart))
    assert at(text(chart, "−6"))[0] < at(text(chart, "6"))[0]


def test_a_shift_of_the_whole_curve_is_told_with_the_share_it_explains() -> None:
    # A standard curve around -1 has 15.87 % below -2 SD.
    assert plain(draw_chart(normal_bins(-1, 1, 100_000), -1).reading) == (
        "Desa Maos: rata-rata Tinggi Badan menurut Umur −1,00 SD dari 100.000 anak; 15,9% di bawah −2 "
        "SD, pada kurva WHO 2,3%; seluruh kurva bergeser 1,0 SD ke kiri, dan pergeseran itu saja sudah "
        "menempatkan 15,9% anak di bawah −2 SD, jadi yang kurang tinggi bukan hanya anak yang stunting."
    )


@pytest.mark.parametrize(
    ("mean", "sd", "count", "words"),
    [
        (0.0, 1.0, 100_000, "kurvanya hampir berimpit dengan kurva WHO."),
        (
            0.5,
            1.0,
            100_000,
            "seluruh kurva bergeser 0,5 SD ke kanan: anak di sini lebih tinggi dari standar.",
        ),
        # 13.57 % of a standard curve around -0.9; with an SD of 1.5 23 % lie below -2.
        (-0.9, 1.5, 100_000, "letak kurva hanya menjelaskan 13,6%, sisanya karena sebarannya lebih lebar"),
        (-1.0, 0.7, 100_000, "seharusnya 15,9% menurut letak kurva; sebarannya lebih sempit dari standar"),
        # The same spread in thirty children may be chance, and nobody is told to look at the measuring.
        (-0.9, 1.5, 30, "seluruh kurva bergeser 0,9 SD ke kiri"),
        # So may a mean of -0.3 in sixteen.
        (-0.3, 1.0, 16, "kurvanya hampir berimpit dengan kurva WHO."),
    ],
)
def test_what_the_place_of_the_curve_means(mean: float, sd: float, count: int, words: str) -> None:
    assert words in plain(draw_chart(normal_bins(mean, sd, count), mean).reading)


def test_the_picture_gives_shares_and_no_counts() -> None:
    assert not [
        mark for mark in marks(draw_chart(two_bars(), -2)) if re.search(r"\b(25|75) anak", said(mark))
    ]


def test_no_child_is_no_picture() -> None:
    assert spread_chart([0] * 24, 0.0, 0, "X") is None


@pytest.mark.parametrize(("bins", "count"), [([1] * 23, 23), ([1] * 24, 25)])
def test_classes_that_cannot_be_are_refused(bins: list[int], count: int) -> None:
    with pytest.raises(ValueError, match="classes"):
        spread_chart(bins, 0.0, count, "X")
