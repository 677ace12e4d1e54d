"""Who may open a page: what the pages of every app share. Outside the area does not exist: 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from registry.accounts.login import sign_in_first
from registry.models import Role, User
from registry.models.access import ROLES_WITH_PEOPLE

View = Callable[..., HttpResponseBase]


class BadAddress(Exception):
    """Something in the address cannot be read; the message says what and how to write it."""


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Raises 404 for nobody, whom the guards have sent to sign in before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def roles_required(*roles: Role) -> Callable[[View], View]:
    """Open a page to these roles: others get 404, whoever is not signed in is sent to sign in.

    A :class:`BadAddress` raised inside becomes the page 400 with its sentence.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if not user_of(request).has_role(*roles):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except BadAddress as error:
                return render(request, "400.html", {"sentence": str(error)}, status=400)

        return guarded

    return decorate


people_required = roles_required(*ROLES_WITH_PEOPLE)
