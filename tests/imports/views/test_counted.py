"""What the pages of a file count: children and measurements, of which the doubtful ones are a part."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.imports import workflow
from registry.imports.readers.read_file import read_sheets
from registry.models import Upload
from tests.imports.files import HEADER, csv_file, row
from tests.imports.test_views import IMPORT, hand_in, text

pytestmark = pytest.mark.django_db

JULY = {"Tanggal_Pengukuran": "2024-07-12"}
ROWS = (
    row(),
    row(Berat="11.9", **JULY),
    row(Nama="BUDI", JK="L"),
    row(Nama="CITRA", Tinggi="60"),  # 26 SD too short to be believed
    row(Nama="CITRA", Tinggi="61", **JULY),
    row(Nama="DEWI", JK="?"),
)
"""Three new children, one of them doubtful; five measurements, of which two are; and a row refused."""

BROUGHT = "3 anak baru, 5 pengukuran baru (termasuk 2 meragukan)."


def taken(browser: Client) -> str:
    address = hand_in(browser, csv_file(*ROWS))
    browser.post(f"{address}commit/")
    return address


def test_before_saving_the_doubtful_are_in_the_cards_and_a_part_of_them(browser: Client) -> None:
    page = text(browser.get(hand_in(browser, csv_file(*ROWS))).content)
    assert "Anak baru 3 termasuk 1 meragukan" in page
    assert "Anak yang sudah terdaftar 0 Pengukuran baru 5 termasuk 2 meragukan" in page
    assert "Baris yang belum bisa disimpan 1" in page
    assert "Semua (6) Anak baru (3) Pengukuran baru (2) Meragukan (2) Ditolak (1)" in page


def test_the_filter_opens_the_doubtful_alone_and_new_children_with_them(browser: Client) -> None:
    address = hand_in(browser, csv_file(*ROWS))
    doubtful = text(browser.get(f"{address}?outcome=doubtful").content)
    assert "CITRA" in doubtful
    assert "BUDI" not in doubtful
    new = text(browser.get(f"{address}?outcome=new_child").content)
    assert "BUDI" in new
    assert "CITRA" in new


def test_after_saving_the_page_and_the_list_tell_children_and_measurements(browser: Client) -> None:
    page = text(browser.get(taken(browser)).content)
    assert f"{BROUGHT} Ditolak 1 Semua baris 6" in page
    assert BROUGHT in text(browser.get(IMPORT).content)
    as_csv = browser.get(f"{IMPORT}?format=csv&table=uploads").content.decode("utf-8-sig").splitlines()
    assert as_csv[0].endswith(",Anak baru,Pengukuran baru")
    assert as_csv[1].endswith(",3,5")


def test_children_of_the_register_are_told_from_new_ones(browser: Client) -> None:
    taken(browser)
    address = hand_in(browser, csv_file(row(), row(Berat="12.4", Tanggal_Pengukuran="2024-08-12")))
    page = text(browser.get(address).content)
    assert "Anak baru 0 Anak yang sudah terdaftar 1 Pengukuran baru 1 " in page
    browser.post(f"{address}commit/")
    page = text(browser.get(address).content)
    assert "1 anak yang sudah terdaftar, 1 pengukuran baru." in page
    assert "Sudah ada 1" in page


def test_a_part_that_was_saved_is_counted_as_it_was_saved(browser: Client) -> None:
    address = hand_in(browser, csv_file(*ROWS))
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"]})
    page = text(browser.get(address).content)
    assert "2 anak baru, 2 pengukuran baru." in page
    assert "Dilewati" not in page
    assert "Tidak dicentang 3" in page


def test_what_was_saved_before_this_was_counted_is_still_drawn(browser: Client) -> None:
    address = taken(browser)
    upload = Upload.objects.get()
    del upload.summary["counts"]
    upload.save()
    page = text(browser.get(address).content)
    assert "Anak baru 2 Pengukuran baru 1 Meragukan 2 Ditolak 1 Semua baris 6" in page
    assert f"{upload.file_name} disimpan" in text(browser.get(IMPORT).content)


def test_a_file_with_nothing_new_says_so(browser: Client) -> None:
    taken(browser)
    address = hand_in(browser, csv_file(row(JK="?")))
    workflow.commit(by=Upload.objects.first().user, upload_id=address.split("/")[-2])
    assert "Tidak ada anak atau pengukuran baru." in text(browser.get(address).content)


def test_what_is_lost_with_a_column_stands_in_the_file_of_the_rows(browser: Client) -> None:
    header = ["Warna" if name == "KPSP" else name for name in HEADER]
    address = hand_in(browser, csv_file(row(Warna="biru"), header=header))
    answer = browser.post(address, {"format": "xlsx", "table": "rows"})
    notes = read_sheets(answer.content)[-1]
    said = [cell for line in notes.rows for cell in line]
    assert (
        "Kolom yang tidak dibaca, karena judulnya tidak dikenal atau terulang: "
        "AF (Warna): 1 baris, misalnya biru."
    ) in said
