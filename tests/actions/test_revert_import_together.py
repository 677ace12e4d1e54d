"""Files of several people about the same children, taken back in any order: nobody is left over, and nobody
goes of whom somebody still says something.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from registry.actions import (
    Identity,
    close_child,
    move_child,
    record_measurement,
    revert_import,
    update_child,
)
from registry.actions.refresh import differences, months_in_use
from registry.imports import workflow
from registry.imports.answers import ImportAnswers, moved_child
from registry.imports.commit import preview
from registry.models import (
    Child,
    ChildStatus,
    Measurement,
    Residence,
    Role,
    Sex,
    Upload,
    User,
    Village,
    VillageMonth,
)
from registry.places.load import load_places
from tests.actions.test_revert_import import ADI, JULY, NIK, identities
from tests.factories import make_user, seen, signed_in
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

KIDUL, SLARANG = "33.01.02.2016", "SLARANG"
AUGUST = {"Tanggal_Pengukuran": "2024-08-07", "Berat": "12.1", "Tinggi": "86.0"}


@pytest.fixture
def kidul() -> Village:
    load_places()
    return Village.objects.get(pk=KIDUL)


@pytest.fixture
def cadre(kidul: Village) -> User:
    return make_user(Role.CADRE, kidul, "sumarni")


@pytest.fixture
def midwife(kidul: Village) -> User:
    return make_user(Role.MIDWIFE, kidul, "bidan")


@pytest.fixture
def officer(kidul: Village) -> User:
    return make_user(Role.DISTRICT, username="dinas")


def taken_in(
    user: User, *rows: dict[str, str], content: bytes = b"", answers: ImportAnswers | None = None
) -> Upload:
    content = content or csv_file(*rows)
    workflow.import_at_once(by=user, file_name="x.csv", content=content, answers=answers or ImportAnswers())
    return Upload.objects.latest("created_at")


def nothing_is_left() -> bool:
    wrong = [difference for month in months_in_use() for difference in differences(month)]
    registered = VillageMonth.objects.filter(registered__gt=0)
    rows = (Child, Residence, Measurement)
    return not wrong and not registered.exists() and not any(model.objects.exists() for model in rows)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_children_of_three_files_are_gone_with_the_last_one_in_any_order(
    cadre: User, midwife: User, officer: User, order: tuple[int, ...]
) -> None:
    files = [
        (cadre, taken_in(cadre, row(), row(**ADI))),
        (midwife, taken_in(midwife, row(**JULY), row(**ADI | JULY))),
        (officer, taken_in(officer, row(**AUGUST), row(**ADI | AUGUST))),
    ]
    for number, which in enumerate(order, start=1):
        by, upload = files[which]
        assert revert_import(by=by, upload_id=upload.pk).measurements == 2
        assert Child.objects.count() == (0 if number == 3 else 2)
    assert nothing_is_left()


def test_who_takes_back_last_is_told_how_many_children_went(cadre: User, midwife: User) -> None:
    first = taken_in(cadre, row(), row(**ADI))
    second = taken_in(midwife, row(**JULY), row(**ADI | JULY))
    kept = revert_import(by=cadre, upload_id=first.pk)
    assert (kept.children, kept.children_kept) == (0, 2)
    gone = revert_import(by=midwife, upload_id=second.pk)
    assert (gone.children, gone.children_kept, gone.out_of_reach) == (2, 0, 0)


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_measurement_completed_by_a_colleagues_file_does_not_come_back(
    cadre: User, midwife: User, first_back: int
) -> None:
    files = [(cadre, taken_in(cadre, row(Tinggi="0"))), (midwife, taken_in(midwife, row()))]
    assert Measurement.objects.count() == 2  # the second one supersedes the first
    for by, upload in (files[first_back], files[1 - first_back]):
        revert_import(by=by, upload_id=upload.pk)
    assert nothing_is_left()


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_child_that_a_colleagues_file_has_filled_in_goes_with_the_last_of_them(
    cadre: User, midwife: User, first_back: int
) -> None:
    enrolled = taken_in(cadre, content=identities(row()))
    filled = taken_in(midwife, content=identities(row() | {"NIK": NIK, "BB Lahir": "2.9"}))
    assert Child.objects.get().nik == NIK
    files = [(cadre, enrolled), (midwife, filled)]
    by, upload = files[first_back]
    revert_import(by=by, upload_id=upload.pk)
    child = Child.objects.get()
    assert child.nik == (NIK if first_back == 0 else "")
    by, upload = files[1 - first_back]
    revert_import(by=by, upload_id=upload.pk)
    assert nothing_is_left()


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_move_told_by_a_colleagues_file_goes_with_it(cadre: User, officer: User, first_back: int) -> None:
    enrolled = taken_in(officer, row(NIK=NIK))
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-02", **{"Desa/Kel": SLARANG}))
    colleague = make_user(Role.DISTRICT, username="dinkes")
    [asks] = preview(content, colleague).rows
    answers = ImportAnswers(decisions={asks.keys.who: moved_child(Child.objects.get().pk)})
    files = [(officer, enrolled), (colleague, taken_in(colleague, content=content, answers=answers))]
    for by, upload in (files[first_back], files[1 - first_back]):
        revert_import(by=by, upload_id=upload.pk)
    assert nothing_is_left()


def test_a_move_that_had_to_stay_goes_with_a_colleagues_file(officer: User) -> None:
    taken_in(officer, row(NIK=NIK))
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-02", **{"Desa/Kel": SLARANG}))
    [asks] = preview(content, officer).rows
    answers = ImportAnswers(decisions={asks.keys.who: moved_child(Child.objects.get().pk)})
    first = taken_in(officer, content=content, answers=answers)
    colleague = make_user(Role.DISTRICT, username="dinkes")
    second = taken_in(colleague, row(NIK=NIK, **AUGUST, **{"Desa/Kel": SLARANG}))
    assert revert_import(by=officer, upload_id=first.pk).moves_kept == 1
    assert revert_import(by=colleague, upload_id=second.pk).moved == 1
    assert Child.objects.get().village_id == KIDUL
    assert not [difference for month in months_in_use() for difference in differences(month)]


def test_a_child_where_one_works_no_longer_is_not_touched(cadre: User, midwife: User) -> None:
    """The midwife has gone to another village: what the cadre's file left here stays, and she is told."""
    first, second = taken_in(cadre, row()), taken_in(midwife, row(**JULY))
    revert_import(by=cadre, upload_id=first.pk)
    midwife.memberships.update(village=Village.objects.get(pk="33.01.02.2001"))
    midwife = User.objects.get(pk=midwife.pk)
    found = revert_import(by=midwife, upload_id=second.pk)
    assert (found.measurements, found.children, found.out_of_reach) == (1, 0, 1)
    assert Child.objects.get().village_id == KIDUL
    page = signed_in(midwife)
    said = "Anak tanpa pengukuran yang tetap ada, karena tinggal di luar wilayah kerja Anda"
    assert said in page.get(f"/import/{second.pk}/").content.decode()


def test_a_move_stays_where_one_does_not_work(cadre: User, officer: User) -> None:
    """A file moved the child to Slarang; the cadre there may not move it back to where she does not work."""
    taken_in(officer, row(NIK=NIK))
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-02", **{"Desa/Kel": SLARANG}))
    [asks] = preview(content, officer).rows
    answers = ImportAnswers(decisions={asks.keys.who: moved_child(Child.objects.get().pk)})
    first = taken_in(officer, content=content, answers=answers)
    there = make_user(Role.CADRE, Child.objects.get().village)
    second = taken_in(there, row(NIK=NIK, **AUGUST, **{"Desa/Kel": SLARANG}))
    assert revert_import(by=officer, upload_id=first.pk).moves_kept == 1
    assert revert_import(by=there, upload_id=second.pk).moved == 0
    assert Child.objects.get().village.name == "Slarang"


def renamed(by: User, child: UUID) -> None:
    identity = Identity(name="Siti Aminah", sex=Sex.GIRL, birth_date=date(2022, 3, 14))
    update_child(by=by, child_id=child, identity=identity)


def moved_by_hand(by: User, child: UUID) -> None:
    move_child(by=by, child_id=child, village_code="33.01.02.2001", moved_on=date(2024, 8, 1))


def died(by: User, child: UUID) -> None:
    close_child(by=by, child_id=child, status=ChildStatus.DIED, on=date(2024, 8, 1))


def weighed(by: User, child: UUID) -> None:
    record_measurement(by=by, id=uuid4(), child_id=child, observation=seen(date(2024, 8, 1), "11.9", "85.5"))


@pytest.mark.parametrize("by_hand", [renamed, moved_by_hand, died, weighed])
def test_a_child_that_somebody_has_worked_with_by_hand_stays(
    cadre: User, officer: User, by_hand: Callable[[User, UUID], None]
) -> None:
    first, second = taken_in(cadre, row()), taken_in(officer, row(**JULY))
    by_hand(officer, Child.objects.get().pk)
    revert_import(by=cadre, upload_id=first.pk)
    revert_import(by=officer, upload_id=second.pk)
    assert Child.objects.count() == 1
    assert not [difference for month in months_in_use() for difference in differences(month)]
