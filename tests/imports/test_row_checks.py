"""Rows whose cells have moved, or that hold an error of Excel, are refused and never half read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.models import Child, Measurement, User
from tests.imports.files import HEADER, csv_file, row, sheet_bytes, table, xlsx_file, xlsx_rows

pytestmark = pytest.mark.django_db

TITLES = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa/Kel", "Tanggal Pengukuran", "Berat", "Tinggi"]
CHILD = "P,2022-03-14,KESUGIHAN,KESUGIHAN KIDUL,2024-06-12"


NAMES = ("AOBACE", "BIRUNI", "CITRAWATI", "DEWANGGA", "ENDAH", "FAUZI", "GILANG", "HUSNA")


def read(user: User, *lines: str, more: Sequence[str] = ()) -> list[RowReport]:
    """What becomes of the lines below these titles and ``more``; each begins with a child."""
    rows = [f"{NAMES[i]},{CHILD},{line}" for i, line in enumerate(lines)]
    text = "\n".join([",".join([*TITLES, *more]), *rows])
    return list(preview(text.encode(), user).rows)


# --- Decimal commas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "cut", "whole"),
    [
        (["Keterangan"], "11,84,5,", "12,86,"),
        (["Keterangan", "RT"], "11,4,84,,", "12,86,,"),
        (["Keterangan", "RT"], "11,4,84,5,,", "12,86,,"),
        (["Keterangan", "RT", "", ""], "11,4,84,5,,,,", "12,86,,,,"),
        (["Keterangan"], "11,84,5,", "12,86"),  # a program that leaves empty cells out
        (["Keterangan"], "11,84,5,,,", "12.5,86,,,"),  # and one that ends every line so
    ],
)
def test_a_comma_that_cuts_a_number_is_told_though_the_last_columns_are_empty(
    officer: User, more: list[str], cut: str, whole: str
) -> None:
    first, second = read(officer, cut, whole, more=more)
    assert (first.outcome, first.code, second.code) == ("refused", "too_many_cells", "new_child")
    assert f"{6 + len(cut.split(','))} sel di bawah {8 + len(more)} judul kolom" in first.sentence


@pytest.mark.parametrize("lines", [["11,84,5,"], ["11,84,5,", "12,86,5,"], ["11,4,84,5,,"] * 2])
def test_where_every_number_may_be_cut_no_row_is_believed(officer: User, lines: list[str]) -> None:
    codes = [one.code for one in read(officer, *lines, more=["Keterangan"])]
    assert codes == ["too_many_cells"] * len(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["11.4,84.5,,,", "12,86,,,"],
        ['"11,4",84,,,', '12,"86,5",,,'],
        ["11,101,,,,"],
    ],
)
def test_empty_cells_at_the_end_of_every_line_are_a_programs_habit(officer: User, lines: list[str]) -> None:
    assert [one.code for one in read(officer, *lines)] == ["new_child"] * len(lines)


def test_a_total_with_fewer_cells_does_not_make_the_children_too_wide(officer: User) -> None:
    content = f"{','.join(TITLES)}\nANAK AX,{CHILD},11.4,84.5,,\nANAK BX,{CHILD},12,86,,\nJUMLAH,2\n"
    assert [r.code for r in preview(content.encode(), officer).rows] == ["new_child", "new_child", "total"]


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        (["LiLA"], ["9.8,78.5,14,,", "10.9,84.25,14", "13.45,95.7,14,"]),
        (["LiLA"], ["9,78,14,", "9,79,14,", "10,80,15,"]),  # no girl is 9.78 kg and 14 cm tall
        (["LiLA"], ["9,78,0,", "9,79,14"]),
        (["Keterangan"], ["11,84,,", "11.4,84.5,"]),
        (["Jml Vit A"], ["11,84,1,", "12,85,1,"]),
    ],
)
def test_empty_cells_at_the_end_do_no_harm_where_no_number_can_be_cut(
    officer: User, more: list[str], lines: list[str]
) -> None:
    assert [one.code for one in read(officer, *lines, more=more)] == ["new_child"] * len(lines)


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        (["LiLA"], ["9,78,5,,", "10.9,84.25,14"]),  # no arm is 5 cm
        (["LiLA"], ["9,78,9,", "10.9,84.25,14,"]),  # and few are 9
        (["LiLA", "Cara Ukur"], ["11,45,84.5,Berdiri,", "10.9,84.25,14,Berdiri"]),  # nor 84.5 cm
        (["Posyandu", "RT", "Keterangan"], ["11.5,84.5,MELATI,1,2,", "10.9,84.25,MELATI,2,"]),
    ],
)
def test_but_are_told_where_one_may_be(officer: User, more: list[str], lines: list[str]) -> None:
    assert [one.code for one in read(officer, *lines, more=more)] == ["too_many_cells", "new_child"]


@pytest.mark.parametrize("title", ["Keterangan", "", "Lain-lain"])
@pytest.mark.parametrize("decimal", ["82.5", '"82,5"'])
def test_decimals_in_a_column_of_notes_are_told(officer: User, title: str, decimal: str) -> None:
    lines = [f"11.5,{decimal},", "11.5,82,5", "11.5,83,sehat", "11.5,83,", "11,83,"]
    found = read(officer, *lines, more=[title])
    assert [one.code for one in found] == ["new_child", "number_cut", *["new_child"] * 3]
    assert found[1].outcome == "refused"
    assert found[1].sentence.startswith(
        "Angka 82 di kolom H (Tinggi) mungkin terpotong: di sebelahnya ada 5."
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["11.5,82,", "11.5,82,5", "11.5,84,"],  # no height here has decimals
        ["11.5,82.5,1", "11.5,82,2", "11.5,84.5,3"],  # a column of numbers
        ["11.5,82.5,", "11.5,82,130", "11.5,84.5,"],
        ["11.5,82.5,", "11.5,82.5,5", "11.5,84.5,"],
    ],
)
def test_other_numbers_beside_a_height_are_none(officer: User, lines: list[str]) -> None:
    assert [one.code for one in read(officer, *lines, more=["Keterangan"])] == ["new_child"] * len(lines)


# --- Errors and formulas ------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#NAME?"])
@pytest.mark.parametrize("column", ["Berat", "Tinggi", "Nama", "Tanggal Pengukuran", "Posyandu"])
def test_an_error_of_excel_is_not_nothing(officer: User, error: str, column: str) -> None:
    good = row(NIK="", Nama="ANAK LAIN")
    report = import_rows(csv_file({**row(), column: error}, good), officer)
    assert [r.code for r in report.rows] == ["cell_error", "new_child"]
    assert f"({column}) berisi kesalahan {error}" in report.rows[0].sentence
    assert Child.objects.get().name == "ANAK LAIN"


@pytest.mark.parametrize("column", ["Usia Saat Ukur", "ZS TB/U", "KPSP", "No"])
def test_an_error_in_what_is_worked_out_anew_does_no_harm(officer: User, column: str) -> None:
    [answer] = preview(csv_file({**row(), column: "#N/A"}), officer).rows
    assert answer.code == "new_child"


def test_a_formula_nobody_has_worked_out_is_refused_with_what_to_do(officer: User) -> None:
    at = HEADER.index("Berat")
    rows = xlsx_rows(table([row()]))
    letters = "T2"
    written = rows.replace(
        f'<c r="{letters}" t="inlineStr"><is><t>11.4</t></is></c>', f'<c r="{letters}"><f>11+0.4</f><v/></c>'
    )
    assert written != rows and at == 19
    report = import_rows(xlsx_file(("visible", written)), officer)
    assert [r.code for r in report.rows] == ["formula_without_value"]
    assert "Rumus di kolom T (Berat) belum dihitung" in report.rows[0].sentence
    assert not Measurement.objects.exists()


def test_lines_of_nothing_but_errors_are_no_lines(officer: User) -> None:
    """Formulas are filled down to below the last child."""
    report = preview(csv_file(row(), {"ZS TB/U": "#N/A", "Usia Saat Ukur": "#VALUE!"}), officer)
    assert [r.code for r in report.rows] == ["new_child"]


# --- A header in another order ------------------------------------------------------------------------------


def below_one_another(*blocks: tuple[list[str], list[dict[str, str]]]) -> bytes:
    return sheet_bytes([line for header, rows in blocks for line in table(rows, header)])


def exchanged(one: str, other: str) -> list[str]:
    names = {one: other, other: one}
    return [names.get(name, name) for name in HEADER]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nama", "Nama Ortu"),
        ("Berat", "Tinggi"),
        ("No", "Nama"),
        ("Posyandu", "Alamat"),
        ("BB Lahir", "Berat"),
    ],
)
def test_rows_below_a_header_in_another_order_are_refused(officer: User, one: str, other: str) -> None:
    second = row(NIK="", Nama="ANAK DUA", Nama_Ortu="IBU DUA")
    third = row(NIK="", Nama="ANAK TIGA")
    content = below_one_another((HEADER, [row()]), (exchanged(one, other), [second]), (HEADER, [third]))
    report = import_rows(content, officer)
    codes = [r.code for r in report.rows]
    assert codes == ["new_child", "header_again", "header_moved", "header_again", "new_child"]
    assert "Judul kolom di baris 3 urutannya lain" in report.rows[2].sentence
    assert {child.name for child in Child.objects.all()} == {"SITI CONTOH", "ANAK TIGA"}


def test_a_column_more_or_less_in_the_second_header_moves_the_rest(officer: User) -> None:
    fewer = [name for name in HEADER if name != "NIK"]
    content = below_one_another((HEADER, [row()]), (fewer, [row(Nama="ANAK DUA")]))
    assert [r.code for r in preview(content, officer).rows] == ["new_child", "header_again", "header_moved"]


def test_a_header_of_two_rows_may_come_again(officer: User) -> None:
    upper = ["No", "Nama", "JK", "Tgl Lahir", "", "", "Lahir", "", "Kec", "Desa/Kel", "Tgl Ukur", "Ukur", "",
             "Nama Orang Tua", ""]  # fmt: skip
    lower = ["No", "Nama", "JK", "Tgl", "Bln", "Thn", "BB", "PB", "Kec", "Desa/Kel", "Tgl Ukur", "BB",
             "TB", "Ayah", "Ibu"]  # fmt: skip
    child = ["1", "ANAK SATU", "P", "14", "3", "2022", "3.1", "49", "KESUGIHAN", "KESUGIHAN KIDUL",
             "2024-06-12", "11.4", "84.5", "BAPAK", "IBU"]  # fmt: skip
    other = [cell.replace("ANAK SATU", "BAYU DUA") for cell in child]
    report = preview(sheet_bytes([upper, lower, child, upper, lower, other]), officer)
    taken = [r.number for r in report.rows if r.code == "new_child"]
    assert taken == [3, 6]
    assert "header_moved" not in [r.code for r in report.rows]
