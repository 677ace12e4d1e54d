"""The map: where places lie, how large their circles are, and on which side of the target."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.charts import Chart, Circle, MapLabel, map_chart
from dashboard.charts.map import _round_counts
from dashboard.charts.projection import fit_projection, project_geometry
from registry.places.data import read_places
from tests.dashboard.drawings import at, check_fit_for_page, marks, plain, said, text, texts, with_class


def circle(name: str, longitude: float, latitude: float, measured: int = 100, side: str = "above") -> Circle:
    return Circle(latitude, longitude, measured, side, f"{name}: 20%")


MAOS = circle("Maos", 109.1, -7.6, 400, "above")
KROYA = circle("Kroya", 109.3, -7.6, 100, "below")
MAJENANG = circle("Majenang", 108.7, -7.3, 900, "unclear")
KLACES = circle("Klaces", 108.8, -7.7, 0, "none")
FOUR = [MAOS, KROYA, MAJENANG, KLACES]


def square(west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def draw_chart(circles: list[Circle], outlines: dict[str, Any] | None = None, **more: Any) -> Chart:
    chart = map_chart(circles, outlines or {}, more.pop("target", 14), "Kabupaten Cilacap", **more)
    assert chart is not None
    return chart


def radius(chart: Chart, name: str) -> float:
    mark = marks(chart, name)[0]
    return float(re.findall(r"A([\d.]+)", mark.get("d", ""))[0])


def place_of(chart: Chart, name: str) -> tuple[float, float]:
    return at(marks(chart, name)[0])


def test_is_fit_for_a_page() -> None:
    outlines = {"33.01.01.2001": square(108.7, -7.6), "33.01.01": square(108.6, -7.7, 0.3)}
    check_fit_for_page(draw_chart(FOUR, outlines, labels=[MapLabel("Kroya", -7.6, 109.3)]))


def test_the_area_of_a_circle_stands_for_the_children_measured() -> None:
    chart = draw_chart(FOUR)
    assert radius(chart, "Maos") / radius(chart, "Kroya") == pytest.approx(2, rel=0.01)
    assert radius(chart, "Majenang") / radius(chart, "Kroya") == pytest.approx(3, rel=0.01)


def test_a_place_without_data_is_a_small_ring_however_many_were_measured() -> None:
    chart = draw_chart([MAOS, KROYA, circle("Klaces", 108.8, -7.7, 5000, "none")])
    (mark,) = marks(chart, "Klaces")
    assert mark.get("class") == "fill-ground stroke-none"
    assert radius(chart, "Klaces") == pytest.approx(1.8, abs=0.02)
    # Maos has the most children of those that have a rate, and the largest circle there is.
    assert radius(chart, "Maos") == pytest.approx(15, abs=0.02)


def test_each_side_of_the_target_has_a_fill_of_its_own_and_unclear_is_half_full() -> None:
    looks: dict[str, list[str]] = {}
    for mark in marks(draw_chart(FOUR)):
        looks.setdefault(said(mark).partition(":")[0], []).append(mark.get("class", ""))
    assert looks == {
        "Maos": ["fill-above stroke-ground"],
        "Kroya": ["fill-below stroke-mark"],
        "Majenang": ["fill-ground stroke-unclear", "fill-unclear"],
        "Klaces": ["fill-ground stroke-none"],
    }
    half = marks(draw_chart(FOUR), "Majenang")[1]
    xs = [float(x) for x, _y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", half.get("d", ""))]
    assert max(xs) == 0
    assert -min(xs) == pytest.approx(radius(draw_chart(FOUR), "Majenang"), rel=0.01)


def test_large_circles_lie_under_small_ones() -> None:
    names = [said(mark).partition(":")[0] for mark in marks(draw_chart(FOUR))]
    assert list(dict.fromkeys(names)) == ["Majenang", "Maos", "Kroya", "Klaces"]


def test_north_is_up_east_is_right_and_distances_keep_their_ratio() -> None:
    chart = draw_chart(FOUR)
    maos, kroya, majenang = (place_of(chart, name) for name in ("Maos", "Kroya", "Majenang"))
    assert maos[1] == kroya[1]
    assert kroya[0] > maos[0] > majenang[0]
    assert majenang[1] < maos[1]
    # 0.2 degrees of longitude near the equator's 7.5th parallel are 0.2 * cos(7.5) = 0.1983 of latitude.
    east, south = kroya[0] - maos[0], maos[1] - majenang[1]
    assert east / south == pytest.approx(0.1983 / 0.3, rel=0.001)


def test_all_circles_of_the_district_lie_in_the_picture() -> None:
    circles = [circle(p.code, p.longitude, p.latitude) for p in read_places()]
    chart = draw_chart(circles)
    for mark in marks(chart):
        x, y = at(mark)
        assert 10 < x < 350
        assert 10 < y < 260


def test_a_single_place_gets_a_picture() -> None:
    assert place_of(draw_chart([MAOS]), "Maos")[0] == pytest.approx(176, abs=0.1)


def test_outlines_are_drawn_behind_and_make_room_for_themselves() -> None:
    chart = draw_chart([MAOS], {"33.01.17.2001": square(109.05, -7.65)})
    (shape,) = with_class(chart, "fill-land")
    assert chart.svg.index("fill-land") < chart.svg.index("fill-above")
    xs = [float(x) for x, _y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", shape.get("d", ""))]
    assert (min(xs), max(xs)) == (pytest.approx(4, abs=0.2), pytest.approx(348, abs=0.2))
    # The village's point is the middle of the square.
    assert place_of(chart, "Maos")[0] == pytest.approx((min(xs) + max(xs)) / 2, abs=0.2)


def test_another_outline_is_another_picture() -> None:
    here, there = ({"33.01.17.2001": square(109.05, south)} for south in (-7.65, -7.66))
    assert draw_chart([MAOS], here).svg != draw_chart([MAOS], there).svg
    assert draw_chart([MAOS], here).svg == draw_chart([MAOS], here).svg


def test_kecamatan_are_lines_over_their_villages_and_have_ground_when_alone() -> None:
    village = {"33.01.17.2001": square(109.05, -7.65)}
    kecamatan = {"33.01.17": square(109.0, -7.7, 0.2)}
    assert len(with_class(draw_chart([MAOS], village | kecamatan), "fill-land")) == 1
    assert len(with_class(draw_chart([MAOS], village | kecamatan), "stroke-outline")) == 2
    assert len(with_class(draw_chart([MAOS], kecamatan), "fill-land")) == 1


def test_an_outline_has_no_more_corners_than_the_picture_shows() -> None:
    projection = fit_projection([(108.5, -7.8), (109.5, -7.2)], 350, 0, 400)
    ring = [[108.6 + n * 1e-5, -7.5] for n in range(1000)] + [[108.7, -7.4], [108.6, -7.5]]
    shape = project_geometry({"type": "Polygon", "coordinates": [ring]}, projection)
    assert shape is not None
    assert len(shape["coordinates"][0][0]) <= 5


def test_an_island_too_small_to_see_is_left_out() -> None:
    projection = fit_projection([(108.5, -7.8), (109.5, -7.2)], 350, 0, 400)
    assert project_geometry(square(108.6, -7.5, 0.0005), projection) is None


def test_names_are_written_near_their_place_and_not_on_each_other() -> None:
    labels = [
        MapLabel("Kesugihan", -7.6, 109.1),
        MapLabel("Adipala", -7.6, 109.1),
        MapLabel("Kroya", -7.6, 109.1),
    ]
    chart = draw_chart(FOUR, labels=labels)
    found = [at(text(chart, label.name)) for label in labels]
    for x, y in found:
        assert abs(x - place_of(chart, "Maos")[0]) < 75
        assert abs(y - place_of(chart, "Maos")[1]) < 50
    assert len(set(found)) == 3


def test_the_bar_of_kilometres_is_as_long_as_it_says() -> None:
    chart = draw_chart(FOUR)
    (bar,) = [e for e in with_class(chart, "stroke-text") if e.tag.endswith("line")]
    # One degree of latitude has 111.2 km.
    km = (place_of(chart, "Maos")[1] - place_of(chart, "Majenang")[1]) / (0.3 * 111.2)
    assert "10 km" in texts(chart)
    assert abs(float(bar.get("x2", "0"))) == pytest.approx(10 * km, rel=0.01)


def test_the_key_of_sizes_shows_round_numbers_of_children() -> None:
    assert [_round_counts(most) for most in (0, 1, 7, 480, 8100)] == [
        [],
        [1],
        [1, 5],
        [50, 200],
        [1000, 5000],
    ]
    assert {"100 anak", "500 anak"} <= set(texts(draw_chart(FOUR)))


def test_the_sentence_counts_the_sides() -> None:
    assert plain(draw_chart(FOUR).reading) == (
        "Kabupaten Cilacap: dari 4 tempat, 1 di atas target 14%, 1 di bawahnya, 1 belum pasti dan 1 "
        "tanpa angka; 1.400 anak diukur."
    )
    assert plain(draw_chart(FOUR, target=None).reading) == (
        "Kabupaten Cilacap: 3 dari 4 tempat punya angka, 1.400 anak diukur; belum ada target untuk "
        "dibandingkan."
    )


def test_the_legend_has_only_what_is_drawn() -> None:
    assert [key.mark for key in draw_chart([MAOS, KLACES]).legend] == ["disc-above", "none"]


def test_no_circles_are_no_picture() -> None:
    assert map_chart([], [], 14, "X") is None
