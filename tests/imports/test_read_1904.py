"""A workbook that counts its days from 1904: the numbers without the format of a date are meant too."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date

import pytest
import xlsxwriter
import xlwt

from registry.growth.cells.numbers import dated_from_1904
from registry.imports.commit import import_rows
from registry.imports.readers.date_system import since_1904
from registry.imports.readers.read_file import read_sheets
from registry.models import Measurement, User
from tests.imports.files import HEADER, row

BORN, MEASURED = 43172, 43993  # 14 March 2022 and 12 June 2024, counted from 1904
DAYS = {"Tgl Lahir": BORN, "Tanggal Pengukuran": MEASURED, "Berat": 12.1, "Tinggi": 86}


def cells() -> list[list[object]]:
    line: dict[str, object] = {**row(), **DAYS}
    return [list(HEADER), [line.get(name, "") for name in HEADER]]


def xlsx(*, from_1904: bool = True) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"date_1904": from_1904})
    sheet = book.add_worksheet()
    for r, line in enumerate(cells()):
        sheet.write_row(r, 0, line)
    book.close()
    return content.getvalue()


def xls(*, from_1904: bool = True) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    sheet = book.add_sheet("S")
    for r, line in enumerate(cells()):
        for c, value in enumerate(line):
            sheet.write(r, c, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def excel_2003() -> bytes:
    lines = "".join(
        "<Row>"
        + "".join(
            f'<Cell><Data ss:Type="{"String" if isinstance(value, str) else "Number"}">{value}</Data></Cell>'
            for value in line
        )
        + "</Row>"
        for line in cells()
    )
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ExcelWorkbook '
        'xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook>'
        f'<Worksheet ss:Name="S"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [xlsx(), xls(), excel_2003()], ids=["xlsx", "xls", "xml"])
def test_days_without_the_format_of_a_date_are_of_their_years(officer: User, content: bytes) -> None:
    [answer] = import_rows(content, officer).rows
    assert answer.code == "new_child"
    stored = Measurement.objects.select_related("child").get()
    assert (stored.child.birth_date, stored.measured_on) == (date(2022, 3, 14), date(2024, 6, 12))


@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_workbook_of_1900_is_read_as_before(make: type) -> None:
    content = make(from_1904=False)
    assert not since_1904(content)
    assert not read_sheets(content)[0].since_1904


@pytest.mark.parametrize("said", ['date1904="true"', "date1904='1'", 'backupFile="1" date1904="1"'])
def test_it_is_said_in_more_than_one_way(said: str) -> None:
    for text in (f"<workbook><workbookPr {said}/>", f"<x:workbook><x:workbookPr {said}/>"):
        for encoding in ("utf-8", "utf-16"):
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as book:
                book.writestr("xl/workbook.xml", text.encode(encoding))
            assert since_1904(content.getvalue())


@pytest.mark.parametrize("said", ["", 'date1904="0"', 'date1904="false"'])
def test_and_may_be_denied(said: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("xl/workbook.xml", f'<workbookPr {said}/><other date1904="1"/>')
    assert not since_1904(content.getvalue())


def small_xls(records: bytes) -> bytes:
    """A compound file so small that its stream lies in the stream of the small ones."""

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, none, none, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    sectors = (
        struct.pack("<4I", 0xFFFFFFFD, end, end, end).ljust(512, b"\xff"),
        entry("Root Entry", 5, 1, 3, 512) + entry("Book", 2, none, 0, len(records)),
        struct.pack("<3I", 2, none, end).ljust(512, b"\xff"),  # the second piece lies third
        records[:64].ljust(128, b"\0") + records[64:].ljust(384, b"\0"),
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<9I", 1, 1, 0, 4096, 2, 1, end, 0, 0)
    return header.ljust(512, b"\xff") + b"".join(sector.ljust(512, b"\0") for sector in sectors)


@pytest.mark.parametrize("mode", [0, 1])
def test_a_small_xls_says_it_too(mode: int) -> None:
    first = struct.pack("<HH", 0x809, 16) + bytes(16)
    padding = struct.pack("<HH", 0x5C, 70) + bytes(70)
    assert since_1904(small_xls(first + padding + struct.pack("<HHH", 0x22, 2, mode))) is bool(mode)


@pytest.mark.parametrize("cut", [0, 8, 40, 76, 600, 1100, 2000, 3000])
def test_what_is_cut_short_says_nothing(cut: int) -> None:
    assert not since_1904(xlsx()[:cut])
    since_1904(xls()[:cut])
    assert not since_1904(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * cut)
    since_1904(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(cut))


def test_only_days_are_counted_anew() -> None:
    assert dated_from_1904("birth_date", "43172.5") == date(2022, 3, 14)
    assert dated_from_1904("weight", 43172.0) == date(2022, 3, 14)  # a decimal that became a day
    for field, cell in [("weight", 12.1), ("weight", 9500), ("address", 53274), ("birth_date", "2022-03-14")]:
        assert dated_from_1904(field, cell) == cell
