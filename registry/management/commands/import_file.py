"""``manage.py import_file FILE``: what a file would do; with ``--commit`` it is done. JSON for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from registry.access.loaders import get_writable_village
from registry.actions.uploads import only_village_of
from registry.errors import Invalid, Refused
from registry.imports import commit as file_commit
from registry.imports import workflow
from registry.imports.answers import ImportAnswers, decisions_for
from registry.imports.progress import Progress
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import Report, RowOutcome, RowReport
from registry.imports.saved_mappings import answers_with_mapping, mapping_named
from registry.imports.tables.layout import LayoutName
from registry.imports.tables.unread_columns import assumed_positions_sentence, column_sentences
from registry.management.users import get_acting_user
from registry.models import User

ROWS_REFUSED, FILE_REFUSED = 1, 2


class Command(BaseCommand):
    help = (
        "Membaca berkas dan melaporkan apa yang akan terjadi; dengan --commit menyimpannya. "
        "Keluar dengan 0 bila semua baris terpakai atau ditanyakan, 1 bila ada yang ditolak atau ada "
        "lembar lain dengan anak yang tidak dibaca, 2 bila berkasnya ditolak."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas (xlsx, xls, ods, csv)")
        parser.add_argument("--commit", action="store_true", help="simpan; tanpa ini tidak ada yang ditulis")
        parser.add_argument("--json", action="store_true", help="laporan sebagai JSON, untuk program lain")
        parser.add_argument(
            "--as",
            dest="username",
            default="",
            help="nama pengguna yang mencatat; bawaan: administrator satu-satunya",
        )
        parser.add_argument(
            "--village",
            default="",
            metavar="KODE",
            help="kode desa dari baris yang tidak menyebut desanya; bawaan: satu-satunya desa pengguna",
        )
        parser.add_argument(
            "--sheet",
            default="",
            metavar="LEMBAR",
            help="lembar yang dibaca; bawaan: yang pertama dengan anak",
        )
        parser.add_argument(
            "--mapping", default="", metavar="NAMA", help="pemetaan kolom yang diingat dengan nama itu"
        )

    def handle(self, *args: Any, file: Path, commit: bool, **options: Any) -> None:
        as_program = bool(options["json"])
        try:
            report = _report(file, commit=commit, options=options)
        except Refused as refused:
            if as_program:
                said = {"error": refused.code, "sentence": refused.message}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            raise CommandError(refused.message, returncode=FILE_REFUSED) from None
        if as_program:
            self.stdout.write(json.dumps(as_json(report, committed=commit), ensure_ascii=False, indent=1))
        else:
            self._print(report, dry_run=not commit)
        if report.others:
            left = _("Lembar yang memuat anak tetapi tidak dibaca: %(sheets)s. Pilih dengan --sheet.")
            self.stderr.write(left % {"sheets": ", ".join(report.others)})
        if report.others or report.counts[RowOutcome.REFUSED]:
            raise SystemExit(ROWS_REFUSED)

    def _print(self, report: Report, *, dry_run: bool) -> None:
        for row in report.rows:
            self.stdout.write(_line(row))
            for text in (*(note.sentence for note in row.notes), *_differences(row)):
                self.stdout.write(f"{'':6} {'':17}  - {text}")
        self.stdout.write("")
        if sentence := assumed_positions_sentence(report.positions_assumed):
            self.stdout.write(sentence)
        for outcome in RowOutcome:
            if count := report.counts[outcome]:
                self.stdout.write(f"{count:6} {outcome.words}")
        self.stdout.write(f"{len(report.rows):6} " + _("baris"))
        for sentence in column_sentences(
            report.columns_not_read, report.measures_missing, chosen=report.layout == LayoutName.MAPPED
        ):
            self.stdout.write(sentence)
        if dry_run:
            self.stdout.write(_("Hanya diperiksa; tidak ada yang disimpan."))


def as_json(report: Report, *, committed: bool) -> dict[str, Any]:
    """Return the report for programs: fixed names and numbers, sentences in the language of the site.

    A row is named by its number in the file, with no NIK; a sentence that asks which child it is names one.
    """
    return {
        "layout": str(report.layout),
        "committed": committed,
        "sheet": report.sheet,
        "sheets_not_read": list(report.others),
        "columns_not_read": [
            {"column": letters, "title": title} for letters, title in report.columns_not_read
        ],
        "measures_missing": list(report.measures_missing),
        "questions": [str(question.asks) for question in report.questions],
        "rows": len(report.rows),
        "children_new": report.children_new,
        "children_matched": report.children_matched,
        "measurements_new": report.measurements_new,
        "measurements_same": report.counts[RowOutcome.SAME],
        "ask": report.counts[RowOutcome.ASK],
        "refused": report.counts[RowOutcome.REFUSED],
        "details": [
            {
                "row": row.number,
                "outcome": str(row.outcome),
                "code": row.code,
                "sentence": row.sentence,
                "repaired": [{"code": n.code, "sentence": n.sentence} for n in row.notes if n.repaired],
                "notes": [{"code": n.code, "sentence": n.sentence} for n in row.notes if not n.repaired],
                "z_differences": [
                    {"index": z.index, "file": z.file, "ours": z.ours} for z in row.differences
                ],
            }
            for row in report.rows
        ],
    }


def _report(file: Path, *, commit: bool, options: dict[str, Any]) -> Report:
    """Return what the file does, or would do. Raises Refused for everything that nothing can be read for."""
    ask = _("Tulis siapa yang mencatat: --as NAMA_PENGGUNA. (Administrator tidak tepat satu.)")
    try:
        user = get_acting_user(options["username"], ask=ask, returncode=FILE_REFUSED)
    except CommandError as error:
        raise Invalid("user_unknown", str(error)) from None
    try:
        content = file.read_bytes()
    except OSError as error:
        said = {"file": file, "why": error.strerror}
        raise Invalid("file_unreadable", _("%(file)s tidak bisa dibuka: %(why)s.") % said, "file") from None
    answers = _answers(user, content, options["village"], options["mapping"], options["sheet"])
    if commit:
        return _import_file(user, file, content, answers)
    return file_commit.preview(content, user, answers=answers)


def _answers(user: User, content: bytes, village: str, mapping: str, sheet: str) -> ImportAnswers:
    """Return what the options say of the file, with what people have decided about such rows before.

    Raises Refused for a village or a mapping that is none of the user's.
    """
    home = get_writable_village(by=user, code=village) if village else only_village_of(user)
    answers = ImportAnswers(village=home, sheet=sheet, decisions=decisions_for(user))
    if not mapping:
        return answers
    sheets = [one for one in read_sheets(content) if not sheet or one.name == sheet]
    return answers_with_mapping(mapping_named(user, mapping), sheets, answers) if sheets else answers


class BarProgress(Progress):
    """A bar on a terminal for the present stage."""

    def __init__(self, bar: tqdm) -> None:
        self._bar = bar

    def show(self) -> None:
        """Draw the bar."""
        self._bar.total, self._bar.n = self.rows or None, self.done or 0
        self._bar.set_description(str(self.stage.label if self.stage else ""))


def _import_file(user: User, file: Path, content: bytes, answers: ImportAnswers) -> Report:
    with tqdm(bar_format="{desc} {bar:20} {n_fmt}/{total_fmt} [{elapsed}]", disable=None, leave=False) as bar:
        return workflow.import_at_once(
            by=user, file_name=file.name, content=content, answers=answers, progress=BarProgress(bar)
        )


def _line(row: RowReport) -> str:
    who = " ".join(part for part in (row.name, row.nik) if part)
    return f"{row.number:6} {row.outcome.words!s:17} {row.sentence} [{row.code}] {who}".rstrip()


def _differences(row: RowReport) -> list[str]:
    return [
        f"{z.words}: {z.file:+.2f} -> {'-' if z.ours is None else format(z.ours, '+.2f')}"
        for z in row.differences
    ]
