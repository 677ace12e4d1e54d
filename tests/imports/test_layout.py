"""Where the table of a file begins and which layout it is."""

from __future__ import annotations

import pytest

from registry.errors import Invalid
from registry.imports.answers import ImportAnswers
from registry.imports.readers.read_file import Sheet, read_sheets
from registry.imports.tables import find_tables as find_module
from registry.imports.tables.find_tables import find_tables
from registry.imports.tables.layout import LayoutName
from tests.imports.files import HEADER, csv_file, one_table, row, sample, table, xlsx_file, xlsx_rows

OLD = [name for name in HEADER if name not in ("Cara Ukur", "Detail")]
SHORT = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa/Kel", "Tanggal Pengukuran", "Berat", "Tinggi"]


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        ([*OLD, "PMT Diterima (kg)"], LayoutName.EPPGBM_2023),
        (HEADER, LayoutName.EPPGBM_2024),
        ([*HEADER, "Kelas Ibu Balita", "MBG"], LayoutName.EPPGBM_2025),
        (SHORT, LayoutName.SHORT),
    ],
)
def test_the_layout_is_told_by_the_columns_that_came_and_went(header: list[str], layout: LayoutName) -> None:
    assert one_table([Sheet("", table([row()], header))]).layout is layout


def test_the_header_is_found_below_a_title_and_rows_keep_their_numbers() -> None:
    found = one_table(read_sheets(sample("01")))
    assert found.layout is LayoutName.EPPGBM_2023
    assert [line.number for line in found.lines()] == [3, 4, 5, 6, 7, 8]


def test_a_sheet_without_a_header_is_passed_over() -> None:
    book = xlsx_file(("visible", xlsx_rows([["Catatan"]])), ("hidden", xlsx_rows(table([row()]))))
    assert one_table(read_sheets(book)).sheet == "S2"


def test_a_full_sheet_goes_on_in_the_next_and_a_copy_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into the 65,536 rows of an .xls stands in its next sheet, below the same header."""
    monkeypatch.setattr(find_module, "FULL_SHEETS", (3,))
    rows = [row(Nama=name) for name in ("A", "B", "C")]
    parts = [Sheet("1", table(rows[:2])), Sheet("2", table(rows[2:])), Sheet("3", table(rows[:1]))]
    found, copy = find_tables(parts).tables
    assert [line["name"] for line in found.lines()] == ["A", "B", "C"]
    assert (copy.sheet, [line["name"] for line in copy.lines()]) == ("3", ["A"])
    assert [len(table.rows) for table in find_tables([parts[1], parts[0]]).tables] == [1, 2]


def test_missing_columns_are_named() -> None:
    header = [name for name in HEADER if name not in ("JK", "Kec", "Berat", "Tinggi")]
    with pytest.raises(Invalid) as caught:
        one_table(read_sheets(csv_file(row(), header=header)))
    assert caught.value.code == "columns_missing"
    assert "“JK”, “Kec”, “Berat” atau “Tinggi”" in caught.value.message


@pytest.mark.parametrize(
    ("content", "code"), [(b"a,b\n1,2\n", "header_missing"), (csv_file(), "rows_missing")]
)
def test_a_file_without_header_or_without_children_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        one_table(read_sheets(content))
    assert caught.value.code == code


def test_empty_rows_are_no_lines() -> None:
    found = one_table(read_sheets(csv_file(row(), {}, row())))
    assert [line.number for line in found.lines()] == [2, 4]


# --- Which sheet --------------------------------------------------------------------------------------------

RECAP = [
    ["No", "Kec", "Desa/Kel", "Posyandu", "Berat", "Tinggi"],
    ["1", "KESUGIHAN", "KURIPAN", "MELATI", "11", "80"],
]
NUMBERS = [str(number) for number in range(1, len(HEADER) + 1)]


@pytest.mark.parametrize(
    "first",
    [
        table([]),
        [*table([]), NUMBERS],
        [*table([]), ["", "", "(isi mulai baris ini)"]],
        RECAP,
        table([row()], [name for name in HEADER if name not in ("Nama", "NIK")]),
    ],
    ids=["a template", "with its numbers", "with a remark", "a recapitulation", "columns without names"],
)
def test_the_sheet_that_has_the_children_is_read(first: list[list[str]]) -> None:
    sheets = [Sheet("FORMAT", first), Sheet("DATA", table([row()]))]
    found = one_table(sheets)
    assert (found.sheet, [line["name"] for line in found.lines()]) == ("DATA", ["SITI CONTOH"])
    assert find_tables(sheets).others == ()


def test_a_sheet_of_children_that_lacks_a_column_is_passed_over_and_said() -> None:
    lacks = table([row()], [name for name in HEADER if name != "JK"])
    sheets = [Sheet("MEI", lacks), Sheet("JUNI", table([row()])), Sheet("JULI", table([row()]))]
    found = find_tables(sheets)
    assert ([table.sheet for table in found.tables], found.others) == (["JUNI", "JULI"], ("MEI",))
    [note] = found.left_notes
    assert note.startswith("Lembar MEI tidak dibaca: Kolom “JK” tidak ditemukan.")


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ([Sheet("REKAP", RECAP), Sheet("LAIN", [["x"]])], "columns_missing"),
        ([Sheet("LAIN", [["x"]]), Sheet("REKAP", table([]))], "rows_missing"),
    ],
)
def test_a_refusal_names_the_sheet_where_there_are_several(sheets: list[Sheet], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        one_table(sheets)
    assert caught.value.code == code
    assert caught.value.message.endswith("Lembar: REKAP.")


def test_the_sheet_that_is_asked_for_is_read_or_said_to_be_missing() -> None:
    sheets = [Sheet("JUNI", table([row(Nama="A")])), Sheet("JULI", table([row(Nama="B")]))]
    assert one_table(sheets, ImportAnswers(sheet="JULI")).sheet == "JULI"
    with pytest.raises(Invalid) as caught:
        one_table(sheets, ImportAnswers(sheet="MEI"))
    assert (caught.value.code, caught.value.message) == (
        "sheet_unknown",
        "Tidak ada lembar bernama “MEI”. Yang ada: JUNI, JULI.",
    )


def test_rows_are_numbered_as_excel_shows_them() -> None:
    """The line that says what cuts is no row, and tables of a page stand below one another on one sheet."""
    text = one_table(read_sheets(b"sep=;\r\n" + csv_file(row(), delimiter=";")))
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in table([row()]))
    title = "<table><tr><td>DATA BALITA</td></tr><tr><td>Kecamatan</td></tr></table>"
    page = one_table(read_sheets(f"<html>{title}<table>{cells}</table>".encode()))
    assert [line.number for line in text.lines()] == [2]
    assert [line.number for line in page.lines()] == [4]
