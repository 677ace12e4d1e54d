"""What waits on the phone is received once, whatever happens on its way."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from registry.models import Child, Measurement, MeasurementState, Role, User, Village
from tests.browser.conftest import sign_in
from tests.browser.phone import (
    BATCH,
    SILENT,
    Phone,
    add_session,
    at_work,
    enrol,
    measure_all,
    open_roster,
    run_script,
    save,
    send_now,
    send_outbox,
    sent,
    stored,
    type_in,
)
from tests.browser.served import Served
from tests.factories import make_district, make_user, measure

pytestmark = pytest.mark.django_db(transaction=True)


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
    send_outbox(page)
    words = page.locator("#sync-words")
    expect(words).to_contain_text(SILENT, timeout=20_000)
    waiting = re.search("[0-9]+ menunggu", words.inner_text())
    assert waiting
    assert 0 < len(stored()) < 40
    assert waiting[0] == f"{40 - len(stored())} menunggu"
    page.context.unroute(BATCH)
    server.start()
    sent(page)
    assert len(stored()) == 40


def test_an_answer_that_is_lost_after_storing_stores_nothing_twice(page: Page) -> None:
    measure_all(page, 3)
    page.context.route(BATCH, lambda route: (route.fetch(), route.abort()))
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text(SILENT)
    expect(page.locator("#sync-words")).to_contain_text("3 menunggu, semuanya aman")
    assert len(stored()) == 3
    page.context.unroute(BATCH)
    sent(page)
    expect(page.locator(".entry .chip")).to_have_text(["diterima"] * 3)
    assert len(stored()) == 3


def test_a_login_page_instead_of_an_answer_is_never_taken_for_success(page: Page) -> None:
    measure_all(page, 3)
    html = {"status": 200, "content_type": "text/html", "body": "<h1>Masuk WiFi</h1>"}
    page.context.route(BATCH, lambda route: route.fulfill(**html))  # type: ignore[arg-type]
    send_outbox(page)
    words = page.locator("#sync-words")
    expect(words).to_contain_text("yang menjawab halaman lain: 3 menunggu, semuanya aman di HP ini")
    expect(words).not_to_contain_text("Tanpa sinyal")
    expect(page.locator(".entry .chip")).to_have_text(["menunggu"] * 3)
    page.context.unroute(BATCH)
    sent(page)
    assert len(stored()) == 3


@pytest.mark.parametrize(
    ("path", "status"), [(BATCH, 503), (BATCH, 429), ("**/session.json", 503), ("**/session.json", 429)]
)
def test_what_a_busy_register_sends_back_waits_and_is_sent_later(page: Page, path: str, status: int) -> None:
    measure_all(page, 3)
    answer = {"status": status, "content_type": "application/json", "body": '{"code": "busy"}'}
    page.context.route(path, lambda route: route.fulfill(**answer))  # type: ignore[arg-type]
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Server sedang sibuk: 3 menunggu")
    expect(page.locator(".entry .chip")).to_have_text(["menunggu"] * 3)
    page.context.unroute(path)
    sent(page)
    assert len(stored()) == 3


def test_a_busy_register_is_left_alone_as_long_as_it_asked(page: Page) -> None:
    measure_all(page, 1)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/session.json" in request.url else None)
    busy = {"status": 503, "content_type": "text/html", "headers": {"Retry-After": "120"}, "body": "sibuk"}
    page.context.route("**/session.json", lambda route: route.fulfill(**busy))  # type: ignore[arg-type]
    page.clock.install()
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Server sedang sibuk: 1 menunggu")
    before = len(asked)
    page.clock.fast_forward(110_000)
    page.wait_for_timeout(500)
    assert len(asked) == before
    page.context.unroute("**/session.json")
    page.clock.fast_forward(15_000)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim")
    assert len(stored()) == 1


def test_one_bad_entry_keeps_none_of_the_good_back_and_is_put_right(
    page: Page, server: Served, children: list[Child]
) -> None:
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    server.start()
    # Meanwhile the first child was weighed by somebody else, so that today's weight is a leap.
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    send_outbox(page)
    expect(page.locator(".entry", has_text="Anak 01")).to_contain_text("perlu diperbaiki", timeout=15_000)
    expect(page.locator(".entry", has_text="Anak 02")).to_contain_text("diterima")
    expect(page.locator(".entry", has_text="Anak 01")).to_contain_text("Berat berubah terlalu banyak")
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
    save(two)
    sent(one)
    sent(two)
    expect(two.locator(".entry", has_text="Anak 03")).to_contain_text("bidan desa memilih")
    rival = Measurement.objects.get(state=MeasurementState.PENDING_CHOICE)
    assert (rival.child, str(rival.weight_kg)) == (children[2], "8.900")
    assert Measurement.objects.in_force().count() == 3


def test_two_tabs_send_each_entry_once(page: Page) -> None:
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


def test_what_a_closed_account_has_saved_the_district_records_in_her_name(
    phone: Phone, page: Page, server: Served, cadre: User, tmp_path: Path
) -> None:
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    server.start()
    User.objects.filter(pk=cadre.pk).update(is_active=False)
    page.goto("/outbox/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Simpan ke berkas").click()
    file = tmp_path / "kiriman.json"
    download.value.save_as(file)

    desk = phone()
    add_session(desk.context, make_user(Role.DISTRICT, make_district(), "dinas"))
    desk.goto("/cadres/outbox-file/")
    desk.set_input_files("input[type=file]", file)
    desk.get_by_role("button", name="Buka").click()
    expect(desk.locator(".entry .chip")).to_have_text(["dapat dicatat"] * 3)
    desk.get_by_role("button", name="Catat atas nama sumarni").click()
    expect(desk.locator(".entry .chip")).to_have_text(["tercatat"] * 3)
    assert len(stored()) == 3
    assert set(Measurement.objects.values_list("recorded_by", flat=True)) == {cadre.pk}


def test_where_nothing_may_be_stored_it_says_so_and_still_sends(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    page.context.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no'); } })"
    )
    sign_in(page, cadre)
    expect(page.locator("#banner")).to_contain_text("tidak terbuka: jangan tutup halaman ini")
    measure_all(page, 3)
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("tidak ada yang menunggu", timeout=20_000)
    expect(page.locator("#sync-words")).to_contain_text("kiriman sebelumnya belum bisa diperiksa")
    assert len(stored()) == 3


def test_a_site_updated_while_entries_wait_keeps_them(page: Page, server: Served) -> None:
    server.kill()
    open_roster(page)
    measure_all(page, 3)
    server.start(version="2")
    page.goto("/roster/")
    run_script(page, "async () => { const r = await navigator.serviceWorker.ready; await r.update(); }")
    expect(page.locator("body")).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    page.reload()
    sent(page)
    assert len(stored()) == 3


def test_it_is_sent_by_itself_after_a_save_and_when_the_network_comes_back(
    page: Page, server: Served
) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    assert stored() == ["8.100"]

    server.kill()
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("#sync-words")).to_contain_text(SILENT, timeout=20_000)
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu, semuanya aman")
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=20_000)
    assert stored() == ["8.100", "8.200"]
