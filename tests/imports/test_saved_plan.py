"""The plan of a check is stored as it is, as long as nothing that it rests on has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from registry.actions import (
    close_child,
    correct_measurement,
    move_child,
    void_measurement,
)
from registry.actions.uploads import save_upload_answers
from registry.imports import commit, tasks, workflow
from registry.imports.saved_plan import register_state
from registry.models import (
    Child,
    ChildStatus,
    Measurement,
    Residence,
    Upload,
    UploadPlan,
    UploadStep,
    User,
    Village,
    VillageMonth,
)
from tests.factories import make_cadre, make_child, make_village, measure, seen
from tests.imports.files import SAMPLES, csv_file, row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_day_after_the_samples() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as a large one."""
    monkeypatch.setattr(commit, "FEWEST_BYTES", 1)


def check_file(user: User, content: bytes, **answers: Any) -> Upload:
    upload = workflow.create_upload(by=user, file_name="x.csv", content=content)
    save_upload_answers(upload, needs_check=False, **answers)
    tasks.start_check(upload)
    upload.refresh_from_db()
    assert upload.step == UploadStep.CHECKED, upload.problem
    return upload


def import_file(upload: Upload) -> Upload:
    tasks.start_commit(by=upload.user, upload_id=upload.pk, mark=upload.summary["mark"])
    upload.refresh_from_db()
    return upload


def refuse_to_plan(*_args: object, **_more: object) -> None:
    raise AssertionError("the rows were matched and judged again")


def contents() -> list[object]:
    """Everything that a file can bring, without the keys that are other ones each time."""
    born = ("name", "birth_date", "sex")
    skipped = {
        "id",
        "upload",
        "received_at",
        "created_at",
        "opened_at",
        "nik_sealed",
        "supersedes",
        "entry_digest",
    }
    found: list[object] = []
    for model, who in ((Child, ""), (Residence, "child__"), (Measurement, "child__"), (VillageMonth, None)):
        fields = [
            field.name for field in model._meta.concrete_fields if field.name not in skipped | {"child"}
        ]
        names = ["posyandu__name" if name == "posyandu" else name for name in fields]
        of = [] if who is None else [who + name for name in born]
        rows = model._default_manager.values_list(*of, *names)  # type: ignore[attr-defined]
        found.append((model.__name__, sorted(map(repr, rows))))
    return found


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("[0-9]*")), ids=lambda path: path.name[:2])
def test_a_sample_stored_by_its_plan_is_stored_as_without(
    officer: User, home: Village, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        "village": home.pk,
        "orders": {"born": "", "measured": "day_first"},
        "measured_on": "2024-06-12",
    }
    if path.name.startswith("07"):  # of children whom another file enrols
        import_file(check_file(officer, next(SAMPLES.glob("06*")).read_bytes(), **answers))
    found = []
    for fewest in (10**9, 1):
        monkeypatch.setattr(commit, "FEWEST_BYTES", fewest)
        with transaction.atomic(), monkeypatch.context() as at_import:
            upload = check_file(officer, path.read_bytes(), **answers)
            if fewest == 1:
                at_import.setattr(commit, "plan_tables", refuse_to_plan)
            upload = import_file(upload)
            assert upload.step == UploadStep.WRITTEN, upload.problem
            found.append((contents(), upload.summary["outcomes"]))
            transaction.set_rollback(True)
    assert found[0] == found[1]


# --- What makes it another register -----------------------------------------------------------------------


CHANGES: dict[str, Callable[[User, Child], object]] = {
    "name": lambda by, child: Child.objects.filter(pk=child.pk).update(name="Lain"),
    "parent": lambda by, child: Child.objects.filter(pk=child.pk).update(parent_name="Lain"),
    "new child": lambda by, child: make_child(by=by, village=child.village, name="Baru"),
    "measured": lambda by, child: measure(child, date(2026, 11, 29), "9.1", "75.0"),
    "corrected": lambda by, child: correct_measurement(
        by=by,
        id=uuid4(),
        measurement_id=Measurement.objects.get().pk,
        observation=seen(date(2026, 11, 1), "8.9", "74.0"),
        reason="Salah baca",
    ),
    "voided": lambda by, child: void_measurement(
        by=by, measurement_id=Measurement.objects.get().pk, reason="Salah anak"
    ),
    "moved": lambda by, child: move_child(
        by=by, child_id=child.pk, village_code="33.01.02.2001", moved_on=date(2026, 11, 20)
    ),
    "left": lambda by, child: close_child(
        by=by, child_id=child.pk, status=ChildStatus.DIED, on=date(2026, 11, 20)
    ),
    "residence": lambda by, child: Residence.objects.update(since=date(2026, 10, 1)),
    "rights": lambda by, child: by.memberships.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_rows_are_judged_by_is_noticed(officer: User, home: Village, change: str) -> None:
    child = make_child(by=officer, village=home, name="SITI", birth_date=date(2025, 11, 3))
    measure(child, date(2026, 11, 1), "8.8", "74.0")
    before = register_state(officer)
    assert register_state(officer) == before
    CHANGES[change](officer, child)
    assert register_state(User.objects.get(pk=officer.pk)) != before


def test_another_day_is_noticed_and_what_others_do_elsewhere_is_not(officer: User, home: Village) -> None:
    cadre = make_cadre(home)
    before = register_state(cadre)
    elsewhere = make_village("33.01.02.2001", "Slarang")
    measure(make_child(by=officer, village=elsewhere), date(2026, 11, 29), "9.1", "75.0", confirmed=True)
    assert register_state(cadre) == before
    with time_machine.travel(NOW + timedelta(days=1)):
        assert register_state(cadre) != before


# --- On its way -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("large")
def test_after_a_change_the_rows_are_matched_and_judged_again(officer: User, home: Village) -> None:
    upload = check_file(officer, csv_file(row()))
    assert UploadPlan.objects.count() == 1
    make_child(by=officer, village=home, name="LAIN SEKALI")
    assert import_file(upload).step == UploadStep.WRITTEN
    assert Child.objects.count() == 2
    assert not UploadPlan.objects.exists()


@pytest.mark.usefixtures("large")
def test_a_child_enrolled_since_the_check_is_not_enrolled_twice(officer: User, home: Village) -> None:
    upload = check_file(officer, csv_file(row()))
    with transaction.atomic():
        import_file(check_file(officer, csv_file(row())))
    child, measurements = Child.objects.get(), Measurement.objects.count()
    assert import_file(upload).step == UploadStep.CHECKED
    assert "Register berubah" in upload.problem
    assert (Child.objects.get(), Measurement.objects.count()) == (child, measurements)


@pytest.mark.usefixtures("large")
def test_a_nik_enrolled_out_of_sight_since_the_check_is_told_as_a_change(
    officer: User, home: Village
) -> None:
    cadre, nik = make_cadre(home), "3301025403220001"
    upload = check_file(cadre, csv_file(row(NIK=nik)))
    elsewhere = make_village("33.01.01.2003", "Tritih")
    enrolled = make_child(by=officer, village=elsewhere, nik=nik)
    assert import_file(upload).step == UploadStep.CHECKED
    assert "Register berubah" in upload.problem
    assert Child.objects.get() == enrolled


@pytest.mark.usefixtures("large")
def test_the_plan_goes_with_its_file_and_with_the_next_check(
    officer: User, home: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = check_file(officer, csv_file(row()))
    before = UploadPlan.objects.get().state
    make_child(by=officer, village=home, name="LAIN SEKALI")
    save_upload_answers(upload, needs_check=True)
    workflow.transition(by=officer, upload_id=upload.pk, to=UploadStep.WAITING)
    tasks.start_check(upload)
    assert UploadPlan.objects.get().state != before
    workflow.discard(by=officer, upload_id=upload.pk)
    assert not UploadPlan.objects.exists()


def test_a_small_file_has_no_plan(officer: User, home: Village) -> None:
    upload = check_file(officer, csv_file(row()))
    assert not UploadPlan.objects.exists()
    assert import_file(upload).step == UploadStep.WRITTEN
