"""Officers open nothing before their second factor."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from registry.accounts.login import redirect_to_login_keeping_form
from registry.accounts.middleware import OPEN_BEFORE_OWN_PASSWORD, NextHandler
from registry.accounts.second_factor import has_second_factor, is_session_verified, needs_second_factor
from registry.models import User
from registry.validation_messages import refusal_message

_SETTING_UP = ("mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate")


@cache
def _list_addresses(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(reverse(name) for name in names)


def second_factor_first(get_response: NextHandler) -> NextHandler:
    """Lead an officer without a second factor to set one up (middleware).

    A session that was opened without the factor which its user has since is closed. It looks at sessions
    only: tokens are judged by ``registry.api.authentication``.
    """

    def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
        user = request.user
        is_open = request.path in _list_addresses(OPEN_BEFORE_OWN_PASSWORD)
        if is_open or not settings.SECOND_FACTOR or not isinstance(user, User):
            return get_response(request)
        if is_session_verified(request) or not needs_second_factor(user):
            return get_response(request)
        has_factor = has_second_factor(user)
        if not has_factor and request.path in _list_addresses(_SETTING_UP):
            return get_response(request)
        if not request.accepts("text/html") or request.path.startswith("/api/"):
            code = "second_factor_needed" if has_factor else "second_factor_not_set_up"
            return JsonResponse({"code": code, "detail": refusal_message(code)}, status=403)
        if not has_factor:
            return redirect("mfa_activate_totp")
        logout(request)
        return redirect_to_login_keeping_form(request)

    return ask_for_second_factor
