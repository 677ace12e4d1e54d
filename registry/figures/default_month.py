"""The month that opens when the address names none: all rules, one function each."""

from __future__ import annotations

from datetime import date

from registry.access.visible_places import Place, require_place, villages_of
from registry.calendar_months import current_month
from registry.figures.trend import latest_judged_month, latest_month
from registry.models import User, Village


def default_month_of_figures(place: Place, user: User) -> date:
    """Return the last month that is over and covered as usual at ``place``.

    For pages of figures, from which an officer concludes. Without such a month the last one in which somebody
    was measured, else the current month. Raises PlaceNotVisible.
    """
    require_place(place, user)
    return latest_judged_month(villages_of(place)) or latest_month(place, user) or current_month()


def default_month_of_workspace() -> date:
    """Return the current month: a cadre works in the month of today, also before its first visit."""
    return current_month()


def default_month_of_api() -> date:
    """Return the last month that is over and covered as usual in all villages, else the current one.

    The same from every place, since a program that names none compares them.
    """
    return latest_judged_month(Village.objects.all()) or current_month()
