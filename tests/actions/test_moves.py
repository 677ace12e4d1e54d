"""Moving to another village, leaving, and coming back: where the child counts follows."""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import close_child, move_child, reopen_child
from registry.errors import Invalid, NotFound
from registry.models import ChildStatus, User, Village
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_posyandu, make_village, measure

pytestmark = pytest.mark.django_db

JUNE, JULY, AUGUST = date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1)


@pytest.fixture
def there() -> Village:
    return make_village("33.01.02.2003", "Kesugihan")


def open_month(month: date) -> None:
    """Have the figures of a month stored, by measuring some child in it."""
    measure(make_child(name="Anak Lain"), month.replace(day=2), "11.0")


# --- Moving -------------------------------------------------------------------------------------------


def test_from_the_day_of_the_move_the_child_lives_and_counts_in_the_new_village(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer)
    for month in (JUNE, JULY, AUGUST):
        measure(child, month.replace(day=10), f"11.{month.month}")
    here = child.village
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    assert [counted(here, month) for month in (JUNE, JULY, AUGUST)] == [(1, 1), (0, 0), (0, 0)]
    assert [counted(there, month) for month in (JUNE, JULY, AUGUST)] == [(0, 0), (1, 1), (1, 1)]
    assert not wrong_figures()


def test_who_was_not_measured_is_registered_where_it_lives_at_the_end_of_the_month(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer)
    open_month(JUNE)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 30))
    assert counted(there, JUNE) == (1, 0)
    assert counted(child.village, JUNE) == (1, 1)  # the other child
    assert not wrong_figures()


def test_a_move_keeps_the_history(officer: User, there: Village) -> None:
    child = make_child(by=officer, rt="01")
    here = child.village_id
    moved = move_child(
        by=officer,
        child_id=child.pk,
        village_code=there.pk,
        moved_on=date(2024, 7, 10),
        posyandu_id=make_posyandu(there).pk,
    )
    homes = list(child.residences.order_by("since").values_list("village_id", "since", "until"))
    assert homes == [
        (here, date(2022, 3, 14), date(2024, 7, 10)),
        (there.pk, date(2024, 7, 10), None),
    ]
    assert (moved.village, moved.rt, moved.posyandu_id) == (there, "", there.posyandu.get().pk)


def test_moving_back_and_forth_is_a_third_residence(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    here = child.village
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 10))
    move_child(by=officer, child_id=child.pk, village_code=here.pk, moved_on=date(2024, 7, 10))
    child.refresh_from_db()
    days = (date(2024, 6, 9), date(2024, 6, 10), date(2024, 7, 9), date(2024, 7, 10))
    assert [child.village_on(day) for day in days] == [here, there, there, here]


def test_the_same_move_sent_again_changes_nothing(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    for _time in range(2):
        move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    assert child.residences.count() == 2


@pytest.mark.parametrize(
    ("day", "code"), [(date(2022, 3, 14), "moved_before_living"), (date(2024, 8, 16), "future")]
)
def test_a_day_on_which_nobody_can_move_is_refused(
    officer: User, there: Village, day: date, code: str
) -> None:
    child = make_child(by=officer)
    with pytest.raises(Invalid) as refused:
        move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=day)
    assert (refused.value.code, refused.value.field) == (
        code,
        "moved_on",
    )


def test_a_cadre_moves_nobody_into_a_village_that_is_not_hers(cadre: User, there: Village) -> None:
    with pytest.raises(NotFound) as missing:
        move_child(
            by=cadre,
            child_id=make_child(by=cadre).pk,
            village_code=there.pk,
            moved_on=date(2024, 7, 10),
        )
    assert missing.value.code == "village_not_found"


def test_after_a_move_the_old_cadre_no_longer_sees_the_child_and_the_new_one_records_the_past(
    officer: User, cadre: User, there: Village
) -> None:
    child = make_child(by=cadre)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    with pytest.raises(NotFound):
        measure(child, date(2024, 7, 12), "11.0", by=cadre)
    assert measure(child, date(2024, 7, 12), "11.0", by=make_cadre(there)).created
    with pytest.raises(NotFound) as elsewhere:
        measure(child, date(2024, 7, 9), "11.0", by=make_cadre(there))
    assert elsewhere.value.code == "lived_elsewhere"


def test_measured_again_after_a_move_the_child_counts_in_one_village_only(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer)
    measure(child, date(2024, 6, 5), "12.1")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20))
    measure(child, date(2024, 6, 25), "12.2")
    assert counted(child.village, JUNE) == (0, 0)
    assert counted(there, JUNE) == (1, 1)
    assert not wrong_figures()


def test_an_entry_from_before_a_move_takes_the_child_out_of_the_new_village(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer)
    measure(make_child(by=officer), date(2024, 6, 12), "11.0")  # opens June
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20))
    assert counted(there, JUNE) == (1, 0)
    measure(child, date(2024, 6, 5), "12.1")
    assert counted(there, JUNE) == (0, 0)
    assert not wrong_figures()


# --- Leaving and coming back --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [ChildStatus.DIED, ChildStatus.MOVED])
def test_who_died_or_left_is_out_of_the_figures_from_that_month_on(cadre: User, status: ChildStatus) -> None:
    for month in (JUNE, JULY, AUGUST):
        open_month(month)
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=status, on=date(2024, 7, 20))
    others = 3  # the children that opened the months live there since birth
    assert [counted(child.village, m)[0] for m in (JUNE, JULY, AUGUST)] == [others + 1, others, others]
    assert not wrong_figures()


def test_who_was_measured_before_leaving_counts_in_that_month(cadre: User) -> None:
    child = make_child(by=cadre)
    measure(child, date(2024, 7, 5), "11.0")
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 7, 20))
    assert counted(child.village, JULY) == (1, 1)


def test_leaving_before_a_move_that_is_on_record_counts_in_no_village(officer: User, there: Village) -> None:
    for month in (JUNE, JULY):
        open_month(month)
    child = make_child(by=officer)
    here = child.village
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    close_child(by=officer, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 6, 10))
    assert [counted(here, JUNE)[0], counted(there, JULY)[0]] == [2, 0]
    assert not wrong_figures()


def test_a_child_may_leave_on_the_day_it_was_measured(cadre: User) -> None:
    child = make_child(by=cadre)
    measure(child, date(2024, 7, 5), "11.0")
    closed = close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 7, 5))
    assert closed.status_date == date(2024, 7, 5)


def test_nothing_is_measured_after_leaving(cadre: User) -> None:
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 7, 20))
    with pytest.raises(Invalid, match="meninggal pada 20 Juli 2024"):
        measure(child, date(2024, 7, 21), "11.0")
    assert measure(child, date(2024, 7, 20), "11.0").created


@pytest.mark.parametrize(
    ("status", "on", "code"),
    [
        (ChildStatus.ACTIVE, date(2024, 7, 1), "status"),
        (ChildStatus.DIED, date(2024, 8, 16), "future"),
        (ChildStatus.DIED, date(2024, 7, 4), "left_before_measured"),
        (ChildStatus.DIED, date(2022, 3, 13), "left_before_measured"),
    ],
)
def test_a_leaving_that_cannot_be_is_refused(cadre: User, status: ChildStatus, on: date, code: str) -> None:
    child = make_child(by=cadre)
    measure(child, date(2024, 7, 5), "11.0")
    with pytest.raises(Invalid) as refused:
        close_child(by=cadre, child_id=child.pk, status=status, on=on)
    assert refused.value.code == code
    child.refresh_from_db()
    assert child.is_active


def test_another_day_of_leaving_moves_the_figures(cadre: User) -> None:
    open_month(JUNE)
    open_month(JULY)
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 6, 20))
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 7, 20))
    assert [counted(child.village, m)[0] for m in (JUNE, JULY)] == [3, 2]
    assert not wrong_figures()


def test_a_leaving_taken_back_counts_the_child_again(cadre: User) -> None:
    open_month(JULY)
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 7, 20))
    reopened = reopen_child(by=cadre, child_id=child.pk)
    assert (reopened.status, reopened.status_date) == (ChildStatus.ACTIVE, None)
    assert counted(child.village, JULY) == (2, 1)
    assert not wrong_figures()


def test_reopening_an_active_child_changes_nothing(cadre: User) -> None:
    assert reopen_child(by=cadre, child_id=make_child(by=cadre).pk).is_active


def test_nobody_closes_or_reopens_a_child_elsewhere(cadre: User, there: Village) -> None:
    child = make_child(village=there)
    with pytest.raises(NotFound):
        close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=JULY)
    with pytest.raises(NotFound):
        reopen_child(by=cadre, child_id=child.pk)
