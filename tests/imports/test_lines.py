"""The cells of a table's lines, column by column."""

from __future__ import annotations

from registry.imports.tables.table_rows import RowCells, SheetRow, columns_of

COLUMNS = {"name": 0, "weight": 2}


def line(number: int, *cells: str) -> SheetRow:
    return SheetRow(number, RowCells(COLUMNS, cells))


def test_a_column_has_the_cell_of_each_line() -> None:
    column = columns_of([line(2, "SITI", "P", "9,1"), line(3, "BUDI", "L", "10,2")])
    assert column("name") == ["SITI", "BUDI"]
    assert column("weight") == ["9,1", "10,2"]


def test_a_row_that_ends_before_a_column_has_nothing_in_it() -> None:
    column = columns_of([line(2, "SITI", "P", "9,1"), line(3, "BUDI", "L"), line(4)])
    assert column("weight") == ["9,1", None, None]
    assert column("name") == ["SITI", "BUDI", None]


def test_a_column_that_the_table_lacks_is_empty() -> None:
    assert columns_of([line(2, "SITI"), line(3, "BUDI")])("nik") == [None, None]
    assert columns_of([])("nik") == []


def test_a_line_that_says_more_than_its_row_is_asked_itself() -> None:
    column = columns_of([line(2, "SITI", "P", "9,1"), SheetRow(3, {"name": "BUDI", "sex": "L"})])
    assert column("sex") == [None, "L"]
    assert column("weight") == ["9,1", None]
