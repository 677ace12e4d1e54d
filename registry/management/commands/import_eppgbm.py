"""``manage.py import_eppgbm FILE``: take an e-PPGBM file in, or say what it would do."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from registry.actions import Refused
from registry.models import Role, User
from registry.spreadsheets import take_in, uploads
from registry.spreadsheets.report import Report, RowOutcome, RowReport

ROWS_REFUSED, FILE_REFUSED = 1, 2


class Command(BaseCommand):
    help = (
        "Membaca berkas e-PPGBM (xlsx, xls, ods, csv) dan menyimpannya. "
        "Keluar dengan 0 bila semua baris terpakai, 1 bila ada yang ditolak, 2 bila berkasnya ditolak."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas e-PPGBM")
        parser.add_argument("--dry-run", action="store_true", help="laporkan saja, jangan simpan")
        parser.add_argument(
            "--as",
            dest="username",
            default="",
            help="nama pengguna yang mencatat; bawaan: administrator satu-satunya",
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, username: str, **options: Any) -> None:
        user = _user(username)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s tidak bisa dibuka: %(why)s.") % {"file": file, "why": error.strerror},
                returncode=FILE_REFUSED,
            ) from None
        try:
            report = take_in.preview(content, user) if dry_run else _taken_in(user, file, content)
        except Refused as refused:
            raise CommandError(refused.message, returncode=FILE_REFUSED) from None
        self._print(report, dry_run)
        if report.not_taken:
            raise SystemExit(ROWS_REFUSED)

    def _print(self, report: Report, dry_run: bool) -> None:
        for row in report.rows:
            self.stdout.write(_line(row))
            for text in (*(note.sentence for note in row.notes), *_differences(row)):
                self.stdout.write(f"{'':6} {'':17}  - {text}")
        self.stdout.write("")
        for outcome in RowOutcome:
            if count := report.counts[outcome]:
                self.stdout.write(f"{count:6} {outcome.words}")
        self.stdout.write(f"{len(report.rows):6} " + _("baris"))
        if dry_run:
            self.stdout.write(_("Hanya diperiksa; tidak ada yang disimpan."))


def _taken_in(user: User, file: Path, content: bytes) -> Report:
    with tqdm(unit=" " + _("pengukuran"), disable=None, leave=False) as bar:
        return uploads.take_in_at_once(by=user, file_name=file.name, content=content, progress=_advance(bar))


def _advance(bar: tqdm) -> Any:
    return lambda done: bar.update(done)


def _line(row: RowReport) -> str:
    who = " ".join(part for part in (row.name, row.nik) if part)
    return f"{row.number:6} {row.outcome.words!s:17} {row.sentence} [{row.code}] {who}".rstrip()


def _differences(row: RowReport) -> list[str]:
    return [
        f"{z.words}: {z.file:+.2f} -> {'-' if z.ours is None else format(z.ours, '+.2f')}"
        for z in row.differences
    ]


def _user(username: str) -> User:
    """Who records: the one named, else the only administrator."""
    if username:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(
                _("Tidak ada pengguna aktif bernama %(name)s.") % {"name": username}, returncode=FILE_REFUSED
            )
        return user
    admins = list(User.objects.filter(is_active=True, memberships__role=Role.ADMIN).distinct()[:2])
    if len(admins) != 1:
        raise CommandError(
            _("Tulis siapa yang mencatat: --as NAMA_PENGGUNA. (Administrator tidak tepat satu.)"),
            returncode=FILE_REFUSED,
        )
    return admins[0]
