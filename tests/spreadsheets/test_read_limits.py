"""Files made to fill a computer are refused, in seconds and in little memory; the field's own are read."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator

import pytest

from registry.actions import Invalid
from registry.spreadsheets import read
from tests.spreadsheets.files import cell, xlsx_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEGABYTE = 1024 * 1024


def workbook(parts: Iterator[bytes], said_size: int | None = None) -> bytes:
    """A workbook whose one sheet is ``parts``, which may say that it is smaller than it is."""
    small = zipfile.ZipFile(io.BytesIO(xlsx_file(("visible", ""))))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name in small.namelist():
            if "sheet1" not in name:
                book.writestr(name, small.read(name))
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for part in parts:
                sheet.write(part)
        if said_size is not None:
            book.infolist()[-1].file_size = said_size
    return content.getvalue()


def code(content: bytes) -> str:
    start = time.monotonic()
    with pytest.raises(Invalid) as refused:
        read.read_sheets(content)
    assert time.monotonic() - start < 5
    return refused.value.code


def zeros(megabytes: int) -> Iterator[bytes]:
    return (bytes(MEGABYTE) for _ in range(megabytes))


def test_zeros_that_swell_a_thousandfold_are_refused_before_they_do() -> None:
    content = workbook(zeros(70))
    assert len(content) < MEGABYTE
    assert code(content) == "file_too_large"


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    assert code(workbook(zeros(70), said_size=1000)) == "file_damaged"


def test_a_million_empty_rows_are_an_empty_sheet() -> None:
    empty = (
        "".join(f'<row r="{r}"/>' for r in range(a, a + 10_000)).encode() for a in range(1, 1_000_000, 10_000)
    )
    content = workbook(iter([*empty, b"</sheetData></worksheet>"]))
    assert [list(sheet.rows) for sheet in read.read_sheets(content)] == [[]]


def test_memory_and_time_run_out_in_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    book = xlsx_file(("visible", f'<row r="1">{cell("A1", "x")}</row>'))
    with monkeypatch.context() as little:
        little.setattr(read, "MOST_MEMORY", 80 * MEGABYTE)
        assert code(workbook(zeros(60))) == "file_too_large"
    with monkeypatch.context() as little:
        little.setattr(read, "MOST_SECONDS", 0.001)
        assert code(book) == "file_too_large"
    assert read.read_sheets(book)[0].rows == [["x"]]


def test_a_stray_format_far_to_the_right_does_not_make_a_sheet_wide() -> None:
    book = xlsx_file(("visible", f'<row r="1">{cell("A1", "x")}{cell("ZZ1", "")}</row>'))
    assert read.read_sheets(book)[0].rows == [["x"]]


def test_a_span_of_a_page_takes_no_more_than_the_widest_table() -> None:
    row = b"<tr>" + b"<td colspan=999>" * 2000 + b"</tr>"
    assert code(b"<table>" + row * 20 + b"</table>") == "file_web_page"


@pytest.mark.parametrize(
    "content",
    [
        b"<table><tr><td>" * 40,
        b"<table><tr><td>" + b"<" * 40_000,
        b'<?xml version="1.0"?><Workbook><Worksheet><Table><Row><Cell><Data>' + b"x" * 40_000,
    ],
    ids=["tables in tables", "a cell of a page", "a cell of Excel's XML"],
)
def test_what_no_spreadsheet_holds_ends_the_reading(content: bytes) -> None:
    assert code(content) == "file_too_large"


def test_the_process_that_reads_knows_no_django() -> None:
    program = (
        "import runpy, sys; sys.argv = ['x', 'html', str(1 << 30), '9', '9', '9', '999999'];"
        f"runpy.run_path({str(read._WORKBOOK_READER)!r}, run_name='__main__');"
        "assert not any(name.startswith('django') for name in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], input=b"<table><tr><td>a", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.splitlines()[1] == b'[["a"]]'


def test_most_lines_of_the_field_are_read_in_little_memory() -> None:
    """A tenth of the largest file; the whole one would take longer to make than to read."""
    line = "".join(f"<c><v>{1000 + i}.5</v></c>" for i in range(34))
    rows = (f'<row r="{r}">{line}</row>'.encode() for r in range(1, 13_001))
    [sheet] = read.read_sheets(workbook(iter([*rows, b"</sheetData></worksheet>"])))
    assert len(sheet.rows) == 13_000
    assert sheet.rows[-1][33] == 1033.5
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 512 * 1024  # kilobytes
