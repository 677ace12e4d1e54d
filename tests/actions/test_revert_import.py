"""A file taken back: nothing of it stays, and nothing that people did since is lost."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from registry.actions import (
    LifeEventKind,
    correct_measurement,
    move_child,
    record_measurement,
    redate_event,
    revert_import,
    undo_event,
    void_measurement,
)
from registry.actions.refresh import differences, months_in_use
from registry.errors import Conflict, NotFound
from registry.imports import workflow
from registry.imports.answers import ImportAnswers, moved_child
from registry.imports.commit import preview
from registry.models import (
    ChangeLog,
    Child,
    Measurement,
    Posyandu,
    Residence,
    Role,
    Upload,
    User,
    VillageMonth,
)
from registry.nik import seal_bytes
from registry.places.load import load_places
from tests.factories import make_user, seen
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

ADI = {"Nama": "ADI CONTOH", "JK": "L", "Tgl_Lahir": "2022-05-02"}
JULY = {"Tanggal_Pengukuran": "2024-07-10", "Berat": "11.8", "Tinggi": "85.2"}


@pytest.fixture
def officer() -> User:
    load_places()
    return make_user(Role.DISTRICT)


def taken_in(user: User, *rows: dict[str, str]) -> Upload:
    workflow.import_at_once(by=user, file_name="juni.csv", content=csv_file(*rows))
    return Upload.objects.latest("created_at")


def contents() -> list[list[Any]]:
    """Everything a file can change, but for the ids it makes."""
    return [
        sorted(Child.objects.values_list("name", "birth_date", "village", "posyandu__name")),
        sorted(Residence.objects.values_list("child__name", "village", "since", "until")),
        sorted(Measurement.objects.values_list("child__name", "measured_on", "state", "weight_kg", "gain")),
        sorted(VillageMonth.objects.filter(measured__gt=0).values_list("village", "month", "measured")),
    ]


def test_all_of_a_file_goes_and_the_same_file_brings_it_again(officer: User) -> None:
    taken_in(officer, row())
    before = contents()
    second = taken_in(officer, row(**JULY), row(**ADI), row(**ADI | JULY))
    after = contents()
    assert after != before
    found = revert_import(by=officer, upload_id=second.pk)
    assert (found.measurements, found.children) == (3, 1)
    assert (found.measurements_kept, found.children_kept) == (0, 0)
    assert contents() == before
    assert not [d for month in months_in_use() for d in differences(month)]
    taken_in(officer, row(**JULY), row(**ADI), row(**ADI | JULY))
    assert contents() == after


def test_taking_back_again_says_the_same_and_changes_nothing(officer: User) -> None:
    upload = taken_in(officer, row())
    first = revert_import(by=officer, upload_id=upload.pk)
    assert revert_import(by=officer, upload_id=upload.pk) == first
    upload.refresh_from_db()
    assert (upload.taken_back_by, upload.taken_back_at is not None) == (officer, True)
    assert upload.summary["taken_back"]["measurements"] == 1


def test_what_somebody_has_done_since_stays(officer: User) -> None:
    """Siti's own later weighing, the correction of Adi's, and the void one of Budi's: typed by people."""
    upload = taken_in(officer, row(), row(**ADI), row(Nama="BUDI CONTOH", JK="L"))
    siti, adi, budi = (Child.objects.get(name=f"{name} CONTOH") for name in ("SITI", "ADI", "BUDI"))
    later = record_measurement(
        by=officer, id=uuid4(), child_id=siti.pk, observation=seen(date(2024, 7, 10), "11.8", "85.2")
    ).measurement
    correct_measurement(
        by=officer,
        id=uuid4(),
        measurement_id=adi.measurements.get().pk,
        observation=seen(date(2024, 6, 12), "11.6", "84.5"),
        reason="salah baca",
    )
    void_measurement(by=officer, measurement_id=budi.measurements.get().pk, reason="anak lain")
    found = revert_import(by=officer, upload_id=upload.pk)
    assert (found.measurements, found.children) == (1, 0)
    assert (found.measurements_kept, found.children_kept) == (2, 3)
    later.refresh_from_db()
    assert later.gain == "B"  # June is gone: July is the first
    assert list(siti.measurements.all()) == [later]
    assert adi.measurements.in_force().get().reason == "salah baca"
    assert not [d for month in months_in_use() for d in differences(month)]


def test_what_the_file_completed_is_as_it_was(officer: User) -> None:
    taken_in(officer, row(Tinggi="0"))
    before = contents()
    second = taken_in(officer, row())
    assert Measurement.objects.in_force().get().lenhei_cm is not None
    revert_import(by=officer, upload_id=second.pk)
    assert contents() == before


def test_another_users_file_is_not_there(officer: User) -> None:
    upload = taken_in(officer, row())
    with pytest.raises(NotFound):
        revert_import(by=make_user(Role.DISTRICT), upload_id=upload.pk)


def test_a_file_that_was_not_taken_in_cannot_be_taken_back(officer: User) -> None:
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=csv_file(row()))
    with pytest.raises(Conflict):
        revert_import(by=officer, upload_id=upload.pk)


def test_a_posyandu_that_the_file_has_made_goes_unless_somebody_gave_it_another_name(officer: User) -> None:
    upload = taken_in(officer, row(), row(**ADI | {"Posyandu": "MAWAR"}))
    Posyandu.objects.filter(name__iexact="mawar").update(name="Mawar Merah")
    revert_import(by=officer, upload_id=upload.pk)
    assert list(Posyandu.objects.values_list("name", flat=True)) == ["Mawar Merah"]


def test_what_was_kept_of_a_file_before_more_was_kept_is_still_read(officer: User) -> None:
    upload = taken_in(officer, row())
    upload.changes_sealed = seal_bytes(json.dumps({"filled": {}, "moved": []}).encode())
    upload.save()
    revert_import(by=officer, upload_id=upload.pk)
    assert not Child.objects.exists()
    assert Posyandu.objects.exists()


# --- What a file changed in children who were there before --------------------------------------------------


NIK = "3301025403220001"
IDENTITY = [
    *("NIK", "Nama", "JK", "Tgl Lahir", "Nama Ortu", "BB Lahir", "TB Lahir"),
    *("RT", "Alamat", "Kec", "Desa/Kel"),
]


def identities(*rows: dict[str, str]) -> bytes:
    """A file that only says who children are."""
    return csv_file(*rows, header=IDENTITY)


def lacking() -> list[Any]:
    columns = ("nik_hash", "nik_sealed", "birth_weight_kg", "birth_length_cm", "rt", "address", "parent_name")
    return list(Child.objects.order_by("name").values_list(*columns))


def test_what_a_file_filled_in_is_empty_again_but_not_what_people_have_changed_since(officer: User) -> None:
    taken_in(officer, row(Alamat="", RT=""), row(**ADI))
    before = lacking()
    filled = {"NIK": NIK, "BB Lahir": "2.9", "TB Lahir": "48.5", "RT": "3", "Alamat": "Dusun II"}
    content = identities(row() | filled, row(**ADI) | {"RT": "4", "Alamat": "Dusun III"})
    workflow.import_at_once(by=officer, file_name="identitas.csv", content=content)
    siti = Child.objects.get(name="SITI CONTOH")
    assert (siti.nik, siti.rt, str(siti.birth_weight_kg)) == (NIK, "3", "2.900")
    upload = Upload.objects.latest("created_at")
    assert NIK.encode() not in bytes(upload.changes_sealed)

    Child.objects.filter(name="ADI CONTOH").update(address="Dusun IV")  # a person knew better
    assert revert_import(by=officer, upload_id=upload.pk).completed == 2
    after = lacking()
    assert after[1] == before[1]
    assert after[0][4:6] == ("", "Dusun IV")
    upload.refresh_from_db()
    assert bytes(upload.changes_sealed) == b""
    changes = ChangeLog.objects.filter(subject_id=siti.pk, field__in=["nik", "rt"]).order_by("pk")
    assert [(row.values, row.by, row.reason) for row in changes] == [
        (("", "3"), officer, "berkas identitas.csv"),
        (("", NIK), officer, "berkas identitas.csv"),
        (("3", ""), officer, "berkas identitas.csv ditarik kembali"),
        ((NIK, ""), officer, "berkas identitas.csv ditarik kembali"),
    ]


def moved_by_file(officer: User, child: Child) -> tuple[Child, Upload]:
    """A file says, and somebody confirms, that the child moved to Slarang on 2 July."""
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-02", **{"Desa/Kel": "SLARANG"}))
    [asks] = preview(content, officer).rows
    answers = ImportAnswers(decisions={asks.keys.who: moved_child(child.pk)})
    workflow.import_at_once(by=officer, file_name="pindah.csv", content=content, answers=answers)
    return child, Upload.objects.latest("created_at")


def test_a_child_that_a_file_moved_lives_again_where_it_did(officer: User) -> None:
    taken_in(officer, row(NIK=NIK, RT="3"))
    taken_in(officer, row(NIK=NIK, **JULY))
    before, places = contents(), list(Measurement.objects.values_list("measured_on", "village"))
    _child, upload = moved_by_file(officer, Child.objects.get())
    assert contents() != before
    assert revert_import(by=officer, upload_id=upload.pk).moved == 1
    assert contents() == before
    assert list(Measurement.objects.values_list("measured_on", "village")) == places
    assert Child.objects.get().rt == "3"
    assert not [d for month in months_in_use() for d in differences(month)]


def test_a_child_that_somebody_measured_there_since_stays_there(officer: User) -> None:
    taken_in(officer, row(NIK=NIK))
    child, upload = moved_by_file(officer, Child.objects.get())
    record_measurement(
        by=officer,
        id=uuid4(),
        child_id=child.pk,
        observation=seen(date(2024, 8, 1), "11.9", "85.5"),
        confirmed=True,
    )
    assert revert_import(by=officer, upload_id=upload.pk).moved == 0
    assert Child.objects.get().village.name == "Slarang"
    assert not [d for month in months_in_use() for d in differences(month)]


def test_a_move_of_a_file_that_people_undid_and_recorded_again_stays(officer: User) -> None:
    taken_in(officer, row(NIK=NIK))
    before = contents()
    child, upload = moved_by_file(officer, Child.objects.get())
    there, day = Residence.objects.get(until=None).village_id, date(2024, 7, 2)
    measurement = Measurement.objects.filter(upload=upload).get()
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=day)
    measurement.refresh_from_db()
    assert measurement.village_id == "33.01.02.2016"
    move_child(by=officer, child_id=child.pk, village_code=there, moved_on=day)
    assert revert_import(by=officer, upload_id=upload.pk).moved == 0
    assert Child.objects.get().village_id == there
    assert not [d for month in months_in_use() for d in differences(month)]
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=day)
    assert contents() == before


def test_a_move_of_a_file_that_people_undid_is_undone_once(officer: User) -> None:
    taken_in(officer, row(NIK=NIK))
    before = contents()
    child, upload = moved_by_file(officer, Child.objects.get())
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 7, 2))
    found = revert_import(by=officer, upload_id=upload.pk)
    assert (found.measurements, found.moved, found.moves_kept) == (1, 0, 0)
    assert contents() == before
    assert not [d for month in months_in_use() for d in differences(month)]


def test_a_move_of_a_file_that_people_dated_otherwise_is_kept(officer: User) -> None:
    taken_in(officer, row(NIK=NIK))
    child, upload = moved_by_file(officer, Child.objects.get())
    kind, day = LifeEventKind.VILLAGE, date(2024, 7, 2)
    redate_event(by=officer, child_id=child.pk, kind=kind, on=day, new_day=date(2024, 7, 1))
    found = revert_import(by=officer, upload_id=upload.pk)
    assert (found.moved, found.moves_kept) == (0, 1)
    assert Child.objects.get().village.name == "Slarang"


def test_a_move_of_a_file_from_a_village_where_the_child_never_was_is_kept(officer: User) -> None:
    """It moved to Jangrana by hand and on by a file; then the move to Jangrana is undone."""
    taken_in(officer, row(NIK=NIK))
    child, on = Child.objects.get(), date(2024, 6, 28)
    move_child(by=officer, child_id=child.pk, village_code="33.01.02.2001", moved_on=on)
    child, upload = moved_by_file(officer, child)
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=on)
    found = revert_import(by=officer, upload_id=upload.pk)
    assert (found.moved, found.moves_kept) == (0, 1)
    child = Child.objects.get()
    assert child.village == child.residences.get(until=None).village
    assert child.village.name == "Slarang"
    assert not [d for month in months_in_use() for d in differences(month)]


def test_what_the_first_file_had_to_keep_goes_with_the_second(officer: User) -> None:
    taken_in(officer, row(NIK=NIK, RT="3"))
    before = contents()
    _child, first = moved_by_file(officer, Child.objects.get())
    taken_in(officer, row(**ADI))
    second = Upload.objects.latest("created_at")
    slarang = {"NIK": NIK, "Desa/Kel": "SLARANG", "Tanggal_Pengukuran": "2024-08-05", "Berat": "12.0"}
    third = taken_in(officer, row(**slarang), row(**ADI | JULY))

    kept = revert_import(by=officer, upload_id=first.pk)
    assert (kept.moved, kept.moves_kept) == (0, 1)
    assert revert_import(by=officer, upload_id=second.pk).children_kept == 1
    found = revert_import(by=officer, upload_id=third.pk)
    assert (found.moved, found.children) == (1, 1)
    assert contents() == before
    assert Child.objects.get().rt == "3"
    assert not [d for month in months_in_use() for d in differences(month)]
