"""What a cadre does on her phone, step by step."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from registry.models import Child, Measurement, User, Village
from tests.factories import make_child, signed_in

Phone = Callable[..., Page]
BATCH = re.compile("/measurements/batch/")
ROSTER = re.compile("/work/roster.json")
SILENT = re.compile("Server tidak menjawab sejak [0-9]+ [A-Z][a-z]+")
"""What a phone with a network says of a server that is gone, with since when."""


def enrol(cadre: User, village: Village, count: int) -> list[Child]:
    born = timezone.localdate() - timedelta(days=400)
    return [make_child(cadre, village, name=f"Anak {n:02d}", birth_date=born) for n in range(1, count + 1)]


def add_session(context: BrowserContext, user: User) -> None:
    """Sign in without the form."""
    session = signed_in(user).cookies["sessionid"].value
    for domain in ("127.0.0.1", "localhost"):
        # Far away, so that it outlives a browser that is closed.
        cookie = {"name": "sessionid", "value": session, "domain": domain, "path": "/", "expires": 4e9}
        context.add_cookies([cookie])  # type: ignore[list-item]


def at_work(page: Page, user: User) -> None:
    """Signed in, with the roster drawn and everything kept for the time without signal."""
    add_session(page.context, user)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("Kesugihan Kidul")
    wait_for_worker(page)


def wait_for_worker(page: Page) -> None:
    """Wait until the phone can do without signal."""
    run_script(page, "() => navigator.serviceWorker.ready.then(() => true)")


def run_script(page: Page, script: str) -> Any:
    """Return what a script comes to in the page; where ``evaluate`` would wait for ever, it fails."""
    return page.wait_for_function(f"async () => [await ({script})()]").json_value()[0]


def open_roster(page: Page) -> None:
    page.goto("/roster/")
    expect(page.locator(".progress")).to_be_visible()


def type_in(page: Page, weight: str, length: str = "76,5") -> None:
    page.locator("[name=weight_kg]").fill(weight)
    page.locator("[name=lenhei_cm]").fill(length)


def measure_all(page: Page, count: int) -> None:
    """From the first child to the last by the main button, each with a weight of its own."""
    page.locator("#todo + ul a").first.click()
    for n in range(1, count + 1):
        expect(page.locator("h1")).to_have_text(f"Anak {n:02d}")
        type_in(page, f"{8 + n / 100:.2f}".replace(".", ","))
        page.get_by_role("button", name="Simpan & berikutnya" if n < count else "Simpan", exact=True).click()
    expect(page.locator(".just-saved")).to_contain_text(f"Anak {count:02d}")


def save(page: Page) -> None:
    page.get_by_role("button", name="Simpan", exact=True).click()


def weigh_first(page: Page, weight: str) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, weight)
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()


def enter_new_child(page: Page, name: str, born: str, sex: str = "Perempuan") -> None:
    """Fill in the form of a new child."""
    page.goto("/children/new/")
    page.get_by_label("Nama anak").fill(name)
    page.get_by_label(sex).check()
    page.get_by_label("Tanggal lahir").fill(born)


def send_now(page: Page) -> None:
    """Press the button, unless the phone, which sends by itself, was quicker and takes it away."""
    now = page.locator("#sync-now")
    expect(page.locator("#sync")).to_be_visible()
    if now.is_hidden():
        return
    try:
        now.click(timeout=5_000)
    except PlaywrightTimeout:
        expect(now).to_be_hidden()


def send_outbox(page: Page) -> None:
    """Send from the page that lists what waits."""
    page.goto("/outbox/")
    send_now(page)


def sent(page: Page) -> None:
    """Everything has been received."""
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=60_000)
    expect(page.locator("#sync-words")).not_to_contain_text("diperbaiki")


def wait_until_held(page: Page, held: Sequence[object]) -> None:
    """Wait until ``held`` has a request or a response. A worker that has to start first delays it."""
    for _try in range(600):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page has not made the request")


def stored() -> list[str]:
    """The weights in force, which are as many as the measurements stored."""
    assert Measurement.objects.in_force().count() == Measurement.objects.count()
    return [str(w) for w in Measurement.objects.order_by("weight_kg").values_list("weight_kg", flat=True)]


def press(page: Page, keys: str) -> None:
    """A key by its name, or text letter by letter."""
    if keys in ("Tab", "Enter", "Control+A"):
        page.keyboard.press(keys)
    else:
        page.keyboard.type(keys)
