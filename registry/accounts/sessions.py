"""Sessions whose stored key is a keyed hash of the cookie: who reads the database or a backup opens none.

Looked at: django-user-sessions, django-qsessions, Django's ``cached_db``. All store the cookie as it is.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac

_KEY_CHARACTERS = 40  # the width of Django's column: 160 bits


class SessionStore(db.SessionStore):
    """Keeps sessions in the database (``SESSION_ENGINE``). Its async methods open none; no view is async."""

    def load(self) -> dict[str, Any]:
        key = hash_session_key(self.session_key or "")
        row = self.model.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
        if row:
            return self.decode(row.session_data)
        self._session_key = None  # what Django's own stores do, so that a visitor chooses no key
        return {}

    def exists(self, session_key: str) -> bool:
        return super().exists(hash_session_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = hash_session_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(hash_session_key(key))


def hash_session_key(session_key: str) -> str:
    """Return what the database holds for the value of a session's cookie."""
    digest = salted_hmac("registry.accounts.sessions", session_key, algorithm="sha256").hexdigest()
    return digest[:_KEY_CHARACTERS]
