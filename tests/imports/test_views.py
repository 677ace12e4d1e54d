"""The pages of a file: handed in, looked at, taken in once, thrown away; every wrong file gets a sentence."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import Child, Measurement, Role, Upload, User
from tests.factories import make_user
from tests.imports.files import csv_file, row, sample, table

pytestmark = pytest.mark.django_db

IMPORT = "/import/"


def hand_in(browser: Client, content: bytes, name: str = "balita.csv") -> str:
    """Upload a file; the address of its page."""
    answer = browser.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def text(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_the_address_is_named(browser: Client) -> None:
    assert reverse("registry:import") == IMPORT
    assert "Belum ada berkas" in browser.get(IMPORT).content.decode()


def test_a_sample_is_handed_in_looked_at_and_taken_in(browser: Client) -> None:
    address = hand_in(browser, sample("03"), "juni.csv")
    assert not Child.objects.exists()
    page = text(browser.get(address).content)
    assert "juni.csv: 9 baris dibaca. Belum ada yang disimpan." in page
    assert "Simpan 7 baris" in page
    assert "Berat 74 dan tinggi 8,9 tampak tertukar." in page
    assert "TB/U: di berkas −1,16, dihitung ulang −1,52." in page
    assert "3301021403220001" not in page
    assert not Child.objects.exists()

    assert browser.post(f"{address}commit/")["Location"] == address
    assert Measurement.objects.count() == 7
    done = text(browser.get(address).content)
    assert "Berkas sudah disimpan" in done
    assert "7 anak baru, 7 pengukuran baru. Sudah ada 1 Ditolak 1 Semua baris 9" in done
    assert "Berat 74 dan tinggi 8,9 tampak tertukar." in done


def test_an_xlsx_is_taken_in_by_what_it_is_and_not_by_its_name(browser: Client) -> None:
    page = text(browser.get(hand_in(browser, sample("02"), "balita.csv")).content)
    assert "Simpan 6 baris" in page


def test_the_content_is_sealed_and_gone_once_taken_in(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    upload = Upload.objects.get()
    assert b"SITI" not in bytes(upload.content_sealed)
    browser.post(f"{address}commit/")
    upload.refresh_from_db()
    assert bytes(upload.content_sealed) == b""
    assert "SITI" not in str(upload.summary)
    assert Measurement.objects.get().upload == upload


def test_a_second_click_changes_nothing(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}commit/")
    taken = Upload.objects.get().committed_at
    assert browser.post(f"{address}commit/").status_code == 302
    assert Upload.objects.get().committed_at == taken
    assert Measurement.objects.count() == 1


def test_the_same_file_again_says_when_it_was_taken_in_and_has_nothing_new(browser: Client) -> None:
    browser.post(f"{hand_in(browser, csv_file(row()))}commit/")
    again = hand_in(browser, csv_file(row()))
    page = text(browser.get(again).content)
    assert "Berkas yang sama sudah disimpan pada" in page
    assert "Tidak ada yang baru untuk disimpan." in page
    browser.post(f"{again}commit/")
    assert Measurement.objects.count() == 1


def test_a_file_can_be_thrown_away_before_it_is_taken_in_and_not_after(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    assert "Berkas dihapus." in text(browser.post(f"{address}discard/", follow=True).content)
    assert not Upload.objects.exists()
    assert browser.get(address).status_code == 404
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}commit/")
    page = text(browser.post(f"{address}discard/", follow=True).content)
    assert "Berkas ini sudah disimpan, jadi tidak bisa dihapus." in page
    assert Upload.objects.count() == 1


def test_a_file_left_lying_for_a_week_goes_with_the_next_one(browser: Client) -> None:
    hand_in(browser, csv_file(row()))
    Upload.objects.update(created_at=timezone.now() - timedelta(days=8))
    hand_in(browser, csv_file(row(Nama="DEWI")))
    assert Upload.objects.count() == 1


def test_rows_are_shown_by_outcome_and_in_pages(browser: Client) -> None:
    names = [f"{a}{b}{a} {b}{a}{b}" for a in "ABCDEFGH" for b in "KLMNOPQR"]
    address = hand_in(browser, csv_file(*(row(Nama=name) for name in names), row(JK="?")))
    assert "Halaman 1 dari 2" in text(browser.get(address).content)
    refused = browser.get(f"{address}?outcome=refused").content
    assert "Jenis kelamin “?” tidak dikenal." in text(refused)
    assert names[0] not in text(refused)
    assert browser.get(f"{address}?outcome=x").status_code == 400


def test_the_page_speaks_english_to_who_reads_english(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    assert browser.get(address, headers={"accept-language": "en"}).status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Berkas ini kosong."),
        (b"MZ\x90\0", "Berkas ini bukan Excel, ODS atau CSV."),
        (b"%PDF-1.7", "Berkas ini bukan Excel, ODS atau CSV."),
        (b"<html></html>", "Berkas ini halaman web, bukan Excel."),
        (b"PK\x03\x04", "Berkas ini rusak"),
        (csv_file(), "Berkas ini hanya berisi judul kolom"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_not_kept(
    browser: Client, content: bytes, sentence: str
) -> None:
    answer = browser.post(IMPORT, {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 400
    assert sentence in text(answer.content)
    assert not Upload.objects.exists()


def test_no_file_and_too_large_a_file_are_refused_with_a_sentence(browser: Client, settings) -> None:
    assert "Pilih berkasnya dulu." in text(browser.post(IMPORT).content)
    settings.SPREADSHEET_MAX_BYTES = 1024 * 1024
    answer = browser.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"A,B\n" * 300_000)})
    assert answer.status_code == 400
    assert "Berkas ini lebih dari 1 MB." in text(answer.content)


def test_a_child_enrolled_meanwhile_is_found_when_the_file_is_taken_in(browser: Client) -> None:
    first, second = hand_in(browser, csv_file(row())), hand_in(browser, csv_file(row(Alamat="lain")))
    browser.post(f"{first}commit/")
    browser.post(f"{second}commit/")
    assert Child.objects.count() == 1


def test_a_file_belongs_to_who_handed_it_in(browser: Client, client: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    client.force_login(make_user(Role.DISTRICT))
    assert client.get(address).status_code == 404
    assert client.post(f"{address}commit/").status_code == 404
    assert client.post(f"{address}discard/").status_code == 404
    assert not Child.objects.exists()


@pytest.mark.parametrize("role", [Role.CLIENT, None])
def test_who_works_with_no_children_finds_no_such_page(client: Client, role: Role | None) -> None:
    client.force_login(make_user(role))
    assert client.get(IMPORT).status_code == 404


def test_nobody_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(IMPORT)["Location"] == f"/accounts/login/?next={IMPORT}"


def test_looking_never_writes(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    for deed in ("commit", "discard", "take-back", "check"):
        assert browser.get(f"{address}{deed}/")["Location"] == address
    assert Upload.objects.count() == 1
    assert not Child.objects.exists()


def test_sheets_that_are_not_read_are_named(browser: Client) -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        for month in ("Juni", "Juli", "Petunjuk"):
            sheet = book.add_worksheet(month)
            if month == "Juli":
                sheet.hide()
            for number, cells in enumerate(table([row()]) if month != "Petunjuk" else [["Isi lembar Juni."]]):
                sheet.write_row(number, 0, cells)
    page = text(browser.get(hand_in(browser, written.getvalue(), "dua.xlsx")).content)
    assert "Lembar: Juni." in page
    assert "Lembar tersembunyi Juli memuat anak; tidak dibaca." in page
    assert "tidak dibaca" not in text(browser.get(hand_in(browser, csv_file(row()))).content)


def test_the_files_of_a_user_are_listed_in_pages_and_taken_away_whole(browser: Client, officer: User) -> None:
    for i in range(23):
        Upload.objects.create(user=officer, file_name=f"berkas-{i:02}.csv", sha256="0" * 64)
    first, second = (browser.get(address).content.decode() for address in (IMPORT, f"{IMPORT}?page=2"))
    assert "Halaman 1 dari 2" in text(first.encode())
    names = [re.findall(r"<b>(berkas-\d\d)", page) for page in (first, second)]
    assert (len(names[0]), len(names[1])) == (20, 3)
    assert names[0] + names[1] == [f"berkas-{i:02}" for i in reversed(range(23))]
    taken = browser.get(f"{IMPORT}?format=csv&table=uploads").content.decode("utf-8-sig")
    assert len(taken.splitlines()) == 24
    assert "berkas-22" in browser.get(f"{IMPORT}?page=x").content.decode()


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ((1, 2), "1 measurement, 2 children"),
        ((1234, 1), "1,234 measurements, 1 child"),
    ],
)
def test_what_stays_after_taking_back_is_counted_in_english_too(
    browser: Client, kept: tuple[int, int], words: str
) -> None:
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}commit/")
    browser.post(f"{address}take-back/")
    upload = Upload.objects.get()
    upload.summary["taken_back"] |= {"measurements_kept": kept[0], "children_kept": kept[1]}
    upload.save()
    assert words in text(browser.get(address, headers={"accept-language": "en"}).content)
