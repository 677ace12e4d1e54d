"""A file in the hands of the worker: each step once, the page says which, and a lost worker loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.models import Child, Measurement, Upload, UploadStep, User
from registry.spreadsheets import background, uploads
from registry.spreadsheets.kept_report import sealed_report, unsealed_report
from tests.spreadsheets.files import csv_file, row, sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(settings: Any) -> None:
    """Tasks wait in the database until ``work`` runs the worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


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
        "done": None,
        "all": None,
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


def test_how_far_it_is_can_be_seen_while_it_writes(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = uploads.hand_in(by=officer, file_name="juni.csv", content=sample("03"))
    background.start_check(upload)
    seen = []
    tell = caches["progress"].set
    monkeypatch.setattr(
        caches["progress"], "set", lambda key, value, *more: (seen.append(value), tell(key, value, *more))
    )
    background.start_commit(by=officer, upload_id=upload.pk)
    assert (seen[0], seen[-1]) == ((0, 7), (7, 7))
    upload.refresh_from_db()
    assert background.how_far(upload) == (7, 7)


def test_what_was_found_is_kept_and_not_worked_out_at_each_look(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    assert b"SITI" not in bytes(Upload.objects.get().report_sealed)
    uploads.take_in_at_once(by=User.objects.get(), file_name="a.csv", content=csv_file(row()))
    assert "Simpan 1 baris" in text(browser, address)
    browser.post(f"{address}check/")
    assert "Tidak ada yang baru untuk disimpan." in text(browser, address)


def test_a_report_comes_back_as_it_was_kept(officer: User) -> None:
    upload = uploads.hand_in(by=officer, file_name="juni.csv", content=sample("03"))
    found = uploads.preview(upload)
    assert any(r.notes for r in found.rows) and any(r.differences for r in found.rows)
    again = unsealed_report(sealed_report(found))
    ids = [(r.number, r.outcome, r.sentence, r.notes, r.differences, r.measured_on) for r in again.rows]
    assert ids == [
        (r.number, r.outcome, r.sentence, r.notes, r.differences, r.measured_on) for r in found.rows
    ]
    assert (again.layout, again.taken, again.children_new) == (found.layout, found.taken, found.children_new)


def test_what_keeps_a_file_from_being_written_is_said_and_it_can_be_tried_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = hand_in(browser, csv_file(row()))
    refused = uploads.Conflict("changed_meanwhile", "Belum ada yang tersimpan; coba lagi.")
    with monkeypatch.context() as broken:
        broken.setattr(uploads, "commit", lambda **what: (_ for _ in ()).throw(refused))
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


@pytest.mark.parametrize("step", ["preview", "take_in"])
def test_a_fault_of_ours_is_told_and_the_file_can_be_tried_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("as if")

    with monkeypatch.context() as broken:
        broken.setattr(uploads.take_in, step, fails)
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
    assert "Mulai lagi" not in text(browser, address)
    again = "take-back" if step == "leaving" else "check"
    Upload.objects.update(moved_at=timezone.now() - timedelta(minutes=11))
    assert "Pekerjaan ini berhenti di tengah jalan" in text(browser, address)
    assert f'action="{address}{again}/"' in browser.get(address).content.decode()
    browser.post(f"{address}{again}/")
    if step != "leaving":
        browser.post(f"{address}commit/")
    assert Measurement.objects.count() == (0 if step == "leaving" else 1)
