"""The key that seals what a phone keeps of the register: one for each user, given at sign-in.

On the phone it lies next to the sealed data and is wiped at sign-out, so that what still waits there can be
read by nobody but the one who typed it, once she has signed in again.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.utils.crypto import salted_hmac

from registry.models import User


def workspace_keys(user: User) -> list[str]:
    """Return AES keys (256 bits, base64): the one that seals, then those of earlier secrets."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("kpm.phone", str(user.pk), secret=secret, algorithm="sha256").digest()
        for secret in secrets
    ]
    return [base64.b64encode(digest).decode() for digest in digests]
