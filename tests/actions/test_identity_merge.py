"""Two people put one child right at once: nothing is wiped, and what both changed is theirs to choose."""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import Identity, move_child, update_child
from registry.actions.identity_merge import ChangedMeanwhile, drawn_state
from registry.models import Child, Sex, User
from tests.factories import make_child, make_posyandu, make_village

pytestmark = pytest.mark.django_db

NIK, OTHER_NIK = "3301025403220001", "3301025403220002"


def identity(**values: object) -> Identity:
    base = {"name": "Siti Contoh", "sex": Sex.GIRL, "birth_date": date(2022, 3, 14), "nik": None}
    return Identity(**(base | values))  # type: ignore[arg-type]


def test_what_only_one_of_two_changed_stays_of_both(cadre: User, officer: User) -> None:
    child = make_child(cadre, nik=NIK)
    drawn = drawn_state(child)
    other = identity(parent_name="Bu A", growth_book=True, birth_date=date(2022, 3, 15), nik=OTHER_NIK)
    update_child(by=officer, child_id=child.pk, identity=other)
    found = update_child(by=cadre, child_id=child.pk, identity=identity(name="Sitti", rt="02"), drawn=drawn)
    found.refresh_from_db()
    assert (found.name, found.rt, found.parent_name, found.growth_book, found.birth_date, found.nik) == (
        *("Sitti", "02", "Bu A", True),
        *(date(2022, 3, 15), OTHER_NIK),
    )


def test_what_both_changed_is_refused_with_both_values_and_nothing_written(
    cadre: User, officer: User
) -> None:
    child = make_child(cadre, nik=NIK)
    drawn = drawn_state(child)
    update_child(by=officer, child_id=child.pk, identity=identity(name="Sitti", rw="01", nik=OTHER_NIK))
    typed = identity(name="Siti Aminah", rt="02", nik="")
    with pytest.raises(ChangedMeanwhile) as refused:
        update_child(by=cadre, child_id=child.pk, identity=typed, drawn=drawn)
    assert refused.value.code == "changed_meanwhile"
    assert [(one.name, one.typed, one.stored) for one in refused.value.conflicts] == [
        ("name", "Siti Aminah", "Sitti"),
        ("nik", "", OTHER_NIK),
    ]
    child.refresh_from_db()
    assert (child.name, child.rt, child.rw) == ("Sitti", "", "01")


def test_the_same_change_by_both_is_no_conflict(cadre: User, officer: User) -> None:
    child = make_child(cadre)
    drawn = drawn_state(child)
    update_child(by=officer, child_id=child.pk, identity=identity(name="Sitti", nik=NIK))
    assert update_child(
        by=cadre, child_id=child.pk, identity=identity(name="Sitti", nik=NIK), drawn=drawn
    ).name == ("Sitti")


def test_a_child_that_moved_meanwhile_keeps_its_new_posyandu(officer: User) -> None:
    here, there = make_village(), make_village("33.01.02.2009", "Kesugihan")
    child = make_child(officer, here, posyandu_id=make_posyandu(here).pk)
    drawn, posyandu = drawn_state(child), child.posyandu_id
    moved_on, new_posyandu = date(2024, 8, 1), make_posyandu(there).pk
    move_child(
        by=officer, child_id=child.pk, village_code=there.pk, moved_on=moved_on, posyandu_id=new_posyandu
    )
    typed = identity(name="Sitti", posyandu_id=posyandu)
    update_child(by=officer, child_id=child.pk, identity=typed, drawn=drawn)
    assert Child.objects.values_list("name", "village", "posyandu").get() == ("Sitti", there.pk, new_posyandu)
