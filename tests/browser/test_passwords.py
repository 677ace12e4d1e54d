"""A password is renewed while entries wait on the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.actions.passwords import renew_password
from registry.models import Child, Role, User
from tests.browser.phone import send_now, stored, weigh_first
from tests.browser.served import Served
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_waits_is_sent_after_the_first_password_is_changed(
    page: Page, server: Served, cadre: User, children: list[Child]
) -> None:
    server.kill()
    weigh_first(page, "8,1")
    _user, first = renew_password(by=make_user(Role.DISTRICT), user_id=cadre.pk)
    server.start()
    page.goto("/outbox/")
    send_now(page)
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu di HP ini. Masuk lagi")
    page.get_by_role("link", name="Masuk lagi").click()
    page.locator("input[name=username]").fill(cadre.username)
    page.locator("input[name=password]").fill(first)
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Ganti kata sandi")
    page.goto("/roster/")  # the phone draws it by itself, and sends nothing yet
    expect(page.locator("#sync-words")).to_contain_text("1 menunggu di HP ini. Masuk lagi")
    page.get_by_role("link", name="Masuk lagi").click()
    expect(page.locator("h1")).to_have_text("Ganti kata sandi")
    assert stored() == []
    page.locator("[name=old_password]").fill(first)
    for field in ("new_password1", "new_password2"):
        page.locator(f"[name={field}]").fill("sungai-serayu-42")
    page.locator("main form button").click()
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim", timeout=60_000)
    assert stored() == ["8.100"]
