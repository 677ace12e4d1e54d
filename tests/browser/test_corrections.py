"""Values put right on the phone: what waits, what was received, what came too late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from registry.actions import correct_measurement, void_measurement
from registry.models import Child, Measurement, Position, Role, User, Village
from tests.browser.phone import (
    BATCH,
    Phone,
    at_work,
    run_script,
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
from tests.factories import make_child, make_user, measure, seen

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
    expect(page.locator("h1")).to_have_text("Server tidak menjawab")
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


def correct_without_signal(page: Page, server: Served, child: Child) -> Measurement:
    """Today's 8,2 is corrected to 8,4 on the phone while the server is gone; return what the register has."""
    old = measure(child, timezone.localdate(), "8.2", "76.5").measurement
    page.goto("/roster/")
    expect(page.locator("#done")).to_be_visible()
    server.kill()
    page.goto(f"/children/{child.pk}/measure/?corrects={old.pk}")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    return old


def correct_too_late(page: Page, server: Served, child: Child, midwife: User) -> Measurement:
    """The cadre corrects 8,2 to 8,4 without signal; before it is sent the midwife makes it 8,3, returned."""
    today = timezone.localdate()
    old = correct_without_signal(page, server, child)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    newer = correct_measurement(
        by=midwife,
        id=uuid4(),
        measurement_id=old.pk,
        observation=seen(today, "8.3", "76.5"),
        reason="timbang",
    ).measurement
    server.start()
    send_outbox(page)
    expect(page.locator(".two-values")).to_be_visible(timeout=15_000)
    return newer


@pytest.fixture
def midwife(village: Village) -> User:
    return make_user(Role.MIDWIFE, village, "bidan-sri")


def test_a_correction_that_came_too_late_shows_both_values_and_who_and_when(
    page: Page, server: Served, midwife: User, children: list[Child]
) -> None:
    newer = correct_too_late(page, server, children[0], midwife)
    mine, theirs = page.locator(".two-values > div").all()
    expect(mine).to_contain_text("Nilai Anda")
    expect(mine).to_contain_text("8,4\u00a0kg, 76,5\u00a0cm")
    expect(theirs).to_contain_text("Yang berlaku sekarang")
    expect(theirs).to_contain_text("8,3\u00a0kg, 76,5\u00a0cm")
    expect(theirs).to_contain_text(f"bidan-sri, {timezone.localtime(newer.received_at):%-d} ")
    expect(theirs).to_contain_text("Alasan: timbang")
    left, right = mine.bounding_box(), theirs.bounding_box()
    assert left and right
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]  # side by side at 360
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # No form opens with her values over those of the midwife: one more tap on Simpan would replace them.
    expect(page.get_by_role("link", name="Ubah")).to_have_count(0)
    page.goto(f"/children/{children[0].pk}/measure/?corrects={newer.supersedes_id}")
    expect(page.locator(".two-values")).to_be_visible()
    page.goto(f"/children/{children[0].pk}/measure/")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,3")
    expect(page.get_by_label("Alasan koreksi")).to_have_value("")
    assert Measurement.objects.in_force().get() == newer


def test_of_two_values_hers_is_kept_only_for_a_reason(
    page: Page, server: Served, midwife: User, children: list[Child]
) -> None:
    newer = correct_too_late(page, server, children[0], midwife)
    page.get_by_role("button", name="Tetap pakai nilai saya").click()
    expect(page.locator(".entry .error")).to_contain_text("Tulis alasannya")
    assert Measurement.objects.in_force().get() == newer
    page.get_by_label("Mengapa nilai Anda yang benar?").fill("timbangan bidan rusak")
    page.get_by_role("button", name="Tetap pakai nilai saya").click()
    expect(page.locator(".entry .chip")).to_have_text("diterima")
    now = Measurement.objects.in_force().get()
    assert (now.weight_kg, now.supersedes, now.reason) == (Decimal("8.4"), newer, "timbangan bidan rusak")


def test_of_two_values_theirs_is_kept_with_one_tap(
    page: Page, server: Served, midwife: User, children: list[Child]
) -> None:
    newer = correct_too_late(page, server, children[0], midwife)
    page.get_by_role("button", name="Pakai yang berlaku").click()
    expect(page.locator("#banner")).to_contain_text(
        "Kiriman Anda dihapus dari HP ini. Yang berlaku sekarang: 8,3"
    )
    expect(page.locator(".entry")).to_have_count(0)
    assert Measurement.objects.in_force().get() == newer


def test_a_correction_of_what_was_voided_meanwhile_says_so(
    page: Page, server: Served, midwife: User, children: list[Child]
) -> None:
    newer = correct_too_late(page, server, children[0], midwife)
    void_measurement(by=midwife, measurement_id=newer.pk, reason="salah anak")
    page.get_by_label("Mengapa nilai Anda yang benar?").fill("benar")
    page.get_by_role("button", name="Tetap pakai nilai saya").click()
    theirs = page.locator(".two-values > div").last
    expect(theirs).to_contain_text("Dibatalkan: tidak ada hasil yang berlaku")
    expect(theirs).to_contain_text("Alasan: salah anak")
    page.get_by_role("button", name="Tetap pakai nilai saya").click()
    expect(page.locator(".entry .chip")).to_have_text("diterima")
    assert Measurement.objects.in_force().get().weight_kg == Decimal("8.4")


def test_what_the_midwife_changed_while_the_form_was_open_is_shown_before_it_is_replaced(
    phone: Phone, cadre: User, midwife: User, children: list[Child]
) -> None:
    today = timezone.localdate()
    old = measure(children[0], today, "8.2", "76.5").measurement
    page = phone()
    at_work(page, cadre)
    page.goto(f"/children/{children[0].pk}/measure/")
    expect(page.locator("[data-t=counts]")).to_contain_text("Yang berlaku sekarang: 8,2\u00a0kg")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    newer = correct_measurement(
        by=midwife, id=uuid4(), measurement_id=old.pk, observation=seen(today, "8.3", "76.5"), reason="bidan"
    ).measurement
    # What another tab sends brings this village's roster anew, under the form.
    run_script(
        page,
        """async () => {
        const done = new Promise((found) => { window.rosterCame = found; });
        const real = window.fetch;
        window.fetch = async (...what) => {
            const answer = await real(...what);
            if (String(what[0]).includes("roster.json")) setTimeout(window.rosterCame, 300);
            return answer;
        };
        const now = Date.now;
        Date.now = () => now() + 20 * 60 * 1000;  // asked for again: the roster is no longer fresh
        dispatchEvent(new Event("online"));
        await done;
    }""",
    )
    save(page)
    expect(page.locator(".error")).to_contain_text("orang lain baru mengubah hasil ini")
    expect(page.locator(".error")).to_contain_text("Yang berlaku sekarang: 8,3\u00a0kg")
    expect(page.get_by_label("Alasan koreksi")).to_have_value("")
    expect(page.locator("[name=weight_kg]")).to_have_value("8,4")
    save(page)
    expect(page.locator(".error")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan koreksi").fill("sudah ditimbang ulang")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,4")
    sent(page)
    assert newer.superseded_by.reason == "sudah ditimbang ulang"


def test_the_undo_of_a_correction_says_what_counts_now(
    page: Page, server: Served, children: list[Child]
) -> None:
    correct_without_signal(page, server, children[0])
    page.get_by_role("button", name="Urungkan").click()
    banner = page.locator("#banner")
    expect(banner).to_contain_text(
        "Koreksi Anak 01 diurungkan. Yang berlaku sekarang: 8,2\u00a0kg, 76,5\u00a0cm"
    )
    expect(banner).not_to_contain_text("belum tercatat")


def test_a_correction_that_was_sent_meanwhile_says_what_counts_now(page: Page, children: list[Child]) -> None:
    old = measure(children[0], timezone.localdate(), "8.2", "76.5").measurement
    page.goto(f"/children/{children[0].pk}/measure/?corrects={old.pk}")
    page.locator("[name=weight_kg]").fill("8,4")
    page.get_by_label("Alasan koreksi").fill("salah ketik")
    save(page)
    expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
    other = page.context.new_page()
    sent(other)
    page.locator("#undo button").evaluate("(button) => button.click()")
    expect(page.locator("#banner")).to_contain_text("jadi tidak diurungkan")
    expect(page.locator("#banner")).to_contain_text("Yang berlaku sekarang: 8,4\u00a0kg, 76,5\u00a0cm")


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
