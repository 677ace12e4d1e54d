"""How a child becomes a number: each definition, with figures that can be counted on fingers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from registry.actions import close_child, move_child, void_measurement
from registry.figures.count import (
    Before,
    CountCell,
    CountedMeasurement,
    Resident,
    count_month,
    tally_children,
)
from registry.growth import is_believed
from registry.models import ChildStatus, Sex, User, Village
from tests.factories import make_child, make_village, measure

HERE, THERE = "33.01.02.2016", "33.01.02.2003"
JUNE, LAST_OF_JUNE = date(2024, 6, 1), date(2024, 6, 30)
GIRL = Sex.GIRL.value
TWO_YEARS = 821  # days


def row(
    child: UUID,
    day: int = 12,
    *,
    village: str = HERE,
    age: int = TWO_YEARS,
    haz: float | None = None,
    waz: float | None = None,
    whz: float | None = None,
    flags: str = "",
    oedema: bool = False,
    gain: str = "",
) -> CountedMeasurement:
    """A measurement of June 2024; ``flags`` names the indices that are flagged."""
    return CountedMeasurement(
        child_id=child,
        sex=GIRL,
        village_id=village,
        measured_on=date(2024, 6, day),
        age_days=age,
        haz=haz,
        haz_flag="haz" in flags,
        waz=waz,
        waz_flag="waz" in flags,
        whz=whz,
        whz_flag="whz" in flags,
        oedema=oedema,
        gain=gain,
    )


def tally(
    *rows: CountedMeasurement, residents: list[Resident] | None = None
) -> dict[CountCell, dict[str, int]]:
    """Cells and their counters that are not 0."""
    counts = tally_children(rows, residents or [], on=LAST_OF_JUNE).counts
    return {cell: {name: n for name, n in counted.items() if n} for cell, counted in counts.items()}


def one(*rows: CountedMeasurement) -> dict[str, int]:
    """The counters of the only cell."""
    (counts,) = tally(*rows).values()
    return counts


# --- One child ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("haz", "stunted", "severely"),
    [(-1.99, 0, 0), (-2.0, 0, 0), (-2.01, 1, 0), (-3.0, 1, 0), (-3.01, 1, 1), (-6.0, 1, 1)],
)
def test_stunted_is_below_minus_two_and_severely_below_minus_three(
    haz: float, stunted: int, severely: int
) -> None:
    counts = one(row(uuid4(), haz=haz))
    assert (counts["haz_believed"], counts.get("stunted", 0), counts.get("severely_stunted", 0)) == (
        1,
        stunted,
        severely,
    )


@pytest.mark.parametrize(("waz", "under", "severely"), [(-2.0, 0, 0), (-2.01, 1, 0), (-3.01, 1, 1)])
def test_underweight_is_below_minus_two(waz: float, under: int, severely: int) -> None:
    counts = one(row(uuid4(), waz=waz))
    assert (counts["waz_believed"], counts.get("underweight", 0), counts.get("severely_underweight", 0)) == (
        1,
        under,
        severely,
    )


@pytest.mark.parametrize(
    ("whz", "wasted", "severely", "over"),
    [(-3.01, 1, 1, 0), (-2.01, 1, 0, 0), (-2.0, 0, 0, 0), (2.0, 0, 0, 0), (2.01, 0, 0, 1), (3.5, 0, 0, 1)],
)
def test_wasted_is_below_minus_two_and_overweight_above_two(
    whz: float, wasted: int, severely: int, over: int
) -> None:
    counts = one(row(uuid4(), whz=whz))
    found = (counts.get("wasted", 0), counts.get("severely_wasted", 0), counts.get("overweight", 0))
    assert (counts["whz_believed"], *found) == (1, wasted, severely, over)


def test_a_flagged_value_is_measured_and_in_no_rate() -> None:
    assert one(row(uuid4(), haz=-6.5, waz=-6.2, whz=5.4, flags="haz waz whz")) == {
        "registered": 1,
        "measured": 1,
    }


def test_what_was_not_measured_is_in_no_denominator() -> None:
    assert one(row(uuid4(), waz=-0.5, gain="B")) == {
        "registered": 1,
        "measured": 1,
        "waz_believed": 1,
        "first": 1,
    }


def test_oedema_counts_as_severely_wasted_and_severely_underweight_without_any_z_score() -> None:
    assert one(row(uuid4(), haz=-1.0, oedema=True)) == {
        "registered": 1,
        "measured": 1,
        "haz_believed": 1,
        "waz_believed": 1,
        "underweight": 1,
        "severely_underweight": 1,
        "whz_believed": 1,
        "wasted": 1,
        "severely_wasted": 1,
    }


def test_no_z_score_is_not_believed() -> None:
    assert not is_believed(None, False)


@pytest.mark.parametrize(
    ("code", "counter"), [("N", "gained"), ("T", "not_gained"), ("O", "not_before"), ("B", "first")]
)
def test_each_weighing_has_one_code(code: str, counter: str) -> None:
    assert one(row(uuid4(), gain=code)) == {"registered": 1, "measured": 1, counter: 1}


# --- Several measurements of a child in one month -----------------------------------------------------


def test_a_child_measured_twice_is_one_child_and_its_latest_value_counts() -> None:
    child = uuid4()
    assert one(row(child, 5, haz=-2.5, gain="N"), row(child, 19, haz=-1.5, gain="T")) == {
        "registered": 1,
        "measured": 1,
        "haz_believed": 1,
        "not_gained": 1,
    }


def test_weighing_again_without_height_does_not_lose_the_height() -> None:
    child = uuid4()
    counts = one(row(child, 5, haz=-2.5, waz=-2.5), row(child, 19, waz=-1.9))
    assert (counts["haz_believed"], counts["stunted"]) == (1, 1)
    assert (counts["waz_believed"], counts.get("underweight", 0)) == (1, 0)


def test_a_later_flagged_value_does_not_replace_a_believed_one() -> None:
    child = uuid4()
    counts = one(row(child, 5, haz=-1.0), row(child, 19, haz=-7.0, flags="haz"))
    assert (counts["haz_believed"], counts.get("stunted", 0)) == (1, 0)


def test_measured_in_two_villages_the_child_counts_in_the_latest() -> None:
    child = uuid4()
    assert list(tally(row(child, 5, haz=-1.0), row(child, 19, village=THERE, haz=-1.0))) == [
        CountCell(THERE, GIRL, "24-35")
    ]


# --- Age ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, "00-05"),
        (182, "00-05"),
        (183, "06-11"),
        (365, "06-11"),
        (366, "12-23"),
        (730, "12-23"),
        (731, "24-35"),
        (1095, "24-35"),
        (1096, "36-47"),
        (1461, "48-59"),
        (1826, "48-59"),
    ],
)
def test_the_age_group_is_that_of_the_day_measured_in_completed_months(age: int, group: str) -> None:
    assert list(tally(row(uuid4(), age=age, haz=0.0))) == [CountCell(HERE, GIRL, group)]


def test_day_1826_is_in_and_day_1827_is_out() -> None:
    assert tally(row(uuid4(), age=1826, haz=0.0))
    assert not tally(row(uuid4(), age=1827, haz=0.0))


def test_turning_five_between_two_measurements_the_earlier_one_counts() -> None:
    child = uuid4()
    counts = one(row(child, 5, age=1826, haz=-2.5), row(child, 19, age=1840, haz=-1.0))
    assert (counts["measured"], counts["stunted"]) == (1, 1)


# --- Who was not measured -----------------------------------------------------------------------------


def test_a_resident_who_was_not_measured_is_registered_by_its_age_at_the_months_end() -> None:
    born = date(2023, 12, 30)  # 183 days old on 30 June
    assert tally(residents=[Resident(uuid4(), GIRL, HERE, born, JUNE)]) == {
        CountCell(HERE, GIRL, "06-11"): {"registered": 1}
    }


def test_a_resident_who_was_measured_is_registered_once() -> None:
    child = uuid4()
    resident = Resident(child, GIRL, HERE, date(2022, 3, 14), JUNE)
    assert tally(row(child, haz=0.0), residents=[resident]) == {
        CountCell(HERE, GIRL, "24-35"): {"registered": 1, "measured": 1, "haz_believed": 1}
    }


def test_who_moved_after_being_measured_is_registered_where_it_was_measured() -> None:
    child = uuid4()
    lives_now = Resident(child, GIRL, THERE, date(2022, 3, 14), JUNE)
    assert list(tally(row(child, haz=0.0), residents=[lives_now])) == [CountCell(HERE, GIRL, "24-35")]


# --- What the month before says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "counted", "measured_before", "missed"),
    [
        (date(2024, 4, 30), True, False, 1),  # all of May and all of June
        (date(2024, 5, 1), True, False, 0),  # came in May
        (date(2024, 4, 30), True, True, 0),
        (date(2024, 4, 30), False, False, 0),  # the register holds nothing of May
    ],
)
def test_missed_twice_is_neither_this_month_nor_the_one_before(
    since: date, counted: bool, measured_before: bool, missed: int
) -> None:
    child = uuid4()
    resident = Resident(child, GIRL, HERE, date(2022, 3, 14), since)
    before = Before(counted, frozenset({child} if measured_before else ()))
    (counts,) = tally_children([], [resident], on=LAST_OF_JUNE, before=before).counts.values()
    assert counts.get("missed_twice", 0) == missed


def test_who_was_measured_this_month_has_not_missed_twice() -> None:
    child = uuid4()
    resident = Resident(child, GIRL, HERE, date(2022, 3, 14), date(2022, 3, 14))
    assert (
        "missed_twice" not in tally(row(child, haz=0.0), residents=[resident])[CountCell(HERE, GIRL, "24-35")]
    )


@pytest.mark.parametrize(("received", "late"), [(date(2024, 6, 19), 0), (date(2024, 6, 20), 1)])
def test_late_is_more_than_seven_days_after(received: date, late: int) -> None:
    arrived = datetime(received.year, received.month, received.day, 5, tzinfo=UTC)  # noon in Cilacap
    assert one(row(uuid4(), 12)._replace(received_at=arrived)).get("late", 0) == late
    corrected = row(uuid4(), 12)._replace(received_at=arrived, supersedes_id=uuid4())
    assert "late" not in one(corrected)


def test_the_day_it_was_received_is_the_day_in_cilacap() -> None:
    # 18 UTC on the 19th is one in the morning of the 20th.
    assert one(row(uuid4(), 12)._replace(received_at=datetime(2024, 6, 19, 18, tzinfo=UTC)))["late"] == 1


# --- The spread of heights ------------------------------------------------------------------------------


def test_heights_are_spread_by_half_an_sd_where_the_child_counts() -> None:
    values = [-6.0, -2.01, -2.0, -0.01, 0.0, 0.49, 0.5, 6.0]
    rows = sorted((row(uuid4(), haz=haz) for haz in values), key=lambda r: r.child_id)
    moved = uuid4()
    again = [row(moved, 5, haz=-1.0), row(moved, 20, village=THERE)]  # its height was taken before it moved
    spreads = tally_children([*rows, *again], [], on=LAST_OF_JUNE).spreads
    here = spreads[HERE]
    # -6.0 opens the first class, -2.01 lies in the eighth, -2.0 in the ninth; 6.0 closes the last.
    assert {i: n for i, n in enumerate(here.bins) if n} == {0: 1, 7: 1, 8: 1, 11: 1, 12: 2, 13: 1, 23: 1}
    assert (here.count, here.total) == (8, round(100 * sum(values)))
    assert here.squares == round(10_000 * sum(haz * haz for haz in values))
    assert (spreads[THERE].count, spreads[THERE].bins[10]) == (1, 1)


def test_a_height_nobody_believes_is_in_no_spread() -> None:
    assert tally_children([row(uuid4(), haz=-6.5, flags="haz")], [], on=LAST_OF_JUNE).spreads == {}


# --- From the rows ------------------------------------------------------------------------------------


@pytest.fixture
def there(db: None) -> Village:
    return make_village(THERE, "Kesugihan")


def registered(month: date, villages: list[str] | None = None) -> dict[str, int]:
    """Registered children by village."""
    found: dict[str, int] = {}
    for cell, counts in count_month(month, villages).counts.items():
        found[cell.village_id] = found.get(cell.village_id, 0) + counts["registered"]
    return found


def test_a_child_is_registered_from_the_month_it_lives_there(officer: User) -> None:
    make_child(by=officer, since=date(2024, 6, 30))
    assert registered(date(2024, 5, 1)) == {}
    assert registered(JUNE) == {HERE: 1}


def test_a_child_is_not_registered_before_its_birth(officer: User) -> None:
    make_child(by=officer, birth_date=date(2024, 7, 1))
    assert registered(JUNE) == {}
    assert registered(date(2024, 7, 1)) == {HERE: 1}


def test_a_child_leaves_when_it_turns_five(officer: User) -> None:
    make_child(by=officer, birth_date=date(2019, 6, 30))  # 1827 days on 30 June 2024
    make_child(by=officer, birth_date=date(2019, 7, 1))  # 1826 days
    assert registered(date(2024, 5, 1)) == {HERE: 2}
    assert registered(JUNE) == {HERE: 1}


@pytest.mark.parametrize("status", [ChildStatus.DIED, ChildStatus.MOVED])
def test_who_died_or_left_on_the_last_day_is_out_of_that_month(officer: User, status: ChildStatus) -> None:
    child = make_child(by=officer)
    close_child(by=officer, child_id=child.pk, status=status, on=LAST_OF_JUNE)
    assert registered(date(2024, 5, 1)) == {HERE: 1}
    assert registered(JUNE) == {}


def test_who_moves_on_the_first_of_the_next_month_is_still_here(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    move_child(by=officer, child_id=child.pk, village_code=THERE, moved_on=date(2024, 7, 1))
    assert registered(JUNE) == {HERE: 1}
    assert registered(date(2024, 7, 1)) == {THERE: 1}


def test_a_void_measurement_does_not_count(officer: User) -> None:
    taken = measure(make_child(by=officer), date(2024, 6, 12), "11.0", "84.0").measurement
    void_measurement(by=officer, measurement_id=taken.pk, reason="anak lain")
    (counts,) = count_month(JUNE).counts.values()
    assert dict(counts) == {"registered": 1}


def test_the_first_and_the_last_day_belong_to_the_month(officer: User) -> None:
    for day in (date(2024, 5, 31), JUNE, LAST_OF_JUNE, date(2024, 7, 1)):
        measure(make_child(by=officer, since=day), day, "11.0")
    assert sum(counts["measured"] for counts in count_month(JUNE).counts.values()) == 2


def test_counting_some_villages_gives_what_counting_all_gives_for_them(officer: User, there: Village) -> None:
    stays, moves, other = (make_child(by=officer) for _number in range(3))
    make_child(by=officer, village=there)
    measure(stays, date(2024, 6, 3), "11.0", "84.0")
    measure(moves, date(2024, 6, 4), "10.0", "80.0")
    for child in (moves, other):
        move_child(by=officer, child_id=child.pk, village_code=THERE, moved_on=date(2024, 6, 20))
    measure(other, date(2024, 6, 25), "11.2", "85.0")
    whole = count_month(JUNE).as_values()
    parts = count_month(JUNE, [HERE]).as_values() | count_month(JUNE, [THERE]).as_values()
    assert parts == whole
    assert registered(JUNE) == {HERE: 2, THERE: 2}
    assert registered(JUNE, [HERE]) == {HERE: 2}


def test_nobody_gives_no_cell(officer: User) -> None:
    assert count_month(JUNE).as_values() == {}


def test_2t_and_missed_twice_are_counted_from_the_rows(officer: User) -> None:
    heavy, lost = (make_child(by=officer) for _number in range(2))
    for month, weight in ((3, "11.0"), (4, "11.1"), (5, "11.1"), (6, "11.1")):
        measure(heavy, date(2024, month, 5), weight, confirmed=True)
    measure(lost, date(2024, 4, 28), "11.0")
    (may,) = count_month(date(2024, 5, 1)).counts.values()
    assert (may["twice_not_gained"], may["missed_twice"]) == (1, 0)
    (june,) = count_month(JUNE).counts.values()
    assert (june["twice_not_gained"], june["missed_twice"], june["registered"]) == (1, 1, 2)


def test_nobody_is_registered_before_the_register_begins(officer: User) -> None:
    child = make_child(by=officer)
    assert registered(JUNE) == {HERE: 1}  # nobody has been measured yet: the register may begin in June
    measure(child, date(2024, 7, 3), "11.0", "84.0")
    assert registered(JUNE) == {}
    measure(child, date(2024, 5, 3), "10.8", "83.0")
    assert registered(JUNE) == {HERE: 1}
