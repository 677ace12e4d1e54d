"""The whole register before a file and after it was taken back: row by row the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db.models import Model
from django.utils import timezone

from registry.actions import move_child, record_measurement, revert_import, void_measurement
from registry.actions.refresh import open_month
from registry.calendar_months import add_months, current_month
from registry.growth.cells.dates import Order, Orders
from registry.imports import workflow
from registry.imports.answers import NO_ANSWERS, ImportAnswers, moved_child
from registry.imports.commit import preview
from registry.models import (
    Child,
    CountedMonth,
    HeightSpread,
    Measurement,
    Posyandu,
    QualityMonth,
    Residence,
    Role,
    Upload,
    User,
    Village,
    VillageMonth,
)
from registry.places.load import load_places
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_child, make_user, measure, seen
from tests.imports.files import SAMPLES, csv_file, row

pytestmark = pytest.mark.django_db

KIDUL = "33.01.02.2016"
NIK = "3301025403220001"
DAY_FIRST = Orders(None, Order.DAY_FIRST)
JUNE, JULY, AUGUST = date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1)
SEPTEMBER, OCTOBER = date(2024, 9, 1), date(2024, 10, 1)
SEEN_JULY = {"Tanggal_Pengukuran": "2024-07-10", "Berat": "11.8", "Tinggi": "85.2"}
SEEN_MAY = {"Tanggal_Pengukuran": "2024-05-15", "Berat": "11.2", "Tinggi": "83.9"}
ADI = {"Nama": "ADI CONTOH", "JK": "L", "Tgl_Lahir": "2022-05-02"}

_NEW_EACH_TIME = {
    VillageMonth: {"id"},
    HeightSpread: {"id"},
    CountedMonth: {"opened_at"},
}
"""What is of no meaning, and another when the same figures are counted anew."""


def register() -> dict[type[Model], list[str]]:
    """Every row of the register and of its figures, with all its columns."""
    found: dict[type[Model], list[str]] = {}
    for model in (
        *(Child, Residence, Measurement, Posyandu),
        *(CountedMonth, VillageMonth, HeightSpread, QualityMonth),
    ):
        without = _NEW_EACH_TIME.get(model, set())
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in without]
        found[model] = sorted(map(repr, model._default_manager.values_list(*columns)))
    return found


def differing(before: dict[type[Model], list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """By table, the rows that are gone since and those that are new."""
    found = {}
    for model, rows in register().items():
        gone, new = sorted(set(before[model]) - set(rows)), sorted(set(rows) - set(before[model]))
        if gone or new:
            found[model.__name__] = (gone, new)
    return found


@pytest.fixture(autouse=True)
def _fifteenth_of_august_2024() -> Iterator[None]:
    """Later than the others: one of the samples is of 2026."""
    with time_machine.travel(datetime(2026, 11, 30, 3, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def officer() -> User:
    load_places()
    return make_user(Role.DISTRICT)


@pytest.fixture
def kidul(officer: User) -> Village:
    return Village.objects.get(pk=KIDUL)


@pytest.fixture
def at_work(officer: User, kidul: Village) -> Village:
    """A register that has been in use for some months, with children who come and who do not."""
    children = [
        make_child(by=officer, village=kidul, name=f"Anak {number}", birth_date=date(2025, number, 3))
        for number in (1, 2, 3)
    ]
    for back in (3, 2, 1, 0):
        open_month(add_months(current_month(), -back))
    last = add_months(current_month(), -1)
    for child in children[:2]:
        measure(child, last.replace(day=12), "11.0", "80.0", confirmed=True)
    return kidul


def taken_in(
    user: User, *rows: dict[str, str], content: bytes = b"", answers: ImportAnswers = NO_ANSWERS
) -> Upload:
    workflow.import_at_once(by=user, file_name="x.csv", content=content or csv_file(*rows), answers=answers)
    return Upload.objects.latest("created_at")


# --- Every sample -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("[0-9]*")), ids=lambda path: path.name[:2])
def test_after_taking_back_a_sample_the_register_is_as_it_was(
    officer: User, at_work: Village, path: Any
) -> None:
    # The third proves by its NIK that months stand first; by another answer all of it is asked about.
    orders = None if path.name.startswith("03") else DAY_FIRST
    answers = ImportAnswers(
        village=at_work, orders=orders, measured_on=date(2024, 6, 12), days=(date(2025, 3, 20),)
    )
    if path.name.startswith("07"):  # of children whom another file has enrolled
        taken_in(officer, content=next(SAMPLES.glob("06*")).read_bytes(), answers=answers)
    before = register()
    upload = taken_in(officer, content=path.read_bytes(), answers=answers)
    assert differing(before)
    revert_import(by=officer, upload_id=upload.pk)
    assert differing(before) == {}
    assert not wrong_figures()


def test_a_sample_in_a_register_with_no_month_leaves_none(officer: User) -> None:
    before = register()
    upload = taken_in(officer, content=next(SAMPLES.glob("01*")).read_bytes())
    revert_import(by=officer, upload_id=upload.pk)
    assert differing(before) == {}


# --- A residence that a file lengthened ---------------------------------------------------------------------


def late(officer: User, kidul: Village) -> Child:
    """Siti, enrolled by hand, of whom it is only known where she lives since October 2024."""
    for month in (JUNE, JULY, AUGUST):
        open_month(month)
    return make_child(
        by=officer, village=kidul, name="SITI CONTOH", since=date(2024, 10, 1), parent_name="IBU AMINAH"
    )


def since() -> date:
    return Residence.objects.earliest("since").since


def test_a_residence_that_a_file_lengthened_begins_as_late_as_before(officer: User, kidul: Village) -> None:
    late(officer, kidul)
    before = register()
    upload = taken_in(officer, row(**SEEN_JULY))
    assert since() == date(2024, 7, 10)
    revert_import(by=officer, upload_id=upload.pk)
    assert differing(before) == {}
    assert not wrong_figures()


def test_who_moved_since_has_not_missed_two_months_without_the_file(officer: User, kidul: Village) -> None:
    child, there = late(officer, kidul), Village.objects.get(pk="33.01.01.2001")
    open_month(SEPTEMBER)
    open_month(OCTOBER)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 10, 20))
    upload = taken_in(officer, row(**SEEN_JULY))
    assert counted(there, OCTOBER, "registered", "missed_twice") == (1, 1)
    revert_import(by=officer, upload_id=upload.pk)
    assert counted(there, OCTOBER, "registered", "missed_twice") == (1, 0)
    assert not wrong_figures()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_that_lengthened_one_after_the_other_in_any_order(
    officer: User, kidul: Village, order: tuple[int, ...]
) -> None:
    """July, then June, then a day of July after the first: the residence is as long as what is left needs."""
    late(officer, kidul)
    before = register()
    between = {"Tanggal_Pengukuran": "2024-07-25", "Berat": "11.9", "Tinggi": "85.3"}
    midwife = make_user(Role.MIDWIFE, kidul)
    files = [
        (officer, taken_in(officer, row(**SEEN_JULY)), date(2024, 7, 10)),
        (midwife, taken_in(midwife, row()), date(2024, 6, 12)),
        (officer, taken_in(officer, row(**between)), date(2024, 7, 25)),
    ]
    left = dict(enumerate(files))
    for which in order:
        by, upload, _day = left.pop(which)
        revert_import(by=by, upload_id=upload.pk)
        assert since() == min((day for _by, _upload, day in left.values()), default=date(2024, 10, 1))
        assert not wrong_figures()
    assert differing(before) == {}


@pytest.mark.parametrize("day", [date(2024, 7, 2), date(2024, 8, 6)])
def test_a_residence_stays_as_long_as_a_measurement_by_hand_needs(
    officer: User, kidul: Village, day: date
) -> None:
    child = late(officer, kidul)
    upload = taken_in(officer, row(**SEEN_JULY))
    record_measurement(by=officer, id=uuid4(), child_id=child.pk, observation=seen(day, "11.9", "85.4"))
    revert_import(by=officer, upload_id=upload.pk)
    assert since() == day
    assert not wrong_figures()


def test_a_void_measurement_of_a_file_still_taken_in_needs_its_residence(
    officer: User, kidul: Village
) -> None:
    child = late(officer, kidul)
    first, second = taken_in(officer, row(**SEEN_JULY)), taken_in(officer, row())
    june = child.measurements.get(measured_on=date(2024, 6, 12))
    void_measurement(by=officer, measurement_id=june.pk, reason="anak lain")
    revert_import(by=officer, upload_id=first.pk)
    assert since() == date(2024, 6, 12)
    revert_import(by=officer, upload_id=second.pk)
    assert since() == date(2024, 10, 1)
    assert not wrong_figures()


def test_a_residence_that_somebody_has_left_since_stays_and_goes_with_the_file_that_moved(
    officer: User, kidul: Village
) -> None:
    child = late(officer, kidul)
    Child.objects.filter(pk=child.pk).update(nik_hash=None)
    before = register()
    first = taken_in(officer, row(**SEEN_JULY))
    content = csv_file(row(Tanggal_Pengukuran="2024-08-02", **{"Desa/Kel": "SLARANG"}))
    [asks] = preview(content, officer).rows
    second = taken_in(
        officer, content=content, answers=ImportAnswers(decisions={asks.keys.who: moved_child(child.pk)})
    )
    revert_import(by=officer, upload_id=first.pk)
    assert since() == date(2024, 7, 10)  # it cannot have moved from where it did not live yet
    revert_import(by=officer, upload_id=second.pk)
    assert differing(before) == {}
    assert not wrong_figures()


# --- A month that a file opened -----------------------------------------------------------------------------


def months() -> list[date]:
    return sorted(CountedMonth.objects.filter(month__lt=date(2025, 1, 1)).values_list("month", flat=True))


def test_a_month_with_somebody_elses_measurement_stays_until_that_goes(
    officer: User, at_work: Village
) -> None:
    before = register()
    first = taken_in(officer, row(), row(**SEEN_MAY))
    midwife = make_user(Role.MIDWIFE, at_work)
    second = taken_in(midwife, row(**ADI))
    revert_import(by=officer, upload_id=first.pk)
    assert months() == [JUNE]
    assert not wrong_figures()
    revert_import(by=midwife, upload_id=second.pk)
    assert differing(before) == {}


def test_a_month_between_counted_ones_stays_until_it_is_the_first(officer: User, at_work: Village) -> None:
    """Without June the children of July could not have missed it: what lies between is not taken out."""
    before = register()
    june, may = taken_in(officer, row(**ADI)), taken_in(officer, row(**SEEN_MAY))
    revert_import(by=officer, upload_id=june.pk)
    assert months() == [date(2024, 5, 1), JUNE]
    assert not wrong_figures()
    revert_import(by=officer, upload_id=may.pk)
    assert differing(before) == {}


def test_the_month_after_one_that_goes_is_counted_anew(officer: User, at_work: Village) -> None:
    child = make_child(by=officer, village=at_work, name="Budi Contoh")
    measure(child, date(2024, 7, 10), "11.0", "84.0")
    make_child(by=officer, village=at_work, name="Cici Contoh")
    before = register()
    upload = taken_in(officer, row())
    assert differing(before)["VillageMonth"]
    revert_import(by=officer, upload_id=upload.pk)
    assert differing(before) == {}
    assert not wrong_figures()


def test_a_month_that_was_counted_before_the_file_stays(officer: User, kidul: Village) -> None:
    open_month(JUNE)
    before = register()
    upload = taken_in(officer, row())
    revert_import(by=officer, upload_id=upload.pk)
    assert months() == [JUNE]
    assert differing(before) == {}


def test_the_current_month_stays(officer: User) -> None:
    today = timezone.localdate()
    born = add_months(current_month(), -14).isoformat()
    upload = taken_in(
        officer,
        row(Tgl_Lahir=born, Tanggal_Pengukuran=today.isoformat(), Berat="9.2", Tinggi="76.0"),
    )
    assert revert_import(by=officer, upload_id=upload.pk).measurements == 1
    assert list(CountedMonth.objects.values_list("month", flat=True)) == [current_month()]


# --- A posyandu that a file made ----------------------------------------------------------------------------


def posyandu() -> list[str]:
    return sorted(Posyandu.objects.values_list("key", flat=True))


def test_a_posyandu_that_was_there_before_the_file_stays(officer: User, kidul: Village) -> None:
    Posyandu.objects.create(village=kidul, key="MELATI 1", name="Melati I")
    upload = taken_in(officer, row())
    revert_import(by=officer, upload_id=upload.pk)
    assert posyandu() == ["MELATI 1"]


def test_a_posyandu_with_a_child_of_somebody_else_stays(officer: User, kidul: Village) -> None:
    upload = taken_in(officer, row())
    make_child(by=officer, village=kidul, name="Budi Contoh", posyandu_id=Posyandu.objects.get().pk)
    revert_import(by=officer, upload_id=upload.pk)
    assert posyandu() == ["MELATI 1"]


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_posyandu_of_two_files_goes_with_the_last(officer: User, kidul: Village, first_back: int) -> None:
    midwife = make_user(Role.MIDWIFE, kidul)
    before = register()
    files = [(officer, taken_in(officer, row())), (midwife, taken_in(midwife, row(**ADI)))]
    by, upload = files[first_back]
    revert_import(by=by, upload_id=upload.pk)
    assert posyandu() == ["MELATI 1"]
    by, upload = files[1 - first_back]
    revert_import(by=by, upload_id=upload.pk)
    assert differing(before) == {}


def test_a_posyandu_that_a_child_may_come_back_to_stays_as_long(officer: User, kidul: Village) -> None:
    """A second file moved the child away from it: taken back, the child is in its posyandu again."""
    first = taken_in(officer, row(NIK=NIK))
    child = Child.objects.get()
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-02", **{"Desa/Kel": "SLARANG"}))
    [asks] = preview(content, officer).rows
    second = taken_in(
        officer, content=content, answers=ImportAnswers(decisions={asks.keys.who: moved_child(child.pk)})
    )
    Child.objects.update(upload=None)  # somebody has put it right by hand
    revert_import(by=officer, upload_id=first.pk)
    revert_import(by=officer, upload_id=second.pk)
    child.refresh_from_db()
    assert (child.village_id, child.posyandu and child.posyandu.key) == (KIDUL, "MELATI 1")
    assert posyandu() == ["MELATI 1"]


def test_grades_of_a_posyandu_do_not_keep_it(officer: User, kidul: Village) -> None:
    """They are of measurements that are gone."""
    upload = taken_in(officer, row())
    QualityMonth.objects.create(
        village=kidul,
        month=JUNE,
        posyandu=Posyandu.objects.get(),
        count=1,
        grade="good",
        points=0,
        possible=0,
        reasons=[],
    )
    revert_import(by=officer, upload_id=upload.pk)
    assert posyandu() == []
    assert not QualityMonth.objects.exists()
