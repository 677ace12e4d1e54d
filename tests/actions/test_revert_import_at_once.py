"""A file is taken back while somebody else writes: the worst moments, held still, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction

from registry.actions import revert_import
from registry.errors import Refused
from registry.imports import workflow
from registry.models import Child, CountedMonth, Posyandu, Residence, Role, Upload, User, Village
from registry.places.load import load_places
from tests.actions.figures import counted, wrong_figures
from tests.actions.test_races import ROUNDS, at_once
from tests.factories import make_child, make_user, measure
from tests.imports.files import csv_file, row

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

Action = Callable[[], object]
JUNE = date(2024, 6, 1)
ADI = {"Nama": "ADI CONTOH", "JK": "L", "Tgl_Lahir": "2022-05-02"}


@pytest.fixture
def officer() -> User:
    load_places()
    return make_user(Role.DISTRICT)


@pytest.fixture
def kidul(officer: User) -> Village:
    return Village.objects.get(pk="33.01.02.2016")


def taken_in(user: User, *rows: dict[str, str]) -> Upload:
    workflow.import_at_once(by=user, file_name="x.csv", content=csv_file(*rows))
    return Upload.objects.latest("created_at")


def while_not_committed(first: Action, second: Action) -> list[object]:
    """``second`` begins when ``first`` has done everything but commit; what ``second`` gave or raised."""
    done, may_commit = Barrier(2), Barrier(2)
    gave: list[object] = []

    def slowly() -> None:
        with transaction.atomic():
            first()
            done.wait(timeout=20)
            may_commit.wait(timeout=20)

    def in_own_connection() -> None:
        try:
            gave.append(second())
        except Refused as refused:
            gave.append(refused)
        finally:
            connections.close_all()

    def meanwhile() -> None:
        done.wait(timeout=20)
        thread = Thread(target=in_own_connection)
        thread.start()
        thread.join(timeout=0.5)
        may_commit.wait(timeout=20)
        thread.join(timeout=20)

    at_once(slowly, meanwhile)
    return gave


@pytest.mark.parametrize("first", ["the file", "the phone"])
def test_a_month_is_not_closed_under_somebody_who_measures_in_it(
    officer: User, kidul: Village, first: str
) -> None:
    elsewhere = Village.objects.get(pk="33.01.02.2001")
    child = make_child(village=elsewhere, name="Budi Contoh")
    upload = taken_in(officer, row())
    actions: list[Action] = [
        lambda: revert_import(by=officer, upload_id=upload.pk),
        lambda: measure(child, date(2024, 6, 12), "11.0", "84.0"),
    ]
    while_not_committed(*actions if first == "the file" else actions[::-1])
    assert counted(elsewhere, JUNE) == (1, 1)
    assert CountedMonth.objects.filter(pk=JUNE).exists()
    assert not wrong_figures()


@pytest.mark.parametrize("first", ["the file", "the form"])
def test_a_posyandu_does_not_go_under_a_child_that_is_enrolled_there(
    officer: User, kidul: Village, first: str
) -> None:
    upload = taken_in(officer, row())
    posyandu = Posyandu.objects.get().pk
    actions: list[Action] = [
        lambda: revert_import(by=officer, upload_id=upload.pk),
        lambda: make_child(by=officer, village=kidul, posyandu_id=posyandu),
    ]
    [gave] = while_not_committed(*actions if first == "the file" else actions[::-1])
    if first == "the file":
        assert isinstance(gave, Refused) and gave.code == "posyandu_elsewhere"
        assert (Posyandu.objects.count(), Child.objects.count()) == (0, 0)
    else:
        assert Child.objects.get().posyandu_id == posyandu


def test_a_file_taken_in_meanwhile_makes_the_posyandu_anew(officer: User) -> None:
    upload = taken_in(officer, row())
    while_not_committed(
        lambda: revert_import(by=officer, upload_id=upload.pk), lambda: taken_in(officer, row(**ADI))
    )
    assert Child.objects.get().posyandu == Posyandu.objects.get()
    assert CountedMonth.objects.filter(pk=JUNE).exists()
    assert not wrong_figures()


def test_two_files_that_lengthened_a_residence_taken_back_at_once(officer: User, kidul: Village) -> None:
    make_child(
        by=officer, village=kidul, name="SITI CONTOH", since=date(2024, 8, 1), parent_name="IBU AMINAH"
    )
    for _round in range(ROUNDS):
        july = {"Tanggal_Pengukuran": "2024-07-10", "Berat": "11.8", "Tinggi": "85.2"}
        files = [taken_in(officer, row(**july)), taken_in(officer, row())]
        assert Residence.objects.get().since == date(2024, 6, 12)
        at_once(*[lambda one=one: revert_import(by=officer, upload_id=one.pk) for one in files])
        assert Residence.objects.get().since == date(2024, 8, 1)
        assert not CountedMonth.objects.exists()
        assert not wrong_figures()
