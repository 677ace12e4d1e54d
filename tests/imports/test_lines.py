"""The cells of a table's lines by field."""

from __future__ import annotations

from registry.imports.tables.table_rows import SheetRow

COLUMNS = {"name": 0, "weight": 2}


def test_a_line_has_the_cells_of_its_columns() -> None:
    line = SheetRow(2, COLUMNS, ["SITI", "P", "9,1"])
    assert (line["name"], line["weight"]) == ("SITI", "9,1")
    assert list(line.cells()) == ["SITI", "9,1"]


def test_a_row_that_ends_before_a_column_has_nothing_in_it() -> None:
    line = SheetRow(2, COLUMNS, ["SITI"])
    assert (line["name"], line["weight"]) == ("SITI", None)
    assert list(line.cells()) == ["SITI"]


def test_a_column_that_the_table_lacks_is_empty() -> None:
    assert SheetRow(2, COLUMNS, ["SITI"])["nik"] is None


def test_a_line_that_says_more_than_its_row_keeps_the_rest() -> None:
    line = SheetRow(3, COLUMNS, ["SITI", "P", "9,1"]).with_cells({"name": "BUDI", "sex": "L"})
    assert (line.number, line["name"], line["weight"], line["sex"]) == (3, "BUDI", "9,1", "L")
