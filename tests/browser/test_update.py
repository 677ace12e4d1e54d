"""A tab that is older than the register's pages says so, and loads the new ones with what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.models import Child
from tests.browser.phone import run_script, sent, stored, type_in
from tests.browser.served import Served

pytestmark = pytest.mark.django_db(transaction=True)

OUTDATED = "Versi baru register sudah ada"
COME_BACK = "() => dispatchEvent(new Event('online'))"
LATER = "() => { const now = Date.now; Date.now = () => now() + 20 * 60 * 1000; }"
"""The list that was loaded is no longer fresh, and is asked for again."""


def update(page: Page, server: Served) -> None:
    """Another version of the site is served, and the tab hears of it by an answer."""
    page.evaluate(LATER)
    server.kill()
    page.evaluate(COME_BACK)
    expect(page.locator("#sync-words")).to_contain_text("Server tidak menjawab", timeout=30_000)
    server.start(version="2")
    page.evaluate(COME_BACK)
    expect(page.locator("#banner")).to_contain_text(OUTDATED, timeout=30_000)


def version_of(page: Page) -> str:
    return page.locator("#work").get_attribute("data-version") or ""


def test_an_old_tab_says_that_there_is_a_new_version_and_keeps_what_is_typed(
    page: Page, server: Served, children: list[Child]
) -> None:
    old = version_of(page)
    page.goto(f"/children/{children[0].pk}/measure/")
    type_in(page, "8,4")
    page.evaluate("window.sameTab = true")
    server.kill()
    server.start(version="2")
    run_script(
        page,
        """async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
    }""",
    )
    banner = page.locator("#banner")
    expect(banner).to_contain_text(OUTDATED, timeout=30_000)
    expect(banner).to_contain_text("yang sedang diisi tidak hilang")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.sameTab") is True  # it does not load by itself
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    banner.get_by_role("link", name="Muat ulang").click()
    expect(page.locator("#work")).not_to_have_attribute("data-version", old)
    expect(page.locator("[name=weight_kg]")).to_have_value("8,4")
    expect(page.locator("[name=lenhei_cm]")).to_have_value("76,5")
    assert version_of(page) != old
    expect(banner).not_to_contain_text(OUTDATED)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    sent(page)
    assert stored() == ["8.400"]


def test_an_answer_of_a_newer_register_is_enough_to_know(page: Page, server: Served) -> None:
    page.context.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {});")
    page.goto("/roster/")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim")
    expect(page.locator("#banner")).not_to_contain_text(OUTDATED)
    update(page, server)


def test_a_row_that_is_not_saved_is_asked_for_before_the_page_is_loaded_again(
    page: Page, server: Served
) -> None:
    page.goto("/grid/")
    expect(page.locator(".grid tbody tr")).to_have_count(3)
    update(page, server)
    page.locator(".grid [name=weight_kg]").first.fill("400")
    page.evaluate("window.sameTab = true")
    page.locator("#banner").get_by_role("link", name="Muat ulang").click()
    expect(page.locator("#banner")).to_contain_text("Simpan dulu baris atau angka yang sedang diisi")
    assert page.evaluate("window.sameTab") is True
    expect(page.locator(".grid [name=weight_kg]").first).to_have_value("400")
