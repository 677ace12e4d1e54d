"""``manage.py load_people FILE --passwords OUT``: makes the officers and cadres of a new district."""

from __future__ import annotations

import csv
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from python_calamine import CalamineError, CalamineWorkbook

from kpm.forms.person import HEADINGS, PersonRowForm
from kpm.people_file import NewPerson, load_person
from registry.errors import Refused
from registry.exports.csv import write_rows
from registry.management.output import open_replacement
from registry.management.users import get_acting_user
from registry.models import User

ROWS_REFUSED, FILE_REFUSED = 1, 2
Row = tuple[int, dict[str, str]]


class Command(BaseCommand):
    help = (
        "Membuat akun petugas dan kader dari berkas CSV atau XLSX; baris yang sudah ada dilewati. Semua "
        "baris tersimpan, atau tidak satu pun. Kata sandi pertama ditulis sekali ke berkas bermode 0600."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas (csv, xlsx), satu orang sebaris")
        parser.add_argument("--passwords", type=Path, metavar="CSV", help="berkas baru untuk kata sandi")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja; tidak ada yang disimpan")
        parser.add_argument(
            "--as",
            dest="username",
            default="",
            help="nama pengguna yang bekerja; bawaan: administrator satu-satunya",
        )

    def handle(self, *args: Any, file: Path, passwords: Path | None, dry_run: bool, **options: Any) -> None:
        ask = _("Sebut siapa yang bekerja: --as NAMA.")
        by = get_acting_user(options["username"], ask=ask, returncode=FILE_REFUSED)
        if not dry_run and passwords is None:
            raise CommandError(
                _("Sebut berkas untuk kata sandi: --passwords BERKAS."), returncode=FILE_REFUSED
            )
        if passwords and passwords.exists():
            raise CommandError(
                _("%(file)s sudah ada. Kata sandi ditulis sekali, ke berkas baru.") % {"file": passwords},
                returncode=FILE_REFUSED,
            )
        rows, unread = read_rows(file)
        if unread:
            self.stderr.write(_("Kolom yang tidak dibaca: %(names)s.") % {"names": ", ".join(unread)})
        with transaction.atomic():
            made = self._load(rows, by)
            if dry_run:
                transaction.set_rollback(True)
            elif passwords and made:
                _write_passwords(passwords, made)
        known = len(rows) - len(made)
        self.stdout.write(_("%(made)d akun baru, %(known)d sudah ada.") % {"made": len(made), "known": known})
        if dry_run:
            self.stdout.write(_("Hanya diperiksa; tidak ada yang disimpan."))

    def _load(self, rows: Sequence[Row], by: User) -> list[NewPerson]:
        """Store every row. Raises SystemExit, which takes all back, after each refused row is named."""
        made, is_refused = [], False
        for number, cells in rows:
            person = self._load_row(number, cells, by)
            if isinstance(person, NewPerson):
                made.append(person)
            is_refused = is_refused or person is False
        if is_refused:
            self.stderr.write(both(gettext_lazy("Ada baris yang ditolak; tidak ada yang disimpan.")))
            raise SystemExit(ROWS_REFUSED)
        return made

    def _load_row(self, number: int, cells: dict[str, str], by: User) -> NewPerson | bool | None:
        """Return the person made, None for one who is there already, False for a row that is refused."""
        said = {}
        for language in ("id", "en"):
            with override(language):
                try:
                    with transaction.atomic():
                        return load_person(PersonRowForm(cells), by=by)
                except Refused as refused:
                    said[language] = refused.message
        self.stderr.write(f"baris / row {number}: {said['id']} / {said['en']}")
        return False


def both(sentence: Promise, **values: object) -> str:
    """Return a sentence in both languages."""
    with override("id"):
        indonesian = str(sentence) % values
    with override("en"):
        return f"{indonesian} / {str(sentence) % values}"


class UnreadableFile(Exception):
    """Why a file cannot be read and what to do, in both languages."""


def read_rows(file: Path) -> tuple[list[Row], list[str]]:
    """Return the rows by their number, cells by field, and the headings not read. Raises CommandError."""
    try:
        table = _read_workbook(file) if file.suffix.lower() == ".xlsx" else _read_csv(file)
    except (UnreadableFile, OSError) as error:
        why = error if isinstance(error, UnreadableFile) else both(_NO_FILE)
        raise CommandError(f"{both(_UNREADABLE, file=file)} {why}", returncode=FILE_REFUSED) from error
    fields = [_field(heading) for heading in (table[0] if table else [])]
    missing = [HEADINGS[name][0] for name in ("full_name", "role", "place") if name not in fields]
    if missing:
        raise CommandError(
            _("Baris pertama harus memuat judul kolom; yang tidak ada: %(names)s.")
            % {"names": ", ".join(missing)},
            returncode=FILE_REFUSED,
        )
    unread = [heading for heading, name in zip(table[0], fields, strict=True) if heading and not name]
    rows = [
        (number, {name: cell for name, cell in zip(fields, row, strict=False) if name})
        for number, row in enumerate(table[1:], 2)
        if any(row)
    ]
    return rows, unread


def _field(heading: str) -> str:
    words = " ".join(heading.lower().replace("_", " ").split())
    return next((name for name, written in HEADINGS.items() if words in written), "")


_UNREADABLE = gettext_lazy("Berkas %(file)s tidak terbaca.")
_NO_FILE = gettext_lazy("Berkas itu tidak ada atau tidak boleh dibuka. Periksa nama dan izinnya.")
_NO_WORKBOOK = gettext_lazy("Itu bukan buku kerja XLSX yang utuh. Buka dengan Excel, lalu simpan lagi.")
_NOT_UTF_8 = gettext_lazy(
    "Baris %(line)d bukan teks UTF-8. Simpan lagi sebagai “CSV UTF-8” atau sebagai XLSX."
)
_NO_SEPARATOR = gettext_lazy(
    "Judul kolom di baris 1 tidak dipisahkan koma, titik koma atau tab. Simpan lagi sebagai “CSV UTF-8” atau "
    "sebagai XLSX."
)
_BROKEN_LINE = gettext_lazy(
    "Baris %(line)d rusak: tanda kutip yang tidak ditutup, atau sel yang terlalu panjang. Betulkan baris "
    "itu, atau simpan sebagai XLSX."
)


def _read_workbook(file: Path) -> list[list[str]]:
    try:
        book = CalamineWorkbook.from_path(str(file))
    except CalamineError as error:
        raise UnreadableFile(both(_NO_WORKBOOK)) from error
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[_cell_text(cell) for cell in row] for row in rows]


def _cell_text(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    is_whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if is_whole else cell).strip()  # type: ignore[call-overload]


def _read_csv(file: Path) -> list[list[str]]:
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableFile(both(_NOT_UTF_8, line=error.object.count(b"\n", 0, error.start) + 1)) from error
    try:
        dialect = csv.Sniffer().sniff("".join(lines[:1]), ",;\t")
    except csv.Error as error:
        raise UnreadableFile(both(_NO_SEPARATOR)) from error
    table, line = [], 1
    rows = csv.reader(lines, dialect, doublequote=True, strict=True)
    try:
        for row in rows:
            table.append([cell.strip() for cell in row])
            line = rows.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(both(_BROKEN_LINE, line=line)) from error
    return table


def _write_passwords(file: Path, made: Sequence[NewPerson]) -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        yield (_("nama pengguna"), _("nama lengkap"), _("wilayah"), _("kata sandi pertama"))
        yield from made

    opener = lambda path, flags: os.open(path, flags | os.O_EXCL, 0o600)  # noqa: E731
    with open_replacement(file, opener=opener, mode="w", encoding="utf-8", newline="") as target:
        write_rows(cast(TextIO, target), rows())
