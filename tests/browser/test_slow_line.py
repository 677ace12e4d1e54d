"""The workspace on a slow line: 400 kbit/s and 400 ms for each round trip, on bytes as a phone gets them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry.models import Role, User
from tests.browser.conftest import PHONE, set_clock
from tests.browser.served import Served
from tests.browser.slow_line import SlowLine
from tests.factories import make_child, make_user, make_village, measure

pytestmark = pytest.mark.django_db(transaction=True)

RATE, ROUND_TRIP_S = 50_000, 0.4  # bytes a second
USABLE_S = 5
SAVED_MS = 100
MOST_REQUESTS = 10
FIRST_BYTES, AGAIN_BYTES = 100_000, 15_000
TAKEN_FROM_WORKER = """() => ["entry", "entry_save", "plausibility", "result", "outbox"].every((name) => (
    performance.getEntriesByType("resource").some((file) => file.name.includes(`/${name}.`))))"""


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served()
    served.start(static=tmp_path_factory.getbasetemp() / "static")
    yield served
    served.kill()


@pytest.fixture
def line(server: Served) -> Iterator[SlowLine]:
    line = SlowLine(server.port, rate=RATE, round_trip=ROUND_TRIP_S)
    yield line
    line.close()


@pytest.fixture
def cadre() -> User:
    """The cadre of a village of 45 children, half of them measured."""
    village = make_village()
    cadre = make_user(Role.CADRE, village, "sumarni")
    today = timezone.localdate()
    for n in range(45):
        child = make_child(cadre, village, name=f"Anak {n:02d}", birth_date=today - timedelta(days=400 + n))
        measure(child, today - timedelta(days=31), f"8.{n:02d}", "75.0")
        if n % 2:
            measure(child, today, f"8.{n + 20:02d}", "76.0", confirmed=True)
    return cadre


@pytest.fixture
def signed_in(chromium: Browser, line: SlowLine, cadre: User) -> Iterator[BrowserContext]:
    """A browser on the slow line, signed in, with nothing of the site yet."""
    context = set_clock(
        chromium.new_context(base_url=line.url, viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    )
    client = Client()
    client.force_login(cadre)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": line.url}])
    yield context
    context.close()


def open_roster(page: Page) -> float:
    """Seconds until the roster can be used."""
    began = time.monotonic()
    page.goto("/roster/", wait_until="commit")
    expect(page.locator("#todo")).to_be_visible(timeout=30_000)
    return time.monotonic() - began


def test_the_first_load_is_usable_in_five_seconds_and_keeps_to_its_budget(
    signed_in: BrowserContext, line: SlowLine
) -> None:
    page = signed_in.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    took = open_roster(page)
    assert len([url for url in asked if url.startswith("http")]) <= MOST_REQUESTS
    assert line.bytes <= FIRST_BYTES
    assert took < USABLE_S


def test_the_entry_opens_without_a_request_and_is_saved_at_once(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    open_roster(page)
    page.wait_for_function(TAKEN_FROM_WORKER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#todo + ul a").first.click()
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=lenhei_cm]").fill("76,5")
    took = page.evaluate("""() => new Promise((done) => {
        const began = performance.now();
        new MutationObserver(() => document.querySelector(".just-saved") && done(performance.now() - began))
            .observe(document.getElementById("work"), { childList: true, subtree: true });
        document.querySelector("button[value=next]").click();
    })""")
    assert took < SAVED_MS
    assert [url for url in asked if url.startswith("http")] == []


def test_again_it_comes_from_the_phone_and_asks_for_little(signed_in: BrowserContext, line: SlowLine) -> None:
    page = signed_in.new_page()
    first = open_roster(page)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_timeout(2000)
    before = line.bytes
    again = open_roster(page)
    page.wait_for_timeout(3000)
    assert again < first / 2
    assert 0 < line.bytes - before <= AGAIN_BYTES
