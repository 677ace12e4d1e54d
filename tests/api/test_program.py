"""KPM and events over REST: who gets them, what they leave out, and attendance sent twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from kpm.actions import appoint_cadre
from kpm.event_actions import add_decision, hold_event, invite_cadres, set_attendance, settle_decision
from kpm.figures import attendance, attendance_totals
from kpm.models import Cadre, Event, EventKind
from registry.models import Role, User, Village
from tests.api.conftest import SignIn
from tests.factories import make_kecamatan, make_user, make_village

pytestmark = pytest.mark.both_databases


@pytest.fixture
def boss(village: Village) -> User:
    return make_user(Role.DISTRICT)


@pytest.fixture
def far(village: Village) -> Village:
    return make_village("33.01.01.2002", "Bumireja", make_kecamatan("33.01.01", "Kedungreja"))


@pytest.fixture
def cadres(boss: User, village: Village, far: Village) -> list[Cadre]:
    """One whose term is over, the one after her, and one of another kecamatan."""
    terms: list[tuple[Village, str, date, date | None]] = [
        (village, "Sumarni", date(2022, 1, 1), date(2024, 6, 30)),
        (village, "Wagiyem", date(2024, 7, 1), None),
        (far, "Tri Astuti", date(2023, 1, 1), None),
    ]
    return [
        appoint_cadre(
            by=boss, village_code=home.pk, full_name=name, phone="0812", term_start=start, term_end=end
        )
        for home, name, start, end in terms
    ]


def hold(by: User, kind: EventKind = EventKind.RAKOR, on: date = date(2024, 8, 9), **values: Any) -> Event:
    return hold_event(by=by, id=uuid4(), kind=kind, title=f"{kind} {on}", on=on, **values)


def names(client: APIClient, query: str = "") -> list[str]:
    return [row["full_name"] for row in client.get(f"/api/v1/cadres/{query}").json()["results"]]


def test_each_gets_the_kpm_of_the_villages_where_she_works(
    api: APIClient, signed_in: SignIn, boss: User, cadres: list[Cadre], village: Village
) -> None:
    assert names(api) == ["Wagiyem", "Sumarni"]
    assert names(api, "?in_office=true") == ["Wagiyem"]
    assert names(api, "?in_office=false") == ["Sumarni"]
    assert names(api, "?village=33.01.01.2002") == []
    district = signed_in(boss)
    assert names(district) == ["Tri Astuti", "Wagiyem", "Sumarni"]
    assert names(district, f"?village={village.pk}") == ["Wagiyem", "Sumarni"]
    (newest, _before) = api.get("/api/v1/cadres/").json()["results"]
    assert (newest["id"], newest["village"], newest["term_start"]) == (cadres[1].pk, village.pk, "2024-07-01")
    assert signed_in(make_user(Role.CLIENT)).get("/api/v1/cadres/").status_code == 404


@pytest.mark.parametrize("role", [Role.CADRE, Role.MIDWIFE, Role.KECAMATAN, Role.DISTRICT])
def test_the_phone_is_for_whom_the_page_shows_it(
    signed_in: SignIn, cadres: list[Cadre], village: Village, role: Role
) -> None:
    places = {Role.KECAMATAN: village.kecamatan, Role.DISTRICT: village.kecamatan.district}
    client = signed_in(make_user(role, places.get(role, village)))
    shown = client.get("/api/v1/cadres/").json()["results"][-1]["phone"]
    assert shown == ("0812" if role in places else None)


def test_an_event_says_what_was_decided_without_naming_anybody(
    api: APIClient, signed_in: SignIn, boss: User, cadres: list[Cadre], village: Village
) -> None:
    rakor = hold(boss)
    musdes = hold(boss, EventKind.MUSDES, date(2024, 7, 15), village_code=village.pk, place="Balai desa")
    decision = add_decision(
        by=boss,
        event_id=musdes.pk,
        id=uuid4(),
        text="Air",
        responsible="Pak Karto",
        due_on=date(2024, 9, 1),
    )
    settle_decision(by=boss, decision_id=decision.pk, done_on=date(2024, 8, 1), outcome="Oleh Bu Tini")
    set_attendance(by=boss, event_id=musdes.pk, cadre_ids=[cadres[1].pk])
    assert api.get("/api/v1/events/").json()["results"] == [
        {
            "id": str(musdes.pk),
            "kind": "musdes",
            "title": "musdes 2024-07-15",
            "date": "2024-07-15",
            "end_date": None,
            "place": "Balai desa",
            "village": village.pk,
            "called": 1,
            "came": 1,
            "decisions": [{"text": "Air", "due_on": "2024-09-01", "done_on": "2024-08-01"}],
        }
    ]
    district = signed_in(boss)
    found = district.get("/api/v1/events/").json()["results"]
    assert [(row["id"], row["called"], row["came"]) for row in found] == [
        (str(rakor.pk), 2, 0),
        (str(musdes.pk), 1, 1),
    ]
    assert [row["kind"] for row in district.get("/api/v1/events/?kind=rakor").json()["results"]] == ["rakor"]
    assert len(district.get(f"/api/v1/events/?village={village.pk}").json()["results"]) == 1
    assert district.get("/api/v1/events/?kind=rapat").status_code == 400


def test_the_totals_are_those_of_the_pages(boss: User, cadres: list[Cadre], village: Village) -> None:
    camat = make_user(Role.KECAMATAN, village.kecamatan)
    events = [
        hold(boss, on=date(2024, 6, 30)),
        hold(boss, on=date(2024, 7, 1)),
        hold(boss, EventKind.MUSDES, date(2024, 7, 2), village_code=village.pk),
        hold(boss, on=date(2024, 9, 30)),
    ]
    # Who came without being in office, and one invited of another kecamatan alone.
    set_attendance(by=boss, event_id=events[1].pk, cadre_ids=[cadres[0].pk, cadres[2].pk])
    invite_cadres(by=boss, event_id=events[3].pk, cadre_ids=[cadres[2].pk], shown_ids=[])
    for user, expected in (
        (boss, [(2, 0), (3, 2), (1, 0), (1, 0)]),
        (camat, [(1, 0), (2, 1), (1, 0), (0, 0)]),
    ):
        totals = attendance_totals(user=user, events=events)
        assert list(totals.values()) == expected
        for event in events:
            groups = attendance(event=event, user=user)
            assert totals[event] == (sum(g.called_count for g in groups), sum(g.came for g in groups))


def test_attendance_is_marked_one_by_one_and_twice_changes_nothing(
    api: APIClient, boss: User, cadres: list[Cadre], village: Village
) -> None:
    musdes = hold(boss, EventKind.MUSDES, village_code=village.pk)
    address = "/api/v1/events/attendance/"
    for present in (True, True, False, False, True):
        sent = {"id": str(uuid4()), "event": str(musdes.pk), "cadre": cadres[1].pk, "present": present}
        answer = api.post(address, sent, format="json")
        assert (answer.status_code, answer.json()) == (
            200,
            {"event": str(musdes.pk), "cadre": cadres[1].pk, "present": present},
        )
        assert musdes.cadres.filter(pk=cadres[1].pk).exists() == present
    api.post(address, {"event": str(musdes.pk), "cadre": cadres[0].pk, "present": True}, format="json")
    assert musdes.cadres.count() == 2


def test_attendance_of_others_or_of_what_is_to_come_is_refused(
    api: APIClient, boss: User, cadres: list[Cadre], village: Village
) -> None:
    musdes, rakor = hold(boss, EventKind.MUSDES, village_code=village.pk), hold(boss)
    coming = hold(boss, EventKind.MUSDES, date(2024, 9, 3), village_code=village.pk)
    mine, other = cadres[1].pk, cadres[2].pk
    for event, cadre, status in ((musdes, other, 404), (rakor, mine, 404), (coming, mine, 400)):
        for present in (True, False):
            sent = {"event": str(event.pk), "cadre": cadre, "present": present}
            answer = api.post("/api/v1/events/attendance/", sent, format="json")
            assert answer.status_code == status
    for sent in ({"cadre": mine}, {"cadre": str(mine), "present": True}, {"cadre": mine, "present": "yes"}):
        answer = api.post("/api/v1/events/attendance/", {"event": str(musdes.pk), **sent}, format="json")
        assert answer.status_code == 400


@pytest.mark.parametrize("url", ["/api/v1/cadres/", "/api/v1/events/"])
def test_lists_cost_the_same_for_2_and_for_12(signed_in: SignIn, boss: User, url: str) -> None:
    client, counts = signed_in(boss), []
    for numbers in (range(2), range(2, 12)):
        for number in numbers:
            home = make_village(f"33.01.03.{2001 + number}", f"Desa {number}")
            one = appoint_cadre(
                by=boss, village_code=home.pk, full_name=f"Kader {number}", term_start=date(2023, 1, 1)
            )
            event = hold(boss, EventKind.MUSDES, date(2024, 7, 2), village_code=home.pk)
            set_attendance(by=boss, event_id=event.pk, cadre_ids=[one.pk])
            add_decision(by=boss, event_id=event.pk, id=uuid4(), text="Sumur", responsible="Kades")
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(url).json()["results"]) == numbers.stop
        counts.append(len(queries))
    assert counts[0] == counts[1]
