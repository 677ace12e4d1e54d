"""A posyandu morning without signal, in a real Chromium in front of a server that is really gone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from registry.actions import void_measurement
from registry.models import Child, Measurement, MeasurementState, Role, User, Village
from tests.browser.conftest import sign_in
from tests.browser.phone import (
    Phone,
    at_work,
    enrol,
    measure_all,
    open_roster,
    press,
    send_now,
    sent,
    stored,
    type_in,
    wait_until_held,
)
from tests.browser.served import Served
from tests.factories import make_child, make_user, make_village, measure

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = re.compile("/measurements/batch/")


def test_forty_children_offline_closed_and_opened_again_are_received_once(
    phone_with_disk: Phone, server: Served, cadre: User, village: Village
) -> None:
    enrol(cadre, village, 40)
    page = phone_with_disk()
    at_work(page, cadre)
    server.kill()

    open_roster(page)
    measure_all(page, 40)
    page.context.close()
    page = phone_with_disk()
    open_roster(page)
    expect(page.locator(".progress")).to_contain_text("40 dari 40")
    expect(page.locator("#sync-words")).to_contain_text("40 menunggu")
    assert stored() == []

    server.start()
    sent(page)
    assert stored() == [f"{8 + n / 100:.3f}" for n in range(1, 41)]
    page.reload()
    sent(page)
    assert len(stored()) == 40


def test_a_server_killed_in_the_middle_of_sending_gets_all_of_them_once(
    phone: Phone, server: Served, cadre: User, village: Village
) -> None:
    enrol(cadre, village, 40)
    page = phone()
    at_work(page, cadre)
    page.context.route(BATCH, lambda route: route.abort())  # nothing leaves while the forty are measured
    measure_all(page, 40)
    page.context.unroute(BATCH)
    batches = []

    def second_is_the_end(route: Route) -> None:
        batches.append(route.request)
        if len(batches) == 2:
            server.kill()
        route.continue_()

    page.context.route(BATCH, second_is_the_end)
    page.goto("/outbox/")
    send_now(page)
    words = page.locator("#sync-words")
    expect(words).to_contain_text("Tanpa sinyal", timeout=20_000)
    waiting = re.search("[0-9]+ menunggu", words.inner_text())
    assert waiting
    assert 0 < len(stored()) < 40
    assert waiting[0] == f"{40 - len(stored())} menunggu"
    page.context.unroute(BATCH)
    server.start()
    sent(page)
    assert len(stored()) == 40


def test_an_answer_that_is_lost_after_storing_stores_nothing_twice(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)
    page.context.route(BATCH, lambda route: (route.fetch(), route.abort()))
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Tanpa sinyal: 3 menunggu")
    assert len(stored()) == 3
    page.context.unroute(BATCH)
    sent(page)
    expect(page.locator(".entry .chip")).to_have_text(["diterima"] * 3)
    assert len(stored()) == 3


def test_a_session_that_ended_keeps_all_and_asks_to_sign_in(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)
    page.context.clear_cookies()
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#banner")).to_contain_text("Sesi berakhir. 3 menunggu di HP ini")
    assert stored() == []
    page.locator("#banner a").click()
    page.locator("input[name=username]").fill(cadre.username)
    page.locator("input[name=password]").fill("a-long-test-password")
    page.locator("main form button").click()
    sent(page)
    assert len(stored()) == 3


def test_a_login_page_instead_of_an_answer_is_never_taken_for_success(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)
    html = {"status": 200, "content_type": "text/html", "body": "<h1>Masuk WiFi</h1>"}
    page.context.route(BATCH, lambda route: route.fulfill(**html))  # type: ignore[arg-type]
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("3 menunggu")
    expect(page.locator(".entry .chip")).to_have_text(["menunggu"] * 3)
    page.context.unroute(BATCH)
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
    expect(page.get_by_role("alert")).to_contain_text("3 entri belum diterima")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    kept = page.evaluate("""async () => {
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
    }""")
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


def test_one_bad_entry_keeps_none_of_the_good_back_and_is_put_right(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    server.start()
    # Meanwhile the first child was weighed by somebody else, so that today's weight is a leap.
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator(".entry", has_text="Anak 01")).to_contain_text("perlu diperbaiki", timeout=15_000)
    expect(page.locator(".entry", has_text="Anak 02")).to_contain_text("diterima")
    expect(page.locator(".entry", has_text="Anak 01")).to_contain_text("Berat berubah lebih banyak")
    page.get_by_role("button", name="Sudah benar, kirim lagi").click()
    expect(page.locator(".entry", has_text="Anak 01")).not_to_contain_text("perlu diperbaiki")
    sent(page)
    assert Measurement.objects.in_force().count() == 4


def test_two_phones_with_two_values_are_both_kept_and_the_newer_waits_for_the_midwife(
    phone: Phone, cadre: User, village: Village, children: list[Child]
) -> None:
    one = phone()
    at_work(one, cadre)
    measure_all(one, 3)
    two = phone()
    at_work(two, make_user(Role.CADRE, village, "wati"))
    measure_all(two, 2)
    two.goto(f"/children/{children[2].pk}/measure/")
    type_in(two, "8,9")
    two.get_by_role("button", name="Simpan", exact=True).click()
    sent(one)
    sent(two)
    expect(two.locator(".entry", has_text="Anak 03")).to_contain_text("bidan memilih")
    rival = Measurement.objects.get(state=MeasurementState.PENDING_CHOICE)
    assert (rival.child, str(rival.weight_kg)) == (children[2], "8.900")
    assert Measurement.objects.in_force().count() == 3


def test_two_tabs_send_each_entry_once(phone: Phone, cadre: User, children: list[Child]) -> None:
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)
    batches = []
    page.context.on("request", lambda request: batches.append(request) if BATCH.search(request.url) else None)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/outbox/")
        expect(tab.locator(".entry")).to_have_count(3)
    for tab in (page, other):
        tab.evaluate("() => document.getElementById('sync-now').click()")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    expect(other.locator(".entry .chip")).to_have_text(["diterima"] * 3)
    # Each entry once, whatever had been sent by itself before the two taps.
    sent_ids = [item["id"] for batch in batches for item in batch.post_data_json["items"]]
    assert sorted(sent_ids) == sorted(set(sent_ids))
    assert len(stored()) == 3


def test_what_was_saved_can_be_taken_back_for_ten_seconds(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Anak 01 belum tercatat")
    page.goto("/outbox/")
    expect(page.locator("#work")).to_contain_text("Tidak ada yang menunggu")
    assert stored() == []


def test_an_entry_that_waits_is_changed_under_its_own_id(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("link", name="ubah").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    server.start()
    sent(page)
    assert stored() == ["8.400"]


def test_a_sent_measurement_is_corrected_with_a_reason_also_offline(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    first = measure(children[0], timezone.localdate(), "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".error")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    page.get_by_role("button", name="Simpan", exact=True).click()
    server.start()
    sent(page)
    corrected = Measurement.objects.in_force().get()
    assert (str(corrected.weight_kg), corrected.supersedes, corrected.reason) == (
        "8.400",
        first,
        "salah ketik",
    )


def test_a_new_child_offline_is_enrolled_and_measured_and_twins_are_two(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    born = timezone.localdate() - timedelta(days=100)
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    for n, name in enumerate(("Bima Sakti", "Bima Saktiawan")):
        page.goto("/children/new/")
        page.get_by_label("Nama anak").fill(name)
        page.get_by_label("Nama orang tua").fill("Ibu Rini")
        page.get_by_label("Laki-laki").check()
        page.get_by_label("Tanggal lahir").fill(born.isoformat())
        page.get_by_label("Punya buku KIA/KMS?").select_option(label="ya")
        page.get_by_role("button", name="Daftarkan dan ukur").click()
        if n:
            expect(page.get_by_role("alert")).to_contain_text("Mungkin anak ini sudah terdaftar")
            page.get_by_role("button", name="Anak lain, daftarkan").click()
        expect(page.locator("h1")).to_have_text(name)
        type_in(page, f"5,{n + 5}", "60")
        page.get_by_role("button", name="Simpan", exact=True).click()
        expect(page.locator(".just-saved")).to_contain_text(name)
    server.start()
    sent(page)
    twins = Child.objects.filter(birth_date=born).order_by("name")
    assert [(c.name, str(c.measurements.get().weight_kg), c.growth_book) for c in twins] == [
        ("Bima Sakti", "5.500", True),
        ("Bima Saktiawan", "5.600", True),
    ]


def test_a_doubtful_value_is_asked_about_offline_and_one_tap_confirms_it(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/")
    type_in(page, "400")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".error")).to_contain_text("Berat harus 0,5 sampai 40 kg")
    type_in(page, "25")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("hampir tidak mungkin")
    page.get_by_role("button", name="Sudah benar, simpan").click()
    expect(page.locator(".result__word")).to_have_text("Perlu ukur ulang")
    server.start()
    sent(page)
    assert "waz_flag" in Measurement.objects.get().confirmed_doubts


def test_what_waits_goes_to_a_file_and_comes_back_on_another_phone(
    phone: Phone, server: Served, cadre: User, children: list[Child], tmp_path: Path
) -> None:
    one, two = phone(), phone()
    at_work(one, cadre)
    at_work(two, cadre)
    server.kill()
    open_roster(one)
    measure_all(one, 3)
    one.goto("/outbox/")
    with one.expect_download() as download:
        one.get_by_role("button", name="Simpan ke berkas").click()
    file = tmp_path / "kiriman.json"
    download.value.save_as(file)
    assert "Anak" not in file.read_text(encoding="utf-8")

    server.start()
    two.goto("/outbox/")
    two.set_input_files("input[type=file]", file)
    expect(two.locator("#banner")).to_contain_text("3 kiriman dibaca")
    sent(two)
    sent(one)
    assert len(stored()) == 3


def test_where_nothing_may_be_stored_it_says_so_and_still_sends(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    page.context.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no'); } })"
    )
    sign_in(page, cadre)
    expect(page.locator("#banner")).to_contain_text("tidak mau menyimpan")
    measure_all(page, 3)
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    assert len(stored()) == 3


def test_a_site_updated_while_entries_wait_keeps_them(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    server.start(version="2")
    page.goto("/roster/")
    page.evaluate("async () => { const r = await navigator.serviceWorker.ready; await r.update(); }")
    expect(page.locator("body")).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    page.reload()
    sent(page)
    assert len(stored()) == 3


def test_a_clock_that_is_wrong_is_noticed(phone: Phone, cadre: User, children: list[Child]) -> None:
    page = phone()
    page.context.add_init_script("const real = Date.now; Date.now = () => real() - 3 * 3600 * 1000;")
    sign_in(page, cadre)
    expect(page.locator("#banner")).to_contain_text("berbeda 180 menit")


def test_a_page_of_another_kind_says_that_it_needs_signal(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto("/dashboard/")
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    page.get_by_role("link", name="Ke daftar anak").click()
    expect(page.locator(".progress")).to_be_visible()


def test_a_paper_list_is_typed_with_tab_and_enter_alone_also_offline(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    measure(children[1], timezone.localdate() - timedelta(days=31), "8.0", "75.0")
    page = phone()
    at_work(page, cadre)
    page.goto("/grid/")
    expect(page.locator("tbody tr")).to_have_count(3)
    server.kill()

    expect(page.locator("tbody [name=weight_kg]").first).to_be_focused()
    for keys in ("8,1", "Tab", "76,5", "Enter"):
        press(page, keys)
    expect(page.locator("tbody tr").first).to_contain_text("menunggu")
    for keys in ("18,2", "Tab", "76", "Enter"):  # ten kilos more than last month
        press(page, keys)
    second = page.locator("tbody tr").nth(1)
    expect(second).to_contain_text("Berat berubah lebih banyak")
    expect(second.locator("[name=weight_kg]")).to_have_attribute("aria-invalid", "true")
    expect(second.get_by_role("button")).to_be_focused()
    press(page, "Enter")
    expect(second).to_contain_text("menunggu")
    for keys in ("830", "Enter"):
        press(page, keys)
    third = page.locator("tbody tr").nth(2)
    expect(third).to_contain_text("Berat harus 0,5 sampai 40 kg")
    for keys in ("Control+A", "8,3", "Enter"):
        press(page, keys)
    expect(third).to_contain_text("menunggu")

    server.start()
    sent(page)
    today = Measurement.objects.filter(measured_on=timezone.localdate()).order_by("child__name")
    assert [str(w) for w in today.values_list("weight_kg", flat=True)] == ["8.100", "18.200", "8.300"]


def test_a_change_that_comes_while_its_entry_is_being_sent_becomes_a_correction(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("link", name="ubah").click()
    held: list[Route] = []
    page.context.route(BATCH, lambda route: held.append(route))
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Mengirim 1")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".error")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    wait_until_held(page, held)
    held[0].continue_()
    page.context.unroute(BATCH)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=30_000)
    assert str(Measurement.objects.in_force().get().weight_kg) == "8.400"
    assert Measurement.objects.count() == 2


def test_a_phone_without_room_says_so_and_keeps_the_form(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    page.context.add_init_script("""
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...what) {
            if (this.name === "outbox") throw new DOMException("full", "QuotaExceededError");
            return put.apply(this, what);
        };
    """)
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator("#banner")).to_contain_text("HP ini penuh")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")


def test_what_the_midwife_took_back_is_to_be_measured_again(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    measure_all(page, 3)
    sent(page)
    for measurement in Measurement.objects.all():
        void_measurement(by=cadre, measurement_id=measurement.pk, reason="salah anak")
    page.goto("/roster/")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(".progress")).to_contain_text("0 dari 3")


def test_a_new_child_that_is_there_already_gives_it_what_was_measured(
    phone: Phone, server: Served, cadre: User, village: Village, children: list[Child]
) -> None:
    born = timezone.localdate() - timedelta(days=100)
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto("/children/new/")
    page.get_by_label("Nama anak").fill("Rara")
    page.get_by_label("Perempuan").check()
    page.get_by_label("Tanggal lahir").fill(born.isoformat())
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "5,5", "60")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    # Meanwhile the midwife has enrolled her.
    rara = make_child(make_user(Role.MIDWIFE, village), village, name="Rara Anggun", birth_date=born)
    server.start()
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#work")).to_contain_text("Mungkin anak ini sudah terdaftar", timeout=15_000)
    page.get_by_role("button", name="Ini anaknya").click()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry")).to_contain_text("Rara Anggun")
    sent(page)
    assert Child.objects.filter(birth_date=born).get() == rara
    assert str(rara.measurements.get().weight_kg) == "5.500"


def test_it_is_sent_by_itself_after_a_save_and_when_the_network_comes_back(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    assert stored() == ["8.100"]

    server.kill()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("#sync-words")).to_contain_text("Tanpa sinyal: 1 menunggu", timeout=20_000)
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    assert stored() == ["8.100", "8.200"]


def test_an_entry_that_waits_can_be_deleted_and_lasting_room_is_asked_for(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    page.context.add_init_script(
        "navigator.storage.persist = async () => { window.asked = true; return true; };"
    )
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    assert page.evaluate("window.asked") is True
    page.goto("/outbox/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".entry", has_text="Anak 02").get_by_role("button", name="Hapus").click()
    expect(page.locator(".entry")).to_have_count(2)
    server.start()
    sent(page)
    assert stored() == ["8.010", "8.030"]


def test_the_roster_is_searched_and_turned_back_a_month(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    last_month = timezone.localdate().replace(day=1) - timedelta(days=10)
    measure(children[0], last_month, "8.0", "75.0")
    page = phone()
    at_work(page, cadre)
    page.get_by_label("Cari nama").fill("02")
    expect(page.locator(".rows a")).to_have_count(1)
    page.get_by_label("Cari nama").fill("zz")
    expect(page.locator("#work")).to_contain_text("Tidak ada nama yang cocok")
    page.get_by_label("Cari nama").fill("")
    expect(page.locator(".progress")).to_contain_text("0 dari 3")
    page.locator(".actions a").first.click()
    expect(page.locator(".progress")).to_contain_text("1 dari 3")
    expect(page.locator("#done + ul")).to_contain_text("Anak 01")


def test_an_officer_of_several_villages_chooses_one(phone: Phone, cadre: User, children: list[Child]) -> None:
    make_village("33.01.01.2001", "Tambakreja")
    page = phone()
    sign_in(page, make_user(Role.DISTRICT))
    page.goto("/roster/")
    page.get_by_role("link", name="Kesugihan Kidul").click()
    expect(page.locator(".progress")).to_contain_text("0 dari 3")
    page.get_by_role("link", name="Desa lain").click()
    expect(page.locator("h1")).to_have_text("Pilih desa")
    page.get_by_role("link", name="Tambakreja").click()
    expect(page.locator("#work")).to_contain_text("Belum ada anak di daftar ini")


def test_the_workspace_speaks_english_too_and_keeps_to_it_offline(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#work")).to_contain_text("children measured", timeout=10_000)
    server.kill()
    page.goto("/roster/")
    expect(page.locator("#work")).to_contain_text("Not measured yet (3)")
    expect(page.locator("html")).to_have_attribute("lang", "en")
