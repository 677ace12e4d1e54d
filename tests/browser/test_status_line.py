"""The line above everything says only what the phone knows: of its store, of the network, of the server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import SILENT, open_roster, run_script, send_now, stored, weigh_first
from tests.browser.served import Served

pytestmark = pytest.mark.django_db(transaction=True)

OPENS_LATE = """
    const open = IDBFactory.prototype.open;
    const released = new Promise((done) => { window.release = done; });
    IDBFactory.prototype.open = function (...what) {
        const opening = open.apply(this, what);
        let told = null;
        Object.defineProperty(opening, "onsuccess", { set: (tell) => { told = tell; } });
        opening.addEventListener("success", (event) => released.then(() => told(event)));
        return opening;
    };
"""
DOES_NOT_OPEN = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'UnknownError'); };"
CANNOT_BE_READ = "IDBIndex.prototype.getAll = () => { throw new DOMException('no', 'UnknownError'); };"


def test_that_all_is_sent_is_not_said_before_the_store_was_read(page: Page) -> None:
    page.context.add_init_script(OPENS_LATE)
    page.goto("/roster/")
    words = page.locator("#sync-words")
    expect(words).to_have_text("Memeriksa kiriman di HP ini…")
    page.wait_for_timeout(500)
    expect(words).to_have_text("Memeriksa kiriman di HP ini…")
    expect(page.locator("#sync-now")).to_be_hidden()
    page.evaluate("window.release()")
    expect(words).to_contain_text("Semua terkirim")


def test_a_store_that_does_not_open_is_not_called_empty(page: Page, server: Served) -> None:
    server.kill()
    weigh_first(page, "8,1")  # waits in the store
    server.start()
    page.context.add_init_script(DOES_NOT_OPEN)
    page.goto("/outbox/")
    words = page.locator("#sync-words")
    expect(words).to_contain_text("Penyimpanan HP ini tidak terbuka, jadi kiriman sebelumnya belum bisa")
    expect(page.locator("#banner")).to_contain_text("tutup semua tab register, lalu buka lagi")
    expect(page.locator("#work")).to_contain_text("Kiriman di HP ini belum bisa diperiksa")
    for false in ("Semua terkirim", "sudah masuk register", "Tidak ada yang menunggu"):
        expect(page.locator("main")).not_to_contain_text(false)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert stored() == []


def test_a_store_that_cannot_be_read_says_what_to_do(page: Page) -> None:
    page.context.add_init_script(CANNOT_BE_READ)
    open_roster(page)
    words = page.locator("#sync-words")
    expect(words).to_contain_text("tidak bisa dibaca")
    expect(words).to_contain_text("Tutup halaman ini lalu buka lagi")
    expect(words).not_to_contain_text("Semua terkirim")


def test_what_no_key_opens_is_not_called_sent(page: Page, server: Served) -> None:
    server.kill()
    weigh_first(page, "8,1")
    run_script(
        page,
        """() => new Promise((done) => {
        const opening = indexedDB.open("register");
        opening.onsuccess = () => {
            const change = opening.result.transaction("outbox", "readwrite");
            const store = change.objectStore("outbox");
            store.getAll().onsuccess = ({ target }) => target.result.forEach((entry) => {
                entry.sealed.data[0] ^= 1;
                store.put(entry);
            });
            change.oncomplete = done;
        };
    })""",
    )
    server.start()
    page.goto("/roster/")
    words = page.locator("#sync-words")
    expect(words).to_contain_text("1 kiriman di HP ini terkunci dengan kunci lama")
    expect(words).not_to_contain_text("Semua terkirim")


def test_no_signal_is_said_only_where_there_is_no_network(page: Page, server: Served) -> None:
    words = page.locator("#sync-words")
    page.context.set_offline(True)
    weigh_first(page, "8,1")
    send_now(page)
    expect(words).to_contain_text("Tanpa sinyal: 1 menunggu, semuanya aman di HP ini", timeout=20_000)
    server.kill()
    page.context.set_offline(False)
    send_now(page)
    expect(words).to_contain_text(SILENT, timeout=20_000)
    expect(words).to_contain_text("1 menunggu, semuanya aman di HP ini dan nanti dikirim lagi")
    expect(words).not_to_contain_text("Tanpa sinyal")
    # Since when is kept while the page is opened again.
    since = SILENT.search(words.inner_text())
    assert since
    page.clock.install()
    page.clock.fast_forward(180_000)
    page.goto("/roster/")
    expect(words).to_contain_text(since[0], timeout=20_000)
    page.goto("/dashboard/")
    expect(page.locator("h1")).to_have_text("Server tidak menjawab")


def test_a_minute_without_an_answer_is_called_that(page: Page) -> None:
    page.clock.install()
    page.context.route("**/session.json", lambda route: None)  # taken, and never answered
    weigh_first(page, "8,1")
    send_now(page)
    page.wait_for_timeout(500)
    page.clock.fast_forward(61_000)
    words = page.locator("#sync-words")
    expect(words).to_contain_text(re.compile("Server tidak menjawab dalam 1 menit sejak [0-9]+ "))
    expect(words).to_contain_text("mungkin sinyal lemah: 1 menunggu, semuanya aman di HP ini")
