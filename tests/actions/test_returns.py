"""Coming back after leaving, and undoing or dating otherwise what happened: where the child counts follows.

Today is 15 August 2024. The child is born on 14 March 2022.
"""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import (
    LifeEventKind,
    close_child,
    move_child,
    redate_event,
    reopen_child,
    return_child,
    undo_event,
    void_measurement,
)
from registry.errors import Conflict, Invalid, NotFound, Refused
from registry.models import ChangeLog, Child, ChildStatus, User, Village
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_posyandu, make_village, measure

pytestmark = pytest.mark.django_db

BORN = date(2022, 3, 14)
APRIL, MAY, JUNE, JULY, AUGUST = (date(2024, month, 1) for month in (4, 5, 6, 7, 8))
TODAY = date(2024, 8, 15)


@pytest.fixture
def there() -> Village:
    return make_village("33.01.02.2003", "Kesugihan")


@pytest.fixture
def months() -> None:
    """Have the figures of April to August stored, by measuring another child in each."""
    other = make_child(name="Anak Lain")
    for month in (APRIL, MAY, JUNE, JULY, AUGUST):
        measure(other, month.replace(day=2), "11.0", confirmed=True)


def homes(child: Child) -> list[tuple[str, date, date | None]]:
    return list(child.residences.order_by("since").values_list("village_id", "since", "until"))


def registered(village: Village) -> list[int]:
    """In April to August."""
    return [counted(village, month, "registered")[0] for month in (APRIL, MAY, JUNE, JULY, AUGUST)]


def logged(child: Child) -> list[tuple[str, str, str, str]]:
    """Field, old and new value, and why, of what was put right last."""
    rows = ChangeLog.objects.filter(subject_id=str(child.pk))
    last = rows.latest("at").at
    return sorted((row.field, *row.values, row.reason) for row in rows.filter(at=last))


def gone_and_back(by: User) -> Child:
    """A child that left on 10 May and lives here again since 20 July."""
    child = make_child(by=by)
    close_child(by=by, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 5, 10))
    return return_child(by=by, child_id=child.pk, on=date(2024, 7, 20))


# --- Coming back --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("months")
def test_who_came_back_is_not_counted_in_the_months_between(cadre: User) -> None:
    child = gone_and_back(cadre)
    assert homes(child) == [
        (child.village_id, BORN, date(2024, 5, 10)),
        (child.village_id, date(2024, 7, 20), None),
    ]
    assert child.is_active
    assert registered(child.village) == [2, 1, 1, 2, 2]
    assert not wrong_figures()
    assert logged(child) == [
        (
            "residences",
            "33.01.02.2016 2022-03-14",
            "33.01.02.2016 2022-03-14 2024-05-10; 33.01.02.2016 2024-07-20",
            "",
        ),
        ("status", "moved 2024-05-10", "active", ""),
    ]


@pytest.mark.usefixtures("months")
def test_who_came_back_in_july_has_not_missed_july_and_august(cadre: User) -> None:
    """Missed twice is who lived here for two whole months before the last day: since 30 June or earlier."""
    child = gone_and_back(cadre)
    assert counted(child.village, AUGUST, "missed_twice") == (0,)
    undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.RETURNED, on=date(2024, 7, 20))
    reopen_child(by=cadre, child_id=child.pk)
    assert counted(child.village, AUGUST, "missed_twice") == (1,)
    assert not wrong_figures()


def test_a_measurement_of_the_time_away_is_refused_and_one_of_the_day_of_leaving_is_not(cadre: User) -> None:
    child = gone_and_back(cadre)
    with pytest.raises(Invalid, match="sejak 10 Mei 2024 sampai 20 Juli 2024"):
        measure(child, date(2024, 6, 5), "11.0")
    assert measure(child, date(2024, 5, 10), "11.0").created
    assert measure(child, date(2024, 7, 20), "11.4").created
    assert not wrong_figures()


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2024, 5, 10), "returned_before_leaving"),
        (date(2024, 8, 16), "future"),
    ],
)
def test_a_return_that_cannot_be_is_refused(cadre: User, on: date, code: str) -> None:
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 5, 10))
    with pytest.raises(Invalid) as refused:
        return_child(by=cadre, child_id=child.pk, on=on)
    assert (refused.value.code, refused.value.field) == (code, "on")


def test_nobody_comes_back_who_died_or_never_left(cadre: User) -> None:
    child = make_child(by=cadre)
    with pytest.raises(Conflict):
        return_child(by=cadre, child_id=child.pk, on=TODAY)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 5, 10))
    with pytest.raises(Conflict):
        return_child(by=cadre, child_id=child.pk, on=TODAY)


def test_the_same_return_sent_again_changes_nothing(cadre: User) -> None:
    child = gone_and_back(cadre)
    again = return_child(by=cadre, child_id=child.pk, on=date(2024, 7, 20))
    assert (again.is_active, len(homes(child))) == (True, 2)


@pytest.mark.usefixtures("months")
def test_who_left_twice_came_back_twice(cadre: User) -> None:
    child = gone_and_back(cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 7, 25))
    return_child(by=cadre, child_id=child.pk, on=date(2024, 8, 3))
    assert registered(child.village) == [2, 1, 1, 1, 2]
    assert not wrong_figures()


def test_a_child_that_left_before_a_move_on_record_comes_back_to_the_village_of_now(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer)
    here = child.village_id
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    close_child(by=officer, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 6, 10))
    return_child(by=officer, child_id=child.pk, on=date(2024, 8, 1))
    assert homes(child) == [(here, BORN, date(2024, 6, 10)), (there.pk, date(2024, 8, 1), None)]


# --- Undoing and dating otherwise ---------------------------------------------------------------------


@pytest.mark.usefixtures("months")
def test_a_return_undone_leaves_the_child_gone(cadre: User) -> None:
    child = gone_and_back(cadre)
    undone = undo_event(
        by=cadre,
        child_id=child.pk,
        kind=LifeEventKind.RETURNED,
        on=date(2024, 7, 20),
        reason="hanya berkunjung",
    )
    assert (undone.status, undone.status_date) == (ChildStatus.MOVED, date(2024, 5, 10))
    assert homes(child) == [(child.village_id, BORN, None)]
    assert registered(child.village) == [2, 1, 1, 1, 1]
    assert {row[3] for row in logged(child)} == {"hanya berkunjung"}
    assert not wrong_figures()


@pytest.mark.usefixtures("months")
def test_a_leaving_undone_after_the_return_counts_the_months_between(cadre: User) -> None:
    child = gone_and_back(cadre)
    undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.LEFT, on=date(2024, 5, 10))
    assert homes(child) == [(child.village_id, BORN, None)]
    assert registered(child.village) == [2, 2, 2, 2, 2]
    assert not wrong_figures()


@pytest.mark.usefixtures("months")
def test_leaving_and_return_have_other_days(cadre: User) -> None:
    child = gone_and_back(cadre)
    redate_event(
        by=cadre, child_id=child.pk, kind=LifeEventKind.LEFT, on=date(2024, 5, 10), new_day=date(2024, 6, 2)
    )
    redate_event(
        by=cadre,
        child_id=child.pk,
        kind=LifeEventKind.RETURNED,
        on=date(2024, 7, 20),
        new_day=date(2024, 8, 1),
    )
    assert registered(child.village) == [2, 2, 1, 1, 2]
    assert not wrong_figures()


@pytest.mark.usefixtures("months")
def test_a_death_has_another_day_and_is_undone(cadre: User) -> None:
    child = make_child(by=cadre)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 5, 10))
    redate_event(
        by=cadre, child_id=child.pk, kind=LifeEventKind.DIED, on=date(2024, 5, 10), new_day=date(2024, 7, 3)
    )
    assert registered(child.village) == [2, 2, 2, 1, 1]
    undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.DIED, on=date(2024, 7, 3))
    assert registered(child.village) == [2, 2, 2, 2, 2]
    assert not wrong_figures()


@pytest.mark.usefixtures("months")
def test_a_move_undone_takes_its_measurements_and_what_was_known_of_its_place_along(
    officer: User, there: Village
) -> None:
    child = make_child(by=officer, rt="01", posyandu_id=make_posyandu(make_village()).pk)
    here = child.village
    taken = measure(child, date(2024, 7, 12), "11.0").measurement
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    voided = measure(child, date(2024, 8, 5), "11.4").measurement
    void_measurement(by=officer, measurement_id=voided.pk, reason="tertukar")
    assert (registered(here), registered(there)) == ([2, 2, 2, 1, 1], [0, 0, 0, 1, 1])
    undone = undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 7, 10))
    for measurement in (taken, voided):
        measurement.refresh_from_db()
    assert {taken.village, voided.village, undone.village} == {here}
    undone.refresh_from_db()
    assert (undone.rt, str(undone.posyandu)) == ("01", "Melati 1")
    assert (registered(here), registered(there)) == ([2, 2, 2, 2, 2], [0, 0, 0, 0, 0])
    assert not wrong_figures()


@pytest.mark.usefixtures("months")
def test_a_move_dated_otherwise_takes_the_measurements_between_along(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    taken = measure(child, date(2024, 6, 12), "11.0").measurement
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 7, 10))
    for new_day, village in ((date(2024, 6, 1), there), (date(2024, 8, 3), child.village)):
        on = child.residences.latest("since").since
        redate_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=on, new_day=new_day)
        taken.refresh_from_db()
        assert taken.village == village
        assert not wrong_figures()
    assert registered(there) == [0, 0, 0, 0, 1]


def test_the_first_of_two_moves_undone_leaves_the_second(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    here, third = child.village_id, make_village("33.01.02.2010", "Slarang")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 5, 10))
    move_child(by=officer, child_id=child.pk, village_code=third.pk, moved_on=date(2024, 7, 10))
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 5, 10))
    assert homes(child) == [(here, BORN, date(2024, 7, 10)), (third.pk, date(2024, 7, 10), None)]


def test_a_move_between_undone_is_one_residence_again(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    here = child.village_id
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 5, 10))
    move_child(by=officer, child_id=child.pk, village_code=here, moved_on=date(2024, 7, 10))
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 5, 10))
    assert homes(child) == [(here, BORN, None)]


@pytest.mark.parametrize(
    ("kind", "on", "new_day", "code"),
    [
        (LifeEventKind.VILLAGE, date(2024, 6, 10), date(2024, 7, 21), "event_order"),  # after the leaving
        (LifeEventKind.VILLAGE, date(2024, 6, 10), BORN, "event_order"),
        (LifeEventKind.VILLAGE, date(2024, 6, 11), date(2024, 6, 12), "no_such_event"),
        (LifeEventKind.LEFT, date(2024, 7, 20), date(2024, 8, 2), "event_order"),  # after the return
        (LifeEventKind.LEFT, date(2024, 7, 20), date(2024, 8, 1), "event_order"),  # on the day of it
        (LifeEventKind.RETURNED, date(2024, 8, 1), date(2024, 7, 20), "event_order"),
        (LifeEventKind.LEFT, date(2024, 7, 20), date(2024, 7, 1), "measured_while_away"),
        (LifeEventKind.RETURNED, date(2024, 8, 1), date(2024, 8, 6), "measured_while_away"),
        (LifeEventKind.RETURNED, date(2024, 8, 1), date(2024, 8, 16), "future"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    officer: User, there: Village, kind: LifeEventKind, on: date, new_day: date, code: str
) -> None:
    """Moved on 10 June, left on 20 July, back on 1 August; measured on 12 July and 5 August."""
    child = make_child(by=officer)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 10))
    measure(child, date(2024, 7, 12), "11.0")
    close_child(by=officer, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 7, 20))
    return_child(by=officer, child_id=child.pk, on=date(2024, 8, 1))
    measure(child, date(2024, 8, 5), "11.2")
    before = homes(child)
    with pytest.raises(Refused) as refused:
        redate_event(by=officer, child_id=child.pk, kind=kind, on=on, new_day=new_day)
    assert (refused.value.code, homes(child)) == (code, before)


def test_a_return_is_not_undone_over_a_measurement_or_a_later_leaving(cadre: User) -> None:
    child = gone_and_back(cadre)
    taken = measure(child, date(2024, 8, 5), "11.2").measurement
    with pytest.raises(Invalid) as refused:
        undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.RETURNED, on=date(2024, 7, 20))
    assert refused.value.code == "left_before_measured"
    void_measurement(by=cadre, measurement_id=taken.pk, reason="anak lain")
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 8, 7))
    with pytest.raises(Conflict) as later:
        undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.RETURNED, on=date(2024, 7, 20))
    assert later.value.code == "undo_later_first"


# --- A move of today ----------------------------------------------------------------------------------


def test_on_the_day_of_the_move_both_cadres_measure_the_child_where_it_lives_now(
    officer: User, cadre: User, there: Village
) -> None:
    child = make_child(by=cadre)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=TODAY)
    taken = measure(child, TODAY, "11.0", by=cadre).measurement
    assert taken.village == there
    void_measurement(by=cadre, measurement_id=taken.pk, reason="salah ketik")
    assert measure(child, TODAY, "11.1", by=make_cadre(there)).measurement.village == there
    assert not wrong_figures()


def test_on_the_day_of_the_move_the_old_cadre_undoes_it_into_a_village_that_is_not_hers(
    officer: User, cadre: User, there: Village
) -> None:
    child = make_child(by=cadre)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=TODAY)
    undone = undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=TODAY)
    assert (undone.village_id, len(homes(child))) == ("33.01.02.2016", 1)
    with pytest.raises(NotFound):
        measure(child, TODAY, "11.0", by=make_cadre(there))


def test_a_move_of_yesterday_is_the_new_cadres(officer: User, cadre: User, there: Village) -> None:
    child = make_child(by=cadre)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 14))
    with pytest.raises(NotFound):
        measure(child, TODAY, "11.0", by=cadre)
    with pytest.raises(NotFound):
        undo_event(by=cadre, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 8, 14))
