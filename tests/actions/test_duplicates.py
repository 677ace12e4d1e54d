"""Enrolling a child who may be there already: asked, never merged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from registry.actions import Enrolled, Identity, enrol_child
from registry.errors import PossibleDuplicate
from registry.models import Child, Sex, User
from tests.factories import make_cadre, make_child, make_village

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
        replace(SITI, birth_date=date(2023, 5, 3)),
        replace(SITI, sex=Sex.BOY),
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
