"""The form, the paper list and the roster in careless hands: two taps, other days, slow answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from registry.models import Child, Measurement, User, Village
from registry.validation_messages import spoken_date
from tests.browser.phone import (
    BATCH,
    SILENT,
    Phone,
    add_session,
    at_work,
    measure_all,
    open_roster,
    press,
    save,
    send_now,
    sent,
    stored,
    type_in,
    wait_until_held,
    weigh_first,
)
from tests.browser.served import Served
from tests.factories import make_child, measure

pytestmark = pytest.mark.django_db(transaction=True)

ROSTER_OF_A_MONTH = re.compile("roster.json.*month=")


def test_two_taps_are_one_entry(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    page.evaluate("""() => {
        const button = document.querySelector("button[value=stay]");
        button.click();
        button.click();
    }""")
    expect(page.locator(".just-saved")).to_be_visible()
    page.goto("/outbox/")
    expect(page.locator(".entry")).to_have_count(1)


def test_what_was_typed_stays_when_the_day_is_changed(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    measure(children[0], today - timedelta(days=40), "7.9", "74.0")
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1", "75,5")
    page.locator("[name=position][value=H]").check()
    expect(page.locator("#work")).to_contain_text("Terakhir 7,9 kg")
    page.locator("[name=measured_on]").fill((today - timedelta(days=45)).isoformat())
    expect(page.locator("[name=weight_kg]")).to_have_value("8,1")
    expect(page.locator("[name=position][value=H]")).to_be_checked()
    expect(page.locator("#work")).not_to_contain_text("Terakhir 7,9 kg")


def test_a_slow_page_does_not_take_the_place_of_the_form(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone(service_workers="block")  # through a worker not every request can be held
    add_session(page.context, cadre)
    page.goto("/roster/")
    expect(page.locator("#todo")).to_be_visible()
    held: list[Route] = []
    page.context.route(ROSTER_OF_A_MONTH, lambda route: held.append(route))
    page.locator(".actions a").first.click()  # the month before
    wait_until_held(page, held)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    with page.expect_response(ROSTER_OF_A_MONTH) as answer:
        held[0].continue_()
    answer.value.finished()
    page.wait_for_timeout(1000)
    expect(page.locator("[name=weight_kg]")).to_have_value("8,1")


def test_an_arm_is_rounded_on_the_phone_as_in_the_register(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "9,1", "76,5")
    page.get_by_label("Lingkar lengan atas").fill("12,45")  # not folded away from six months on
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("12,5")
    expect(page.locator(".just-saved .result__word")).to_have_text("Status gizi baik")


def test_arm_and_swelling_are_folded_away_below_six_months_only(
    page: Page, cadre: User, village: Village
) -> None:
    for days, is_open in ((182, False), (183, True)):
        born = timezone.localdate() - timedelta(days=days)
        child = make_child(cadre, village, name=f"Bayi {days}", birth_date=born)
        page.goto(f"/children/{child.pk}/measure/")
        expect(page.get_by_label("Berat")).to_be_visible()
        expect(page.get_by_label("Bengkak (edema) di kedua punggung kaki")).to_be_visible(visible=is_open)


def test_what_must_not_be_missed_is_on_the_screen_after_save_and_next(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "5,4", "66")  # 13 months: WHZ -3.48, gizi buruk
    page.get_by_role("button", name="Simpan & berikutnya").click()
    if page.locator("[data-confirm]").count():
        page.locator("[data-confirm]").click()
    expect(page.locator("h1")).to_have_text("Anak 02")
    expect(page.locator(".just-saved")).to_be_focused()
    expect(page.get_by_text("Rujuk ke puskesmas hari ini").first).to_be_in_viewport()


def test_the_network_coming_back_is_noticed_also_when_nothing_waits(page: Page, server: Served) -> None:
    server.kill()
    open_roster(page)
    expect(page.locator("#sync-words")).to_contain_text(SILENT)
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=10_000)
    measure_all(page, 3)


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(
    phone_with_disk: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone_with_disk()
    at_work(page, cadre)
    browser = page.context.new_cdp_session(page)
    assert browser.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    assert browser.send("Page.getAppManifest")["errors"] == []


def test_enter_after_the_weight_goes_on_to_the_length(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    page.locator("[name=weight_kg]").fill("8,1")
    page.locator("[name=weight_kg]").press("Enter")
    expect(page.locator("[name=lenhei_cm]")).to_be_focused()
    expect(page.locator("h1")).to_have_text("Anak 01")
    assert page.locator("[name=weight_kg]").get_attribute("enterkeyhint") == "next"


def test_a_month_gone_by_knows_nothing_of_what_waits_today(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    before = today.replace(day=1) - timedelta(days=3)
    measure(children[0], before, "8.0", "76.0")
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2", "76,4")
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()
    page.goto(f"/roster/?month={before:%Y-%m}")
    expect(page.locator(".progress")).to_contain_text("1 dari 3")
    expect(page.locator("#done + ul")).to_contain_text("8,0")


def test_a_child_measured_before_is_opened_without_signal_too(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    taken = measure(children[0], timezone.localdate(), "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#done + ul a").first.click()
    expect(page.locator("h1")).to_have_text("Anak 01")
    expect(page.locator("#work")).to_contain_text("8,2")
    expect(page.locator("#sync-words")).to_contain_text(SILENT)
    page.get_by_role("link", name="Koreksi").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    assert f"corrects={taken.pk}" in page.url


def test_what_is_typed_outlives_a_look_elsewhere_and_the_undo_of_the_child_before(
    page: Page, server: Served
) -> None:
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("h1")).to_have_text("Anak 02")
    page.locator("[name=weight_kg]").fill("14,4")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Diurungkan: Anak 01")
    expect(page.locator("[name=weight_kg]")).to_have_value("14,4")
    page.locator(".breadcrumb a").first.click()
    expect(page.locator(".progress")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=weight_kg]")).to_have_value("14,4")
    page.locator("#language button[value=en]").click()
    expect(page.locator("#banner")).to_contain_text("Simpan dulu isian ini")
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=lenhei_cm]").fill("76")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    page.goto("/roster/")
    page.locator("#language button[value=en]").click()
    expect(page.locator("#banner")).to_contain_text("waktu tersambung")


@pytest.mark.parametrize(
    ("moved", "says"),
    [(timedelta(days=-4000), "Betulkan dulu. Sementara itu"), (timedelta(days=40), "betulkan dulu jam HP")],
)
def test_a_clock_set_wrong_without_signal_is_noticed_and_the_village_stays(
    page: Page, server: Served, moved: timedelta, says: str
) -> None:
    server.kill()
    page.clock.install(time=timezone.now() + moved)
    page.goto("/roster/")
    expect(page.locator("#banner")).to_contain_text(says)
    expect(page.locator(".progress")).to_contain_text("dari 3")


def test_a_paper_lists_date_is_typed_and_a_row_is_emptied_or_received(page: Page) -> None:
    page.goto("/grid/")
    day = timezone.localdate() - timedelta(days=1)
    date = page.locator("#f_grid_day")
    date.focus()
    for keys in day.strftime("%m%d%Y"):
        page.keyboard.type(keys)
    press(page, "Enter")
    expect(date).to_have_value(day.isoformat())
    first, second = page.locator("tbody tr").nth(0), page.locator("tbody tr").nth(1)
    for row, weight in ((first, "8,1"), (second, "8,2")):
        row.locator("[name=weight_kg]").fill(weight)
        row.locator("[name=weight_kg]").press("Enter")
        expect(row).to_contain_text("menunggu")
    first.locator("[name=weight_kg]").fill("")
    first.locator("[name=weight_kg]").press("Enter")
    expect(first).not_to_contain_text("menunggu")
    send_now(page)
    expect(second).to_contain_text("diterima", timeout=15_000)
    expect(second.locator("[name=weight_kg]")).to_be_disabled()
    assert stored() == ["8.200"]
    assert Measurement.objects.get().measured_on == day


def test_a_refused_entry_stands_in_its_row_of_the_paper_list(
    page: Page, server: Served, children: list[Child]
) -> None:
    server.kill()
    weigh_first(page, "8,1")
    server.start()
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("1 perlu diperbaiki", timeout=15_000)
    page.goto("/grid/")
    row = page.locator("tbody tr").first
    expect(row.locator("[name=weight_kg]")).to_have_value("8,1")
    expect(row).to_contain_text("perlu diperbaiki")
    row.locator("[name=weight_kg]").fill("12,4")
    row.locator("[name=weight_kg]").press("Enter")
    expect(row).to_contain_text("menunggu")
    sent(page)
    expect(page.locator(".entry")).to_have_count(1)
    assert str(children[0].measurements.latest("measured_on").weight_kg) == "12.400"


def test_keys_typed_right_after_enter_are_the_next_childs(page: Page) -> None:
    page.context.route(BATCH, lambda route: route.abort())  # what is received is drawn anew
    page.goto("/grid/")
    rows = page.locator("tbody tr")
    rows.nth(0).locator("[name=weight_kg]").focus()
    # A phone that takes its time to store: everything is typed before it is done.
    page.evaluate("""() => {
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...given) {
            const until = performance.now() + 300;
            while (performance.now() < until);
            return put.apply(this, given);
        };
    }""")
    # With decimals: a row that was stored shows its values again when the next one is, 76 as 76,0.
    for keys in ("8,1", "Tab", "76,5", "Enter", "8,2", "Tab", "77,5", "Enter"):
        press(page, keys)
    for row, weight, length in ((0, "8,1", "76,5"), (1, "8,2", "77,5")):
        expect(rows.nth(row).locator("[name=weight_kg]")).to_have_value(weight)
        expect(rows.nth(row).locator("[name=lenhei_cm]")).to_have_value(length)
        expect(rows.nth(row)).to_contain_text("menunggu")
    page.context.unroute(BATCH)
    sent(page)
    assert stored() == ["8.100", "8.200"]


def test_another_date_of_the_paper_list_leads_on_to_its_cells(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    day = timezone.localdate() - timedelta(days=2)
    page = phone()
    at_work(page, cadre)
    page.goto("/grid/")
    date = page.locator("#f_grid_day")
    date.fill(day.isoformat())
    date.press("Enter")
    expect(page.locator("tbody tr").first.locator("[name=weight_kg]")).to_be_focused()
    date.fill((day - timedelta(days=1)).isoformat())
    page.locator("tbody tr").nth(1).locator("[name=weight_kg]").click()
    expect(page.locator("tbody tr").nth(1).locator("[name=weight_kg]")).to_be_focused()


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
    expect(second).to_contain_text("Berat berubah terlalu banyak")
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


def test_a_child_weighed_only_is_still_said_to_be_short(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    day = timezone.localdate() - timedelta(days=35)  # at 365 days: −2 SD of a girl's length is 68.9 cm
    measure(children[0], day, "8.2", "67.5", position="L")
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,6", "")
    save(page)
    saved = page.locator(".just-saved")
    expect(saved).to_contain_text("tinggi belum diukur")
    expect(saved.locator(".chip--act")).to_have_text("Pendek")
    expect(saved).to_contain_text(f"diukur {spoken_date(day)}")
    expect(saved).to_contain_text("Rujuk ke bidan desa atau puskesmas minggu ini")
    page.goto(f"/children/{children[0].pk}/")
    expect(page.locator(".chip--act")).to_have_text("Pendek")
