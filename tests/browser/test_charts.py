"""Charts in a real browser: what a mark says to a mouse and to a finger, and the page without any script."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from registry.calendar_months import add_months, current_month
from registry.models import Role, User
from tests.browser.conftest import PHONE
from tests.dashboard.data import counted, make_target
from tests.factories import make_district, make_user, make_village

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    """Of a district with two villages, one of 20% and one of 10%."""
    month = add_months(current_month(), -1)  # the last that is over
    make_target(make_district(), month.year)
    for code, name, stunted in (("33.01.02.2009", "Slarang", 40), ("33.01.02.2016", "Kesugihan Kidul", 20)):
        village = make_village(code, name)
        village.latitude, village.longitude = -7.65 - stunted / 1000, 109.1 + stunted / 1000
        village.save()
        counted(village, stunted=stunted, believed=200, month=month)
    return make_user(Role.DISTRICT, make_district())


def test_a_mark_says_what_it_is_under_the_pointer(
    new_context: Callable[..., BrowserContext], officer: User
) -> None:
    page = new_context(PHONE, user=officer).new_page()
    page.goto("/dashboard/kecamatan/33.01.02/where/")
    chart = page.locator("section[aria-labelledby=ranking] .chart--figures")
    tip = chart.locator(".tip")
    expect(tip).to_be_hidden()
    chart.scroll_into_view_if_needed()
    box = chart.locator("svg").bounding_box()
    assert box is not None
    said = set()
    for across, down in itertools.product(range(4, 16), range(20)):
        page.mouse.move(box["x"] + box["width"] * across / 16, box["y"] + box["height"] * down / 20)
        if tip.is_visible():
            said.add(tip.inner_text().replace("\N{NO-BREAK SPACE}", " "))
    assert any(words.startswith("Slarang: 20,0%") for words in said)
    assert any(words.startswith("Kesugihan Kidul: 10,0%") for words in said)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_without_scripts_a_page_of_figures_says_all_it_has_to_say(
    new_context: Callable[..., BrowserContext], officer: User
) -> None:
    page = new_context(PHONE, user=officer).new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/dashboard/where/")
    expect(page.locator(".chart--figures svg").first).to_be_visible()
    expect(page.locator("#table-villages")).to_contain_text("Slarang")
    assert page.locator(".chart--figures svg title").count() > 2
