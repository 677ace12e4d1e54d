"""``/metrics``: counts and ages for a monitor with the token, of all processes together, none of people."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from pytest_django.fixtures import Settings

from registry.models import Child, CountedMonth, Role
from registry.observability import marks
from registry.observability.heartbeat import beat
from tests.factories import make_cadre, make_child, make_user, make_village, signed_in
from tests.own_process import product_env

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
TOKEN = "a-token-for-metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(client: Client, settings: Settings) -> Client:
    settings.METRICS_TOKEN = TOKEN
    client.raise_request_exception = False
    return client


def read(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers=BEARER)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return parse(answer.content.decode())


def parse(text: str) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines if name.startswith("register_")}


def counted_since(before: dict[str, float], after: dict[str, float], name: str) -> float:
    return after.get(name, 0) - before.get(name, 0)


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", TOKEN, f"Token {TOKEN}"])
def test_it_opens_with_the_token_alone(client: Client, token: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": token} if token else {})
    assert (answer.status_code, answer.content, answer["WWW-Authenticate"]) == (401, b"", "Bearer")


@pytest.mark.parametrize("token", ["", "Bearer ", f"Bearer {TOKEN}"])
def test_without_a_token_in_the_settings_it_is_not_there(settings: Settings, token: str) -> None:
    assert settings.METRICS_TOKEN == ""
    assert Client(headers={"Authorization": token}).get("/metrics").status_code == 404


def test_requests_are_counted_by_route_method_and_class(client: Client, settings: Settings) -> None:
    officer = make_user(Role.DISTRICT)
    before = read(client)
    browser = signed_in(officer)
    for _time in range(3):
        browser.get("/events/?q=x")
    browser.get("/no/such/")
    browser.generic("WULANSARI", "/events/")
    after = read(client)
    of = {
        '{method="GET",route="/events/",status="2xx"}': 3,
        '{method="GET",route="unknown",status="4xx"}': 1,
        '{method="other",route="/events/",status="4xx"}': 1,
    }
    for labels, count in of.items():
        assert counted_since(before, after, f"register_requests_total{labels}") == count
    assert counted_since(before, after, 'register_request_seconds_count{route="/events/"}') == 4
    assert counted_since(before, after, 'register_request_seconds_bucket{le="+Inf",route="/events/"}') == 4
    assert counted_since(before, after, 'register_refusals_total{status="404"}') == 1
    assert counted_since(before, after, 'register_refusals_total{status="405"}') == 1


def test_wrong_passwords_and_locks_are_counted(client: Client, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    before = read(client)
    for _try in range(12):
        client.post("/accounts/login/", {"username": "WULANSARI", "password": "wrong"})
    after = read(client)
    assert counted_since(before, after, "register_sign_ins_failed_total") == 12
    assert (
        counted_since(before, after, "register_lockouts_total") == 3
    )  # the tenth reaches it, two are refused
    assert counted_since(before, after, 'register_refusals_total{status="429"}') == 3
    assert "WULANSARI" not in client.get("/metrics", headers=BEARER).content.decode()


def make_task(status: str, waited: int) -> None:
    task = DBTaskResult.objects.create(
        task_path="registry.imports.tasks.check",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        exception_class_path="",
        traceback="",
        run_after=get_date_max(),
        status=status,
    )
    moment = timezone.now() - timedelta(seconds=waited)
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=moment)


def test_the_tasks_and_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(client)
    assert found["register_worker_beat_age_seconds"] == float("inf")
    assert (found['register_tasks{state="ready"}'], found["register_oldest_waiting_task_seconds"]) == (0, 0)
    for status, waited in (
        ("READY", 100),
        ("READY", 300),
        ("RUNNING", 900),
        ("FAILED", 5),
        ("SUCCESSFUL", 9),
    ):
        make_task(status, waited)
    beat("one")
    found = read(client)
    states = {state: found[f'register_tasks{{state="{state}"}}'] for state in ("ready", "running", "failed")}
    assert states == {"ready": 2, "running": 1, "failed": 1}
    assert 300 <= found["register_oldest_waiting_task_seconds"] < 330
    assert 0 <= found["register_worker_beat_age_seconds"] < 30


def test_the_night_the_backup_and_the_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    names = read(client).keys()
    assert not {"register_backup_timestamp_seconds", "register_figures_check_differences"} & names
    call_command("rebuild_figures", check=True, verbosity=0)
    marks.note_done(marks.BACKUP)
    free = SimpleNamespace(free=12345)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    CountedMonth.objects.create(month="2024-06-01")
    now, found = time.time(), read(client)
    assert found["register_figures_check_differences"] == 0
    for name in ("figures_check", "backup", "month_opened"):
        assert abs(found[f"register_{name}_timestamp_seconds"] - now) < 60
    assert found["register_disk_free_bytes"] == 12345
    assert found["register_database_bytes"] > 100_000
    assert found["register_database_up"] == 1


def test_a_check_that_finds_differences_says_how_many(client: Client) -> None:
    village = make_village()
    make_child(make_cadre(village), village)
    CountedMonth.objects.get_or_create(month="2024-06-01")
    with suppress(Exception):
        call_command("rebuild_figures", check=True, verbosity=0)
    found = caches["progress"].get("done-figures-check")
    assert found[1] > 0
    assert read(client)["register_figures_check_differences"] == found[1]


@contextmanager
def database_gone() -> Iterator[None]:
    def refuse(*asked: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


def test_without_a_database_the_rest_is_told(client: Client) -> None:
    with database_gone():
        found = read(client)
    assert found["register_database_up"] == 0
    assert "register_disk_free_bytes" in found
    assert 'register_tasks{state="ready"}' not in found


def test_nothing_of_places_or_people_is_told(client: Client) -> None:
    village = make_village()
    child = make_child(make_cadre(village), village)
    signed_in(child.created_by).get(f"/children/{child.pk}/")
    text = client.get("/metrics", headers=BEARER).content.decode()
    assert 'route="/children/<uuid:child_id>/"' in text
    assert not [word for word in (str(child.pk), child.name, village.pk, village.name) if word in text]
    labels = set(
        re.findall(r'(\w+)="', "".join(line for line in text.splitlines() if line.startswith("regis")))
    )
    assert labels == {"route", "method", "status", "state", "le"}
    assert Child.objects.count() == 1


def ask(port: int, path: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers=BEARER)
    return line.getresponse().read().decode()


@pytest.mark.django_db(transaction=True)
def test_several_processes_of_gunicorn_count_together(tmp_path: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    code = (
        "from cilacap_stunting import settings; from pathlib import Path; import sys;"
        f"settings.VAR_DIR = Path({str(tmp_path)!r});"
        "from gunicorn.app.wsgiapp import run; sys.argv[0] = 'gunicorn'; run()"
    )
    bound = ("cilacap_stunting.wsgi", "--bind", f"127.0.0.1:{port}")
    stale = tmp_path / "metrics" / "counter_1.db"
    stale.parent.mkdir()
    stale.write_bytes(b"of an earlier start")
    site = subprocess.Popen(
        [sys.executable, "-c", code, *bound, "--workers", "2", "--no-control-socket"],
        env=product_env(tmp_path, METRICS_TOKEN=TOKEN, HTTPS="0", LOG_LEVEL="CRITICAL"),
        cwd=site_settings.BASE_DIR,
    )
    try:
        for _try in range(600):
            with suppress(OSError):
                ask(port, "/health/")
                break
            time.sleep(0.1)
        # Until both have answered; each has files of its own.
        for _try in range(600):
            ask(port, "/health/")
            if len(list(stale.parent.glob("counter_*.db"))) == 2:
                break
            time.sleep(0.05)
        counts = [parse(ask(port, "/metrics")) for _time in range(4)]
        name = 'register_requests_total{method="GET",route="/health/",status="2xx"}'
        assert len({count[name] for count in counts}) == 1  # whichever answered
        assert counts[0][name] >= 2
        assert not stale.exists()
        assert stale.parent.stat().st_mode & 0o077 == 0
    finally:
        site.terminate()
        site.wait()
