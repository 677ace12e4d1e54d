"""Each change of a membership, an appointment or a target is logged, whichever way it was made."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kpm.models import Cadre
from registry.models import ChangeLog, Membership, Role, Target, User, Village
from tests.admin.pages import address
from tests.factories import make_district, make_user, make_village, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def person() -> User:
    return make_user(username="sumarni")


def logged(subject: str, subject_id: object, field: str) -> list[tuple[Any, ...]]:
    rows = ChangeLog.objects.filter(subject=subject, subject_id=str(subject_id), field=field).order_by("pk")
    return [(row.by and row.by.username, *row.values) for row in rows]


def role_form(person: User, village: Village, **more: str) -> dict[str, str]:
    return {"user": str(person.pk), "role": "midwife", "village": village.pk, **more}


def test_a_role_given_changed_and_taken_in_the_admin(site: Client, person: User, village: Village) -> None:
    assert site.post(address(Membership, "add"), role_form(person, village)).status_code == 302
    row = Membership.objects.get(user=person)
    ended = role_form(person, village, until="2026-12-31", **{"initial-until": ""})
    assert site.post(address(Membership, "change", row.pk), ended).status_code == 302
    assert site.post(address(Membership, "delete", row.pk), {"post": "yes"}).status_code == 302
    first, then = "midwife 33.01.02.2016", "midwife 33.01.02.2016 ..2026-12-31"
    assert logged("account", person.pk, "role") == [
        ("bu-admin", "", first),
        ("bu-admin", first, then),
        ("bu-admin", then, ""),
    ]


def test_several_roles_deleted_from_the_list(site: Client, person: User, village: Village) -> None:
    row = Membership.objects.create(user=person, role=Role.CADRE, village=village)
    chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    site.post(address(Membership, "changelist"), chosen)
    assert logged("account", person.pk, "role") == [("bu-admin", "cadre 33.01.02.2016", "")]


def test_roles_on_the_page_of_an_account(site: Client, person: User, village: Village) -> None:
    kept = Membership.objects.create(user=person, role=Role.CADRE, village=village)
    page = site.get(address(User, "change", person.pk))
    form = page.context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields if form.initial.get(name)}
    data |= {f"initial-{name}": "" for name in form.fields}
    data |= {
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(kept.pk),
        "memberships-0-user": str(person.pk),
        "memberships-0-role": "cadre",
        "memberships-0-village": village.pk,
        "memberships-0-DELETE": "on",
        "memberships-1-user": str(person.pk),
        "memberships-1-role": "midwife",
        "memberships-1-village": village.pk,
        "date_joined_0": "2024-01-01",
        "date_joined_1": "00:00",
    }
    answer = site.post(address(User, "change", person.pk), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert logged("account", person.pk, "role") == [
        ("bu-admin", "", "midwife 33.01.02.2016"),
        ("bu-admin", "cadre 33.01.02.2016", ""),
    ]


def test_a_target_set_changed_and_deleted_in_the_admin(site: Client) -> None:
    form = {"district": make_district().pk, "year": "2026", "indicator": "stunted", "percent": "14"}
    site.post(address(Target, "add"), form)
    row = Target.objects.get()
    site.post(address(Target, "change", row.pk), form | {"percent": "12.5", "initial-percent": "14.0"})
    assert Target.objects.get().percent == 12.5
    site.post(address(Target, "delete", row.pk), {"post": "yes"})
    assert logged("target", row.pk, "percent") == [
        ("bu-admin", "", "14.0"),
        ("bu-admin", "14.0", "12.5"),
        ("bu-admin", "12.5", ""),
    ]
    assert logged("target", row.pk, "year") == [("bu-admin", "", "2026"), ("bu-admin", "2026", "")]
    change = ChangeLog.objects.filter(subject="target", field="percent").order_by("pk")[1]
    assert "14.0 → 12.5" in site.get(address(ChangeLog, "change", change.pk)).content.decode()


def test_several_targets_deleted_from_the_list(site: Client) -> None:
    row = Target.objects.create(district=make_district(), year=2026, percent="14")
    chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    site.post(address(Target, "changelist"), chosen)
    assert logged("target", row.pk, "year") == [("bu-admin", "2026", "")]


def test_a_term_in_the_admin_is_logged_with_its_access(site: Client, person: User, village: Village) -> None:
    form = {
        "village": village.pk,
        "full_name": "Sumarni",
        "user": str(person.pk),
        "term_start": "2024-01-01",
    }
    assert site.post(address(Cadre, "add"), form).status_code == 302
    cadre = Cadre.objects.get()
    assert logged("appointment", cadre.pk, "term_start") == [("bu-admin", "", "2024-01-01")]
    given = "cadre 33.01.02.2016 2024-01-01.."
    assert logged("account", person.pk, "role") == [("bu-admin", "", given)]
    assert site.post(address(Cadre, "delete", cadre.pk), {"post": "yes"}).status_code == 302
    assert logged("appointment", cadre.pk, "term_start")[1:] == [("bu-admin", "2024-01-01", "")]
    assert logged("account", person.pk, "role")[1:] == [("bu-admin", given, "")]


def test_a_term_ended_on_its_page_is_read_there(person: User, village: Village) -> None:
    officer = make_user(Role.DISTRICT, username="dinas")
    client = signed_in(officer)
    form = {
        "village": village.pk,
        "full_name": "Sumarni",
        "term_start": "2024-01-01",
        "username": "sumarni",
    }
    assert client.post("/cadres/new/", form).status_code == 302
    cadre = Cadre.objects.get()
    ended = {"on": "2024-06-30", "reason": "Pindah ke desa lain"}
    assert client.post(f"/cadres/{cadre.pk}/end/", ended).status_code == 302
    assert logged("account", person.pk, "role") == [
        ("dinas", "", "cadre 33.01.02.2016 2024-01-01.."),
        ("dinas", "cadre 33.01.02.2016 2024-01-01..", "cadre 33.01.02.2016 2024-01-01..2024-06-30"),
    ]
    at = "Kader (KPM), Kesugihan Kidul, 1 Januari 2024"
    words = f"{at} - … → {at} - 30 Juni 2024"
    assert f"Peran: {words}" in client.get(f"/cadres/{cadre.pk}/").content.decode()
    assert f"Peran: {words}" in client.get(f"/people/{person.pk}/password/").content.decode()
