"""By which values cases have recovered, loaded for many cases at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from kpm.cases.course import CaseKind, CaseOutcome
from kpm.models import Case
from kpm.value_words import zscore
from registry.db.batches import chunks
from registry.models import Measurement

_VALUES: Mapping[str, Sequence[str]] = {
    CaseKind.WASTING: ("whz", "muac_cm"),
    CaseKind.OVERWEIGHT: ("whz",),
    CaseKind.UNDERWEIGHT: ("waz",),
    CaseKind.STUNTING: ("haz",),
    CaseKind.GAIN: ("weight_kg",),
}
"""What closes a case of a kind; of several the first that both measurements have."""


def load_recovery_words(cases: Iterable[Case]) -> dict[UUID, str]:
    """Return the value that opened each recovered case and the one that closed it, where both are known."""
    recovered = [case for case in cases if case.outcome == CaseOutcome.RECOVERED]
    days = {(case.child_id, day) for case in recovered for day in (case.opened_on, case.closed_on)}
    in_force = Measurement.objects.in_force()
    by_day = {
        (m.child_id, m.measured_on): m
        for some in chunks(sorted({child_id for child_id, _day in days}))
        for m in in_force.filter(child__in=some, measured_on__in={day for _child, day in days})
    }
    found = {}
    for case in recovered:
        first, last = (by_day.get((case.child_id, day)) for day in (case.opened_on, case.closed_on))
        if first and last:
            found[case.pk] = _recovery_words(case, first, last)
    return found


def _recovery_words(case: Case, first: Measurement, last: Measurement) -> str:
    for name in _VALUES.get(case.kind, ()):
        before, after = getattr(first, name), getattr(last, name)
        found_by_arm = name == "whz" and case.kind == CaseKind.WASTING and (before or 0) >= -2
        if before is not None and after is not None and not found_by_arm:
            shown = {"name": _value_words(name), "before": zscore(before), "after": zscore(after)}
            return _("%(name)s: dari %(before)s menjadi %(after)s.") % shown
    return ""


def _value_words(name: str) -> str:
    return {
        "whz": _("Berat Badan menurut Tinggi Badan (z)"),
        "muac_cm": _("LiLA (cm)"),
        "waz": _("Berat Badan menurut Umur (z)"),
        "haz": _("Tinggi Badan menurut Umur (z)"),
        "weight_kg": _("Berat (kg)"),
    }[name]
