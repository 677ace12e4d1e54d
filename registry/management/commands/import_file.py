"""``manage.py import_file FILE``: what a file would do; with ``--commit`` it is done. JSON for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from registry.access.loaders import get_writable_village
from registry.actions.uploads import only_village_of
from registry.errors import Conflict, Invalid, Refused
from registry.growth.cells.dates import Order
from registry.imports import commit as file_commit
from registry.imports import workflow
from registry.imports.answers import NO_ANSWERS, ImportAnswers, read_answers
from registry.imports.counted import counts_of, effect_sentence, undated_sentence
from registry.imports.decision_file import decision_text, read_decisions, save_decisions
from registry.imports.progress import Progress
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import NOT_TAKEN, Report, RowOutcome, RowReport, choices_about
from registry.imports.review import CHANGED, review_token
from registry.imports.saved_mappings import answers_with_mapping, mapping_named
from registry.imports.tables.find_tables import sheets_words
from registry.imports.tables.layout import LayoutName
from registry.imports.tables.unread_columns import assumed_positions_sentence, column_sentences
from registry.management.users import get_acting_user
from registry.models import User
from registry.validation_messages import spoken_date

LEFT_OPEN, FILE_REFUSED = 1, 2

_ORDERS = {"dmy": Order.DAY_FIRST, "mdy": Order.MONTH_FIRST}


_DECIDE_HELP = (
    "keputusan tentang baris, sebagai CSV atau JSON: row, sheet, dan decision: new, skip, same ID_ANAK, "
    "moved ID_ANAK, left ID_ANAK TANGGAL atau died ID_ANAK TANGGAL; yang mungkin ada di choices dari --json"
)
_TEXT_OPTIONS = {
    "as": ("PENGGUNA", "nama pengguna yang mencatat; bawaan: administrator satu-satunya"),
    "village": (
        "KODE",
        "kode desa dari baris yang tidak menyebut desanya; bawaan: satu-satunya desa pengguna",
    ),
    "sheet": ("LEMBAR", "lembar yang dibaca; bawaan: semua yang tampak dan memuat anak"),
    "mapping": ("NAMA", "pemetaan kolom yang diingat dengan nama itu"),
    "dates": (
        "URUTAN",
        "dmy bila tanggal ditulis hari dulu, mdy bila bulan dulu; atau born=dmy,measured=mdy",
    ),
    "measured-on": (
        "TANGGAL",
        "tanggal pengukuran semua baris (2024-06-12), bila berkas tidak memuatnya; bila tiap bulan punya "
        "kolom sendiri, satu tanggal untuk tiap bulan: 2024-01-12,2024-02-14",
    ),
    "reviewed": (
        "TANDA",
        "dengan --commit: simpan hanya bila hasilnya sama dengan periksa yang memberi tanda ini; tanpa ini "
        "diperiksa dan disimpan sekaligus",
    ),
}


class Command(BaseCommand):
    help = (
        "Membaca berkas dan melaporkan apa yang akan terjadi; dengan --commit menyimpan yang bisa disimpan. "
        "Keluar dengan 0 bila semua baris tersimpan, sudah ada, atau dilewati atas pilihan; 1 bila ada yang "
        "masih terbuka (ditanyakan, ditolak, lembar tidak dibaca); 2 bila berkasnya ditolak."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas (xlsx, xls, ods, csv)")
        parser.add_argument("--commit", action="store_true", help="simpan; tanpa ini tidak ada yang ditulis")
        parser.add_argument("--json", action="store_true", help="laporan sebagai JSON, untuk program lain")
        parser.add_argument("--decide", type=Path, metavar="BERKAS", help=_DECIDE_HELP)
        for name, (metavar, words) in _TEXT_OPTIONS.items():
            parser.add_argument(f"--{name}", default="", metavar=metavar, help=words)

    def handle(self, *args: Any, file: Path, commit: bool, **options: Any) -> None:
        as_program = bool(options["json"])
        try:
            checked = _check_file(file, commit=commit, options=options)
        except Refused as refused:
            if as_program:
                said = {"error": refused.code, "sentence": refused.message}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            raise CommandError(refused.message, returncode=FILE_REFUSED) from None
        report = checked.report
        if as_program:
            self.stdout.write(json.dumps(as_json(checked, committed=commit), ensure_ascii=False, indent=1))
        else:
            self._print(report)
        if not commit and not as_program:
            self.stdout.write(_("Hanya diperiksa; tidak ada yang disimpan."))
            how = _("Simpan yang diperiksa ini saja: --commit --reviewed %(token)s")
            self.stdout.write(how % {"token": checked.token})
        if report.others:
            left = _("Lembar yang memuat anak tetapi tidak dibaca: %(sheets)s. Pilih dengan --sheet.")
            self.stderr.write(left % {"sheets": ", ".join(report.others)})
        if report.others or report.not_taken:
            raise SystemExit(LEFT_OPEN)

    def _print(self, report: Report) -> None:
        sheet = ""
        for row in report.rows:
            if row.sheet != sheet:
                sheet = row.sheet
                self.stdout.write(_("Lembar: %(sheet)s.") % {"sheet": sheet})
            self.stdout.write(_line(row))
            for text in [note.sentence for note in row.notes] + [z.sentence for z in row.differences]:
                self.stdout.write(f"{'':6} {'':17}  - {text}")
        self.stdout.write("")
        if sentence := assumed_positions_sentence(report.positions_assumed):
            self.stdout.write(sentence)
        self.stdout.write(effect_sentence(counts_of(report)))
        for outcome in RowOutcome:
            if count := report.counts[outcome]:
                self.stdout.write(f"{count:6} {outcome.words}")
        self.stdout.write(f"{len(report.rows):6} " + _("baris"))
        undated = filter(None, [undated_sentence(report.undated)])
        for sentence in (*undated, *report.sheets_left_notes, *report.sheet_notes):
            self.stdout.write(sentence)
        if report.village_for:
            village = _("Desa yang Anda sebut berlaku untuk baris yang tidak menyebut desanya.")
            self.stdout.write(f"{village} {sheets_words(report.village_for)}")
        for sentence in column_sentences(
            report.columns_not_read, report.measures_missing, chosen=report.layout == LayoutName.MAPPED
        ):
            self.stdout.write(sentence)


def as_json(checked: Checked, *, committed: bool) -> dict[str, Any]:
    """Return the report for programs: fixed names and numbers, sentences in the language of the site.

    A row is named by its number in the file, with no NIK; where it is asked which child it is, children of
    the register are named, and ``choices`` are what a file of decisions may answer.
    """
    report = checked.report
    asked = dict.fromkeys(q.asks.value for q in report.questions if q.month is None or report.undated)
    return {
        "layout": str(report.layout),
        "token": checked.token,
        "committed": committed and report.rows_taken > 0,
        "sheet": report.sheet,
        "sheets": list(report.sheets),
        "sheet_notes": [*report.sheets_left_notes, *report.sheet_notes],
        "sheets_not_read": list(report.others),
        "columns_not_read": [
            {"column": one.letters, "title": one.title, "rows": one.rows, "values": list(one.values)}
            for one in report.columns_not_read
        ],
        "measures_missing": list(report.measures_missing),
        "questions": [kind for kind in asked if kind not in checked.answered],
        "undated": list(report.undated),
        "rows": len(report.rows),
        **counts_of(report),
        "details": [_row_as_json(row, report) for row in report.rows],
    }


def _row_as_json(row: RowReport, report: Report) -> dict[str, Any]:
    return {
        "row": row.number,
        "sheet": row.sheet,
        "outcome": str(row.outcome),
        "code": row.code,
        "sentence": row.sentence,
        "repaired": [{"code": n.code, "sentence": n.sentence} for n in row.notes if n.repaired],
        "notes": [{"code": n.code, "sentence": n.sentence} for n in row.notes if not n.repaired],
        "z_differences": [{"index": z.index, "file": z.file, "ours": z.ours} for z in row.differences],
        "candidates": [
            {
                "child": str(child.child_id),
                "name": child.name,
                "birth_date": child.birth_date.isoformat(),
                "village": child.village,
            }
            for child in row.candidates
        ],
        "choices": _choices(row, report),
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file does or would do; its import is held to the check by ``token``.

    ``answered``: the questions that options have answered.
    """

    report: Report
    token: str
    answered: frozenset[str]


def _check_file(file: Path, *, commit: bool, options: Mapping[str, Any]) -> Checked:
    """Return what the file does, or would do. Raises Refused for everything that nothing can be read for."""
    ask = _("Tulis siapa yang mencatat: --as NAMA_PENGGUNA. (Administrator kabupaten tidak tepat satu.)")
    try:
        user = get_acting_user(options["as"], ask=ask, returncode=FILE_REFUSED)
    except CommandError as error:
        raise Invalid("user_unknown", str(error)) from None
    content = _content_of(file)
    lines = read_decisions(_content_of(options["decide"])) if options["decide"] else ()
    with transaction.atomic() if commit or lines else nullcontext():
        stored = _stored_answers(user, content, options)
        if lines:
            save_decisions(user, content, read_answers(stored, user), lines)
        answers = read_answers(stored, user)
        about = {**stored, "sha256": sha256(content).hexdigest()}
        answered = frozenset(f"{column}_order" for column in stored.get("orders", ()))

        def require_reviewed(report: Report) -> None:
            _require_months(report, answers.days)
            if reviewed := options["reviewed"]:
                _require_token(review_token(report, about, answers.decisions), reviewed)

        if commit:
            report = _import_file(user, file, content, answers, approve=require_reviewed)
        else:
            report = file_commit.preview(content, user, answers=answers)
            require_reviewed(report)
            if lines:
                transaction.set_rollback(True)
        return Checked(report, review_token(report, about, answers.decisions), answered)


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        said = {"file": file, "why": error.strerror}
        raise Invalid("file_unreadable", _("%(file)s tidak bisa dibuka: %(why)s.") % said, "file") from None


def _require_token(token: str, reviewed: str) -> None:
    if reviewed != token:
        raise Conflict(
            CHANGED,
            _(
                "Hasil pemeriksaan tidak sama lagi dengan yang dilihat: berkas, pilihan atau register "
                "berubah. Belum ada yang tersimpan; periksa lagi tanpa --commit."
            ),
        )


def _stored_answers(user: User, content: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the options say of the file, as an upload stores it.

    Raises Refused for a village or a mapping that is none of the user's, and for a date that is none.
    """
    code, mapping, sheet = options["village"], options["mapping"], options["sheet"]
    days = [_day(text.strip()) for text in options["measured_on"].split(",") if text.strip()]
    home = get_writable_village(by=user, code=code) if code else only_village_of(user)
    stored = {
        "village": home and home.pk,
        "orders": _orders(options["dates"]),
        "measured_on": days[0] if len(days) == 1 else None,
        "days": days,
        "sheet": sheet,
    }
    if mapping:
        sheets = [one for one in read_sheets(content) if not sheet or one.name == sheet]
        found = answers_with_mapping(mapping_named(user, mapping), sheets, NO_ANSWERS) if sheets else None
        if found:
            stored |= {"mapping": found.mapping, "header_row": found.header_row, "sheet": found.sheet}
    return {name: answer for name, answer in stored.items() if answer not in (None, "", {}, [])}


def _require_months(report: Report, days: Sequence[date]) -> None:
    """Raise Invalid for a day in none of the months that the file asks for, or where it asks for one day."""
    months = [question.month for question in report.questions if question.month]
    wrong = [day for day in days if not any(month.has(day) for month in months)]
    if wrong and (months or len(days) > 1):
        names = ", ".join(month.words for month in months) or "-"
        sentence = _("%(day)s bukan di bulan yang ditanyakan berkas ini: %(months)s.")
        said = {"day": spoken_date(wrong[0]), "months": names}
        raise Invalid("day_outside_month", sentence % said, "measured_on")


def _orders(text: str) -> dict[str, str]:
    """Return ``dmy`` for both columns of dates, or ``born=dmy,measured=mdy``, as an upload stores it."""
    given = dict.fromkeys(("born", "measured"), text) if text in _ORDERS else {}
    pairs = [part.partition("=") for part in text.split(",") if not given and text]
    given |= {column.strip(): order.strip() for column, _mark, order in pairs}
    if not {*given} <= {"born", "measured"} or not {*given.values()} <= _ORDERS.keys():
        sentence = _("--dates %(text)s tidak dikenal. Tulis dmy, mdy, atau born=dmy,measured=mdy.")
        raise Invalid("dates_unknown", sentence % {"text": text}, "dates")
    return {column: _ORDERS[order] for column, order in given.items()}


def _day(text: str) -> str:
    """Return a day that rows were measured. Raises Invalid for what is none, and for one to come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        sentence = _("Tanggal ini tidak terbaca. Tulis seperti 2024-06-12.")
        raise Invalid("date_unknown", sentence, "measured_on") from None
    if day > (today := timezone.localdate()):
        raise Invalid.of("day_in_future", "measured_on", today=today)
    return day.isoformat()


class BarProgress(Progress):
    """A bar on a terminal for the present stage."""

    def __init__(self, bar: tqdm) -> None:
        self._bar = bar

    def show(self) -> None:
        """Draw the bar."""
        self._bar.total, self._bar.n = self.rows or None, self.done or 0
        self._bar.set_description(str(self.stage.label if self.stage else ""))


def _import_file(
    user: User, file: Path, content: bytes, answers: ImportAnswers, approve: Callable[[Report], None]
) -> Report:
    with tqdm(bar_format="{desc} {bar:20} {n_fmt}/{total_fmt} [{elapsed}]", disable=None, leave=False) as bar:
        return workflow.import_at_once(
            by=user,
            file_name=file.name,
            content=content,
            answers=answers,
            progress=BarProgress(bar),
            approve=approve,
        )


def _choices(row: RowReport, report: Report) -> list[str]:
    """Return what a file of decisions may say of a row that is left open."""
    if row.outcome not in NOT_TAKEN:
        return []
    return [decision_text(decision) for decision in choices_about(row, enrols=report.enrols)]


def _line(row: RowReport) -> str:
    who = " ".join(part for part in (row.name, row.nik) if part)
    return f"{row.number:6} {row.outcome.words!s:17} {row.sentence} [{row.code}] {who}".rstrip()
