"""When posyandu open, and the address of a village's calendar."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from registry.access.loaders import get_writable_village
from registry.actions.change_log import FieldChange, log_changes
from registry.errors import Invalid
from registry.models import ChangeSubject, Posyandu, User, Village

PosyanduDay = tuple[int | None, int | None]
"""``day_of_month`` and ``nth_weekday`` of a posyandu."""

DAYS_OF_MONTH = range(1, 32)
NTH_WEEKDAYS = tuple(nth * 10 + weekday for nth in range(1, 6) for weekday in range(1, 8))


@transaction.atomic
def set_posyandu_days(*, by: User, village_code: str, days: Mapping[int, PosyanduDay]) -> int:
    """Set when posyandu of a village open, by their numbers; return how many open on another day now.

    Raises NotFound (a village outside the area) and Invalid (a posyandu elsewhere, no such day).
    """
    village = get_writable_village(by=by, code=village_code)
    stored = {one.pk: one for one in Posyandu.objects.select_for_update().filter(village=village)}
    changes = []
    for pk, (day, nth) in days.items():
        if pk not in stored:
            raise Invalid.of("posyandu_elsewhere", "posyandu", village=village)
        if (day and nth) or day not in (None, *DAYS_OF_MONTH) or nth not in (None, *NTH_WEEKDAYS):
            raise Invalid.of("number", "posyandu", text=f"{day} {nth}")
        one = stored[pk]
        if (one.day_of_month, one.nth_weekday) == (day, nth):
            continue
        old, new = (
            f"{one.name}: {a or ''}/{b or ''}" for a, b in ((one.day_of_month, one.nth_weekday), (day, nth))
        )
        changes.append(FieldChange(ChangeSubject.VILLAGE, village.pk, "posyandu_day", old, new))
        Posyandu.objects.filter(pk=pk).update(day_of_month=day, nth_weekday=nth)
    log_changes(changes, by=by)
    return len(changes)


@transaction.atomic
def renew_calendar(*, by: User, village_code: str) -> Village:
    """Give the calendar of a village another address; those of before answer no more. Raises NotFound."""
    village = get_writable_village(by=by, code=village_code)
    Village.objects.filter(pk=village.pk).update(calendar_serial=F("calendar_serial") + 1)
    old = village.calendar_serial
    village.refresh_from_db()
    change = FieldChange(
        ChangeSubject.VILLAGE, village.pk, "calendar_serial", str(old), str(village.calendar_serial)
    )
    log_changes([change], by=by)
    return village
