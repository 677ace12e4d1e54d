"""The workspace's page, its worker and its session: what a phone may keep, and what it never gets."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from kpm.views.work import FIRST_MODULES
from registry.models import Role, User, Village
from registry.static_files import strip_script
from tests.factories import make_child, make_user, signed_in

pytestmark = pytest.mark.any_day

SESSION, ROSTER = "/work/session.json", "/work/roster.json"


def session(page: Client) -> dict[str, Any]:
    said: dict[str, Any] = page.get(SESSION).json()
    return said


@pytest.mark.parametrize("path", ["/work/shell/", "/roster/", "/outbox/", "/children/new/", "/sign-out/"])
def test_the_page_holds_nothing_of_anybody_and_is_the_same_for_all(
    page: Client, cadre: User, officer: User, village: Village, path: str
) -> None:
    make_child(cadre, village, name="Siti Rahasia")
    pages = [client.get(path).content for client in (page, signed_in(officer))]
    assert pages[0] == pages[1]
    text = pages[0].decode()
    for secret in ("Siti Rahasia", "sumarni", "csrfmiddlewaretoken", village.pk):
        assert secret not in text


def test_the_page_brings_the_who_tables(page: Client) -> None:
    """In the page itself: a request less on a slow line."""
    text = page.get("/work/shell/").content.decode()
    [tables] = re.findall(r'<script[^>]* id="growth-tables">(.*?)</script>', text, re.DOTALL)
    assert json.loads(tables)["tables"].keys() == {"lfa", "wfa", "bmifa", "wfl", "wfh", "hcfa"}


def test_the_page_says_where_each_kind_of_entry_is_posted(page: Client) -> None:
    text = page.get(reverse("kpm:shell")).content.decode()
    addresses = json.loads(unescape(re.search('data-posts="([^"]*)"', text).group(1)))  # type: ignore[union-attr]
    assert addresses == {
        "step": "/api/v1/cases/steps/",
        "service": "/api/v1/services/",
        "attendance": "/api/v1/events/attendance/",
    }


def test_the_page_sets_no_cookie(page: Client) -> None:
    assert not Client().get("/work/shell/").cookies


def test_whoever_has_not_signed_in_is_told_in_json_and_not_by_a_page(village: Village) -> None:
    for path in (SESSION, ROSTER):
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
        assert answer.json() == {"code": "not_authenticated"}


def test_nothing_of_the_answers_is_kept_on_the_way(page: Client) -> None:
    for path in (SESSION, ROSTER):
        assert page.get(path)["Cache-Control"] == "private, no-store"


def test_the_session_brings_a_csrf_token_that_sends(cadre: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cadre)
    token = session(client)["csrf"]
    batch = {"data": json.dumps({"items": [{}]}), "content_type": "application/json"}
    assert client.post("/api/v1/measurements/batch/", **batch).status_code == 403
    answer = client.post("/api/v1/measurements/batch/", **batch, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_each_user_has_a_key_of_her_own_that_outlives_a_new_password(
    page: Client, cadre: User, officer: User
) -> None:
    mine, other = session(page)["keys"], session(signed_in(officer))["keys"]
    assert [len(base64.b64decode(key)) for key in mine] == [32]
    assert mine != other
    cadre.set_password("another-long-password")
    cadre.save()
    assert session(signed_in(cadre))["keys"] == mine


def test_a_key_of_an_earlier_secret_still_opens(page: Client, cadre: User, settings: Any) -> None:
    before = session(page)["keys"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" + "x" * 50
    after = session(signed_in(cadre))["keys"]
    assert after[1:] == before
    assert after[0] != before[0]


def test_another_system_has_no_workspace(village: Village) -> None:
    machine = signed_in(make_user(Role.CLIENT))
    for path in (SESSION, ROSTER, "/roster/"):
        assert machine.get(path).status_code == 404


def test_the_worker_keeps_every_file_of_the_page_and_changes_with_it(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    text = answer.content.decode()
    used = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page.get("/work/shell/").content.decode())
    assert used
    for file in used:
        assert file in text
    monkeypatch.setattr("kpm.views.work.list_strings", lambda: {"language": "id", "more": 1})
    assert Client().get("/service-worker.js").content != answer.content


@pytest.mark.django_db
def test_the_manifest_names_icons_that_are_there() -> None:
    said = Client().get("/manifest.webmanifest").json()
    assert said["start_url"] == "/roster/"
    offered = {(icon["sizes"], icon["type"], icon["purpose"]) for icon in said["icons"]}
    # What Chromium asks of a site before it offers to install it.
    assert {(f"{n}x{n}", "image/png", "any") for n in (192, 512)} <= offered
    for icon in said["icons"]:
        answer = Client().get(icon["src"])
        assert (answer.status_code, answer["Content-Type"]) == (200, icon["type"])
        answer.close()


def test_the_first_load_keeps_to_its_budget(page: Client, cadre: User, village: Village) -> None:
    """100 KB in all, 40 KB of it script; stripped and gzip, as a phone gets it."""

    def size(content: bytes) -> int:
        return len(gzip.compress(content, 6))

    def text_of(path: str) -> str:
        return Path(str(finders.find(path))).read_text()

    # Before the roster or a form can be used; then what saves and sends, which the worker brings.
    first = [*FIRST_MODULES, "pages/roster", "pages/entry"]
    after = [
        "pages/entry_save",
        "measurement_form",
        "outbox",
        "plausibility",
        "result",
        "case_steps",
        "cases",
        "sync",
    ]
    scripts = [strip_script(text_of(f"js/workspace/{name}.js")) for name in (*first, *after)]
    script = sum(size(text.encode()) for text in scripts)
    rest = [text_of("css/site.css").encode(), page.get("/roster/").content, page.get(ROSTER).content]
    assert script < 40_000
    assert script + sum(map(size, rest)) < 100_000
    # Again: the page and its files are on the phone; only the roster is asked for anew.
    assert size(page.get(ROSTER).content) < 15_000
