"""A real Chromium in front of a real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from registry.models import Child, Role, User, Village
from tests.browser.phone import add_session, at_work
from tests.browser.served import Served
from tests.factories import PASSWORD, make_child, make_user, make_village
from tests.moment import VARIABLE

# Chromium looks for its maker's hosts at every start; nothing here may leave the machine.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Walls between sites cost a process each, and the tests have one site.
FEW_PROCESSES = (
    "--in-process-gpu",
    "--renderer-process-limit=2",
    "--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,site-per-process",
)
expect.set_options(timeout=15_000)  # a machine that has much to do takes its time
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def find_chromium() -> str | None:
    """The Chromium to drive: ``$CHROMIUM``, else what the machine has."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *FEW_PROCESSES])
        yield browser
        browser.close()


def set_clock(context: BrowserContext) -> BrowserContext:
    """Set a browser's clock to the moment of the tests, where that is not now; returns the browser."""
    if VARIABLE in os.environ:
        context.clock.install(time=timezone.now())
    return context


@pytest.fixture
def new_context(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Opens separate browsers (their own cookies), in Indonesian unless told, signed in as ``user``."""
    opened: list[BrowserContext] = []

    def make(
        viewport: dict[str, int] = PHONE, locale: str = "id-ID", user: User | None = None
    ) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=viewport,  # type: ignore[arg-type]
            locale=locale,
        )
        context.set_default_timeout(30_000)
        if user:
            add_session(context, user)
        opened.append(set_clock(context))
        return context

    yield make
    for context in opened:
        context.close()


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto("/accounts/login/")
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def server() -> Iterator[Served]:
    served = Served()
    served.start()
    yield served
    served.kill()


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village, "sumarni")


@pytest.fixture
def other() -> User:
    """The cadre of another village, on the same phone."""
    return make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"), "wati")


@pytest.fixture
def children(cadre: User, village: Village) -> list[Child]:
    born = timezone.localdate() - timedelta(days=400)
    return [make_child(cadre, village, name=f"Anak {n:02d}", birth_date=born) for n in (1, 2, 3)]


@pytest.fixture
def phone(chromium: Browser, server: Served) -> Iterator[Callable[..., Page]]:
    """Opens the browsers of phones, each with its own cookies and store."""
    opened: list[BrowserContext] = []

    def switch_on(**options: Any) -> Page:
        context = chromium.new_context(base_url=server.url, viewport=PHONE, locale="id-ID", **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        opened.append(set_clock(context))
        return context.new_page()

    yield switch_on
    for context in opened:
        context.close()


@pytest.fixture
def page(phone: Callable[..., Page], cadre: User, children: list[Child]) -> Page:
    """The cadre's phone, with the roster of her three children on it."""
    page = phone()
    at_work(page, cadre)
    return page


@pytest.fixture
def phone_with_disk(chromium: Browser, server: Served, tmp_path: Path) -> Iterator[Callable[[], Page]]:
    """Switches on one phone, which after being closed has what it stored."""
    opened: list[BrowserContext] = []

    def switch_on() -> Page:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "phone",
            executable_path=find_chromium(),
            args=[*QUIET, *FEW_PROCESSES],
            base_url=server.url,
            viewport=PHONE,
            locale="id-ID",
        )
        context.set_default_timeout(30_000)
        opened.append(set_clock(context))
        return context.pages[0]

    yield switch_on
    for context in opened:
        context.close()
