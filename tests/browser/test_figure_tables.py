"""Tables of figures in a real browser: all columns at a desk, a cue and the name in view on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from registry.calendar_months import add_months
from registry.models import Role, User
from tests.browser.conftest import DESK, PHONE
from tests.dashboard.data import counted, make_target
from tests.factories import make_district, make_user, make_village

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    """Of a district whose rows are as wide as they get: long names, notes, changes, thousands of children."""
    month = timezone.localdate().replace(day=1)
    make_target(make_district(), month.year - 1)
    places = (
        ("33.01.05.2004", "Widarapayung Wetan", 1100, 5400),
        ("33.01.22.1001", "Tritih Lor", 900, 5400),
        ("33.01.16.2003", "Tayem Timur", 9, 20),
    )
    for code, name, stunted, believed in places:
        village = make_village(code, name)
        counted(village, stunted=stunted, believed=believed, registered=believed + 1000, month=month)
        counted(village, stunted=stunted, believed=believed, month=add_months(month, -6))
    return make_user(Role.DISTRICT, make_district())


def overflow(page: Page) -> list[int]:
    """By how much each table is wider than its room."""
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('.table-scroll--cue')].map(e => e.scrollWidth - e.clientWidth)"
    )
    return found


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
@pytest.mark.parametrize("address", ["/dashboard/where/", "/dashboard/kecamatan/33.01.16/where/"])
def test_all_columns_fit_at_a_desk(
    new_context: Callable[..., BrowserContext], officer: User, address: str, locale: str
) -> None:
    page = new_context(DESK, locale, user=officer).new_page()
    page.goto(address)
    assert overflow(page)
    assert not any(overflow(page))


def test_on_a_phone_the_table_shows_that_it_goes_on_and_keeps_the_name_in_view(
    new_context: Callable[..., BrowserContext], officer: User
) -> None:
    page = new_context(PHONE, user=officer).new_page()
    page.goto("/dashboard/where/")
    assert all(beyond > 100 for beyond in overflow(page))
    box = page.locator("#table-villages .table-scroll--cue")
    # Two shadows stay at the edges, two covers move with the table and lie on them where it ends.
    assert box.evaluate("e => getComputedStyle(e).backgroundAttachment") == "local, local, scroll, scroll"
    box.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    for name in (page.locator("#table-villages tbody th").first, page.locator("#table-villages .names")):
        place = name.bounding_box()
        assert place is not None
        assert 0 <= place["x"] < 40
