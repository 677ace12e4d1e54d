"""What a page says of two records that may be of one child. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kpm.identity_history import field_label, format_two_values
from registry.actions import HOME, MERGE_FIELDS, differing_fields, fields_to_take, list_doubles
from registry.actions.duplicates import find_possible_duplicates
from registry.actions.identity_changes import NIK, identity_text, nik_text
from registry.models import Child, Measurement, User

_MOST_FOUND = 20
KEPT, OTHER = "kept", "other"


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field of both records, as people write it; ``is_taken``: the other record's is ticked."""

    name: str
    label: str
    kept: str
    other: str
    differs: bool
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A day on which both records have a measurement in force; ``is_other``: the other record's is ticked."""

    kept: Measurement
    other: Measurement
    is_other: bool


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """Two records side by side, with what is ticked."""

    fields: list[ComparedField]
    days: list[ComparedDay]

    @property
    def taken(self) -> set[str]:
        """Return the fields in which the other record is right."""
        return {field.name for field in self.fields if field.is_taken}

    @property
    def chosen(self) -> set[UUID]:
        """Return the measurements of the other record that count of a day on which both have one."""
        return {day.other.pk for day in self.days if day.is_other}


def compare_records(kept: Child, other: Child, sent: Mapping[str, str] | None = None) -> RecordComparison:
    """Return both records, with what ``sent`` ticks, or what is ticked at first: the kept record's."""
    differing, taken = set(differing_fields(kept, other)), fields_to_take(kept, other)
    if sent is not None:
        taken = {name for name in MERGE_FIELDS if sent.get(name) == OTHER}
    fields = [
        ComparedField(name, _label(name), *_both_values(name, kept, other), name in differing, name in taken)
        for name in MERGE_FIELDS
    ]
    days = [
        ComparedDay(own, theirs, (sent or {}).get(str(theirs.measured_on)) == OTHER)
        for own, theirs in list_doubles(kept, other)
    ]
    return RecordComparison(fields, days)


def list_candidates(user: User, child: Child, search: str) -> list[Child]:
    """Return the children whom ``user`` sees that may be ``child``, and up to 20 that ``search`` finds."""
    found = list(find_possible_duplicates(user, child))
    if search.strip():
        rows = (
            Child.objects.visible_to(user)
            .search_by_name(search)
            .exclude(pk__in=[child.pk, *(c.pk for c in found)])
        )
        rows = rows.select_related("village", "posyandu")
        found += rows.order_by("sort_name", "birth_date", "pk")[:_MOST_FOUND]
    return found


def _label(name: str) -> str:
    return _("Tempat tinggal") if name == HOME else field_label(name)


def _both_values(name: str, kept: Child, other: Child) -> tuple[str, str]:
    if name == HOME:
        return _home(kept), _home(other)
    values = [nik_text(child) if name == NIK else identity_text(child, name) for child in (kept, other)]
    return format_two_values(name, *values)


def _home(child: Child) -> str:
    place = [
        str(child.village),
        str(child.posyandu or ""),
        child.rt and f"RT {child.rt}",
        child.rw and f"RW {child.rw}",
    ]
    place += [child.address, "" if child.is_active else str(child.get_status_display())]
    return ", ".join(part for part in place if part)
