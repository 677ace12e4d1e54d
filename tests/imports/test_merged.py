"""A file that brought a record which was merged since: it is of the child whose record was kept."""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import merge_children, revert_import, undo_merge
from registry.imports import workflow
from registry.models import Child, Measurement, Role, Upload, User
from registry.places.load import load_places
from tests.actions.figures import wrong_figures
from tests.factories import make_child, make_user, make_village
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    load_places()
    return make_user(Role.DISTRICT)


@pytest.fixture
def kept(officer: User) -> Child:
    return make_child(
        officer, make_village("33.01.02.2016"), name="Dewi Lestari", birth_date=date(2022, 4, 1)
    )


def taken_in(user: User, *rows: dict[str, str]) -> Upload:
    workflow.import_at_once(by=user, file_name="juni.csv", content=csv_file(*rows))
    return Upload.objects.latest("created_at")


def test_the_file_again_finds_the_kept_record_and_later_rows_count_for_it(officer: User, kept: Child) -> None:
    taken_in(officer, row())
    merged = Child.objects.exclude(pk=kept.pk).get()
    merge_children(by=officer, kept_id=kept.pk, merged_id=merged.pk, taken=set())
    again = taken_in(officer, row(), row(Tanggal_Pengukuran="2024-07-10", Berat="11.8", Tinggi="85.2"))
    assert list(Child.objects.all()) == [kept]
    assert list(kept.measurements.order_by("measured_on").values_list("measured_on", flat=True)) == [
        date(2024, 6, 12),
        date(2024, 7, 10),
    ]
    assert revert_import(by=officer, upload_id=again.pk).measurements == 1
    assert not wrong_figures()


def test_a_file_taken_back_takes_its_measurements_from_the_kept_record(officer: User, kept: Child) -> None:
    upload = taken_in(officer, row())
    merged = Child.objects.exclude(pk=kept.pk).get()
    merge_children(by=officer, kept_id=kept.pk, merged_id=merged.pk, taken=set())
    found = revert_import(by=officer, upload_id=upload.pk)
    assert (found.measurements, found.children) == (1, 0)
    assert not Measurement.objects.exists()
    undo_merge(by=officer, merged_id=merged.pk)
    assert set(Child.objects.values_list("pk", flat=True)) == {kept.pk, merged.pk}
    assert not wrong_figures()
