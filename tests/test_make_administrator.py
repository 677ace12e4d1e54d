"""``manage.py make_administrator``: the first who may give others their roles."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.models import ChangeLog, Membership, Role, User
from tests.factories import make_user, make_village

pytestmark = pytest.mark.django_db


def make_administrator(name: str) -> str:
    out = StringIO()
    call_command("make_administrator", name, stdout=out)
    return out.getvalue()


def test_a_superuser_becomes_administrator_of_the_district_once() -> None:
    make_village()
    superuser = User.objects.create_superuser("admin", password="a-long-test-password")
    assert not superuser.area()
    for _time in range(2):
        assert make_administrator("Admin").startswith("admin adalah administrator ")
    assert User.objects.get(pk=superuser.pk).area(people=True).districts == {"33.01"}
    assert Membership.objects.get(user=superuser).role == Role.ADMIN
    change = ChangeLog.objects.get(subject="account", field="role")
    assert change.by == superuser


def test_nobody_else_becomes_one() -> None:
    make_village()
    make_user(Role.DISTRICT, username="dinkes")
    for name, why in (("dinkes", "bukan akun dari createsuperuser"), ("siapa", "Tidak ada pengguna aktif")):
        with pytest.raises(CommandError, match=why):
            make_administrator(name)
    assert not Membership.objects.filter(role=Role.ADMIN).exists()


def test_without_places_it_says_what_comes_first() -> None:
    User.objects.create_superuser("admin", password="a-long-test-password")
    with pytest.raises(CommandError, match=r"manage\.py load_places"):
        make_administrator("admin")
