"""The roster of a village and month: which children are measured, which are not, which again.

Who belongs to a month is what ``registry.figures.count`` says, so "18 dari 25" equals the district's D/S,
but for children measured here who have moved since: they count here and are no longer this user's to see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpm.advice import has_flag, status_of
from registry.figures import add_months, last_day
from registry.growth import age_in_days, under_five
from registry.models import Child, ChildStatus, Measurement, User, Village


@dataclass(frozen=True, slots=True)
class Row:
    """One child of the roster: its age on the roster's day and its last measurement in force, if any."""

    child: Child
    age_days: int
    last: Measurement | None
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A month's children by what is still to do. ``leaving`` turn five in it and are not measured in it."""

    village: Village
    month: date
    todo: list[Row] = field(default_factory=list)
    again: list[Row] = field(default_factory=list)
    done: list[Row] = field(default_factory=list)
    leaving: list[Row] = field(default_factory=list)

    @property
    def measured(self) -> int:
        """D: measured this month, believed or not."""
        return len(self.done) + len(self.again)

    @property
    def registered(self) -> int:
        """S: under five and living here on the month's last day, or measured here this month."""
        return self.measured + len(self.todo)

    @property
    def is_empty(self) -> bool:
        return not (self.registered or self.leaving)


def roster(*, user: User, village: Village, month: date, on: date, search: str = "") -> Roster:
    """The roster of ``village`` as ``user`` may see it: two queries whatever its size. Ages are on ``on``."""
    found = Roster(village, month)
    children = list(_children(user, village, month))
    latest = Measurement.objects.in_bulk([c.latest_id for c in children if c.latest_id])  # type: ignore[attr-defined]
    for child in children:
        if search and not matches(child.name, search):
            continue
        _put(found, child, latest.get(child.latest_id), on)  # type: ignore[attr-defined]
    return found


def next_to_measure(found: Roster, after: Child) -> Child | None:
    """The next child still to be measured, by name and then from the start; None when all are."""
    waiting = [row.child for row in found.todo if row.child != after]
    later = [child for child in waiting if (child.name.lower(), child.pk) > (after.name.lower(), after.pk)]
    return next(iter(later or waiting), None)


def matches(name: str, search: str) -> bool:
    """Every word of ``search`` begins a word of ``name``: "si nur" finds Siti Nurhaliza."""
    words = _words(name)
    return all(any(word.startswith(start) for word in words) for start in _words(search))


def _words(text: str) -> Sequence[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _children(user: User, village: Village, month: date) -> Sequence[Child]:
    end = last_day(month)
    after = add_months(month, 1)
    in_force = Measurement.objects.in_force().filter(measured_on__lt=after)
    lived = Q(residences__since__lte=end, residences__village=village) & (
        Q(residences__until__isnull=True) | Q(residences__until__gt=end)
    )
    here = Child.objects.filter(lived, Q(status=ChildStatus.ACTIVE) | Q(status_date__gt=end)).values("pk")
    measured = in_force.filter(village=village, measured_on__gte=month).values("child_id")
    latest = in_force.filter(child=OuterRef("pk")).order_by("-measured_on")
    children = (
        Child.objects.visible_to(user)
        .filter(Q(pk__in=here) | Q(pk__in=measured), birth_date__lte=end)
        .annotate(latest_id=Subquery(latest.values("pk")[:1]))
    )
    return sorted(children, key=lambda child: (child.name.lower(), child.pk))


def _put(found: Roster, child: Child, last: Measurement | None, on: date) -> None:
    """Put one child into its section, or nowhere: past five all month, or counted in another village."""
    age_days = age_in_days(child.birth_date, max(on, child.birth_date))
    if last is not None and last.measured_on >= found.month and under_five(last.age_days):
        if last.village_id == found.village.pk:
            (found.again if has_flag(last) else found.done).append(
                Row(child, age_days, last, *status_of(last))
            )
        return
    row = Row(child, age_days, last, *_waiting(found.month, last))
    if under_five(age_in_days(child.birth_date, last_day(found.month))):
        found.todo.append(row)
    elif under_five(age_in_days(child.birth_date, found.month)):
        found.leaving.append(row)


def _waiting(month: date, last: Measurement | None) -> tuple[str, str]:
    """How long nobody has measured the child: what the chip of a waiting row says."""
    if last is None:
        return "none", _("Belum pernah")
    missed = (month.year - last.measured_on.year) * 12 + month.month - last.measured_on.month
    if missed > 1:
        words = ngettext("%(count)d bulan tidak diukur", "%(count)d bulan tidak diukur", missed - 1)
        return "watch", words % {"count": missed - 1}
    return "none", _("Belum diukur")
