"""A worker that is killed, or loses its database, in the middle of a file: nobody has to press anything."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from registry.imports import worker as product
from registry.imports import workflow
from registry.models import Measurement, Upload, UploadStep
from registry.observability import heartbeat
from tests.imports.files import csv_file, row
from tests.imports.test_background import hand_in, text, work
from tests.imports.test_background import worker as worker  # the fixture
from tests.own_process import product_env

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

WORKER = """
import sys, time
from pathlib import Path
from django.core.management import call_command
import django
django.setup()
from registry.imports import workflow
from registry.observability import heartbeat
heartbeat.BEAT_SECONDS, heartbeat.DEAD_AFTER = 0.1, 1
name, mark = sys.argv[1:]

def stop_in_the_middle(*args, **more):
    done = real(*args, **more)
    Path(mark).touch()
    while Path(mark).exists():
        time.sleep(0.02)
    return done

if name:
    owner = workflow if hasattr(workflow, name) else __import__("registry.imports.tasks").imports.tasks
    real = getattr(owner, name)
    setattr(owner, name, stop_in_the_middle)
call_command("db_worker", interval=0.1, startup_delay=False, reload=False, batch=not name)
"""
"""A worker; one that stops at the end of a function of ours until the file ``mark`` is gone."""

IN_THE_MIDDLE = {"check": "_summary", "commit": "_close", "take-back": "revert_import"}


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a worker of its own process in front of the test's database."""
    begun = []
    env = product_env(tmp_path)

    def begin_worker(stops_in: str = "") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORKER, stops_in, str(tmp_path / "mark")]
        process = subprocess.Popen(command, env=env)
        begun.append(process)
        return process

    yield begin_worker
    for process in begun:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    for _try in range(1200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(f"a minute has gone, and not {what}")


def prepare(browser: Client, action: str) -> str:
    """A file whose ``action`` waits for the worker."""
    address = hand_in(browser, csv_file(row()))
    for one in ("commit", "take-back")[: ["check", "commit", "take-back"].index(action)]:
        work()
        browser.post(f"{address}{one}/")
    return address


DONE = {"check": UploadStep.CHECKED, "commit": UploadStep.WRITTEN, "take-back": UploadStep.TAKEN_BACK}


def is_done(action: str) -> Callable[[], bool]:
    return lambda: Upload.objects.get().step == DONE[action]


def measurements_after(action: str) -> int:
    return 1 if action == "commit" else 0


@pytest.mark.parametrize("action", DONE)
def test_a_worker_killed_in_the_middle_of_a_file(
    browser: Client, worker: None, begin: Any, tmp_path: Path, action: str
) -> None:
    prepare(browser, action)
    stored = Measurement.objects.count()
    killed = begin(IN_THE_MIDDLE[action])
    wait_until((tmp_path / "mark").exists, "in the middle")
    killed.kill()
    killed.wait()
    (tmp_path / "mark").unlink()
    if action != "take-back":  # where it was killed after its transaction
        assert Measurement.objects.count() == stored
    time.sleep(1.1)  # it was alive so long ago
    assert begin().wait() == 0
    assert is_done(action)()
    assert Measurement.objects.count() == measurements_after(action)
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def test_a_worker_next_to_one_that_works_leaves_it_its_file(
    browser: Client, worker: None, begin: Any, tmp_path: Path
) -> None:
    prepare(browser, "check")
    begin(IN_THE_MIDDLE["check"])
    wait_until((tmp_path / "mark").exists, "in the middle")
    assert begin().wait() == 0
    assert Upload.objects.get().step == UploadStep.CHECKING
    (tmp_path / "mark").unlink()
    wait_until(is_done("check"), "checked")
    wait_until(DBTaskResult.objects.successful().exists, "ended")
    assert len(DBTaskResult.objects.get().worker_ids) == 1


@pytest.mark.parametrize("action", DONE)
def test_a_worker_whose_database_goes_in_the_middle_of_a_file(
    browser: Client, worker: None, begin: Any, tmp_path: Path, action: str
) -> None:
    prepare(browser, action)
    process = begin(IN_THE_MIDDLE[action])
    wait_until((tmp_path / "mark").exists, "in the middle")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        (tmp_path / "mark").unlink()
    else:
        import sqlite3

        if action == "commit":
            pytest.skip("it holds the one lock of SQLite; nobody can take it away")
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            (tmp_path / "mark").unlink()
            time.sleep(5)
            other.execute("ROLLBACK")
    # It goes through the same function once more, and past it.
    wait_until(lambda: is_done(action)() or (tmp_path / "mark").exists(), "begun again")
    (tmp_path / "mark").unlink(missing_ok=True)
    wait_until(is_done(action), action)
    wait_until(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists(), "ended")
    assert process.poll() is None
    assert Measurement.objects.count() == measurements_after(action)


def fail_once(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the next import end with an error, before anything is written."""
    left = [error]
    real = workflow.commit

    def commit(**asked: Any) -> Upload:
        if left:
            raise left.pop()
        return real(**asked)

    monkeypatch.setattr(workflow, "commit", commit)
    monkeypatch.setattr(product.time, "sleep", lambda seconds: None)


def test_a_database_that_was_gone_for_a_moment_is_no_fault(
    browser: Client, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(browser, "commit")
    fail_once(monkeypatch, OperationalError("server closed the connection unexpectedly"))
    work()
    assert is_done("commit")()


def test_a_worker_that_must_end_at_once_leaves_the_file_to_the_next(
    browser: Client, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(browser, "commit")
    fail_once(monkeypatch, SystemExit(1))

    def stopped(self: Any, task: Any) -> None:
        self.running = False  # as a second Ctrl+C does
        super(product.PatientWorker, self).run_task(task)

    with monkeypatch.context() as stopping:
        stopping.setattr(product.PatientWorker, "run_task", stopped)
        work()
    assert not is_done("commit")()
    caches["progress"].clear()
    work()
    assert is_done("commit")()
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize(
    ("deaths", "step", "said"),
    [(2, "written", "Berkas sudah disimpan"), (3, "checked", "Ada kesalahan di server; tidak ada yang")],
)
def test_a_file_that_three_workers_died_of_is_given_up(
    browser: Client, worker: None, deaths: int, step: str, said: str
) -> None:
    address = prepare(browser, "commit")
    waiting = DBTaskResult.objects.ready()
    waiting.update(status="RUNNING", worker_ids=[f"dead-{number}" for number in range(deaths)])
    Upload.objects.update(step=UploadStep.WRITING)
    work()
    assert Upload.objects.get().step == step
    assert said in text(browser, address)


def test_the_page_says_at_once_that_no_worker_runs(browser: Client, worker: None) -> None:
    address = browser.post("/import/", {"file": SimpleUploadedFile("juni.csv", csv_file(row()))})["Location"]
    assert browser.get(f"{address}state/").json()["away"] is True
    assert 'id="working-away">' in browser.get(address).content.decode()
    assert "Pekerja berkas sedang tidak berjalan" in text(browser, address)
    heartbeat.beat("one")
    assert browser.get(f"{address}state/").json()["away"] is False
    assert 'id="working-away" hidden>' in browser.get(address).content.decode()


def test_a_worker_is_alive_for_a_quarter_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(heartbeat.time, "time", lambda: now[0])
    assert not heartbeat.is_any_alive()
    with heartbeat.beating("one"):
        assert (heartbeat.is_alive("one"), heartbeat.is_alive("two")) == (True, False)
    now[0] = 1_014.9
    assert heartbeat.is_any_alive()
    now[0] = 1_015.0
    assert not heartbeat.is_any_alive()
    assert not heartbeat.is_alive("one")
