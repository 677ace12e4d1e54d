"""A parent's copy holds every field of the child's record, or the list says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm.parent_record import LEFT_OUT, ParentRecord
from registry.actions import close_child, correct_measurement, merge_children, update_child, void_measurement
from registry.actions.identity import identity_of
from registry.models import (
    Child,
    ChildStatus,
    Consent,
    ExportLog,
    Measurement,
    MergedChild,
    ReadLog,
    Residence,
    User,
    Village,
)
from tests.factories import agree, make_child, measure, seen, withdraw

pytestmark = pytest.mark.django_db

NIK = "3301025403230001"


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    """One with something in every part of its record."""
    child = make_child(
        cadre, village, name="Siti Contoh", birth_date=date(2023, 3, 14), nik=NIK, parent_name="Sumarni"
    )
    first = measure(child, date(2024, 6, 5), "9.4", "76.5", confirmed=True, muac_cm=None).measurement
    correct_measurement(
        by=cadre,
        id=child.pk,
        measurement_id=first.pk,
        observation=seen(date(2024, 6, 5), "9.1", "76.5"),
        reason="Salah tulis",
        confirmed=True,
    )
    void = measure(child, date(2024, 7, 5), "9.9", "77.5", confirmed=True).measurement
    void_measurement(by=cadre, measurement_id=void.pk, reason="Anak lain")
    agree(child, date(2024, 6, 5))
    withdraw(child, date(2024, 7, 1))
    other = make_child(cadre, village, name="Siti Conto", birth_date=date(2023, 3, 14))
    merge_children(by=cadre, kept_id=child.pk, merged_id=other.pk)
    child.refresh_from_db()
    identity = identity_of(child)
    update_child(by=cadre, child_id=child.pk, identity=replace(identity, rt="003"), reason="RT baru")
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 8, 1))
    child.refresh_from_db()
    return child


def text_of(child: Child) -> str:
    sections = ParentRecord(child).sections()
    return "\n".join(" | ".join((one.title, *row)) for one in sections for row in one.rows)


@pytest.mark.parametrize("model", LEFT_OUT, ids=lambda model: model.__name__)
def test_what_is_left_out_is_a_field_and_has_a_reason(model: type[Model]) -> None:
    names = {field.name for field in model._meta.concrete_fields}
    assert set(LEFT_OUT[model]) <= names
    assert all(len(reason) > 20 for reason in LEFT_OUT[model].values())


@pytest.mark.parametrize("model", [Child, Residence, Measurement, Consent, MergedChild])
def test_every_other_field_that_holds_something_is_in_the_record(child: Child, model: type[Model]) -> None:
    text, made = text_of(child).lower(), ParentRecord(child)
    said = 0
    for row in model._default_manager.all():
        for field in row._meta.concrete_fields:
            words = made._words(row, field)
            if field.name not in LEFT_OUT[model] and words:
                assert words.lower() in text, (model, field.name, words)
                said += 1
    assert said >= 2


def test_every_table_that_refers_to_a_child_is_in_the_record() -> None:
    related = {relation.related_model for relation in Child._meta.related_objects}
    below = {relation.related_model for model in related for relation in model._meta.related_objects}
    assert related | below | {Child} == set(LEFT_OUT)


def test_more_measurements_cost_no_more_queries(
    cadre: User, village: Village, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 3, 14))
    for month in range(1, 8):
        measure(child, date(2024, month, 5), "9.4", confirmed=True)
    record = ParentRecord(Child.objects.get(pk=child.pk))
    with django_assert_max_num_queries(17):
        record.sections()


def test_corrections_changes_consents_and_roles_are_said(child: Child, cadre: User) -> None:
    text = text_of(child)
    assert "Identitas |  | Nama: Siti Contoh | " in text
    assert "NIK: 33010***********" in text
    assert NIK not in text
    assert "diganti koreksi" in text
    assert "Salah tulis" in text
    # She is 14 months old and 76.5 cm long; WHO's medians for girls of 14 and 15 months are 76.4 and 77.5 cm.
    assert "Panjang Badan menurut Umur (PB/U): Normal" in text
    assert "TB/U tidak valid" not in text
    assert "dibatalkan" in text
    assert "RT: kosong → 003 (RT baru) | Kader (KPM)" in text
    assert "Persetujuan orang tua | 1 Juli 2024 | " in text
    assert str(cadre) not in text


def test_who_read_it_and_which_files_are_said_by_role(page: Client, child: Child) -> None:
    page.get(f"/children/{child.pk}/")
    page.get(f"/children/?village={child.village_id}&month=2024-07")
    page.post(f"/children/?village={child.village_id}&month=2024-07", {"format": "csv"})
    assert ReadLog.objects.exists()
    text = text_of(child)
    assert "Dibaca oleh | 20 Agustus 2024 | halaman atau data anak ini | Kader (KPM)" in text
    assert "daftar anak Kesugihan Kidul, pada 1 hari, terakhir 20 Agustus 2024 | Kader (KPM)" in text
    assert "Daftar di halaman roster, 33.01.02.2009 | Kader (KPM)" in text


def test_the_page_shows_it_and_the_file_is_logged(page: Client, child: Child) -> None:
    shown = page.get(f"/children/{child.pk}/record/").content.decode()
    assert "Salinan catatan Siti Contoh" in shown
    assert "diganti koreksi" in shown
    assert page.get(f"/children/{child.pk}/record/", {"format": "xlsx"}).status_code == 400
    file = page.post(f"/children/{child.pk}/record/", {"format": "csv"})
    assert "diganti koreksi" in file.content.decode()
    log = ExportLog.objects.get()
    assert (log.page, log.children) == ("record", 1)
    assert log.rows == file.content.decode().count("\r\n") - 1
