"""Room in a picture: how wide texts are, which spots are free, what they cover."""

from __future__ import annotations

import pytest

from dashboard.charts.layout import (
    Box,
    Spot,
    box_around,
    free_spots,
    measure_overlap,
    shorten_text,
    spots_next_to,
    text_width,
)

PICTURE = Box(0, 0, 360, 200)


def test_a_text_is_taken_to_be_about_as_wide_as_fonts_draw_it() -> None:
    # DejaVu Sans at 12 px, the widest of the usual fonts, as a browser measures it.
    assert text_width("Gandrungmangu") == pytest.approx(101.5, rel=0.06)
    assert text_width("Widarapayung Wetan") == pytest.approx(129.1, rel=0.06)
    assert text_width("200 anak") == pytest.approx(56.0, rel=0.06)


def test_a_text_is_cut_only_when_it_does_not_fit() -> None:
    assert shorten_text("Maos", 100) == "Maos"
    cut = shorten_text("Widarapayung Wetan", 60)
    assert cut.endswith("…")
    assert text_width(cut) <= 60


def test_the_places_beside_a_mark_do_not_touch_it() -> None:
    mark = box_around(100, 100, 4)
    for spot in spots_next_to("Maos", 100, 100, gap=6):
        assert spot.box.overlap_with(mark) == 0


def test_the_first_place_beside_a_mark_that_is_free_is_right_of_it_then_left() -> None:
    spots = spots_next_to("Maos", 100, 100, gap=6)
    assert free_spots(spots, [], PICTURE)[0].align == "left"
    assert free_spots(spots, [Box(101, 90, 200, 110)], PICTURE)[0].align == "right"


def test_a_spot_outside_the_picture_is_not_free() -> None:
    assert not free_spots([Spot("Maos", 355, 100, "left")], [], PICTURE)
    assert free_spots([Spot("Maos", 355, 100, "right")], [], PICTURE)


def test_touching_is_not_covering() -> None:
    assert Box(0, 0, 10, 10).overlap_with(Box(10, 0, 20, 10)) == 0
    assert Box(0, 0, 10, 10).overlap_with(Box(5, 5, 20, 10)) == 25


def test_what_a_spot_covers_is_summed_over_marks() -> None:
    spot = Spot("Maos", 100, 100)
    box = spot.box
    marks = [
        Box(box.left, box.top, box.left + 2, box.top + 3),
        Box(box.right - 1, box.top, box.right + 9, box.top + 4),
    ]
    assert measure_overlap([spot, Spot("Maos", 300, 100)], marks) == [pytest.approx(10), 0.0]
    assert measure_overlap([spot], []) == [0.0]
