"""The log of a site and a worker at which much goes wrong has no name, NIK, user name or address in it."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings
from django_tasks_db.models import DBTaskResult

from registry.imports import tasks, workflow
from registry.models import Child, Role, Upload, User
from tests.factories import make_child, make_user, make_village
from tests.imports.files import csv_file, row
from tests.own_process import product_env

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NIK, PASSWORD = "3301021403220001", "Rahasia-Nomor-1"
PEOPLE = ("WULANSARI", "SUKIRMAN", "KARSINAH", "PARYANTO", "SUMARNI", "LEGIYEM", "JALAN MAWAR")
SECRETS = (*PEOPLE, NIK, "330102", PASSWORD, "session-of-mine")

BROKEN_SITE = """
import sys, warnings
from cilacap_stunting import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
from cilacap_stunting.wsgi import application
from kpm.views import child as views
from registry.models import Child

def draw(request, template, context, **more):
    child = Child.objects.get()
    warnings.warn(f"a warning about {child.name}")
    if "check" in request.GET:
        Child.objects.filter(pk=child.pk).update(sex=9)
    if "twice" in request.GET:
        child.pk = None
        child.save(force_insert=True)
    raise ValueError(f"cannot draw {child.name}, NIK {child.nik}")

views.render = draw
"""

BROKEN_WORKER = """
import django
django.setup()
from django.core.management import call_command
from registry.imports import commit

def plan_tables(table, *asked, **more):
    raise KeyError("PARYANTO 3301021403220001", table)

commit.plan_tables = plan_tables
call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False)
"""


@dataclass
class Site:
    """A gunicorn whose one page crashes, and what it has logged."""

    port: int
    log: Path

    def send(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any, bytes]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked.request(method, path, body.encode(), {"Host": "localhost", **named})
        answer = asked.getresponse()
        return answer.status, answer.headers, answer.read()

    def send_raw(self, line: str) -> None:
        with closing(socket.create_connection(("127.0.0.1", self.port))) as line_to:
            line_to.sendall(f"{line}\r\n\r\n".encode())
            line_to.recv(1000)


@pytest.fixture
def user() -> User:
    cadre = make_user(Role.CADRE, make_village(), "sumarni.karsinah")
    cadre.password = Argon2PasswordHasher().encode(PASSWORD, "salt-of-a-test")
    cadre.save()
    return cadre


@pytest.fixture
def child(user: User) -> Child:
    return make_child(user, name="Wulansari", parent_name="Sukirman", nik=NIK)


@pytest.fixture
def site(child: Child, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "broken_site.py").write_text(BROKEN_SITE)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = product_env(tmp_path, PYTHONPATH=str(tmp_path), HTTPS="0", LOG_LEVEL="INFO", LOG_FORMAT="")
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "broken_site:application", "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--no-control-socket"], env=env, cwd=settings.BASE_DIR, stdout=out, stderr=out
        )
        try:
            for _try in range(600):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                time.sleep(0.1)
            yield Site(port, log)
        finally:
            process.terminate()
            process.wait()


def cookies_of(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    made: SimpleCookie = browser.cookies
    return f"sessionid={made['sessionid'].value}; csrftoken={'a' * 32}"


def go_wrong(site: Site, user: User, child: Child) -> None:
    """Entries, refusals, wrong passwords, crashes; most of it with a name where none belongs."""
    form = {"Cookie": cookies_of(user), "Content_Type": "application/x-www-form-urlencoded"}
    nobody = {**form, "Cookie": f"csrftoken={'a' * 32}"}
    typed = {"csrfmiddlewaretoken": "a" * 32, "username": "LEGIYEM " + NIK, "password": PASSWORD}
    for _try in range(11):  # the eleventh is locked
        site.send("POST", "/accounts/login/", urlencode(typed), **nobody)
    page = f"/children/{child.pk}/"
    for asked in ("", "?check=1&q=WULANSARI", "?twice=1"):
        status, _headers, text = site.send("GET", page + asked, Cookie=form["Cookie"])
        assert (status, b"Nomor kejadian" in text) == (500, True)
    status, _headers, body = site.send(
        "POST",
        "/api/v1/token/",
        json.dumps({"username": user.username, "password": PASSWORD}),
        Content_Type="application/json",
    )
    assert status in (200, 201), body
    token = json.loads(body)["token"]
    program = {"Authorization": f"Token {token}", "Content_Type": "application/json"}
    entry = {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2024-06-12", "weight_kg": "11.3"}
    assert site.send("POST", "/api/v1/measurements/", json.dumps(entry), **program)[0] == 201
    refused = {**entry, "id": str(uuid4()), "weight_kg": "SUKIRMAN"}
    assert site.send("POST", "/api/v1/measurements/", json.dumps(refused), **program)[0] == 400
    assert site.send("POST", "/api/v1/measurements/", '{"name": "WULANSARI', **program)[0] == 400
    born = {"id": str(uuid4()), "name": "Wulansari", "nik": NIK, "sex": "P", "birth_date": "2022-03-14"}
    site.send("POST", "/api/v1/children/", json.dumps({**born, "village": child.village_id}), **program)
    for path in ("/KARSINAH/JALAN%20MAWAR/?nik=" + NIK, f"/api/v1/{NIK}/", f"/villages/{NIK}/code/"):
        site.send("GET", path, Cookie=form["Cookie"])
    site.send("POST", page + "close/?KARSINAH", "reason=SUKIRMAN", Cookie=form["Cookie"])  # without its token
    site.send("GET", "/", Host="PARYANTO.example")
    site.send_raw(f"GET /children/?q={NIK} WULANSARI HTTP/9.9")
    site.send_raw(f"GET /children/ HTTP/1.1\r\nHost: localhost\r\nLEGIYEM\x01: {NIK}")


def test_nothing_of_people_is_in_the_log(site: Site, user: User, child: Child, tmp_path: Path) -> None:
    go_wrong(site, user, child)
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        content = csv_file(row(Nama="PARYANTO"))
        upload = workflow.create_upload(by=user, file_name="SUKIRMAN.csv", content=content)
        tasks.start_check(upload)
    env = product_env(tmp_path, LOG_LEVEL="INFO", LOG_FORMAT="")
    with site.log.open("ab") as log:
        subprocess.run([sys.executable, "-c", BROKEN_WORKER], env=env, stdout=log, stderr=log, check=True)
    text = site.log.read_text()
    assert [secret for secret in SECRETS if secret.casefold() in text.casefold()] == []
    assert "q=" not in text
    assert str(child.pk) not in text
    lines = [json.loads(line) for line in text.splitlines()]
    of_requests = [line for line in lines if line["message"] == "request"]
    assert {"POST", "/children/<uuid:child_id>/", 500} <= {x for o in of_requests for x in o.values()}
    routes = {(one["method"], one["route"], one["status"]) for one in of_requests}
    assert {
        ("POST", "/accounts/login/", 200),
        ("POST", "/accounts/login/", 429),
        ("GET", "/children/<uuid:child_id>/", 500),
        ("POST", "/api/v1/measurements/", 201),
        ("POST", "/api/v1/measurements/", 400),
        ("GET", "unknown", 404),
        ("POST", "/children/<uuid:child_id>/close/", 403),
    } <= routes
    assert all(len(one["request_id"]) == 32 and one["ms"] >= 0 for one in of_requests)
    assert {one.get("role") for one in of_requests} == {None, "cadre"}
    traces = [line["trace"] for line in lines if "trace" in line]
    assert sum("builtins.ValueError" in trace for trace in traces) == 1
    assert sum("django.db.utils.IntegrityError" in trace for trace in traces) == 2
    assert any("child_sex_known" in trace for trace in traces)
    assert any("nik_once" in trace or "registry_child.nik_hash" in trace for trace in traces)
    assert any("builtins.KeyError" in trace and "plan_tables" in trace for trace in traces)
    assert [(one["task"], one["state"]) for one in lines if one["message"] == "task"] == [("check", "failed")]
    stored = DBTaskResult.objects.get()
    assert "KeyError" in stored.traceback
    assert "PARYANTO" not in str(DBTaskResult.objects.values())
    assert Upload.objects.get().problem.startswith("Ada kesalahan di server")
