"""Names that try to become markup or a script stay text on the phone: list, search, entry, outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.models import Child, Posyandu, User, Village
from tests.browser.phone import at_work, open_roster, save, send_outbox, type_in
from tests.edges.test_hostile_names import TEXTS
from tests.factories import make_child

pytestmark = pytest.mark.django_db(transaction=True)

MADE = "zqx, [zqx], [onerror*=zqx], [onload*=zqx], [onfocus*=zqx], a[href^='javascript:']"


@pytest.fixture
def hostile(phone: Callable[..., Page], cadre: User, village: Village) -> Page:
    """A phone whose children, their parents and posyandu are called so."""
    born = timezone.localdate() - timedelta(days=400)
    for number, text in enumerate(TEXTS):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=born)
        posyandu = Posyandu.objects.create(village=village, name=text[:90], key=str(number))
        named = {"name": text[:100], "parent_name": text[:100], "address": text[:100], "rt": "<z>"}
        Child.objects.filter(pk=child.pk).update(posyandu=posyandu, **named)
    page = phone()
    page.add_init_script("window.zqx = () => { window.wasCalled = true; };")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog says {dialog.message}"))
    at_work(page, cadre)
    return page


def assert_only_text(page: Page) -> None:
    """Nothing was made of a name, nothing of it ran, and the page is no wider than the phone."""
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.wasCalled") is None
    assert page.locator(MADE).count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_a_name_stays_text_in_every_view_of_the_phone(hostile: Page) -> None:
    page = hostile
    for text in TEXTS:
        open_roster(page)
        page.get_by_role("searchbox").fill("".join(text.split("zqx")[:1])[:20].strip() or "zqx")
        assert_only_text(page)
    open_roster(page)
    page.get_by_role("button", name="Semua posyandu").click()
    page.locator("#todo + ul").wait_for()
    shown = page.locator("#todo + ul").inner_text()
    assert all(text[:40] in shown for text in TEXTS if text.isascii())
    page.locator("#todo + ul a").first.click()
    assert_only_text(page)
    name = page.locator("h1").inner_text()
    type_in(page, "8,4")
    save(page)
    expect(page.locator(".just-saved")).to_contain_text(name[:30])
    assert_only_text(page)
    send_outbox(page)
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=30_000)
    assert_only_text(page)


def test_nor_on_the_pages_of_a_child_and_their_prints(hostile: Page) -> None:
    for child in Child.objects.order_by("pk")[:: len(TEXTS) // 4]:
        for address in (f"/children/{child.pk}/", f"/children/{child.pk}/measure/", "/children/"):
            hostile.goto(address)
            hostile.locator("h1").wait_for()
            assert_only_text(hostile)
            hostile.emulate_media(media="print")
            assert hostile.locator(MADE).count() == 0
            hostile.emulate_media(media="screen")
