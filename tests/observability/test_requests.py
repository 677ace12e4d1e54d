"""Each request has a number: in its answer, in its lines of the log, on the page of a fault."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from kpm.views import events
from registry.imports import tasks, workflow
from registry.models import Role
from registry.observability import log_lines
from registry.observability.log_lines import JsonLines, PlainLines, format_trace
from registry.observability.request_id import working_for
from tests.factories import make_district, make_user, signed_in
from tests.imports.files import csv_file, row

NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("sent", "behind_proxy", "is_taken"),
    [
        (NUMBER, True, True),
        (NUMBER, False, False),
        ("short", True, False),
        ("a" * 65, True, False),
        ("WULAN SARI 12345", True, False),
        ("abcdefgh\r\nX-Other: 1", True, False),
    ],
)
def test_a_number_is_taken_from_the_proxy_alone(
    client: Client, settings: Settings, sent: str, behind_proxy: bool, is_taken: bool
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    given = client.get("/health/", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert (given == sent) is is_taken
    assert len(given) == 32


def test_no_two_requests_have_one_number(client: Client) -> None:
    assert client.get("/health/")["X-Request-ID"] != client.get("/health/")["X-Request-ID"]


@pytest.fixture
def page(settings: Settings) -> Client:
    settings.BEHIND_PROXY = True
    client = signed_in(make_user(Role.DISTRICT, make_district()))
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(ValueError("x"), 500), (OperationalError("gone"), 503)])
def test_the_page_of_a_fault_says_its_number(
    page: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_asked: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(events, "render", fail)
    answer = page.get("/events/", headers={"X-Request-ID": NUMBER})
    assert (answer.status_code, answer["X-Request-ID"]) == (status, NUMBER)
    assert "Nomor kejadian: <strong>01234567</strong>" in answer.content.decode()
    answer = page.get("/events/", headers={"X-Request-ID": NUMBER, "Accept": "application/json"})
    assert (answer.status_code, answer.json()["request_id"]) == (status, NUMBER)
    assert answer.json()["code"] == ("busy" if status == 503 else "server_error")


@pytest.mark.django_db
def test_the_line_of_a_request(page: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "registry.request")
    page.get("/events/?q=x", headers={"X-Request-ID": NUMBER})
    (record,) = [record for record in caplog.records if record.name == "registry.request"]
    fields = log_lines.describe_event(record)
    assert fields.pop("ms") >= 0
    assert fields.pop("queries") > 2
    assert fields == {"method": "GET", "route": "/events/", "status": 200, "role": "district"}


@pytest.mark.django_db
def test_a_task_knows_the_request_that_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(type(tasks.check), "enqueue", lambda task, *args, **kwargs: asked.append(kwargs))
    officer = make_user(Role.DISTRICT, make_district())
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=csv_file(row()))
    with working_for(NUMBER):
        tasks.start_check(upload)
    assert asked == [{"request_id": NUMBER}]


def record_of(name: str, message: Any, *args: Any, **more: Any) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.ERROR, "/code/some.py", 12, message, args, None, "do_it")
    record.__dict__.update(more)
    return record


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (record_of("registry.actions", "user %s", 12), "user 12"),
        (record_of("django.request", "Not Found: %s", "/WULANSARI/"), "Not Found: %s"),
        (record_of("django.security.DisallowedHost", "Invalid host: WULANSARI"), "some.do_it, line 12"),
        (record_of("gunicorn.error", ValueError("WULANSARI")), "some.do_it, line 12"),
    ],
)
def test_only_our_own_lines_are_written_whole(record: logging.LogRecord, message: str) -> None:
    record.request = "<WSGIRequest: GET '/WULANSARI/'>"
    line = json.loads(JsonLines().format(record))
    assert line.pop("time")
    assert line == {"level": "ERROR", "logger": record.name, "message": message}
    assert PlainLines().format(record).endswith(f"ERROR {record.name} {message}")


def test_a_trace_quotes_no_values() -> None:
    name = "WULANSARI"
    try:
        try:
            sqlite3.connect(":memory:").execute(f"SELECT {name}")
        except sqlite3.Error as cause:
            raise IntegrityError(f"DETAIL: Failing row contains ({name})") from cause
    except IntegrityError as error:
        trace = format_trace(error)
        record = record_of("django.request", "%s", "x", exc_info=(type(error), error, None), exc_text=name)
        assert name not in JsonLines().format(record)
    assert [line for line in trace.splitlines() if not line.startswith(" ")] == [
        "sqlite3.OperationalError",
        "",
        "django.db.utils.IntegrityError",
    ]


def test_a_crash_of_a_command_quotes_no_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    log_lines.log_crashes()
    sys.excepthook(ValueError, ValueError("WULANSARI"), None)
    assert capsys.readouterr().err == ""
    assert [record.getMessage() for record in caplog.records] == ["the program crashed"]
