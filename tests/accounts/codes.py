"""What an app on a phone shows, worked out by RFC 6238 and not by the product's library."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from registry.models import User
from registry.nik import seal

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238: "12345678901234567890"


def code_at(moment: float, secret: str = SECRET) -> str:
    """The six digits of a moment."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def code_now(secret: str = SECRET) -> str:
    return code_at(time.time(), secret)


def give_app(user: User, secret: str = SECRET) -> Authenticator:
    """As if the user had set up an app before."""
    return Authenticator.objects.create(
        user=user, type="totp", data={"secret": seal(secret)}, created_at=timezone.now()
    )


def give_recovery_codes(user: User) -> list[str]:
    row = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": seal("ab" * 40), "used_mask": 0}
    )
    codes: list[str] = row.wrap().get_unused_codes()
    return codes


def set_up_app(browser: Client) -> tuple[str, Any]:
    """Through the page; the key of the app, and the answer to its first code."""
    page = browser.get("/accounts/security/app/").content.decode()
    secret = key_on(page)
    return secret, browser.post("/accounts/security/app/", {"code": code_now(secret)})


def key_on(page: str) -> str:
    """The key that the page shows in fours."""
    return re.findall(r'id="totp-key">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<', page)[0].replace(" ", "")
