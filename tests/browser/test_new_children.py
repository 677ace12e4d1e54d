"""Children enrolled on the phone: refused, known already, twins, put right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.models import Child, Role, User, Village
from tests.browser.phone import (
    Phone,
    at_work,
    enter_new_child,
    open_roster,
    save,
    send_outbox,
    sent,
    type_in,
)
from tests.browser.served import Served
from tests.factories import make_child, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_child_that_is_refused_is_put_right_and_asks_for_little_meanwhile(page: Page) -> None:
    enter_new_child(page, "Rara", "2015-01-01")  # eleven years: only the register says no
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "5,5", "60")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    send_outbox(page)
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


def test_a_new_child_whose_nik_is_known_is_given_to_the_one_who_has_it(
    phone: Phone, cadre: User, children: list[Child], village: Village
) -> None:
    born = timezone.localdate() - timedelta(days=500)
    known = make_child(cadre, village, name="Siti Lain", birth_date=born, nik="3301025504230001")
    page = phone()
    at_work(page, cadre)
    enter_new_child(page, "Rara", (born + timedelta(days=9)).isoformat(), sex="Laki-laki")
    page.get_by_label("NIK anak").fill("3301025504230001O")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.get_by_text("NIK harus 16 angka, tanpa huruf atau tanda lain.")).to_be_visible()
    page.get_by_label("NIK anak").fill("330102 550423 0001")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "9,5", "77")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    send_outbox(page)
    child = page.locator(".entry", has_text="Anak baru")
    expect(child).to_contain_text("NIK ini sudah dipakai Siti Lain", timeout=15_000)
    expect(page.locator(".entry", has_text="9,5")).to_contain_text("setelah data anaknya diperbaiki")
    expect(child.get_by_role("button", name="Sudah benar, kirim lagi")).to_have_count(0)
    child.get_by_role("button", name="Ya, anak ini").click()
    expect(child).to_have_count(0)
    sent(page)
    assert [str(m.weight_kg) for m in known.measurements.all()] == ["9.500"]
    assert not Child.objects.filter(name="Rara").exists()


def test_a_birth_date_after_what_was_measured_is_refused_and_a_name_goes_with_its_entries(
    page: Page, server: Served
) -> None:
    server.kill()
    enter_new_child(page, "Salah Nama", (timezone.localdate() - timedelta(days=300)).isoformat())
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


def test_a_slip_and_a_twin_are_asked_about_without_a_network(
    phone: Phone, server: Served, cadre: User, village: Village
) -> None:
    born = timezone.localdate().replace(day=3) - timedelta(days=400)
    make_child(cadre, village, name="Rara Ayu", birth_date=born, parent_name="Ibu Rini")
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    for name, day, asked in (
        ("RARA AYU", born + timedelta(days=1), "Mungkin anak ini sudah terdaftar"),
        ("Dewi Lestari", born, "Kembar?"),
    ):
        enter_new_child(page, name, day.isoformat(), sex="Perempuan")
        page.get_by_label("Nama orang tua").fill("Rini")
        page.get_by_role("button", name="Daftarkan dan ukur").click()
        expect(page.get_by_role("alert")).to_contain_text(asked)
        expect(page.get_by_role("alert")).to_contain_text("Rara Ayu, Perempuan")
    page.get_by_role("button", name="Kembar: anak lain, daftarkan").click()
    expect(page.locator("h1")).to_have_text("Dewi Lestari")


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
        page.get_by_label("Memiliki buku KIA?").select_option(label="ya")
        page.get_by_role("button", name="Daftarkan dan ukur").click()
        if n:
            expect(page.get_by_role("alert")).to_contain_text("Mungkin anak ini sudah terdaftar")
            page.get_by_role("button", name="Anak lain, daftarkan").click()
        expect(page.locator("h1")).to_have_text(name)
        type_in(page, f"5,{n + 5}", "60")
        save(page)
        expect(page.locator(".just-saved")).to_contain_text(name)
    server.start()
    sent(page)
    twins = Child.objects.filter(birth_date=born).order_by("name")
    assert [(c.name, str(c.measurements.get().weight_kg), c.growth_book) for c in twins] == [
        ("Bima Sakti", "5.500", True),
        ("Bima Saktiawan", "5.600", True),
    ]


def test_a_new_child_that_is_there_already_gives_it_what_was_measured(
    phone: Phone, server: Served, cadre: User, village: Village, children: list[Child]
) -> None:
    born = timezone.localdate() - timedelta(days=100)
    page = phone()
    at_work(page, cadre)
    server.kill()
    enter_new_child(page, "Rara", born.isoformat())
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "5,5", "60")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("Rara")
    # Meanwhile the midwife has enrolled her.
    rara = make_child(make_user(Role.MIDWIFE, village), village, name="Rara Anggun", birth_date=born)
    server.start()
    send_outbox(page)
    expect(page.locator("#work")).to_contain_text("Mungkin anak ini sudah terdaftar", timeout=15_000)
    page.get_by_role("button", name="Ya, anak ini").click()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry")).to_contain_text("Rara Anggun")
    sent(page)
    assert Child.objects.filter(birth_date=born).get() == rara
    assert str(rara.measurements.get().weight_kg) == "5.500"


def test_a_child_born_early_is_enrolled_with_its_weeks_and_told_of_as_the_register_does(page: Page) -> None:
    born = timezone.localdate() - timedelta(days=183)
    enter_new_child(page, "Bima", born.isoformat(), sex="Laki-laki")
    page.get_by_label("Usia kehamilan saat lahir").fill("50")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator(".error")).to_contain_text("minggu penuh, 22 sampai 44")
    page.get_by_label("Usia kehamilan saat lahir").fill("32")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    type_in(page, "6,0", "61,5")
    save(page)
    sentence = (
        "Lahir pada kehamilan 32 minggu: umur koreksi 4 bulan. Menurut umur koreksi: PB/U −1,32 (Normal)"
    )
    expect(page.locator(".just-saved")).to_contain_text(sentence)
    send_outbox(page)
    sent(page)
    child = Child.objects.get(name="Bima")
    assert child.gestation_weeks == 32
    page.goto(f"/children/{child.pk}/")
    expect(page.locator(".result")).to_contain_text(sentence)
