"""A table nobody knows: somebody says what its columns are, once, and the next file is read so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from registry.models import Child, ColumnMapping, Measurement, User, Village
from tests.factories import make_cadre, signed_in
from tests.imports.files import HEADER, csv_file, row, sheet_bytes, table, xlsx_file, xlsx_rows
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.django_db

BOOK = [
    ["BUKU POSYANDU MELATI", "", "", "", "", ""],
    ["Si kecil", "L atau P", "Lhr", "Kilo", "Senti", "Ditimbang tgl"],
    ["SITI CONTOH", "P", "14-03-2022", "11,4", "84,5", "30-06-2024"],
    ["BUDI PERCOBAAN", "L", "20-02-2022", "12,1", "86,0", "30-06-2024"],
]
PICKS = {"column-0": "name", "column-1": "sex", "column-2": "birth_date", "column-3": "weight",
         "column-4": "lenhei", "column-5": "measured_on", "header_row": "2"}  # fmt: skip


def columns_page(browser: Client, content: bytes) -> tuple[str, str]:
    address = hand_in(browser, content, "buku.csv")
    answer = browser.get(address)
    assert answer.status_code == 302, "a table with unknown columns leads to its columns"
    assert answer["Location"] == f"{address}columns/"
    return address, browser.get(f"{address}columns/").content.decode()


def chosen(page: str) -> list[str]:
    """What each column is said to be on the page."""
    lists = re.findall(r'<select class="input" id="column-\d+".*?</select>', page, re.DOTALL)
    picked = [re.search(r'<option value="(\w*)" selected>', one) for one in lists]
    return [one[1] if one else "" for one in picked]


def test_the_columns_are_guessed_chosen_and_the_file_is_taken_in(browser: Client, home: Village) -> None:
    address, page = columns_page(browser, sheet_bytes(BOOK))
    assert chosen(page) == ["name", "sex", "birth_date", "weight", "lenhei", "measured_on"]
    assert 'value="2"' in page
    assert "C: Lhr" in page
    assert browser.post(f"{address}columns/", PICKS)["Location"] == address
    browser.post(f"{address}answers/", {"village": home.pk})
    assert "Simpan 2 baris" in text(browser.get(address).content)
    browser.post(f"{address}commit/")
    weights = Measurement.objects.order_by("weight_kg").values_list("child__name", "weight_kg")
    assert [(name, str(weight)) for name, weight in weights] == [
        ("SITI CONTOH", "11.400"),
        ("BUDI PERCOBAAN", "12.100"),
    ]


def test_a_field_chosen_twice_is_refused_and_nothing_chosen_is_lost(browser: Client) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    answer = browser.post(f"{address}columns/", {**PICKS, "column-5": "weight", "name": "Melati"})
    assert answer.status_code == 400
    assert "“Berat badan” dipilih untuk dua kolom." in text(answer.content)
    assert chosen(answer.content.decode()) == ["name", "sex", "birth_date", "weight", "lenhei", "weight"]
    assert 'value="Melati"' in answer.content.decode()
    assert not ColumnMapping.objects.exists()


@pytest.mark.parametrize("row", ["99", "-1", "dua", "9" * 5000])
def test_a_header_row_that_is_none_is_refused(browser: Client, row: str) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    answer = browser.post(f"{address}columns/", {**PICKS, "header_row": row})
    assert (answer.status_code, f"Baris judul {row[:20]} tidak ada" in text(answer.content)) == (400, True)


def test_columns_that_are_still_missing_are_named_on_the_same_page(browser: Client) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "column-1": ""})
    page = browser.get(browser.get(address)["Location"]).content.decode()
    assert "Kolom “JK” tidak ditemukan." in page
    assert chosen(page)[:3] == ["name", "", "birth_date"]


def test_a_remembered_mapping_is_laid_over_the_next_file_wherever_its_columns_are(browser: Client) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "name": "Buku Melati"})
    assert ColumnMapping.objects.get().columns["weight"] == "Kilo"
    moved = [["No", *line] for line in BOOK]
    _address, page = columns_page(browser, sheet_bytes(moved))
    assert chosen(page) == ["", "name", "sex", "birth_date", "weight", "lenhei", "measured_on"]
    assert 'value="Buku Melati"' in page


def test_a_name_that_a_colleague_uses_is_not_taken_from_her(browser: Client, home: Village) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "name": "Buku Melati"})
    cadre = signed_in(make_cadre(home))
    theirs, _page = columns_page(cadre, sheet_bytes(BOOK))
    answer = cadre.post(f"{theirs}columns/", {**PICKS, "column-5": "", "name": "buku melati"})
    assert answer.status_code == 400
    assert "Nama “Buku Melati” sudah dipakai" in text(answer.content)
    assert ColumnMapping.objects.get().columns["measured_on"] == "Ditimbang tgl"


def test_what_a_colleague_remembers_is_used_as_it_is_offered(browser: Client, home: Village) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "name": "Buku Melati"})
    cadre = signed_in(make_cadre(home))
    theirs, page = columns_page(cadre, sheet_bytes([["No", *line] for line in BOOK]))
    assert 'value="Buku Melati"' in page
    offered = {f"column-{i}": field for i, field in enumerate(chosen(page))}
    answer = cadre.post(f"{theirs}columns/", {**offered, "header_row": "2", "name": "Buku Melati"})
    assert answer.status_code == 302
    assert "Simpan 2 baris" in text(cadre.get(theirs).content)
    kept = ColumnMapping.objects.get()
    assert (kept.user, kept.columns["weight"]) == (User.objects.get(username__startswith="district"), "Kilo")


def test_a_remembered_mapping_that_does_not_fit_says_so(browser: Client) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "name": "Buku Melati"})
    other, _page = columns_page(browser, sheet_bytes([["a", "b"], ["SITI CONTOH", "P"]]))
    page = browser.get(f"{other}columns/?mapping={ColumnMapping.objects.get().pk}").content.decode()
    assert "“Buku Melati” tidak cocok dengan lembar ini" in page


def test_a_wide_sheet_shows_every_column(browser: Client) -> None:
    wide = [["x"] * 100 + line for line in BOOK]
    _address, page = columns_page(browser, sheet_bytes(wide))
    assert chosen(page)[100:] == ["name", "sex", "birth_date", "weight", "lenhei", "measured_on"]


def test_numbers_alone_are_never_taken_for_known_columns(browser: Client) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK[2:]))
    browser.post(f"{address}columns/", {**PICKS, "header_row": "0", "name": "Tanpa judul"})
    assert ColumnMapping.objects.get().columns["weight"] == 3
    _address, page = columns_page(browser, sheet_bytes(BOOK))
    assert 'value="Tanpa judul"' not in page


# --- The command --------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "buku.csv"
    path.write_bytes(sheet_bytes(BOOK))
    return path


def run(capsys: Any, book: Path, *options: str) -> dict[str, Any]:
    call_command("import_file", str(book), "--json", *options)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_takes_a_mapping_by_name_and_a_village_by_code(
    browser: Client, officer: User, home: Village, book: Path, capsys: Any
) -> None:
    address, _page = columns_page(browser, sheet_bytes(BOOK))
    browser.post(f"{address}columns/", {**PICKS, "name": "Buku Melati"})
    options = ["--mapping", "buku melati", "--village", home.pk, "--as", officer.username]
    assert run(capsys, book, *options)["children_new"] == 2
    assert not Child.objects.exists()
    assert run(capsys, book, *options, "--commit")["measurements_new"] == 2
    assert run(capsys, book, *options, "--commit")["measurements_same"] == 2
    assert {child.village for child in Child.objects.all()} == {home}


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--mapping", "Lain"], "mapping_unknown", "Tidak ada pemetaan kolom bernama “Lain”."),
        (["--village", "33.01.99.9999"], "village_not_found", "Desa ini tidak ada di wilayah kerja Anda."),
        ([], "header_missing", "Judul kolom berkas ini tidak dikenal."),
    ],
)
def test_the_command_refuses_the_file_and_says_what_there_is(
    officer: User, book: Path, capsys: Any, options: list[str], code: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("import_file", str(book), "--json", "--as", officer.username, *options)
    assert refused.value.returncode == 2
    assert json.loads(capsys.readouterr().out)["error"] == code


def test_several_measurements_in_a_row_lead_to_the_columns_and_one_of_them_is_chosen(browser: Client) -> None:
    lines = table([row()], [*HEADER, "Berat", "Tinggi"])
    lines[1][-2:] = ["12.1", "86"]
    address, page = columns_page(browser, sheet_bytes(lines))
    assert "Satu baris berkas ini memuat lebih dari satu pengukuran: kolom AI (Berat), AJ (Tinggi)" in page
    picks = {f"column-{i}": field for i, field in enumerate(chosen(page))}
    picks[f"column-{HEADER.index('Berat')}"] = picks[f"column-{HEADER.index('Tinggi')}"] = ""
    picks |= {f"column-{len(HEADER)}": "weight", f"column-{len(HEADER) + 1}": "lenhei", "header_row": "1"}
    browser.post(f"{address}columns/", picks)
    shown = text(browser.get(address).content)
    assert "Kolom yang tidak dipakai, sesuai pilihan Anda: " in shown
    assert "T (Berat): 1 baris, misalnya 11.4 | U (Tinggi): 1 baris, misalnya 84.5." in shown
    browser.post(f"{address}commit/")
    assert str(Measurement.objects.get().weight_kg) == "12.100"


def test_the_sheet_that_is_refused_is_the_one_whose_columns_are_asked_for(browser: Client) -> None:
    lacks = table([row()], [name for name in HEADER if name != "JK"])
    book = xlsx_file(("visible", xlsx_rows([["Catatan"]])), ("visible", xlsx_rows(lacks)))
    _address, page = columns_page(browser, book)
    assert "Kolom “JK” tidak ditemukan." in page
    assert "Lembar: S2." in page
    assert "<option selected>S2</option>" in page


def test_the_row_of_the_header_is_counted_as_excel_counts_it(browser: Client) -> None:
    """A page with a title in a table of its own: its last row is the third that Excel shows."""
    lines = table([row()])
    lines[0][HEADER.index("JK")] = "Gender"
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    title = "<table><tr><td>DATA BALITA</td></tr><tr><td>Kecamatan</td></tr></table>"
    address, page = columns_page(browser, f"<html>{title}<table>{cells}</table>".encode())
    assert 'name="header_row" inputmode="numeric" value="3"' in page
    refused = browser.post(f"{address}columns/", {"sheet": "2", "header_row": "2"})
    assert "Baris judul 2 tidak ada di lembar ini" in refused.content.decode()
    picks = {f"column-{i}": field for i, field in enumerate(chosen(page))}
    picks |= {"column-3": "sex", "sheet": "2", "header_row": "3"}
    browser.post(f"{address}columns/", picks)
    assert "Baris 4" in text(browser.get(address).content)


def test_columns_that_are_not_read_are_said_before_anything_is_saved(browser: Client) -> None:
    header = [*(name for name in HEADER if name != "Berat"), "Timbangan"]
    page = text(
        browser.get(hand_in(browser, csv_file(row(Timbangan="11.4"), header=header), "a.csv")).content
    )
    assert "Tidak ada kolom Berat di berkas ini: pengukurannya disimpan tanpa itu." in page
    assert "judulnya tidak dikenal atau terulang: AH (Timbangan): 1 baris, misalnya 11.4." in page
