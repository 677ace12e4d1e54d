"""Who was measured, by place and month."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.visible_places import PlaceNotVisible
from registry.actions.refresh import open_month
from registry.figures import by_kecamatan, coverage_rows
from registry.figures.counts import Counts
from registry.models import CountedMonth, Role, User, Village, VillageMonth
from tests.factories import make_child, make_district, make_user, make_village, measure

JUNE, JULY, AUGUST = date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1)


@pytest.fixture
def villages(officer: User) -> list[Village]:
    """Two children in the first, of whom one came in July; one in the second, who came in August."""
    first = make_village("33.01.02.2009", "Slarang")
    second = make_village("33.01.02.2016", "Kesugihan Kidul")
    third = make_village("33.01.01.2001", "Tambakreja")
    came = make_child(by=officer, village=first, since=date(2024, 7, 1))
    make_child(by=officer, village=first, since=date(2024, 7, 1))
    measure(came, date(2024, 7, 5), "11.0")
    other = make_child(by=officer, village=second, since=date(2024, 7, 20))
    measure(other, date(2024, 8, 5), "11.0")
    open_month(JUNE)
    return [first, second, third]


def test_each_village_has_its_months_oldest_first(officer: User, villages: list[Village]) -> None:
    rows = coverage_rows(make_district(), AUGUST, officer, months=3)
    assert {row.place.pk: row.months for row in rows} == {
        "33.01.02.2009": (None, Counts(2, 1), Counts(2, 0)),
        "33.01.02.2016": (None, Counts(1, 0), Counts(1, 1)),
        "33.01.01.2001": (None, None, None),
    }
    assert [row.place.name for row in rows if row.is_silent] == ["Slarang"]


def test_a_month_nobody_has_opened_is_counted_all_the_same(officer: User, villages: list[Village]) -> None:
    stored = coverage_rows(make_district(), AUGUST, officer, months=1)
    CountedMonth.objects.filter(pk=AUGUST).delete()
    VillageMonth.objects.filter(month=AUGUST).delete()
    assert coverage_rows(make_district(), AUGUST, officer, months=1) == stored


def test_a_kecamatan_is_the_sum_of_its_villages(officer: User, villages: list[Village]) -> None:
    rows = by_kecamatan(coverage_rows(make_district(), AUGUST, officer, months=2))
    assert [(row.place.pk, row.months) for row in rows] == [
        ("33.01.01", (None, None)),
        ("33.01.02", (Counts(3, 1), Counts(3, 1))),
    ]


def test_another_place_is_not_shown(villages: list[Village]) -> None:
    neighbour = make_user(Role.CADRE, villages[2])
    with pytest.raises(PlaceNotVisible):
        coverage_rows(villages[0], AUGUST, neighbour)
