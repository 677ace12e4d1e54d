"""What the phone is told of Kesugihan Kidul in August 2024, on the 20th."""

import gzip
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm.case_actions import CaseStepEntry, record_case_step, take_back_case_step
from kpm.models import StepAction
from kpm.roster import RosterRow, list_roster, row_json
from registry.actions import Observation, close_child, move_child
from registry.models import Child, ChildStatus, Role, User, Village
from tests.factories import (
    make_cadre,
    make_child,
    make_measured,
    make_posyandu,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    seen,
    send_other_values,
    signed_in,
)

pytestmark = pytest.mark.both_databases

AUGUST = date(2024, 8, 1)
BORN = date(2023, 6, 20)


def of(user: User, village: Village, month: date = AUGUST) -> list[RosterRow]:
    return list_roster(user=user, village=village, month=month)


def told(page: Client, query: str = "") -> dict[str, Any]:
    said: dict[str, Any] = page.get(f"/work/roster.json{query}").json()
    return said


def test_a_child_comes_with_what_was_last_seen_of_it(cadre: User, village: Village) -> None:
    child = make_child(
        cadre,
        village,
        name="Siti",
        birth_date=BORN,
        parent_name="Ibu A",
        posyandu_id=make_posyandu(village).pk,
    )
    for month in range(3, 9):
        last = measure(
            child, date(2024, month, 5), f"{8 + month / 10}", f"{70 + month}", position="L"
        ).measurement
    said = row_json(of(cadre, village)[0])
    assert said["seen"][-1] == {
        "id": str(last.pk), "on": "2024-08-05", "kg": 8.8, "cm": 78.0, "position": "L", "gain": "T",
    }  # fmt: skip
    assert [m["on"] for m in said["seen"]] == ["2024-05-05", "2024-06-05", "2024-07-05", "2024-08-05"]
    del said["seen"]
    assert said == {
        "id": str(child.pk), "name": "Siti", "sex": 2, "born": "2023-06-20", "parent": "Ibu A",
        "posyandu": "Melati 1",
    }  # fmt: skip


def test_the_last_believed_height_comes_too_where_it_is_older(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, date(2024, 1, 5), "7.5", "68.0", position="L")
    measure(child, date(2024, 2, 5), "7.7", "69.0", position="L")
    for month in range(3, 9):  # weighed only; in July a length that nobody believes (z-score 8.0)
        length = "98.0" if month == 7 else None
        measure(child, date(2024, month, 5), f"{7.5 + month / 10}", length, position="L", confirmed=True)
    days = [m["on"] for m in row_json(of(cadre, village)[0])["seen"]]
    assert days == ["2024-02-05", "2024-05-05", "2024-06-05", "2024-07-05", "2024-08-05"]


def test_children_come_by_name(cadre: User, village: Village) -> None:
    for name in ("budi", "Ani", "Cici"):
        make_child(cadre, village, name=name, birth_date=BORN)
    assert [row.child.name for row in of(cadre, village)] == ["Ani", "budi", "Cici"]


def test_an_earlier_month_knows_nothing_of_later_ones(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, date(2024, 7, 5), "9.0", "75.1")
    assert of(cadre, village, date(2024, 6, 1))[0].measurements == []
    assert len(of(cadre, village, date(2024, 7, 1))[0].measurements) == 1


def test_died_and_moved_children_are_not_waited_for(cadre: User, village: Village) -> None:
    gone = make_child(cadre, village, birth_date=BORN)
    close_child(by=cadre, child_id=gone.pk, status=ChildStatus.DIED, on=date(2024, 8, 2))
    assert of(cadre, village) == []


def test_who_moved_away_on_the_last_day_of_a_month_belongs_to_the_new_village(
    village: Village, officer: User
) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    child = make_child(officer, village, birth_date=BORN)
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 7, 31))
    july = date(2024, 7, 1)
    assert (len(of(officer, village, july)), len(of(officer, slarang, july))) == (0, 1)


def test_who_moved_away_today_stands_apart_on_the_phone_of_the_old_village_and_counts_in_the_new_one(
    page: Client, cadre: User, village: Village, officer: User
) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    child = make_child(cadre, village, name="Siti", birth_date=BORN)
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 8, 20))
    assert (len(of(cadre, village)), len(of(make_cadre(slarang), slarang))) == (0, 1)
    [row] = page.get("/work/roster.json").json()["children"]
    assert (row["id"], row["moved"]) == (str(child.pk), "Slarang")
    [there] = signed_in(make_cadre(slarang)).get("/work/roster.json").json()["children"]
    assert "moved" not in there


def test_who_moved_away_yesterday_is_on_the_phone_of_the_new_village_only(
    page: Client, cadre: User, village: Village, officer: User
) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    child = make_child(cadre, village, name="Siti", birth_date=BORN)
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 8, 19))
    assert page.get("/work/roster.json").json()["children"] == []


def test_who_turned_five_before_this_month_is_left_out_and_who_does_in_it_is_not(
    cadre: User, village: Village
) -> None:
    make_child(cadre, village, birth_date=date(2024, 7, 31) - timedelta(days=1827))
    assert of(cadre, village) == []
    make_child(cadre, village, name="Tua", birth_date=date(2024, 8, 14) - timedelta(days=1827))
    assert [row.child.name for row in of(cadre, village)] == ["Tua"]


def test_a_child_measured_this_month_before_it_moved_here_is_not_measured_twice(
    village: Village, officer: User
) -> None:
    other = make_village("33.01.02.2010", "Slarang")
    child = make_child(officer, other, birth_date=BORN)
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    move_child(by=officer, child_id=child.pk, village_code=village.pk, moved_on=date(2024, 8, 10))
    assert of(officer, village) == []


def test_a_value_that_waits_for_the_midwife_is_said(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    send_other_values(cadre, child.pk, seen(date(2024, 8, 5), "9.3"))
    row = of(cadre, village)[0]
    assert (row.is_pending_choice, len(row.measurements)) == (True, 1)


def test_the_answer_says_whose_village_and_month_it_is(page: Client, cadre: User, village: Village) -> None:
    posyandu = make_posyandu(village)
    said = told(page)
    assert said["village"] == {"code": village.pk, "name": "Kesugihan Kidul"}
    assert (said["month"], said["several"]) == ("2024-08-01", False)
    assert said["posyandu"] == [{"id": posyandu.pk, "name": "Melati 1"}]
    assert said["session"]["user"] == {"id": cadre.pk, "name": "sumarni"}
    assert said["session"]["posts"] == ["Kader (KPM), Kesugihan Kidul"]
    assert [link["url"] for link in said["session"]["menu"]] == [
        "/roster/",
        "/follow-up/",
        "/convergence/",
        "/cadres/me/",
        "/dashboard/",
        "/import/",
    ]


def test_a_child_leads_to_the_roster_of_its_village(officer: User, village: Village) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    child = make_child(officer, slarang, birth_date=BORN)
    said = told(signed_in(officer), f"?child={child.pk}")
    assert said["village"]["name"] == "Slarang"
    assert [row["id"] for row in said["children"]] == [str(child.pk)]


def test_whoever_works_in_several_villages_chooses_one(village: Village) -> None:
    puskesmas = make_puskesmas()
    for place in (village, make_village("33.01.02.2010", "Slarang")):
        place.puskesmas = puskesmas
        place.save()
    client = signed_in(make_user(Role.PUSKESMAS, puskesmas))
    said = told(client)
    assert [v["name"] for v in said["villages"]] == ["Kesugihan Kidul", "Slarang"]
    assert "children" not in said
    assert told(client, "?village=33.01.02.2010")["several"] is True


def test_a_month_that_is_none_is_400_with_a_sentence(page: Client) -> None:
    for address in ("/roster/?month=2024-13", "/work/roster.json?month=2024-13"):
        answer = page.get(address)
        assert answer.status_code == 400
        assert "misalnya 2024-08" in answer.content.decode()


def test_another_village_or_child_is_404(page: Client) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    foreign: Child = make_child(village=slarang)
    for query in ("?village=33.01.02.2010", "?village=x", f"?child={foreign.pk}", "?child=x"):
        assert page.get(f"/work/roster.json{query}").status_code == 404
    assert page.get("/roster/?village=33.01.02.2010").status_code == 404
    assert page.get(f"/children/{foreign.pk}/measure/").status_code == 404


def test_a_child_comes_with_its_open_cases_and_the_newest_step(
    page: Client, cadre: User, village: Village
) -> None:
    """69 cm at 13 months is stunted since 5 August; she was not measured in June and July."""
    short = make_child(cadre, village, name="Siti", birth_date=BORN, rt="003", rw="001")
    measure(short, date(2024, 8, 5), "8.0", "69.0", position="L")
    make_child(cadre, village, name="Tuti", birth_date=BORN)
    entry = CaseStepEntry(uuid4(), short.pk, StepAction.REFERRED, date(2024, 8, 6), referred_to="midwife")
    record_case_step(by=cadre, entry=entry)
    visit = CaseStepEntry(uuid4(), short.pk, StepAction.VISITED, date(2024, 8, 7))
    record_case_step(by=cadre, entry=visit)
    wrong = CaseStepEntry(uuid4(), short.pk, StepAction.REFUSED, date(2024, 8, 8))
    take_back_case_step(by=cadre, step_id=record_case_step(by=cadre, entry=wrong).pk)
    siti, tuti = told(page)["children"]
    assert (siti["rt"], siti["rw"]) == ("003", "001")
    assert siti["step"] == {"on": "2024-08-07", "step": "visited"}
    [case] = [one for one in siti["cases"] if one["kind"] == "stunting"]
    assert case == {
        "id": case["id"], "kind": "stunting", "reason": "stunted", "urgency": "this_week",
        "opened": "2024-08-05", "visited": "2024-08-07", "referred": "2024-08-06", "waiting": "2024-08-06",
        "whom": "midwife",
    }  # fmt: skip
    assert not {"cases", "step"} & tuti.keys()
    assert "cases" not in told(page, "?month=2024-07")["children"][0]


def test_a_case_that_is_closed_or_to_come_stays_off_the_phone(
    page: Client, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, date(2024, 7, 5), "8.0", "69.0", position="L")
    assert {one["kind"] for one in told(page)["children"][0]["cases"]} == {"stunting"}
    measure(child, date(2024, 8, 5), "9.0", "76.0", position="L", confirmed=True)
    assert "cases" not in told(page)["children"][0]


@pytest.mark.parametrize(("role", "answers"), [(Role.CADRE, False), (Role.MIDWIFE, True)])
def test_the_phone_knows_who_may_answer_a_referral(village: Village, role: Role, answers: bool) -> None:
    assert told(signed_in(make_user(role, village, "petugas")))["session"]["answers"] is answers


def test_two_hundred_children_take_the_queries_of_two_and_under_30_kb(
    page: Client, cadre: User, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def seen_in(month: int, serial: int) -> Observation:
        weight, length = f"{8 + month / 10 + serial / 1000:.2f}", f"{70 + month + serial / 100:.1f}"
        return seen(date(2024, month, 5), weight, length)

    def fill(count: int) -> None:
        children = [
            (
                {"name": f"Anak Contoh {n} {village.name}", "birth_date": BORN, "parent_name": f"Ibu {n}"},
                [seen_in(month, n) for month in (5, 6, 7, 8) if n % 2],
            )
            for n in range(count)
        ]
        make_measured(cadre, village, children)

    fill(2)
    page.get("/work/roster.json")
    # One of them looks whether today's reading is logged; ten are of services, one is of events.
    with django_assert_num_queries(24):
        page.get("/work/roster.json")
    fill(198)
    with django_assert_num_queries(24):
        answer = page.get("/work/roster.json")
    assert len(json.loads(answer.content)["children"]) == 200
    assert len(gzip.compress(answer.content)) < 30_000


def test_a_child_to_be_corrected_comes_whole_wherever_it_is_by_now(
    page: Client, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=date(2019, 6, 20))
    taken = [measure(child, date(2023, month, 5), "14.0", "98.0", confirmed=True) for month in range(1, 9)]
    Child.objects.filter(pk=child.pk).update(status=ChildStatus.DIED, status_date=date(2024, 8, 1))
    plain = page.get(f"/work/roster.json?child={child.pk}").json()
    assert "whole" not in plain
    assert plain["children"] == []
    said = page.get(f"/work/roster.json?child={child.pk}&corrects={taken[0].measurement.pk}").json()
    assert [seen["id"] for seen in said["whole"]["seen"]] == [str(one.measurement.pk) for one in taken]
    assert said["children"] == []
