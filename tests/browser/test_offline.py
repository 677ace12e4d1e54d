"""What a phone says and keeps without signal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.actions import void_measurement
from registry.models import Child, Measurement, User
from tests.browser.conftest import sign_in
from tests.browser.phone import (
    Phone,
    at_work,
    measure_all,
    open_roster,
    save,
    sent,
    stored,
    type_in,
)
from tests.browser.served import Served
from tests.factories import measure

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_saved_can_be_taken_back_for_ten_seconds(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    save(page)
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Anak 01 belum tercatat")
    page.goto("/outbox/")
    expect(page.locator("#work")).to_contain_text("Tidak ada yang menunggu")
    assert stored() == []


def test_a_doubtful_value_is_asked_about_offline_and_one_tap_confirms_it(
    page: Page, server: Served, children: list[Child]
) -> None:
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/")
    type_in(page, "400")
    save(page)
    expect(page.locator(".error")).to_contain_text("Berat harus 0,5 sampai 40 kg")
    type_in(page, "25")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("hampir tidak mungkin")
    page.get_by_role("button", name="Sudah benar, simpan").click()
    expect(page.locator(".result__word")).to_have_text("Perlu ukur ulang")
    # That it was confirmed, and that it counts nowhere, is said at once, in the roster, and by the register.
    remark, not_counted = "Nilai tidak biasa, dicatat setelah dipastikan", "tidak dihitung dalam angka"
    expect(page.locator(".just-saved")).to_contain_text("nilai dipastikan")
    expect(page.locator(".just-saved")).to_contain_text(remark)
    expect(page.locator(".just-saved")).to_contain_text(not_counted)
    server.start()
    sent(page)
    assert "waz_flag" in Measurement.objects.get().confirmed_doubts
    page.goto("/roster/")
    expect(page.locator("#again + ul")).to_contain_text("nilai dipastikan")
    page.goto(f"/children/{children[0].pk}/")
    expect(page.locator(".result")).to_contain_text(remark)
    expect(page.get_by_role("region", name="Semua pengukuran")).to_contain_text(not_counted)


def test_a_clock_that_is_wrong_is_noticed(phone: Phone, cadre: User, children: list[Child]) -> None:
    page = phone()
    page.context.add_init_script("const real = Date.now; Date.now = () => real() - 3 * 3600 * 1000;")
    sign_in(page, cadre)
    expect(page.locator("#banner")).to_contain_text("berbeda 180 menit")


def test_a_clock_put_right_without_signal_is_asked_about_and_dates_nothing_ahead(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    # Eleven days behind until it is put right, as if in the phone's settings.
    page.context.add_init_script("""
        const real = Date.now;
        Date.now = () => real() - (localStorage.getItem("mended") ? 0 : 11 * 24 * 3600 * 1000);
    """)
    at_work(page, cadre)
    today = timezone.localdate()
    server.kill()
    page.locator("#todo + ul a").first.click()
    expect(page.locator("[name=measured_on]")).to_have_value(today.isoformat())
    page.evaluate("localStorage.setItem('mended', '1')")
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Hari ini tanggal berapa?")
    shown, later = page.locator("#work button").all_inner_texts()
    assert str(today.year) in shown and later != shown
    page.get_by_role("button", name=shown).click()
    page.locator("#todo + ul a").first.click()
    day = page.locator("[name=measured_on]")
    expect(day).to_have_value(today.isoformat())
    day.fill((today + timedelta(days=1)).isoformat())
    type_in(page, "8,2")
    page.get_by_role("button", name="Simpan", exact=False).first.click()
    expect(page.locator("#work form")).to_contain_text("setelah hari ini (")
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("has_network", "heading"), [(False, "Halaman ini perlu sinyal"), (True, "Server tidak menjawab")]
)
def test_a_page_of_another_kind_says_what_it_needs(
    page: Page, server: Served, has_network: bool, heading: str
) -> None:
    server.kill()
    page.context.set_offline(not has_network)
    page.goto("/dashboard/")
    expect(page.locator("h1")).to_have_text(heading)
    page.get_by_role("link", name="Ke daftar anak").click()
    expect(page.locator(".progress")).to_be_visible()


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
    save(page)
    expect(page.locator("#banner")).to_contain_text("HP ini penuh")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")


def test_what_the_midwife_took_back_is_to_be_measured_again(page: Page, cadre: User) -> None:
    measure_all(page, 3)
    sent(page)
    for measurement in Measurement.objects.all():
        void_measurement(by=cadre, measurement_id=measurement.pk, reason="salah anak")
    page.goto("/roster/")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(".progress")).to_contain_text("0 dari 3")


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


def test_the_workspace_speaks_english_too_and_keeps_to_it_offline(
    page: Page, server: Served, children: list[Child]
) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("#work")).to_contain_text("children measured", timeout=10_000)
    server.kill()
    page.goto("/roster/")
    expect(page.locator("#work")).to_contain_text("Not measured yet (3)")
    expect(page.locator("html")).to_have_attribute("lang", "en")
