"""The invented district, before anything is stored: what is true of it is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from demo.child_growth import at_z
from demo.district import FULL, Demo, Shape, invent, was_retrained
from demo.people import NEVER, Place
from registry.calendar_months import last_day, month_of
from registry.growth import BatchAssessment, assess_batch
from registry.places.data import read_places

TODAY = date(2026, 3, 14)
PLACES = [Place(row.code, row.kecamatan) for row in read_places()]


@pytest.fixture(scope="module")
def demo() -> Demo:
    return invent(PLACES, Shape(TODAY))


@pytest.fixture(scope="module")
def assessed(demo: Demo) -> BatchAssessment:
    people, visits = demo.people, demo.visits
    return assess_batch(
        sex=np.where(people.girl[visits.child], 2, 1),
        age_days=visits.day - people.birth[visits.child],
        weight_kg=visits.weight_kg,
        lenhei_cm=visits.lenhei_cm,
        position=visits.position,
        oedema=visits.oedema,
    )


def in_month(demo: Demo, month: date) -> np.ndarray:
    return (demo.visits.day >= month.toordinal()) & (demo.visits.day <= last_day(month).toordinal())


def test_the_same_seed_invents_the_same_district(demo: Demo) -> None:
    again = invent(PLACES, Shape(TODAY))
    assert again.people.nik == demo.people.nik
    assert np.array_equal(again.visits.weight_kg, demo.visits.weight_kg)
    assert again.true_rates == demo.true_rates


def test_another_seed_invents_another_district(demo: Demo) -> None:
    assert invent(PLACES, Shape(TODAY, seed=7)).people.name != demo.people.name


def test_the_true_rate_begins_at_the_surveys_and_ends_beside_the_target(demo: Demo) -> None:
    rates = list(demo.true_rates.values())
    assert len(rates) == 18
    assert rates[0] == pytest.approx(0.185, abs=0.001)
    assert rates[-1] == pytest.approx(0.145, abs=0.001)


def test_the_measured_rate_is_near_the_true_one_in_every_month(demo: Demo, assessed: BatchAssessment) -> None:
    believed = ~np.isnan(assessed.haz) & ~assessed.haz_flag
    for month, true_rate in demo.true_rates.items():
        measured = assessed.haz[believed & in_month(demo, month)] < -2
        assert measured.mean() == pytest.approx(true_rate, abs=0.015), month


def test_kecamatan_known_to_be_worse_are_worse(demo: Demo, assessed: BatchAssessment) -> None:
    believed = ~np.isnan(assessed.haz) & ~assessed.haz_flag
    kecamatan = np.array([place.kecamatan for place in PLACES])[demo.people.village][demo.visits.child]
    rate = {
        name: (assessed.haz[believed & (kecamatan == name)] < -2).mean()
        for name in ("Cilacap Selatan", "Jeruklegi")
    }
    district = (assessed.haz[believed] < -2).mean()
    assert rate["Cilacap Selatan"] > district + 0.03
    assert rate["Jeruklegi"] > district + 0.02


def test_nobody_is_measured_in_the_future_before_birth_or_after_leaving(demo: Demo) -> None:
    people, visits = demo.people, demo.visits
    assert visits.day.max() <= TODAY.toordinal()
    assert (visits.day >= people.birth[visits.child]).all()
    assert (visits.day >= people.since[visits.child]).all()
    assert (visits.day < people.left_on[visits.child]).all()


def test_nobody_is_measured_twice_a_day(demo: Demo) -> None:
    pairs = np.stack([demo.visits.child, demo.visits.day])
    assert np.unique(pairs, axis=1).shape[1] == len(demo.visits)


def test_most_but_not_all_come_in_a_whole_month_and_fewer_so_far_in_this_one(demo: Demo) -> None:
    coverage = {}
    for month in demo.true_rates:
        end = min(last_day(month), TODAY).toordinal()
        came = np.unique(demo.visits.child[in_month(demo, month)])
        coverage[month] = len(came) / demo.people.resident_on(end).sum()
    assert all(0.78 < coverage[month] < 0.92 for month in coverage if month != month_of(TODAY))
    assert 0.2 < coverage[month_of(TODAY)] < 0.7


def test_some_villages_are_covered_poorly(demo: Demo) -> None:
    assert 5 < (demo.villages.coverage < 0.7).sum() < 40


def test_every_village_has_children_and_posyandu(demo: Demo) -> None:
    assert set(demo.people.village.tolist()) == set(range(284))
    assert 2_100 < demo.villages.posyandu.sum() < 2_300


def test_children_are_born_turn_five_move_leave_and_die(demo: Demo) -> None:
    people = demo.people
    first, today = demo.shape.all_months[0].toordinal(), TODAY.toordinal()
    assert (people.birth > first).sum() > 500
    assert (today - people.birth > 1826).sum() > 500
    assert 60 < (people.moved_on < NEVER).sum() < 160
    assert 60 < ((people.left_on < NEVER) & ~people.died).sum() < 160
    assert 8 < people.died.sum() < 50


def test_a_move_ends_in_another_village_and_a_mover_does_not_leave(demo: Demo) -> None:
    movers = demo.people.moved_on < NEVER
    assert (demo.people.village[movers] != demo.people.moved_to[movers]).all()
    assert (demo.people.left_on[movers] == NEVER).all()


def test_a_nik_is_whole_used_once_and_of_a_serial_that_no_registry_issues(demo: Demo) -> None:
    niks = [nik for nik in demo.people.nik if nik]
    assert len(niks) == len(set(niks))
    assert all(len(nik) == 16 and nik.startswith("3301") and int(nik[12:]) >= 9001 for nik in niks)
    assert 0.82 < len(niks) / len(demo.people) < 0.88


def test_a_slip_of_the_hand_is_not_believed(demo: Demo, assessed: BatchAssessment) -> None:
    slips = ~np.isnan(demo.visits.right_cm)
    assert 50 < slips.sum() < 200
    assert assessed.haz_flag[slips].mean() > 0.8
    assert assessed.haz_flag[~slips].sum() < 10


def test_what_is_given_back_at_a_z_score_has_that_z_score() -> None:
    girl = np.array([False, True, False, True])
    days = np.array([10, 400, 900, 1800])
    wanted = np.array([-2.5, 0.0, 1.25, -4.0])
    height = at_z("lfa", girl, days, wanted)
    found = assess_batch(sex=np.where(girl, 2, 1), age_days=days, lenhei_cm=height)
    assert found.haz == pytest.approx(wanted, abs=0.005)


def test_a_weight_past_three_sd_follows_whos_restricted_formula() -> None:
    girl, mm = np.array([True, False]), np.array([1000, 1000])
    wanted = np.array([-3.7, 3.4])
    weight = at_z("wfh", girl, mm, wanted, restricted=True)
    found = assess_batch(sex=np.where(girl, 2, 1), age_days=[1500, 1500], weight_kg=weight, lenhei_cm=mm / 10)
    assert found.whz == pytest.approx(wanted, abs=0.005)


def test_a_few_cadres_round_up_to_the_month_in_which_they_are_trained_again(demo: Demo) -> None:
    people, visits, villages = demo.people, demo.visits, demo.villages
    assert demo.shape.retrained_on == date(2025, 8, 13)
    trained = np.array([was_retrained(place.code) for place in PLACES])
    assert 150 < trained.sum() < 200
    cured = trained & (villages.whole_cm | villages.half_kg)
    assert 5 < cured.sum() < 40
    september = visits.day >= date(2025, 9, 1).toordinal()
    village = people.village_on(visits.day, visits.child)
    height, first_weight = visits.lenhei_cm, ~np.isnan(visits.lenhei_cm)
    measured = first_weight & np.isnan(visits.right_cm)
    for rounds, values, step in ((villages.whole_cm, height, 1.0), (villages.half_kg, visits.weight_kg, 0.5)):
        assert 5 < rounds.sum() < 45
        on_step = np.isclose(values / step, np.round(values / step))
        learned = trained[village] & september
        assert on_step[measured & rounds[village] & ~learned].all()
        assert on_step[measured & rounds[village] & learned].mean() < 0.35
        assert on_step[measured & ~rounds[village]].mean() < 0.35


def test_late_entries_gather_in_some_villages(demo: Demo) -> None:
    assert 8 < (demo.villages.late > 0.15).sum() < 45
    assert np.median(demo.villages.late) < 0.05


def test_a_month_is_the_same_whether_the_others_are_invented_or_not(demo: Demo) -> None:
    alone = invent(PLACES, Shape(TODAY)).month(7)
    assert np.array_equal(alone.weight_kg, demo.month(7).weight_kg)
    assert 0 < len(alone) < len(demo.visits)


def test_the_full_district_is_as_large_as_cilacap() -> None:
    full = invent(PLACES, Shape(TODAY, *FULL))
    assert 125_000 < full.people.resident_on(TODAY.toordinal()).sum() < 140_000
    assert 105_000 < len(full.month(22)) < 120_000  # about 111,000 were measured in June 2024


@pytest.mark.parametrize(
    ("places", "shape"),
    [([], Shape(TODAY)), (PLACES, Shape(TODAY, children=0)), (PLACES, Shape(TODAY, months=0))],
)
def test_a_district_of_nothing_is_refused(places: list[Place], shape: Shape) -> None:
    with pytest.raises(ValueError, match="at least one"):
        invent(places, shape)
