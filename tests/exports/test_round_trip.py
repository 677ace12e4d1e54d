"""Exported and taken in again, an empty register holds the same children and measurements."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from registry.actions import close_child, move_child
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows
from registry.imports.report import RowOutcome
from registry.models import (
    BirthDateBasis,
    Child,
    ChildStatus,
    ExportForm,
    ExportKind,
    Measurement,
    Position,
    Posyandu,
    Residence,
    User,
    Village,
)
from tests.exports.conftest import KIDUL, Register
from tests.exports.files import exported, whole
from tests.factories import make_child, measure

pytestmark = pytest.mark.django_db

IDENTITY = (
    *("name", "sex", "birth_date", "birth_weight_kg", "birth_length_cm", "parent_name", "nik_hash"),
    *("village", "posyandu__name", "rt", "rw", "address", "status", "status_date", "growth_book"),
)
SEEN = (
    *("child__name", "village", "measured_on", "weight_kg", "lenhei_cm", "position", "muac_cm", "head_cm"),
    *("age_days", "clenhei_cm", "haz", "waz", "whz", "baz", "haz_flag", "waz_flag", "whz_flag", "gain"),
)


LIVED = ("child__name", "child__birth_date", "child__nik_hash", "village", "since", "until")


def held() -> tuple[list[Any], list[Any], list[Any], list[str]]:
    """All of the register that a file can hold, children with a measurement only."""
    children = Child.objects.filter(measurements__isnull=False).distinct()
    return (
        sorted(children.values_list(*IDENTITY), key=str),
        sorted(Measurement.objects.in_force().values_list(*SEEN), key=str),
        sorted(Residence.objects.filter(child__in=children).values_list(*LIVED), key=str),
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
    report = import_rows(content, register.officer)
    assert report.not_taken == 0
    assert {row.outcome for row in report.rows} == {RowOutcome.NEW_CHILD, RowOutcome.MEASURED}
    assert not [note for row in report.rows for note in row.notes if note.repaired]
    assert not [difference for row in report.rows for difference in row.differences]
    assert held() == before


@pytest.mark.parametrize("form", ExportForm)
def test_taken_in_where_it_came_from_nothing_changes(register: Register, form: ExportForm) -> None:
    before = held()
    report = import_rows(whole(register.officer, ExportKind.EPPGBM, form=form), register.officer)
    assert {row.outcome for row in report.rows} == {RowOutcome.SAME}
    assert held() == before


def test_a_masked_file_brings_everything_but_the_nik(register: Register) -> None:
    before = held()
    content = exported(register.officer, ExportKind.EPPGBM)[1]
    forget_everybody()
    import_rows(content, register.officer)
    assert held()[1] == before[1]
    assert {child.nik_hash for child in Child.objects.all()} == {None}


def test_an_estimated_birth_date_comes_back_as_one(register: Register) -> None:
    Child.objects.filter(pk=register.satu.pk).update(birth_date_basis=BirthDateBasis.AGE)
    content = whole(register.officer, ExportKind.EPPGBM)
    assert {row.outcome for row in import_rows(content, register.officer).rows} == {RowOutcome.SAME}
    forget_everybody()
    import_rows(content, register.officer)
    satu = Child.objects.get(name=register.satu.name)
    assert (satu.birth_date, satu.birth_date_basis) == (register.satu.birth_date, "age")
    assert Child.objects.filter(birth_date_basis=BirthDateBasis.AGE).count() == 1


def elsewhere(child: Child) -> Village:
    return Village.objects.exclude(pk=child.village_id).order_by("pk")[0]


def moves(register: Register, child: Child, on: date) -> None:
    place = elsewhere(child)
    move_child(by=register.officer, child_id=child.pk, village_code=place.pk, moved_on=on)


def test_children_who_moved_died_or_left_come_back_as_they_were(register: Register) -> None:
    last = max(Measurement.objects.values_list("measured_on", flat=True))
    moved_on = last + timedelta(days=3)
    moves(register, register.satu, moved_on)
    measure(register.satu, last + timedelta(days=5), "12.0", "90.0", by=register.officer, confirmed=True)
    moves(register, register.tiga, moved_on)  # and was not measured there yet
    close_child(
        by=register.officer,
        child_id=register.twins[0].pk,
        status=ChildStatus.DIED,
        on=last + timedelta(days=9),
    )
    before = held()
    content = whole(register.officer, ExportKind.EPPGBM)
    forget_everybody()
    assert import_rows(content, register.officer).not_taken == 0
    assert held() == before


def test_a_move_that_the_register_does_not_know_yet_is_taken_in_from_its_own_file(register: Register) -> None:
    last = max(Measurement.objects.values_list("measured_on", flat=True))
    with transaction.atomic():
        moves(register, register.satu, last + timedelta(days=3))
        measure(register.satu, last + timedelta(days=5), "12.0", "90.0", by=register.officer, confirmed=True)
        after, content = held(), whole(register.officer, ExportKind.EPPGBM)
        transaction.set_rollback(True)
    assert held() != after
    assert import_rows(content, register.officer).not_taken == 0
    assert held() == after


@pytest.mark.postgres
def test_the_whole_demo_comes_back_the_same() -> None:
    call_command("demo", stdout=StringIO())
    officer = User.objects.get(username="kabupaten")
    before = held()
    assert (len(before[0]), len(before[1])) > (5_000, 50_000)
    content = whole(officer, ExportKind.EPPGBM, form=ExportForm.XLSX)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registry_child, registry_posyandu CASCADE")
    report = import_rows(content, officer)
    assert (report.not_taken, len(report.rows)) == (0, len(before[1]))
    assert held() == before


# --- Twins without NIK --------------------------------------------------------------------------------------

TWINS = [
    ("Ani Contoh", "Rizka Putri"),
    *(("Kembar A", "Kembar B"), ("Contoh Kembar 1", "Contoh Kembar 2"), ("Contoh I", "Contoh II")),
]


def twins_measured_on_different_days(officer: User, names: tuple[str, str]) -> None:
    """Born on one day of the same parents: each is measured twice, never on the other's day."""
    forget_everybody()
    village = Village.objects.get(pk=KIDUL)
    days = ((date(2024, 5, 14), date(2024, 6, 12)), (date(2024, 5, 15), date(2024, 7, 10)))
    for number, name in enumerate(names):
        twin = make_child(
            officer, village, name=name, birth_date=date(2023, 9, 1), parent_name="Ibu Kembar", rt="002"
        )
        for month, day in enumerate(days[number]):
            weight = f"{6.9 + month * 0.4 - number * 0.3:.1f}"
            measure(twin, day, weight, f"{67 + month}.{number}", position=Position.LYING, confirmed=True)


@pytest.mark.parametrize("names", TWINS)
@pytest.mark.parametrize("form", ExportForm)
def test_twins_without_nik_come_back_as_two_children(
    register: Register, form: ExportForm, names: tuple[str, str]
) -> None:
    twins_measured_on_different_days(register.officer, names)
    before = held()
    assert len(before[1]) == 4
    content = whole(register.officer, ExportKind.EPPGBM, form=form)
    forget_everybody()
    report = import_rows(content, register.officer)
    assert (report.not_taken, report.children_new) == (0, 2)
    assert held() == before


@pytest.mark.parametrize("names", TWINS)
@pytest.mark.parametrize("form", ExportForm)
def test_twins_without_nik_come_back_by_the_two_templates_of_sigizi(
    register: Register, form: ExportForm, names: tuple[str, str]
) -> None:
    """The templates name no village, so it is told; a measurement finds its child by its name alone."""
    twins_measured_on_different_days(register.officer, names)
    before = held()
    children, measurements = (
        whole(register.officer, kind, KIDUL, form=form)
        for kind in (ExportKind.SIGIZI_IDENTITY, ExportKind.SIGIZI_MEASUREMENT)
    )
    forget_everybody()
    answers = ImportAnswers(village=Village.objects.get(pk=KIDUL))
    first = import_rows(children, register.officer, answers=answers)
    second = import_rows(measurements, register.officer, answers=answers)
    assert (first.children_new, first.not_taken, second.measurements_new, second.not_taken) == (2, 0, 4, 0)
    assert held()[0:2] == before[0:2]
