"""A cadre ticks services where there is no network; the register and its page have them afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from kpm.convergence_actions import register_beneficiary
from kpm.models import Beneficiary, Cadre, Event, ServiceRecord
from registry.models import Child, User, Village
from tests.browser.phone import SILENT, Phone, at_work, enter_new_child, save, send_outbox, sent, type_in
from tests.browser.served import Served
from tests.factories import make_village

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mother(cadre: User, village: Village) -> Beneficiary:
    last_period = timezone.localdate() - timedelta(days=120)
    person = {"id": uuid4(), "village_code": village.pk, "name": "Wati Contoh", "rt": "003"}
    return register_beneficiary(by=cadre, last_period=last_period, **person)  # type: ignore[arg-type]


def row_of(page: Page, name: str) -> Locator:
    return page.locator("#work .entry", has_text=name)


def tick(page: Page, name: str, service: str) -> None:
    """One tap, and what the page then says."""
    row_of(page, name).get_by_role("button", name=service).click()
    expect(row_of(page, name).locator(".services__had", has_text=service)).to_contain_text("hari ini")


def stored() -> list[tuple[str, str, int]]:
    rows = ServiceRecord.objects.select_related("child", "beneficiary")
    return sorted((str(one.child or one.beneficiary), one.service, one.quantity) for one in rows)


def test_services_are_ticked_without_a_network_and_sent_later(
    phone: Phone, server: Served, cadre: User, children: list[Child], mother: Beneficiary
) -> None:
    page = phone()
    at_work(page, cadre)
    page.get_by_role("link", name="Layanan", exact=True).last.click()
    expect(page.locator("h1")).to_contain_text("Layanan Kesugihan Kidul")
    whole = f"/convergence/?village={mother.village_id}&month={timezone.localdate():%Y-%m}&group=pregnant"
    expect(page.get_by_role("link", name="Halaman lengkap")).to_have_attribute("href", whole)
    expect(row_of(page, "Wati Contoh")).to_contain_text("RT 003")
    tick(page, "Wati Contoh", "Periksa kehamilan (ANC)")
    sent(page)
    assert stored() == [("Wati Contoh", "check_up", 1)]

    server.kill()
    page.goto("/roster/services/?group=pregnant")
    expect(page.locator("#sync-words")).to_contain_text(SILENT)
    row_of(page, "Wati Contoh").locator("input").fill("")
    row_of(page, "Wati Contoh").get_by_role("button", name="Tablet tambah darah").click()
    expect(page.locator("#banner")).to_contain_text("dari 1 sampai 200")
    row_of(page, "Wati Contoh").locator("input").fill("60")
    tick(page, "Wati Contoh", "Tablet tambah darah")
    page.get_by_role("link", name="Anak 0–23 bulan (3)").click()
    expect(page.locator("#work")).to_contain_text("tersimpan di HP ini")
    expect(page.get_by_role("link", name="Halaman lengkap")).to_have_count(0)
    tick(page, "Anak 01", "Konseling gizi")
    tick(page, "Anak 02", "Kelas pengasuhan")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#banner")).to_contain_text("Anak 02 belum tercatat")
    expect(row_of(page, "Anak 02").get_by_role("button", name="Kelas pengasuhan")).to_be_visible()
    page.get_by_text("Belum, menurut layanan").click()
    page.get_by_role("link", name="Konseling gizi (2)").click()
    expect(page.locator("#work .entry")).to_have_count(2)
    page.goto("/outbox/")
    expect(page.locator(".entry", has_text="tablet tambah darah, 60")).to_contain_text("menunggu")

    server.start()
    sent(page)
    assert stored() == [
        ("Anak 01", "counselling", 1),
        ("Wati Contoh", "check_up", 1),
        ("Wati Contoh", "iron_tablets", 60),
    ]
    page.goto("/convergence/?group=young_child")
    expect(page.locator(".services--shares")).to_contain_text("Konseling gizi: 1 dari 3")
    expect(page.locator(".follow > li", has_text="Anak 01")).to_contain_text("✓ Konseling gizi")
    page.goto("/convergence/?group=pregnant")
    expect(page.locator(".services--shares")).to_contain_text("Tablet tambah darah: 1 dari 1")


def test_a_measurement_counts_at_once_and_a_new_childs_services_wait_for_it(
    phone: Phone, server: Served, cadre: User, children: list[Child]
) -> None:
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.locator("#todo + ul a").first.click()
    type_in(page, "9,2")
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()
    born = timezone.localdate() - timedelta(days=90)
    enter_new_child(page, "Zaki Baru", born.isoformat(), "Laki-laki")
    page.get_by_role("button", name="Daftarkan dan ukur").click()
    expect(page.locator("h1")).to_have_text("Zaki Baru")
    # Where the menu leads: the phone stands in for the page of the register.
    page.goto("/convergence/?group=young_child")
    expect(row_of(page, "Anak 01")).to_contain_text("✓ Ditimbang hari ini")
    expect(row_of(page, "Anak 02")).to_contain_text("– Ditimbang")
    tick(page, "Zaki Baru", "Konseling gizi")
    server.start()
    sent(page)
    assert stored() == [("Zaki Baru", "counselling", 1)]


def test_a_service_that_is_refused_is_due_again_and_the_outbox_says_why(
    phone: Phone, server: Served, cadre: User, mother: Beneficiary
) -> None:
    page = phone()
    at_work(page, cadre)
    page.goto("/roster/services/")
    expect(row_of(page, "Wati Contoh")).to_be_visible()
    server.kill()
    tick(page, "Wati Contoh", "Konseling gizi")
    Beneficiary.objects.filter(pk=mother.pk).update(village=make_village("33.01.01.2001", "Tambakreja"))
    server.start()
    send_outbox(page)
    entry = page.locator(".entry", has_text="konseling gizi")
    expect(entry).to_contain_text("Orang ini tidak ada di wilayah kerja Anda.", timeout=60_000)
    expect(entry.get_by_role("button", name="Kirim lagi")).to_be_visible()
    assert stored() == []


def test_who_came_to_a_musdes_is_marked_without_a_network(
    phone: Phone, server: Served, cadre: User, village: Village
) -> None:
    kpm = Cadre.objects.create(village=village, full_name="Sumarni", term_start=date(2020, 1, 1))
    today = timezone.localdate()
    musdes = Event.objects.create(kind="musdes", title="Musdes", date=today, village=village)
    Event.objects.create(kind="musdes", title="Nanti", date=today + timedelta(days=3), village=village)
    page = phone()
    at_work(page, cadre)
    server.kill()
    page.get_by_role("link", name="Kehadiran").click()
    event = page.locator("section", has=page.get_by_role("heading", name="Musdes"))
    expect(page.locator("section", has_text="Isi kehadiran setelahnya.").locator("button")).to_have_count(0)
    for button, said in (("Hadir", "✓ hadir"), ("Tidak hadir", ""), ("Hadir", "✓ hadir")):
        event.get_by_role("button", name=f"{button}").click()
        expect(event.locator(".services__had")).to_have_count(1 if said else 0)
    server.start()
    sent(page)
    assert list(musdes.cadres.all()) == [kpm]
    page.goto("/roster/events/")
    expect(event).to_contain_text("✓ hadir")
