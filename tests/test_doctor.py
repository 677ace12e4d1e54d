"""``manage.py doctor``: a line for each thing that is wrong, and a failure when it must be mended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from pytest_django.fixtures import Settings

from registry.calendar_months import add_months, current_month
from registry.models import Child, CountedMonth, Measurement, NikHashKey, Role, User, Village
from registry.nik import hash_key_fingerprint
from registry.observability.heartbeat import beat
from tests.accounts.codes import give_app
from tests.factories import make_cadre, make_child, make_puskesmas, make_user, make_village, measure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FINE = "Tidak ada yang harus dibenahi."


def said() -> tuple[list[str], str]:
    """The findings, and how it ended."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    *findings, end = out.getvalue().splitlines()
    return findings, end


def assert_must_be_mended(start: str) -> None:
    findings, end = said()
    assert [line[: len(start) + 16] for line in findings] == [f"HARUS DIBENAHI: {start}"]
    assert end == "1 hal harus dibenahi."


def assert_only_noted(start: str) -> None:
    findings, end = said()
    assert [line[: len(start) + 9] for line in findings] == [f"Catatan: {start}"]
    assert end == FINE


@pytest.fixture(autouse=True)
def child(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Child | None:
    """A child with a NIK, measured, in a register with which nothing is wrong; with None no places even."""
    settings.BASE_DIR, settings.VAR_DIR = tmp_path, tmp_path / "var"
    settings.VAR_DIR.mkdir(mode=0o700)
    (tmp_path / ".env").touch(mode=0o600)
    settings.BACKUP_KEY = "a key"
    beat("one")
    if hasattr(request, "param"):
        return None
    village = make_village()
    Village.objects.update(puskesmas=make_puskesmas(kecamatan=village.kecamatan))
    child = make_child(make_cadre(village), village, nik="3301021403220001")
    measure(child, date(2024, 6, 12), "11.3")
    for month in (current_month(), add_months(current_month(), -1)):
        CountedMonth.objects.get_or_create(month=month)
    return child


def test_nothing_is_wrong() -> None:
    assert said() == ([], FINE)


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("DEBUG", True, "DEBUG menyala"),
        ("TIME_ZONE", "UTC", "Zona waktu bukan Asia/Jakarta"),
        ("NIK_KEYS", ["short"], "NIK_KEYS bukan kunci"),
        ("NIK_KEYS", [Fernet.generate_key().decode()], "NIK tidak terbuka"),
        ("NIK_HASH_KEY", "another", "NIK_HASH_KEY lain"),
    ],
)
def test_a_setting_that_must_be_mended(settings: Settings, name: str, value: Any, start: str) -> None:
    NikHashKey.objects.get_or_create(pk=1, defaults={"fingerprint": hash_key_fingerprint()})
    setattr(settings, name, value)
    assert_must_be_mended(start)


def test_behind_a_proxy_the_site_needs_its_name(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    assert said() == ([], FINE)
    settings.BEHIND_PROXY = True
    assert_must_be_mended("ALLOWED_HOSTS hanya")


def test_a_backup_is_not_for_everybody(settings: Settings) -> None:
    settings.BACKUP_KEY = ""
    assert_only_noted("BACKUP_KEY belum ada")


def test_what_django_warns_of_on_a_site_with_https(settings: Settings) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 3600, True
    settings.SESSION_COOKIE_SECURE = False
    assert_only_noted("Django memperingatkan (security.W012)")


@pytest.mark.parametrize("name", [".env", "var"])
def test_what_other_accounts_may_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).chmod(0o750)
    assert_must_be_mended(f"{tmp_path / name} terbuka")


@pytest.mark.parametrize(("free", "wrong"), [(999_999_999, True), (1_000_000_000, False)])
def test_less_than_a_gigabyte_left(monkeypatch: pytest.MonkeyPatch, free: int, wrong: bool) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    if wrong:
        assert_must_be_mended("Ruang disk tinggal 999 MB")
    else:
        assert said() == ([], FINE)


@contextmanager
def database_gone() -> Iterator[None]:
    def refuse(*asked: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


def test_a_database_that_does_not_answer() -> None:
    with database_gone():
        assert_must_be_mended("Basis data tidak menjawab")


def test_migrations_that_were_not_applied() -> None:
    MigrationRecorder(connection).record_unapplied("registry", "0001_initial")
    assert_must_be_mended("1 migrasi belum dijalankan")


@pytest.mark.parametrize("child", [None], indirect=True)
def test_a_register_without_villages() -> None:
    assert_must_be_mended("Belum ada desa")


def test_a_village_without_puskesmas() -> None:
    make_village("33.01.02.2010", "Slarang")
    assert_only_noted("1 dari 2 desa belum punya puskesmas")


def test_a_measurement_of_the_future() -> None:
    Measurement.objects.update(received_at=timezone.now() + timedelta(minutes=30))
    assert_must_be_mended("Jam komputer ini terlambat")


def make_task(enqueued: timedelta) -> None:
    DBTaskResult.objects.create(
        task_path="registry.imports.tasks.check_upload",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        exception_class_path="",
        traceback="",
        run_after=get_date_max(),
    )
    DBTaskResult.objects.update(enqueued_at=timezone.now() + enqueued)


def test_a_task_of_the_future() -> None:
    make_task(timedelta(minutes=30))
    assert_must_be_mended("Jam komputer ini terlambat")


def test_a_task_that_the_worker_left_waiting() -> None:
    make_task(timedelta(minutes=-11))
    assert_must_be_mended("1 tugas menunggu")


def test_no_worker() -> None:
    caches["progress"].clear()
    assert_must_be_mended("Pekerja berkas tidak berjalan")


def test_a_month_that_the_night_has_not_opened() -> None:
    CountedMonth.objects.all().delete()
    assert_must_be_mended("Bulan ")


@pytest.mark.parametrize(
    ("model", "column", "kept"),
    [
        (AccessAttempt, "attempt_time", 7),
        (AccessFailureLog, "attempt_time", 7),
        (AccessLog, "attempt_time", 30),
        (Session, "expire_date", 0),
    ],
)
def test_what_the_night_has_not_deleted(model: Any, column: str, kept: int) -> None:
    row = model(pk="a" * 40, session_data="", expire_date=timezone.now()) if model is Session else model()
    if model is AccessAttempt:
        row.failures_since_start = 1
    row.save()
    model.objects.update(**{column: timezone.now() - (kept + 1) * DAY})
    assert said() == ([], FINE)
    model.objects.update(**{column: timezone.now() - (kept + 2) * DAY})
    assert_must_be_mended("Catatan masuk atau sesi lama")


def test_a_site_without_second_factors_must_be_mended_but_not_the_demo(settings: Settings) -> None:
    settings.SECOND_FACTOR = False
    settings.DEMO_PASSWORD = ""
    assert_must_be_mended("SECOND_FACTOR mati: petugas masuk dengan kata sandi saja.")
    settings.DEMO_PASSWORD = "a demo"
    assert said() == ([], FINE)


def test_officers_who_have_not_set_up_a_second_factor_are_named(settings: Settings) -> None:
    settings.SECOND_FACTOR = True
    give_app(make_user(Role.DISTRICT, username="siap"))
    gone = make_user(Role.DISTRICT, username="pensiun")
    gone.memberships.update(until=date(2024, 1, 31))
    for name in ("agus", "retno"):
        make_user(Role.DISTRICT, username=name)
    User.objects.create_superuser("teknisi")
    assert_only_noted("3 petugas belum menyiapkan langkah kedua: agus, retno, teknisi.")
