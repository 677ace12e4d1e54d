"""Charts from measurements made here, not stored."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpm.chart import HEIGHT, LEFT, WIDTH, charts_of, growth_chart
from registry.growth import Sex
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
    assert charts_of(Sex.GIRL, []) == []
    assert [c.key for c in charts_of(Sex.GIRL, [at(0, "3.2", "49.1")])] == ["haz", "waz", "whz"]


def test_birth_lies_on_the_left_edge_and_a_median_girl_on_the_median_line() -> None:
    # WHO 2006: a girl's median length at birth is 49.1 cm (49.1477 in the table).
    chart = growth_chart("haz", Sex.GIRL, [at(0, "3.2", "49.1477")], 0)
    median = next(line for line in chart.lines if line.sd == 0)
    assert chart.points[0].x == LEFT
    assert median.points.split()[0] == f"{chart.points[0].x:g},{chart.points[0].y:g}"


def test_the_curves_stand_above_each_other() -> None:
    chart = growth_chart("waz", Sex.BOY, [at(100, "6.5", "61")], 100)
    assert [line.sd for line in sorted(chart.lines, key=lambda line: -line.end_y)] == [-3, -2, 0, 2, 3]
    assert [line.name for line in chart.lines] == ["−3", "−2", "0", "+2", "+3"]


def test_under_two_years_the_chart_is_of_length_over_24_months() -> None:
    chart = growth_chart("haz", Sex.BOY, [at(730, "12", "87")], 730)
    assert chart.title == "Panjang menurut umur"
    assert [tick.words for tick in chart.x_ticks] == ["0", "3", "6", "9", "12", "15", "18", "21", "24"]


def test_from_two_years_on_it_is_of_height_over_60_months() -> None:
    chart = growth_chart("haz", Sex.BOY, [at(731, "12", "87")], 731)
    assert chart.title == "Tinggi menurut umur"
    assert chart.x_ticks[-1].words == "60"


def test_everything_lies_inside_the_picture_even_a_value_nobody_believes() -> None:
    for index in ("haz", "waz", "whz"):
        chart = growth_chart(index, Sex.GIRL, [at(400, "38", "60", waz_flag=True)], 400)
        pairs = [pair for line in chart.lines for pair in line.points.split()]
        pairs += [f"{p.x},{p.y}" for p in chart.points]
        for pair in pairs:
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_a_value_not_believed_is_a_point_of_its_own_outside_the_childs_line() -> None:
    chart = growth_chart("waz", Sex.GIRL, [at(300, "8", "70"), at(330, "18", "71", waz_flag=True)], 330)
    assert [p.flagged for p in chart.points] == [False, True]
    assert len(chart.path.split()) == 1


def test_a_measurement_without_the_value_has_no_point() -> None:
    chart = growth_chart("haz", Sex.GIRL, [at(300, "8", None), at(330, "8.2", "71")], 330)
    assert [p.day for p in chart.points] == ["27 Nov 2023"]


def test_the_chart_reads_itself_in_one_sentence() -> None:
    chart = growth_chart("waz", Sex.GIRL, [at(300, "8", "70")], 300)
    assert chart.desc == "1 pengukuran; yang terakhir 28 Okt 2023: 8,0 kg, berat badan normal."
    assert growth_chart("waz", Sex.GIRL, [at(300, None, "70")], 300).desc.startswith("Belum ada")


def test_there_is_no_fourth_chart() -> None:
    with pytest.raises(ValueError, match="bmi"):
        growth_chart("bmi", Sex.GIRL, [at(300, "8", "70")], 300)
