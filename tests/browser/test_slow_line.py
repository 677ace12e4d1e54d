"""The workspace on a slow line asks for little; how long it takes is for ``script/bench phone``."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry.models import User
from tests.browser.served import Served
from tests.browser.slow_line import SlowLine, fill_village, open_roster, open_slow_phone, wait_for_install

pytestmark = pytest.mark.django_db(transaction=True)

MOST_REQUESTS = 10
FIRST_BYTES, AGAIN_BYTES = 100_000, 15_000


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served()
    served.start(static=tmp_path_factory.getbasetemp() / "static")
    yield served
    served.kill()


@pytest.fixture
def line(server: Served) -> Iterator[SlowLine]:
    line = SlowLine(server.port)
    yield line
    line.close()


@pytest.fixture
def cadre() -> User:
    return fill_village()


@pytest.fixture
def phone(chromium: Browser, line: SlowLine, cadre: User) -> Iterator[BrowserContext]:
    context = open_slow_phone(chromium, line, cadre)
    yield context
    context.close()


def list_requests(page: Page) -> list[str]:
    """Return a list that fills with the addresses asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: request.url.startswith("http") and asked.append(request.url))
    return asked


def test_the_first_load_keeps_to_its_budget(phone: BrowserContext, line: SlowLine) -> None:
    page = phone.new_page()
    # What is kept for the time without signal comes after the first screen, and is not of its budget.
    page.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {});")
    asked = list_requests(page)
    open_roster(page)
    assert len(asked) <= MOST_REQUESTS
    assert line.bytes <= FIRST_BYTES


def test_the_entry_opens_and_is_saved_without_a_request(phone: BrowserContext) -> None:
    page = phone.new_page()
    open_roster(page)
    wait_for_install(page)
    asked = list_requests(page)
    page.locator("#todo + ul a").first.click()
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=lenhei_cm]").fill("76,5")
    page.locator("button[value=next]").click()
    expect(page.locator(".just-saved")).to_be_visible()
    assert asked == []


def test_again_it_comes_from_the_phone_and_asks_for_little(phone: BrowserContext, line: SlowLine) -> None:
    page = phone.new_page()
    open_roster(page)
    wait_for_install(page)
    before = line.bytes
    with page.expect_response(re.compile("/work/roster.json")) as roster:
        open_roster(page)
    roster.value.finished()
    page.wait_for_timeout(2000)
    assert 0 < line.bytes - before <= AGAIN_BYTES
