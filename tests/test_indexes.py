"""Indexes of the tables with a row for each child, measurement or village month: each costs every row."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model

from registry.models import Child, Measurement, QualityMonth, Residence, VillageMonth

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Child, Measurement, Residence, VillageMonth, QualityMonth])
def test_no_index_is_only_the_beginning_of_another(model: type[Model]) -> None:
    """What begins with the same columns finds the same rows."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    of_some_rows = {c.name for c in [*model._meta.constraints, *model._meta.indexes] if _is_of_some(c)}
    columns = {
        name: index["columns"]
        for name, index in found.items()
        if (index["index"] or index["unique"]) and name not in of_some_rows
    }
    only_begin = {
        name
        for name, begins in columns.items()
        for other in columns.values()
        if len(begins) < len(other) and other[: len(begins)] == begins and not found[name]["unique"]
    }
    assert not only_begin


def _is_of_some(index: object) -> bool:
    return getattr(index, "condition", None) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Child, "village_id"),
        (Measurement, "child_id"),
        (Measurement, "village_id"),
        (Measurement, "upload_id"),
        (Measurement, "recorded_by_id"),
        (Measurement, "voided_by_id"),
        (Residence, "child_id"),
        (Residence, "village_id"),
        (VillageMonth, "village_id"),
        (QualityMonth, "village_id"),
    ],
)
def test_what_refers_to_a_row_is_found_by_an_index(model: type[Model], column: str) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    indexes = [index["columns"] for index in found.values() if index["index"] or index["unique"]]
    assert any(columns[:1] == [column] for columns in indexes)
