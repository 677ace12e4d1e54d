"""Text files: what cuts them into columns, and in which letters they are written."""

from __future__ import annotations

import tracemalloc

import pytest

from registry.errors import Invalid
from registry.imports.readers.read_file import read_sheets
from tests.imports.files import csv_file, row


def rows(text: str, encoding: str = "utf-8") -> list[list[object]]:
    return [list(r) for r in read_sheets(text.encode(encoding))[0].rows]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_each_mark_is_found_in_a_file_of_the_field(mark: str) -> None:
    found = read_sheets(csv_file(row(Alamat="Jl. A, B; C | D"), row(), row(), delimiter=mark))[0].rows
    assert [len(r) for r in found] == [34] * 4
    assert found[1][16] == "Jl. A, B; C | D"


def test_decimal_commas_of_a_file_with_semicolons_cut_nothing() -> None:
    found = rows("Nama;BB;TB\nSITI;8,5;70,1\nBUDI;9,5;71,2\nTONO;7,5;69,9\n")
    assert found[1] == ["SITI", "8,5", "70,1"]


def test_commas_in_addresses_cut_nothing() -> None:
    address = "Jl. Kenanga, Gg. 2, RT 1, RW 2, Kesugihan"
    found = rows("No;Nama;Alamat;JK;BB;Desa\n" + f"1;SITI;{address};P;8,5;KIDUL\n" * 20)
    assert found[20] == ["1", "SITI", address, "P", "8,5", "KIDUL"]


def test_semicolons_in_notes_do_not_cut_a_file_of_commas() -> None:
    found = rows("Nama,BB,Catatan,JK\n" + 'SITI,8.5,"a;b;c;d;e;f",P\n' * 5)
    assert found[5] == ["SITI", "8.5", "a;b;c;d;e;f", "P"]


def test_titles_above_the_header_do_not_say_what_cuts() -> None:
    title = "KABUPATEN CILACAP, JAWA TENGAH\nJUNI 2024, SEMUA PUSKESMAS\n\n"
    assert rows(title + "Nama;BB;JK\nSITI;8,5;P\n")[3:] == [["Nama", "BB", "JK"], ["SITI", "8,5", "P"]]


def test_rows_without_their_empty_ends_are_still_cut_by_the_semicolon() -> None:
    found = rows("Nama;JK;BB;TB;Vit A;KIA\nSITI;P;8,5;70,1\nBUDI;L;9,5;71,1;1\nTONO;L;9,1;75,5\n")
    assert found[1] == ["SITI", "P", "8,5", "70,1"]


def test_a_quoted_cell_holds_line_ends_quotes_and_marks() -> None:
    assert rows('Nama;Alamat;RT\r\nSITI;"Jl. A;\r\nGang ""B""";1\r\n') == [
        ["Nama", "Alamat", "RT"],
        ["SITI", 'Jl. A;\r\nGang "B"', "1"],
    ]


@pytest.mark.parametrize("line", ["sep=|", "SEP=|", '"sep=|"'])
def test_the_first_line_may_say_what_cuts(line: str) -> None:
    assert rows(f"{line}\r\nA;B|C;D\r\n1;2|3;4\r\n", "utf-8-sig") == [["A;B", "C;D"], ["1;2", "3;4"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_computer_ends_them(end: str) -> None:
    assert rows(end.join(["A;B", "", "1;2"])) == [["A", "B"], [], ["1", "2"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_tab_text_of_excel_is_read_though_named_xls(encoding: str) -> None:
    assert rows("Nama\tBB\r\nRené\t8,5\r\n", encoding) == [["Nama", "BB"], ["René", "8,5"]]


def test_a_name_in_windows_letters_below_the_mark_of_utf_8_is_read() -> None:
    content = b"\xef\xbb\xbfNIK;Nama\r\n1;Ren\xe9\r\n"
    assert [list(r) for r in read_sheets(content)[0].rows] == [["NIK", "Nama"], ["1", "René"]]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_blank_that_does_not_break_stays_for_the_cells_to_drop(encoding: str) -> None:
    assert rows("Nama\u00a0;RT\nSITI\u00a0;1\n", encoding) == [["Nama\u00a0", "RT"], ["SITI\u00a0", "1"]]


@pytest.mark.parametrize("tail", ["x;2\n" * 100, "x" * 200_000])
def test_a_quotation_mark_that_nothing_closes_is_named_by_its_row(tail: str) -> None:
    with pytest.raises(Invalid) as refused:
        rows('A;B\n1;2\n"3;' + tail)
    assert refused.value.code == "file_open_quote"
    assert "baris 3 " in refused.value.message


def test_more_cells_than_the_field_has_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rows(("a" + "," * 99 + "\n") * 90_000)
    assert refused.value.code == "file_too_many_cells"


def test_a_large_file_takes_little_more_memory_than_its_rows() -> None:
    content = ("No;Nama;JK\n" + "1234567890;CONTOH ANAK SATU;P\n" * 30_000).encode()
    tracemalloc.start()
    assert len(read_sheets(content)[0].rows) == 30_001
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * len(content)  # bytes; were every cell a text of its own they would take twenty times
