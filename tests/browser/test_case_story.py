"""A baby found severely wasted without a network, followed until it is well; what the district sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kpm.models import Case, CaseStep
from registry.models import Child, Role, User, Village
from tests.browser.phone import Phone, add_session, at_work, save, sent, type_in
from tests.browser.served import Served
from tests.factories import make_user, measure

pytestmark = pytest.mark.django_db(transaction=True)


def cascade(desk: Page, month: str) -> list[str]:
    """Found, visited, referred, arrived, treated and recovered of wasting, as the district reads them."""
    desk.goto(f"/dashboard/cases/?month={month}")
    return (
        desk.locator("#cascade ~ * tr, tr")
        .filter(has_text="Gizi buruk atau kurang")
        .locator("td")
        .all_inner_texts()
    )


def answer(page: Page, child: Child, words: str) -> None:
    """Record a step on the child's page of cases."""
    page.goto(f"/children/{child.pk}/steps/")
    page.locator(f"input[value={words}]").check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".notice")).to_contain_text("dicatat")


def test_a_wasted_baby_is_followed_until_it_is_well(
    phone: Phone, server: Served, cadre: User, village: Village, children: list[Child]
) -> None:
    found = timezone.localdate() - timedelta(days=1)
    month, child = f"{found:%Y-%m}", children[0]
    midwife, district = make_user(Role.MIDWIFE, village), make_user(Role.DISTRICT)
    page = phone()
    at_work(page, cadre)
    server.kill()

    page.locator("#todo + ul a").first.click()
    page.get_by_label("Tanggal ukur").fill(found.isoformat())
    type_in(page, "5,4", "66")  # 13 months: WHZ -3.48, gizi buruk
    save(page)
    saved = page.locator(".just-saved")
    expect(saved.locator(".result__word")).to_contain_text("Gizi buruk")
    saved.locator(".case-steps button").first.click()
    expect(saved).to_contain_text("belum dijawab")  # said once the step is kept
    page.goto("/outbox/")
    expect(page.locator(".entry")).to_have_count(2)
    assert not Case.objects.filter(kind="wasting").exists()

    server.start()
    sent(page)
    case = Case.objects.get(child=child, kind="wasting")
    assert (case.opened_on, case.urgency) == (found, "today")
    [step] = CaseStep.objects.filter(child=child)
    assert (step.action, step.by) == ("referred", cadre)

    desk, ward = phone(), phone()
    add_session(desk.context, district)
    add_session(ward.context, midwife)
    assert cascade(desk, month) == ["1", "0", "1", "0", "0", "0"]
    answer(ward, child, "arrived")
    assert cascade(desk, month) == ["1", "0", "1", "1", "0", "0"]
    answer(ward, child, "treated")
    assert cascade(desk, month) == ["1", "0", "1", "1", "1", "0"]
    measure(child, timezone.localdate(), "7.2", "66.0", position="L", confirmed=True)
    assert cascade(desk, month) == ["1", "0", "1", "1", "1", "1"]
    ward.goto(f"/children/{child.pk}/steps/")
    expect(ward.locator("#content")).to_contain_text("membaik")
