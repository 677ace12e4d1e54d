"""The second factor of officers: who needs one, what a session knows of it, and codes that work once.

Keys, codes and passkeys are django-allauth's (``allauth.mfa``). Wrong codes count as wrong passwords do.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.models import Role, User

ROLES_WITH_SECOND_FACTOR = (Role.ADMIN, Role.DISTRICT, Role.KECAMATAN)
FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes are none by themselves."""

_SESSION_MARK = "second_factor"
_SIGNED_IN_AT = "signed_in_at"
_FIRST_SETUP_SECONDS = 15 * 60
_CODE_LIVES_SECONDS = 120  # more than a code is right for: 30, and 30 on each side of it


def may_have_second_factor(user: User) -> bool:
    """Return whether the user works for more than one puskesmas or in the admin."""
    return user.is_superuser or user.is_staff or user.has_role(*ROLES_WITH_SECOND_FACTOR)


def needs_second_factor(user: User) -> bool:
    """Return whether the user may not work without one."""
    return settings.SECOND_FACTOR and may_have_second_factor(user)


def has_second_factor(user: User) -> bool:
    """Return whether the user has set one up; a query."""
    return bool(is_mfa_enabled(user, FACTOR_TYPES))


def is_session_verified(request: HttpRequest) -> bool:
    """Return whether this session was opened with a second factor, or has set one up."""
    return request.session.get(_SESSION_MARK) == request.user.pk


def mark_session_verified(request: HttpRequest) -> None:
    """Remember that this session was opened with a second factor, or has set one up."""
    request.session[_SESSION_MARK] = request.user.pk


def forget_session_verified(request: HttpRequest) -> None:
    """Forget it, as the last factor is gone."""
    request.session.pop(_SESSION_MARK, None)


def note_sign_in(request: HttpRequest) -> None:
    """Remember when this session began, for ``is_first_setup``."""
    request.session[_SIGNED_IN_AT] = time.time()


def is_first_setup(request: HttpRequest) -> bool:
    """Return whether the user signed in just now, and had no second factor then.

    The password was typed a moment ago, and need not be typed again.
    """
    began = request.session.get(_SIGNED_IN_AT, 0)
    if time.time() - began > _FIRST_SETUP_SECONDS:
        return False
    factors = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTOR_TYPES)
    return not any(factor.created_at.timestamp() < began for factor in factors)


def was_token_made_with_second_factor(token: Any) -> bool:
    """Return whether an API token is younger than a second factor of its user: since then a code is asked."""
    factors = Authenticator.objects.filter(user_id=token.user_id, type__in=FACTOR_TYPES)
    return bool(factors.filter(created_at__lte=token.created).exists())


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Kode"),
        label_suffix="",
        max_length=20,
        error_messages={"required": _("Ketik kode 6 angka dari aplikasi autentikator.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an app, which shows that it has the key."""

    code = _code_field()

    @property
    def key_in_fours(self) -> str:
        """Return the key as it is typed with fewest mistakes."""
        return " ".join(re.findall("....", self.secret))


@contextmanager
def _refuse_bad_passkey() -> Iterator[None]:
    """Turn whatever a passkey's answer fails with into a sentence; allauth lets some of it through."""
    try:
        yield
    except (ValidationError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValidationError(_("Passkey itu tidak cocok. Coba sekali lagi, atau pakai kode.")) from error


class PasskeyForm(AddWebAuthnForm):
    """A passkey and what its owner calls it."""

    name = forms.CharField(label=_("Nama passkey"), label_suffix="", required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        with _refuse_bad_passkey():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyAnswerForm(AuthenticateWebAuthnForm):
    """What a passkey answers when its owner signs in."""

    def clean_credential(self) -> Authenticator:
        with _refuse_bad_passkey():
            factor: Authenticator = super().clean_credential()
        return factor


class CodeForm(AuthenticateForm):
    """A code of the app or a recovery code. Each works once."""

    code = _code_field()

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not mark_code_used(
            self.authenticator, code
        ):
            authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=self.authenticator,
                reauthentication=False,
            )
            raise get_adapter().validation_error("incorrect_code")
        return code


@transaction.atomic
def mark_code_used(authenticator: Authenticator, code: str) -> bool:
    """Note that a right code of an app was used; return False where it has been before.

    allauth notes it in the cache, which each worker has for itself.
    """
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    now, digits = time.time(), re.sub(r"\D", "", code)
    used = {old: at for old, at in row.data.get("used", {}).items() if at > now - _CODE_LIVES_SECONDS}
    if digits in used:
        return False
    row.data["used"] = used | {digits: now}
    row.save(update_fields=["data"])
    return True


@receiver(authentication_failed)
def count_wrong_code(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Count a wrong code as a wrong password (``registry.accounts.attempts``)."""
    user_login_failed.send(sender=sender, credentials={"username": user.get_username()}, request=request)
