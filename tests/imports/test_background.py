"""A file in the hands of the worker: each step once, the page says which, and a lost worker loses nothing."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.imports import tasks, workflow
from registry.imports.progress import ProgressState, Stage, find_progress
from registry.imports.report_storage import seal_report, unseal_report
from registry.imports.upload_steps import NEXT_STEPS
from registry.models import Child, CountedMonth, Measurement, Upload, UploadStep, User
from tests.imports.files import csv_file, row, sample

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def worker(settings: Any) -> Iterator[None]:
    """Tasks wait in the database until ``work`` runs the worker, which takes over this process's signals."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    taken = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    handlers = [signal.getsignal(one) for one in taken]
    yield
    for one, handler in zip(taken, handlers, strict=True):
        signal.signal(one, handler)


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)


def hand_in(browser: Client, content: bytes) -> str:
    address: str = browser.post("/import/", {"file": SimpleUploadedFile("juni.csv", content)})["Location"]
    return address


def text(browser: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).content.decode()).split())


@pytest.mark.django_db(transaction=True)  # the worker opens a connection of its own
def test_the_worker_checks_and_writes_and_the_page_says_where_it_is(browser: Client, worker: None) -> None:
    address = hand_in(browser, csv_file(row()))
    assert "Menunggu diperiksa" in text(browser, address)
    assert browser.get(f"{address}state/").json() == {
        "step": "waiting",
        "working": True,
        "share": None,
        "said": "",
        "away": True,
        "idle": False,
        "stuck": False,
    }
    work()
    assert "Simpan 1 baris" in text(browser, address)
    browser.post(f"{address}commit/")
    browser.post(f"{address}commit/")
    assert "Menunggu disimpan" in text(browser, address)
    assert not Measurement.objects.exists()
    work()
    assert "Berkas sudah disimpan" in text(browser, address)
    assert Measurement.objects.count() == 1
    assert browser.get(f"{address}state/").json()["working"] is False
    assert DBTaskResult.objects.count() == 2
    assert "SITI" not in str(list(DBTaskResult.objects.values()))


def test_a_worker_that_does_not_run_is_said_after_half_a_minute(browser: Client, worker: None) -> None:
    address = hand_in(browser, csv_file(row()))
    assert not browser.get(f"{address}state/").json()["idle"]
    Upload.objects.update(created_at=timezone.now() - timedelta(seconds=31))
    assert browser.get(f"{address}state/").json()["idle"]


def test_each_stage_of_a_step_is_told_while_it_lasts(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    tell = caches["progress"].set
    monkeypatch.setattr(
        caches["progress"],
        "set",
        lambda key, value, *more: (seen.append(value.words), tell(key, value, *more)),
    )
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=sample("03"))
    tasks.start_check(upload)
    assert list(dict.fromkeys(seen)) == [
        "Langkah 1 dari 3: berkas dibaca",
        "Langkah 2 dari 3: anak dicocokkan dengan register, 9 baris",
        "Langkah 3 dari 3: pengukuran dinilai, 8 baris",
    ]
    upload.refresh_from_db()
    seen.clear()
    tasks.start_commit(by=officer, upload_id=upload.pk, mark=upload.summary["mark"])
    assert seen[0] == "Langkah 1 dari 5: berkas dibaca"
    assert "Langkah 4 dari 5: disimpan, 7 dari 7 baris" in seen
    months = CountedMonth.objects.count()
    assert seen[-1] == f"Langkah 5 dari 5: angka dihitung ulang, {months} dari {months} bulan"
    known = find_progress(upload)
    assert known is not None
    assert known.share == 1
    seen.clear()
    tasks.start_revert(by=officer, upload_id=upload.pk)
    assert "Langkah 1 dari 2: ditarik kembali, 7 baris" in seen
    assert seen[-1] == "Langkah 1 dari 2: ditarik kembali, 7 dari 7 baris"  # no month is left to be counted


def test_how_far_a_check_is_stands_on_the_page_of_the_file(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    upload = Upload.objects.get()
    Upload.objects.update(step=UploadStep.CHECKING)
    caches["progress"].set(f"upload-{upload.pk}", ProgressState(Stage.MATCHING, 2, 3, 45_000))
    assert "Langkah 2 dari 3: anak dicocokkan dengan register, 45.000 baris" in text(browser, address)
    found = browser.get(f"{address}state/").json()
    assert (round(found["share"], 2), found["said"].endswith("45.000 baris")) == (0.33, True)
    assert f'value="{1 / 3}"' in browser.get(address).content.decode()
    Upload.objects.update(step=UploadStep.QUEUED)
    assert browser.get(f"{address}state/").json()["said"] == ""


def test_what_was_found_is_kept_and_not_worked_out_at_each_look(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    assert b"SITI" not in bytes(Upload.objects.get().report_sealed)
    workflow.import_at_once(by=User.objects.get(), file_name="a.csv", content=csv_file(row()))
    assert "Simpan 1 baris" in text(browser, address)
    browser.post(f"{address}check/")
    assert "Tidak ada yang baru untuk disimpan." in text(browser, address)


def test_a_report_comes_back_as_it_was_kept(officer: User) -> None:
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=sample("03"))
    found = workflow.preview(upload)
    assert any(r.notes for r in found.rows) and any(r.differences for r in found.rows)
    again = unseal_report(seal_report(found))
    ids = [(r.number, r.outcome, r.sentence, r.notes, r.differences, r.measured_on) for r in again.rows]
    assert ids == [
        (r.number, r.outcome, r.sentence, r.notes, r.differences, r.measured_on) for r in found.rows
    ]
    assert (again.layout, again.rows_taken, again.children_new) == (
        found.layout,
        found.rows_taken,
        found.children_new,
    )


def test_what_keeps_a_file_from_being_written_is_said_and_it_can_be_tried_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = hand_in(browser, csv_file(row()))
    refused = workflow.Conflict("changed_meanwhile", "Belum ada yang tersimpan; coba lagi.")
    with monkeypatch.context() as broken:
        broken.setattr(workflow, "commit", lambda **what: (_ for _ in ()).throw(refused))
        browser.post(f"{address}commit/")
    assert "Belum ada yang tersimpan; coba lagi." in text(browser, address)
    browser.post(f"{address}commit/")
    assert "Berkas sudah disimpan" in text(browser, address)


def test_a_file_is_taken_back_from_its_page(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}take-back/")
    assert "Berkas ini masih dikerjakan." in text(browser, address)  # it is not even taken in
    browser.post(f"{address}commit/")
    assert "Ya, tarik kembali" in text(browser, address)
    browser.post(f"{address}take-back/")
    page = text(browser, address)
    assert "Berkas sudah ditarik kembali" in page
    assert "Pengukuran yang dihapus 1 Anak yang dihapus 1" in page
    assert not Child.objects.exists()
    assert Upload.objects.get().step == UploadStep.TAKEN_BACK
    browser.post(f"{address}take-back/")
    assert "Berkas sudah ditarik kembali" in text(browser, address)
    assert "Ditarik kembali" in text(browser, "/import/")


@pytest.mark.django_db(transaction=True)  # the worker opens a connection of its own
def test_what_the_worker_finds_is_said_in_the_readers_language(browser: Client, worker: None) -> None:
    english = Client(headers={"accept-language": "en"})
    english.force_login(User.objects.get())
    address = hand_in(english, csv_file(row()))
    work()
    assert "New child in" in text(english, address)


@pytest.mark.parametrize("step", ["check", "import_rows"])
def test_a_fault_of_ours_is_told_and_the_file_can_be_tried_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("as if")

    with monkeypatch.context() as broken:
        broken.setattr(workflow.file_commit, step, fails)
        address = hand_in(browser, csv_file(row()))
        browser.post(f"{address}commit/")
        assert "Ada kesalahan di server; tidak ada yang berubah." in text(browser, address)
    assert not Child.objects.exists()
    browser.post(f"{address}check/")
    assert "Simpan 1 baris" in text(browser, address)
    browser.post(f"{address}commit/")
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize("step", ["checking", "writing", "leaving"])
def test_a_file_that_a_worker_left_in_the_middle_can_be_begun_again(browser: Client, step: str) -> None:
    address = hand_in(browser, csv_file(row()))
    if step == "leaving":
        browser.post(f"{address}commit/")
    Upload.objects.update(step=step, moved_at=timezone.now() - timedelta(minutes=1))
    assert 'id="working-stuck" hidden' in browser.get(address).content.decode()
    again = "take-back" if step == "leaving" else "check"
    Upload.objects.update(moved_at=timezone.now() - timedelta(minutes=11))
    assert 'id="working-stuck" hidden' not in browser.get(address).content.decode()
    assert f'action="{address}{again}/"' in browser.get(address).content.decode()
    browser.post(f"{address}{again}/")
    if step != "leaving":
        browser.post(f"{address}commit/")
    assert Measurement.objects.count() == (0 if step == "leaving" else 1)


def test_the_table_of_transitions_leads_from_every_step_but_the_last() -> None:
    assert NEXT_STEPS.keys() == set(UploadStep)
    assert [step for step, following in NEXT_STEPS.items() if not following] == [UploadStep.TAKEN_BACK]
    reached = set().union(*NEXT_STEPS.values())
    assert reached == set(UploadStep)
