"""Files made to fill a computer or to keep it busy, of every kind that the register reads."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MB = 1024 * 1024
_HEADER = b"No;NIK;Nama;JK;Tgl Lahir;Desa/Kel;Tanggal Pengukuran;Berat;Tinggi\n"

Parts = Iterable[bytes]

_BOOK: dict[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def xlsx(
    path: Path, sheet: Parts, strings: Parts = (), *, stored: bool = False, level: int = 1, said: int = 0
) -> None:
    """Return a workbook of one sheet, which may say that it is of another size than it is."""
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", kind, compresslevel=level) as book:
        for name, text in _BOOK.items():
            book.writestr(name, text)
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.writelines([f'<sst xmlns="{_MAIN}">'.encode(), *strings, b"</sst>"])
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            part.writelines(sheet)
            part.write(b"</sheetData></worksheet>")
        if said:
            book.infolist()[-1].file_size = said


def ods(path: Path, table: str) -> None:
    urn, kind = "urn:oasis:names:tc:opendocument:xmlns", "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", kind, zipfile.ZIP_STORED)
        book.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
            f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">'
            f"{table}</table:table></office:spreadsheet></office:body></office:document-content>",
        )


def _text(path: Path, parts: Parts) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


_ODS_CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'


def _empty_rows(count: int) -> Iterator[bytes]:
    for start in range(1, count, 10_000):
        yield "".join(f'<row r="{number}"/>' for number in range(start, start + 10_000)).encode()


def _strings(megabytes: int, of: int) -> Iterator[bytes]:
    """Yield shared strings of so many letters, no two alike, and ten times as small in the zip."""
    number = 0
    for _megabyte in range(megabytes):
        part = bytearray()
        while len(part) < _MB:
            part += f"<si><t>{number:0{of}d}</t></si>".encode()
            number += 1
        yield bytes(part)


def _shared_rows(rows: int, columns: int) -> Iterator[bytes]:
    cells = '<c t="s"><v>0</v></c>' * columns
    return (f'<row r="{number}">{cells}</row>'.encode() for number in range(1, rows + 1))


def _numbers(rows: int, columns: int) -> Iterator[bytes]:
    for number in range(1, rows + 1):
        cells = "".join(f"<c><v>{number * columns + column}.5</v></c>" for column in range(columns))
        yield f'<row r="{number}">{cells}</row>'.encode()


def _blanks(megabytes: int) -> Iterator[bytes]:
    """Return white space that compresses a hundredfold and no more."""
    chosen = random.Random(1)
    for _megabyte in range(megabytes):
        yield b"".join(b" " * 400 + chosen.choice((b"\n", b"\t", b"\r\n")) for _line in range(2600))


def _texts(rows: int, columns: int) -> Iterator[bytes]:
    chosen = random.Random(1)
    for _row in range(rows):
        yield ";".join(f"{chosen.randrange(999):03d}" for _column in range(columns)).encode() + b"\n"


def _laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE Workbook [{entities}]><Workbook><Worksheet Name="a"><Table><Row>'
        "<Cell><Data>&a9;</Data></Cell></Row></Table></Worksheet></Workbook>"
    )


_2003 = b'<?xml version="1.0"?><Workbook><Worksheet Name="a"><Table>'
_ZEROS = bytes(16 * _MB)

KINDS: dict[str, Callable[[Path], None]] = {
    "10 GB of zeros.xlsx": lambda path: xlsx(path, (_ZEROS for _ in range(640)), level=6),
    "1 GB of zeros that says 1 kB.xlsx": lambda path: xlsx(path, (_ZEROS for _ in range(64)), said=1000),
    "550 MB of blanks.xlsx": lambda path: xlsx(path, _blanks(550)),
    "cell at XFD1048576.xlsx": lambda path: xlsx(
        path, [b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']
    ),
    "A1 and XFD1048576.xlsx": lambda path: xlsx(
        path,
        [
            b'<row r="1"><c r="A1"><v>1</v></c></row>',
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        ],
    ),
    "10 million empty rows.xlsx": lambda path: xlsx(path, _empty_rows(10_000_000)),
    "10 million empty rows.csv": lambda path: _text(path, [_HEADER, b"\n" * 10_000_000, b"1;2;3\n"]),
    "200 MB.xlsx": lambda path: xlsx(path, (os.urandom(_MB) for _ in range(200)), stored=True),
    "200 MB.csv": lambda path: _text(path, (b"1;3301020101240001;SITI;P\n" * 40_000 for _ in range(202))),
    "200 MB of strings, short.xlsx": lambda path: xlsx(path, _shared_rows(3, 3), _strings(200, 8)),
    "200 MB of strings, long.xlsx": lambda path: xlsx(path, _shared_rows(3, 3), _strings(200, 30_000)),
    "a long string in 4 million cells.xlsx": lambda path: xlsx(
        path, _shared_rows(130_000, 34), _strings(1, 30_000)
    ),
    "7 million numbers.xlsx": lambda path: xlsx(path, _numbers(199_000, 36)),
    "8 million texts.csv": lambda path: _text(path, _texts(199_000, 40)),
    "a million columns.csv": lambda path: _text(path, [_HEADER, b"a;" * 1_000_000, b"\n"]),
    "10 million columns.csv": lambda path: _text(path, [b"ab;" * 10_000_000, b"\n"]),
    "one row of a million lines.csv": lambda path: _text(path, [_HEADER, b'"ab\n";' * 5_000_000]),
    "a quote never closed.csv": lambda path: _text(path, [_HEADER, b'1;"', b"SITI;P\n" * 4_000_000]),
    "rows repeated a billion times.ods": lambda path: ods(
        path,
        f'<table:table-row table:number-rows-repeated="1000000000">{_ODS_CELL.format("")}</table:table-row>',
    ),
    "columns repeated a billion times.ods": lambda path: ods(
        path,
        "<table:table-row>"
        + _ODS_CELL.format(' table:number-columns-repeated="1000000000"')
        + "</table:table-row>",
    ),
    "colspan a hundred million.xls (html)": lambda path: _text(
        path, [b"<table>", b"<tr><td colspan=100000000 rowspan=100000000>x</td><td>y</td></tr>" * 1000]
    ),
    "a million nested divs.xls (html)": lambda path: _text(path, [b"<html>", b"<div>" * 6_000_000]),
    "nested tables.xls (html)": lambda path: _text(path, [b"<table><tr><td>" * 2_000_000]),
    "bold in bold in a cell.xls (html)": lambda path: _text(path, [b"<table><tr><td>", b"<b>" * 10_000_000]),
    "8 million cells.xls (html)": lambda path: _text(path, [b"<table>", (b"<tr>" + b"<td>" * 250) * 30_000]),
    "a billion laughs.xls (xml of 2003)": lambda path: _text(path, [_laughs().encode()]),
    "nested elements.xls (xml of 2003)": lambda path: _text(path, [_2003, b"<a>" * 10_000_000]),
    "row 999999999.xls (xml of 2003)": lambda path: _text(path, [_2003, b'<Row Index="999999999"/>']),
    "empty cells.xls (xml of 2003)": lambda path: _text(path, [_2003, b"<Row>", b"<Cell/>" * 4_500_000]),
}
"""By name of the file; what it holds."""


def hostile_files(folder: Path, names: Iterable[str] = tuple(KINDS)) -> Iterator[Path]:
    """Yield each of them, made unless it is there from before."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        make = KINDS[name]
        path = folder / name
        if not path.exists():
            half = path.with_suffix(".part")
            make(half)
            half.rename(path)
        yield path
