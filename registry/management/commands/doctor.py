"""``manage.py doctor``: say what this installation lacks or what is wrong with it, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.checks import Tags, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from registry.accounts.second_factor import FACTOR_TYPES, ROLES_WITH_SECOND_FACTOR
from registry.actions.retention import list_expired
from registry.calendar_months import month_of
from registry.db.outage import is_outage
from registry.management.commands.forget_attempts import KEPT, USUAL_ADDRESS
from registry.models import Child, CountedMonth, Measurement, Membership, NikHashKey, User, Village
from registry.nik import InvalidToken, hash_key_fingerprint, seal, unseal
from registry.observability.heartbeat import is_any_alive
from registry.readiness import count_late_tasks, list_missing_migrations

_LEAST_FREE = 10**9  # bytes: a backup, the largest file and the database's own work
_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}
_CLOCKS_DIFFER = timedelta(minutes=1)
_SINCE_LAST_NIGHT = timedelta(hours=26)
_NAMES_SHOWN = 20
_DEBUG_WARNING = "security.W018"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing to know; ``must_be_mended`` when the register does not work rightly before."""

    sentence: str
    must_be_mended: bool = True


class Command(BaseCommand):
    help = "Mengatakan apa yang kurang atau keliru pada pemasangan ini. Gagal bila ada yang harus dibenahi."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say a line for each finding. Raises CommandError when one of them must be mended."""
        findings = list(find_all())
        for one in findings:
            mark = _("HARUS DIBENAHI") if one.must_be_mended else _("Catatan")
            self.stdout.write(f"{mark}: {one.sentence}")
        if count := sum(one.must_be_mended for one in findings):
            said = ngettext("%(count)d hal harus dibenahi.", "%(count)d hal harus dibenahi.", count)
            raise CommandError(said % {"count": count})
        self.stdout.write(_("Tidak ada yang harus dibenahi."))


def find_all() -> Iterator[DoctorFinding]:
    """Yield everything; of the database only where it answers and has its tables."""
    for look in (find_in_settings, find_open_files, find_full_disk, find_unusable_keys):
        yield from look()
    try:
        missing = list_missing_migrations()
    except Error as error:
        if not is_outage(error):
            raise
        yield DoctorFinding(_("Basis data tidak menjawab. Nyalakan, atau perbaiki DATABASE_URL di .env."))
        return
    if missing:
        said = ngettext(
            "%(count)d migrasi belum dijalankan. Jalankan: manage.py migrate",
            "%(count)d migrasi belum dijalankan. Jalankan: manage.py migrate",
            len(missing),
        )
        yield DoctorFinding(said % {"count": len(missing)})
        return
    looks = (find_foreign_keys, find_in_places, find_officers_without_factor)
    for look in (*looks, find_wrong_clock, find_idle_worker, find_missed_nights, find_expired_records):
        yield from look()


def find_in_settings() -> Iterator[DoctorFinding]:
    """Yield settings that are for trying out; of a site with https also what Django warns of."""
    if settings.DEBUG:
        yield DoctorFinding(_("DEBUG menyala: halaman galat memperlihatkan isi data. Hapus DEBUG dari .env."))
    if settings.BEHIND_PROXY and _THIS_MACHINE.issuperset(settings.ALLOWED_HOSTS):
        yield DoctorFinding(_("ALLOWED_HOSTS hanya berisi komputer ini. Tulis nama situs ini di .env."))
    if not settings.SECOND_FACTOR and not settings.DEMO_PASSWORD:
        yield DoctorFinding(
            _("SECOND_FACTOR mati: petugas masuk dengan kata sandi saja. Hapus SECOND_FACTOR dari .env.")
        )
    if settings.TIME_ZONE != "Asia/Jakarta" or not settings.USE_TZ:
        yield DoctorFinding(
            _("Zona waktu bukan Asia/Jakarta. Kembalikan TIME_ZONE dan USE_TZ di settings.py.")
        )
    if not settings.BACKUP_KEY:
        told = _(
            "BACKUP_KEY belum ada, jadi script/backup tidak jalan. Cara membuatnya ada di docs/deploy.md."
        )
        yield DoctorFinding(told, must_be_mended=False)
    if settings.HTTPS:
        for warning in run_checks(tags=[Tags.security], include_deployment_checks=True):
            if not warning.is_silenced() and warning.id != _DEBUG_WARNING:
                told = _("Django memperingatkan (%(id)s): %(message)s")
                yield DoctorFinding(told % {"id": warning.id, "message": warning.msg}, must_be_mended=False)


def find_open_files() -> Iterator[DoctorFinding]:
    """Yield what other accounts of this machine may read."""
    for path in (settings.BASE_DIR / ".env", settings.VAR_DIR):
        if path.exists() and path.stat().st_mode & 0o077:
            told = _("%(path)s terbuka bagi akun lain di komputer ini. Jalankan: chmod -R go= %(path)s")
            yield DoctorFinding(told % {"path": path})


def find_full_disk() -> Iterator[DoctorFinding]:
    """Yield a disk with less than a gigabyte left."""
    free = shutil.disk_usage(settings.BASE_DIR).free
    if free < _LEAST_FREE:
        told = _("Ruang disk tinggal %(free)d MB. Kosongkan sampai paling sedikit 1 GB.")
        yield DoctorFinding(told % {"free": free // 10**6})


def find_unusable_keys() -> Iterator[DoctorFinding]:
    """Yield ``NIK_KEYS`` that are no keys."""
    try:
        seal("1")
    except ValueError:
        yield DoctorFinding(
            _("NIK_KEYS bukan kunci Fernet. Kembalikan kuncinya di .env, lihat docs/deploy.md.")
        )


def find_foreign_keys() -> Iterator[DoctorFinding]:
    """Yield keys that are not those of this database."""
    in_force = NikHashKey.objects.first()
    if in_force and in_force.fingerprint != hash_key_fingerprint():
        told = _("NIK_HASH_KEY lain dari yang berlaku. Kembalikan, atau jalankan: manage.py rotate_keys")
        yield DoctorFinding(told)
    sealed = Child.objects.exclude(nik_sealed="").values_list("nik_sealed", flat=True).first()
    try:
        unseal(sealed or "")
    except InvalidToken:
        yield DoctorFinding(
            _("NIK tidak terbuka dengan kunci mana pun. Tambahkan kunci lamanya ke NIK_KEYS.")
        )
    except ValueError:
        pass  # ``find_unusable_keys`` has said so


def find_in_places() -> Iterator[DoctorFinding]:
    """Yield villages that are missing or belong to no puskesmas."""
    villages = Village.objects.count()
    without = Village.objects.filter(puskesmas=None).count()
    if not villages:
        yield DoctorFinding(_("Belum ada desa. Jalankan: manage.py load_places"))
    if without:
        told = _("%(without)d dari %(all)d desa belum punya puskesmas. Pilih puskesmasnya di halaman desa.")
        yield DoctorFinding(told % {"without": without, "all": villages}, must_be_mended=False)


def find_officers_without_factor() -> Iterator[DoctorFinding]:
    """Yield officers who have not set up their second factor yet."""
    if not settings.SECOND_FACTOR:
        return
    held = Membership.objects.held_on(timezone.localdate()).filter(role__in=ROLES_WITH_SECOND_FACTOR)
    officers = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True) | Q(memberships__in=held))
    officers = officers.filter(is_active=True).exclude(authenticator__type__in=FACTOR_TYPES)
    names = list(officers.order_by("username").distinct().values_list("username", flat=True))
    if names:
        told = ngettext(
            "%(count)d petugas belum menyiapkan langkah kedua: %(names)s. Minta masuk dan menyiapkannya.",
            "%(count)d petugas belum menyiapkan langkah kedua: %(names)s. Minta masuk dan menyiapkannya.",
            len(names),
        )
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        yield DoctorFinding(told % {"count": len(names), "names": shown}, must_be_mended=False)


def find_wrong_clock() -> Iterator[DoctorFinding]:
    """Yield a clock that is behind what the register has stored already."""
    stored = (
        Measurement.objects.aggregate(newest=Max("received_at"))["newest"],
        DBTaskResult.objects.aggregate(newest=Max("enqueued_at"))["newest"],
    )
    newest = max((moment for moment in stored if moment), default=None)
    if newest and newest > timezone.now() + _CLOCKS_DIFFER:
        told = _("Jam komputer ini terlambat: ada data yang diterima %(newest)s. Betulkan jamnya (NTP).")
        yield DoctorFinding(told % {"newest": f"{timezone.localtime(newest):%Y-%m-%d %H:%M}"})


def find_idle_worker() -> Iterator[DoctorFinding]:
    """Yield that no worker runs, or tasks that it should have begun."""
    if not is_any_alive():
        yield DoctorFinding(
            _("Pekerja berkas tidak berjalan. Nyalakan register-worker (manage.py db_worker).")
        )
    if count := count_late_tasks():
        told = ngettext(
            "%(count)d tugas menunggu lebih dari 10 menit: pekerja mati atau tertinggal. Nyalakan db_worker.",
            "%(count)d tugas menunggu lebih dari 10 menit: pekerja mati atau tertinggal. Nyalakan db_worker.",
            count,
        )
        yield DoctorFinding(told % {"count": count})


def find_expired_records() -> Iterator[DoctorFinding]:
    """Yield how many records say who a child is longer than they should."""
    if count := list_expired().count():
        told = _("%(count)d catatan anak melewati masa simpan %(years)d tahun. Lihat manage.py retention.")
        said = told % {"count": count, "years": settings.RETENTION_YEARS}
        yield DoctorFinding(said, must_be_mended=False)


def find_missed_nights() -> Iterator[DoctorFinding]:
    """Yield what the night job would have opened or deleted, had it run last night."""
    last_night = timezone.now() - _SINCE_LAST_NIGHT
    month = month_of(timezone.localdate(timezone.now() - timedelta(hours=1)))  # it runs at ten past midnight
    if Child.objects.exists() and not CountedMonth.objects.filter(month=month).exists():
        told = _("Bulan %(month)s belum dibuka: tugas malam tidak jalan. Nyalakan register-night.timer.")
        yield DoctorFinding(told % {"month": f"{month:%Y-%m}"})
    old = (
        AccessAttempt.objects.filter(attempt_time__lt=last_night - KEPT),
        AccessFailureLog.objects.filter(attempt_time__lt=last_night - KEPT),
        AccessLog.objects.filter(attempt_time__lt=last_night - USUAL_ADDRESS),
        Session.objects.filter(expire_date__lt=last_night),
    )
    if any(rows.exists() for rows in old):
        told = _("Catatan masuk atau sesi lama belum dihapus: tugas malam tidak jalan. Lihat docs/deploy.md.")
        yield DoctorFinding(told)
