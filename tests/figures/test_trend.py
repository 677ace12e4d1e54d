"""Figures over time and beside each other, and the verdict against the target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from registry.access.visible_places import PlaceName, PlaceNotVisible
from registry.figures import (
    Counts,
    Verdict,
    kecamatan_rows,
    last_received,
    latest_month,
    surveys_of,
    target_for,
    trend,
    verdict,
    village_rows,
)
from registry.figures.default_month import default_month_of_api, default_month_of_figures
from registry.figures.prevalence import rate_from
from registry.figures.trend import last_received_by_village
from registry.models import (
    AgeGroup,
    CountedMonth,
    District,
    Indicator,
    Role,
    Survey,
    SurveyEstimate,
    Target,
    User,
    Village,
    VillageMonth,
)
from tests.factories import make_cadre, make_child, make_district, make_user, make_village, measure

MAY, JUNE, JULY, AUGUST = (date(2024, month, 1) for month in (5, 6, 7, 8))
PLACE = PlaceName("district", "33.01", "Cilacap")


def store(village: Village, month: date, **counts: int) -> None:
    """Stored figures of a village and month, in one cell."""
    CountedMonth.objects.get_or_create(month=month)
    VillageMonth.objects.create(village=village, month=month, sex=2, age_group=AgeGroup.M24_35, **counts)


@pytest.fixture
def district(db: None) -> District:
    return make_district()


# --- Trend --------------------------------------------------------------------------------------------


def test_a_trend_has_every_month_oldest_first_and_no_rate_where_nobody_was_measured(
    here: Village, officer: User
) -> None:
    store(here, MAY, registered=40, measured=36, haz_believed=36, stunted=9)
    store(here, JULY, registered=40, measured=30, haz_believed=30, stunted=6)
    found = trend(here, AUGUST, officer, months=4)
    assert [p.month for p in found] == [MAY, JUNE, JULY, AUGUST]
    assert [p.rate for p in found] == [0.25, None, 0.2, None]
    assert [p.coverage for p in found] == [0.9, None, 0.75, None]


def test_a_trend_ends_with_the_month_asked_for(here: Village, officer: User) -> None:
    store(here, AUGUST, haz_believed=30, stunted=6)
    assert trend(here, JULY, officer, months=2)[-1].denominator == 0


def test_a_trend_adds_the_villages(here: Village, officer: User) -> None:
    store(here, JUNE, haz_believed=30, stunted=3)
    store(make_village("33.01.01.2001", "Tambakreja"), JUNE, haz_believed=10, stunted=1)
    (found,) = trend(make_district(), JUNE, officer, months=1)
    assert (found.numerator, found.denominator, found.indicator) == (4, 40, Indicator.STUNTED)


def test_a_trend_hides_small_counts_from_a_client(here: Village) -> None:
    store(here, JUNE, haz_believed=30, stunted=3)
    (found,) = trend(here, JUNE, make_user(Role.CLIENT), months=1)
    assert (found.suppressed, found.numerator, found.rate) == (True, None, None)


def test_a_trend_of_two_years_takes_as_many_queries_as_one_of_a_month(
    here: Village, officer: User, django_assert_num_queries: Any
) -> None:
    for month in (MAY, JUNE, JULY):
        store(here, month, haz_believed=30)
    officer.area()
    for months in (1, 24):
        with django_assert_num_queries(1):  # the sums
            trend(here, JULY, officer, months=months)


def test_a_trend_judges_no_month_that_runs_or_is_thin(here: Village, officer: User) -> None:
    for month, believed in ((MAY, 36), (JUNE, 36), (JULY, 28), (AUGUST, 36)):
        store(here, month, registered=40, measured=believed, haz_believed=believed, stunted=9)
    found = trend(here, AUGUST, officer, months=4)
    # 28 of 40 are fewer than 80 % of the 36 before.
    assert [(p.is_running, p.is_thin) for p in found] == [
        (False, False),
        (False, False),
        (False, True),
        (True, False),
    ]


def test_a_stray_entry_of_two_years_ago_is_no_month_of_the_trend(here: Village, officer: User) -> None:
    born = date(2021, 3, 14)
    measure(make_child(officer, here, birth_date=born), date(2022, 10, 5), "9.0", "76.0", confirmed=True)
    for month in (MAY, JUNE, JULY):
        store(here, month, registered=40, measured=36, haz_believed=36, stunted=9)
    found = {p.month: p for p in trend(here, JULY, officer, months=24)}
    stray = found[date(2022, 10, 1)]
    assert (stray.denominator, stray.registered, stray.is_judged) == (1, 1, False)
    assert [m for m, p in found.items() if p.rate is not None and p.is_judged] == [MAY, JUNE, JULY]


def test_a_stray_entry_of_one_village_is_no_month_of_another(here: Village, officer: User) -> None:
    there = make_village("33.01.01.2001", "Tambakreja")
    neighbour = make_child(officer, there, since=date(2024, 5, 1))
    for month in (MAY, JUNE, JULY):
        measure(neighbour, month.replace(day=5), "11.0", "84.0", confirmed=True)
    before = trend(there, JULY, officer, months=24), default_month_of_figures(there, officer)
    child = make_child(officer, here, birth_date=date(2021, 3, 14))
    measure(child, date(2022, 10, 5), "9.0", "76.0", confirmed=True)
    assert (trend(there, JULY, officer, months=24), default_month_of_figures(there, officer)) == before
    [of_there, of_here] = village_rows(make_district(), date(2022, 10, 1), officer)
    assert (of_there.summary.counts.registered, of_there.stunted.rate) == (0, None)
    assert (of_here.summary.counts.registered, of_here.summary.counts.measured) == (1, 1)


# --- Which month opens ----------------------------------------------------------------------------------


def test_pages_and_programs_open_on_the_last_month_that_is_over_and_covered_as_usual(
    here: Village, officer: User
) -> None:
    assert default_month_of_figures(here, officer) == default_month_of_api() == AUGUST
    store(here, AUGUST, registered=40, measured=1, haz_believed=1)
    assert default_month_of_figures(here, officer) == default_month_of_api() == AUGUST  # there is no other
    for month, believed in ((MAY, 36), (JUNE, 35), (JULY, 3)):
        store(here, month, registered=40, measured=believed, haz_believed=believed)
    assert default_month_of_figures(here, officer) == default_month_of_api() == JUNE


def test_the_month_that_opens_is_worked_out_once_until_a_figure_is_stored(
    here: Village, officer: User, django_assert_num_queries: Any
) -> None:
    store(here, JUNE, registered=40, measured=36, haz_believed=36)
    officer.area()
    with django_assert_num_queries(2):  # the newest figure, and the sums
        assert default_month_of_figures(here, officer) == JUNE
    with django_assert_num_queries(1):
        assert default_month_of_figures(here, officer) == JUNE
    store(here, JULY, registered=40, measured=36, haz_believed=36)
    assert default_month_of_figures(here, officer) == JULY


def test_programs_open_on_one_month_whatever_their_place(here: Village, officer: User) -> None:
    there = make_village("33.01.01.2001", "Tambakreja")
    store(here, JUNE, registered=400, measured=390, haz_believed=390)
    store(here, JULY, registered=400, measured=390, haz_believed=390)
    store(there, JUNE, registered=40, measured=39, haz_believed=39)
    store(there, JULY, registered=40)
    assert default_month_of_figures(there, officer) == JUNE
    assert default_month_of_figures(make_district(), officer) == default_month_of_api() == JULY


def test_the_month_that_opens_is_not_told_of_another_place(here: Village) -> None:
    with pytest.raises(PlaceNotVisible):
        default_month_of_figures(make_district(), make_cadre(here))


# --- Tables -------------------------------------------------------------------------------------------


def test_village_rows_have_every_village_with_its_kecamatan(here: Village, officer: User) -> None:
    other = make_village("33.01.01.2001", "Tambakreja")
    store(here, JUNE, registered=7)
    rows = village_rows(make_district(), JUNE, officer)
    assert [(r.place, r.place.kecamatan.name, r.summary.counts.registered) for r in rows] == [
        (other, "Kedungreja", 0),
        (here, "Kesugihan", 7),
    ]


def test_kecamatan_rows_are_the_sums_of_their_villages(here: Village, officer: User) -> None:
    for village, stunted in (
        (here, 2),
        (make_village("33.01.02.2003", "Kesugihan"), 3),
        (make_village("33.01.01.2001", "Tambakreja"), 1),
    ):
        store(village, JUNE, haz_believed=20, stunted=stunted)
    rows = kecamatan_rows(make_district(), JUNE, officer)
    assert [(r.place.name, r.summary.stunted.numerator, r.summary.stunted.denominator) for r in rows] == [
        ("Kedungreja", 1, 20),
        ("Kesugihan", 5, 40),
    ]


@pytest.mark.parametrize("rows", [village_rows, kecamatan_rows])
def test_tables_take_as_many_queries_for_many_villages_as_for_one(
    here: Village, officer: User, rows: Any, django_assert_num_queries: Any
) -> None:
    CountedMonth.objects.create(month=JUNE)
    officer.area()
    for number in range(1, 8):
        make_village(f"33.01.01.20{number:02d}", f"Desa {number}")
        with django_assert_num_queries(4):
            rows(here.kecamatan.district, JUNE, officer)


@pytest.mark.parametrize("what", [partial(trend, months=2), village_rows, kecamatan_rows])
def test_tables_of_another_place_are_not_visible(here: Village, what: Any) -> None:
    with pytest.raises(PlaceNotVisible):
        what(make_district(), JUNE, make_cadre(here))


@pytest.mark.parametrize("what", [latest_month, last_received])
def test_freshness_of_another_place_is_not_visible(here: Village, what: Any) -> None:
    with pytest.raises(PlaceNotVisible):
        what(make_district(), make_cadre(here))


# --- How fresh ----------------------------------------------------------------------------------------


def test_the_latest_month_is_the_last_with_somebody_measured(here: Village, officer: User) -> None:
    assert latest_month(here, officer) is None
    store(here, JUNE, registered=5, measured=1)
    store(here, AUGUST, registered=5)
    assert latest_month(here, officer) == JUNE


def test_the_last_day_received_is_that_of_a_measurement_in_force(here: Village, officer: User) -> None:
    assert last_received(here, officer) is None
    child = make_child(by=officer)
    measure(child, date(2024, 6, 12), "11.0")
    measure(child, date(2024, 7, 9), "11.2")
    child.measurements.filter(measured_on__month=7).update(state="superseded")
    assert last_received(here, officer) == date(2024, 6, 12)
    assert last_received_by_village(Village.objects.all()) == {here.pk: date(2024, 6, 12)}


# --- Target and verdict -------------------------------------------------------------------------------


def test_the_target_of_a_year_is_its_own_or_the_latest_before(district: District) -> None:
    for year, percent in ((2022, "18.4"), (2024, "14.0")):
        Target.objects.create(district=district, year=year, percent=percent)
    found = {year: target_for(district, year) for year in (2021, 2022, 2023, 2024, 2027)}
    assert {year: t and t.percent for year, t in found.items()} == {
        2021: None,
        2022: Decimal("18.4"),
        2023: Decimal("18.4"),
        2024: Decimal("14.0"),
        2027: Decimal("14.0"),
    }


def test_a_target_is_of_stunting_and_of_its_district(district: District) -> None:
    Target.objects.create(district=district, year=2024, percent="7.0", indicator=Indicator.WASTED)
    other = District.objects.create(code="33.02", name="Banyumas")
    Target.objects.create(district=other, year=2024, percent="12.0")
    assert target_for(district, 2024) is None


@pytest.mark.parametrize(
    ("stunted", "believed", "expected"),
    [
        (100, 1000, Verdict.BELOW),  # 8.3 to 12.0 %
        (140, 1000, Verdict.UNCLEAR),
        (180, 1000, Verdict.ABOVE),  # 15.7 to 20.5 %
        (14, 100, Verdict.UNCLEAR),
        (0, 29, Verdict.UNCLEAR),  # 0 to 11.7 %, but of fewer than 30 children
        (29, 29, Verdict.UNCLEAR),
        (0, 0, Verdict.NO_DATA),
    ],
)
def test_the_verdict_is_clear_only_when_the_whole_interval_is_on_one_side(
    stunted: int, believed: int, expected: Verdict
) -> None:
    found = rate_from(PLACE, JUNE, Counts(haz_believed=believed, stunted=stunted), Indicator.STUNTED)
    assert verdict(found, Target(percent=Decimal("14.0"))) == expected


def test_an_interval_that_ends_at_the_target_is_below_it() -> None:
    found = rate_from(PLACE, JUNE, Counts(haz_believed=50, stunted=50), Indicator.STUNTED)
    assert found.high == 1.0
    assert verdict(found, Target(percent=Decimal("100.0"))) == Verdict.BELOW


def test_a_running_month_gets_no_verdict_however_clear_its_interval() -> None:
    counts = Counts(registered=1000, haz_believed=900, stunted=9)
    found = rate_from(PLACE, AUGUST, counts, Indicator.STUNTED)
    assert (found.is_running, found.is_judged, found.pale) == (True, False, True)
    assert verdict(found, Target(percent=Decimal("14.0"))) == Verdict.RUNNING


def test_a_month_covered_far_below_the_usual_gets_no_verdict() -> None:
    usual = [Counts(registered=1000, haz_believed=900)] * 6
    for believed, expected in ((719, Verdict.THIN), (720, Verdict.BELOW)):  # 80 % of 900
        counts = Counts(registered=1000, haz_believed=believed, stunted=9)
        found = rate_from(PLACE, JULY, counts, Indicator.STUNTED, usual)
        assert verdict(found, Target(percent=Decimal("14.0"))) == expected


def test_without_a_target_there_is_no_verdict() -> None:
    found = rate_from(PLACE, JUNE, Counts(haz_believed=100, stunted=5), Indicator.STUNTED)
    assert verdict(found, None) == Verdict.NO_TARGET


def test_surveys_come_oldest_first_and_of_stunting(district: District) -> None:
    for year, survey, percent, indicator in (
        (2023, Survey.SKI, "18.5", Indicator.STUNTED),
        (2018, Survey.RISKESDAS, "32.1", Indicator.STUNTED),
        (2023, Survey.SKI, "8.5", Indicator.WASTED),
    ):
        SurveyEstimate.objects.create(
            district=district, year=year, survey=survey, percent=percent, indicator=indicator
        )
    assert [(s.year, s.percent) for s in surveys_of(district)] == [
        (2018, Decimal("32.10")),
        (2023, Decimal("18.50")),
    ]
