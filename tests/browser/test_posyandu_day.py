"""A morning at one of ten posyandu of a village of 390 children, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from registry.actions import Observation
from registry.models import Child, Measurement, Position, Posyandu, User, Village
from tests.browser.phone import at_work, open_roster, save, send_outbox, type_in
from tests.factories import make_child, make_measured, make_posyandu

pytestmark = pytest.mark.django_db(transaction=True)

CHILDREN, POSYANDU = 390, 10
MOTHERS = ("Sumiati", "Wartini", "Rohayati", "Suparni", "Kartini", "Yuliana")
LONGEST = 3000
"""CSS pixels of a list before anybody has asked for more of it."""


@pytest.fixture
def posyandu(cadre: User, village: Village) -> list[Posyandu]:
    """About 39 children each; the first six are called Rizki Maulana, two of Melati 01, which has 40."""
    posts = [make_posyandu(village, f"Melati {n:02d}") for n in range(1, POSYANDU + 1)]
    today = timezone.localdate()
    seen = Observation(
        measured_on=today - timedelta(days=31),
        weight_kg=Decimal("8.4"),
        lenhei_cm=Decimal("75.0"),
        position=Position.LYING,
    )
    rows = []
    for n in range(CHILDREN):
        name, mother = f"Anak {n:03d}", f"Ibu {n:03d}"
        post = posts[n % POSYANDU]
        if n < len(MOTHERS):
            name, mother, post = "Rizki Maulana", MOTHERS[n], posts[max(0, n - 1)]
        born = today - timedelta(days=400 + n % 7)
        identity = {"name": name, "parent_name": mother, "birth_date": born, "posyandu_id": post.pk}
        rows.append((identity, [seen]))
    make_measured(cadre, village, rows)
    return posts


@pytest.fixture
def page(phone: Callable[..., Page], cadre: User, posyandu: list[Posyandu]) -> Page:
    page = phone()
    at_work(page, cadre)
    return page


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).click()
    expect(page.locator("#posyandu")).to_be_visible()


def search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").fill(text)


def assert_in_reach(page: Page, field: Locator) -> None:
    """The field is wholly on the screen, neither under the bar above nor under the buttons below."""
    box, above, below = (
        one.bounding_box() for one in (field, page.locator("#undo"), page.locator(".actions--main"))
    )
    assert box
    assert below
    assert box["y"] >= (above["y"] + above["height"] if above else 0)
    assert box["y"] + box["height"] <= below["y"] <= 740 - below["height"]


def test_the_posyandu_is_chosen_once_and_list_grid_and_print_are_of_its_children(
    page: Page, posyandu: list[Posyandu]
) -> None:
    expect(page.locator(".progress")).to_contain_text("0 dari 390")
    choose(page, "Melati 02 ")
    expect(page.locator(".progress")).to_contain_text("0 dari 39")
    expect(page.locator("#todo")).to_have_text("Belum diukur (39)")
    open_roster(page)
    expect(page.locator("#todo")).to_have_text("Belum diukur (39)")
    link = page.get_by_role("link", name="Cetak atau unduh daftar")
    expect(link).to_have_attribute("href", re.compile(f"&posyandu={posyandu[1].pk}$"))
    tops = page.locator(".takes a, #todo").evaluate_all("(all) => all.map((one) => one.offsetTop)")
    assert tops == sorted(tops)
    assert len(tops) == 4
    page.get_by_role("link", name="Salin dari catatan kertas").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(15)
    assert page.locator(".grid").evaluate("(grid) => grid.offsetHeight") < LONGEST
    rows.nth(14).locator("[name=weight_kg]").fill("8,6")
    rows.nth(14).locator("[name=weight_kg]").press("Enter")
    expect(rows).to_have_count(39)
    expect(rows.nth(15).locator("[name=weight_kg]")).to_be_focused()
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Melati 02")
    assert [unit.inner_text() for unit in first.locator(".grid__unit").all()] == ["kg", "cm", "Cara ukur"]
    page.get_by_role("link", name="Kembali ke daftar").click()
    page.locator("#posyandu").select_option(label="Semua posyandu")
    expect(page.locator("#todo")).to_have_text("Belum diukur (389)")  # one was typed


def test_no_list_is_endless_before_more_of_it_is_asked_for(page: Page) -> None:
    choose(page, "Semua posyandu")
    assert page.locator("#todo + ul > li").count() == 20
    heights = page.locator("#work ul.rows").evaluate_all("(lists) => lists.map((list) => list.offsetHeight)")
    assert 0 < max(heights) < LONGEST
    page.get_by_role("button", name="Tampilkan 100 lagi dari 390").click()
    expect(page.locator("#todo + ul > li")).to_have_count(120)
    for count in (220, 320, 390):
        page.locator(".more").click()
        expect(page.locator("#todo + ul > li")).to_have_count(count)
    page.get_by_role("button", name="Tampilkan lebih sedikit").click()
    expect(page.locator("#todo + ul > li")).to_have_count(20)


def test_six_of_one_name_stand_under_each_other_with_what_tells_them_apart(page: Page) -> None:
    choose(page, "Melati 01 ")
    search(page, "maul")
    own, others = page.locator("#todo + ul > li"), page.locator("#elsewhere + ul > li")
    expect(own).to_have_count(2)
    expect(others).to_have_count(4)
    rows = [*own.all(), *others.all()]
    assert {row.locator("b").inner_text() for row in rows} == {"Rizki Maulana"}
    assert sorted(row.locator("strong").first.inner_text() for row in rows) == sorted(MOTHERS)
    expect(others.first).to_contain_text("Melati 0")
    search(page, "warti")
    # Hers, and those who could be taken for it.
    expect(page.locator("#work .rows > li")).to_have_count(6)
    page.locator("#todo + ul a", has_text="Rizki").first.click()
    expect(page.get_by_text("Ada 5 anak lain dengan nama mirip")).to_be_visible()
    expect(page.locator("#work h1 + p b")).to_have_text(re.compile("|".join(MOTHERS)))


def test_a_guest_is_found_and_counts_at_its_own_posyandu(page: Page, posyandu: list[Posyandu]) -> None:
    choose(page, "Melati 01 ")
    search(page, "ibu 038")  # of Melati 09
    page.locator("#elsewhere + ul a").click()
    expect(page.locator("#work")).to_contain_text("Melati 09")
    type_in(page, "8,9", "76,5")
    page.get_by_role("button", name="Simpan & berikutnya").click()
    expect(page.locator(".just-saved")).to_contain_text("Anak 038")
    expect(page.locator("h1")).to_have_text("Anak 040")  # the next of Melati 01
    page.goto("/roster/")
    expect(page.locator(".progress")).to_contain_text("0 dari 40 anak sudah diukur dan 1 tamu")
    expect(page.locator("#guests + ul > li")).to_have_count(1)
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=30_000)
    expect(page.locator(".entry")).to_contain_text("Ibu 038")
    page.goto("/roster/")
    expect(page.locator(".progress")).to_contain_text("0 dari 40 anak sudah diukur dan 1 tamu")
    page.locator("#posyandu").select_option(label="Melati 09")
    expect(page.locator(".progress")).to_contain_text("1 dari 39 anak sudah diukur")
    expect(page.locator(".progress")).not_to_contain_text("tamu")
    assert Child.objects.get(name="Anak 038").posyandu == posyandu[8]


def test_the_fields_of_the_next_child_are_in_reach(page: Page) -> None:
    choose(page, "Melati 05 ")
    page.locator("#todo + ul a").first.click()
    # A weight nobody believes of a child who is short by its height too; fine; gizi buruk.
    for weight, length in (("5,1", "66"), ("8,6", "75,5"), ("5,4", "66")):
        type_in(page, weight, length)
        page.get_by_role("button", name="Simpan & berikutnya").click()
        if weight.startswith("5"):
            expect(page.locator(".notice--watch")).to_contain_text("Ibu ")
            page.locator("[data-confirm]").click()
        expect(page.locator(".just-saved")).to_contain_text(weight)
        expect(page.locator("[name=weight_kg]")).to_have_value("")
        for name in ("weight_kg", "lenhei_cm"):
            assert_in_reach(page, page.locator(f"[name={name}]"))
    expect(page.get_by_text("Rujuk ke puskesmas hari ini").first).to_be_in_viewport()


def test_another_day_is_chosen_once_and_said(page: Page) -> None:
    choose(page, "Melati 03 ")
    day = timezone.localdate() - timedelta(days=1)
    page.locator("#day").fill(day.isoformat())
    expect(page.get_by_text("bukan hari ini")).to_be_visible()
    page.locator("#todo + ul a").first.click()
    expect(page.locator("[name=measured_on]")).to_have_value(day.isoformat())
    expect(page.get_by_text("bukan hari ini")).to_be_visible()
    type_in(page, "8,6", "75,5")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text("8,6")
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=30_000)
    assert Measurement.objects.filter(measured_on=day).count() == 1


def test_a_child_of_no_posyandu_is_reached_and_a_new_one_gets_the_one_that_is_chosen(
    page: Page, cadre: User, village: Village, posyandu: list[Posyandu]
) -> None:
    born = timezone.localdate() - timedelta(days=300)
    child = make_child(cadre, village, name="Tanpa Pos", birth_date=born)
    open_roster(page)
    page.reload()
    choose(page, re.escape("Belum punya posyandu (1)"))
    page.locator("#todo + ul a").click()
    link = page.get_by_role("link", name="Beri posyandu")
    expect(link).to_have_attribute("href", f"/children/{child.pk}/edit/")
    page.goto("/roster/")
    page.locator("#posyandu").select_option(label="Melati 04")
    page.get_by_role("link", name="Anak baru").click()
    expect(page.locator("[name=posyandu]")).to_have_value(str(posyandu[3].pk))


def test_where_there_is_one_posyandu_nothing_is_asked(
    phone: Callable[..., Page], cadre: User, village: Village, children: list[Child]
) -> None:
    make_posyandu(village, "Melati 1")
    page = phone()
    at_work(page, cadre)
    expect(page.locator("#todo")).to_have_text("Belum diukur (3)")
    expect(page.locator("#posyandu")).to_have_count(0)
