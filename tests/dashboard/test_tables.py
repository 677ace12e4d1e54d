from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from dashboard.tables import FigureTable
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.growth.cells.formulas import escape_formula
from registry.models import District, User
from tests.dashboard.data import counted, make_target, text_of, villages
from tests.exports.files import csv_rows, rows_of, sheets_of
from tests.factories import make_village, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def page_with(key: str) -> str:
    """The page of the district that has the table."""
    return "/dashboard/where/" if key in ("kecamatan", "villages") else "/dashboard/"


def table_of(client: Client, query: str = "", key: str = "villages") -> FigureTable:
    response = client.get(f"{page_with(key)}?month=2024-08{query}")
    assert response.status_code == 200
    table: FigureTable = response.context["page"].tables[key]()
    return table


def csv_lines(client: Client, address: str) -> list[list[str]]:
    """The headings and rows of a table as CSV."""
    content = client.get(f"{address}&format=csv").content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def column(table: FigureTable, key: str) -> list[str]:
    place = [head.key for head in table.columns].index(key)
    return [row.cells[place].text for row in table.rows]


@pytest.fixture
def five_villages(district: District) -> None:
    """10% and 30% of 100; 20 of 21 (few); 50% of 60 of 100 registered (low coverage); nobody measured."""
    first, second, few, low, none = villages(5)
    counted(first, stunted=10, believed=100)
    counted(second, stunted=30, believed=100)
    counted(few, stunted=20, believed=21)
    counted(low, stunted=30, believed=60, registered=100)
    counted(none, stunted=0, believed=0, registered=7)
    make_target(district)


@pytest.mark.usefixtures("five_villages")
class TestVillageTable:
    def test_ranks_from_the_highest_rate_and_leaves_weak_ones_after(self, client: Client) -> None:
        table = table_of(client)
        assert column(table, "name") == ["Contoh 02", "Contoh 01", "Contoh 03", "Contoh 04", "Contoh 05"]
        assert column(table, "rank") == ["1", "2", "–", "–", "–"]

    def test_says_in_words_why_a_row_is_not_ranked(self, client: Client) -> None:
        notes = [note.replace("\N{NO-BREAK SPACE}", " ") for note in column(table_of(client), "note")]
        assert notes == ["", "", "sedikit anak", "cakupan pengukuran rendah", "belum ada data"]

    def test_the_note_stands_under_the_name_and_takes_no_column(self, client: Client) -> None:
        page = client.get("/dashboard/where/?month=2024-08").content.decode()
        assert 'Contoh 03</a><span class="under">sedikit anak</span></th>' in page
        table = table_of(client)
        assert "Catatan" not in [heading.column.heading for heading in table.headings]
        assert all(len(cells) == len(table.headings) for _row, cells, _under in table.body)
        # Where the table does not fit, a shadow says so.
        assert 'class="table-scroll table-scroll--cue"' in page

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "id",
                [
                    ("Terhadap target", "Catatan"),
                    ("di atas", ""),
                    ("belum pasti", ""),
                    ("belum pasti", "sedikit anak"),
                    ("di atas", "cakupan pengukuran rendah"),
                    ("", "belum ada data"),
                ],
            ),
            (
                "en",
                [
                    ("Against target", "Note"),
                    ("above", ""),
                    ("not certain", ""),
                    ("not certain", "few children"),
                    ("above", "low coverage"),
                    ("", "no data yet"),
                ],
            ),
        ],
    )
    def test_a_file_says_verdict_and_note_in_the_words_of_the_page(
        self, client: Client, language: str, words: list[tuple[str, str]]
    ) -> None:
        client.cookies["django_language"] = language
        rows = csv_lines(client, "/dashboard/where/?month=2024-08&table=villages")
        assert [tuple(row[-2:]) for row in rows] == words
        assert not [cell for row in rows for cell in row if "\N{NO-BREAK SPACE}" in cell]

    def test_shows_a_dash_and_no_zero_where_nobody_was_measured(self, client: Client) -> None:
        last = table_of(client).rows[-1]
        shown = dict(
            zip((head.key for head in table_of(client).columns), (c.text for c in last.cells), strict=True)
        )
        assert (shown["stunted"], shown["rate"], shown["interval"]) == ("–", "–", "–")
        assert (shown["believed"], shown["measured"], shown["coverage"]) == ("–", "–", "–")
        assert shown["registered"] == "7"

    def test_turns_around_with_the_lowest_first_and_weak_ones_still_last(self, client: Client) -> None:
        found = column(table_of(client, "&sort=rate"), "name")
        assert found == ["Contoh 01", "Contoh 02", "Contoh 04", "Contoh 03", "Contoh 05"]

    def test_says_where_those_without_a_rank_stand_while_the_rate_sorts(self, client: Client) -> None:
        page = client.get("/dashboard/where/?month=2024-08").content.decode()
        assert 'aria-describedby="notes-villages"' in page
        (note,) = table_of(client).notes
        assert note.replace("\N{NO-BREAK SPACE}", " ") == (
            "Yang kurang dari 30 anak, atau cakupan pengukurannya di bawah 80% atau jauh di bawah "
            "biasanya, tidak diberi urutan: barisnya ada setelah yang berurutan, lagi menurut angka."
        )
        assert not table_of(client, "&sort=name").notes

    def test_says_the_limits_of_ranking_with_the_same_numbers_everywhere(self, client: Client) -> None:
        shown = text_of(client.get("/dashboard/where/?month=2024-08"))
        assert "80,0%" not in shown
        assert shown.count("cakupan pengukurannya di bawah 80%") > 1

    def test_sorts_by_any_other_column_with_all_rows_together(self, client: Client) -> None:
        assert column(table_of(client, "&sort=-believed"), "believed") == ["100", "100", "60", "21", "–"]
        assert column(table_of(client, "&sort=name"), "name")[0] == "Contoh 01"

    def test_marks_the_column_it_is_sorted_by_for_readers_aloud(self, client: Client) -> None:
        page = client.get("/dashboard/where/?month=2024-08").content.decode()
        assert 'aria-sort="descending"><a href="?month=2024-08&amp;sort=rate#table-villages">' in page

    def test_refuses_an_order_it_does_not_know(self, client: Client) -> None:
        response = client.get("/dashboard/?sort=password")
        assert response.status_code == 400
        assert "Pilih salah satu judul kolom" in text_of(response)

    def test_says_where_each_stands_against_the_target(self, client: Client) -> None:
        # 10 of 100 is 5.5-17.4, 30 of 100 is 21.9-39.6, around 14.
        assert column(table_of(client), "verdict")[:2] == ["di atas", "belum pasti"]


def test_places_that_all_have_few_children_are_said_to_have_no_rank_and_stand_by_rate(client: Client) -> None:
    for village, stunted in zip(villages(3), (2, 9, 5), strict=True):
        counted(village, stunted=stunted, believed=20)
    table = table_of(client)
    assert column(table, "name") == ["Contoh 02", "Contoh 03", "Contoh 01"]
    assert table.notes[0].startswith("Belum ada yang dapat diberi urutan")


def test_equal_rates_share_a_rank(client: Client) -> None:
    for village, stunted in zip(villages(3), (20, 20, 10), strict=True):
        counted(village, stunted=stunted, believed=100)
    assert column(table_of(client), "rank") == ["1", "1", "3"]


def test_a_kecamatan_is_the_sum_of_its_villages(client: Client) -> None:
    for village in villages(2, "33.01.02"):
        counted(village, stunted=10, believed=50)
    counted(make_village("33.01.01.2001", "Tambakreja"), stunted=5, believed=50)
    table = table_of(client, key="kecamatan")
    assert column(table, "name") == ["Kesugihan", "Kedungreja"]
    assert column(table, "stunted") == ["20", "5"]
    assert column(table, "believed") == ["100", "50"]


@pytest.mark.usefixtures("five_villages")
@pytest.mark.parametrize("key", ["kecamatan", "villages", "trend", "indicators"])
def test_the_csv_holds_exactly_the_rows_of_the_page(client: Client, key: str) -> None:
    table = table_of(client, "&sort=name", key)
    response = client.get(f"{page_with(key)}?month=2024-08&sort=name&format=csv&table={key}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{key}-33.01-2024-08.csv"'
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head == [heading for column in table.columns for heading in column.file_headings()]
    assert rows == [[str(value) for value in shown_row(table, row)] for row in table.rows]


@pytest.mark.usefixtures("five_villages")
def test_the_csv_has_the_percentages_the_page_shows(client: Client) -> None:
    first = csv_rows(client.get("/dashboard/where/?month=2024-08&format=csv&table=villages").content)[0]
    assert first["Desa/kelurahan"] == "Contoh 02"
    assert (first["Stunting"], first["Dari"], first["Prevalensi (%)"]) == ("30", "100", "30.0")
    assert (first["Selang kepercayaan 95%, dari"], first["Selang kepercayaan 95%, sampai"]) == (
        "21.9",
        "39.6",
    )


def shown(column: TableColumn, cell: PageCell) -> list[Any]:
    """Numbers as numbers, words as the page has them."""
    if column.is_number or len(cell.values) > 1:
        return ["" if value is None else value for value in cell.values]
    return [cell.text.replace("\N{EN DASH}", "")]


def shown_row(table: FigureTable, row: PageRow) -> list[Any]:
    return [
        value for column, cell in zip(table.columns, row.cells, strict=True) for value in shown(column, cell)
    ]


@pytest.mark.usefixtures("five_villages")
@pytest.mark.parametrize("key", ["kecamatan", "villages", "trend", "indicators"])
def test_excel_holds_exactly_the_rows_of_the_page_with_numbers_as_numbers(client: Client, key: str) -> None:
    table = table_of(client, "&sort=name", key)
    response = client.get(f"{page_with(key)}?month=2024-08&sort=name&format=xlsx&table={key}")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{key}-33.01-2024-08.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert head == [heading for column in table.columns for heading in column.file_headings()]
    assert rows == [shown_row(table, row) for row in table.rows]
    about = dict(row[:2] for row in book.get_sheet_by_index(1).to_python())
    assert (about["Wilayah"], about["Bulan"]) == ("Kabupaten Cilacap", "Agustus 2024")
    for definition in table.definitions:
        assert about[definition.term] == definition.text


def number_if_it_is_one(cell: str) -> str | float:
    with suppress(ValueError):
        return float(cell)
    return cell


@pytest.mark.usefixtures("five_villages")
@pytest.mark.parametrize("section", ["", "where/", "groups/", "coverage/", "quality/", "priority/"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_csv_and_excel_have_the_same_headings_and_cells(client: Client, language: str, section: str) -> None:
    client.cookies["django_language"] = language
    address = f"/dashboard/{section}?month=2024-08"
    for key in client.get(address).context["page"].tables:
        head, *rows = csv_lines(client, f"{address}&table={key}")
        in_excel = client.get(f"{address}&table={key}&format=xlsx").content
        first_sheet = next(iter(sheets_of(in_excel).values()))
        assert [head, *([number_if_it_is_one(cell) for cell in row] for row in rows)] == first_sheet, key
        assert len(set(head)) == len(head), key


@pytest.mark.usefixtures("five_villages")
@pytest.mark.parametrize(
    ("language", "first", "estimates"),
    [
        (
            "id",
            [
                *("Urutan", "Kode", "Desa/kelurahan", "Stunting", "Dari", "Prevalensi (%)"),
                *("Selang kepercayaan 95%, dari", "Selang kepercayaan 95%, sampai"),
            ],
            {"Perkiraan (%)", "Perkiraan, dari", "Perkiraan, sampai", "Cakupan (%)"},
        ),
        (
            "en",
            [
                *("Rank", "Code", "Village", "Stunted", "Of", "Prevalence (%)"),
                *("95% confidence interval, from", "95% confidence interval, to"),
            ],
            {"Estimate (%)", "Estimate, from", "Estimate, to", "Coverage (%)"},
        ),
    ],
)
def test_the_headings_of_files_are_those_of_the_page(
    client: Client, language: str, first: list[str], estimates: set[str]
) -> None:
    client.cookies["django_language"] = language
    head, *_rows = csv_lines(client, "/dashboard/where/?month=2024-08&table=villages")
    assert head[:8] == first
    assert estimates <= set(head)


@pytest.mark.usefixtures("five_villages")
def test_excel_has_the_words_of_the_page(client: Client) -> None:
    address = "/dashboard/where/?month=2024-08&sort=name&table=villages"
    found = rows_of(client.get(f"{address}&format=xlsx").content)
    assert [row["Terhadap target"] for row in found] == [
        "belum pasti",
        "di atas",
        "belum pasti",
        "di atas",
        "",
    ]
    assert [row["Catatan"] for row in found] == [
        "",
        "",
        "sedikit anak",
        "cakupan pengukuran rendah",
        "belum ada data",
    ]


def test_excel_takes_no_text_for_a_formula(client: Client, district: District) -> None:
    village = make_village("33.01.02.2099", "=1+1")
    counted(village, stunted=10, believed=100)
    response = client.get("/dashboard/where/?month=2024-08&format=xlsx&table=villages")
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert "=1+1" in rows[1]


@pytest.mark.parametrize("query", ["format=xml", "format=csv&table=users"])
def test_a_form_or_table_that_is_not_there_is_refused_with_those_that_are(client: Client, query: str) -> None:
    response = client.get(f"/dashboard/?{query}")
    assert response.status_code == 400
    assert "Yang ada:" in text_of(response)


def test_no_cell_of_a_csv_is_taken_for_a_formula() -> None:
    assert escape_formula("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert escape_formula("@SUM(A1)") == "'@SUM(A1)"
    assert escape_formula("\t=1") == "'\t'=1"
    assert escape_formula("Budi;=1+1;- 2; +3") == "Budi;'=1+1;'- 2;' +3"
    assert escape_formula("Budi\t@SUM(A1)") == "Budi\t'@SUM(A1)"
    assert escape_formula("＝1+1") == "'＝1+1"
    assert escape_formula("Jl. Melati 3-5; RT 02, a=b") == "Jl. Melati 3-5; RT 02, a=b"
    assert escape_formula(-3) == -3
    assert escape_formula(None) is None
