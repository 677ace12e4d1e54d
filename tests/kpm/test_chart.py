"""Charts from measurements made here, not stored."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpm.chart import (
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    GrowthChart,
    draw_charts,
    draw_growth_chart,
)
from kpm.next_weight import next_weight_aims
from registry.growth import SexCode
from registry.models import Measurement

BORN = date(2023, 1, 1)


def at(age_days: int, weight: str | None, length: str | None, **more: object) -> Measurement:
    cm = Decimal(length) if length else None
    kg = Decimal(weight) if weight else None
    return Measurement(
        measured_on=BORN + timedelta(days=age_days),
        age_days=age_days,
        weight_kg=kg,
        lenhei_cm=cm,
        clenhei_cm=cm,
        haz=0.0,
        waz=0.0,
        whz=0.0,
        **more,
    )


def test_there_are_three_charts_once_there_is_a_measurement() -> None:
    assert draw_charts(SexCode.GIRL, []) == []
    assert [c.key for c in draw_charts(SexCode.GIRL, [at(0, "3.2", "49.1")])] == ["haz", "waz", "whz"]


def test_birth_lies_on_the_left_edge_and_a_median_girl_on_the_median_line() -> None:
    # WHO 2006: a girl's median length at birth is 49.1 cm (49.1477 in the table).
    chart = draw_growth_chart("haz", SexCode.GIRL, [at(0, "3.2", "49.1477")], 0)
    median = next(line for line in chart.lines if line.sd == 0)
    assert chart.points[0].x == LEFT
    assert median.points.split()[0] == f"{chart.points[0].x:g},{chart.points[0].y:g}"


def test_the_curves_stand_above_each_other() -> None:
    chart = draw_growth_chart("waz", SexCode.BOY, [at(100, "6.5", "61")], 100)
    assert [line.sd for line in sorted(chart.lines, key=lambda line: -line.end_y)] == [-3, -2, 0, 2, 3]
    assert [line.name for line in chart.lines] == ["−3", "−2", "0", "+2", "+3"]


def test_under_two_years_the_chart_is_of_length_over_24_months() -> None:
    chart = draw_growth_chart("haz", SexCode.BOY, [at(730, "12", "87")], 730)
    assert chart.title == "Panjang Badan menurut Umur"
    assert [tick.words for tick in chart.x_ticks] == ["0", "3", "6", "9", "12", "15", "18", "21", "24"]


def test_from_two_years_on_it_is_of_height_over_60_months() -> None:
    chart = draw_growth_chart("haz", SexCode.BOY, [at(731, "12", "87")], 731)
    assert chart.title == "Tinggi Badan menurut Umur"
    assert chart.x_ticks[-1].words == "60"


def test_everything_lies_inside_the_picture_even_a_value_nobody_believes() -> None:
    for index in ("haz", "waz", "whz"):
        chart = draw_growth_chart(index, SexCode.GIRL, [at(400, "38", "60", waz_flag=True)], 400)
        pairs = [pair for line in chart.lines for pair in line.points.split()]
        pairs += [f"{p.x},{p.y}" for p in chart.points]
        for pair in pairs:
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_a_value_not_believed_is_a_point_of_its_own_outside_the_childs_line() -> None:
    chart = draw_growth_chart(
        "waz", SexCode.GIRL, [at(300, "8", "70"), at(330, "18", "71", waz_flag=True)], 330
    )
    assert [p.flagged for p in chart.points] == [False, True]
    assert len(chart.path.split()) == 1


def test_a_measurement_without_the_value_has_no_point() -> None:
    chart = draw_growth_chart("haz", SexCode.GIRL, [at(300, "8", None), at(330, "8.2", "71")], 330)
    assert [p.day for p in chart.points] == ["27 Nov 2023"]


def test_the_chart_reads_itself_in_one_sentence() -> None:
    chart = draw_growth_chart("waz", SexCode.GIRL, [at(300, "8", "70")], 300)
    assert chart.desc == "1 pengukuran; yang terakhir 28 Okt 2023: 8,0 kg, berat badan normal."
    assert draw_growth_chart("waz", SexCode.GIRL, [at(300, None, "70")], 300).desc.startswith("Belum ada")


def test_there_is_no_fourth_chart() -> None:
    with pytest.raises(ValueError, match="bmi"):
        draw_growth_chart("bmi", SexCode.GIRL, [at(300, "8", "70")], 300)


# --- What the next month asks (KBM) --------------------------------------------------------------------


def height(chart: GrowthChart, kg: float) -> float:
    """Where ``kg`` lies, by the chart's own grid."""
    low, high = chart.y_ticks[0], chart.y_ticks[-1]
    share = (kg - float(low.words)) / (float(high.words) - float(low.words))
    return low.at + share * (high.at - low.at)


def test_a_weighing_asks_for_its_weight_and_the_minimum_gain_on_the_same_day_next_month() -> None:
    # Day 300 is 28 October; 28 November is day 331, 10 completed months: 300 g for a girl.
    chart = draw_growth_chart("waz", SexCode.GIRL, [at(300, "8", "70")], 300)
    (stroke,) = chart.strokes
    (point,) = chart.points
    assert (stroke.x1, stroke.y1) == (point.x, point.y)
    assert stroke.y2 == pytest.approx(height(chart, 8.3), abs=0.1)
    # 24 months of 30.4375 days over the width.
    assert stroke.x2 == pytest.approx(LEFT + 331 / 730.5 * (WIDTH - LEFT - RIGHT), abs=0.1)
    assert chart.aim == "Target 28 Nov 2023: berat paling sedikit 8,3 kg, atau naik 300 gram (KBM)."
    assert point.least == "8,3"


@pytest.mark.parametrize(("sex", "gain_g"), [(SexCode.GIRL, 200), (SexCode.BOY, 300)])
def test_the_minimum_is_that_of_the_age_next_month(sex: SexCode, gain_g: int) -> None:
    # Day 320 is 17 November, 10 months; 17 December is day 350, 11 months: there girls ask 200 g, boys 300.
    least = next_weight_aims(sex, [at(320, "8", "70")])[320]
    assert (least.age_days, least.gain_g, least.kg) == (350, gain_g, 8 + gain_g / 1000)


def test_the_day_after_the_last_of_january_is_the_last_of_february() -> None:
    # Day 395 is 31 January 2024, a leap year.
    assert next_weight_aims(SexCode.GIRL, [at(395, "9", "75")])[395].on == date(2024, 2, 29)


@pytest.mark.parametrize(("age_days", "asks"), [(1810, True), (1830, False)])
def test_past_60_months_the_card_asks_nothing(age_days: int, asks: bool) -> None:
    # 16 December 2027 and a month make day 1841, 60 months; 5 January 2028 and a month day 1861, 61 months.
    assert bool(next_weight_aims(SexCode.GIRL, [at(age_days, "17", "105")])) == asks


def test_only_the_last_weighing_of_a_month_asks_since_the_next_is_compared_with_it() -> None:
    # Days 290 and 300 are 18 and 28 October.
    assert list(next_weight_aims(SexCode.GIRL, [at(290, "8.4", "70"), at(300, "8", "70")])) == [300]


def test_a_weight_nobody_believes_asks_nothing_and_neither_does_one_that_is_missing() -> None:
    asked = next_weight_aims(SexCode.GIRL, [at(300, "18", "70", waz_flag=True), at(340, None, "71")])
    assert asked == {}
    assert draw_growth_chart("waz", SexCode.GIRL, [at(340, None, "71")], 340).aim == ""


def test_a_stroke_ends_where_the_chart_ends() -> None:
    # Day 720 asks 200 g by day 751; the chart ends at 730.5, after 10.5 of the 31 days: 11 + 0.2 x 10.5 / 31.
    chart = draw_growth_chart("waz", SexCode.BOY, [at(720, "11", "86")], 720)
    (stroke,) = chart.strokes
    assert stroke.x2 == WIDTH - RIGHT
    assert stroke.y2 == pytest.approx(height(chart, 11.068), abs=0.1)


def test_only_the_weight_chart_has_strokes_and_names_the_red_line() -> None:
    found = {c.key: (len(c.strokes), c.red_line) for c in draw_charts(SexCode.GIRL, [at(300, "8", "70")])}
    assert found == {"waz": (1, "BGM"), "haz": (0, ""), "whz": (0, "")}


# --- Two years around the age, for the family's card ---------------------------------------------------


@pytest.mark.parametrize(
    ("age_days", "ends"),
    # 700 days are 22 months, 770 are 25, 1120 are 36, 1826 are 59; a child past five has the last page.
    [
        (700, ("0", "24")),
        (770, ("12", "36")),
        (1120, ("24", "48")),
        (1826, ("36", "60")),
        (1850, ("36", "60")),
    ],
)
def test_near_shows_the_year_of_the_age_and_the_one_before(age_days: int, ends: tuple[str, str]) -> None:
    chart = draw_growth_chart("waz", SexCode.GIRL, [at(age_days, "11", "86")], age_days, near=True)
    assert (chart.x_ticks[0].words, chart.x_ticks[-1].words) == ends


def test_near_leaves_out_what_was_measured_before_and_draws_the_curves_from_edge_to_edge() -> None:
    chart = draw_growth_chart("waz", SexCode.GIRL, [at(200, "7", "66"), at(770, "11", "86")], 770, near=True)
    assert [p.value for p in chart.points] == ["11,0"]
    for line in chart.lines:
        pairs = line.points.split()
        assert (pairs[0].split(",")[0], pairs[-1].split(",")[0]) == (f"{LEFT}", f"{WIDTH - RIGHT}")
    # WHO 2006, a girl's median at 12 months (day 365): 8.9481 kg; the edge lies at day 365.25.
    median = next(line for line in chart.lines if line.sd == 0)
    assert float(median.points.split()[0].split(",")[1]) == pytest.approx(height(chart, 8.95), abs=0.2)
