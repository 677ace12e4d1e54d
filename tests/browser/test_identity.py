"""Putting a child's identity right in two browsers at once, and a birth date that turns classes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import ChangeLog, Child, Role, Sex, User, Village
from tests.browser.conftest import DESK, PHONE
from tests.browser.phone import enter_new_child
from tests.factories import make_child, make_puskesmas, make_user, measure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    born = timezone.localdate() - timedelta(days=500)
    return make_child(cadre, village, name="Adi Contoh", sex=Sex.BOY, birth_date=born)


def save(page: Page) -> None:
    page.get_by_role("button", name="Simpan", exact=True).click()


def test_two_officers_edit_one_child_and_neither_wipes_the_other(
    new_context: Callable[..., BrowserContext], cadre: User, village: Village, child: Child
) -> None:
    puskesmas = make_puskesmas()
    village.puskesmas = puskesmas
    village.save()
    other = make_user(Role.PUSKESMAS, puskesmas, "bidan-sri")
    one, two = (new_context(PHONE, user=cadre).new_page(), new_context(DESK, user=other).new_page())
    for page in (one, two):
        page.goto(f"/children/{child.pk}/edit/")
    two.get_by_label("Nama anak").fill("Adi Contohan")
    two.get_by_label("Nama orang tua").fill("Bu Aminah")
    save(two)
    expect(two.locator(".notice--saved")).to_contain_text("Identitas tersimpan")

    one.get_by_label("Nama anak").fill("Adhi Contoh")
    one.get_by_label("RT").fill("03")
    save(one)
    choice = one.get_by_role("group", name="Nama")
    expect(choice).to_contain_text("Yang Anda tulis: Adhi Contoh")
    expect(choice).to_contain_text("Yang disimpan bidan-sri")
    expect(choice).to_contain_text("Adi Contohan")
    expect(one.get_by_label("Nama orang tua")).to_have_value("Bu Aminah")
    assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
    child.refresh_from_db()
    assert (child.name, child.rt) == ("Adi Contohan", "")

    choice.get_by_label("Yang disimpan").check()
    save(one)
    expect(one.locator(".notice--saved")).to_contain_text("Identitas tersimpan")
    child.refresh_from_db()
    assert (child.name, child.rt, child.parent_name) == ("Adi Contohan", "03", "Bu Aminah")
    expect(one.locator("#changes + ol")).to_contain_text("bidan-sri")


def test_a_birth_date_that_turns_classes_is_confirmed_in_words(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    for days, weight, height in ((140, "8.8", "74.0"), (80, "9.2", "76.0"), (20, "9.5", "77.8")):
        measure(child, timezone.localdate() - timedelta(days=days), weight, height, confirmed=True)
    wrong = date.fromordinal(child.birth_date.toordinal() - 730)
    page = new_context(PHONE, user=cadre).new_page()
    page.goto(f"/children/{child.pk}/edit/")
    page.get_by_label("Tanggal lahir").fill(wrong.isoformat())
    page.get_by_label("Mengapa diubah?").fill("sesuai akta")
    save(page)
    question = page.locator(".notice--watch")
    expect(question).to_contain_text("3 pengukuran menjadi sangat pendek (TB/U)")
    expect(page.get_by_label("Tanggal lahir")).to_have_value(wrong.isoformat())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not ChangeLog.objects.exists()

    question.get_by_label("Ya, sudah saya periksa").check()
    save(page)
    expect(page.locator("#changes + ol")).to_contain_text("Alasan: sesuai akta")
    child.refresh_from_db()
    assert child.birth_date == wrong


def test_the_phone_takes_an_age_and_asks_about_a_mothers_nik(
    new_context: Callable[..., BrowserContext], cadre: User
) -> None:
    page = new_context(PHONE, user=cadre).new_page()
    page.goto("/")
    enter_new_child(page, "Siti Contoh", "")
    page.get_by_label("Umur hari ini").fill("26")
    page.get_by_label("Tanggal lahir").fill("2023-04-15")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator(".error")).to_contain_text("Kosongkan umurnya")
    page.get_by_label("Tanggal lahir").fill("")
    page.get_by_label("NIK anak").fill("3301025403950001")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator(".notice--watch")).to_contain_text("NIK ibu atau ayahnya?")
    page.get_by_role("button", name="Sudah saya periksa").click()
    expect(page.locator("h1")).to_have_text("Siti Contoh")
    expect(page.locator("main")).to_contain_text("26 bulan, lahir sekitar")
