"""Whose access is in force, starts or has ended, in the one way that pages, phone and API say it.

What somebody reaches today follows from ``MembershipQuerySet.held_on``; this says why that is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.visible_places import PlaceNotVisible
from registry.models import Membership, User
from registry.validation_messages import spoken_date


class AccessState(StrEnum):
    """The last three are codes of refusals."""

    HOLDS = "holds"
    STARTS = "access_not_started"
    ENDED = "access_ended"
    NONE = "no_place_of_work"


class AccessPeriod(NamedTuple):
    """``day``: the last day of access that holds (None: no end) or has ended, or the first to come."""

    state: AccessState
    day: date | None = None

    @property
    def is_over(self) -> bool:
        return self.state == AccessState.ENDED

    @property
    def is_to_come(self) -> bool:
        return self.state == AccessState.STARTS

    @property
    def values(self) -> dict[str, date]:
        """Return what the sentence of the refusal names."""
        return {"day": self.day} if self.day else {}


def find_period(memberships: Iterable[Membership], on: date) -> AccessPeriod:
    """Return what ``memberships`` give together on that day: what holds, else what comes, else what ended."""
    to_come, ended, holding = [], [], []
    for one in memberships:
        if one.starts_after(on):
            to_come.append(one.since)
        elif one.ended_before(on):
            ended.append(one.until)
        else:
            holding.append(one.until)
    if holding:
        last = None if None in holding else max(day for day in holding if day)
        return AccessPeriod(AccessState.HOLDS, last)
    if to_come:
        return AccessPeriod(AccessState.STARTS, min(day for day in to_come if day))
    if ended:
        return AccessPeriod(AccessState.ENDED, max(day for day in ended if day))
    return AccessPeriod(AccessState.NONE)


def period_words(membership: Membership, on: date) -> str:
    """Return since when a membership has ended, or when it starts; empty for one that holds."""
    period = find_period([membership], on)
    if not period.day or period.state == AccessState.HOLDS:
        return ""
    words = _("berakhir %(day)s") if period.is_over else _("mulai %(day)s")
    return words % {"day": spoken_date(period.day)}


def find_user_period(user: User) -> AccessPeriod:
    """Return what the memberships of ``user`` give today, wherever they are."""
    return find_period(user.memberships.all(), timezone.localdate())


def no_access(user: User) -> PlaceNotVisible:
    """Return the refusal of any page to a user who works nowhere today."""
    period = find_user_period(user)
    return PlaceNotVisible(period.state, **period.values)
