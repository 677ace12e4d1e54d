"""What django-allauth asks the site for: its words, its keys, which of its steps are taken."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from registry.accounts.second_factor import is_first_setup
from registry.models import User
from registry.nik import InvalidToken, seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Takes the second step of signing in and no other; there is no sign-up and no mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": gettext_lazy("Kata sandi itu tidak cocok. Periksa huruf besar dan kecilnya.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_first_setup(context.request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages do."""


class FactorAdapter(DefaultMFAAdapter):
    """Seals what a code is made of, as a NIK is sealed, and names the site on phones and keys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "Kode itu salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu ketik lagi."
        )
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that no code fits where its key is lost, and never an empty one."""
        try:
            return unseal(encrypted_text) or _make_unknown_secret()
        except InvalidToken:
            return _make_unknown_secret()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        names = {"name": user.get_username(), "display_name": user.get_username()}
        return super().get_public_key_credential_user_entity(user) | names


def _make_unknown_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()
