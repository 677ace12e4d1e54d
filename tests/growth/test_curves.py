"""The lines of the charts are the ones WHO prints."""

from __future__ import annotations

from itertools import pairwise

import pytest

from registry.growth import PositionCode, SexCode, assess, curve


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (0, [2.1, 2.5, 2.9, 3.3, 3.9, 4.4, 5.0]),
        (-1, [12.4, 14.1, 16.0, 18.3, 21.0, 24.2, 27.9]),
    ],
)
def test_weight_for_age_of_boys_is_whos_at_birth_and_at_five_years(place: int, printed: list[float]) -> None:
    lines = curve("waz", SexCode.BOY).lines
    assert [round(lines[line][place], 1) for line in range(-3, 4)] == printed


def test_height_for_age_of_boys_is_whos_at_birth_and_at_five_years() -> None:
    chart = curve("haz", SexCode.BOY)
    assert (chart.x[0], chart.x[-1]) == (0, 1826)
    assert (round(chart.lines[-2][0], 1), round(chart.lines[0][0], 1)) == (46.1, 49.9)
    assert (round(chart.lines[-2][-1], 1), round(chart.lines[0][-1], 1)) == (100.7, 110.0)


def test_height_for_age_steps_down_where_children_stand_up() -> None:
    chart = curve("haz", SexCode.BOY)
    place = chart.x.index(730)
    assert chart.x[place + 1] == 731
    assert chart.lines[0][place] - chart.lines[0][place + 1] == pytest.approx(0.7, abs=0.05)


def test_weight_for_length_and_for_height_have_their_own_ranges() -> None:
    lying = curve("whz", SexCode.GIRL)
    standing = curve("whz", SexCode.GIRL, position=PositionCode.STANDING)
    assert (lying.x[0], lying.x[1], lying.x[-1]) == (45, 46, 110)
    assert (standing.x[0], standing.x[-1]) == (65, 120)
    assert round(standing.lines[-2][0], 1) == 6.1
    assert round(standing.lines[3][-1], 1) == 31.2


def test_days_are_about_a_month_apart() -> None:
    x = curve("waz", SexCode.GIRL).x
    assert max(later - day for day, later in pairwise(x)) == 30


def test_a_point_on_a_line_scores_the_line() -> None:
    chart = curve("waz", SexCode.GIRL)
    for line, values in chart.lines.items():
        for day, weight_kg in zip(chart.x, values, strict=True):
            got = assess(sex=SexCode.GIRL, age_days=int(day), weight_kg=weight_kg).waz
            assert got == pytest.approx(line, abs=0.011)


def test_only_the_lines_asked_for_are_drawn() -> None:
    assert list(curve("haz", SexCode.GIRL, (-2, 0)).lines) == [-2, 0]


def test_a_line_beyond_three_is_refused() -> None:
    with pytest.raises(ValueError, match="from -3 to 3"):
        curve("waz", SexCode.GIRL, (-4, 0))


def test_an_index_without_a_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="no chart of 'acz'"):
        curve("acz", SexCode.GIRL)
