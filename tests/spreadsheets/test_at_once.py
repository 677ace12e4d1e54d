"""Two at once: a double click takes a file in once, and two files with one child enrol it once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from registry.actions import Refused
from registry.models import Child, Measurement, User
from registry.spreadsheets import uploads
from tests.spreadsheets.files import csv_file, row

pytestmark = pytest.mark.django_db(transaction=True)

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


def test_a_double_click_takes_a_file_in_once(officer: User) -> None:
    upload = uploads.hand_in(by=officer, file_name="a.csv", content=csv_file(row()))
    assert at_once(*[lambda: uploads.commit(by=officer, upload_id=upload.pk)] * 2) == []
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)


def test_two_files_with_one_child_enrol_it_once(officer: User) -> None:
    files = [csv_file(row(NIK=NIK)), csv_file(row(NIK=NIK, Alamat="JL LAIN"))]
    handed = [uploads.hand_in(by=officer, file_name="a.csv", content=content) for content in files]
    refused = at_once(*[lambda u=u: uploads.commit(by=officer, upload_id=u.pk) for u in handed])
    assert refused in (
        [],
        ["changed_meanwhile"],
    )  # whoever was first, the other finds it or is told to try again
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)
    for upload in handed:
        uploads.commit(by=officer, upload_id=upload.pk)
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 1)
