"""The ranking: highest first, the weak ones hollow and last, and the sentence that says it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from dashboard.charts import Chart, RankedRate, ranking_chart
from tests.dashboard.drawings import (
    at,
    check_fit_for_page,
    marks,
    parsed,
    plain,
    said,
    text,
    texts,
    with_class,
)


def place(name: str, rate: float, **more: Any) -> RankedRate:
    values = {
        "low": rate - 0.03,
        "high": rate + 0.03,
        "shrunk": None,
        "pale": False,
        "words": f"{name}: {rate:.1%}",
    }
    return RankedRate(name=name, rate=rate, **{**values, **more})


MAOS, KROYA = place("Maos", 0.10, side="below"), place("Kroya", 0.25, side="above")
ADIPALA = place("Adipala", 0.15, side="unclear")
FEW = place("Kutawaru", 0.30, low=0.05, high=0.70, pale=True, side="unclear")
WEAK = place("Cilacap Utara", 0.23, pale=True, side="above", low_coverage=True)


def draw_chart(rows: list[RankedRate], target: float | None = 14) -> Chart:
    chart = ranking_chart(rows, target, "Kabupaten Cilacap")
    assert chart is not None
    return chart


def dots(chart: Chart) -> list[tuple[str, float, str]]:
    """What each dot says, how far down it is and its class, from top to bottom."""
    found = [(said(m), at(m)[1], m.get("class", "")) for m in marks(chart)]
    return sorted(found, key=lambda dot: dot[1])


def test_is_fit_for_a_page() -> None:
    check_fit_for_page(draw_chart([MAOS, KROYA, place("Adipala", 0.15, shrunk=0.16), FEW]))


def test_the_highest_stands_first() -> None:
    names = [words.partition(":")[0] for words, _y, _class in dots(draw_chart([MAOS, KROYA, ADIPALA]))]
    assert names == ["Kroya", "Adipala", "Maos"]


def test_a_weak_place_is_hollow_and_comes_after_the_others_however_high_it_is() -> None:
    found = dots(draw_chart([FEW, MAOS, KROYA]))
    assert [(words.partition(":")[0], look) for words, _y, look in found] == [
        ("Kroya", "fill-mark stroke-mark"),
        ("Maos", "fill-mark stroke-mark"),
        ("Kutawaru", "fill-ground stroke-mark"),
    ]
    # One row is left free for the words that part them.
    assert [y for _words, y, _look in found] == [10, 30, 70]
    assert "Tidak diperingkat:" in texts(draw_chart([FEW, MAOS, KROYA]))


def test_dot_and_target_stand_where_the_axis_says() -> None:
    chart = draw_chart([MAOS, KROYA])  # up to 28 %, so the axis ends at 30
    zero, thirty = (at(text(chart, words))[0] for words in ("0%", "30%"))
    (kroya,) = marks(chart, "Kroya")
    assert at(kroya)[0] == pytest.approx(zero + (thirty - zero) * 25 / 30, abs=0.02)
    (line,) = with_class(chart, "stroke-target")
    assert at(line)[0] == pytest.approx(zero + (thirty - zero) * 14 / 30, abs=0.02)


def test_the_label_that_the_targets_line_would_cross_is_left_out() -> None:
    assert "15%" not in texts(draw_chart([MAOS, ADIPALA]))
    assert "15%" in texts(draw_chart([MAOS, ADIPALA], target=None))


def test_many_rows_have_the_axis_below_them_too() -> None:
    assert texts(draw_chart([place(f"Desa {n}", 0.1) for n in range(11)])).count("0%") == 1
    assert texts(draw_chart([place(f"Desa {n}", 0.1) for n in range(12)])).count("0%") == 2


def test_every_row_makes_the_picture_taller() -> None:
    heights = [
        float(
            parsed(draw_chart([place(f"Desa {n}", 0.1) for n in range(count)])).get("viewBox", "").split()[3]
        )
        for count in (5, 40)
    ]
    assert heights[1] - heights[0] == 35 * 20


def test_the_interval_of_a_few_children_does_not_squeeze_the_others() -> None:
    chart = draw_chart([MAOS, FEW])
    assert "70%" not in texts(chart)
    assert "30%" in texts(chart)
    # An arrowhead at the end of the axis, 35 %, says that this one goes on.
    (arrow,) = [e for e in with_class(chart, "fill-mark") if e.get("d", "").endswith("Z")]
    zero, thirty = (at(text(chart, words))[0] for words in ("0%", "30%"))
    assert at(arrow)[0] == pytest.approx(zero + (thirty - zero) * 35 / 30, abs=0.02)
    assert at(arrow)[1] == at(marks(chart, "Kutawaru")[0])[1]


def test_a_place_with_an_estimate_has_its_second_mark() -> None:
    chart = draw_chart([place("Maos", 0.10, shrunk=0.12), KROYA])
    assert len(with_class(chart, "fill-shrunk")) == 1
    assert "shrunk" in [key.mark for key in chart.legend]
    assert "shrunk" not in [key.mark for key in draw_chart([MAOS]).legend]


def test_a_long_name_is_cut_and_the_mark_says_it_whole() -> None:
    name = "Widarapayung Wetan Sekali Lagi"
    chart = draw_chart([place(name, 0.1)])
    assert name not in texts(chart)
    assert any(t.startswith("Widarapayung") and t.endswith("…") for t in texts(chart))
    assert len(marks(chart, name)) == 1


def test_the_sentence_says_from_where_to_where_and_who_is_surely_above_or_below() -> None:
    # Kroya 22-28 % lies above 14 %, Maos 7-13 % below; Adipala 12-18 % holds 14 %.
    assert plain(draw_chart([MAOS, KROYA, ADIPALA, FEW]).reading) == (
        "Kabupaten Cilacap: tertinggi Kroya 25,0%, terendah Maos 10,0%; dari 4 tempat, 1 di atas target "
        "14%, 1 di bawahnya dan 2 belum pasti; 1 tidak diperingkat karena anaknya sedikit atau cakupan "
        "pengukurannya rendah."
    )
    assert plain(draw_chart([MAOS, KROYA], None).reading) == (
        "Kabupaten Cilacap: tertinggi Kroya 25,0%, terendah Maos 10,0%."
    )
    assert plain(draw_chart([MAOS], None).reading) == (
        "Kabupaten Cilacap: hanya Maos dapat diperingkat, dengan 10,0%."
    )


def test_the_sentence_counts_those_of_low_coverage_as_the_table_does_and_says_so() -> None:
    assert (
        "dari 3 tempat, 2 di atas target 14%, 1 di bawahnya dan 0 belum pasti (1 yang di atas atau di "
        "bawah cakupan pengukurannya rendah); 1 tidak diperingkat"
    ) in plain(draw_chart([MAOS, KROYA, WEAK]).reading)
    assert "dari 1 tempat, 1 di atas target 14%" in plain(draw_chart([WEAK]).reading)


def test_only_weak_places_are_drawn_and_said_not_to_be_ranked() -> None:
    chart = draw_chart([FEW])
    assert chart.title == "Prevalensi stunting, belum dapat diperingkat"
    assert draw_chart([FEW, MAOS]).title == "Peringkat prevalensi stunting"
    assert plain(chart.reading) == (
        "Kabupaten Cilacap: 1 tempat punya angka, tetapi semuanya dengan sedikit anak atau cakupan "
        "pengukuran rendah, jadi belum dapat diperingkat."
    )
    assert "70%" not in texts(chart)  # an axis to 75 %, in steps of 20
    assert "60%" in texts(chart)
    assert [key.mark for key in chart.legend] == ["hollow", "whisker", "target"]


def test_nobody_is_no_picture() -> None:
    assert ranking_chart([], 14, "X") is None


def test_another_language_is_another_picture() -> None:
    with translation.override("en"):
        assert "0%" in [t.replace(" ", "") for t in texts(draw_chart([MAOS]))]
