"""Files for tests: a table as CSV or as the smallest xlsx, with the columns of e-PPGBM 2024."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from registry.imports.answers import NO_ANSWERS, ImportAnswers
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.find_tables import find_tables
from registry.imports.tables.layout import Table

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
HEADER = [
    *("No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu", "Prov", "Kab/Kota", "Kec"),
    *(
        "Pukesmas",
        "Desa/Kel",
        "Posyandu",
        "RT",
        "RW",
        "Alamat",
        "Usia Saat Ukur",
        "Tanggal Pengukuran",
        "Berat",
    ),
    *("Tinggi", "Cara Ukur", "LiLA", "BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB"),
    *("Naik Berat Badan", "Jml Vit A", "KPSP", "KIA", "Detail"),
]

# A girl of Kesugihan Kidul, 821 days old on the day she was measured.
SITI = {
    "Nama": "SITI CONTOH",
    "JK": "P",
    "Tgl Lahir": "2022-03-14",
    "Nama Ortu": "IBU AMINAH",
    "Kab/Kota": "CILACAP",
    "Kec": "KESUGIHAN",
    "Desa/Kel": "KESUGIHAN KIDUL",
    "Posyandu": "MELATI I",
    "Tanggal Pengukuran": "2024-06-12",
    "Berat": "11.4",
    "Tinggi": "84.5",
    "Cara Ukur": "Berdiri",
    "LiLA": "0",
}


def one_table(sheets: Sequence[Sheet], answers: ImportAnswers = NO_ANSWERS) -> Table:
    """The only table that is read from the sheets."""
    [found] = find_tables(sheets, answers).tables
    return found


def sample(name: str) -> bytes:
    """A sample by the beginning of its name."""
    return next(SAMPLES.glob(f"{name}*")).read_bytes()


def row(**changes: str) -> dict[str, str]:
    """Siti's row with other values; ``_`` in a name stands for a blank."""
    return {**SITI, **{name.replace("_", " "): value for name, value in changes.items()}}


def table(rows: Iterable[Mapping[str, str]], header: Sequence[str] = HEADER) -> list[list[str]]:
    return [list(header), *([row.get(name, "") for name in header] for row in rows)]


def csv_file(*rows: Mapping[str, str], delimiter: str = ",", header: Sequence[str] = HEADER) -> bytes:
    return sheet_bytes(table(rows, header), delimiter)


def sheet_bytes(lines: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """Lines of cells as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode()


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def xlsx_file(*sheets: tuple[str, str]) -> bytes:
    """A workbook of sheets given as (state, rows as XML)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for i, _ in enumerate(sheets, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{kinds}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        + "".join(
            f'<sheet name="S{i}" sheetId="{i}" state="{state}" r:id="r{i}"/>'
            for i, (state, _) in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i, _ in enumerate(sheets, 1)
        )
        + "</Relationships>",
    }
    for i, (_, rows) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, '<?xml version="1.0"?>' + text)
    return content.getvalue()


def xlsx_rows(rows: Sequence[Sequence[str]]) -> str:
    """Rows as the XML of a sheet, every cell as text."""
    return "".join(
        f'<row r="{r}">'
        + "".join(cell(f"{column_name(c)}{r}", text) for c, text in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows, 1)
    )


def column_name(index: int) -> str:
    """A, B ... Z, AA ... of a column counted from 0."""
    high, low = divmod(index, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)
