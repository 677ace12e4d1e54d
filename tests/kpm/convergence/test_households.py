"""Who lives in one house: a child joins the household of another and leaves it. On 20 August 2024."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from kpm.convergence_actions import end_beneficiary
from kpm.household_actions import find_household, join_household, leave_household
from kpm.households import list_housemates, list_possible_housemates
from kpm.identity_history import identity_history
from kpm.models import BeneficiaryEnd, HouseholdChild
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, Child, Role, User, Village
from tests.factories import make_child, make_user, make_village, signed_in
from tests.kpm.convergence.test_actions import BORN, ask, register

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ani(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Ani", parent_name="Sumarni", rt="003", rw="001")


@pytest.fixture
def budi(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Budi", parent_name="Ratna", rt="003", rw="001")


def page_of(child: Child) -> str:
    return f"/children/{child.pk}/services/"


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", unescape(text)).split())


def test_children_of_one_house_share_what_was_asked(ani: Child, budi: Child, cadre: User) -> None:
    answer = ask(cadre, "latrine", False, child_id=ani.pk)
    for _twice in range(2):
        join_household(by=cadre, child_id=budi.pk, other_id=ani.pk)
    assert HouseholdChild.objects.get(child=budi).household == answer.household
    assert ask(cadre, "latrine", True, child_id=budi.pk).household == answer.household


def test_leaving_gives_a_household_of_its_own_and_both_are_logged(
    ani: Child, budi: Child, cadre: User
) -> None:
    join_household(by=cadre, child_id=budi.pk, other_id=ani.pk)
    shared = find_household(ani)
    leave_household(by=cadre, child_id=budi.pk)
    own = find_household(budi)
    assert own != shared
    assert find_household(ani) == shared
    assert list_housemates(cadre, ani) == []
    logged = [row.values for row in ChangeLog.objects.filter(subject_id=str(budi.pk)).order_by("pk")]
    assert logged == [("", str(shared.pk)), (str(shared.pk), str(own.pk))]
    left, joined = identity_history(budi)
    assert [field.label for field in (*left.fields, *joined.fields)] == ["Rumah tangga"] * 2
    assert (joined.by, joined.fields[0].old) == (cadre, "kosong")
    assert left.fields[0].old == joined.fields[0].new == f"nomor {str(shared.pk)[:8]}"


def test_a_child_is_offered_those_of_its_parent_and_then_of_its_rt(
    ani: Child, budi: Child, cadre: User, village: Village
) -> None:
    make_child(cadre, village, name="Cici", parent_name="Wati", rt="004", rw="001")
    zul = make_child(cadre, village, name="Zul", parent_name="SUMARNI", rt="009", rw="002")
    assert [one.name for one in list_possible_housemates(cadre, ani)] == ["Zul", "Budi"]
    assert [one.name for one in list_possible_housemates(cadre, ani, "cici")] == ["Cici"]
    assert [one.name for one in list_possible_housemates(cadre, ani, "ratna")] == ["Budi"]
    assert [one.name for one in list_possible_housemates(cadre, zul)] == ["Ani"]


def test_a_mother_and_her_newborn_are_named_as_those_of_one_house(cadre: User, village: Village) -> None:
    mother = register(cadre, village)
    twins = [make_child(cadre, village, name=name, birth_date=BORN) for name in ("Ani", "Budi")]
    for twin in twins:
        HouseholdChild.objects.create(child=twin, household=mother.household)
    assert list_housemates(cadre, twins[0]) == [mother, twins[1]]
    end_beneficiary(by=cadre, beneficiary_id=mother.pk, ended_by=BeneficiaryEnd.DELIVERED, on=BORN)
    assert list_housemates(cadre, twins[0]) == [twins[1]]


def test_the_page_joins_says_who_shares_and_undoes(page: Client, ani: Child, budi: Child) -> None:
    address = page_of(budi)
    assert "Belum ada anak lain yang tercatat serumah." in words(page.get(address).content.decode())
    found = page.post(address, {"q": "sumarni"})
    assert found.status_code == 200
    assert re.findall(r'name="other" value="([^"]+)"', found.content.decode()) == [str(ani.pk)]
    assert page.post(address, {"join": "1", "q": "sumarni", "other": str(ani.pk)})["Location"] == address
    assert "Tinggal serumah dengan: Ani." in words(page.get(address).content.decode())
    assert "Tinggal serumah dengan: Budi." in words(page.get(page_of(ani)).content.decode())
    assert page.post(address, {"leave": "1"})["Location"] == address
    assert "Belum ada anak lain" in words(page.get(address).content.decode())


@pytest.mark.parametrize("other", ["", "x", "itself", "outside"])
def test_who_is_not_offered_cannot_be_chosen(page: Client, ani: Child, budi: Child, other: str) -> None:
    slarang = make_child(village=make_village("33.01.02.2010", "Slarang"), name="Dewi", rt="003", rw="001")
    chosen = {"itself": str(ani.pk), "outside": str(slarang.pk)}.get(other, other)
    answer = page.post(page_of(ani), {"join": "1", "other": chosen})
    assert answer.status_code == 422
    assert not HouseholdChild.objects.exists()


def test_a_child_of_another_village_does_not_live_here(ani: Child, officer: User, cadre: User) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    other = make_child(village=slarang, name="Dewi")
    with pytest.raises(NotFound):
        join_household(by=cadre, child_id=ani.pk, other_id=other.pk)
    with pytest.raises(Invalid, match="desa yang sama"):
        join_household(by=officer, child_id=ani.pk, other_id=other.pk)
    stranger = signed_in(make_user(Role.CADRE, slarang))
    assert stranger.post(page_of(ani), {"leave": "1"}).status_code == 404
    assert not HouseholdChild.objects.exists()
