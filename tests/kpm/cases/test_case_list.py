"""The cases of a place by name: each number of the dashboard leads to as many rows, officers say why."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from kpm.case_actions import CaseStepEntry, record_case_step
from kpm.models import StepAction
from registry.models import Child, ReadLog, Role, User, Village
from tests.factories import make_child, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.both_databases

BORN, MID = date(2023, 6, 20), date(2024, 8, 10)
JULY, AUGUST = date(2024, 7, 5), date(2024, 8, 5)


@pytest.fixture
def two(cadre: User, village: Village, officer: User) -> list[Child]:
    """Two girls of 69 cm at 12 and 13 months in two villages; the first was visited and referred."""
    slarang = make_village("33.01.02.2010", "Slarang")
    children = [
        make_child(by, home, name=name, birth_date=BORN)
        for by, home, name in ((cadre, village, "Ani"), (officer, slarang, "Budi"))
    ]
    for child, day in zip(children, (JULY, AUGUST), strict=True):
        measure(child, day, "8.0", "69.0", position="L")
    for action, to in ((StepAction.VISITED, ""), (StepAction.REFERRED, "midwife")):
        entry = CaseStepEntry(uuid4(), children[0].pk, action, MID, referred_to=to)
        record_case_step(by=cadre, entry=entry)
    return children


def names(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'class="follow__name"[^>]*>([^<]+)<', page)


def test_each_number_of_the_dashboard_leads_to_as_many_rows(
    two: list[Child], cadre: User, officer: User, village: Village
) -> None:
    for user, address, fewest in (
        (cadre, f"/dashboard/villages/{village.pk}/cases/?month=2024-07", 3),
        (officer, "/dashboard/cases/?month=2024-07&by=villages", 5),
    ):
        client = signed_in(user)
        page = unescape(client.get(address).content.decode())
        links = re.findall(r'<a href="(/cases/[^"]+)">(\d+)</a>', page)
        assert len(links) >= fewest
        for rows, number in links:
            assert len(names(client, f"{rows}&reason=audit kasus stunting")) == int(number), rows


def test_an_officer_says_why_and_it_is_logged(two: list[Child], officer: User) -> None:
    client = signed_in(officer)
    asked = client.get("/cases/?kind=stunting")
    assert asked.status_code == 200
    assert "Untuk apa?" in asked.content.decode()
    assert "follow__name" not in asked.content.decode()
    assert client.get("/cases/?kind=stunting&reason=x").status_code == 422
    assert names(client, "/cases/?kind=stunting&reason=audit kasus stunting") == ["Ani", "Budi"]
    assert "audit kasus stunting" in ReadLog.objects.filter(user=officer).values_list("reason", flat=True)


def test_who_treats_is_not_asked(two: list[Child], village: Village) -> None:
    client = signed_in(make_user(Role.MIDWIFE, village))
    assert names(client, "/cases/?kind=stunting") == ["Ani"]
    assert names(client, "/cases/?kind=stunting&state=unvisited") == []


@pytest.mark.parametrize("query", ["state=sick", "kind=x", "found=2024-13", "found=kemarin"])
def test_an_unknown_choice_is_said(two: list[Child], cadre: User, query: str) -> None:
    answer = signed_in(cadre).get(f"/cases/?{query}")
    assert answer.status_code == 400
    assert "Pilihan itu tidak dikenal" in answer.content.decode()


def test_a_place_outside_the_area_is_not_there(two: list[Child], cadre: User) -> None:
    assert signed_in(cadre).get("/cases/?place=33.01.02.2010").status_code == 404


def test_a_closed_case_says_by_which_values_and_many_take_the_queries_of_few(
    two: list[Child],
    cadre: User,
    officer: User,
    village: Village,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    address = "/cases/?found=2024-07&state=recovered&kind=stunting"

    def recover(child: Child) -> str:
        measure(child, date(2024, 8, 19), "8.2", "72.5", position="L")
        before, after = (
            f"−{abs(m.haz or 0):.2f}".replace(".", ",")
            for m in child.measurements.in_force().order_by("measured_on")
        )
        return f"Tinggi Badan menurut Umur (z): dari {before} menjadi {after}."

    said = recover(two[0])
    client = signed_in(cadre)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        page = unescape(client.get(address).content.decode())
    assert f"sampai 19 Agustus 2024 (45 hari): membaik. {said}" in page
    for number in range(12):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=BORN)
        measure(child, JULY, "8.0", "69.0", position="L")
        recover(child)
    with django_assert_num_queries(len(few)):
        page = unescape(client.get(address).content.decode())
    assert page.count(said) == 13
    file = client.post(address, {"table": "cases", "format": "csv"}).content.decode()
    assert file.count(said) == 13
