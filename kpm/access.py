"""Who may open a page, and how a page loads what it is about. Outside the area does not exist: 404."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from registry.access.decorators import BadAddress, roles_required, user_of
from registry.calendar_months import InvalidMonth, current_month, parse_month
from registry.models import Child, Measurement, Role, Village

M = TypeVar("M", bound=Model)


officers_required = roles_required(Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)
district_required = roles_required(Role.DISTRICT, Role.ADMIN)


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


def village_asked(request: HttpRequest) -> Village | None:
    """The village of ``?village=CODE``, else the only one; None when there are several to choose from."""
    villages = villages_for(request)
    if code := request.GET.get("village", ""):
        return one_or_404(villages, pk=code)
    some = list(villages[:2])
    if not some:
        raise Http404
    return some[0] if len(some) == 1 else None


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
