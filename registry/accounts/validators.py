"""A new password ends the API tokens of its user."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.models import User


class RevokeTokensOnPasswordChange:
    """End the user's API tokens; listed in AUTH_PASSWORD_VALIDATORS, which Django calls for a new password.

    Sessions end by themselves. A stolen token would otherwise stay good for 90 days.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Accept any password."""

    def password_changed(self, password: str, user: User) -> None:
        """End every token of ``user``."""
        user.auth_token_set.all().delete()  # type: ignore[attr-defined]  # knox adds it

    def get_help_text(self) -> str:
        return _("Kata sandi baru mengakhiri semua token API pengguna ini.")
