"""Steps of a case: who records them, what they change, and that stored cases equal derived ones."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from kpm.case_actions import (
    CaseStepEntry,
    differing_cases,
    rebuild_cases,
    record_case_step,
    take_back_case_step,
)
from kpm.models import Case, CaseStep, StepAction
from registry.actions import close_child, merge_children, move_child, void_measurement
from registry.actions.undo_merge import undo_merge
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Child, ChildStatus, Role, User, Village
from tests.factories import make_child, make_user, make_village, measure

pytestmark = pytest.mark.both_databases

BORN = date(2023, 6, 20)
JULY, AUGUST, TODAY = date(2024, 7, 5), date(2024, 8, 5), date(2024, 8, 20)


@pytest.fixture
def short(cadre: User, village: Village) -> Child:
    """A girl of 69 cm at 13 months: stunted since 5 August 2024."""
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, AUGUST, "8.0", "69.0", position="L")
    return child


def step(child: Child, action: StepAction, on: date = TODAY, **values: object) -> CaseStepEntry:
    return CaseStepEntry(uuid4(), child.pk, action, on, **values)  # type: ignore[arg-type]


def refer(child: Child, to: str = "midwife", on: date = TODAY) -> CaseStepEntry:
    return step(child, StepAction.REFERRED, on, referred_to=to)


def test_a_measurement_opens_a_case_and_a_better_one_closes_it(short: Child, cadre: User) -> None:
    case = short.cases.get(kind="stunting")
    assert (case.reason, case.opened_on, case.village_id) == ("stunted", AUGUST, short.village_id)
    measure(short, TODAY, "9.0", "76.0", position="L", confirmed=True)
    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (TODAY, "recovered")
    void_measurement(by=cadre, measurement_id=short.measurements.get(measured_on=TODAY).pk, reason="salah")
    case.refresh_from_db()
    assert case.closed_on > TODAY
    assert differing_cases() == []


def test_a_referral_waits_until_somebody_who_treats_answers(short: Child, cadre: User) -> None:
    record_case_step(by=cadre, entry=refer(short, on=AUGUST))
    case = short.cases.get(kind="stunting")
    assert (case.referred_on, case.waiting_since, case.waiting_for) == (AUGUST, AUGUST, "midwife")
    arrived = step(short, StepAction.ARRIVED)
    with pytest.raises(Invalid, match="bidan"):
        record_case_step(by=cadre, entry=arrived)
    record_case_step(by=make_user(Role.MIDWIFE, short.village), entry=arrived)
    case.refresh_from_db()
    assert (case.arrived_on, case.waiting_since, case.waiting_for) == (TODAY, None, "")


def test_the_same_entry_again_changes_nothing_and_another_under_its_id_is_refused(
    short: Child, cadre: User
) -> None:
    entry = step(short, StepAction.VISITED)
    assert record_case_step(by=cadre, entry=entry) == record_case_step(by=cadre, entry=entry)
    with pytest.raises(Conflict):
        record_case_step(by=cadre, entry=CaseStepEntry(entry.id, short.pk, StepAction.REFUSED, TODAY))
    assert CaseStep.objects.count() == 1


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), BORN - timedelta(days=1)])
def test_a_day_that_cannot_be_is_refused(short: Child, cadre: User, day: date) -> None:
    with pytest.raises(Invalid):
        record_case_step(by=cadre, entry=step(short, StepAction.VISITED, day))


def test_a_referral_says_to_whom_and_nothing_else_does(short: Child, cadre: User) -> None:
    for entry in (
        refer(short, ""),
        refer(short, "dukun"),
        step(short, StepAction.VISITED, referred_to="hospital"),
    ):
        with pytest.raises(Invalid):
            record_case_step(by=cadre, entry=entry)


def test_a_mistaken_step_is_taken_back_and_kept(short: Child, cadre: User) -> None:
    made = record_case_step(by=cadre, entry=step(short, StepAction.VISITED))
    assert short.cases.get(kind="stunting").visited_on == TODAY
    take_back_case_step(by=cadre, step_id=made.pk)
    assert short.cases.get(kind="stunting").visited_on is None
    assert CaseStep.objects.get().taken_back_by == cadre


def test_nobody_outside_the_area_records_a_step(short: Child) -> None:
    stranger = make_user(Role.CADRE, make_village("33.01.02.2010", "Slarang"))
    with pytest.raises(NotFound):
        record_case_step(by=stranger, entry=step(short, StepAction.VISITED))


def test_a_step_is_of_the_cases_that_were_open_on_its_day(short: Child, cadre: User) -> None:
    record_case_step(by=cadre, entry=step(short, StepAction.VISITED, JULY))
    assert short.cases.get(kind="stunting").visited_on is None


def test_death_and_a_move_are_followed(short: Child, officer: User) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    move_child(by=officer, child_id=short.pk, village_code=slarang.pk, moved_on=date(2024, 8, 10))
    case = short.cases.get(kind="stunting")
    assert case.village_id != slarang.pk  # where it was found
    close_child(by=officer, child_id=short.pk, status=ChildStatus.DIED, on=date(2024, 8, 15))
    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (date(2024, 8, 15), "died")
    assert differing_cases() == []


def test_two_records_merged_have_one_case_with_the_steps_of_both(
    short: Child, cadre: User, officer: User
) -> None:
    other = make_child(cadre, short.village, name="Siti C", birth_date=BORN)
    measure(other, JULY, "7.8", "68.0", position="L")
    for child in (short, other):
        record_case_step(by=cadre, entry=step(child, StepAction.VISITED))
    merge_children(by=officer, kept_id=short.pk, merged_id=other.pk)
    assert short.cases.get(kind="stunting").opened_on == JULY
    assert short.case_steps.count() == 2
    assert differing_cases() == []
    undo_merge(by=officer, merged_id=other.pk, reason="dua anak")
    assert {c.child_id for c in Case.objects.filter(kind="stunting")} == {short.pk, other.pk}
    assert Child.objects.get(pk=other.pk).case_steps.count() == 1
    assert differing_cases() == []


def test_a_rebuild_changes_nothing(short: Child) -> None:
    ids: set[UUID] = set(Case.objects.values_list("pk", flat=True))
    assert rebuild_cases() == 0
    assert set(Case.objects.values_list("pk", flat=True)) == ids
    Case.objects.filter(kind="stunting").update(reason="severely_stunted")
    assert len(differing_cases()) == 1
    assert rebuild_cases() == 1
    assert differing_cases() == []
