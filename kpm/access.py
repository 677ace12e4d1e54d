"""Who may open a page, and how a page loads what it is about. Outside the area does not exist: 404."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from registry.figures import InvalidMonth, current_month, parse_month
from registry.models import Child, Measurement, Role, User, Village
from registry.models.access import ROLES_WITH_PEOPLE
from registry.signing_in import sign_in_first

View = Callable[..., HttpResponse]
M = TypeVar("M", bound=Model)


class BadAddress(Exception):
    """Something in the address cannot be read; the message says what and how to write it."""


def roles_required(*roles: Role) -> Callable[[View], View]:
    """Open a page to these roles: others get 404, whoever is not signed in is sent to sign in.

    A :class:`BadAddress` raised inside becomes the page 400 with its sentence.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
officers_required = roles_required(Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)
district_required = roles_required(Role.DISTRICT, Role.ADMIN)


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Raises 404 for nobody, which the decorators have sent to sign in before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def child_or_404(request: HttpRequest, child_id: UUID) -> Child:
    children = Child.objects.visible_to(user_of(request)).select_related("village__kecamatan", "posyandu")
    return one_or_404(children, pk=child_id)


def measurement_or_404(request: HttpRequest, measurement_id: UUID) -> Measurement:
    measurements = Measurement.objects.visible_to(user_of(request)).select_related(
        "child__village__kecamatan", "village", "recorded_by"
    )
    return one_or_404(measurements, pk=measurement_id)


def villages_for(request: HttpRequest) -> QuerySet[Village]:
    """The villages whose children the user works with."""
    return Village.objects.with_people_visible_to(user_of(request)).select_related("kecamatan")


def one_or_404(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row, or 404 without a word about whether it exists elsewhere."""
    # Nothing has a code with a NUL in it, and PostgreSQL would fail instead of finding nothing.
    if any("\0" in value for value in lookup.values() if isinstance(value, str)):
        raise Http404
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def month_asked(request: HttpRequest) -> date:
    """The month of ``?month=YYYY-MM``, this month without one. Raises :class:`BadAddress`."""
    text = request.GET.get("month", "")
    if not text:
        return current_month()
    try:
        return parse_month(text)
    except InvalidMonth as error:
        raise BadAddress(str(error)) from error
