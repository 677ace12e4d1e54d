"""Which events the phone keeps, and who is called to them. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from kpm.models import Cadre, Event
from registry.models import User, Village
from tests.factories import make_village, signed_in


def told(client: Client, query: str = "") -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = client.get(f"/work/roster.json{query}").json()["events"]
    return said


def hold(title: str, day: date, village: Village | None, kind: str = "musdes") -> Event:
    return Event.objects.create(title=title, date=day, village=village, kind=kind)


def test_a_kpm_gets_the_events_of_her_village_within_a_week(page: Client, village: Village) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    mine = Cadre.objects.create(village=village, full_name="Sumarni", term_start=date(2023, 1, 1))
    Cadre.objects.create(village=there, full_name="Wati", term_start=date(2023, 1, 1))
    near = hold("Dekat", date(2024, 8, 13), village)
    near.attendances.create(cadre=mine)
    hold("Nanti", date(2024, 8, 27), village)
    hold("Lama", date(2024, 8, 12), village)
    hold("Jauh", date(2024, 8, 28), village)
    hold("Desa lain", date(2024, 8, 20), there)
    hold("Rakor", date(2024, 8, 20), None, "rakor")
    found = told(page)
    assert [one["title"] for one in found] == ["Dekat", "Nanti"]
    person = {"id": mine.pk, "name": "Sumarni", "village": "Kesugihan Kidul"}
    assert found[0] == {
        "id": str(near.pk),
        "title": "Dekat",
        "on": "2024-08-13",
        "people": [person | {"came": True}],
    }
    assert found[1]["people"] == [person]


def test_an_officer_gets_the_districts_too_with_those_who_are_invited(
    officer: User, village: Village
) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    for home, name in ((village, "Sumarni"), (there, "Wati")):
        Cadre.objects.create(village=home, full_name=name, term_start=date(2023, 1, 1))
    rakor = hold("Rakor", date(2024, 8, 20), None, "rakor")
    hold("Desa lain", date(2024, 8, 20), there)
    client, query = signed_in(officer), f"?village={village.pk}"
    assert [one["name"] for one in told(client, query)[0]["people"]] == ["Sumarni", "Wati"]
    rakor.invited.add(Cadre.objects.get(full_name="Wati"))
    [only] = told(client, query)
    assert [one["name"] for one in only["people"]] == ["Wati"]
