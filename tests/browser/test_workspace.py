"""The workspace in careless hands: two users of one phone, two taps, two tabs, other days, slow answers."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from registry.actions import correct_measurement
from registry.models import Child, Measurement, Position, Role, User, Village
from tests.browser.conftest import sign_in
from tests.browser.phone import (
    Phone,
    at_work,
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
from tests.factories import make_child, make_user, make_village, measure, seen

pytestmark = pytest.mark.django_db(transaction=True)

ROSTER = re.compile("/work/roster.json")
ROSTER_OF_A_MONTH = re.compile("roster.json.*month=")


@pytest.fixture
def other() -> User:
    """The cadre of another village, on the same phone."""
    return make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"), "wati")


def save(page: Page) -> None:
    page.get_by_role("button", name="Simpan", exact=True).click()


def weigh_first(page: Page, weight: str) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, weight)
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()


@pytest.mark.parametrize("path", ["/grid/", "/outbox/", "/children/{child}/measure/"])
def test_whoever_signs_in_after_a_session_ended_sees_nothing_of_the_one_before(
    phone: Phone, cadre: User, other: User, children: list[Child], path: str
) -> None:
    page = phone()
    at_work(page, cadre)
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


def test_signing_out_without_signal_is_not_undone_when_it_comes_back(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
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


def test_a_roster_on_its_way_does_not_come_back_after_signing_out(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.context.route(ROSTER, lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto("/sign-out/")
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    page.wait_for_timeout(2000)
    left = page.evaluate("""() => new Promise((done) => {
        const opening = indexedDB.open("register");
        opening.onsuccess = () => {
            const asked = opening.result.transaction("rosters").objectStore("rosters").count();
            asked.onsuccess = () => done(asked.result);
        };
    })""")
    assert left == 0


def test_a_new_child_that_is_refused_is_put_right_and_asks_for_little_meanwhile(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.goto("/children/new/")
    page.get_by_label("Nama anak").fill("Rara")
    page.get_by_label("Perempuan").check()
    page.get_by_label("Tanggal lahir").fill("2015-01-01")  # eleven years: only the register says no
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "5,5", "60")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/outbox/")
    send_now(page)
    child = page.locator(".entry", has_text="Anak baru")
    expect(child).to_contain_text("lebih dari 7 tahun", timeout=15_000)
    page.wait_for_timeout(3000)
    assert len([url for url in asked if url.endswith(".json") or "/api/" in url]) < 10
    child.get_by_role("link", name="Ubah").click()
    born = (timezone.localdate() - timedelta(days=100)).isoformat()
    page.get_by_label("Tanggal lahir").fill(born)
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator("h1")).to_have_text("Kiriman")
    sent(page)
    assert [str(m.weight_kg) for m in Child.objects.get(name="Rara").measurements.all()] == ["5.500"]


def test_an_undo_after_an_edit_brings_back_what_was_there(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    weigh_first(page, "8,1")
    page.get_by_role("link", name="ubah").click()
    type_in(page, "8,3")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,3")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Perubahan dibatalkan")
    page.goto("/outbox/")
    expect(page.locator(".entry")).to_contain_text("8,1")
    server.start()
    sent(page)
    assert stored() == ["8.100"]


def test_a_correction_that_waits_stays_one_when_it_is_changed(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    first = measure(children[0], timezone.localdate(), "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/")
    for weight in ("8,4", "8,5"):
        page.locator("[name=weight_kg]").fill(weight)
        page.get_by_label("Alasan koreksi").fill("salah ketik")
        save(page)
        page.get_by_role("link", name="ubah").click()
    expect(page.get_by_label("Alasan koreksi")).to_have_value("salah ketik")
    server.start()
    sent(page)
    now = Measurement.objects.in_force().get()
    assert (str(now.weight_kg), now.supersedes) == ("8.500", first)
    assert Measurement.objects.count() == 2


def test_an_entry_of_another_day_is_opened_on_that_day(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    day = timezone.localdate() - timedelta(days=5)
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#todo + ul a").first.click()
    page.locator("[name=measured_on]").fill(day.isoformat())
    type_in(page, "8,1")
    save(page)
    page.get_by_role("link", name="ubah").click()
    expect(page.locator("[name=measured_on]")).to_have_value(day.isoformat())
    page.locator("[name=weight_kg]").fill("8,2")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,2")
    server.start()
    sent(page)
    only = Measurement.objects.get()
    assert (only.measured_on, str(only.weight_kg)) == (day, "8.200")


def test_an_entry_to_be_fixed_opens_with_its_values_and_goes_under_its_own_id(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    weigh_first(page, "8,1")
    server.start()
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator(".entry")).to_contain_text("perlu diperbaiki", timeout=15_000)
    page.get_by_role("link", name="Ubah").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,1")
    page.locator("[name=weight_kg]").fill("12,4")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("12,4")
    sent(page)
    expect(page.locator(".entry")).to_have_count(1)
    assert str(children[0].measurements.latest("measured_on").weight_kg) == "12.400"


def test_two_taps_are_one_entry(phone: Phone, cadre: User, children: list[Child]) -> None:
    page = phone()
    at_work(page, cadre)
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


def test_a_form_left_open_while_its_entry_was_received_becomes_a_correction(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    weigh_first(page, "8,1")
    page.get_by_role("link", name="ubah").click()
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=15_000)
    page.locator("[name=weight_kg]").fill("8,3")
    page.get_by_label("Alasan koreksi").fill("salah baca")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,3")
    sent(page)
    assert str(Measurement.objects.in_force().get().weight_kg) == "8.300"
    assert Measurement.objects.count() == 2


def test_a_past_months_roster_is_not_what_an_entry_is_judged_by(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    measure(children[0], today, "8.2", "76.5")
    last_month = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    page = phone()
    at_work(page, cadre)
    page.goto(f"/roster/?month={last_month}")
    page.locator(".rows a", has_text="Anak 01").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    expect(page.get_by_label("Alasan koreksi")).to_be_visible()


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
    sign_in(page, cadre)
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


def test_a_paper_lists_date_is_typed_and_a_row_is_emptied_or_received(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
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


def test_an_arm_is_rounded_on_the_phone_as_in_the_register(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "9,1", "76,5")
    page.locator("summary", has_text="LiLA").click()
    page.get_by_label("Lingkar lengan atas").fill("12,45")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("12,5")
    expect(page.locator(".just-saved .result__word")).to_have_text("Pertumbuhan baik")


def test_a_child_outside_the_area_is_not_there_and_no_fault_of_the_network(
    phone: Phone, server: Served, cadre: User, other: User, children: list[Child]
) -> None:
    page = phone()
    sign_in(page, other)
    expect(page.locator("h1")).to_contain_text("Tambakreja")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.goto(f"/children/{children[0].pk}/measure/")
    expect(page.locator("h1")).to_have_text("Halaman ini tidak ada")
    expect(page.locator("#sync-words")).not_to_contain_text("Tanpa sinyal")


def test_what_must_not_be_missed_is_on_the_screen_after_save_and_next(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    page.locator("#todo + ul a").first.click()
    type_in(page, "7,0", "66")  # 13 months: below -3 SD
    page.get_by_role("button", name="Simpan & berikutnya").click()
    if page.locator("[data-confirm]").count():
        page.locator("[data-confirm]").click()
    expect(page.locator("h1")).to_have_text("Anak 02")
    expect(page.locator(".just-saved")).to_be_focused()
    expect(page.get_by_text("Rujuk hari ini").first).to_be_in_viewport()


def test_the_network_coming_back_is_noticed_also_when_nothing_waits(
    phone: Phone, server: Served, cadre: User, village: Village, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    expect(page.locator("#sync-words")).to_contain_text("Tanpa sinyal")
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=10_000)
    measure_all(page, 3)


def test_an_old_measurement_of_a_child_past_five_is_put_right_on_another_day(
    phone: Phone, cadre: User, village: Village, children: list[Child]
) -> None:
    today = timezone.localdate()
    child = make_child(cadre, village, name="Sudah Besar", birth_date=today - timedelta(days=1900))
    first = measure(child, today - timedelta(days=500), "13.1", "95.0").measurement
    for days in (470, 440, 410, 380, 350):
        measure(child, today - timedelta(days=days), f"{13 + (500 - days) / 300:.1f}", "96.0", confirmed=True)
    page = phone()
    at_work(page, cadre)
    page.goto(f"/measurements/{first.pk}/")
    page.get_by_role("link", name="Koreksi", exact=True).click()
    expect(page.locator("[name=weight_kg]")).to_have_value("13,1")
    expect(page.get_by_text("Ini koreksi")).to_be_visible()
    expect(page.get_by_role("button", name="Simpan & berikutnya")).to_have_count(0)
    day = today - timedelta(days=502)
    page.locator("[name=measured_on]").fill(day.isoformat())
    expect(page.locator("[name=weight_kg]")).to_have_value("13,1")
    page.get_by_label("Alasan koreksi").fill("salah tanggal")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("13,1")
    sent(page)
    first.refresh_from_db()
    now = child.measurements.get(measured_on=day)
    assert (now.supersedes, now.reason, first.is_in_force) == (first, "salah tanggal", False)
    page.goto(f"/children/{child.pk}/measure/?corrects={first.pk}")
    expect(page.locator("h1")).to_have_text("Tidak bisa dikoreksi lagi")
    page.get_by_role("link", name="Lihat anak dan grafiknya").click()
    expect(page.locator("#all")).to_be_visible()


def test_what_the_phone_knows_is_corrected_without_signal_and_the_rest_asks_for_it(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    taken = [
        measure(children[0], today - timedelta(days=days), weight, "76.0", confirmed=True).measurement
        for days, weight in ((150, "7.9"), (120, "8.0"), (90, "8.1"), (60, "8.2"), (30, "8.3"))
    ]
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/?corrects={taken[0].pk}")
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    page.goto(f"/children/{children[0].pk}/measure/?corrects={taken[3].pk}")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    page.locator("[name=weight_kg]").fill("8,25")
    page.get_by_label("Alasan koreksi").fill("salah baca")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,25")
    # The same address again opens the correction that waits.
    page.goto(f"/children/{children[0].pk}/measure/?corrects={taken[3].pk}")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,25")
    expect(page.get_by_label("Alasan koreksi")).to_have_value("salah baca")
    server.start()
    sent(page)
    assert Measurement.objects.count() == 6
    assert taken[3].superseded_by.weight_kg == Decimal("8.25")


def test_a_form_left_open_while_its_entry_was_refused_changes_that_entry(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    weigh_first(page, "8,1")
    page.goto(f"/children/{children[0].pk}/measure/")  # of the day, not by its entry's address
    expect(page.locator("[name=weight_kg]")).to_have_value("8,1")
    server.start()
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("1 perlu diperbaiki", timeout=15_000)
    page.locator("[name=weight_kg]").fill("12,4")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("12,4")
    sent(page)
    expect(page.locator(".entry")).to_have_count(1)
    assert str(children[0].measurements.latest("measured_on").weight_kg) == "12.400"


def test_a_refused_entry_stands_in_its_row_of_the_paper_list(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
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


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(
    phone_with_disk: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone_with_disk()
    at_work(page, cadre)
    browser = page.context.new_cdp_session(page)
    assert browser.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    assert browser.send("Page.getAppManifest")["errors"] == []


def test_what_is_not_typed_comes_from_what_is_put_right_whatever_came_first(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    day = timezone.localdate() - timedelta(days=5)
    measure(children[0], day, "8.2", "76.5", head_cm=Decimal("45.0"))
    page = phone()
    at_work(page, cadre)
    page.goto(f"/children/{children[0].pk}/measure/")
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=measured_on]").fill(day.isoformat())
    expect(page.locator("[name=lenhei_cm]")).to_have_value("76,5")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("76,5")
    sent(page)
    now = children[0].measurements.in_force().get()
    assert (str(now.weight_kg), str(now.lenhei_cm), str(now.head_cm)) == ("8.400", "76.50", "45.0")


def test_an_entry_moved_to_a_day_that_has_a_value_asks_which(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    first = measure(children[0], today - timedelta(days=9), "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    server.kill()
    for days, weight in ((1, "8,3"), (0, "8,4")):
        page.goto(f"/children/{children[0].pk}/measure/")
        page.locator("[name=measured_on]").fill((today - timedelta(days=days)).isoformat())
        type_in(page, weight)
        save(page)
        expect(page.locator(".just-saved")).to_contain_text(weight)
    page.get_by_role("link", name="ubah").click()
    # Onto the day of the other entry that waits: that one has to be changed.
    page.locator("[name=measured_on]").fill((today - timedelta(days=1)).isoformat())
    save(page)
    expect(page.locator(".field--wrong")).to_contain_text("sudah punya isian yang menunggu")
    # Onto a day that the register has: a correction of it, with its reason.
    page.locator("[name=measured_on]").fill(first.measured_on.isoformat())
    page.get_by_label("Alasan koreksi").fill("salah tanggal")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    server.start()
    sent(page)
    first.refresh_from_db()
    assert (first.state, first.superseded_by.weight_kg) == ("superseded", Decimal("8.4"))
    assert children[0].measurements.in_force().count() == 2


def test_a_correction_that_came_too_late_is_told_why_and_corrects_what_counts_now(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    old = measure(children[0], today, "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto(f"/children/{children[0].pk}/measure/?corrects={old.pk}")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    newer = correct_measurement(
        by=cadre, id=uuid4(), measurement_id=old.pk, observation=seen(today, "8.3", "76.5"), reason="bidan"
    ).measurement
    rosters: list[object] = []
    page.on("response", lambda response: rosters.append(response) if ROSTER.search(response.url) else None)
    server.start()
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator(".entry")).to_contain_text("sudah dikoreksi atau dibatalkan", timeout=15_000)
    wait_until_held(page, rosters)  # the phone knows by it what counts now
    page.wait_for_timeout(500)
    page.get_by_role("link", name="Ubah").click()
    expect(page.locator("form")).to_contain_text("sudah dikoreksi atau dibatalkan")
    expect(page.get_by_label("Alasan koreksi")).to_have_value("salah ketik")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    sent(page)
    assert newer.superseded_by.weight_kg == Decimal("8.4")


def test_a_correction_that_came_too_late_is_opened_on_what_counts_once_that_is_known(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    old = measure(children[0], today, "8.2", "76.5").measurement
    page = phone(service_workers="block")  # through a worker not every request can be held
    sign_in(page, cadre)
    page.goto(f"/children/{children[0].pk}/measure/?corrects={old.pk}")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    held: list[Route] = []
    page.context.route(ROSTER, lambda route: held.append(route))
    save(page)
    newer = correct_measurement(
        by=cadre, id=uuid4(), measurement_id=old.pk, observation=seen(today, "8.3", "76.5"), reason="bidan"
    ).measurement
    page.get_by_role("link", name="Lihat kiriman").click()
    send_now(page)
    expect(page.locator(".entry")).to_contain_text("sudah dikoreksi atau dibatalkan", timeout=15_000)
    page.get_by_role("link", name="Ubah").click()
    page.wait_for_timeout(1000)
    expect(page.locator("form")).to_have_count(0)
    for route in held:
        route.continue_()
    page.context.unroute(ROSTER)
    expect(page.locator("form")).to_contain_text("sudah dikoreksi atau dibatalkan")
    save(page)
    sent(page)
    assert newer.superseded_by.weight_kg == Decimal("8.4")


def test_a_correction_that_changes_nothing_is_told_so_at_once(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    old = measure(children[0], timezone.localdate(), "8.2", "76.5", position=Position.LYING).measurement
    page = phone()
    at_work(page, cadre)
    page.goto(f"/children/{children[0].pk}/measure/?corrects={old.pk}")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    expect(page.locator(".field--wrong")).to_contain_text("Tidak ada yang berubah")
    expect(page.locator(".just-saved")).to_have_count(0)


def test_keys_typed_right_after_enter_are_the_next_childs(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
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
    for keys in ("8,1", "Tab", "76", "Enter", "8,2", "Tab", "77", "Enter"):
        press(page, keys)
    for row, weight, length in ((0, "8,1", "76"), (1, "8,2", "77")):
        expect(rows.nth(row).locator("[name=weight_kg]")).to_have_value(weight)
        expect(rows.nth(row).locator("[name=lenhei_cm]")).to_have_value(length)
        expect(rows.nth(row)).to_contain_text("menunggu")
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


def test_enter_after_the_weight_goes_on_to_the_length(
    phone: Phone, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
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
    expect(page.locator("#sync-words")).to_contain_text("Tanpa sinyal")
    page.get_by_role("link", name="Koreksi").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    assert f"corrects={taken.pk}" in page.url


def test_what_is_typed_outlives_a_look_elsewhere_and_the_undo_of_the_child_before(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,1")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator("h1")).to_have_text("Anak 02")
    page.locator("[name=weight_kg]").fill("14,4")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Dibatalkan: Anak 01")
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
    expect(page.locator("#banner")).to_contain_text("waktu ada sinyal")


def test_an_undo_takes_back_ones_own_change_and_nobody_elses(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    weigh_first(page, "8,1")
    address = page.get_by_role("link", name="ubah").get_attribute("href") or ""
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator("[name=weight_kg]")).to_have_value("8,1")
    other.locator("[name=weight_kg]").fill("8,6")
    save(other)
    expect(other.locator(".just-saved")).to_contain_text("8,6")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("diubah lagi, jadi tidak diurungkan")
    page.goto("/outbox/")
    expect(page.locator(".entry")).to_contain_text("8,6")


def test_signing_out_without_signal_leaves_a_page_that_says_what_to_do(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto("/sign-out/")
    expect(page.locator("#work")).to_contain_text("Untuk masuk lagi perlu sinyal")
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sambungkan dulu sekali")
    page.goto("/roster/")
    expect(page.locator("h1")).to_have_text("Sambungkan dulu sekali")


@pytest.mark.parametrize(
    ("moved", "says"),
    [(timedelta(days=-4000), "Betulkan tanggal dan jam HP"), (timedelta(days=40), "betulkan dulu jam HP")],
)
def test_a_clock_set_wrong_without_signal_is_noticed_and_the_village_stays(
    phone: Phone, server: Served, cadre: User, children: list[Child], moved: timedelta, says: str
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.clock.install(time=timezone.now() + moved)
    page.goto("/roster/")
    expect(page.locator("#banner")).to_contain_text(says)
    expect(page.locator(".progress")).to_contain_text("dari 3")


def test_a_new_child_whose_nik_is_known_is_given_to_the_one_who_has_it(
    phone: Phone, cadre: User, children: list[Child], village: Village
) -> None:
    born = timezone.localdate() - timedelta(days=500)
    known = make_child(cadre, village, name="Siti Lain", birth_date=born, nik="3301025504230001")
    page = phone()
    at_work(page, cadre)
    page.goto("/children/new/")
    page.get_by_label("Nama anak").fill("Rara")
    page.get_by_label("Laki-laki").check()
    page.get_by_label("Tanggal lahir").fill((born + timedelta(days=9)).isoformat())
    page.get_by_label("NIK anak").fill("3301025504230001")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "9,5", "77")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    page.goto("/outbox/")
    send_now(page)
    child = page.locator(".entry", has_text="Anak baru")
    expect(child).to_contain_text("NIK ini sudah dipakai Siti Lain", timeout=15_000)
    expect(page.locator(".entry", has_text="9,5")).to_contain_text("sesudah data anaknya diperbaiki")
    expect(child.get_by_role("button", name="Sudah benar, kirim lagi")).to_have_count(0)
    child.get_by_role("button", name="Ini anaknya").click()
    expect(child).to_have_count(0)
    sent(page)
    assert [str(m.weight_kg) for m in known.measurements.all()] == ["9.500"]
    assert not Child.objects.filter(name="Rara").exists()


def test_a_birth_date_after_what_was_measured_is_refused_and_a_name_goes_with_its_entries(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.goto("/children/new/")
    page.get_by_label("Nama anak").fill("Salah Nama")
    page.get_by_label("Perempuan").check()
    page.get_by_label("Tanggal lahir").fill((timezone.localdate() - timedelta(days=300)).isoformat())
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    page.locator("[name=measured_on]").fill((timezone.localdate() - timedelta(days=3)).isoformat())
    type_in(page, "8,5", "72")
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()
    page.goto("/outbox/")
    page.locator(".entry", has_text="Anak baru").get_by_role("link", name="Ubah").click()
    page.get_by_label("Tanggal lahir").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator(".field--wrong")).to_contain_text("sebelum tanggal lahir itu")
    page.get_by_label("Tanggal lahir").fill((timezone.localdate() - timedelta(days=310)).isoformat())
    page.get_by_label("Nama anak").fill("Betul Nama")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator("h1")).to_have_text("Kiriman")
    expect(page.locator(".entry", has_text="8,5")).to_contain_text("Betul Nama")
    expect(page.locator("#work")).not_to_contain_text("Salah Nama")
