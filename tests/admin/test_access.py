"""Users and their roles at places, as the admin sets them up."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import Membership, Role, User
from tests.admin.pages import address
from tests.factories import make_district, make_user, make_village

pytestmark = pytest.mark.django_db


def memberships(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """The fields of the memberships' part of a user's form."""
    fields = {
        f"memberships-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.items()
    }
    return {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": initial, **fields}


def user_form(user: User, **more: Any) -> dict[str, Any]:
    joined = timezone.localtime(user.date_joined)
    return {
        "username": user.username,
        "full_name": user.full_name,
        "email": "",
        "is_active": "on",
        "date_joined_0": f"{joined:%Y-%m-%d}",
        "date_joined_1": f"{joined:%H:%M:%S}",
        **more,
    }


def test_a_new_user_gets_a_role_at_a_place_on_one_page(site: Client) -> None:
    village = make_village()
    person = {
        "username": "bu-sri",
        "full_name": "Sri Contoh",
        "usable_password": "true",
        "password1": "panjang-dan-rahasia-7",
        "password2": "panjang-dan-rahasia-7",
    }
    site.post(address(User, "add"), person | memberships({"role": "cadre", "village": village.pk}))
    user = User.objects.get(username="bu-sri")
    assert user.full_name == "Sri Contoh"
    assert user.has_role(Role.CADRE)
    assert user.area(people=True).villages == {village.pk}


def test_a_role_at_the_wrong_kind_of_place_is_refused_with_which_is_right(site: Client) -> None:
    user = make_user()
    wrong = memberships({"role": "cadre", "user": user.pk, "district": make_district().pk})
    page = site.post(address(User, "change", user.pk), user_form(user, **wrong))
    assert "Isi satu wilayah saja, sesuai peran" in page.content.decode()
    assert not Membership.objects.filter(user=user).exists()


def test_a_membership_of_its_own_page_is_checked_the_same(site: Client) -> None:
    wrong = {"user": make_user().pk, "role": "kecamatan", "village": make_village().pk}
    page = site.post(address(Membership, "add"), wrong)
    assert "Isi satu wilayah saja, sesuai peran" in page.content.decode()


def test_the_same_role_and_place_twice_on_one_page_is_refused(site: Client) -> None:
    user, row = make_user(), {"role": "cadre", "village": make_village().pk}
    twice = memberships(row | {"user": user.pk}, row | {"user": user.pk})
    page = site.post(address(User, "change", user.pk), user_form(user, **twice))
    assert "Peran dan wilayah yang sama tertulis dua kali" in page.content.decode()
    assert not Membership.objects.filter(user=user).exists()


def test_a_membership_a_user_already_has_is_refused(site: Client) -> None:
    village = make_village()
    user = make_user(Role.CADRE, village)
    page = site.post(address(Membership, "add"), {"user": user.pk, "role": "cadre", "village": village.pk})
    assert page.status_code == 200
    assert Membership.objects.filter(user=user).count() == 1


def test_a_membership_can_be_taken_away(site: Client) -> None:
    user = make_user(Role.CADRE, make_village())
    held = user.memberships.get()
    row = {"id": held.pk, "user": user.pk, "role": "cadre", "village": held.village_id, "DELETE": "on"}
    site.post(address(User, "change", user.pk), user_form(user, **memberships(row, initial=1)))
    assert not user.memberships.exists()


def test_two_villages_of_one_name_are_told_apart_by_their_kecamatan(site: Client) -> None:
    make_user(Role.CADRE, make_village("33.01.02.2098", "Sidaurip"))
    make_user(Role.CADRE, make_village("33.01.01.2098", "Sidaurip"))
    for model in (User, Membership):
        page = site.get(address(model, "changelist")).content.decode()
        assert "Sidaurip (Kesugihan)" in page
        assert "Sidaurip (Kedungreja)" in page


def test_a_village_that_does_not_exist_is_refused(site: Client) -> None:
    given = {"user": make_user().pk, "role": "cadre", "village": "33.01.99.2001"}
    assert site.post(address(Membership, "add"), given).status_code == 200
    assert not Membership.objects.filter(village__isnull=False).exists()


def test_nobody_is_deleted(site: Client) -> None:
    user = make_user()
    assert site.post(address(User, "delete", user.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


@pytest.fixture
def clerk(client: Client) -> Client:
    """Staff with the right to edit users, but no superuser."""
    user = make_user(username="staf")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    client.force_login(user)
    return client


def test_who_edits_users_cannot_make_a_superuser(clerk: Client) -> None:
    user = make_user()
    given = user_form(user, is_superuser="on", is_staff="on", full_name="Nama Baru")
    clerk.post(address(User, "change", user.pk), given)
    user.refresh_from_db()
    assert (user.full_name, user.is_superuser, user.is_staff) == ("Nama Baru", False, False)


def test_who_edits_users_cannot_touch_a_superuser(clerk: Client, boss: User) -> None:
    assert clerk.post(address(User, "change", boss.pk), user_form(boss)).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert clerk.get(password).status_code == 403
