"""From bytes to rows, by content; and every file that is none is refused with a sentence, in seconds."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from registry.errors import Invalid
from registry.imports.readers.read_file import read_sheets
from tests.imports.files import cell, sample, xlsx_file, xlsx_rows


def refused(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_sheets(content)
    assert caught.value.message.endswith(".")
    assert caught.value.field == "file"
    return caught.value


def test_a_workbook_gives_text_and_numbers_as_they_are() -> None:
    [sheet] = read_sheets(sample("02"))
    assert sheet.name == "Application List"
    assert len(sheet.rows) == 7
    assert sheet.rows[1][1:6] == [
        "3301021403220001\u00a0",
        "CONTOH ANAK SATU\u00a0",
        "L\u00a0",
        "2022-03-14\u00a0",
        2.9,
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_text_file_is_cut_where_it_cuts_into_most_columns(delimiter: str) -> None:
    text = delimiter.join("ABC") + "\n" + delimiter.join(["1", '"2,5"', "3"]) + "\n"
    assert read_sheets(text.encode())[0].rows == [["A", "B", "C"], ["1", "2,5", "3"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_file_is_read_in_any_encoding_the_field_uses(encoding: str) -> None:
    assert read_sheets("Nama;RT\nRené;1\n".encode(encoding))[0].rows == [["Nama", "RT"], ["René", "1"]]


def test_the_line_excel_puts_before_a_text_file_is_no_row_as_excel_counts_them() -> None:
    assert read_sheets(b"sep=;\r\nA;B\r\n1;2\r\n")[0].rows == [["A", "B"], ["1", "2"]]


def test_a_hidden_sheet_comes_last() -> None:
    book = xlsx_file(("hidden", xlsx_rows([["rahasia"]])), ("visible", xlsx_rows([["balita"]])))
    assert [sheet.rows for sheet in read_sheets(book)] == [[["balita"]], [["rahasia"]]]


def test_a_row_of_a_sheet_keeps_its_number_though_the_first_rows_are_empty() -> None:
    book = xlsx_file(("visible", f'<row r="3">{cell("B3", "x")}</row>'))
    assert read_sheets(book)[0].rows == [[], [], ["", "x"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\t\0", "file_empty"),
        (b"MZ\x90\0\x03", "file_not_a_spreadsheet"),
        (b"%PDF-1.7 ...", "file_not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "file_not_a_spreadsheet"),
        (b"abc\0def", "file_not_a_spreadsheet"),
        (b"\x81\x8d\x8f", "file_not_a_spreadsheet"),
        (b"<html><p>Sesi Anda habis. Masuk lagi.</p></html>", "file_web_page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "file_web_page"),
        (b"PK\x03\x04 and nothing else", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_damaged"),
        (b"A," * 300 + b"\n", "file_too_many_columns"),
        (b"A\n" * 200_001, "file_too_many_rows"),
    ],
)
def test_what_is_no_spreadsheet_of_the_field_is_refused(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_a_zip_of_something_else_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("foto.jpg", b"x")
    assert refused(content.getvalue()).code == "file_not_a_spreadsheet"


def test_a_file_above_the_limit_is_refused(settings) -> None:
    settings.SPREADSHEET_MAX_BYTES = 1024 * 1024
    error = refused(b"A,B\n" * 300_000)
    assert error.code == "file_too_large"
    assert "1 MB" in error.message


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            f'<row r="1">{cell("A1", "x")}</row><row r="1048576">{cell("XFD1048576", "y")}</row>',
            "file_too_large",
        ),
        (f'<row r="1">{cell("A1", "x")}{cell("XFD1", "y")}</row>', "file_too_many_columns"),
        (
            f'<row r="1">{cell("A1", "x")}</row><row r="1000000">{cell("A1000000", "y")}</row>',
            "file_too_many_rows",
        ),
    ],
    ids=["the last cell of all", "the last column", "row one million"],
)
def test_a_cell_far_away_is_refused_in_seconds_and_does_not_end_the_server(rows: str, code: str) -> None:
    start = time.monotonic()
    assert refused(xlsx_file(("visible", rows))).code == code
    assert time.monotonic() - start < 5


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", "x")
        with bomb.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(601):
                part.write(bytes(1024 * 1024))
    assert len(content.getvalue()) < 1024 * 1024
    start = time.monotonic()
    assert refused(content.getvalue()).code == "file_too_large"
    assert time.monotonic() - start < 1
