"""Enrolling a child who may be there already: asked, never merged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from registry.actions import Enrolled, Identity, enrol_child
from registry.actions.duplicates import find_possible_duplicates
from registry.actions.identity import build_child
from registry.errors import PossibleDuplicate
from registry.likeness import OTHER_YEARS, DuplicateQuestion, is_slip, list_slips
from registry.models import Child, Role, Sex, User
from tests.factories import (
    make_cadre,
    make_child,
    make_kecamatan,
    make_measured,
    make_user,
    make_village,
)

pytestmark = pytest.mark.django_db

BORN = date(2023, 5, 2)
SITI = Identity(name="Siti Nurhaliza", sex=Sex.GIRL, birth_date=BORN, parent_name="Ibu Aminah")


@pytest.fixture
def siti(cadre: User) -> Child:
    return make_child(cadre, name=SITI.name, birth_date=BORN, parent_name=SITI.parent_name)


def enrol(by: User, identity: Identity, confirmed: bool | Collection[UUID] = False) -> Enrolled:
    return enrol_child(
        by=by, id=uuid4(), village_code=make_village().pk, identity=identity, confirmed=confirmed
    )


@pytest.mark.parametrize(
    "same",
    [
        SITI,
        replace(SITI, name="SITI NURHALISA", parent_name=""),  # one letter in fourteen
        replace(SITI, name="Siti", parent_name=""),  # part of the name
        replace(SITI, name="By Ny Aminah", parent_name="Aminah"),  # not named yet, same mother
        replace(SITI, sex=Sex.BOY),
        replace(SITI, sex=Sex.BOY, parent_name=""),
        replace(SITI, birth_date=date(2023, 5, 3)),
        replace(SITI, birth_date=date(2023, 5, 12)),
        replace(SITI, birth_date=date(2023, 12, 2)),
        replace(SITI, birth_date=date(2022, 5, 2)),
        replace(
            SITI, birth_date=date(2022, 5, 2), name="Siti Nur Haliza", parent_name=""
        ),  # the same letters
        replace(SITI, birth_date=date(2022, 5, 2), name="Siti Nurhalisa"),
        replace(SITI, birth_date=date(2023, 2, 5)),  # day and month turned
    ],
)
def test_a_child_alike_is_asked_about_and_named(cadre: User, siti: Child, same: Identity) -> None:
    with pytest.raises(PossibleDuplicate) as asked:
        enrol(cadre, same)
    assert asked.value.children == (siti,)
    assert Child.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(SITI, birth_date=date(2022, 6, 2)),  # two parts
        replace(SITI, sex=Sex.BOY, birth_date=date(2023, 5, 3)),
        replace(SITI, sex=Sex.BOY, parent_name="Ibu Sumiati"),
        replace(SITI, sex=Sex.BOY, name="Dewi Lestari"),  # twins of both sexes
        replace(SITI, birth_date=date(2022, 5, 2), name="Dewi Lestari"),  # sisters
        replace(SITI, birth_date=date(2022, 5, 2), name="Siti", parent_name=""),  # a name of many
        replace(SITI, birth_date=date(2022, 5, 2), parent_name="Ibu Sumiati"),
        replace(SITI, name="Dewi Lestari", parent_name="Ibu Sumiati"),
        replace(SITI, name="Dewi Lestari", parent_name=""),
    ],
)
def test_another_child_is_not_asked_about(cadre: User, siti: Child, other: Identity) -> None:
    assert enrol(cadre, other).created


def test_twins_are_two_children_once_somebody_has_said_so(cadre: User, siti: Child) -> None:
    twin = replace(SITI, name="Siti Nurhayati")
    with pytest.raises(PossibleDuplicate):
        enrol(cadre, twin)
    assert enrol(cadre, twin, confirmed=[siti.pk]).created
    assert Child.objects.count() == 2


def test_another_name_of_the_same_mother_and_day_asks_about_twins(cadre: User, siti: Child) -> None:
    with pytest.raises(PossibleDuplicate) as asked:
        enrol(cadre, replace(SITI, name="Dewi Lestari"))
    assert dict(asked.value.questions) == {siti: DuplicateQuestion.TWIN}
    assert "kembar" in asked.value.message
    twin = enrol(cadre, replace(SITI, name="Dewi Lestari"), confirmed=[siti.pk]).child
    with pytest.raises(PossibleDuplicate) as both:
        enrol(cadre, SITI)
    assert dict(both.value.questions) == {
        twin: DuplicateQuestion.TWIN,
        siti: DuplicateQuestion.SAME_CHILD,
    }
    assert "sudah terdaftar" in both.value.message


def test_a_namesake_of_a_slip_away_is_asked_about_in_her_village_only(siti: Child) -> None:
    """Of another village the mother must be the same: in a whole district one name is many children's."""
    camat, there = make_user(Role.KECAMATAN, make_kecamatan()), make_village("33.01.02.2003", "Slarang")
    for parent, asked in (("", False), ("Ibu Sumiati", False), ("Aminah", True)):
        identity = replace(SITI, birth_date=date(2022, 5, 2), parent_name=parent)
        child = build_child(by=camat, id=uuid4(), village=there, identity=identity)
        assert bool(find_possible_duplicates(camat, child)) is asked


def test_of_two_villages_a_like_name_of_other_parents_is_another_child(siti: Child) -> None:
    camat, there = make_user(Role.KECAMATAN, make_kecamatan()), make_village("33.01.02.2003", "Slarang")
    for parent, asked in (("Ibu Sumiati", False), ("", True), ("Aminah", True)):
        identity = replace(SITI, parent_name=parent)
        child = build_child(by=camat, id=uuid4(), village=there, identity=identity)
        assert bool(find_possible_duplicates(camat, child)) is asked


def test_two_queries_ask_of_a_village_of_391(
    cadre: User, siti: Child, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_measured(
        cadre,
        siti.village,
        [({"name": f"Anak Contoh {n}", "birth_date": BORN - timedelta(days=n)}, ()) for n in range(390)],
    )
    child = build_child(by=cadre, id=uuid4(), village=siti.village, identity=SITI)
    with django_assert_num_queries(2):
        assert list(find_possible_duplicates(cadre, child)) == [siti]


@pytest.mark.parametrize(
    ("born", "count"),
    [
        (date(2023, 5, 2), 57),  # 31 days of May, 11 other months, 14 other years, 5 February
        (date(2023, 3, 31), 52),  # 31 days of March, 6 other months of 31 days, 14 years, 1 April
    ],
)
def test_the_dates_of_a_slip_are_few(born: date, count: int) -> None:
    dates = list_slips(born)
    assert len(dates) == count
    every_day = (born + timedelta(days=n) for n in range(-8 * 366, 8 * 366))
    assert dates == [
        day for day in every_day if is_slip(born, day) and abs(day.year - born.year) <= OTHER_YEARS
    ]


def test_confirming_one_child_does_not_let_another_through(cadre: User, siti: Child) -> None:
    twin = make_child(cadre, name="Siti Nurhayati", birth_date=BORN, parent_name="Aminah")
    with pytest.raises(PossibleDuplicate) as asked:
        enrol(cadre, SITI, confirmed=[siti.pk])
    assert set(asked.value.children) == {siti, twin}


def test_the_same_entry_sent_again_is_not_asked_about(cadre: User) -> None:
    entry = uuid4()
    for created in (True, False):
        enrolled = enrol_child(
            by=cadre, id=entry, village_code=make_village().pk, identity=SITI, confirmed=False
        )
        assert enrolled.created is created


def test_a_child_of_another_village_is_told_to_nobody(cadre: User) -> None:
    elsewhere = make_village("33.01.01.2001", "Tambakreja")
    make_child(make_cadre(elsewhere), elsewhere, name=SITI.name, birth_date=BORN)
    assert enrol(cadre, SITI).created
