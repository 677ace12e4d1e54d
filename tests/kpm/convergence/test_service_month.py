"""Who of a village has or lacks which service in August 2024, worked out by hand."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpm.case_actions import CaseStepEntry, record_case_step
from kpm.convergence_actions import end_beneficiary, move_beneficiary, register_beneficiary, take_back_service
from kpm.models import Beneficiary, BeneficiaryEnd, GroupInUse, ServiceRecord, StepAction
from kpm.scorecard.indicators import LivingCondition, ScoredService
from kpm.service_month import ServedPerson, ServiceMonth, ServiceTab, list_overdue, read_service_month
from registry.models import Role, User, Village
from tests.factories import make_child, make_posyandu, make_user, make_village, measure
from tests.kpm.convergence.test_actions import ask, register, serve

AUGUST, TODAY = date(2024, 8, 1), date(2024, 8, 20)
YOUNG, PRESCHOOL, PREGNANT = ServiceTab.YOUNG_CHILD, ServiceTab.PRESCHOOL_CHILD, ServiceTab.PREGNANT


def names(found: ServiceMonth) -> list[str]:
    return [one.person.name for one in found.people]


def read(user: User, village: Village, tab: ServiceTab, month: date = AUGUST) -> ServiceMonth:
    return read_service_month(user, village, month, tab)


def only(found: ServiceMonth) -> ServedPerson:
    [one] = found.people
    return one


def test_a_child_leaves_each_tab_on_its_birthday(cadre: User, village: Village) -> None:
    """On 31 August, the last day of the month, by which a whole month counts."""
    for name, born in (
        ("Belum dua", date(2022, 9, 1)),
        ("Dua", date(2022, 8, 31)),
        ("Belum tujuh", date(2017, 9, 1)),
        ("Tujuh", date(2017, 8, 31)),
    ):
        make_child(cadre, village, name=name, birth_date=born)
    assert names(read(cadre, village, YOUNG)) == ["Belum dua"]
    found = read(cadre, village, PRESCHOOL)
    assert names(found) == ["Belum tujuh", "Dua"]
    assert found.counts == {PREGNANT: 0, YOUNG: 1, PRESCHOOL: 2}


def test_children_stand_by_posyandu_and_name(cadre: User, village: Village) -> None:
    mawar, melati = make_posyandu(village, "Mawar"), make_posyandu(village, "Melati")
    for name, posyandu in (("Ani", melati), ("Cici", mawar), ("Budi", mawar)):
        make_child(cadre, village, name=name, birth_date=date(2023, 6, 20), posyandu_id=posyandu.pk)
    assert names(read(cadre, village, YOUNG)) == ["Budi", "Cici", "Ani"]


def test_a_mother_is_listed_to_the_day_42_after_birth(cadre: User, village: Village) -> None:
    for name, on in (("Lama", date(2024, 6, 19)), ("Baru", date(2024, 6, 20))):  # 31 July, 1 August
        one = register(cadre, village, name, last_period=date(2023, 9, 20))
        end_beneficiary(by=cadre, beneficiary_id=one.pk, ended_by=BeneficiaryEnd.DELIVERED, on=on)
    lost = register(cadre, village, "Keguguran", last_period=date(2024, 5, 1))
    end_beneficiary(by=cadre, beneficiary_id=lost.pk, ended_by=BeneficiaryEnd.LOST, on=TODAY)
    one = only(read(cadre, village, PREGNANT))
    assert one.person.name == "Baru"
    assert one.due == [ScoredService.COUNSELLING, ScoredService.POSTNATAL_VISIT]
    assert names(read(cadre, village, PREGNANT, date(2024, 7, 1))) == ["Baru", "Keguguran", "Lama"]


def test_who_moved_is_listed_where_she_lives_at_the_end_of_the_month(officer: User, village: Village) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    one = register(officer, village)
    move_beneficiary(by=officer, beneficiary_id=one.pk, village_code=there.pk, on=date(2024, 8, 5))
    assert names(read(officer, village, PREGNANT)) == []
    assert names(read(officer, there, PREGNANT)) == ["Wati Contoh"]
    assert names(read(officer, village, PREGNANT, date(2024, 7, 1))) == ["Wati Contoh"]
    # The cadre of the village that she left does not see her any more.
    assert names(read(make_user(Role.CADRE, village), village, PREGNANT, date(2024, 7, 1))) == []


def test_a_pregnancy_is_due_what_it_needs_and_visits_when_at_risk(cadre: User, village: Village) -> None:
    one = register(cadre, village, last_period=date(2024, 3, 1))
    serve(cadre, "iron_tablets", date(2024, 8, 5), quantity=30, beneficiary_id=one.pk)
    serve(cadre, "check_up", date(2024, 7, 31), beneficiary_id=one.pk)
    found = only(read(cadre, village, PREGNANT))
    assert found.had == {ScoredService.IRON_TABLETS: date(2024, 8, 5)}
    assert found.lacks == [ScoredService.CHECK_UP, ScoredService.COUNSELLING]
    ask(cadre, "kek", beneficiary_id=one.pk)
    assert ScoredService.HOME_VISIT in only(read(cadre, village, PREGNANT)).lacks
    record = ServiceRecord.objects.get(service="iron_tablets")
    take_back_service(by=cadre, record_id=record.pk)
    assert ScoredService.IRON_TABLETS in only(read(cadre, village, PREGNANT)).lacks


def test_measurements_and_visits_fill_themselves(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 3, 1), "8.0", "69.0", position="L")  # the last of six months
    serve(cadre, "immunisation_complete", date(2024, 6, 20), child_id=child.pk)
    one = only(read(cadre, village, YOUNG))
    assert one.had == {
        ScoredService.HEIGHT: date(2024, 3, 1),
        ScoredService.IMMUNISATION_COMPLETE: date(2024, 6, 20),
    }
    # 69 cm at 8 months is normal, at 14 months below -2: a case, so that visits are due.
    assert ScoredService.HOME_VISIT not in one.due
    measure(child, date(2024, 8, 5), "8.2", "69.0", position="L", confirmed=True)
    assert ScoredService.HOME_VISIT in only(read(cadre, village, YOUNG)).lacks
    record_case_step(by=cadre, entry=CaseStepEntry(uuid4(), child.pk, StepAction.VISITED, date(2024, 8, 7)))
    one = only(read(cadre, village, YOUNG))
    assert one.had == {
        ScoredService.WEIGHING: date(2024, 8, 5),
        ScoredService.HEIGHT: date(2024, 8, 5),
        ScoredService.IMMUNISATION_COMPLETE: date(2024, 6, 20),
        ScoredService.HOME_VISIT: date(2024, 8, 7),
    }
    assert one.lacks == [ScoredService.COUNSELLING, ScoredService.PARENTING_CLASS]
    september_before = only(read(cadre, village, YOUNG, date(2024, 2, 1)))
    assert september_before.had == {}


def test_the_newest_answer_up_to_the_month_counts(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    ask(cadre, "latrine", False, on=date(2024, 7, 10), child_id=child.pk)
    ask(cadre, "latrine", True, on=date(2024, 8, 10), child_id=child.pk)
    ask(cadre, "birth_certificate", False, on=date(2024, 8, 10), child_id=child.pk)
    unasked = {LivingCondition.SAFE_WATER: None, LivingCondition.INSURANCE: None}
    assert only(read(cadre, village, YOUNG)).conditions == {
        **unasked,
        LivingCondition.LATRINE: True,
        LivingCondition.BIRTH_CERTIFICATE: False,
    }
    assert only(read(cadre, village, YOUNG, date(2024, 7, 1))).conditions == {
        **unasked,
        LivingCondition.LATRINE: False,
        LivingCondition.BIRTH_CERTIFICATE: None,
    }


def test_shares_count_those_to_whom_a_service_is_due(cadre: User, village: Village) -> None:
    for number in range(3):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=date(2023, 6, 20))
        if number:
            serve(cadre, "counselling", child_id=child.pk)
    found = read(cadre, village, YOUNG)
    assert (ScoredService.COUNSELLING, 2, 3) in found.shares()
    assert [one.person.name for one in found.lacking(ScoredService.COUNSELLING)] == ["Anak 0"]


def test_a_group_is_listed_from_the_day_its_district_uses_it(cadre: User, village: Village) -> None:
    register_beneficiary(
        by=cadre, id=uuid4(), village_code=village.pk, name="Rini Contoh", group=ServiceTab.TEENAGE_GIRL
    )
    girls = ServiceTab.TEENAGE_GIRL
    assert girls not in read(cadre, village, girls).counts
    GroupInUse.objects.create(district_id="33.01", group="teenage_girl", since=AUGUST)
    assert only(read(cadre, village, girls)).due == [ScoredService.IRON_TABLETS, ScoredService.COUNSELLING]
    assert girls not in read(cadre, village, girls, date(2024, 7, 1)).counts


@pytest.mark.parametrize(("last_period", "asked"), [(date(2023, 10, 31), False), (date(2023, 10, 30), True)])
def test_a_pregnancy_of_more_than_294_days_is_asked_about(
    cadre: User, village: Village, last_period: date, asked: bool
) -> None:
    """31 October 2023 and 294 days is 20 August 2024."""
    one = register(cadre, village, last_period=last_period)
    people = read(cadre, village, PREGNANT).people
    assert list_overdue(people, TODAY) == ([one] if asked else [])


def test_thirty_people_cost_no_more_queries_than_one(cadre: User, village: Village) -> None:
    def count() -> list[int]:
        counts = []
        for tab in (PREGNANT, YOUNG):
            with CaptureQueriesContext(connection) as queries:
                read(cadre, village, tab)
            counts.append(len(queries))
        return counts

    def add(number: int) -> None:
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=date(2023, 6, 20))
        ask(cadre, "latrine", child_id=child.pk)
        serve(cadre, "counselling", child_id=child.pk)
        register(cadre, village, f"Ibu {number}")

    add(0)
    few = count()
    for number in range(1, 30):
        add(number)
    assert count() == few
    assert Beneficiary.objects.count() == 30
