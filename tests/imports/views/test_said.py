"""What the page of a file says of what was answered, chosen and read."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from registry.models import Upload, Village
from tests.imports.files import csv_file, row, sheet_bytes
from tests.imports.test_views import IMPORT, hand_in, text
from tests.imports.views.test_answering import NO_DAY, page_of
from tests.imports.views.test_columns import BOOK, PICKS

pytestmark = pytest.mark.django_db

OPEN, ANSWERED = "Yang perlu Anda jawab", "Yang sudah Anda jawab"


def test_a_question_that_is_answered_looks_so_and_keeps_the_example_of_the_file(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(Tanggal_Pengukuran="6/12/2024")))
    page = text(browser.get(address).content)
    assert OPEN in page
    assert ANSWERED not in page
    browser.post(f"{address}answers/", {"measured_order": "month_first"})
    page = text(browser.get(address).content)
    assert OPEN not in page
    assert ANSWERED in page
    assert "hari dulu: “6/12/2024” adalah 6 Desember 2024" in page
    assert "bulan dulu: “6/12/2024” adalah 12 Juni 2024" in page


def test_what_is_open_and_what_is_answered_stand_apart(browser: Client, home: Village) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_DAY))
    browser.post(f"{address}answers/", {"village": home.pk})
    page = text(browser.get(address).content)
    assert page.index(OPEN) < page.index("Tanggal pengukuran semua baris") < page.index(ANSWERED)
    assert page.index(ANSWERED) < page.index("Desa atau kelurahan berkas ini")


def test_rows_that_wait_for_an_answer_lead_to_the_question(browser: Client, home: Village) -> None:
    page = page_of(browser, hand_in(browser, csv_file(row(Tanggal_Pengukuran="6/12/2024"))))
    assert "Tanggal “6/12/2024” bisa berarti dua hari." in page
    assert "Jawab pertanyaan tentang urutan hari dan bulan" in page
    assert "Tulis seperti 2024-06-12" not in page
    address = hand_in(browser, csv_file(row(), header=NO_DAY))
    browser.post(f"{address}answers/", {"village": home.pk})
    assert "Jawab pertanyaan tentang tanggalnya." in page_of(browser, address)


def test_a_column_that_was_left_out_by_choice_is_told_as_a_choice(browser: Client, home: Village) -> None:
    address = hand_in(browser, sheet_bytes(BOOK), "buku.csv")
    browser.post(f"{address}columns/", {**PICKS, "column-4": "", "name": "Buku Melati"})
    browser.post(f"{address}answers/", {"village": home.pk})
    page = text(browser.get(address).content)
    assert "karena judulnya tidak dikenal" not in page
    assert "Kolom yang tidak dipakai, sesuai pilihan Anda: E (Senti): 2 baris, misalnya 84,5; 86,0." in page
    again = page_of(browser, f"{address}columns/")
    assert 'name="name" maxlength="60" value="Buku Melati"' in again


def test_numbers_of_rows_are_written_with_points(browser: Client) -> None:
    rows = [row(Nama=f"A{a}{b}", Berat="x") for a in range(34) for b in range(30)]
    assert "1.020 baris dibaca" in text(browser.get(hand_in(browser, csv_file(*rows))).content)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("checking", "Sedang diperiksa"),
        ("writing", "Sedang disimpan"),
        ("queued", "Menunggu disimpan"),
        ("checked", "Belum disimpan"),
    ],
)
def test_the_list_of_files_says_what_is_being_done_with_each(browser: Client, step: str, words: str) -> None:
    hand_in(browser, csv_file(row()))
    Upload.objects.update(step=step)
    assert words in text(browser.get(IMPORT).content)
    taken = browser.get(f"{IMPORT}?format=csv&table=uploads").content.decode("utf-8-sig")
    assert words in taken
    assert ("Belum disimpan" in taken) == (step == "checked")


def test_the_way_to_the_columns_is_as_large_as_a_finger(browser: Client) -> None:
    page = page_of(browser, hand_in(browser, csv_file(row())))
    assert re.search(r'<p><a class="take" href="[^"]*/columns/">Kolomnya salah dibaca', page)
