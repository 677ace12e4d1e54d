"""The month that opens when the address names none: all rules, one function each."""

from __future__ import annotations

from datetime import date

from registry.access.visible_places import Place
from registry.calendar_months import current_month
from registry.figures.trend import latest_month
from registry.models import User


def default_month_of_figures(place: Place, user: User) -> date:
    """Return the latest month in which somebody of ``place`` was measured, else the current month.

    For pages of figures, which an officer reads: a new month is empty at first. Raises PlaceNotVisible.
    """
    return latest_month(place, user) or current_month()


def default_month_of_workspace() -> date:
    """Return the current month: a cadre works in the month of today, also before its first visit."""
    return current_month()


def default_month_of_api() -> date:
    """Return the current month: a program that names none must get the same month from every place."""
    return current_month()
