"""Signing in without losing what was typed.

A session can end while a cadre fills in a form. What she sends then is kept on the sign-in page, in her own
browser and nowhere else, and handed back to her to send once she has signed in.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from registry.accounts.middleware import WHO

KEPT = "kept"
"""The field of the sign-in form that holds what was sent before, as JSON."""

_MOST_KEPT = 50_000  # characters; the longest form of the register, attendance of all cadres, has 10,000
_MOST_FIELDS = 1000  # as Django's own DATA_UPLOAD_MAX_NUMBER_FIELDS

Fields = list[tuple[str, str]]


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The way to sign in and back to this page, with what was sent to it. A file has to be chosen anew."""
    if request.method != "POST" or request.FILES:
        return redirect_to_login(request.get_full_path())
    context = {
        "form": AuthenticationForm(request),
        "next": request.get_full_path(),
        KEPT: _kept(request.POST),
    }
    page = render(request, "registration/login.html", context, status=401)
    add_never_cache_headers(page)
    return page


class SignIn(auth_views.LoginView):
    """Django's, which also carries what was sent before the session ended."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {KEPT: self.request.POST.get(KEPT, "")}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        fields = _fields(self.request.POST.get(KEPT, ""))
        # Only back to where it was sent: an address that is not this site's leads home, with nothing to send.
        if fields is None or not self.get_redirect_url():
            return answer
        context = {"fields": fields, "address": self.get_redirect_url()}
        return render(self.request, "registration/send_again.html", context)


class SignOut(auth_views.LogoutView):
    """Django's; the browser also forgets every page it has kept of this site."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache"'
        answer.delete_cookie(WHO, samesite="Lax")
        return answer


def _kept(sent: QueryDict) -> str:
    """What was sent, to be put on the page; empty when it is too much."""
    fields = [(name, value) for name, values in sent.lists() for value in values]
    kept = json.dumps([field for field in fields if field[0] != "csrfmiddlewaretoken"])
    return kept if len(kept) <= _MOST_KEPT else ""


def _fields(kept: str) -> Fields | None:
    """The fields that ``_kept`` wrote; None for nothing or for anything else."""
    try:
        fields = json.loads(kept) if 0 < len(kept) <= _MOST_KEPT else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, list) or len(fields) > _MOST_FIELDS:
        return None
    if not all(isinstance(f, list) and len(f) == 2 and all(isinstance(x, str) for x in f) for f in fields):
        return None
    return [(name, value) for name, value in fields]
