"""The version of stored figures: what was drawn from them is drawn again only when it changes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, Sum

from registry.access.visible_places import Place, villages_of
from registry.models import CountedMonth, QualityMonth, Residence, VillageMonth

Version = tuple[Any, ...]

_RAW_SECONDS = 60


def figures_version(place: Place, months: Iterable[date]) -> Version:
    """Return a value that changes whenever a stored figure of ``place`` in ``months`` does.

    Where the last of the months is not stored, so that it is counted from the raw rows, it changes with
    :func:`raw_version` too.

    A recount takes the rows of a village and month away and stores new ones, whose ids are new: as many rows
    with the same sum of ids are the same rows.
    """
    wanted = sorted(set(months))
    rows = VillageMonth.objects.filter(month__in=wanted, village__in=villages_of(place))
    found = rows.aggregate(count=Count("pk"), total=Sum("pk"), last=Max("pk"))
    stored = (found["count"], int(found["total"] or 0), found["last"])
    return stored if is_counted(wanted[-1]) else (*stored, *raw_version())


def raw_version() -> Version:
    """Return a value that changes each minute, and when somebody is enrolled or moves.

    What is counted from the raw rows of a month that is not stored is kept for as long. (A measurement opens
    the month, and so ends it.)
    """
    return (Residence.objects.aggregate(last=Max("pk"))["last"], int(time.time()) // _RAW_SECONDS)


def digest_of(rests_on: object) -> str:
    """Return a name for what a kept result rests on: equal values have an equal ``repr``, and one name."""
    return hashlib.sha256(repr(rests_on).encode()).hexdigest()[:32]


def is_counted(month: date) -> bool:
    """Return whether the figures of ``month`` are stored; those of a month with a measurement are."""
    return CountedMonth.objects.filter(pk=month).exists()


def grades_version(place: Place, month: date) -> Version:
    """Return the same for the stored grades of data quality."""
    rows = QualityMonth.objects.filter(month=month, village__in=villages_of(place))
    found = rows.aggregate(count=Count("pk"), total=Sum("pk"))
    return (found["count"], int(found["total"] or 0))
