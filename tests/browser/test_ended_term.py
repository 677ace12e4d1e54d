"""A KPM's term ends while her phone holds what is not sent yet."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kpm.actions import appoint_cadre, set_term_end
from registry.models import Child, Role, User, Village
from registry.validation_messages import spoken_date
from tests.browser.phone import add_session, run_script, send_now, stored, weigh_first
from tests.browser.served import Served
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

KEPT_ROSTERS = """() => new Promise((done) => {
    const opening = indexedDB.open("register");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("rosters").objectStore("rosters").count();
        asked.onsuccess = () => done(asked.result);
    };
})"""

KNOWS_LAST_DAY = """() => new Promise((done) => {
    const opening = indexedDB.open("register");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("me").objectStore("me").get("me");
        asked.onsuccess = () => done(Boolean(asked.result.until));
    };
})"""


def wait_until_last_day_is_known(page: Page) -> None:
    """Wait for the answer of the register: the roster is drawn before, from what the phone keeps."""
    for _try in range(600):
        if run_script(page, KNOWS_LAST_DAY):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the phone has not learned the last day")


def appoint(village: Village, cadre: User, days: int, start: int = -300) -> int:
    """Appoint the cadre from one to another day, both counted from today."""
    today = timezone.localdate()
    officer = make_user(Role.DISTRICT)
    return appoint_cadre(
        by=officer,
        village_code=village.pk,
        full_name="Sumarni",
        user=cadre,
        term_start=today + timedelta(days=start),
        term_end=today + timedelta(days=days),
    ).pk


def weigh_before_the_end(page: Page, server: Served, term: int) -> None:
    """Weigh a child without a signal; her term has ended when the signal is back."""
    server.kill()
    weigh_first(page, "8,1")
    yesterday = timezone.localdate() - timedelta(days=1)
    set_term_end(by=make_user(Role.DISTRICT), cadre_id=term, on=yesterday, reason="diganti")
    server.start()


def test_her_list_closes_and_what_waits_is_kept_for_a_file(
    page: Page, server: Served, village: Village, cadre: User, children: list[Child]
) -> None:
    term = appoint(village, cadre, 30)
    weigh_before_the_end(page, server, term)
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("1 kiriman belum terkirim, semuanya aman di HP ini")
    expect(page.locator("#sync-now")).to_be_hidden()
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Masa tugas Anda sudah berakhir")
    expect(page.locator("body")).not_to_contain_text("Anak 0")
    assert run_script(page, KEPT_ROSTERS) == 0
    page.get_by_role("link", name="Lihat kiriman").last.click()
    expect(page.locator(".entry")).to_contain_text("Anak 01")
    with page.expect_download() as download:
        page.get_by_role("button", name="Simpan ke berkas").click()
    saved = json.loads(download.value.path().read_text())
    assert [record["state"] for record in saved["records"]] == ["waiting"]
    assert "Anak" not in json.dumps(saved)
    assert stored() == []


def test_after_the_last_day_her_phone_shows_no_child_without_signal_either(
    page: Page, server: Served, village: Village, cadre: User, children: list[Child]
) -> None:
    appoint(village, cadre, 1)
    page.goto("/roster/")
    wait_until_last_day_is_known(page)
    server.kill()
    page.reload()
    expect(page.locator("#todo")).to_be_visible()
    page.clock.install(time=timezone.now() + timedelta(days=2))
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Masa tugas Anda sudah berakhir")
    expect(page.locator("body")).not_to_contain_text("Anak 0")


def test_a_new_term_opens_her_list_again_and_sends_what_waited(
    page: Page, server: Served, village: Village, cadre: User, children: list[Child]
) -> None:
    term = appoint(village, cadre, 30)
    weigh_before_the_end(page, server, term)
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Masa tugas Anda sudah berakhir")
    set_term_end(by=make_user(Role.DISTRICT), cadre_id=term, on=None, reason="salah tanggal")
    page.goto("/roster/")
    expect(page.locator("h1")).to_contain_text("Kesugihan Kidul")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=60_000)
    assert stored() == ["8.100"]


def test_she_signs_in_after_the_end_and_still_reaches_what_waits(
    page: Page, server: Served, village: Village, cadre: User, children: list[Child]
) -> None:
    term = appoint(village, cadre, 30)
    weigh_before_the_end(page, server, term)
    page.goto("/sign-out/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    add_session(page.context, cadre)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Masa tugas Anda sudah berakhir")
    page.get_by_role("link", name="Lihat kiriman").click()
    expect(page.locator(".entry")).to_contain_text("Anak 01")
    expect(page.get_by_role("button", name="Simpan ke berkas")).to_be_visible()


def test_before_a_term_to_come_her_phone_says_when_it_starts(
    page: Page, server: Served, village: Village, cadre: User, children: list[Child]
) -> None:
    weigh_before_the_end(page, server, appoint(village, cadre, 30))
    appoint(village, cadre, 300, start=1)
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Masa tugas Anda belum mulai")
    tomorrow = spoken_date(timezone.localdate() + timedelta(days=1))
    expect(page.locator("main")).to_contain_text(f"Hari pertama Anda bertugas: {tomorrow}")
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu dikirim")
    expect(page.locator("body")).not_to_contain_text("Anak 0")
    page.goto("/")
    expect(page.locator("h1")).to_have_text(f"Masa tugas Anda mulai {tomorrow}")
