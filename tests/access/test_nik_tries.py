"""A NIK that is on record out of sight: told a few times a day, and logged each time."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from registry.actions.nik_tries import TRIES_A_DAY
from registry.imports import workflow
from registry.models import Child, ReadLog, ReadSubject, Role, Upload, User, Village
from tests.factories import make_child, make_user, make_village, signed_in
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db


def nik(serial: int) -> str:
    return f"330102540322{serial:04d}"


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def elsewhere(village: Village) -> list[Child]:
    there = make_village("33.01.02.2003", "Slarang")
    born = date(2022, 3, 14)
    return [
        make_child(village=there, name=f"Anak {n}", birth_date=born, nik=nik(n))
        for n in range(1, TRIES_A_DAY + 3)
    ]


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village)


def enrol(page: Client, village: Village, serial: int, **more: object) -> tuple[int, str]:
    body = {
        "id": str(uuid4()),
        "village": village.pk,
        "name": f"Bayi {serial}",
        "sex": "P",
        "birth_date": "2022-03-14",
        "nik": nik(serial),
        "confirmed": True,
    }
    answer = page.post("/api/v1/children/", body | more, content_type="application/json")
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.both_databases
def test_each_is_logged_and_after_twenty_no_nik_is_answered_right_or_wrong(
    cadre: User, village: Village, elsewhere: list[Child]
) -> None:
    page = signed_in(cadre)
    for serial in range(1, TRIES_A_DAY + 1):
        assert enrol(page, village, 1) == (409, "nik_used")  # the same again is no other try
        assert enrol(page, village, serial) == (409, "nik_used")
    logged = ReadLog.objects.filter(user=cadre, subject=ReadSubject.NIK)
    assert {row.subject_id for row in logged} == {str(child.pk) for child in elsewhere[:TRIES_A_DAY]}
    for serial in (TRIES_A_DAY + 1, 9000):  # on record elsewhere, and nobody's
        assert enrol(page, village, serial) == (409, "nik_tries")
    assert enrol(page, village, 9001, nik="")[0] == 201
    other = signed_in(make_user(Role.CADRE, village))
    assert enrol(other, village, 9002)[0] == 201


@pytest.mark.parametrize(("count", "code"), [(TRIES_A_DAY, ""), (TRIES_A_DAY + 1, "nik_tries_of_file")])
def test_a_file_of_many_is_refused_whole(
    village: Village, elsewhere: list[Child], count: int, code: str
) -> None:
    officer = make_user(Role.CADRE, village)
    rows = [row(NIK=nik(n), Nama=f"BAYI {n}", Tgl_Lahir="2022-03-14") for n in range(1, count + 1)]
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=csv_file(*rows))
    workflow.check(upload)
    upload = Upload.objects.get(pk=upload.pk)
    assert upload.problem_code == code
    assert ReadLog.objects.filter(user=officer, subject=ReadSubject.NIK).count() == count
