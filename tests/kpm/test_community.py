"""The page of a village for everybody: off by default, plain words, and nobody to be recognised."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from registry.actions.community_page import switch_community_page
from registry.errors import NotFound
from registry.models import ChangeLog, Role, User, Village
from tests.factories import make_child, make_posyandu, make_puskesmas, make_user, make_village, measure

BORN, JULY = date(2023, 6, 20), date(2024, 7, 8)


@pytest.fixture
def nurse(village: Village) -> User:
    puskesmas = make_puskesmas(kecamatan=village.kecamatan)
    Village.objects.filter(pk=village.pk).update(puskesmas=puskesmas)
    return make_user(Role.PUSKESMAS, puskesmas)


def measured(village: Village, children: int, short: int) -> None:
    for number in range(children):
        child = make_child(village=village, name=f"Anak Rahasia {number}", birth_date=BORN)
        measure(child, JULY, "9.0", "66.0" if number < short else "76.0", position="L")


def read(village: Village) -> str:
    answer = Client().get(reverse("kpm:community", args=[village.pk]))
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


def test_a_village_has_no_such_page_until_it_is_switched_on(village: Village, nurse: User) -> None:
    address = reverse("kpm:community", args=[village.pk])
    assert Client().get(address).status_code == 404
    switch_community_page(by=nurse, village_code=village.pk, is_public=True)
    assert Client().get(address).status_code == 200
    switch_community_page(by=nurse, village_code=village.pk, is_public=False)
    assert Client().get(address).status_code == 404
    logged = ChangeLog.objects.filter(field="community_page").order_by("pk")
    assert [one.values for one in logged] == [("off", "on"), ("on", "off")]


def test_cadres_and_other_villages_do_not_decide_it(village: Village, cadre: User, nurse: User) -> None:
    for by, code in ((cadre, village.pk), (nurse, make_village("33.01.01.2001", "Tambakreja").pk)):
        with pytest.raises(NotFound):
            switch_community_page(by=by, village_code=code, is_public=True)
    assert not Village.objects.filter(has_community_page=True).exists()


def test_the_rate_is_said_in_plain_words(village: Village, nurse: User) -> None:
    measured(village, 40, short=10)
    make_child(village=village, name="Anak Rahasia 40", birth_date=BORN)  # not measured: 40 of 41
    switch_community_page(by=nurse, village_code=village.pk, is_public=True)
    text = read(village)
    assert "Juli 2024" in text
    assert "Kira-kira 10 dari 10 balita yang terdaftar diukur" in text
    assert "Dari 10 balita yang diukur, kira-kira 2 pendek untuk umurnya" in text  # 25 % rounds to even
    assert "Rahasia" not in text


def test_of_few_children_no_rate_is_said(village: Village, nurse: User) -> None:
    measured(village, 12, short=2)
    switch_community_page(by=nurse, village_code=village.pk, is_public=True)
    assert "pendek untuk umurnya" not in read(village)


def test_a_village_without_measurements_says_so(village: Village, nurse: User) -> None:
    make_posyandu(village)
    switch_community_page(by=nurse, village_code=village.pk, is_public=True)
    text = read(village)
    assert "belum cukup untuk ditampilkan" in text
    assert "Melati 1" not in text  # it has no day to name
