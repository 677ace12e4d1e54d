"""A database that is busy, restarted or gone: an answer that says when to come back, and nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from uuid import uuid4

import psycopg2
import pytest
from django.db import DatabaseError, connection
from django.test import Client

from registry.db.outage import is_outage
from registry.models import Child, Measurement, Role
from tests.factories import make_child, make_district, make_user, make_village, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")


@pytest.fixture
def child() -> Child:
    village = make_village()
    cadre = make_user(Role.CADRE, village, "sumarni")
    cadre.set_password("Rahasia-123")
    cadre.save()
    return make_child(cadre, village)


@pytest.fixture
def page(child: Child) -> Client:
    client = signed_in(child.created_by)
    client.raise_request_exception = False
    return client


@pytest.fixture
def _another_writes(page: Client) -> Iterator[None]:
    """Another process holds the lock of SQLite for longer than anybody waits."""
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True)
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    yield
    other.close()
    connection.close()


_LEFT = {"status": "died", "on": "2024-06-12", "reason": "a & <b>"}


def measurement(child: Child) -> dict[str, object]:
    return {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2024-06-12", "weight_kg": "11.3"}


@on_sqlite
@pytest.mark.usefixtures("_another_writes")
def test_while_another_writes_a_program_is_told_when_to_come_back(page: Client, child: Child) -> None:
    answer = page.post("/api/v1/measurements/", measurement(child), content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "15")
    batch = {"items": [measurement(child)]}
    answer = page.post("/api/v1/measurements/batch/", batch, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")


@on_sqlite
@pytest.mark.usefixtures("_another_writes")
def test_while_another_writes_a_form_keeps_what_was_typed(page: Client, child: Child) -> None:
    answer = page.post(
        f"/children/{child.pk}/close/", {"status": "died", "on": "2024-06-12", "reason": "a & <b>"}
    )
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "15")
    assert '<input type="hidden" name="reason" value="a &amp; &lt;b&gt;">' in text
    assert f'action="/children/{child.pk}/close/"' in text
    assert page.get(f"/children/{child.pk}/").status_code == 200  # reading goes on


@on_sqlite
@pytest.mark.usefixtures("_another_writes")
def test_a_password_is_not_written_into_the_answer(page: Client, child: Child) -> None:
    stranger = Client(raise_request_exception=False)
    answer = stranger.post("/accounts/login/", {"username": "sumarni", "password": "Rahasia-123"})
    assert answer.status_code == 503
    assert "Rahasia" not in answer.content.decode()


@on_postgresql
def test_a_restarted_database_is_reached_again(page: Client, child: Child) -> None:
    for path in (f"/children/{child.pk}/", "/work/roster.json", f"/api/v1/children/{child.pk}/"):
        _end_connection()
        answer = page.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "15")
        connection.close_if_unusable_or_obsolete()  # as each request begins
        assert page.get(path).status_code == 200
    assert not Measurement.objects.exists()


def _end_connection() -> None:
    pid = connection.connection.info.backend_pid
    with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_fault_of_ours_is_no_outage(child: Child) -> None:
    page = signed_in(make_user(Role.DISTRICT, make_district()))
    page.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kpm_event RENAME TO kpm_event_gone")
    try:
        assert page.get("/events/").status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kpm_event_gone RENAME TO kpm_event")


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), True),
        (sqlite3.DatabaseError("database disk image is malformed"), False),
        (None, False),  # Django's own, such as of a row that was to be updated and is not there
    ],
)
def test_a_connection_that_broke_inside_of_an_answer_is_an_outage(
    cause: Exception | None, expected: bool
) -> None:
    error = DatabaseError("as Django wraps it")
    error.__cause__ = cause
    assert is_outage(error) is expected
