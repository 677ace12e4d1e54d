"""Rates with what they rest on, and who sees them."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest

from registry.access.visible_places import PlaceName, PlaceNotVisible, can_see_place, villages_of
from registry.figures import Counts, summaries, summary
from registry.figures.prevalence import rate_from, summary_of
from registry.models import (
    AgeGroup,
    CountedMonth,
    District,
    Indicator,
    Kecamatan,
    Puskesmas,
    Role,
    User,
    Village,
    VillageMonth,
)
from tests.factories import (
    make_cadre,
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    measure,
)

JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)
PLACE = PlaceName("village", "33.01.02.2016", "Kesugihan Kidul")


def store(village: Village, month: date = JUNE, **counts: int) -> None:
    """Stored figures of a village and month, in one cell."""
    CountedMonth.objects.get_or_create(month=month)
    VillageMonth.objects.create(village=village, month=month, sex=2, age_group=AgeGroup.M24_35, **counts)


@pytest.fixture
def there(db: None) -> Village:
    """A village of another kecamatan."""
    return make_village("33.01.01.2001", "Tambakreja")


@pytest.fixture
def client(db: None) -> User:
    return make_user(Role.CLIENT)


# --- The numbers --------------------------------------------------------------------------------------


def test_a_rate_has_its_counts_its_coverage_and_wilsons_interval(here: Village, officer: User) -> None:
    store(here, registered=100, measured=85, haz_believed=80, stunted=12)
    found = summary(here, JUNE, officer).stunted
    assert (found.numerator, found.denominator, found.registered, found.measured) == (12, 80, 100, 85)
    assert (found.rate, found.coverage) == (0.15, 0.8)
    # (p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n) with n = 80, p = 0.15, z = 1.96
    assert (found.low, found.high) == (pytest.approx(0.0879, abs=5e-5), pytest.approx(0.2441, abs=5e-5))


def test_coverage_is_of_the_index_and_not_of_whoever_was_weighed(here: Village, officer: User) -> None:
    # 100 weighed and 35 with a height: nothing is known of the height of 65 in 100.
    store(here, registered=100, measured=100, waz_believed=99, haz_believed=35, gained=90, first=10)
    found = summary(here, JUNE, officer)
    assert {i: rate.coverage for i, rate in found.rates.items()} == {
        Indicator.STUNTED: 0.35,
        Indicator.UNDERWEIGHT: 0.99,
        Indicator.WASTED: 0,
        Indicator.OVERWEIGHT: 0,
    }
    assert (found.stunted.low_coverage, found.stunted.pale, found.counts.participation) == (True, True, 1.0)
    assert not found.rates[Indicator.UNDERWEIGHT].pale


@pytest.mark.parametrize(
    ("indicator", "rate"),
    [
        (Indicator.STUNTED, 12 / 80),
        (Indicator.WASTED, 4 / 40),
        (Indicator.OVERWEIGHT, 2 / 40),
        (Indicator.UNDERWEIGHT, 15 / 60),
    ],
)
def test_each_indicator_has_its_own_denominator(indicator: Indicator, rate: float) -> None:
    counts = Counts(
        haz_believed=80, stunted=12, whz_believed=40, wasted=4, overweight=2, waz_believed=60, underweight=15
    )
    assert rate_from(PLACE, JUNE, counts, indicator).rate == pytest.approx(rate)


def test_nobody_measured_is_no_rate_and_not_zero(here: Village, officer: User) -> None:
    store(here, registered=40)
    found = summary(here, JUNE, officer).stunted
    assert (found.numerator, found.denominator) == (0, 0)
    assert (found.rate, found.low, found.high) == (None, None, None)
    assert (found.known_denominator, found.known_measured, found.coverage) == (None, None, None)


def test_somebody_weighed_and_no_height_taken_is_a_coverage_of_zero(here: Village, officer: User) -> None:
    store(here, registered=40, measured=10, first=10)
    found = summary(here, JUNE, officer)
    assert (found.stunted.rate, found.stunted.known_denominator, found.stunted.coverage) == (None, 0, 0.0)
    assert found.counts.participation == 0.25


def test_somebody_measured_and_nobody_weighed_leaves_d_unknown(here: Village, officer: User) -> None:
    store(here, registered=40, measured=10, haz_believed=10)
    found = summary(here, JUNE, officer)
    assert (found.stunted.coverage, found.counts.participation) == (0.25, None)


def test_nobody_registered_has_no_coverage(here: Village, officer: User) -> None:
    found = summary(here, JUNE, officer).stunted
    assert (found.rate, found.coverage, found.registered) == (None, None, 0)


def test_nobody_stunted_is_zero_with_an_upper_bound(here: Village, officer: User) -> None:
    store(here, registered=40, measured=40, haz_believed=40)
    found = summary(here, JUNE, officer).stunted
    assert (found.rate, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.0876, abs=5e-5)


@pytest.mark.parametrize(
    ("believed", "registered", "few", "low_coverage", "pale"),
    [(29, 36, True, False, True), (32, 40, False, False, False), (31, 40, False, True, True)],
)
def test_below_30_children_or_80_per_cent_coverage_a_rate_is_pale(
    believed: int, registered: int, few: bool, low_coverage: bool, pale: bool
) -> None:
    counts = Counts(registered=registered, measured=registered, haz_believed=believed, stunted=6)
    found = rate_from(PLACE, JUNE, counts, Indicator.STUNTED)
    assert (found.few, found.low_coverage, found.pale) == (few, low_coverage, pale)


def test_skdn_follows_from_the_codes() -> None:
    counts = Counts(registered=100, gained=40, not_gained=20, not_before=15, first=5)
    assert (counts.weighed, counts.participation, counts.success) == (80, 0.8, 0.5)
    assert (Counts().weighed, Counts().participation, Counts().success) == (0, None, None)


def test_counts_are_added_one_by_one() -> None:
    total = Counts(registered=3, stunted=1) + Counts(registered=4, first=2)
    assert total == Counts(registered=7, stunted=1, first=2)


# --- Places -------------------------------------------------------------------------------------------


def test_a_place_is_the_sum_of_its_villages(here: Village, there: Village, officer: User) -> None:
    other = make_village("33.01.02.2003", "Kesugihan")
    for village, stunted in ((here, 1), (other, 2), (there, 4)):
        store(village, registered=20, measured=18, haz_believed=16, stunted=stunted)
    kecamatan = summary(here.kecamatan, JUNE, officer).stunted
    district = summary(make_district(), JUNE, officer).stunted
    assert (kecamatan.numerator, kecamatan.denominator) == (3, 32)
    assert (district.numerator, district.denominator, district.registered) == (7, 48, 60)


def test_a_puskesmas_has_its_villages_only(here: Village, officer: User) -> None:
    post = make_puskesmas()
    here.puskesmas = post
    here.save()
    store(here, haz_believed=10)
    store(make_village("33.01.02.2003", "Kesugihan"), haz_believed=7)
    assert summary(post, JUNE, officer).stunted.denominator == 10
    assert [v.pk for v in villages_of(post)] == [here.pk]


def test_sexes_and_age_groups_are_added(here: Village, officer: User) -> None:
    store(here, registered=3, measured=3)
    VillageMonth.objects.create(
        village=here, month=JUNE, sex=1, age_group=AgeGroup.M00_05, registered=2, measured=1
    )
    found = summary(here, JUNE, officer).counts
    assert (found.registered, found.measured) == (5, 4)


def test_a_month_that_is_not_counted_yet_is_counted_from_the_rows(here: Village, officer: User) -> None:
    make_child(by=officer)
    assert summary(here, JULY, officer).counts.registered == 1
    assert not CountedMonth.objects.exists()


def test_stored_and_recounted_figures_are_the_same(here: Village, officer: User) -> None:
    measure(make_child(by=officer), date(2024, 6, 12), "9.0", "78.0", confirmed=True)
    stored = summary(here, JUNE, officer)
    CountedMonth.objects.all().delete()
    assert summary(here, JUNE, officer) == stored


def test_a_name_of_a_place_says_its_level_and_code(here: Village, officer: User) -> None:
    assert summary(here, JUNE, officer).place == PLACE


# --- Who sees it --------------------------------------------------------------------------------------


def places(here: Village) -> dict[str, District | Kecamatan | Puskesmas | Village]:
    puskesmas = make_puskesmas()
    here.puskesmas = puskesmas
    here.save()
    return {
        "district": make_district(),
        "kecamatan": make_kecamatan(),
        "puskesmas": puskesmas,
        "village": here,
    }


@pytest.mark.parametrize(
    ("role", "at", "sees"),
    [
        (Role.CADRE, "village", {"village"}),
        (Role.MIDWIFE, "village", {"village"}),
        (Role.PUSKESMAS, "puskesmas", {"puskesmas", "village"}),
        (Role.KECAMATAN, "kecamatan", {"kecamatan", "puskesmas", "village"}),
        (Role.DISTRICT, "district", {"district", "kecamatan", "puskesmas", "village"}),
        (Role.ADMIN, "district", {"district", "kecamatan", "puskesmas", "village"}),
        (Role.CLIENT, "district", {"district", "kecamatan", "puskesmas", "village"}),
    ],
)
def test_everybody_sees_the_places_inside_the_own_one(
    here: Village, role: Role, at: str, sees: set[str]
) -> None:
    known = places(here)
    user = make_user(role, known[at])
    for level, place in known.items():
        assert can_see_place(place, user) is (level in sees)
        if level in sees:
            summary(place, JUNE, user)
        else:
            with pytest.raises(PlaceNotVisible):
                summary(place, JUNE, user)


def test_nobody_without_a_role_sees_anything(here: Village) -> None:
    user = make_user()
    for place in places(here).values():
        with pytest.raises(PlaceNotVisible):
            summary(place, JUNE, user)


def test_a_neighbouring_place_is_not_visible(here: Village, there: Village) -> None:
    for user in (make_cadre(here), make_user(Role.KECAMATAN, here.kecamatan)):
        for place in (there, there.kecamatan):
            with pytest.raises(PlaceNotVisible):
                summary(place, JUNE, user)


def test_who_left_the_service_sees_nothing(here: Village) -> None:
    cadre = make_cadre(here)
    cadre.is_active = False
    assert not can_see_place(here, cadre)


def test_summaries_give_the_visible_villages_with_and_without_data(
    here: Village, there: Village, django_assert_num_queries: Any
) -> None:
    store(here, registered=9)
    user = make_user(Role.KECAMATAN, here.kecamatan)
    empty = make_village("33.01.02.2003", "Kesugihan")
    user.area()
    with django_assert_num_queries(6):
        found = summaries(Village.objects.all(), JUNE, user)
    assert [(s.place.code, s.counts.registered) for s in found] == [(empty.pk, 0), (here.pk, 9)]


# --- Small counts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stunted", "believed", "hidden"),
    [(0, 40, False), (1, 40, True), (4, 40, True), (5, 40, False), (0, 4, True), (0, 0, False)],
)
def test_outside_the_team_a_count_of_one_to_four_is_hidden(
    here: Village, client: User, stunted: int, believed: int, hidden: bool
) -> None:
    store(here, registered=50, measured=45, haz_believed=believed, stunted=stunted)
    found = summary(here, JUNE, client).stunted
    assert found.suppressed is hidden
    if hidden:
        assert (found.numerator, found.rate, found.low, found.high) == (None, None, None, None)
    else:
        assert found.numerator == stunted


def test_the_team_sees_small_counts(here: Village, officer: User) -> None:
    store(here, registered=50, measured=45, haz_believed=40, stunted=1)
    found = summary(here, JUNE, officer).stunted
    assert (found.suppressed, found.numerator) == (False, 1)


def test_in_a_list_only_the_villages_of_ones_own_team_show_small_counts(here: Village) -> None:
    other = make_village("33.01.02.2003", "Kesugihan")
    for village in (here, other):
        store(village, registered=50, measured=45, haz_believed=40, stunted=1)
    user = make_user(Role.CLIENT)
    user.memberships.create(role=Role.CADRE, village=here)
    found = {s.place.code: s.stunted.suppressed for s in summaries(Village.objects.all(), JUNE, user)}
    assert found == {here.pk: False, other.pk: True}


def test_a_summary_has_every_indicator() -> None:
    assert set(summary_of(PLACE, JUNE, Counts()).rates) == set(Indicator)


def test_a_month_nobody_has_opened_is_counted_once_for_a_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = make_village()
    user = make_user(Role.DISTRICT, make_district())
    make_child(by=user, village=village)
    month = date(2024, 7, 1)
    assert summary(make_district(), month, user).counts.registered == 1
    with monkeypatch.context() as patched:
        patched.setattr(
            sys.modules["registry.figures.prevalence"],
            "count_month",
            lambda *of: pytest.fail("counted again"),
        )
        assert summary(make_district(), month, user).counts.registered == 1
    make_child(by=user, village=village)
    assert summary(make_district(), month, user).counts.registered == 2
