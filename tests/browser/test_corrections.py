"""Values put right on the phone: what waits, what was received, what came too late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from registry.actions import correct_measurement
from registry.models import Child, Measurement, Position, User, Village
from tests.browser.phone import (
    BATCH,
    ROSTER,
    Phone,
    add_session,
    at_work,
    save,
    send_now,
    send_outbox,
    sent,
    stored,
    type_in,
    wait_until_held,
    weigh_first,
)
from tests.browser.served import Served
from tests.factories import make_child, measure, seen

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_undo_after_an_edit_brings_back_what_was_there(page: Page, server: Served) -> None:
    server.kill()
    weigh_first(page, "8,1")
    page.get_by_role("link", name="ubah").click()
    type_in(page, "8,3")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,3")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Perubahan diurungkan")
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
    page: Page, server: Served, children: list[Child]
) -> None:
    server.kill()
    weigh_first(page, "8,1")
    server.start()
    measure(children[0], timezone.localdate() - timedelta(days=1), "12.5", "76.0", confirmed=True)
    send_outbox(page)
    expect(page.locator(".entry")).to_contain_text("perlu diperbaiki", timeout=15_000)
    page.get_by_role("link", name="Ubah").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,1")
    page.locator("[name=weight_kg]").fill("12,4")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("12,4")
    sent(page)
    expect(page.locator(".entry")).to_have_count(1)
    assert str(children[0].measurements.latest("measured_on").weight_kg) == "12.400"


def test_a_form_left_open_while_its_entry_was_received_becomes_a_correction(page: Page) -> None:
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
    page: Page, server: Served, children: list[Child]
) -> None:
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
    expect(page.locator(".field--wrong")).to_contain_text("sudah punya kiriman yang menunggu")
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
    send_outbox(page)
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
    add_session(page.context, cadre)
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


def test_an_undo_takes_back_ones_own_change_and_nobody_elses(page: Page, server: Served) -> None:
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


def test_an_entry_that_waits_is_changed_under_its_own_id(page: Page, server: Served) -> None:
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    save(page)
    page.get_by_role("link", name="ubah").click()
    expect(page.locator("[name=weight_kg]")).to_have_value("8,2")
    page.locator("[name=weight_kg]").fill("8,4")
    save(page)
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
    save(page)
    expect(page.locator(".error")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    server.start()
    sent(page)
    corrected = Measurement.objects.in_force().get()
    assert (str(corrected.weight_kg), corrected.supersedes, corrected.reason) == (
        "8.400",
        first,
        "salah ketik",
    )


def test_a_change_that_comes_while_its_entry_is_being_sent_becomes_a_correction(page: Page) -> None:
    page.locator("#todo + ul a").first.click()
    type_in(page, "8,2")
    save(page)
    page.get_by_role("link", name="ubah").click()
    held: list[Route] = []
    page.context.route(BATCH, lambda route: held.append(route))
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("Mengirim 1")
    page.locator("[name=weight_kg]").fill("8,4")
    save(page)
    expect(page.locator(".error")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    wait_until_held(page, held)
    held[0].continue_()
    page.context.unroute(BATCH)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=30_000)
    assert str(Measurement.objects.in_force().get().weight_kg) == "8.400"
    assert Measurement.objects.count() == 2
