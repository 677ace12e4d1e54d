"""What is counted of a month from the month before it follows when that one changes."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from registry.actions import correct_measurement, move_child, void_measurement
from registry.actions.refresh import differences, open_month, rebuild_month
from registry.models import HeightSpread, Role, VillageMonth
from tests.factories import make_child, make_user, make_village, measure, seen

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def counted(name: str, month: date = JUNE) -> int:
    return sum(VillageMonth.objects.filter(month=month).values_list(name, flat=True))


def test_a_correction_of_may_changes_2t_of_june() -> None:
    child = make_child(by=make_user(Role.DISTRICT))
    weights = ((4, "11.0"), (5, "11.1"), (6, "11.2"))
    taken = {month: measure(child, date(2024, month, 5), kg).measurement for month, kg in weights}
    assert counted("twice_not_gained") == 1
    # 200 g in May are enough now; June did not rise before and does not rise now.
    correct_measurement(
        by=child.created_by,
        id=uuid4(),
        measurement_id=taken[5].pk,
        observation=seen(date(2024, 5, 5), "11.2"),
        reason="salah baca",
    )
    assert (counted("not_gained"), counted("twice_not_gained")) == (1, 0)
    assert not list(differences(MAY)) + list(differences(JUNE))


def test_what_is_taken_back_in_may_is_missed_in_june_too() -> None:
    child = make_child(by=make_user(Role.DISTRICT))
    taken = measure(child, date(2024, 5, 5), "11.0", "84.0").measurement
    open_month(JUNE)
    assert counted("missed_twice") == 0
    void_measurement(by=child.created_by, measurement_id=taken.pk, reason="anak lain")
    assert counted("missed_twice") == 1
    assert not list(differences(JUNE))


@pytest.mark.parametrize("first_in_may", ["a measurement", "the nightly rebuild", "a rebuild of May"])
def test_nobody_has_missed_a_month_before_the_register_began(first_in_may: str) -> None:
    officer = make_user(Role.DISTRICT)
    came, _stayed_away = (make_child(by=officer) for _number in range(2))
    measure(came, date(2024, 6, 5), "11.0", "84.0")
    assert counted("missed_twice") == 0
    if first_in_may == "a measurement":  # of a child elsewhere
        measure(
            make_child(by=officer, village=make_village("33.01.01.2001", "Tambakreja")),
            date(2024, 5, 5),
            "9.0",
        )
    elif first_in_may == "the nightly rebuild":
        open_month(MAY)
    else:
        rebuild_month(MAY)
    assert counted("missed_twice") == 1
    assert not list(differences(MAY)) + list(differences(JUNE))


def test_who_moved_has_missed_two_months_once_an_older_measurement_says_it_lived_here_then() -> None:
    officer = make_user(Role.DISTRICT)
    for month in (3, 4, 5, 6):
        measure(make_child(by=officer), date(2024, month, 5), "11.0", "84.0")
    there = make_village("33.01.01.2001", "Tambakreja")
    child = make_child(by=officer, since=date(2024, 5, 2))
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 10))

    def missed_there() -> list[int]:
        return list(
            VillageMonth.objects.filter(month=JUNE, village=there).values_list("missed_twice", flat=True)
        )

    assert missed_there() == [0]
    measure(child, date(2024, 3, 5), "10.0", "80.0")
    assert missed_there() == [1]
    assert not list(differences(JUNE))


def test_the_spread_of_heights_is_kept_with_the_figures() -> None:
    child = make_child(by=make_user(Role.DISTRICT))
    taken = measure(child, date(2024, 5, 5), "11.0", "84.0").measurement
    (kept,) = HeightSpread.objects.all()
    assert (kept.village_id, kept.month, kept.count) == (child.village_id, MAY, 1)
    assert kept.total == round(taken.haz * 100)
    HeightSpread.objects.update(total=0)
    (found,) = differences(MAY)
    assert (found.cell.sex, found.stored[1], found.counted[1]) == (0, 0, kept.total)
    void_measurement(by=child.created_by, measurement_id=taken.pk, reason="anak lain")
    assert not HeightSpread.objects.exists()
