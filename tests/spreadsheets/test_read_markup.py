"""What only calls itself .xls: web pages with tables, Excel 2003's XML and tab text, by their content."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from registry.actions import Invalid
from registry.models import Measurement, Role
from registry.places.load import load_places
from registry.spreadsheets import take_in
from registry.spreadsheets.read import read_sheets
from tests.factories import make_user
from tests.spreadsheets.files import HEADER, row

XML = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
          xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
{}
</Workbook>"""


def page(*tables: str) -> list[list[list[object]]]:
    return [list(map(list, sheet.rows)) for sheet in read_sheets("".join(tables).encode())]


def sheets(xml: str) -> list[list[list[object]]]:
    return [list(map(list, sheet.rows)) for sheet in read_sheets(XML.format(xml).encode())]


def code(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_sheets(content)
    return refused.value.code


def test_a_table_of_a_web_page_is_read_as_it_is_seen() -> None:
    assert page(
        "<html><head><style>td { color: red }</style><title>Data</title></head><body>",
        "<table><tr><th>Nama<th>Berat</tr>",
        "<tr><td> SITI&nbsp;<br>CONTOH </td><td><b>8,5</b></td></tr></table>",
        "<p>Dicetak 12 Juni</p></body></html>",
    ) == [[["Nama", "Berat"], ["SITI CONTOH", "8,5"]]]


def test_cells_that_reach_over_others_keep_the_columns_in_place() -> None:
    assert page(
        "<table>",
        "<tr><td rowspan=2>Nama</td><td colspan=2>Pengukuran</td><td rowspan='2'>Posyandu</td></tr>",
        "<tr><td>Berat</td><td>Tinggi</td></tr>",
        "<tr><td>SITI</td><td>8,5</td><td>70</td><td>MELATI</td></tr>",
        "</table>",
    ) == [[["Nama", "Pengukuran", "", "Posyandu"], ["", "Berat", "Tinggi"], ["SITI", "8,5", "70", "MELATI"]]]


def test_each_table_is_a_sheet_also_one_inside_another() -> None:
    found = page(
        "<table><tr><td>judul</td><td><table><tr><td>NIK</td></tr></table></td></tr></table>",
        "<table><tr><td>kaki</td></tr></table>",
    )
    assert found == [[["judul", ""]], [["NIK"]], [["kaki"]]]


def test_a_page_in_windows_own_letters_is_read() -> None:
    content = "<table><tr><td>Siti Nur\u2019aini</td></tr></table>".encode("cp1252")
    assert [list(r) for r in read_sheets(content)[0].rows] == [["Siti Nur\u2019aini"]]


@pytest.mark.parametrize("span", ["colspan=300", "colspan=99999999999", "rowspan=-1", "rowspan=dua"])
def test_a_span_is_never_taken_at_its_word(span: str) -> None:
    content = f"<table><tr><td {span}>a</td><td>b</td></tr></table>".encode()
    if span == "colspan=300":
        assert code(content) == "file_too_many_columns"
    else:
        assert [list(r) for r in read_sheets(content)[0].rows] == [["a", "b"]]


def test_excels_xml_gives_dates_as_dates_and_numbers_as_numbers() -> None:
    assert sheets(
        """<Worksheet ss:Name="Juni"><Table>
        <Row><Cell><Data ss:Type="String">Tgl</Data></Cell>
             <Cell><Data ss:Type="String">Berat</Data></Cell></Row>
        <Row><Cell><Data ss:Type="DateTime">2024-06-12T00:00:00.000</Data></Cell>
             <Cell><Data ss:Type="Number">8.5</Data></Cell>
             <Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>
        </Table></Worksheet>"""
    ) == [[["Tgl", "Berat"], [datetime.fromisoformat("2024-06-12"), 8.5, ""]]]


def test_gaps_and_merged_cells_of_excels_xml_keep_rows_and_columns_in_place() -> None:
    assert sheets(
        """<Worksheet ss:Name="a"><Table>
        <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">Nama</Data></Cell>
          <Cell ss:MergeAcross="1"><Data ss:Type="String">Ukur</Data></Cell></Row>
        <Row><Cell ss:Index="2"><Data ss:Type="String">BB</Data></Cell>
          <Cell><Data ss:Type="String">TB</Data></Cell></Row>
        <Row><Cell ss:Index="3"><Data ss:Type="Number">70</Data></Cell></Row>
        </Table></Worksheet><Worksheet ss:Name="b"/>"""
    ) == [[[], [], ["Nama", "Ukur", ""], ["", "BB", "TB"], ["", "", 70.0]]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (XML.format("<Worksheet><Table>").encode(), "file_damaged"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]>' + XML.format("").encode()[22:],
            "file_damaged",
        ),
        (XML.format("").encode(), "file_web_page"),
        (
            XML.format('<Worksheet><Table><Row ss:Index="900000000"/></Table></Worksheet>').encode(),
            "file_too_many_rows",
        ),
        (
            XML.format('<Worksheet><Table><Row><Cell ss:Index="16384"/></Row></Table></Worksheet>').encode(),
            "file_too_many_columns",
        ),
        (b"<table>" + b"<tr><td>1</td></tr>" * 200_001 + b"</table>", "file_too_many_rows"),
    ],
)
def test_what_is_no_table_of_the_field_is_refused_in_words(content: bytes, expected: str) -> None:
    assert code(content) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["web page", "xml", "tabs"])
def test_a_child_comes_in_from_each_of_them(kind: str) -> None:
    load_places()
    lines = [HEADER, [row().get(name, "") for name in HEADER]]
    if kind == "web page":
        cells = ["".join(f"<td>{cell}</td>" for cell in line) for line in lines]
        content = f"<html><table>{''.join(f'<tr>{c}</tr>' for c in cells)}</table></html>"
    elif kind == "xml":
        cells = ["".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in line) for line in lines]
        table = "".join(f"<Row>{c}</Row>" for c in cells)
        content = XML.format(f"<Worksheet><Table>{table}</Table></Worksheet>")
    else:
        content = "\n".join("\t".join(line) for line in lines)
    report = take_in.take_in(content.encode(), make_user(Role.DISTRICT))
    assert [r.code for r in report.rows] == ["new_child"]
    assert Measurement.objects.get().measured_on == date(2024, 6, 12)
