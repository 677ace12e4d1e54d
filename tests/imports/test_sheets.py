"""Workbooks of several sheets: each with its village, its header and its dates, all read in one go."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client

from registry.errors import Invalid
from registry.growth.cells.dates import Order, Orders
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, keys_of, preview
from registry.imports.readers.read_file import Sheet, read_sheets
from registry.imports.report import Report
from registry.imports.tables.unread_columns import UnreadColumn
from registry.models import Child, Kecamatan, Measurement, Posyandu, Role, User, Village
from tests.factories import make_user
from tests.imports.files import csv_file, row, table
from tests.imports.test_import_command import run
from tests.imports.test_known_places import places_of
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.django_db

HEADER = ["Nama", "JK", "Tgl Lahir", "Nama Ortu", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur"]
NIK = "3301025403220001"
Rows = Sequence[Sequence[str]]


def child(name: str, **changes: str) -> list[str]:
    return [row(Nama=name, **changes).get(title, "") for title in HEADER]


def book(sheets: Mapping[str, Rows], *hidden: str) -> bytes:
    """A workbook as people make it, with these sheets hidden."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
            if name in hidden:
                sheet.hide()
    return written.getvalue()


def one_sheet(name: str, *titles: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    return book({name: [*titles, header, child("UJI ALI") + ["MENGANTI"] * (len(header) - len(HEADER))]})


def found(report: Report) -> list[tuple[str, int, str, str]]:
    return [(row.sheet, row.number, row.code, row.place) for row in report.rows]


# --- The village of a sheet ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "titles", "place", "said"),
    [
        ("Sheet1", [["DESA : MENGANTI"]], "Menganti", "Desa Menganti, dari judul lembar."),
        ("Sheet1", [["Desa", "Menganti"]], "Menganti", "Desa Menganti, dari judul lembar."),
        ("Sheet1", [["", "DESA", ":", "Menganti"]], "Menganti", "Desa Menganti, dari judul lembar."),
        ("Sheet1", [["KELURAHAN MERTASINGA"]], "Mertasinga", "Kelurahan Mertasinga, dari judul lembar."),
        ("Sheet1", [["DESA/KELURAHAN: SLARANG"]], "Slarang", "Desa Slarang, dari judul lembar."),
        (
            "Sheet1",
            [["DATA BALITA DS. MENGANTI KEC. KESUGIHAN KAB. CILACAP BULAN JUNI 2024"]],
            "Menganti",
            "Desa Menganti, dari judul lembar.",
        ),
        (
            "Sheet1",
            [["DINAS KESEHATAN KABUPATEN CILACAP BIDANG KESMAS"], ["DESA : MENGANTI"]],
            "Menganti",
            "Desa Menganti, dari judul lembar.",
        ),
        (
            "Sheet1",
            [["DESA : KARANGREJA"], ["KEC. MAOS"]],
            "Karangreja, Kec. Maos",
            "Desa Karangreja, Kec. Maos, dari judul lembar.",
        ),
        (
            "Sheet1",
            [["PUSKESMAS : MAOS", "", "DESA : KARANGREJA"]],
            "Karangreja, Kec. Maos",
            "Desa Karangreja, Kec. Maos, dari judul lembar.",
        ),
        ("MENGANTI", [], "Menganti", "Desa Menganti, dari nama lembar."),
        ("Desa Menganti", [], "Menganti", "Desa Menganti, dari nama lembar."),
        ("Menganti Juni 2024", [], "Menganti", "Desa Menganti, dari nama lembar."),
        ("1. Menganti (2)", [], "Menganti", "Desa Menganti, dari nama lembar."),
        ("MENGANTI_06-2024", [], "Menganti", "Desa Menganti, dari nama lembar."),
        ("SLARANG", [["DESA MENGANTI"]], "Menganti", "Desa Menganti, dari judul lembar."),
        (
            "KARANGREJA",
            [["KECAMATAN MAOS"]],
            "Karangreja, Kec. Maos",
            "Desa Karangreja, Kec. Maos, dari nama lembar.",
        ),
        ("KESUGIHAN", [["KEC. KESUGIHAN"]], "Kesugihan", "Desa Kesugihan, dari nama lembar."),
    ],
)
def test_the_village_stands_in_the_titles_or_is_the_name_of_the_sheet(
    officer: User, home: Village, sheet: str, titles: Rows, place: str, said: str
) -> None:
    """Nobody is asked for it, and what is answered for rows without a village is not of these."""
    for answers in (ImportAnswers(), ImportAnswers(village=home)):
        report = preview(one_sheet(sheet, *titles), officer, answers=answers)
        assert found(report) == [("", len(titles) + 2, "new_child", place)]
        assert report.sheet_notes == (said,)


@pytest.mark.parametrize(
    ("sheet", "titles"),
    [
        ("JUNI 2024", []),
        ("Sheet1", [["DESA : ENTAH"]]),
        ("Sheet1", [["DESA : KARANGREJA"]]),  # of three kecamatan
        ("Sheet1", [["DESA : MENGANTI", "KECAMATAN : ENTAH"]]),
        ("Sheet1", [["DESA : MENGANTI"], ["KECAMATAN : MAOS"]]),
        ("KESUGIHAN", []),  # the kecamatan or its village
        ("Sheet1", [["DAFTAR BALITA DESA"]]),
        ("Sheet1", [["DESA KESUGIHAN WETAN"]]),
        ("Sheet1", [["DESA MENGANTI DAN SLARANG"]]),
        ("Menganti", [["DESA MENGANTI KAB. BANYUMAS"]]),
        ("Sheet1", [["DESA MENGANTI"], ["DESA SLARANG"]]),
        ("MENGANTI", [["DESA KARANGREJA"]]),
        ("DESA MENGANTI", [["DESA KARANGREJA"]]),
    ],
)
def test_a_name_that_is_unknown_or_of_several_proves_nothing(officer: User, sheet: str, titles: Rows) -> None:
    with pytest.raises(Invalid) as caught:
        preview(one_sheet(sheet, *titles), officer)
    assert caught.value.code == "village_needed"


def test_what_a_row_says_goes_before_its_sheet(officer: User) -> None:
    content = one_sheet("SLARANG", ["DESA SLARANG KEC. KESUGIHAN"], header=[*HEADER, "Desa"])
    report = preview(content, officer)
    assert found(report) == [("", 3, "new_child", "Menganti")]
    assert report.sheet_notes == ("Kecamatan KESUGIHAN, dari judul lembar.",)


def test_a_sheet_may_be_called_by_its_kecamatan(officer: User) -> None:
    rows = [[[*HEADER, "Desa"], [*child(name), "KARANGREJA"]] for name in ("UJI ALI", "UJI BUDI")]
    report = preview(book({"MAOS": rows[0], "Kec. Cimanggu": rows[1]}), officer)
    assert places_of(report) == ["Karangreja, Kec. Maos", "Karangreja, Kec. Cimanggu"]
    assert report.sheet_notes == (
        "Lembar MAOS: Kecamatan MAOS, dari nama lembar.",
        "Lembar Kec. Cimanggu: Kecamatan CIMANGGU, dari nama lembar.",
    )


def test_a_kecamatan_in_a_row_that_is_not_that_of_its_sheet_is_refused(officer: User) -> None:
    rows = [[*HEADER, "Kec"], [*child("UJI ALI"), "KESUGIHAN"], [*child("UJI BUDI"), "MAOS"]]
    report = preview(book({"MENGANTI": rows}), officer)
    assert [row.code for row in report.rows] == ["new_child", "village_unknown"]
    assert report.rows[1].sentence.startswith("Baris ini dari kecamatan MAOS, bukan dari Menganti.")


def test_a_sheet_of_a_village_of_others_is_not_of_mine(officer: User) -> None:
    cadre = make_user(Role.CADRE, Village.objects.get(name="Slarang"), username="kader")
    answers = ImportAnswers(village=Village.objects.get(name="Slarang"))
    for content in (one_sheet("Menganti"), one_sheet("x", ["DESA MENGANTI"]), one_sheet("KARANGREJA")):
        [refused] = preview(content, cadre, answers=answers).rows
        assert refused.code == "village_outside"
    maos = make_user(Role.KECAMATAN, Kecamatan.objects.get(name="Maos"), username="maos")
    assert found(preview(one_sheet("KARANGREJA"), maos)) == [("", 2, "new_child", "Karangreja, Kec. Maos")]


@pytest.mark.parametrize(
    ("sheet", "titles", "key"),
    [
        ("Sheet1", [["DESA MENGANTI"], ["POSYANDU ANGGREK 2"]], "ANGGREK 2"),
        ("ANGGREK II", [["DESA MENGANTI"]], "ANGGREK 2"),
        ("Posyandu Anggrek 2", [["DESA MENGANTI"]], "ANGGREK 2"),
        ("Sheet1", [["DESA MENGANTI"], ["POSYANDU : BARU 7"]], "BARU 7"),
        ("Sheet1", [["DESA MENGANTI"], ["POSYANDU", ":", "BARU 7"]], "BARU 7"),
        ("Sheet1", [["DESA MENGANTI"], ["Nama Posyandu:", "BARU 7"]], "BARU 7"),
        ("Sheet1", [["DESA MENGANTI"], ["DATA POSYANDU", "DATA PENGUKURAN"]], None),
        ("Sheet1", [["DATA POSYANDU BALITA SEHAT DESA MENGANTI"]], None),
        ("1", [["DESA MENGANTI"]], None),
    ],
)
def test_the_posyandu_stands_there_too(officer: User, sheet: str, titles: Rows, key: str | None) -> None:
    menganti = Village.objects.get(name="Menganti")
    for name in ("ANGGREK 2", "1"):
        Posyandu.objects.create(village=menganti, name=name, key=name)
    report = import_rows(one_sheet(sheet, *titles), officer)
    one = Child.objects.get()
    assert (one.village, one.posyandu and one.posyandu.key) == (menganti, key)
    assert any("Posyandu" in note for note in report.sheet_notes) is (key is not None)


# --- All sheets ---------------------------------------------------------------------------------------------


def test_sheets_of_three_villages_are_read_each_with_its_header_and_dates(officer: User) -> None:
    """One is written day first and one month first, and each proves its own order."""
    other = ["No", "Nama Anak", "TB", "BB", "Tgl Ukur", "Tanggal Lahir", "L/P"]
    content = book(
        {
            "Menganti": [
                HEADER,
                child("UJI ALI", Tgl_Lahir="25/03/2022", Tanggal_Pengukuran="05/06/2024"),
                child("UJI EKO", Tgl_Lahir="26/03/2022", Tanggal_Pengukuran="25/06/2024"),
            ],
            "REKAP": [["Desa", "Jumlah"], ["Menganti", "1"]],
            "Lembar2": [
                ["DESA SLARANG"],
                other,
                ["1", "UJI BUDI", "84.5", "11.4", "06/05/2024", "03/25/2022", "L"],
                ["2", "UJI CICI", "84.5", "11.4", "06/25/2024", "03/26/2022", "P"],
            ],
            "Karangkandri": [HEADER, child("UJI DEDI")],
        }
    )
    report = import_rows(content, officer)
    assert found(report) == [
        ("Menganti", 2, "new_child", "Menganti"),
        ("Menganti", 3, "new_child", "Menganti"),
        ("Lembar2", 3, "new_child", "Slarang"),
        ("Lembar2", 4, "new_child", "Slarang"),
        ("Karangkandri", 2, "new_child", "Karangkandri"),
    ]
    assert report.sheets == ("Menganti", "Lembar2", "Karangkandri")
    assert (report.sheet, report.others) == ("Menganti", ())
    days = Measurement.objects.order_by("child__name").values_list("child__birth_date", "measured_on")
    assert list(days)[:2] == [
        (date(2022, 3, 25), date(2024, 6, 5)),
        (date(2022, 3, 25), date(2024, 6, 5)),
    ]


def test_what_is_said_of_the_dates_of_one_sheet_is_not_of_one_that_proves_its_own(officer: User) -> None:
    proven = (
        child("UJI ALI", Tanggal_Pengukuran="05/06/2024"),
        child("UJI EKO", Tanggal_Pengukuran="25/06/2024"),
    )
    open_ = child("UJI BUDI", Tanggal_Pengukuran="06/05/2024")
    content = book({"Menganti": [HEADER, *proven], "Slarang": [HEADER, open_]})
    report = preview(content, officer)
    assert [row.code for row in report.rows] == ["new_child", "new_child", "date_order"]
    answers = ImportAnswers(orders=Orders(None, Order.MONTH_FIRST))
    days = [row.measured_on for row in preview(content, officer, answers=answers).rows]
    assert days == [date(2024, 6, 5), date(2024, 6, 25), date(2024, 6, 5)]


def test_a_column_that_is_not_read_in_two_sheets_is_said_once(officer: User) -> None:
    rows = {name: [[*HEADER, "Warna"], [*child(f"UJI {name}"), "biru"]] for name in ("Menganti", "Slarang")}
    assert preview(book(rows), officer).columns_not_read == (UnreadColumn("I", "Warna", 2, ("biru",)),)
    rows["Slarang"][1][-1] = "Siti Aminah"
    assert preview(book(rows), officer).columns_not_read == (UnreadColumn("I", "Warna", 2),)


def test_a_copy_of_a_sheet_brings_nothing_and_says_where_the_other_row_is(officer: User) -> None:
    rows = table([row(NIK=NIK)])
    report = preview(book({"JUNI": rows, "JUNI (2)": [["Salinan"], *rows]}), officer)
    assert [(row.sheet, row.number, row.code) for row in report.rows] == [
        ("JUNI", 2, "new_child"),
        ("JUNI (2)", 3, "same_in_file"),
    ]
    assert report.rows[1].sentence == "Sama dengan baris 2 lembar JUNI."
    again = preview(book({"JUNI": rows, "JULI": table([row(NIK=NIK, Berat="11.9")])}), officer).rows[1]
    assert again.code == "day_taken"
    assert again.sentence.startswith("Baris 2 lembar JUNI juga mengukur anak ini pada 12 Juni 2024")


def test_rows_have_the_keys_of_one_sheet_and_are_counted_over_all(officer: User) -> None:
    rows = table([row()])
    [alone] = keys_of(csv_file(row()), officer, answers=ImportAnswers()).values()
    [sheet] = keys_of(book({"JUNI": rows}), officer, answers=ImportAnswers()).values()
    both = keys_of(book({"A": rows, "B": rows}), officer, answers=ImportAnswers())
    in_one = keys_of(csv_file(row(), row()), officer, answers=ImportAnswers())
    assert alone == sheet == both["A", 2]
    assert [keys.nth for keys in both.values()] == [1, 2]
    assert list(both.values()) == list(in_one.values())


def test_a_title_gives_rows_the_keys_that_an_answer_gave_them(officer: User) -> None:
    menganti = Village.objects.get(name="Menganti")
    asked = keys_of(one_sheet("Sheet1"), officer, answers=ImportAnswers(village=menganti))
    named = keys_of(one_sheet("Menganti"), officer, answers=ImportAnswers())
    assert list(asked.values()) == list(named.values())


def test_one_village_is_asked_for_the_sheets_that_name_none(browser: Client, officer: User) -> None:
    content = book({name: [HEADER, child(f"UJI {name}")] for name in ("Menganti", "Satu", "Dua")})
    with pytest.raises(Invalid, match=r"Untuk lembar: Satu, Dua\.") as caught:
        preview(content, officer)
    assert caught.value.code == "village_needed"
    slarang = Village.objects.get(name="Slarang")
    report = preview(content, officer, answers=ImportAnswers(village=slarang))
    assert [row.place for row in report.rows] == ["Menganti", "Slarang", "Slarang"]
    assert report.village_for == ("Satu", "Dua")
    address = hand_in(browser, content)
    assert "Untuk lembar: Satu, Dua." in text(browser.get(address).content)
    browser.post(f"{address}answers/", {"village": slarang.pk})
    page = text(browser.get(address).content)
    assert "Untuk baris yang tidak menyebut desanya. Untuk lembar: Satu, Dua." in page
    assert "Lembar Menganti: Desa Menganti, dari nama lembar." in page
    assert "Dua: Baris 2" in page


def test_sheets_of_two_months_without_a_day_are_not_of_one_day(officer: User, home: Village) -> None:
    header = [title for title in HEADER if title != "Tanggal Pengukuran"]
    rows = [header, [row(Nama="UJI ALI").get(title, "") for title in header]]
    answers = ImportAnswers(village=home, measured_on=date(2024, 6, 12))
    report = preview(book({"MEI": rows, "JUNI": rows}), officer, answers=answers)
    assert (report.sheets, report.others) == (("MEI",), ("JUNI",))
    assert report.sheets_left_notes[0].startswith("Lembar JUNI tidak dibaca: Lembar ini dari bulan lain")
    assert preview(book({"A": rows, "B": rows}), officer, answers=answers).sheets == ("A", "B")


def test_the_columns_that_are_chosen_are_those_of_the_chosen_sheet(officer: User, home: Village) -> None:
    content = book({"A": [HEADER, child("UJI ALI")], "B": [["x"] * len(HEADER), child("UJI BUDI")]})
    fields = ("name", "sex", "birth_date", "parent", "measured_on", "weight", "lenhei", "position")
    mapping = {field: i for i, field in enumerate(fields)}
    answers = ImportAnswers(village=home, mapping=mapping, header_row=1, sheet="B")
    report = preview(content, officer, answers=answers)
    assert ([row.name for row in report.rows], report.others) == (["UJI BUDI"], ())
    assert report.sheet_notes == (
        "Hanya lembar yang Anda pilih yang dibaca. Lembar lain yang memuat anak: A.",
    )


def test_a_decision_about_a_row_is_about_that_of_its_sheet(officer: User, tmp_path: Path) -> None:
    file, decisions = tmp_path / "dua.xlsx", tmp_path / "keputusan.csv"
    file.write_bytes(book({"Menganti": [HEADER, child("UJI ALI")], "Slarang": [HEADER, child("UJI BUDI")]}))
    decisions.write_text("row,sheet,decision\n2,Slarang,skip\n")
    _code, printed = run(file, "--json", "--as", officer.username, "--decide", str(decisions))
    details = [(one["sheet"], one["row"], one["code"]) for one in json.loads(printed)["details"]]
    assert details == [("Menganti", 2, "new_child"), ("Slarang", 2, "skipped_by_choice")]
    decisions.write_text("row,sheet,decision\n2,,skip\n")
    with pytest.raises(Exception, match="baris “2” tidak ada"):
        run(file, "--json", "--as", officer.username, "--decide", str(decisions))


def test_a_part_is_saved_of_the_rows_of_its_sheet(browser: Client) -> None:
    content = book({name: [HEADER, child(f"UJI {name}")] for name in ("Menganti", "Slarang")})
    address = hand_in(browser, content)
    places = [Village.objects.get(name="Slarang").pk]
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"], "places": places})
    assert Child.objects.get().name == "UJI Slarang"


def test_rows_that_are_left_are_named_with_their_sheet(browser: Client) -> None:
    content = book({"Menganti": [HEADER, child("UJI ALI")], "Slarang": [HEADER, child("UJI BUDI", JK="?")]})
    address = hand_in(browser, content)
    [*_others, last] = csv.reader(
        browser.post(address, {"format": "csv", "table": "rows"}).content.decode("utf-8-sig").splitlines()
    )
    assert last[-1] == "Slarang"
    browser.post(f"{address}commit/")
    page = text(browser.get(address).content)
    assert "Slarang: Baris 2 UJI BUDI" in page


# --- Sheets that are hidden or cannot be read ---------------------------------------------------------------


def test_a_hidden_sheet_of_children_is_called_so_and_can_be_chosen(
    browser: Client, officer: User, tmp_path: Path
) -> None:
    content = book(
        {"Menganti": [HEADER, child("UJI ALI")], "Slarang": [HEADER, child("UJI BUDI")]}, "Slarang"
    )
    report = preview(content, officer)
    assert (report.sheets, report.others) == (("Menganti",), ("Slarang",))
    said = "Lembar tersembunyi Slarang memuat anak; tidak dibaca."
    assert report.sheets_left_notes == (said,)
    assert said in text(browser.get(hand_in(browser, content)).content)
    page = browser.get(f"{hand_in(browser, content)}columns/").content.decode()
    assert '<option value="Slarang">Slarang (tersembunyi)</option>' in page
    file = tmp_path / "buku.xlsx"
    file.write_bytes(content)
    code, printed = run(file, "--as", officer.username)
    assert code == 1
    assert said in printed
    code, printed = run(file, "--as", officer.username, "--sheet", "Slarang")
    assert code == 0
    assert "Lembar Slarang tersembunyi di berkas ini, dan dibaca." in printed
    assert "Desa Slarang, dari nama lembar." in printed


def test_where_no_visible_sheet_has_children_the_hidden_one_is_read_and_called_so(
    browser: Client, officer: User
) -> None:
    content = book({"Petunjuk": [["Isi lembar."]], "Menganti": [HEADER, child("UJI ALI")]}, "Menganti")
    report = preview(content, officer)
    assert (report.sheets, report.others) == (("Menganti",), ())
    said = "Lembar Menganti tersembunyi di berkas ini, dan dibaca."
    assert said in report.sheet_notes
    assert said in text(browser.get(hand_in(browser, content)).content)


def test_a_sheet_that_cannot_be_read_is_said_with_its_reason(officer: User) -> None:
    lacks = [title for title in HEADER if title != "JK"]
    places = [
        [*HEADER, "WILAYAH"],
        *([*child(name), place] for name, place in (("A B", "MENGANTI"), ("C D", "SLARANG"))),
    ]
    content = book(
        {
            "MEI": [lacks, [row(Nama="UJI ALI").get(title, "") for title in lacks]],
            "Menganti": [HEADER, child("UJI BUDI")],
            "DAFTAR": places,
        }
    )
    report = preview(content, officer)
    assert (report.sheets, report.others) == (("Menganti",), ("MEI", "DAFTAR"))
    first, second = report.sheets_left_notes
    assert first.startswith("Lembar MEI tidak dibaca: Kolom “JK” tidak ditemukan.")
    assert second.startswith("Lembar DAFTAR tidak dibaca: Kolom I (WILAYAH) memuat nama tempat")
    assert found(report) == [("", 2, "new_child", "Menganti")]


def test_the_name_of_a_sheet_alone_takes_no_month_for_a_place(officer: User, home: Village) -> None:
    Posyandu.objects.create(village=home, name="JUNI", key="JUNI")
    report = preview(one_sheet("JUNI 2024"), officer, answers=ImportAnswers(village=home))
    assert report.sheet_notes == ()


def test_a_binary_workbook_is_told_apart() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.bin", b"\x83\x01\x00")
    with pytest.raises(Invalid, match=r"\.xlsb.*simpan sebagai \.xlsx") as caught:
        read_sheets(written.getvalue())
    assert caught.value.code == "file_binary_workbook"


def test_sheets_are_read_with_whether_they_are_hidden() -> None:
    sheets = read_sheets(book({"A": [["x"]], "B": [["y"]]}, "B"))
    assert sheets == [Sheet("A", [["x"]]), Sheet("B", [["y"]], hidden=True)]
