"""Two records of one child merged and parted, and a child that comes back: on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.actions import merge_children
from registry.models import Child, ChildStatus, User, Village
from tests.browser.phone import Phone, at_work, open_roster, save, sent, type_in
from tests.browser.served import Served
from tests.factories import make_child, measure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def records(cadre: User, village: Village) -> tuple[Child, Child]:
    """Of one child, a birth date a day apart, both weighed ten days ago."""
    today = timezone.localdate()
    born = today - timedelta(days=400)
    kept = make_child(cadre, village, name="Rara Ayu", birth_date=born, parent_name="Ibu Rini")
    other = make_child(
        cadre, village, name="Rara Ayu", birth_date=born + timedelta(days=1), parent_name="Rini"
    )
    measure(kept, today - timedelta(days=10), "9.1", "76.0")
    measure(other, today - timedelta(days=10), "9.3", "76.4")
    return kept, other


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_two_records_are_compared_merged_and_parted(
    phone: Phone, cadre: User, records: tuple[Child, Child]
) -> None:
    kept, other = records
    page = phone()
    at_work(page, cadre)
    page.goto(f"/children/{kept.pk}/")
    page.get_by_role("link", name="Ganda?").click()
    page.get_by_role("link", name="Rara Ayu").last.click()
    expect(page.locator("h1")).to_have_text("Gabungkan dua catatan")
    assert no_sideways_scroll(page)
    page.get_by_label("9,3").check()
    page.get_by_role("button", name="Anak yang sama: gabungkan").click()
    expect(page.get_by_role("status")).to_contain_text("Dua catatan Rara Ayu menjadi satu")
    assert [f"{m.weight_kg:.1f}" for m in kept.measurements.in_force()] == ["9.3"]
    assert list(Child.objects.all()) == [kept]
    page.goto(f"/children/{other.pk}/")
    expect(page).to_have_url(re.compile(f"/children/{kept.pk}/$"))
    open_roster(page)
    expect(page.locator("ul.rows a", has_text="Rara Ayu")).to_have_count(1)
    page.goto(f"/children/{other.pk}/measure/")
    expect(page).to_have_url(re.compile(f"/children/{kept.pk}/measure/"))
    page.goto(f"/children/{kept.pk}/")
    page.get_by_role("button", name="Bukan anak yang sama? Urungkan").click()
    expect(page.get_by_role("status")).to_contain_text("kembali seperti semula")
    assert Child.objects.count() == 2
    assert [f"{m.weight_kg:.1f}" for m in kept.measurements.in_force()] == ["9.1"]


def test_what_a_phone_kept_for_a_merged_record_is_recorded_for_the_kept_one(
    phone: Phone, server: Served, cadre: User, records: tuple[Child, Child]
) -> None:
    kept, other = records
    page = phone()
    at_work(page, cadre)
    server.kill()
    open_roster(page)
    page.goto(f"/children/{other.pk}/measure/")
    type_in(page, "9,5", "77")
    save(page)
    expect(page.locator(".just-saved")).to_be_visible()
    merge_children(by=cadre, kept_id=kept.pk, merged_id=other.pk)
    server.start()
    sent(page)
    today = kept.measurements.in_force().get(measured_on=timezone.localdate())
    assert f"{today.weight_kg:.1f}" == "9.5"


def test_a_child_that_left_comes_back_and_the_day_is_put_right(
    phone: Phone, cadre: User, records: tuple[Child, Child]
) -> None:
    child, today = records[0], timezone.localdate()
    page = phone()
    at_work(page, cadre)
    page.goto(f"/children/{child.pk}/close/")
    page.get_by_label("pindah keluar kabupaten").check()
    page.get_by_label("Tanggalnya").fill((today - timedelta(days=8)).isoformat())
    page.get_by_role("button", name="Catat meninggal atau pindah").click()
    page.get_by_role("link", name="Anak kembali ke sini").click()
    page.get_by_label("Tinggal di sini lagi sejak").fill((today - timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Catat kembali").click()
    expect(page.locator(".field--wrong")).to_contain_text("harus setelah itu")
    page.get_by_label("Tinggal di sini lagi sejak").fill(today.isoformat())
    page.get_by_role("button", name="Catat kembali").click()
    expect(page.get_by_role("status")).to_contain_text("kembali aktif")
    page.get_by_role("link", name="Betulkan").first.click()
    page.get_by_label("Tanggal yang benar").fill((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Ubah tanggalnya").click()
    expect(page.get_by_role("status")).to_contain_text("dibetulkan")
    child.refresh_from_db()
    assert child.status == ChildStatus.ACTIVE
    assert list(child.residences.order_by("since").values_list("until", flat=True)) == [
        today - timedelta(days=8),
        None,
    ]
    assert child.residences.latest("since").since == today - timedelta(days=1)
