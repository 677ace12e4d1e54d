"""What the register has counted, in few words."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from kpm.case_actions import differing_cases
from registry.actions.refresh import differences, months_in_use
from registry.models import Village, VillageMonth


def counted(village: Village, month: date, *names: str) -> tuple[int, ...]:
    """Counters of a village and month over all cells: registered and measured unless named."""
    names = names or ("registered", "measured")
    sums = VillageMonth.objects.filter(village=village, month=month).aggregate(**{n: Sum(n) for n in names})
    return tuple(sums[name] or 0 for name in names)


def wrong_figures() -> list[str]:
    """Stored cells that a full recount counts otherwise, and cases that are derived otherwise."""
    cells = [str(difference) for month in months_in_use() for difference in differences(month)]
    return [*cells, *differing_cases()]
