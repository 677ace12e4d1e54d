"""A lost phone: the second factor is taken away by somebody else, logged, and its sessions end."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse
from knox.models import AuthToken

from registry.actions.api_tokens import create_token
from registry.actions.key_rotation import reseal_columns
from registry.actions.second_factor import reset_second_factor
from registry.errors import Conflict
from registry.models import ChangeLog, Role, User
from registry.nik import unseal
from tests.accounts.codes import SECRET, give_app, give_recovery_codes
from tests.factories import make_user, signed_in

pytestmark = pytest.mark.django_db
OLD, NEW = (Fernet.generate_key().decode() for _key in range(2))


@pytest.fixture
def officer() -> User:
    officer = make_user(Role.DISTRICT, username="agus")
    give_app(officer)
    give_recovery_codes(officer)
    return officer


@pytest.fixture
def admin() -> User:
    return make_user(Role.ADMIN, username="ratna")


def choose(browser: Client, *users: User) -> str:
    """What the admin says after the action was chosen for ``users``."""
    chosen = {"action": "take_second_factor_away", "_selected_action": [user.pk for user in users]}
    return browser.post(reverse("admin:registry_user_changelist"), chosen, follow=True).content.decode()


def test_it_is_taken_away_logged_and_ends_sessions_and_tokens(officer: User, admin: User) -> None:
    phone = signed_in(officer)
    other = signed_in(make_user(Role.DISTRICT))
    create_token(officer)
    assert reset_second_factor(officer, by=admin, reason="HP hilang")
    assert not Authenticator.objects.exists()
    assert not AuthToken.objects.exists()
    assert [browser.get("/people/").status_code for browser in (phone, other)] == [302, 200]
    logged = ChangeLog.objects.get()
    assert (logged.subject, logged.subject_id, logged.field) == ("account", str(officer.pk), "second_factor")
    assert (logged.values, logged.by, logged.reason) == (("totp, recovery_codes", ""), admin, "HP hilang")


def test_the_admin_takes_it_from_those_chosen(officer: User, admin: User) -> None:
    kept = give_app(make_user(Role.DISTRICT))
    said = choose(signed_in(admin), officer)
    assert "Langkah kedua 1 pengguna dihapus, dan sesinya diakhiri." in said
    assert list(Authenticator.objects.all()) == [kept]
    assert ChangeLog.objects.get().by == admin


def test_nobody_takes_the_own_away(admin: User) -> None:
    give_app(admin)
    assert "Langkah kedua Anda sendiri" in choose(signed_in(admin), admin)
    with pytest.raises(Conflict):
        reset_second_factor(admin, by=admin)
    assert Authenticator.objects.exists()


def test_who_may_not_edit_a_superuser_takes_nothing_from_one(admin: User) -> None:
    give_app(admin)
    helper = User.objects.create_user("pembantu", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    assert "tidak punya langkah kedua yang bisa dihapus" in choose(signed_in(helper), admin)
    assert Authenticator.objects.exists()


def test_a_command_takes_it_away(officer: User) -> None:
    out = StringIO()
    call_command("reset_second_factor", "AGUS", reason="HP hilang", stdout=out)
    assert out.getvalue().startswith("Langkah kedua agus dihapus")
    assert (ChangeLog.objects.get().by, ChangeLog.objects.get().reason) == (None, "HP hilang")
    with pytest.raises(CommandError, match="agus tidak punya langkah kedua"):
        call_command("reset_second_factor", "agus")
    with pytest.raises(CommandError, match="Tidak ada pengguna bernama budi"):
        call_command("reset_second_factor", "budi")


def test_another_key_opens_them_alone_after_rotating() -> None:
    with override_settings(NIK_KEYS=[OLD]):
        officer = make_user(Role.DISTRICT)
        app = give_app(officer)
        codes = give_recovery_codes(officer)
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Passkey", "credential": {}})
    with override_settings(NIK_KEYS=[NEW, OLD]):
        (done,) = [one for one in reseal_columns() if one.table == "mfa_authenticator"]
        assert (done.column, done.changed, done.unreadable) == ("data", 2, 0)
    with override_settings(NIK_KEYS=[NEW]):
        app.refresh_from_db()
        assert unseal(app.data["secret"]) == SECRET
        stored = Authenticator.objects.get(type="recovery_codes")
        assert stored.wrap().get_unused_codes() == codes
    with override_settings(NIK_KEYS=[OLD]):
        (done,) = [one for one in reseal_columns() if one.table == "mfa_authenticator"]
        assert (done.changed, done.unreadable) == (0, 2)
