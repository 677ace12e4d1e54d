"""What a new password ends."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.models import User


class EndTokens:
    """Listed among AUTH_PASSWORD_VALIDATORS, where Django tells of each password that was changed.

    Sessions end by themselves; a token of the API would else stay with whoever took it for 90 days.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Any password will do here."""

    def password_changed(self, password: str, user: User) -> None:
        """End every token of ``user``."""
        user.auth_token_set.all().delete()  # type: ignore[attr-defined]  # knox adds it

    def get_help_text(self) -> str:
        return _("Kata sandi baru mengakhiri semua token API pengguna ini.")
