"""What the phone keeps of a village's services, to tick them without a network. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from kpm.convergence_actions import end_beneficiary
from kpm.models import BeneficiaryEnd, GroupInUse
from kpm.scorecard.indicators import FIRST_RULES
from kpm.service_month import ServiceTab, read_service_month
from registry.actions import move_child
from registry.models import User, Village
from tests.factories import make_cadre, make_child, make_posyandu, make_village, measure, signed_in
from tests.kpm.convergence.test_actions import ask, register, serve

AUGUST = date(2024, 8, 1)


def told(page: Client, query: str = "") -> dict[str, Any]:
    said: dict[str, Any] = page.get(f"/work/roster.json{query}").json()["services"]
    return said


def test_women_come_with_what_a_cadre_knows_them_by_and_no_more(
    page: Client, cadre: User, village: Village
) -> None:
    one = register(
        cadre, village, last_period=date(2024, 3, 1), birth_date=date(1996, 2, 3), rt="003", rw="001"
    )
    serve(cadre, "iron_tablets", date(2024, 8, 5), beneficiary_id=one.pk)
    serve(cadre, "check_up", date(2024, 7, 31), beneficiary_id=one.pk)
    ask(cadre, "kek", beneficiary_id=one.pk)
    mother = register(cadre, village, "Yati Contoh", last_period=date(2023, 11, 10))
    end_beneficiary(
        by=cadre, beneficiary_id=mother.pk, ended_by=BeneficiaryEnd.DELIVERED, on=date(2024, 8, 7)
    )
    assert told(page) == {
        "height_months": FIRST_RULES.height_months,
        "people": [
            {
                "id": str(one.pk),
                "tab": "pregnant",
                "due": ["check_up", "iron_tablets", "counselling", "home_visit"],
                "had": {"iron_tablets": "2024-08-05"},
                "name": "Wati Contoh",
                "rt": "003",
                "rw": "001",
                "period": "2024-03-01",
            },
            {
                "id": str(mother.pk),
                "tab": "pregnant",
                "due": ["check_up", "iron_tablets", "counselling", "postnatal_visit"],
                "name": "Yati Contoh",
                "period": "2023-11-10",
                "delivered": "2024-08-07",
            },
        ],
    }


def test_of_a_child_the_roster_says_who_it_is_and_older_ones_do_not_come(
    page: Client, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=date(2022, 9, 1))
    make_child(cadre, village, name="Dua Tahun", birth_date=date(2022, 8, 31))
    measure(child, date(2024, 8, 5), "10.1", position="L")
    assert told(page)["people"] == [
        {
            "id": str(child.pk),
            "tab": "young_child",
            "due": ["weighing", "height", "immunisation_complete", "counselling", "parenting_class"],
            "had": {"weighing": "2024-08-05"},
        }
    ]


def test_a_child_that_the_roster_leaves_out_comes_with_its_name(
    cadre: User, officer: User, village: Village
) -> None:
    """It was measured this month in the village that it left, and counts there."""
    there = make_village("33.01.02.2010", "Slarang")
    post = make_posyandu(there, "Melati")
    child = make_child(officer, village, name="Pindah", birth_date=date(2023, 6, 20), parent_name="Ibu A")
    measure(child, date(2024, 8, 3), "9.1", position="L")
    move_child(
        by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 10), posyandu_id=post.pk
    )
    said = signed_in(officer).get(f"/work/roster.json?village={there.pk}").json()
    assert said["children"] == []
    [one] = said["services"]["people"]
    assert (one["name"], one["born"], one["parent"]) == ("Pindah", "2023-06-20", "Ibu A")
    assert one["posyandu"] == "Melati"
    assert one["had"] == {"weighing": "2024-08-03"}


def test_the_phone_gets_the_people_of_the_page_in_its_order_and_nobody_elses(
    page: Client, cadre: User, village: Village
) -> None:
    elsewhere = make_village("33.01.02.2010", "Slarang")
    GroupInUse.objects.create(district_id="33.01", group="couple", since=AUGUST)
    for name in ("Cici", "Ani", "Budi"):
        post = make_posyandu(village, f"Mawar {name}")
        make_child(cadre, village, name=name, birth_date=date(2023, 6, 20), posyandu_id=post.pk)
        register(cadre, village, f"Ibu {name}")
    register(cadre, village, "Pasangan", group=ServiceTab.COUPLE, last_period=None)
    other = make_cadre(elsewhere)
    register(other, elsewhere, "Ibu Lain")
    make_child(other, elsewhere, name="Lain", birth_date=date(2023, 6, 20))
    tabs = (ServiceTab.PREGNANT, ServiceTab.COUPLE, ServiceTab.YOUNG_CHILD)
    expected = [
        (str(one.person.pk), tab)
        for tab in tabs
        for one in read_service_month(cadre, village, AUGUST, tab).people
    ]
    assert len(expected) == 7
    assert [(one["id"], one["tab"]) for one in told(page)["people"]] == expected
    assert page.get("/work/roster.json?village=33.01.02.2010").status_code == 404


def test_a_month_that_is_over_brings_none(page: Client, cadre: User, village: Village) -> None:
    register(cadre, village)
    assert "services" not in page.get("/work/roster.json?month=2024-07").json()
