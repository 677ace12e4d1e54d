"""Signing in and out without losing a form.

A session can end while a cadre fills in a form. The sign-in page then carries the form's fields, in her own
browser and nowhere else. Once she has signed in, the next page offers to send them again.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.account.utils import perform_login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from registry.accounts.attempts import find_locked_out_page
from registry.accounts.middleware import USER_COOKIE
from registry.accounts.password_form import OwnPasswordForm
from registry.accounts.second_factor import has_second_factor, mark_session_verified, note_sign_in
from registry.models import User

RESUBMIT_FIELD = "kept"
"""The field of the sign-in form that holds the fields sent before, as JSON."""

_MAX_CHARACTERS = 50_000  # characters; the longest form of the register, attendance of all cadres, has 10,000
_MAX_FIELDS = 1000  # as Django's own DATA_UPLOAD_MAX_NUMBER_FIELDS

Fields = list[tuple[str, str]]


def redirect_to_login_keeping_form(request: HttpRequest) -> HttpResponse:
    """Return the way to sign in and back to this page, with the fields that were sent to it.

    A file has to be chosen again.
    """
    if request.method != "POST" or request.FILES:
        return redirect_to_login(request.get_full_path())
    context = {
        "form": AuthenticationForm(request),
        "next": request.get_full_path(),
        RESUBMIT_FIELD: _fields_to_json(request.POST),
    }
    page = render(request, "registration/login.html", context, status=401)
    add_never_cache_headers(page)
    return page


class FormKeepingMixin(auth_views.RedirectURLMixin):
    """A step of signing in that carries the fields which were sent after the session ended."""

    request: HttpRequest

    @property
    def kept(self) -> str:
        return self.request.POST.get(RESUBMIT_FIELD, "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {RESUBMIT_FIELD: self.kept, "next": self.get_redirect_url()}

    def send_again_page(self) -> HttpResponse | None:
        """Return the page that offers to send the fields again; None where there is nothing to send."""
        fields = _fields_from_json(self.kept)
        # Only back to where it was sent: an address of another site leads home, with nothing to send.
        if fields is None or not self.get_redirect_url():
            return None
        context = {"fields": fields, "address": self.get_redirect_url()}
        return render(self.request, "registration/send_again.html", context)


class SignInStep(FormKeepingMixin):
    """What follows the last step of signing in."""

    def finish_sign_in(self, user: User, answer: HttpResponse) -> HttpResponse:
        """Return ``answer``, unless the user has a password to choose first or fields to send again."""
        note_sign_in(self.request)
        if not user.must_change_password:
            return self.send_again_page() or answer
        context = {"form": OwnPasswordForm(user), "is_first": True}
        return render(self.request, "registration/password_change.html", self.get_context_data(**context))


class FormKeepingLoginView(SignInStep, auth_views.LoginView):
    """Django's sign-in; who has a second factor is asked for it before a session is signed in."""

    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not has_second_factor(user):
            return self.finish_sign_in(user, super().form_valid(form))
        to_second_step = perform_login(self.request, user, redirect_url=self.get_success_url())
        # The fields are in the page alone: they would be lost on the way to the next one.
        return SecondStepView.as_view()(self.request) if self.kept else to_second_step


class SecondStepView(SignInStep, AuthenticateView):
    """Asks for a code or a passkey after the password (allauth keeps who it was for a quarter of an hour)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not {"code", "credential"} & request.POST.keys():  # passed on by the first step
            return self.get(request)
        locked_out = find_locked_out_page(request, self.stage.login.user.get_username())
        return locked_out or super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        has_app, has_passkey = (is_mfa_enabled(user, [one]) for one in types)
        return super().get_context_data(**kwargs) | {"has_app": has_app, "has_passkey": has_passkey}

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        mark_session_verified(self.request)
        return self.finish_sign_in(self.stage.login.user, answer)


class CacheClearingLogoutView(auth_views.LogoutView):
    """Django's sign-out; the browser also forgets every page of this site in its cache."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache"'
        answer.delete_cookie(USER_COOKIE, samesite="Lax")
        return answer


def _fields_to_json(sent: QueryDict) -> str:
    """Return the fields for the page; empty when they are too many."""
    fields = [(name, value) for name, values in sent.lists() for value in values]
    text = json.dumps([field for field in fields if field[0] != "csrfmiddlewaretoken"])
    return text if len(text) <= _MAX_CHARACTERS else ""


def _fields_from_json(text: str) -> Fields | None:
    """Return the fields that ``_fields_to_json`` wrote; None for nothing or for anything else."""
    try:
        fields = json.loads(text) if 0 < len(text) <= _MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, list) or len(fields) > _MAX_FIELDS:
        return None
    if not all(isinstance(f, list) and len(f) == 2 and all(isinstance(x, str) for x in f) for f in fields):
        return None
    return [(name, value) for name, value in fields]
