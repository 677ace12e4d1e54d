"""Whom to see first: each reason once, the worst first, names only for the team."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.visible_places import PlaceNotVisible
from registry.actions import move_child
from registry.actions.refresh import open_month
from registry.figures.counts import Counts
from registry.figures.priority import Priority, children_with, priority_children, reasons_of
from registry.models import Role, User, Village
from tests.factories import make_child, make_district, make_user, make_village, measure

AUGUST = date(2024, 8, 1)


def known(counts: Counts, *, is_running: bool = False) -> list[int | None]:
    return [children_with(counts, reason, is_running=is_running) for reason in Priority]


def test_the_worse_of_two_reasons_is_the_one_that_is_said() -> None:
    counts = Counts(
        whz_believed=1,
        wasted=1,
        severely_wasted=1,
        haz_believed=1,
        stunted=1,
        not_gained=1,
        twice_not_gained=1,
    )
    assert reasons_of(counts, is_running=True) == (
        Priority.SEVERELY_WASTED,
        Priority.STUNTED,
        Priority.TWICE_NOT_GAINED,
    )


def test_counts_of_a_place_do_not_name_a_child_twice_for_one_reason() -> None:
    counts = Counts(
        registered=90,
        whz_believed=80,
        wasted=9,
        severely_wasted=2,
        haz_believed=80,
        stunted=30,
        severely_stunted=8,
        gained=60,
        missed_twice=4,
    )
    assert known(counts) == [2, 7, 8, 22, 0, 4]
    # Two whole months without any measurement: nobody has missed one that is running.
    assert known(counts, is_running=True) == [2, 7, 8, 22, 0, None]


def test_where_nobody_has_such_a_value_nothing_is_known_which_is_not_zero() -> None:
    assert known(Counts()) == [None] * 6
    assert known(Counts(registered=9)) == [None] * 5 + [0]
    assert known(Counts(registered=9, first=2, haz_believed=2)) == [None, None, 0, 0, 0, 0]


def test_children_come_by_their_worst_reason_and_then_by_name(officer: User, village: Village) -> None:
    # 29 months: 76 cm is below -3 SD, 82 cm below -2 SD, 90 cm at the median.
    for name, weight, height in (
        ("Citra", "11.0", "82.0"),
        ("Budi", "9.5", "76.0"),
        ("Ayu", "11.0", "82.0"),
        ("Dewi", "12.5", "90.0"),
    ):
        child = make_child(by=officer, village=village, name=name)
        measure(child, date(2024, 7, 5), weight, height, confirmed=True)
    make_child(by=officer, village=village, name="Eko")
    open_month(date(2024, 6, 1))
    found = priority_children(village, date(2024, 7, 1), officer)
    assert [(row.child.name, row.reasons) for row in found.children] == [
        ("Budi", (Priority.SEVERELY_STUNTED,)),
        ("Ayu", (Priority.STUNTED,)),
        ("Citra", (Priority.STUNTED,)),
        ("Eko", (Priority.MISSED_TWICE,)),
    ]


def test_who_has_moved_out_of_sight_is_counted_and_not_named(officer: User, village: Village) -> None:
    child = make_child(by=officer, village=village, name="Pindah")
    measure(child, date(2024, 8, 5), "11.0", "82.0", confirmed=True)
    there = make_village("33.01.01.2001", "Tambakreja")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 10))
    found = priority_children(village, AUGUST, make_user(Role.CADRE, village))
    assert (found.children, found.hidden) == ([], 1)


def test_whoever_sees_no_names_gets_none(village: Village) -> None:
    with pytest.raises(PlaceNotVisible):
        priority_children(village, AUGUST, make_user(Role.CLIENT, make_district()))
