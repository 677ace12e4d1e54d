"""Whose data was shown to whom: on pages, to programs, in the admin."""

from __future__ import annotations

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from registry.models import Child, ReadLog, Role, User, Village
from tests.factories import make_child, make_district, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.django_db

CHILDREN = "/api/v1/children/"
REASON = "laporan triwulan dinas"


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2024, 8, day, hour, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def other(village: Village) -> Village:
    return make_village("33.01.02.2003", "Slarang")


@pytest.fixture
def officer(village: Village) -> User:
    return make_user(Role.DISTRICT, make_district(), "dinas")


@pytest.fixture
def child(village: Village) -> Child:
    return make_child(make_user(Role.CADRE, village), village)


@pytest.fixture
def page(officer: User) -> Client:
    return signed_in(officer)


def logged() -> list[tuple[str, str, str]]:
    return list(ReadLog.objects.order_by("pk").values_list("subject", "subject_id", "reason"))


@pytest.mark.both_databases
def test_a_child_is_logged_once_for_a_user_and_day(page: Client, officer: User, child: Child) -> None:
    with time_machine.travel(at(20, 23)):
        for path in ("", "card/", "edit/", "move/", "close/", "duplicates/"):
            assert page.get(f"/children/{child.pk}/{path}").status_code == 200
        page.get(f"{CHILDREN}{child.pk}/")
        [row] = ReadLog.objects.all()
        assert (row.user, row.day, row.subject_id, row.path) == (
            officer,
            date(2024, 8, 20),
            str(child.pk),
            f"/children/{child.pk}"[:20],
        )
    with time_machine.travel(at(21, 0)):
        page.get(f"/children/{child.pk}/")
    signed_in(make_user(Role.ADMIN)).get(f"/children/{child.pk}/")
    assert ReadLog.objects.count() == 3


@pytest.mark.parametrize(
    "path",
    [
        "/children/?village={village}",
        "/follow-up/?village={village}",
        "/work/roster.json?village={village}",
        "/api/v1/children/?village={village}",
    ],
)
def test_a_list_is_logged_by_its_village(page: Client, child: Child, other: Village, path: str) -> None:
    for _time in range(2):
        assert page.get(path.format(village=child.village_id)).status_code == 200
    assert logged() == [("village", child.village_id, "")]


def test_what_shows_no_child_is_not_logged(page: Client, child: Child, other: Village) -> None:
    for path in ("/", "/dashboard/", "/children/", f"/children/{other.pk}/", "/api/v1/villages/"):
        page.get(path)
    page.get("/api/v1/children/00000000-0000-4000-8000-000000000000/")
    assert logged() == []


def test_a_list_beyond_one_village_needs_a_reason(page: Client, child: Child, other: Village) -> None:
    make_child(village=other, name="Budi")
    for query in ("", "?reason=ok", "?status=active"):
        answer = page.get(f"{CHILDREN}{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "reason_missing")
    answer = page.post(f"{CHILDREN}search/", {"q": "budi"}, content_type="application/json")
    assert answer.json()["code"] == "reason_missing"
    assert logged() == []
    assert page.get(CHILDREN, {"reason": REASON}).json()["count"] == 2
    assert logged() == [("village", other.pk, REASON), ("village", child.village_id, REASON)]


def test_who_works_in_one_village_gives_no_reason(child: Child, other: Village) -> None:
    cadre = APIClient()
    cadre.force_login(child.created_by)
    assert cadre.get(CHILDREN).json()["count"] == 1
    assert logged() == [("village", child.village_id, "")]


def test_a_program_that_signs_in_with_a_token_is_logged(officer: User, child: Child) -> None:
    officer.set_password("Posyandu-Melati-12")
    officer.save()
    sent = {"username": "dinas", "password": "Posyandu-Melati-12"}
    token = APIClient().post("/api/v1/token/", sent, format="json").json()["token"]
    program = APIClient(headers={"Authorization": f"Token {token}"})
    assert program.get(f"{CHILDREN}{child.pk}/measurements/").status_code == 200
    assert ReadLog.objects.get().user == officer


def test_a_record_that_is_alike_is_logged_when_it_is_shown(page: Client, child: Child) -> None:
    measurement = measure(child, date(2024, 6, 12), "11.3").measurement
    assert page.get(f"/api/v1/measurements/{measurement.pk}/").status_code == 200
    assert logged() == [("child", str(child.pk), "")]
    alike = make_child(child.created_by, child.village, birth_date=date(2022, 3, 15))
    page.get(f"/children/{alike.pk}/duplicates/")
    assert {subject_id for _s, subject_id, _r in logged()} == {str(child.pk), str(alike.pk)}


def test_a_page_does_not_fail_when_nothing_can_be_stored(
    page: Client, child: Child, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", fail)
    with caplog.at_level(logging.WARNING):
        assert page.get(f"/children/{child.pk}/").status_code == 200
    assert str(child.pk) in caplog.text
    assert child.name not in caplog.text
