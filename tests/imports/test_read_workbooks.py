"""Real workbooks: dates of 1904, merged cells, errors, old .xls, .ods, and those behind a password."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
import xlwt

from registry.errors import Invalid
from registry.imports.readers import unread_formulas
from registry.imports.readers.read_file import read_sheets
from tests.imports.files import xlsx_file

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def rows(content: bytes) -> list[list[object]]:
    return [list(r) for r in read_sheets(content)[0].rows]


def code(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_sheets(content)
    return refused.value.code


def ods_file(table: str, locked: bool = False) -> bytes:
    lock = "<manifest:encryption-data><manifest:algorithm/></manifest:encryption-data>" if locked else ""
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{MANIFEST}"><manifest:file-entry '
        f'manifest:full-path="content.xml" manifest:media-type="text/xml">{lock}</manifest:file-entry>'
        "</manifest:manifest>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("mimetype", ODS)
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" '
            f'xmlns:text="{TEXT}"><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return content.getvalue()


def locked_xlsx() -> bytes:
    """What Office makes of an .xlsx with a password: a compound file with the zip, encrypted, as a stream."""

    def entry(name: str, kind: int, child: int, sibling: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0" if name else b""
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, sibling, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    stream = 16  # sectors; shorter ones are kept elsewhere
    table = [0xFFFFFFFD, end] + [i + 1 for i in range(2, 1 + stream)] + [end]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        + bytes(10)
    )
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    return (
        header.ljust(512, b"\xff")
        + b"".join(struct.pack("<I", sector) for sector in table).ljust(512, b"\xff")
        + entry("Root Entry", 5, 1, none, end, 0)
        + entry("EncryptedPackage", 2, none, none, 2, 512 * stream)
        + bytes(256)
        + bytes(range(256)) * (2 * stream)
    )


@pytest.mark.parametrize("system_of_1904", [False, True])
def test_a_date_is_the_same_day_in_both_systems_of_excel(system_of_1904: bool) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"date_1904": system_of_1904}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet().write_datetime(0, 0, datetime.fromisoformat("2024-06-12"), day)
    assert rows(content.getvalue()) == [[date(2024, 6, 12)]]


def test_merged_cells_hold_for_every_row_they_cover_and_errors_are_told() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "LAPORAN")
        sheet.merge_range("A2:A3", "Nama")
        sheet.merge_range("B2:C2", "Ukur")
        sheet.write_row("B3", ["BB", "TB"])
        sheet.write_row("A4", ["SITI", 8.5])
        sheet.write_formula("C4", "=NA()", None, "#N/A")
        sheet.merge_range("D4:D6", "KESUGIHAN")
        sheet.write_row("A5", ["BUDI", 9.5])
        sheet.write_formula("C5", "=70+1", None, 71)
    assert rows(content.getvalue()) == [
        ["LAPORAN"],
        ["Nama", "Ukur"],
        ["Nama", "BB", "TB"],
        ["SITI", 8.5, "#N/A", "KESUGIHAN"],
        ["BUDI", 9.5, 71, "KESUGIHAN"],
    ]


def in_sheet(cells: str, prefix: str = "") -> bytes:
    """A workbook with one row of these cells, as a program writes them that calls the elements ``<x:c>``."""
    book = io.BytesIO(xlsx_file(("visible", f"<row r='1'>{cells}</row>")))
    if not prefix:
        return book.getvalue()
    content = io.BytesIO()
    with zipfile.ZipFile(book) as known, zipfile.ZipFile(content, "w") as written:
        for name in known.namelist():
            text = known.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}:", text).replace("xmlns=", f"xmlns:{prefix}=")
            written.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<c r="B1"><f>11+1.1</f><v/></c>', "#FORMULA!"),
        ('<c r="B1"><f>11+1.1</f><v></v></c>', "#FORMULA!"),
        ('<c r="B1" s="1"><f t="shared" si="0"/></c>', "#FORMULA!"),
        ('<c r="B1"><f>11+1.1</f><v>12.1</v></c>', 12.1),
        ('<c r="B1" t="str"><f>IF(A1="","","x")</f><v></v></c>', ""),
        ('<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="B1" t="e"><v>#N/A</v></c>', "#N/A"),
    ],
)
def test_errors_and_formulas_nobody_has_worked_out_are_no_empty_cells(
    written: str, expected: object, prefix: str
) -> None:
    [row] = rows(in_sheet(f"<c r='A1'><v>1</v></c>{written}<c r='C1'><v>3</v></c>", prefix))
    assert row == [1, expected, 3]


def test_such_cells_are_found_wherever_a_sheet_is_cut_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread_formulas, "_CHUNK", 100)
    cells = "".join(f'<row r="{r}"><c r="AB{r}"><f>1+{r}</f><v/></c></row>' for r in range(1, 40))
    found = unread_formulas.marks_of(xlsx_file(("visible", cells)))
    assert found == {"S1": {r: [(27, "#FORMULA!")] for r in range(39)}}


def test_an_old_xls_tells_errors_and_formulas_nobody_has_worked_out() -> None:
    content = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("Juni é")
    sheet.write(0, 0, "Berat")
    sheet.write(1, 0, xlwt.Formula("11+1.1"))
    sheet.write(1, 1, xlwt.Formula('IF(A1="","","x")'))
    sheet.row(1).set_cell_error(2, "#DIV/0!")
    sheet.write(1, 3, 5)
    for row in range(2, 200):  # as large as a file of its own sectors
        sheet.write(row, 0, f"anak {row}")
    book.save(content)
    assert rows(content.getvalue())[1] == ["#FORMULA!", "", "#DIV/0!", 5]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p>', "#DIV/0!"),
        ('office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>', "#DIV/0!"),
        ('office:value-type="float" office:value="0"><text:p>Err:502</text:p>', "#VALUE!"),
        (">", "#FORMULA!"),
        ('office:value-type="float" office:value="2"><text:p>2</text:p>', 2.0),
        ('office:value-type="string" office:string-value=""><text:p/>', ""),
    ],
)
def test_an_ods_tells_errors_and_formulas_nobody_has_worked_out(written: str, expected: object) -> None:
    text = '<table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>x</text:p>'
    formula = f'<table:table-cell table:formula="of:=1+1" {written}</table:table-cell>'
    row = f"<table:table-row>{text}</table:table-cell>{formula}{text}</table:table-cell></table:table-row>"
    above = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    content = ods_file(f'<table:table table:name="Juni">{above}{row}</table:table>')
    assert rows(content) == [[], [], [], ["x", "x", expected, "x", "x"]]


@pytest.mark.parametrize("system_of_1904", [False, True])
def test_an_old_xls_is_read_with_its_hidden_sheet_last(system_of_1904: bool) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = system_of_1904
    hidden, seen = book.add_sheet("Lama"), book.add_sheet("Juni")
    hidden.visibility = 1
    hidden.write(0, 0, "rahasia")
    book.set_active_sheet(1)
    seen.write_merge(1, 2, 0, 0, "KESUGIHAN")
    seen.write(1, 1, "3301021403220001")
    seen.write(1, 2, date(2024, 6, 12), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    seen.write(2, 1, 8.5)
    content = io.BytesIO()
    book.save(content)
    found = read_sheets(content.getvalue())
    assert [sheet.name for sheet in found] == ["Juni", "Lama"]
    assert rows(content.getvalue()) == [
        [],
        ["KESUGIHAN", "3301021403220001", date(2024, 6, 12)],
        ["KESUGIHAN", 8.5],
    ]


def test_an_ods_is_read_with_its_repeated_cells_and_rows() -> None:
    content = ods_file(
        '<table:table table:name="Juni">'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="2">'
        "<text:p>SITI</text:p></table:table-cell>"
        '<table:table-cell office:value-type="float" office:value="8.5"><text:p>8,5</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2024-06-12"><text:p>12/06/24</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    assert rows(content) == [[], [], ["SITI", "SITI", 8.5, date(2024, 6, 12)]]


def one_part(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr(name, "x")
    return content.getvalue()


LOCKED = {
    "xlsx": locked_xlsx(),
    "ods": ods_file("<table:table/>", locked=True),
    "ods of LibreOffice since 24.2": one_part("encrypted-package"),
}


@pytest.mark.parametrize("content", LOCKED.values(), ids=LOCKED)
def test_a_file_behind_a_password_is_refused_with_its_own_sentence(content: bytes) -> None:
    assert code(content) == "file_password"
