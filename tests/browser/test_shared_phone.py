"""Who signs in and out on a phone, and what the next user of it sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.models import Child, Measurement, Role, User, Village
from tests.browser.conftest import sign_in
from tests.browser.phone import (
    ROSTER,
    Phone,
    add_session,
    at_work,
    measure_all,
    run_script,
    send_outbox,
    sent,
    stored,
    wait_for_worker,
    weigh_first,
)
from tests.browser.served import Served
from tests.factories import make_user, make_village

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/grid/", "/outbox/", "/children/{child}/measure/"])
def test_whoever_signs_in_after_a_session_ended_sees_nothing_of_the_one_before(
    page: Page, other: User, children: list[Child], path: str
) -> None:
    weigh_first(page, "8,1")
    page.context.clear_cookies()
    page.goto(f"/accounts/login/?next={path.format(child=children[1].pk)}")
    page.locator("input[name=username]").fill(other.username)
    page.locator("input[name=password]").fill("a-long-test-password")
    page.locator("main form button").click()
    expect(page.locator("#who")).to_contain_text("Tambakreja")
    page.wait_for_timeout(1000)
    expect(page.locator("body")).not_to_contain_text("Anak 0")
    page.goto("/roster/")
    expect(page.locator("h1")).to_contain_text("Tambakreja")
    assert stored() == []


def test_signing_out_without_signal_is_not_undone_when_it_comes_back(page: Page, server: Served) -> None:
    tab = page.context.new_page()
    tab.goto("/roster/")
    expect(tab.locator("#todo")).to_be_visible()
    server.kill()
    page.goto("/sign-out/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.locator("#work")).to_contain_text("Sambungkan dulu sekali")
    expect(tab.locator("body")).not_to_contain_text("Anak 0")
    server.start()
    page.get_by_role("button", name="Coba lagi").click()
    page.wait_for_url("**/accounts/login/**")
    expect(page.locator("input[name=username]")).to_be_visible()


def test_a_roster_on_its_way_does_not_come_back_after_signing_out(page: Page) -> None:
    page.context.route(ROSTER, lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto("/sign-out/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    page.wait_for_timeout(2000)
    left = run_script(
        page,
        """() => new Promise((done) => {
        const opening = indexedDB.open("register");
        opening.onsuccess = () => {
            const asked = opening.result.transaction("rosters").objectStore("rosters").count();
            asked.onsuccess = () => done(asked.result);
        };
    })""",
    )
    assert left == 0


def test_a_child_outside_the_area_is_not_there_and_no_fault_of_the_network(
    phone: Phone, server: Served, cadre: User, other: User, children: list[Child]
) -> None:
    page = phone()
    add_session(page.context, other)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("Tambakreja")
    wait_for_worker(page)
    page.goto(f"/children/{children[0].pk}/measure/")
    expect(page.locator("h1")).to_have_text("Halaman ini tidak ada")
    expect(page.locator("#sync-words")).not_to_contain_text("Tanpa sinyal")


def test_signing_out_without_signal_leaves_a_page_that_says_what_to_do(page: Page, server: Served) -> None:
    server.kill()
    page.goto("/sign-out/")
    expect(page.locator("#work")).to_contain_text("Untuk masuk lagi perlu sinyal")
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sambungkan dulu sekali")
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Sambungkan dulu sekali")


def test_a_session_that_ended_keeps_all_and_asks_to_sign_in(page: Page, server: Served, cadre: User) -> None:
    measure_all(page, 3)
    page.context.clear_cookies()
    send_outbox(page)
    expect(page.locator("#banner")).to_contain_text("keluar sendiri. 3 menunggu di HP ini")
    assert stored() == []
    page.locator("#banner a").click()
    page.locator("input[name=username]").fill(cadre.username)
    page.locator("input[name=password]").fill("a-long-test-password")
    page.locator("main form button").click()
    sent(page)
    assert len(stored()) == 3


def test_another_cadre_on_the_same_phone_sees_and_sends_nothing_of_the_first(
    phone: Phone, server: Served, cadre: User, village: Village, children: list[Child]
) -> None:
    other = make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"), "wati")
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)

    page.goto("/sign-out/")
    expect(page.get_by_role("alert")).to_contain_text("3 kiriman belum masuk register")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    kept = run_script(
        page,
        """async () => {
        const database = await new Promise((done) => {
            const opening = indexedDB.open("register");
            opening.onsuccess = () => done(opening.result);
        });
        const all = (name) => new Promise((done) => {
            const asked = database.transaction(name).objectStore(name).getAll();
            asked.onsuccess = () => done(asked.result);
        });
        const [me, keys, rosters, outbox] = await Promise.all(["me", "keys", "rosters", "outbox"].map(all));
        const caught = [];
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) caught.push(await (await cache.match(request)).text());
        }
        return { me, keys, rosters, waiting: outbox.length, all: JSON.stringify(outbox) + caught.join("") };
    }""",
    )
    assert (kept["me"], kept["keys"], kept["rosters"], kept["waiting"]) == ([], [], [], 3)
    assert "Anak 01" not in kept["all"]
    assert "sumarni" not in kept["all"]

    sign_in(page, other)
    expect(page.locator("h1")).to_contain_text("Tambakreja")
    page.goto("/outbox/")
    expect(page.locator("#work")).to_contain_text("Tidak ada yang menunggu")
    server.kill()
    page.goto("/roster/")
    expect(page.locator("h1")).to_contain_text("Tambakreja")
    expect(page.locator("body")).not_to_contain_text("Anak 01")
    server.start()
    assert stored() == []

    page.goto("/sign-out/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, cadre)
    sent(page)
    assert len(stored()) == 3
    assert set(Measurement.objects.values_list("recorded_by", flat=True)) == {cadre.pk}


def test_an_officer_of_several_villages_chooses_one(phone: Phone, cadre: User, children: list[Child]) -> None:
    make_village("33.01.01.2001", "Tambakreja")
    page = phone()
    add_session(page.context, make_user(Role.DISTRICT))
    page.goto("/roster/")
    page.get_by_role("link", name="Kesugihan Kidul").click()
    expect(page.locator(".progress")).to_contain_text("0 dari 3")
    page.get_by_role("link", name="Desa lain").click()
    expect(page.locator("h1")).to_have_text("Pilih desa")
    page.get_by_role("link", name="Tambakreja").click()
    expect(page.locator("#work")).to_contain_text("Belum ada anak di daftar ini")
