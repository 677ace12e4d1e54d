"""A phone that is lost, or whose account was closed, keeps no child; what waits stays sealed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.models import User
from tests.browser.phone import Phone, add_session, run_script, send_now, stored, weigh_first
from tests.browser.served import Served

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = """() => new Promise((done) => {
    const opening = indexedDB.open("register");
    opening.onsuccess = () => {
        const names = ["rosters", "keys", "outbox"];
        const reading = opening.result.transaction(names);
        const counted = names.map((name) => reading.objectStore(name).count());
        reading.oncomplete = () => done(counted.map((one) => one.result));
    };
})"""
"""How many rosters, keys and entries the phone keeps."""


def set_open(user: User, is_open: bool) -> None:
    user.is_active = is_open
    user.save()


def expect_nobody_in_sight(page: Page, heading: str) -> None:
    expect(page.locator("h1")).to_have_text(heading)
    for word in ("Anak 0", "8,1"):
        expect(page.locator("body")).not_to_contain_text(word)


def test_a_closed_account_clears_its_phone_at_next_contact(page: Page, server: Served, cadre: User) -> None:
    server.kill()
    weigh_first(page, "8,1")
    set_open(cadre, False)
    server.start()
    page.goto("/roster/")
    expect_nobody_in_sight(page, "Akun ini sudah ditutup")
    expect(page.locator("#work")).to_contain_text("1 kiriman belum terkirim dan tetap terkunci")
    assert run_script(page, KEPT) == [0, 0, 1]
    with page.expect_download() as download:
        page.get_by_role("button", name="Simpan ke berkas").click()
    saved = json.loads(download.value.path().read_text())
    assert [record["state"] for record in saved["records"]] == ["waiting"]
    assert "Anak" not in json.dumps(saved)
    server.kill()
    for path in ("/roster/", "/outbox/", "/grid/", "/children/new/"):
        page.goto(path)
        expect_nobody_in_sight(page, "Akun ini sudah ditutup")
    assert stored() == []


def test_the_next_contact_may_be_a_sending(page: Page, server: Served, cadre: User) -> None:
    server.kill()
    weigh_first(page, "8,1")
    set_open(cadre, False)
    server.start()
    send_now(page)
    expect_nobody_in_sight(page, "Akun ini sudah ditutup")
    assert run_script(page, KEPT) == [0, 0, 1]


def test_opened_again_and_signed_in_what_waited_is_sent(page: Page, server: Served, cadre: User) -> None:
    server.kill()
    weigh_first(page, "8,1")
    set_open(cadre, False)
    server.start()
    page.goto("/roster/")
    expect_nobody_in_sight(page, "Akun ini sudah ditutup")
    set_open(cadre, True)
    page.reload()
    expect_nobody_in_sight(page, "Akun ini sudah ditutup")  # the session of before stays dead
    add_session(page.context, cadre)
    page.goto("/roster/")
    expect(page.locator("h1")).to_contain_text("Kesugihan Kidul")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=60_000)
    assert stored() == ["8.100"]


def test_a_phone_unheard_for_46_days_clears_itself(page: Page, server: Served, cadre: User) -> None:
    server.kill()
    weigh_first(page, "8,1")
    page.clock.install(time=timezone.now() + timedelta(days=46))
    page.goto("/roster/")
    expect_nobody_in_sight(page, "Daftar anak sudah dihapus dari HP ini")
    expect(page.locator("#work")).to_contain_text("lebih dari 45 hari tidak tersambung")
    expect(page.locator("#work")).to_contain_text("1 kiriman belum terkirim dan tetap terkunci")
    assert run_script(page, KEPT) == [0, 0, 1]


def test_after_44_days_it_works_on_and_signed_in_again_a_cleared_phone_does_too(
    phone: Phone, page: Page, server: Served, cadre: User
) -> None:
    server.kill()
    weigh_first(page, "8,1")
    page.clock.install(time=timezone.now() + timedelta(days=44))
    page.goto("/roster/")
    expect(page.locator(".progress")).to_contain_text("dari 3")
    page.clock.set_system_time(timezone.now() + timedelta(days=46))
    page.goto("/roster/")
    expect_nobody_in_sight(page, "Daftar anak sudah dihapus dari HP ini")
    page.clock.set_system_time(timezone.now())
    server.start()
    page.goto("/roster/")
    expect(page.locator("h1")).to_contain_text("Kesugihan Kidul")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=60_000)
    assert stored() == ["8.100"]
