"""Files made to fill a computer are refused, in seconds and in little memory; the field's own are read."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bench._memory import MemoryWatch
from registry.errors import Invalid
from registry.imports.readers import excel_2003, html_tables, read_file
from registry.imports.readers.reading_limits import Limits, NotRead, ReadSheet
from registry.imports.views.forms import UploadForm
from tests.imports.files import cell, xlsx_file, xlsx_rows
from tests.imports.test_read_workbooks import ods_file

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


def cpu_seconds() -> float:
    """Return what this process and the readers that have ended took: no busy machine makes it more."""
    return sum(os.times()[:4])


def code(content: bytes) -> str:
    before = cpu_seconds()
    with pytest.raises(Invalid) as refused:
        read_file.read_sheets(content)
    assert cpu_seconds() - before < 5
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
    assert [list(sheet.rows) for sheet in read_file.read_sheets(content)] == [[]]


def test_memory_and_time_run_out_in_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    book = xlsx_file(("visible", f'<row r="1">{cell("A1", "x")}</row>'))
    with monkeypatch.context() as little:
        little.setattr(read_file, "MOST_MEMORY", 80 * MEGABYTE)
        assert code(workbook(zeros(60))) == "file_too_large"
    with monkeypatch.context() as little:
        little.setattr(read_file, "MOST_SECONDS", 0.001)
        assert code(book) == "file_too_large"
    with monkeypatch.context() as little:
        little.setattr(read_file, "MOST_WORK_SECONDS", 1)
        cells = b"<table>" + (b"<tr><td>x" + b"<td>x" * 30) * 30_000
        with pytest.raises(Invalid) as refused:  # on the clock of a busy machine it takes as long as it likes
            read_file.read_sheets(cells)
        assert refused.value.code == "file_too_large"
    assert read_file.read_sheets(book)[0].rows == [["x"]]


def test_a_stray_format_far_to_the_right_does_not_make_a_sheet_wide() -> None:
    book = xlsx_file(("visible", f'<row r="1">{cell("A1", "x")}{cell("ZZ1", "")}</row>'))
    assert read_file.read_sheets(book)[0].rows == [["x"]]


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


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused() -> None:
    first, last = f'<row r="1">{cell("A1", "x")}</row>', f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    assert code(xlsx_file(("visible", last))) == "file_too_many_rows"
    assert code(xlsx_file(("visible", first + last))) == "file_too_large"


LONG = [[40_000], [30_000_000], [30_000] * 100]


@pytest.mark.parametrize("lengths", LONG, ids=["one", "one of 30 million", "many"])
def test_long_texts_of_a_workbook_end_the_reading(lengths: list[int]) -> None:
    """No cell of Excel's is so long, and no file of the field is mostly such cells."""
    rows = xlsx_rows([["x" * length] for length in lengths])
    assert code(xlsx_file(("visible", rows))) == "file_too_large"


@pytest.mark.parametrize("lengths", LONG, ids=["one", "one of 30 million", "many"])
def test_a_long_text_that_cells_share_ends_the_reading(lengths: list[int]) -> None:
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, len(lengths) + 1))
    small = zipfile.ZipFile(io.BytesIO(xlsx_file(("visible", cells))))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="s" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name in small.namelist():
            text = small.read(name).decode()
            book.writestr(
                name, text.replace("</Relationships>", relation) if "workbook.xml.r" in name else text
            )
        text = f"<si><t>{'x' * lengths[0]}</t></si>"
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{text}</sst>')
    assert code(content.getvalue()) == "file_too_large"


def test_texts_that_cells_share_may_not_be_more_than_any_file_has(monkeypatch: pytest.MonkeyPatch) -> None:
    small = zipfile.ZipFile(io.BytesIO(xlsx_file(("visible", f'<row r="1">{cell("A1", "x")}</row>'))))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name in small.namelist():
            book.writestr(name, small.read(name))
        book.writestr("xl/sharedStrings.xml", "<sst>" + "<si><t>a</t></si>" * 1000 + "</sst>")
    assert read_file.read_sheets(content.getvalue())[0].rows == [["x"]]
    monkeypatch.setattr(read_file, "MOST_STRINGS", 10_000)
    assert code(content.getvalue()) == "file_too_large"


def test_the_other_process_is_ended_when_it_uses_more_memory_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = "".join(f"<c><v>{1000 + i}.5</v></c>" for i in range(34))
    content = workbook(
        iter([f'<row r="{r}">{line}</row>'.encode() for r in range(1, 6_000)] + [b"</sheetData></worksheet>"])
    )
    assert len(read_file.read_sheets(content)[0].rows) == 5_999
    monkeypatch.setattr(read_file, "MOST_RESIDENT", 20 * MEGABYTE)
    assert code(content) == "file_too_large"


REPEATED = '<table:{0} table:number-{1}-repeated="1000000000">{2}</table:{0}>'
ODS_CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (REPEATED.format("table-row", "rows", ODS_CELL), "file_too_many_rows"),
        (
            "<table:table-row>"
            + REPEATED.format(
                'table-cell office:value-type="string"', "columns", "<text:p>x</text:p>"
            ).replace('</table:table-cell office:value-type="string">', "</table:table-cell>")
            + "</table:table-row>",
            "file_too_many_columns",
        ),
    ],
    ids=["rows", "columns"],
)
def test_what_an_ods_repeats_a_billion_times_is_refused(row: str, expected: str) -> None:
    assert code(ods_file(f'<table:table table:name="A">{row}</table:table>')) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"No;Nama\n" + b"\n" * 30_000 + b"1;SITI\n", "file_too_many_rows"),
        (b"No;Nama\n" + b"ab;" * 1_000_000, "file_too_many_columns"),
        (b"ab;" * 1_000_000, "file_too_many_columns"),
        (b"No;Nama\n" + b'"ab\n";' * 500_000, "file_open_quote"),
        (b'No;Nama\n1;"' + b"SITI\n2;BUDI" * 300_000, "file_open_quote"),
    ],
    ids=["empty rows", "columns", "columns in the first row", "lines of one row", "a quote never closed"],
)
def test_a_text_is_refused_in_little_more_than_its_own_memory(
    content: bytes, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_file, "LIMITS", replace(read_file.LIMITS, rows=20_000))
    tracemalloc.start()
    with pytest.raises(Invalid) as refused:
        read_file.read_sheets(content)
    assert refused.value.code == expected
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * len(content) + 16 * MEGABYTE  # the text itself, and a row as large as one may be


def many(text: Callable[[int], str]) -> list[list[str]]:
    return [[text(5 * number + column) for column in range(5)] for number in range(3000)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_text_takes_its_memory_once_and_the_rest_is_weighed(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(rows: list[list[str]]) -> bytes:
        if kind == "csv":
            return "\n".join(map(";".join, rows)).encode()
        return xlsx_file(("visible", xlsx_rows(rows)))

    monkeypatch.setattr(read_file, "LIMITS", replace(read_file.LIMITS, kept=MEGABYTE))
    [sheet] = read_file.read_sheets(written(many(lambda number: f"desa {number % 2}")))
    assert sheet.rows[0][0] is sheet.rows[2999][1]
    assert code(written(many(lambda number: f"desa {number}"))) == "file_too_many_cells"


def test_numbers_and_sheets_of_a_workbook_are_weighed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "".join(f"<c><v>{1000 + i}.5</v></c>" for i in range(34))
    rows = "".join(f'<row r="{r}">{line}</row>' for r in range(1, 301))
    sheets = xlsx_file(*[("visible", "")] * 300)
    assert len(read_file.read_sheets(sheets)) == 300
    monkeypatch.setattr(read_file, "LIMITS", replace(read_file.LIMITS, kept=300 * 1024))
    assert code(xlsx_file(("visible", rows))) == "file_too_many_cells"
    monkeypatch.setattr(read_file, "LIMITS", replace(read_file.LIMITS, kept=128 * 1024))
    assert code(sheets) == "file_too_many_cells"


LITTLE = Limits(rows=50, columns=20, cells=500, kept=MEGABYTE)
XML_2003 = b'<?xml version="1.0"?><Workbook><Worksheet><Table><Row>'


@pytest.mark.parametrize(
    ("reader", "limit", "most", "content", "expected"),
    [
        (
            html_tables.tables_of,
            "_MOST_MARKS",
            100,
            b"<html>" + b"<div>" * 200 + b"<table><tr><td>x",
            "web_page",
        ),
        (
            html_tables.tables_of,
            "_MOST_MARKS_IN_CELL",
            100,
            b"<table><tr><td>x" + b"<b>" * 200,
            "too_large",
        ),
        (
            html_tables.tables_of,
            "_MOST_DROPPED",
            100,
            b"<table>" + (b"<tr><td>x" + b"<td>" * 15) * 20,
            "too_many_cells",
        ),
        (
            html_tables.tables_of,
            "_MOST_DROPPED",
            100,
            b"<table>" + (b"<tr><td>x</td>" + b"<td></td>" * 15 + b"</tr>") * 20,
            "too_many_cells",
        ),
        (
            excel_2003.worksheets_of,
            "_DEEPEST",
            20,
            XML_2003 + b"<a>" * 40 + b"</a>" * 40 + b"</Row></Table></Worksheet></Workbook>",
            "damaged",
        ),
        (
            excel_2003.worksheets_of,
            "_MOST_CELLS",
            100,
            XML_2003 + b"<Cell/>" * 15 + b"</Row><Row>" + b"<Cell/>" * 200,
            "too_many_cells",
        ),
        (excel_2003.worksheets_of, "_WIDEST", 100, XML_2003 + b"<Cell/>" * 200, "too_many_columns"),
    ],
    ids=["divs", "bold", "empty cells", "plain empty cells", "deep xml", "cells of xml", "a wide row of xml"],
)
def test_marks_that_are_no_table_end_the_reading(
    reader: Callable[[bytes, Limits], list[ReadSheet]],
    limit: str,
    most: int,
    content: bytes,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.modules[reader.__module__], limit, most)
    with pytest.raises(NotRead) as why:
        reader(content, LITTLE)
    assert why.value.code == expected


def test_entities_that_laugh_a_billion_times_are_refused() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    content = f'<?xml version="1.0"?><!DOCTYPE Workbook [{entities}]><Workbook><Worksheet><Table><Row><Cell>'
    assert code(f"{content}<Data>&a9;</Data>".encode()) == "file_damaged"


def test_what_is_larger_than_may_be_uploaded_is_not_even_read(settings) -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *_size: int) -> bytes:
            raise AssertionError("read")

    settings.SPREADSHEET_MAX_BYTES = 1000
    form = UploadForm({}, {"file": Unread("a.csv", b"No;Nama\n" * 1000)})
    assert not form.is_valid()
    assert form.errors.as_data()["file"][0].code == "file_too_large"


def test_the_process_that_reads_knows_no_django() -> None:
    program = (
        "import runpy, sys; sys.argv = ['x', 'html', str(1 << 30), '9', '9', '9', '9', '9'];"
        f"runpy.run_path({str(read_file._WORKBOOK_READER)!r}, run_name='__main__');"
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
    content = workbook(iter([*rows, b"</sheetData></worksheet>"]))
    watch = MemoryWatch(os.getpid())
    [sheet] = read_file.read_sheets(content)
    watch.stop()
    assert len(sheet.rows) == 13_000
    assert sheet.rows[-1][33] == 1033.5
    assert 10 < watch.child_mb < 512
