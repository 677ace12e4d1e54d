"""Two at once: a double click takes a file in once, and two files with one child enrol it once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from registry.actions import Observation, record_measurement
from registry.errors import Conflict, Refused
from registry.imports import commit, workflow
from registry.models import Child, Measurement, Upload, User
from tests.imports.files import csv_file, row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NIK = "3301025403220001"


def at_once(*actions: Callable[[], object]) -> list[str]:
    """Run ``actions`` in threads that begin together; the codes of those that were refused."""
    start, refused = Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        try:
            start.wait()
            action()
        except Refused as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def checked(by: User, content: bytes) -> Upload:
    upload = workflow.create_upload(by=by, file_name="a.csv", content=content)
    workflow.check(upload)
    return upload


def test_a_double_click_takes_a_file_in_once(officer: User) -> None:
    upload = checked(officer, csv_file(row()))
    assert at_once(*[lambda: workflow.commit(by=officer, upload_id=upload.pk)] * 2) == []
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)


def test_two_files_with_one_child_enrol_it_once(officer: User) -> None:
    files = [csv_file(row(NIK=NIK)), csv_file(row(NIK=NIK, Alamat="JL LAIN"))]
    handed = [checked(officer, content) for content in files]
    refused = at_once(*[lambda u=u: workflow.commit(by=officer, upload_id=u.pk) for u in handed])
    # Whoever was second is told to look again: what it would do now is not what was looked at.
    assert refused in (["changed_since_check"], ["changed_meanwhile"])
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)
    for upload in Upload.objects.filter(committed_at=None):
        workflow.check(upload)
        workflow.commit(by=officer, upload_id=upload.pk)
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)


def test_a_file_and_a_phone_measure_a_child_once_a_day(officer: User) -> None:
    content = csv_file(row(NIK=NIK))
    workflow.import_at_once(by=officer, file_name="a.csv", content=content)
    child = Child.objects.get()
    lighter = csv_file(row(NIK=NIK, Berat="11.2", Tanggal_Pengukuran="2024-07-10"))
    handed = checked(officer, lighter)
    seen = Observation(measured_on=date(2024, 7, 10), weight_kg=Decimal("11.6"))
    refused = at_once(
        lambda: workflow.commit(by=officer, upload_id=handed.pk),
        lambda: record_measurement(
            by=officer, id=uuid4(), child_id=child.pk, observation=seen, confirmed=True
        ),
    )
    # Whoever came second was refused: the phone in words, the file since it was not looked at so.
    assert refused in (["changed_since_check"], ["day_taken"])
    [july] = child.measurements.in_force().filter(measured_on=seen.measured_on)
    assert july.weight_kg == (Decimal("11.2") if refused == ["day_taken"] else Decimal("11.6"))
    handed.refresh_from_db()
    assert (handed.committed_at is not None) == (refused == ["day_taken"])


def test_a_child_that_was_put_right_since_it_was_found_is_found_again(officer: User) -> None:
    workflow.import_at_once(by=officer, file_name="a.csv", content=csv_file(row(NIK=NIK)))
    found = Child.objects.get()
    _hold_all(found)
    Child.objects.update(birth_date=date(2022, 3, 13))
    with pytest.raises(Conflict) as refused:
        _hold_all(found)
    assert refused.value.code == "changed_meanwhile"


def _hold_all(*children: Child) -> None:
    with transaction.atomic():
        commit.lock_matched_children(children)
