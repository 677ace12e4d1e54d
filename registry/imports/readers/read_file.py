"""From the bytes of a file to sheets of rows, by what the bytes are and not by what the file is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from resource import getpagesize
from threading import Event, Thread
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from registry.errors import Invalid
from registry.growth.cells.text import Cell
from registry.imports.readers.delimited import rows_of_text
from registry.imports.readers.file_kinds import Kind, kind_of
from registry.imports.readers.reading_limits import Limits, NotRead, RowKeeper

_MB = 1024 * 1024
LIMITS = Limits(rows=200_000, columns=256, cells=8_000_000, kept=240 * _MB)
# Bytes. 130,000 rows of 34 columns are 150 to 250 MB of XML, 370 in the process that reads them and 150 here.
MOST_UNZIPPED = 600 * _MB
MOST_STRINGS = 100 * _MB  # of the texts that the cells of an .xlsx share, of which each is kept apart
MOST_MEMORY = 640 * _MB  # of address space of the process that reads, of which it uses two thirds at most
MOST_RESIDENT = 460 * _MB  # of memory that it uses; looked at so often that it stays below 512
MOST_SWELLING = 150  # times; the same child in every row of a sheet swells tenfold, zeros a thousandfold
LARGE = 64 * _MB  # unzipped; what is smaller may swell as it likes
MOST_WORK_SECONDS = 20  # of one processor
MOST_SECONDS = 60  # in all; a busy machine may take its time with a district's quarter
_LOOKED_AT_SECONDS = 0.01
_SHEET_BYTES = 500  # what an empty one takes

_WORKBOOK_READER = Path(__file__).with_name("sandbox.py")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, the first row of the sheet first.

    ``since_1904``: a number that stands for a day counts from 1904 and not from 1900.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    since_1904: bool = False
    above: int = 0  # rows that Excel shows above the first of them
    hidden: bool = False


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook, or the one of a text file; hidden sheets last.

    Raises :class:`registry.errors.Invalid` with a sentence for everything that is no such file, or is too
    large to be one of the field's.
    """
    if len(content) > settings.SPREADSHEET_MAX_BYTES:
        raise too_large()
    if not content.strip(b"\0\r\n\t "):
        raise Invalid("file_empty", _("Berkas ini kosong. Pilih berkas hasil unduhan e-PPGBM."), "file")
    try:
        kind = kind_of(content)
        if kind == Kind.TEXT:
            text = rows_of_text(content, LIMITS)
            return [Sheet(text.name, cast("list[list[Cell]]", text.rows))]
    except NotRead as why:
        raise _refusal(why.code, why.row) from None
    if kind == Kind.ZIP:
        _check_zip(content)
    return _read_apart(kind, content)


def too_large() -> Invalid:
    """The refusal of a file above ``SPREADSHEET_MAX_BYTES``."""
    megabytes = settings.SPREADSHEET_MAX_BYTES // (1024 * 1024)
    return Invalid(
        "file_too_large",
        _("Berkas ini lebih dari %(most)s MB. Pecah per kecamatan atau per bulan, lalu unggah satu per satu.")
        % {"most": megabytes},
        "file",
    )


def _check_zip(content: bytes) -> None:
    """Refuse a zip that is no spreadsheet, is behind a password, or would swell beyond any the field has.

    By what its parts say they are; one that lies is refused when it is read.
    """
    try:
        book = zipfile.ZipFile(BytesIO(content))
        entries = {entry.filename: entry for entry in book.infolist()}
        # LibreOffice encrypts part by part, and since 24.2 the whole as one.
        locked = "encrypted-package" in entries or _is_encrypted(book, entries.get("META-INF/manifest.xml"))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise _refusal("damaged") from None
    parts = book.infolist()
    if sum(part.file_size for part in parts) > MOST_UNZIPPED or any(map(_is_too_much, parts)):
        raise _refusal("too_large")
    if locked:
        raise _refusal("password")
    if "xl/workbook.bin" in entries:  # its errors, formulas without a value and days of 1904 are not told
        raise _refusal("binary_workbook")
    if not entries.keys() & {"xl/workbook.xml", "content.xml"}:
        raise _refusal("not_a_spreadsheet")


def _is_encrypted(book: zipfile.ZipFile, manifest: zipfile.ZipInfo | None) -> bool:
    """Whether an .ods says that its parts are behind a password."""
    if manifest is None:
        return False
    with book.open(manifest) as part:
        return b"encryption-data" in part.read(1024 * 1024)


def _is_too_much(entry: zipfile.ZipInfo) -> bool:
    """Whether a part is large and almost nothing but one character, or holds more texts than any file.

    Rows are numbered, so no sheet of the field is so much of one character.
    """
    strings = entry.filename.lower().endswith("sharedstrings.xml")
    swells = entry.file_size > LARGE and entry.file_size > MOST_SWELLING * entry.compress_size
    return swells or (strings and entry.file_size > MOST_STRINGS)


def _read_apart(kind: Kind, content: bytes) -> list[Sheet]:
    """Read a file in a process of its own, which may use so much memory and time and no more."""
    limits = (MOST_MEMORY, MOST_WORK_SECONDS, LIMITS.rows, LIMITS.columns, LIMITS.cells, LIMITS.kept)
    command = [sys.executable, "-I", str(_WORKBOOK_READER), kind, *map(str, limits)]
    # A store of memory for each of its threads would take an eighth of its address space.
    environment = os.environ | {"MALLOC_ARENA_MAX": "1"}
    reader = subprocess.Popen(  # noqa: S603 - our own program, and numbers
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    ended = Event()
    guard = Thread(target=_end_what_takes_too_much, args=(reader, ended), daemon=True)
    guard.start()
    try:
        return _read_answer(reader, content)
    except NotRead as why:
        raise _refusal(why.code, why.row) from None
    finally:
        ended.set()
        guard.join()  # before its number may be that of another process
        reader.kill()  # of no effect on one that has ended
        reader.wait()


def _end_what_takes_too_much(reader: subprocess.Popen[bytes], ended: Event) -> None:
    """Kill the process that reads when its time is over, or when it uses more memory than it may.

    Its limit of address space alone would not do: the reader of workbooks reserves half as much again as it
    uses, so that a limit under 512 MB would stop a district's quarter.
    """
    late = monotonic() + MOST_SECONDS
    while not ended.wait(_LOOKED_AT_SECONDS):
        if monotonic() > late or _resident_bytes(reader.pid) > MOST_RESIDENT:
            reader.kill()
            return


def _resident_bytes(pid: int) -> int:
    """Bytes of memory that a process uses; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_bytes().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * getpagesize()


def _read_answer(reader: subprocess.Popen[bytes], content: bytes) -> list[Sheet]:
    """The sheets as ``sandbox`` writes them, kept as they come; hidden ones last. Raises NotRead."""
    assert reader.stdin is not None and reader.stdout is not None  # noqa: S101 - both are pipes
    with suppress(BrokenPipeError), reader.stdin:  # it reads all before it writes, or has died of its limits
        reader.stdin.write(content)
    found: list[Sheet] = []
    rows: list[list[Cell]] = []
    keeper = RowKeeper(LIMITS)
    with reader.stdout:
        for line in reader.stdout:
            said = _decode(line)
            if isinstance(said, list):
                # Between quotation marks are the texts, between commas the cells.
                keeper.take(said, len(line), max(line.count(b",") - line.count(b'"') // 2, 0))
                rows += said
            elif "sheet" in said:
                rows = []
                keeper.take([], _SHEET_BYTES)
                hidden = not said["visible"]
                found.append(Sheet(said["sheet"], rows, said["since_1904"], said["above"], hidden))
            elif said["end"]:
                raise NotRead(said["end"], said["row"])
            else:
                return sorted(found, key=attrgetter("hidden"))
    raise NotRead("too_large")


def _decode(line: bytes) -> Any:
    try:
        return _DECODER.decode(line.decode())
    except ValueError:  # cut short when the process was ended
        raise NotRead("too_large") from None


_KINDS: dict[str, Callable[[Any], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def _untag(pairs: dict[str, Any]) -> Any:
    """The cell that the process could not say in JSON."""
    if len(pairs) == 1:
        kind, value = next(iter(pairs.items()))
        if kind in _KINDS:
            return _KINDS[kind](value)
    return pairs


_DECODER = json.JSONDecoder(object_hook=_untag)


def _refusal(code: str, row: int = 0) -> Invalid:
    return Invalid(f"file_{code}", _sentence(code, row), "file")


def _sentence(code: str, row: int) -> str:
    rows = number_format(LIMITS.rows, use_l10n=True, force_grouping=True)
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
        % {"columns": LIMITS.columns},
        "too_many_cells": _("Berkas ini berisi terlalu banyak sel. Pecah per kecamatan, lalu unggah lagi."),
        "not_a_spreadsheet": _("Berkas ini bukan Excel, ODS atau CSV. Pilih berkas hasil unduhan e-PPGBM."),
        "binary_workbook": _(
            "Berkas ini buku kerja biner (.xlsb), yang tidak dibaca. Buka di Excel, simpan sebagai .xlsx, "
            "lalu unggah lagi."
        ),
        "web_page": _(
            "Berkas ini halaman web, bukan Excel. Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi."
        ),
        "open_quote": _(
            'Tanda kutip (") di baris %(row)s tidak ditutup, jadi kolom berikutnya tidak terbaca. Hapus '
            "tanda kutip itu, simpan, lalu unggah lagi."
        )
        % {"row": number_format(row, use_l10n=True, force_grouping=True)},
    }[code]
