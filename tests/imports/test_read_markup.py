"""What only calls itself .xls: web pages with tables, Excel 2003's XML and tab text, by their content."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.imports import commit
from registry.imports.readers import html_tables
from registry.imports.readers.read_file import read_sheets
from registry.imports.readers.reading_limits import Limits, NotRead
from registry.models import Measurement, Role
from registry.places.load import load_places
from tests.factories import make_user
from tests.imports.files import HEADER, row

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
    ) == [
        [
            ["Nama", "Pengukuran", "", "Posyandu"],
            ["Nama", "Berat", "Tinggi", "Posyandu"],
            ["SITI", "8,5", "70", "MELATI"],
        ]
    ]


def test_each_table_is_a_sheet_also_one_inside_another() -> None:
    found = page(
        "<table><tr><td>judul</td><td><table><tr><td>NIK</td></tr></table></td></tr></table>",
        "<table><tr><td>kaki</td></tr></table>",
    )
    assert found == [[["judul"]], [["NIK"]], [["kaki"]]]


def test_a_table_below_another_is_counted_on_as_excel_counts_its_rows() -> None:
    """A page of Excel puts a title in a table of its own; a table inside a cell is in its row."""
    title = "<table><tr><td>DATA</td></tr><tr><td>Kecamatan</td></tr></table><br>"
    found = read_sheets(f"{title}<table><tr><td>NIK</td></tr></table>".encode())
    assert [(sheet.above, len(sheet.rows)) for sheet in found] == [(0, 2), (2, 1)]


def test_a_formula_of_excels_xml_without_a_value_is_told_from_an_empty_cell() -> None:
    assert sheets(
        """<Worksheet ss:Name="a"><Table><Row><Cell ss:Formula="=11+1.1"/>
        <Cell ss:Formula="=1+1"><Data ss:Type="Number">2</Data></Cell>
        <Cell ss:Formula="=T(1)"><Data ss:Type="String"></Data></Cell><Cell/>
        <Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet>"""
    ) == [[["#FORMULA!", 2.0, "", "", "x"]]]


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
    ) == [[["Tgl", "Berat"], [date(2024, 6, 12), 8.5, "#N/A"]]]


def test_gaps_and_merged_cells_of_excels_xml_keep_rows_and_columns_in_place() -> None:
    assert sheets(
        """<Worksheet ss:Name="a"><Table>
        <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">Nama</Data></Cell>
          <Cell ss:MergeAcross="1"><Data ss:Type="String">Ukur</Data></Cell></Row>
        <Row><Cell ss:Index="2"><Data ss:Type="String">BB</Data></Cell>
          <Cell><Data ss:Type="String">TB</Data></Cell></Row>
        <Row><Cell ss:Index="3"><Data ss:Type="Number">70</Data></Cell></Row>
        </Table></Worksheet><Worksheet ss:Name="b"/>"""
    ) == [[[], [], ["Nama", "Ukur"], ["Nama", "BB", "TB"], ["", "", 70.0]]]


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
            XML.format(
                '<Worksheet><Table><Row><Cell ss:Index="16384"><Data>x</Data></Cell></Row></Table>'
                "</Worksheet>"
            ).encode(),
            "file_too_many_columns",
        ),
        (b"<table>" + b"<tr><td>1</td></tr>" * 200_001 + b"</table>", "file_too_many_rows"),
    ],
)
def test_what_is_no_table_of_the_field_is_refused_in_words(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_a_page_of_excel_itself_is_read_below_its_styles_and_remarks() -> None:
    assert page(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>',
        "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>Juni</x:Name></x:ExcelWorkbook></xml><![endif]-->",
        '<style>.xl24 { mso-number-format:"\\@"; }</style></head><body><table>',
        "<![if !supportMisalignedColumns]><tr height=0><td width=64></td></tr><![endif]>",
        "<tr><td class=xl24>3301</td><td>&nbsp;</td><td x:num>2,5<script>hitung('x')</script></td></tr>",
        "</table></body></html>",
    ) == [[[], ["3301", "", "2,5"]]]


def test_a_table_below_a_line_of_plain_text_or_a_warning_is_read() -> None:
    table = "<table><tr><td>a</td></tr></table>"
    assert page("LAPORAN JUNI\n", table) == page("<br />\n<b>Notice</b>: x in y<br>", table) == [[["a"]]]


def test_a_remark_above_the_page_does_not_say_what_it_is() -> None:
    assert page("<!-- made from <workbook> --><table><tr><td>a</td></tr></table>") == [[["a"]]]


def test_cells_and_rows_of_excels_xml_follow_where_the_last_ones_end() -> None:
    assert sheets(
        """<Worksheet><Table>
        <Row><Cell ss:MergeAcross="1"><Data>a</Data></Cell><Cell/><Cell><Data>d</Data></Cell></Row>
        <Row ss:Span="1"/><Row><Cell><Data>b</Data></Cell></Row>
        </Table></Worksheet>"""
    ) == [[["a", "", "", "d"], [], [], ["b"]]]


def test_a_page_cut_short_keeps_what_it_holds() -> None:
    assert page("<TABLE><TR><TD>a<TD>b<TR><TD>c") == [[["a", "b"], ["c"]]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252"])
def test_marked_up_files_are_read_in_any_encoding(encoding: str) -> None:
    content = '<meta charset="utf-8"><table><tr><td>René</td></tr></table>'.encode(encoding)
    assert [list(r) for r in read_sheets(content)[0].rows] == [["René"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-1"])
def test_excels_xml_is_read_in_the_encoding_it_names(encoding: str) -> None:
    xml = XML.format("<Worksheet><Table><Row><Cell><Data>René</Data></Cell></Row></Table></Worksheet>")
    content = xml.replace('"1.0"', f'"1.0" encoding="{encoding}"', 1).encode(encoding)
    assert [list(r) for r in read_sheets(content)[0].rows] == [["René"]]


def test_a_kecamatan_merged_beside_its_children_is_the_kecamatan_of_each() -> None:
    assert page(
        "<table><tr><td>SITI</td><td rowspan=3>KESUGIHAN</td></tr><tr><td>BUDI</td></tr><tr></tr>",
        "<tr><td>TONO</td></tr></table>",
    ) == [[["SITI", "KESUGIHAN"], ["BUDI", "KESUGIHAN"], [], ["TONO"]]]


def test_a_title_wider_than_any_table_is_a_title() -> None:
    assert page("<table><tr><td colspan=999>LAPORAN</td></tr><tr><td>a</td></tr></table>") == [
        [["LAPORAN"], ["a"]]
    ]


def test_values_of_excels_xml_are_what_their_types_say_or_else_their_text() -> None:
    cells = [
        ("DateTime", "2024-06-12T09:30:00.000"),
        ("DateTime", "1899-12-31T08:05:00.000"),
        ("DateTime", "12/06/2024"),
        ("Number", "3.30102E+15"),
        ("Number", "delapan"),
        ("Number", "1E999"),
        ("Boolean", "1"),
        ("String", "3301021403220001"),
    ]
    row = "".join(f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>' for kind, text in cells)
    assert sheets(f"<Worksheet><Table><Row>{row}</Row></Table></Worksheet>") == [
        [
            [
                datetime.fromisoformat("2024-06-12T09:30"),
                time(8, 5),
                "12/06/2024",
                3.30102e15,
                "delapan",
                "1E999",
                True,
                "3301021403220001",
            ]
        ]
    ]


def test_a_remark_and_letters_in_bold_are_no_other_values() -> None:
    assert sheets(
        """<Worksheet><Table><Row><Cell><ss:Data ss:Type="String"><B>SI</B>TI</ss:Data>
        <Comment ss:Author="x"><ss:Data>catatan</ss:Data></Comment></Cell></Row></Table></Worksheet>"""
    ) == [[["SITI"]]]


def test_a_hidden_worksheet_of_excels_xml_comes_last() -> None:
    hidden = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>'
    content = XML.format(
        f"""<Worksheet ss:Name="a"><Table><Row><Cell><Data>1</Data></Cell></Row></Table>{hidden}
        </WorksheetOptions></Worksheet>
        <Worksheet ss:Name="b"><Table><Row><Cell><Data>2</Data></Cell></Row></Table></Worksheet>"""
    )
    assert [sheet.name for sheet in read_sheets(content.encode())] == ["b", "a"]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><p>Sesi habis</p></html>",
        b"<table></table>",
        b'<?xml version="1.0"?><rss><item>x</item></rss>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html><table><tr><td>a",
    ],
)
def test_a_page_without_a_table_of_its_own_is_refused(content: bytes) -> None:
    assert code(content) == "file_web_page"


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
    report = commit.import_rows(content.encode(), make_user(Role.DISTRICT))
    assert [r.code for r in report.rows] == ["new_child"]
    assert Measurement.objects.get().measured_on == date(2024, 6, 12)


PIECES = [
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<b>", "<br>", "<td colspan=2>"),
    *("<td>1</td>", "<td>2 &amp; 3</td>", "<td>z</td>\n", "<TD>U</TD>", "<th>q</td>", "<td class='q'>a</td>"),
    *("<td rowspan=2>r</td>", '<td a="x>y">s</td>', "<td/>", "<!-- ", "-->", "<script>", "</script>"),
    *("<style>", "</style>", "<![CDATA[", "]]>", "abc", "&nb", " ", "\n", "<", ">", '"', "'"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_cells_read_without_the_parser_are_what_it_would_have_read(pieces: str) -> None:
    def found(read: object) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(html_tables._HtmlPage, "read", read)
            try:
                tables = html_tables.tables_of(f"<table>{pieces}".encode(), Limits(99, 99, 9999, 99999))
            except NotRead as why:
                return why.code
            return [(table.name, table.rows, table.merged) for table in tables]

    assert found(html_tables._HtmlPage.read) == found(html_tables._HtmlPage.feed)
