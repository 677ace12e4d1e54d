"""From the bytes of a file to sheets of rows, by what the bytes are and not by what the file is called."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from registry.actions import Invalid
from registry.spreadsheets.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, TooLarge
from registry.spreadsheets.markup import Unreadable, html_tables, is_html, is_spreadsheet_xml, xml_sheets

Cell = str | float | int | bool | date | datetime | time | timedelta | None

MOST_UNZIPPED = 600 * 1024 * 1024  # bytes; 130,000 rows of 34 columns take about 250 MB as XML
MOST_MEMORY = 1536 * 1024 * 1024  # bytes of address space of the process that reads a workbook
MOST_SECONDS = 20

_WORKBOOK_READER = Path(__file__).with_name("workbook_process.py")
_SNIFFED_LINES = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, the first row of the sheet first."""

    name: str
    rows: Sequence[Sequence[Cell]]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook, or the one of a text file; hidden sheets last.

    Raises :class:`registry.actions.Invalid` with a sentence for everything that is no such file, or is too
    large to be one of the field's.
    """
    if not content.strip(b"\0\r\n\t "):
        raise Invalid("file_empty", _("Berkas ini kosong. Pilih berkas hasil unduhan e-PPGBM."), "file")
    if len(content) > settings.SPREADSHEET_MAX_BYTES:
        raise too_large()
    if content.startswith(b"PK\x03\x04"):
        _check_unzipped(content)
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _workbook(content)
    text = _text_of(content)
    if is_spreadsheet_xml(text) or is_html(text):
        return _marked_up(text)
    return [_text_sheet(text)]


def too_large() -> Invalid:
    """The refusal of a file above ``SPREADSHEET_MAX_BYTES``."""
    megabytes = settings.SPREADSHEET_MAX_BYTES // (1024 * 1024)
    return Invalid(
        "file_too_large",
        _("Berkas ini lebih dari %(most)s MB. Pecah per kecamatan atau per bulan, lalu unggah satu per satu.")
        % {"most": megabytes},
        "file",
    )


def _check_unzipped(content: bytes) -> None:
    """Refuse a zip that is no spreadsheet, or that would swell beyond any the field has."""
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refused("damaged") from None
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
        raise _refused("too_large")
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise _refused("not_a_spreadsheet")


def _workbook(content: bytes) -> list[Sheet]:
    """Read a workbook in a process of its own, which may use so much memory and time and no more."""
    limits = [str(limit) for limit in (MOST_MEMORY, MOST_ROWS, MOST_COLUMNS, MOST_CELLS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and numbers
            [sys.executable, "-I", str(_WORKBOOK_READER), *limits],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused("too_large") from None
    if done.returncode:
        raise _refused("too_large")
    answer = json.loads(done.stdout, object_hook=_untagged)
    if "error" in answer:
        raise _refused(answer["error"])
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in answer["sheets"]]


_KINDS: dict[str, Callable[[Any], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def _untagged(pairs: dict[str, Any]) -> Any:
    """The cell that the process could not say in JSON."""
    if len(pairs) == 1:
        kind, value = next(iter(pairs.items()))
        if kind in _KINDS:
            return _KINDS[kind](value)
    return pairs


def _refused(code: str) -> Invalid:
    return Invalid(f"file_{code}", _sentence(code), "file")


def _sentence(code: str) -> str:
    rows = number_format(MOST_ROWS, use_l10n=True, force_grouping=True)
    return {
        "damaged": _("Berkas ini rusak atau bukan Excel yang utuh. Unduh lagi dari e-PPGBM, lalu unggah."),
        "password": _(
            "Berkas ini dikunci kata sandi. Buka di Excel, simpan tanpa kata sandi, lalu unggah lagi."
        ),
        "too_large": _(
            "Isi berkas ini terlalu besar untuk dibaca. Salin baris yang terisi saja ke berkas baru, "
            "lalu unggah lagi."
        ),
        "too_many_rows": _(
            "Lembar ini lebih dari %(rows)s baris. Pecah per kecamatan, atau hapus baris kosong."
        )
        % {"rows": rows},
        "too_many_columns": _("Lembar ini lebih dari %(columns)s kolom. Hapus kolom kosong di kanan tabel.")
        % {"columns": MOST_COLUMNS},
        "too_many_cells": _("Berkas ini berisi terlalu banyak sel. Pecah per kecamatan, lalu unggah lagi."),
        "not_a_spreadsheet": _("Berkas ini bukan Excel, ODS atau CSV. Pilih berkas hasil unduhan e-PPGBM."),
        "web_page": _(
            "Berkas ini halaman web, bukan Excel. Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi."
        ),
    }[code]


# --- Text files ---------------------------------------------------------------------------------------


def _text_of(content: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16 with one, else Windows' own 1252."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(
        (b"%pdf", b"mz", b"\x7felf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"\x1f\x8b")
    ):
        raise _refused("not_a_spreadsheet")
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("not_a_spreadsheet")


def _marked_up(text: str) -> list[Sheet]:
    """The tables of a web page, or the worksheets of Excel 2003's XML."""
    try:
        tables = xml_sheets(text) if is_spreadsheet_xml(text) else html_tables(text)
    except TooLarge as too_much:
        raise _refused(str(too_much)) from None
    except Unreadable:
        raise _refused("damaged") from None
    found = [Sheet(name, rows) for name, rows in tables if rows]
    if not found:
        raise _refused("web_page")
    return found


def _text_sheet(text: str) -> Sheet:
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep="):
        text = "\n" + text.split("\n", 1)[-1]  # the empty row keeps the numbers of the others
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(lines)))
    except csv.Error:
        raise _refused("not_a_spreadsheet") from None
    if len(rows) > MOST_ROWS:
        raise _refused("too_many_rows")
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise _refused("too_many_columns")
    return Sheet("", rows)


def _delimiter(lines: Sequence[str]) -> str:
    """Which of ``;``, tab and ``,`` cuts the first lines into most columns, counted where it cuts most."""
    start = lines[:_SNIFFED_LINES]
    return max(";\t,", key=lambda mark: max((line.count(mark) for line in start), default=0))
