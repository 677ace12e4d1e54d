"""/health/ and /ready/: what a monitor is told, without an account, a session or a word about people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from registry.models import Role
from registry.observability.heartbeat import beat
from tests.factories import make_user, make_village, signed_in


@contextmanager
def database_gone() -> Iterator[None]:
    def refuse(*asked: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture(autouse=True)
def _a_worker_runs() -> None:
    beat("one")


def make_task(waited: timedelta, **values: Any) -> None:
    task = DBTaskResult.objects.create(
        **{
            "task_path": "registry.imports.tasks.check_upload",
            "args_kwargs": {"args": [], "kwargs": {}},
            "backend_name": "default",
            "exception_class_path": "",
            "traceback": "",
            "run_after": get_date_max(),
            **values,
        }
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - waited)


def test_health_is_told_without_the_database(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/health/", 200), ("/ready/", 503)])
def test_a_browser_that_is_signed_in_is_not_looked_up(address: str, status: int) -> None:
    browser = signed_in(make_user(Role.CADRE, make_village(), "sumarni"))
    with database_gone():
        answer = browser.get(address)
    assert answer.status_code == status
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db
def test_ready_when_all_is_there(client: Client) -> None:
    make_task(timedelta(minutes=9))
    make_task(timedelta(minutes=20), status="SUCCESSFUL")
    make_task(timedelta(minutes=20), run_after=timezone.now() - timedelta(minutes=1))
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (200, {"not_ready": []})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_not_ready_while_the_database_does_not_answer(client: Client) -> None:
    with database_gone():
        answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"not_ready": ["database"]})


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("registry", "0001_initial")
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"not_ready": ["migrations"]})


@pytest.mark.django_db
def test_not_ready_while_a_task_waits_for_the_worker(client: Client) -> None:
    make_task(timedelta(minutes=11))
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"not_ready": ["worker"]})


@pytest.mark.django_db
def test_not_ready_while_no_worker_runs(client: Client) -> None:
    caches["progress"].clear()
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"not_ready": ["worker"]})
