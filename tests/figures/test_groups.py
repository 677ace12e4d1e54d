"""Sex and age groups add up to the place they are part of."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.visible_places import PlaceNotVisible
from registry.actions.refresh import open_month
from registry.calendar_months import add_months
from registry.figures import group_rows, summary
from registry.figures.counts import Counts
from registry.models import AgeGroup, CountedMonth, Role, Sex, User
from tests.factories import make_child, make_district, make_user, make_village, measure

AUGUST = date(2024, 8, 1)


@pytest.fixture
def officer(db: None) -> User:
    user = make_user(Role.DISTRICT, make_district())
    # A girl of 29 months, 76 cm (below -3 SD), a boy of 10 months at WHO's median, and one not measured.
    measure(
        make_child(by=user, sex=Sex.GIRL, birth_date=date(2022, 3, 14)),
        date(2024, 8, 5),
        "9.0",
        "76.0",
        confirmed=True,
    )
    measure(make_child(by=user, sex=Sex.BOY, birth_date=date(2023, 10, 1)), date(2024, 8, 5), "9.2", "73.3")
    make_child(by=user, sex=Sex.BOY, birth_date=date(2020, 2, 1))
    return user


def counts_of(user: User) -> dict[tuple[Sex | None, AgeGroup | None], Counts]:
    return {(row.sex, row.age_group): row.summary.counts for row in group_rows(make_district(), AUGUST, user)}


def test_each_child_stands_in_its_sex_and_age_group(officer: User) -> None:
    found = counts_of(officer)
    assert (found[Sex.GIRL, AgeGroup.M24_35].stunted, found[Sex.GIRL, None].stunted) == (1, 1)
    assert found[Sex.BOY, AgeGroup.M06_11].haz_believed == 1
    assert (found[Sex.BOY, AgeGroup.M48_59].registered, found[Sex.BOY, AgeGroup.M48_59].measured) == (1, 0)
    assert found[Sex.GIRL, AgeGroup.M00_05] == Counts()


@pytest.mark.parametrize("stored", [True, False])
def test_groups_add_up_to_the_place(officer: User, stored: bool) -> None:
    if not stored:
        CountedMonth.objects.all().delete()
    found = counts_of(officer)
    total = summary(make_district(), AUGUST, officer).counts
    assert found[None, None] == total
    assert sum((found[sex, None] for sex in Sex), Counts()) == total
    assert sum((found[None, age] for age in AgeGroup), Counts()) == total
    assert sum((found[sex, age] for sex in Sex for age in AgeGroup), Counts()) == total


def test_a_month_without_anybody_has_every_group_at_nothing(officer: User) -> None:
    open_month(add_months(AUGUST, -96))
    rows = group_rows(make_district(), add_months(AUGUST, -96), officer)
    assert len(rows) == 1 + 2 + 6 + 12
    assert all(row.summary.counts == Counts() for row in rows)


def test_another_place_is_not_shown(officer: User) -> None:
    neighbour = make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"))
    with pytest.raises(PlaceNotVisible):
        group_rows(make_district(), AUGUST, neighbour)
