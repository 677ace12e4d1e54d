"""Two administrators edit one row: an older page wipes nothing, and a clash shows both values."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from registry.models import Membership, Puskesmas, Role, Target, User, Village
from tests.admin.pages import address
from tests.factories import make_district, make_kecamatan, make_puskesmas, make_user, make_village

pytestmark = pytest.mark.django_db


def drawn(site: Client, url: str) -> dict[str, Any]:
    """All that the form of a page would post if nobody touched it."""
    form = site.get(url).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    hidden = re.findall(
        r'<input type="hidden" name="(initial-[^"]+)"(?: value="([^"]*)")?', site.get(url).content.decode()
    )
    return {name: value for name, value in values.items() if value is not None} | dict(hidden)


def test_what_a_colleague_changed_meanwhile_stays(site: Client) -> None:
    target = Target.objects.create(district=make_district(), year=2024, percent="14", source="Perbup 1")
    url = address(Target, "change", target.pk)
    page = drawn(site, url)
    site.post(url, drawn(site, url) | {"percent": "13"})
    assert site.post(url, page | {"source": "Perbup 2"}).status_code == 302
    target.refresh_from_db()
    assert (str(target.percent), target.source) == ("13.0", "Perbup 2")


def test_what_both_changed_shows_both_values_and_the_next_save_decides(site: Client) -> None:
    target = Target.objects.create(district=make_district(), year=2024, percent="14", source="Perbup 1")
    url = address(Target, "change", target.pk)
    page = drawn(site, url)
    site.post(url, drawn(site, url) | {"source": "Perbup 7"})
    refused = site.post(url, page | {"source": "Perbup 2"})
    text = refused.content.decode()
    assert "orang lain menyimpan “Perbup 7”; Anda menulis “Perbup 2”" in text
    target.refresh_from_db()
    assert target.source == "Perbup 7"
    assert '<input type="hidden" name="initial-source" value="Perbup 7"' in text
    site.post(url, page | {"source": "Perbup 2", "initial-source": "Perbup 7"})
    target.refresh_from_db()
    assert target.source == "Perbup 2"


def test_a_choice_of_a_colleague_stays_too(site: Client) -> None:
    village = make_village()
    puskesmas = make_puskesmas()
    other = Puskesmas.objects.create(name="Kesugihan II", kecamatan=make_kecamatan())
    url = address(Village, "change", village.pk)
    page = drawn(site, url)
    Village.objects.filter(pk=village.pk).update(puskesmas=puskesmas)
    assert site.post(url, page).status_code == 302
    village.refresh_from_db()
    assert village.puskesmas == puskesmas
    refused = site.post(url, page | {"puskesmas": str(other.pk)})
    assert "orang lain menyimpan “Kesugihan I”; Anda menulis “Kesugihan II”" in refused.content.decode()


def test_a_closed_account_is_not_opened_again_by_an_older_page(site: Client) -> None:
    user = make_user(Role.CADRE, make_village(), "bu-sri")
    url = address(User, "change", user.pk)
    member = Membership.objects.get(user=user)
    joined = {
        "date_joined_0": f"{user.date_joined:%Y-%m-%d}",
        "date_joined_1": f"{user.date_joined:%H:%M:%S}",
    }
    rows = {
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": member.pk,
        "memberships-0-user": user.pk,
        "memberships-0-role": "cadre",
        "memberships-0-village": member.village_id,
    }
    page = {
        "username": "bu-sri",
        "full_name": "bu-sri",
        "is_active": "on",
        "initial-is_active": "True",
    } | rows
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = site.post(url, page | joined | {"full_name": "Sri Contoh", "initial-full_name": "bu-sri"})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.full_name, user.is_active) == ("Sri Contoh", False)
