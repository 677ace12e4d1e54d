"""Exported and taken in again, an empty register holds the same children and measurements."""

from __future__ import annotations

from typing import Any

import pytest

from registry.models import Child, ExportForm, ExportKind, Measurement, Posyandu, Residence
from registry.spreadsheets.report import RowOutcome
from registry.spreadsheets.take_in import take_in
from tests.spreadsheets.out.conftest import Register
from tests.spreadsheets.out.files import exported, whole

pytestmark = pytest.mark.django_db

IDENTITY = (
    *("name", "sex", "birth_date", "birth_weight_kg", "birth_length_cm", "parent_name", "nik_hash"),
    *("village", "posyandu__name", "rt", "rw", "address", "status"),
)
SEEN = (
    *("child__name", "village", "measured_on", "weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm"),
    *("age_days", "clenhei_cm", "haz", "waz", "whz", "baz", "haz_flag", "waz_flag", "whz_flag", "gain"),
)


def held() -> tuple[list[Any], list[Any], list[str]]:
    """All of the register that a file can hold, children with a measurement only."""
    children = Child.objects.filter(measurements__isnull=False).distinct()
    return (
        sorted(children.values_list(*IDENTITY), key=str),
        sorted(Measurement.objects.in_force().values_list(*SEEN), key=str),
        sorted(child.nik for child in children),
    )


def forget_everybody() -> None:
    Measurement.objects.all().delete()
    Residence.objects.all().delete()
    Child.objects.all().delete()
    Posyandu.objects.all().delete()


@pytest.mark.parametrize("form", ExportForm)
def test_the_register_comes_back_the_same(register: Register, form: ExportForm) -> None:
    before = held()
    content = whole(register.officer, ExportKind.EPPGBM, form=form)
    forget_everybody()
    report = take_in(content, register.officer)
    assert report.not_taken == 0
    assert {row.outcome for row in report.rows} == {RowOutcome.NEW_CHILD, RowOutcome.MEASURED}
    assert not [note for row in report.rows for note in row.notes if note.repaired]
    assert not [difference for row in report.rows for difference in row.differences]
    assert held() == before


@pytest.mark.parametrize("form", ExportForm)
def test_taken_in_where_it_came_from_nothing_changes(register: Register, form: ExportForm) -> None:
    before = held()
    report = take_in(whole(register.officer, ExportKind.EPPGBM, form=form), register.officer)
    assert {row.outcome for row in report.rows} == {RowOutcome.SAME}
    assert held() == before


def test_a_masked_file_brings_everything_but_the_nik(register: Register) -> None:
    before = held()
    content = exported(register.officer, ExportKind.EPPGBM)[1]
    forget_everybody()
    take_in(content, register.officer)
    assert held()[1] == before[1]
    assert {child.nik_hash for child in Child.objects.all()} == {None}
