"""Who may open a page. Outside the user's area nothing exists: 404, never 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from registry.access.periods import no_access
from registry.access.query import BadQuery
from registry.access.visible_places import PlaceNotVisible
from registry.accounts.login import redirect_to_login_keeping_form
from registry.models import Role, User
from registry.models.access import ROLES_WITH_PEOPLE

View = Callable[..., HttpResponseBase]


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user. Raises Http404 when nobody is signed in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def roles_required(*roles: Role) -> Callable[[View], View]:
    """Open a page to these roles; any other role gets 404."""

    def require_role(user: User) -> None:
        if not user.roles:
            raise no_access(user)
        if not user.has_role(*roles):
            raise Http404

    return lambda view: _guard(view, require_role)


people_required = roles_required(*ROLES_WITH_PEOPLE)
officers_required = roles_required(Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)
district_required = roles_required(Role.DISTRICT, Role.ADMIN)


def figures_page(view: View) -> View:
    """Open a page of figures to everybody but another system, which has the API."""
    return require_safe(_guard(view, _require_person))


def names_page(view: View) -> View:
    """Open a page of figures that also names children: their list is taken by POST, since that is logged."""
    return require_http_methods(["GET", "HEAD", "POST"])(_guard(view, _require_person))


def _require_person(user: User) -> None:
    """Raise PlaceNotVisible for another system: it reads the API, where small counts are hidden."""
    if user.roles and not user.sees_people:
        raise PlaceNotVisible("officers_only")


def _guard(view: View, require: Callable[[User], None]) -> View:
    """Ask a visitor to sign in first, then check with ``require``.

    PlaceNotVisible becomes the page 404 and BadQuery the page 400, each with its sentence.
    """

    @wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login_keeping_form(request)
        try:
            require(user_of(request))
            return view(request, *args, **kwargs)
        except PlaceNotVisible as error:
            return render(request, "404.html", {"sentence": str(error)}, status=404)
        except BadQuery as error:
            return render(request, "400.html", {"sentence": str(error)}, status=400)

    return guarded_view
