"""Accounts that were closed: a refusal says so, and a phone then keeps nothing of the children."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from knox.crypto import hash_token

from registry.models import User

CLOSED = "account_closed"


def is_of_closed_account(request: HttpRequest) -> bool:
    """Return whether a refused request carries the session or the API token of an account that is closed."""
    closed = User.objects.filter(is_active=False)
    _scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if token:
        return closed.filter(auth_token_set__digest=hash_token(token)).exists()
    return closed.filter(pk=int(request.session.get(SESSION_KEY, 0))).exists()
