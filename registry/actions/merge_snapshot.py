"""What two records of one child were before they were merged, so that it can all be put back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core import serializers
from django.db.models import ForeignObjectRel, Model

from registry.db.derived_rows import is_derived
from registry.errors import refusing_unreadable
from registry.models import Child, FormerVillageCode, Measurement, Residence
from registry.nik import seal_bytes, unseal_bytes

VOID_COLUMNS = ("state", "reason", "voided_by_id", "voided_at")


@dataclass(frozen=True, slots=True)
class MergeSnapshot:
    """Both records as they were, as Django's serializer writes them.

    ``merged`` and ``kept`` hold a child and its residences before, ``after`` the kept one afterwards.
    ``moved`` are keys of the rows that referred to the merged child, by table and column. ``voided`` are the
    measurements of a day that had two, as JSON of ``VOID_COLUMNS`` by key.
    """

    merged: str
    kept: str
    after: str
    moved: dict[str, list[str]]
    voided: dict[str, list[Any]]

    def seal(self) -> bytes:
        """Return it as it is stored."""
        return seal_bytes(json.dumps(asdict(self)).encode())

    @classmethod
    def unseal(cls, sealed: bytes | memoryview) -> MergeSnapshot:
        """Return what :meth:`seal` has stored. Raises Conflict where its key is lost."""
        with refusing_unreadable():
            return cls(**json.loads(unseal_bytes(bytes(sealed))))


def write_record(child: Child) -> str:
    """Return a stored child with its residences as text."""
    rows: Iterable[Model] = [
        Child.objects.get(pk=child.pk),
        *Residence.objects.filter(child=child).order_by("since"),
    ]
    # Not Django's JSON, which cuts moments to milliseconds.
    return json.dumps(serializers.serialize("python", rows), default=str)


def read_record(text: str) -> tuple[Any, list[Any]]:
    """Return the child and its residences of :func:`write_record`, to be stored under their own keys.

    A village that has another code by now stands with that one.
    """
    child, *homes = serializers.deserialize("python", json.loads(text))
    now = dict(FormerVillageCode.objects.values_list("code", "village"))
    records: list[Any] = [row.object for row in (child, *homes)]
    for record in records:
        record.village_id = now.get(record.village_id, record.village_id)
    return child, homes


def point_to(child: Child, moved: Mapping[str, list[str]]) -> None:
    """Let the rows that ``moved`` names refer to ``child``."""
    for relation in _references():
        keys = moved.get(_name_of(relation), [])
        relation.related_model._base_manager.filter(pk__in=keys).update(**{relation.field.name: child})


def references_of(child: Child) -> dict[str, list[str]]:
    """Return the keys of all rows that refer to ``child``, by table and column, but where it lives."""
    found = {}
    for relation in _references():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: child})
        if keys := [str(key) for key in rows.values_list("pk", flat=True)]:
            found[_name_of(relation)] = keys
    return found


def with_corrections(moved: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return ``moved`` with what has corrected its measurements since."""
    key = f"{Measurement._meta.label}.child"
    ids = {UUID(pk) for pk in moved.get(key, [])}
    newer = set(ids)
    while newer:
        newer = set(Measurement.objects.filter(supersedes__in=newer).values_list("pk", flat=True)) - ids
        ids |= newer
    return {**moved, key: [str(pk) for pk in ids]}


def _references() -> Iterator[ForeignObjectRel]:
    """Yield the relations of every table to a child. Tables that are added later are among them."""
    for relation in Child._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or is_derived(relation.related_model):
            continue
        if relation.related_model is not Residence:
            yield relation


def _name_of(relation: ForeignObjectRel) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"
