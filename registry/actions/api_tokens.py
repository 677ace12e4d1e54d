"""Tokens of the API: one a device, stored as a hash. A new password ends them all (``registry.accounts``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from knox.models import get_token_model
from knox.settings import knox_settings

from registry.models import User


@transaction.atomic
def create_token(user: User) -> tuple[str, datetime]:
    """Return a new token and when it ends. The user's oldest tokens end beyond the limit for one user."""
    row, token = get_token_model().objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
    _end_oldest(user)
    return token, row.expiry


def end_token(token: Any) -> None:
    """End one token."""
    token.delete()


def _end_oldest(user: User) -> None:
    limit = knox_settings.TOKEN_LIMIT_PER_USER
    if limit is None:
        return
    tokens = get_token_model().objects.filter(user=user).order_by("-created", "pk")
    for token in tokens[limit:]:
        token.delete()
