"""What the actions of services and beneficiaries store and refuse. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from kpm.convergence_actions import (
    ConditionEntry,
    ServiceEntry,
    correct_beneficiary,
    end_beneficiary,
    move_beneficiary,
    record_condition,
    record_service,
    register_beneficiary,
    reopen_beneficiary,
    take_back_condition,
    take_back_service,
)
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    ConditionRecord,
    HouseholdChild,
    ServiceRecord,
)
from kpm.parent_record import ParentRecord
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.actions.retention import pseudonymise_expired
from registry.errors import Conflict, Invalid, NotFound, Refused
from registry.models import ChangeLog, Role, User, Village
from tests.factories import make_child, make_user, make_village

TODAY, TOMORROW = date(2024, 8, 20), date(2024, 8, 21)
LAST_PERIOD, BORN = date(2023, 11, 10), date(2024, 8, 15)


@pytest.fixture
def mother(cadre: User, village: Village) -> Beneficiary:
    return register(cadre, village)


@pytest.fixture
def stranger(village: Village) -> User:
    return make_user(Role.CADRE, make_village("33.01.02.2010", "Slarang"))


def register(by: User, village: Village, name: str = "Wati Contoh", **values: Any) -> Beneficiary:
    values = {"id": uuid4(), "last_period": LAST_PERIOD} | values
    return register_beneficiary(by=by, village_code=village.pk, name=name, **values)


def serve(by: User, service: str, on: date = TODAY, id: UUID | None = None, **values: Any) -> ServiceRecord:
    entry = ServiceEntry(id=id or uuid4(), on=on, service=ScoredService(service), **values)
    return record_service(by=by, entry=entry)


def ask(by: User, condition: str, is_met: bool = True, **values: Any) -> ConditionRecord:
    values = {"id": uuid4(), "on": TODAY} | values
    entry = ConditionEntry(condition=LivingCondition(condition), is_met=is_met, **values)
    return record_condition(by=by, entry=entry)


def test_outside_the_area_nothing_is_there(mother: Beneficiary, stranger: User, cadre: User) -> None:
    child = make_child(cadre, mother.village)
    record = serve(cadre, "counselling", child_id=child.pk)
    answer = ask(cadre, "latrine", beneficiary_id=mother.pk)
    for attempt in (
        lambda: register(stranger, mother.village, "Lain Contoh"),
        lambda: serve(stranger, "counselling", beneficiary_id=mother.pk),
        lambda: serve(stranger, "counselling", child_id=child.pk),
        lambda: ask(stranger, "latrine", child_id=child.pk),
        lambda: take_back_service(by=stranger, record_id=record.pk),
        lambda: take_back_condition(by=stranger, record_id=answer.pk),
        lambda: end_beneficiary(
            by=stranger, beneficiary_id=mother.pk, ended_by=BeneficiaryEnd.LOST, on=TODAY
        ),
        lambda: move_beneficiary(by=cadre, beneficiary_id=mother.pk, village_code="33.01.02.2010", on=TODAY),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert ServiceRecord.objects.get().taken_back_at is None


def test_the_same_entry_counts_once_and_its_id_is_for_nothing_else(mother: Beneficiary, cadre: User) -> None:
    known = uuid4()
    for _twice in range(2):
        serve(cadre, "check_up", id=known, beneficiary_id=mother.pk)
    assert ServiceRecord.objects.count() == 1
    with pytest.raises(Conflict):
        serve(cadre, "counselling", id=known, beneficiary_id=mother.pk)
    with pytest.raises(Conflict):
        serve(cadre, "check_up", date(2024, 8, 19), id=known, beneficiary_id=mother.pk)
    assert register(cadre, mother.village, id=mother.pk) == mother
    with pytest.raises(Conflict):
        register(cadre, mother.village, "Lain Contoh", id=mother.pk)
    with pytest.raises(Conflict, match="sudah ada"):
        register(cadre, mother.village, "wati contoh")


@pytest.mark.parametrize(
    ("service", "on", "values"),
    [
        ("check_up", TOMORROW, {}),
        ("check_up", date(2023, 11, 9), {}),  # the day before the last period
        ("weighing", TODAY, {}),
        ("lessons", TODAY, {"quantity": 1, "out_of": 2}),  # of children
        ("iron_tablets", TODAY, {"quantity": 201}),
        ("iron_tablets", TODAY, {"quantity": 0}),
        ("counselling", TODAY, {"out_of": 3}),
    ],
)
def test_a_service_that_cannot_be_is_refused(
    mother: Beneficiary, cadre: User, service: str, on: date, values: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        serve(cadre, service, on, beneficiary_id=mother.pk, **values)
    assert not ServiceRecord.objects.exists()


def test_more_lessons_than_were_held_are_refused(cadre: User, village: Village) -> None:
    child = make_child(cadre, village)
    with pytest.raises(Invalid):
        serve(cadre, "lessons", child_id=child.pk, quantity=21, out_of=20)
    record = serve(cadre, "lessons", child_id=child.pk, quantity=20, out_of=20)
    assert (record.quantity, record.out_of) == (20, 20)


@pytest.mark.parametrize(
    "values",
    [
        {"last_period": TOMORROW},
        {"last_period": None},
        {"group": BeneficiaryGroup.COUPLE},
        {"birth_date": date(2020, 1, 1)},
        {"name": "  "},
    ],
)
def test_who_cannot_be_is_not_registered(cadre: User, village: Village, values: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        register(cadre, village, **values)
    assert not Beneficiary.objects.exists()


def test_twins_are_born_of_one_pregnancy_and_live_in_its_household(
    mother: Beneficiary, cadre: User, village: Village
) -> None:
    twins = [make_child(cadre, village, name=name, birth_date=BORN) for name in ("Ani", "Ana")]
    end = {"by": cadre, "beneficiary_id": mother.pk, "ended_by": BeneficiaryEnd.DELIVERED, "on": BORN}
    end_beneficiary(**end, children=[twins[0].pk])
    end_beneficiary(**end, children=[twin.pk for twin in twins])
    rows = HouseholdChild.objects.filter(born_of=mother)
    assert {row.child for row in rows} == set(twins)
    assert {row.household for row in rows} == {mother.household}
    assert rows.count() == 2
    ask(cadre, "safe_water", beneficiary_id=mother.pk)
    assert ConditionRecord.objects.get().household == mother.household
    late = make_child(cadre, village, name="Budi", birth_date=date(2024, 8, 17))  # two days after
    with pytest.raises(Invalid, match="Tanggal lahir anak"):
        end_beneficiary(**end, children=[late.pk])
    with pytest.raises(Conflict):
        end_beneficiary(**(end | {"ended_by": BeneficiaryEnd.LEFT}))


def test_a_delivery_of_tomorrow_or_of_another_pregnancy_is_refused(mother: Beneficiary, cadre: User) -> None:
    for on in (TOMORROW, date(2023, 11, 9)):
        with pytest.raises(Invalid):
            end_beneficiary(by=cadre, beneficiary_id=mother.pk, ended_by=BeneficiaryEnd.DELIVERED, on=on)


def test_a_mistaken_end_is_taken_back_with_a_reason(
    mother: Beneficiary, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    end_beneficiary(
        by=cadre,
        beneficiary_id=mother.pk,
        ended_by=BeneficiaryEnd.DELIVERED,
        on=BORN,
        children=[child.pk],
    )
    with pytest.raises(Invalid):
        reopen_beneficiary(by=cadre, beneficiary_id=mother.pk, reason=" ")
    reopen_beneficiary(by=cadre, beneficiary_id=mother.pk, reason="Ibu lain")
    mother.refresh_from_db()
    assert (mother.ended_on, mother.ended_by) == (None, "")
    assert HouseholdChild.objects.get(child=child).born_of is None
    assert ChangeLog.objects.filter(subject="beneficiary", reason="Ibu lain").exists()


def test_a_move_keeps_the_history_and_the_services(mother: Beneficiary, officer: User) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    serve(officer, "check_up", date(2024, 7, 1), beneficiary_id=mother.pk)
    move = {"by": officer, "beneficiary_id": mother.pk, "village_code": there.pk}
    for on in (TOMORROW, LAST_PERIOD):
        with pytest.raises(Invalid):
            move_beneficiary(**move, on=on)
    move_beneficiary(**move, on=date(2024, 8, 1))
    stays = [(stay.village.name, stay.since, stay.until) for stay in mother.stays.all()]
    assert stays == [
        ("Kesugihan Kidul", LAST_PERIOD, date(2024, 8, 1)),
        ("Slarang", date(2024, 8, 1), None),
    ]
    assert mother.services.count() == 1


def test_what_is_taken_back_stays_readable(mother: Beneficiary, cadre: User) -> None:
    record = serve(cadre, "check_up", beneficiary_id=mother.pk)
    answer = ask(cadre, "kek", beneficiary_id=mother.pk)
    take_back_service(by=cadre, record_id=record.pk)
    take_back_condition(by=cadre, record_id=answer.pk)
    record.refresh_from_db()
    answer.refresh_from_db()
    assert record.taken_back_by == answer.taken_back_by == cadre
    at = record.taken_back_at
    take_back_service(by=cadre, record_id=record.pk)
    record.refresh_from_db()
    assert record.taken_back_at == at


def test_a_condition_of_others_is_refused(mother: Beneficiary, cadre: User) -> None:
    child = make_child(cadre, mother.village)
    for condition, person in (
        ("birth_certificate", {"beneficiary_id": mother.pk}),
        ("kek", {"child_id": child.pk}),
    ):
        with pytest.raises(Invalid, match="bukan untuk orang ini"):
            ask(cadre, condition, **person)


def test_a_correction_moves_the_first_stay_and_says_why(mother: Beneficiary, cadre: User) -> None:
    earlier = date(2023, 11, 1)
    correct_beneficiary(
        by=cadre, beneficiary_id=mother.pk, reason="Salah baca buku", values={"last_period": earlier}
    )
    mother.refresh_from_db()
    assert (mother.last_period, mother.name) == (earlier, "Wati Contoh")
    assert mother.stays.get().since == earlier
    with pytest.raises(Invalid):
        correct_beneficiary(by=cadre, beneficiary_id=mother.pk, reason="", values={"name": "X"})


def test_the_copy_for_a_parent_has_services_and_answers_and_never_the_mothers_record(
    mother: Beneficiary, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    end_beneficiary(
        by=cadre,
        beneficiary_id=mother.pk,
        ended_by=BeneficiaryEnd.DELIVERED,
        on=BORN,
        children=[child.pk],
    )
    serve(cadre, "counselling", child_id=child.pk)
    ask(cadre, "latrine", False, beneficiary_id=mother.pk)
    ask(cadre, "kek", beneficiary_id=mother.pk)
    sections = {one.title: one.rows for one in ParentRecord(child).sections()}
    [(day, words, role)] = sections["Layanan"]
    assert (day, "Layanan: konseling gizi" in words, role) == ("20 Agustus 2024", True, "Kader (KPM)")
    [(day, words, role)] = sections["Keadaan rumah"]
    assert (day, "Keadaan: jamban layak" in words, role) == ("20 Agustus 2024", True, "Kader (KPM)")
    assert len(sections["Rumah tangga"]) == 1
    text = "\n".join(" | ".join(row) for rows in sections.values() for row in rows)
    assert "KEK" not in text
    assert "Wati" not in text
    assert str(mother.pk) not in text


def test_the_name_of_a_beneficiary_has_a_term(cadre: User, village: Village) -> None:
    """Her record ends at the delivery, or never: then 25 years after it was begun. Her services stay."""
    known = {"by": cadre, "village_code": village.pk, "last_period": date(2024, 1, 1)}
    ended = register_beneficiary(id=uuid4(), name="Wati Contoh", rt="001", **known)
    open_one = register_beneficiary(id=uuid4(), name="Sri Contoh", **known)
    correct_beneficiary(by=cadre, beneficiary_id=ended.pk, reason="salah", values={"name": "Wati Benar"})
    end_beneficiary(by=cadre, beneficiary_id=ended.pk, ended_by=BeneficiaryEnd.LOST, on=date(2024, 3, 1))
    names = Beneficiary.objects.order_by("name").values_list("name", flat=True)
    list(pseudonymise_expired(by=cadre, today=date(2049, 2, 28)))
    assert list(names.all()) == ["Sri Contoh", "Wati Benar"]
    list(pseudonymise_expired(by=cadre, today=date(2049, 3, 1)))
    assert list(names.all()) == ["Sri Contoh", "–"]
    ended.refresh_from_db()
    assert (ended.birth_date, ended.rt, ended.ended_on) == (None, "", date(2024, 3, 1))
    logged = ChangeLog.objects.filter(subject_id=str(ended.pk))
    assert {one.values for one in logged} == {("", "")}
    assert not logged.exclude(reason="").exists()
    list(pseudonymise_expired(by=cadre, today=date(2049, 8, 20)))  # begun on 20 August 2024
    open_one.refresh_from_db()
    assert open_one.name == "–"
