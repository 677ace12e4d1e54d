"""Beneficiaries come in and go out as files. On 20 August 2024."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpm.beneficiary_columns import services_of_cell
from kpm.convergence_actions import correct_beneficiary, end_beneficiary, take_back_service
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    ConditionRecord,
    GroupInUse,
    Household,
    ServiceRecord,
)
from kpm.scorecard.indicators import ScoredService
from registry.imports.readers.read_file import read_sheets
from registry.models import Child, ExportLog, Role, Upload, User, Village
from tests.factories import make_child, make_user, make_village, signed_in
from tests.kpm.convergence.test_actions import ask, register, serve

PAGE = "/convergence/files/?village=33.01.02.2009"
PLAIN = "Nama;Tanggal lahir;HPHT;HPL;RT;RW;Periksa kehamilan (ANC);Tablet tambah darah;Jamban layak;KEK\n"
WATI = "Wati Contoh;1996-02-03;;2024-11-20;002;004;3/6/2024, 2024-07-02;2024-07-02 (60);ya;tidak\n"
FORM_2A = """Formulir 2A. Pemantauan Bulanan Ibu Hamil;;;;;;;;;;;;;;
Desa: Kesugihan Kidul;;Bulan: Juli 2024;;;;;;;;;;;;
No;No. Register (KIA);Nama Ibu;Status Kehamilan (KEK/RISTI/NORMAL);Hari Perkiraan Lahir (Tgl/Bln/Thn);\
Usia Kehamilan (bulan);Tanggal Melahirkan;Pemeriksaan Kehamilan;Konsumsi Pil Fe;Pemeriksaan Nifas;\
Konseling Gizi (Kelas IH);Kunjungan Rumah;Akses Air Bersih;Kepemilikan Jamban;Jaminan Kesehatan
(1);(2);(3);(4);(5);(6);(7);(8);(9);(10);(11);(12);(13);(14);(15)
1;KIA-1;WATI CONTOH;KEK;20/11/2024;5;-;V;V;-;V;V;V;X;V
2;KIA-2;SRI CONTOH;RISTI;05/12/2024;5;;1;60;;X;V;ya;tidak;-
3;KIA-3;RINI CONTOH;NORMAL;01/08/2024;;28/07/2024;-;-;V;-;-;1;1;0
JUMLAH;;;;;;;3;2;;;;;;
"""
FORM_2B = """Formulir 2B. Pemantauan Bulanan Anak 0-2 Tahun, Juli 2024;;;;;;;;;;
No;No. Register (KIA);Nama Anak;Jenis Kelamin;Tanggal Lahir;Status Gizi;Imunisasi Dasar;\
Pengukuran Berat Badan;Konseling Gizi bagi Orang Tua;Akta Lahir;Pengasuhan/PAUD
1;K-1;SITI CONTOH;P;20/06/2023;Normal;X;V;V;ya;V
2;K-2;TONO CONTOH;L;21/06/2023;Normal;V;V;V;ya;V
"""


@pytest.fixture
def page(cadre: User) -> Client:
    return signed_in(cadre)


def hand_in(client: Client, content: bytes | str, name: str = "sasaran.csv") -> str:
    """Upload a file on the page of Kesugihan Kidul; the address of its report."""
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(PAGE, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, words_of(answer.content)
    return str(answer["Location"])


def bring(client: Client, content: bytes | str) -> str:
    """Upload a file, and save what its report shows; what the receipt says."""
    address = hand_in(client, content)
    client.post(f"{address}commit/", {"mark": Upload.objects.latest("created_at").summary.get("mark", "")})
    return read(client, address)


def read(client: Client, address: str) -> str:
    return words_of(client.get(address).content)


def words_of(content: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(content.decode())).split())


def taken(client: Client, form: str = "xlsx") -> bytes:
    answer = client.post(PAGE, {"format": form, "table": "beneficiaries"})
    assert answer.status_code == 200
    return bytes(answer.content)


def rows_of(content: bytes) -> list[list[Any]]:
    return [list(row) for row in read_sheets(content)[0].rows]


def stored() -> tuple[int, int, int]:
    return Beneficiary.objects.count(), ServiceRecord.objects.count(), ConditionRecord.objects.count()


def test_a_plain_table_is_checked_first_and_stored_through_the_actions(page: Client, cadre: User) -> None:
    address = hand_in(page, PLAIN + WATI)
    assert stored() == (0, 0, 0)
    shown = read(page, address)
    assert "Dibaca sebagai daftar sasaran layanan." in shown
    assert "Baris 2 Wati Contoh" in shown
    assert "Sasaran baru Didaftarkan, dengan 3 layanan dan 2 jawaban." in shown
    assert "Simpan 1 baris" in shown
    receipt = bring(page, PLAIN + WATI)
    assert "Sasaran baru 1 Semua baris 1" in receipt
    woman = Beneficiary.objects.get()
    # 20 November less 280 days: 14 February 2024 (20 days of November, 260 days back from 31 October).
    assert (woman.name, woman.group, woman.birth_date, woman.last_period) == (
        "Wati Contoh",
        "pregnant",
        date(1996, 2, 3),
        date(2024, 2, 14),
    )
    assert (woman.rt, woman.rw, woman.village_id, woman.created_by) == ("002", "004", "33.01.02.2009", cadre)
    assert list(woman.services.values_list("service", "on", "quantity")) == [
        ("check_up", date(2024, 6, 3), 1),
        ("check_up", date(2024, 7, 2), 1),
        ("iron_tablets", date(2024, 7, 2), 60),
    ]
    answers = ConditionRecord.objects.order_by("condition").values_list("condition", "is_met", "on")
    assert list(answers) == [("kek", False, date(2024, 8, 20)), ("latrine", True, date(2024, 8, 20))]


def test_the_same_file_again_adds_nothing_and_says_so(page: Client) -> None:
    bring(page, PLAIN + WATI)
    before = stored()
    shown = read(page, hand_in(page, PLAIN + WATI + "\n"))
    assert "Sudah ada Semuanya sudah ada." in shown
    assert "Tidak ada yang baru untuk disimpan." in shown
    assert stored() == before == (1, 3, 2)


def test_our_own_file_comes_back_as_it_was_taken(page: Client, cadre: User, village: Village) -> None:
    GroupInUse.objects.create(district=village.kecamatan.district, group="couple", since=date(2024, 1, 1))
    wati = register(cadre, village, rt="002", birth_date=date(1996, 2, 3))
    like = register(cadre, village, "Wati Conto", last_period=date(2023, 11, 20))
    register(cadre, village, "=SUM(Ani)", group=BeneficiaryGroup.COUPLE, last_period=None)
    for day in (date(2024, 5, 2), date(2024, 6, 3), date(2024, 6, 3)):
        serve(cadre, "check_up", day, beneficiary_id=wati.pk)
    serve(cadre, "iron_tablets", date(2024, 6, 3), beneficiary_id=wati.pk, quantity=1)
    serve(cadre, "counselling", date(2024, 6, 3), beneficiary_id=like.pk)
    ask(cadre, "latrine", False, on=date(2024, 6, 3), beneficiary_id=wati.pk)
    end_beneficiary(by=cadre, beneficiary_id=wati.pk, ended_by=BeneficiaryEnd.DELIVERED, on=date(2024, 8, 15))
    files = {form: taken(page, form) for form in ("xlsx", "csv")}
    first = rows_of(files["xlsx"])
    assert len(first) == 4
    assert first[0][:10] == [
        *("Kelompok", "Nama", "Tanggal lahir", "HPHT", "RT", "RW", "Desa/kelurahan", "Kode desa"),
        *("Berakhir pada", "Berakhir karena"),
    ]
    assert "2024-05-02; 2024-06-03; 2024-06-03" in first[3]
    assert "2024-06-03 (1)" in first[3]
    assert "Tidak (2024-06-03)" in first[3]
    log = ExportLog.objects.latest("at") if hasattr(ExportLog, "at") else ExportLog.objects.last()
    assert log is not None and (log.page, log.rows, log.place_code) == ("beneficiaries", 3, village.pk)
    for content in files.values():
        forget_all()
        assert "Sasaran baru 3 Semua baris 3" in bring(page, content)
        assert rows_of(taken(page)) == first
        assert "Semuanya sudah ada." in read(page, hand_in(page, content))


def forget_all() -> None:
    for model in (ServiceRecord, ConditionRecord, Beneficiary, Household):
        model.objects.all().delete()


def test_a_file_is_taken_back_and_what_people_did_since_stays(page: Client, cadre: User) -> None:
    other = WATI.replace("Wati Contoh", "Lina Lestari").replace("2024-11-20", "2024-10-10")
    bring(page, PLAIN + WATI + other)
    assert stored() == (2, 6, 4)
    lina = Beneficiary.objects.get(name="Lina Lestari")
    serve(cadre, "counselling", beneficiary_id=lina.pk)
    upload = Upload.objects.get()
    page.post(f"/import/{upload.pk}/take-back/")
    shown = read(page, f"/import/{upload.pk}/")
    assert "Sasaran yang dihapus 1 Layanan dan jawaban yang dihapus 10" in shown
    assert "karena sudah dikerjakan orang setelahnya 1" in shown
    assert list(Beneficiary.objects.values_list("name", flat=True)) == ["Lina Lestari"]
    assert [one.service for one in ServiceRecord.objects.all()] == ["counselling"]
    assert Household.objects.count() == 1
    # Once more, and the file may come again.
    page.post(f"/import/{upload.pk}/take-back/")
    bring(page, PLAIN + WATI + other)
    assert stored() == (2, 7, 4)


def test_whoever_was_put_right_since_stays_when_a_file_is_taken_back(page: Client, cadre: User) -> None:
    bring(page, PLAIN + WATI)
    woman = Beneficiary.objects.get()
    correct_beneficiary(by=cadre, beneficiary_id=woman.pk, reason="salah eja", values={"name": "Watini"})
    page.post(f"/import/{Upload.objects.get().pk}/take-back/")
    assert [one.name for one in Beneficiary.objects.all()] == ["Watini"]


def test_whoever_was_taken_off_the_list_by_a_file_is_on_it_again(
    page: Client, cadre: User, village: Village
) -> None:
    woman = register(cadre, village)
    rows = "Nama;HPHT;Tanggal melahirkan\nWati Contoh;2023-11-10;2024-08-15\n"
    bring(page, rows)
    woman.refresh_from_db()
    assert (woman.ended_by, woman.ended_on) == ("delivered", date(2024, 8, 15))
    page.post(f"/import/{Upload.objects.get().pk}/take-back/")
    woman.refresh_from_db()
    assert (woman.ended_by, woman.ended_on) == ("", None)


def test_a_service_that_was_taken_back_by_hand_is_not_brought_again(page: Client, cadre: User) -> None:
    bring(page, PLAIN + WATI)
    record = ServiceRecord.objects.get(service="iron_tablets")
    take_back_service(by=cadre, record_id=record.pk)
    assert "Semuanya sudah ada." in read(page, hand_in(page, PLAIN + WATI))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Wati Kontoh;;2023-11-12;;;;;;;", "Mungkin Wati Contoh (HPHT 10 November 2023)"),
        ("Wati Contoh;;2024-07-01;;;;;;;", "Mungkin Wati Contoh (HPHT 10 November 2023)"),
        ("Baru Sekali;;;;;;;;;", "Tulis hari pertama haid terakhir (HPHT), boleh perkiraan."),
        ("Baru Sekali;;besok;;;;;;;", "HPHT: “besok” tidak terbaca. Tulis tanggal seperti 2024-06-12."),
        ("Baru Sekali;;2024-09-01;;;;;;;", "HPHT itu tidak mungkin."),
        ("Baru Sekali;;2024-03-01;;;;2024-09-01;;;", "Tanggal itu tidak boleh setelah hari ini."),
        ("Baru Sekali;;2024-03-01;;;;V;;;", "Layanan ini hanya dicentang."),
        (
            "Baru Sekali;;2024-03-01;;;;;;mungkin;",
            "“mungkin” tidak terbaca. Tulis tanggal seperti 2024-06-12, atau ya/tidak.",
        ),
    ],
)
def test_a_doubtful_or_wrong_row_is_reported_with_what_to_do_and_stores_nothing(
    page: Client, cadre: User, village: Village, row: str, sentence: str
) -> None:
    register(cadre, village)
    shown = read(page, hand_in(page, PLAIN + row + "\n"))
    assert sentence in shown
    assert stored() == (1, 0, 0)


def test_somebody_known_gets_what_she_lacks_and_keeps_what_the_register_says(
    page: Client, cadre: User, village: Village
) -> None:
    woman = register(cadre, village, rt="009")
    serve(cadre, "check_up", date(2024, 6, 3), beneficiary_id=woman.pk)
    rows = "Nama;HPHT;RT;ANC\nWATI CONTOH;2023-11-20;002;2024-06-03;2024-07-02\n".replace(
        "2024-06-03;2024-07-02", '"2024-06-03; 2024-07-02"'
    )
    assert "Dilengkapi 1" in bring(page, rows)
    woman.refresh_from_db()
    assert (woman.name, woman.rt, woman.last_period) == ("Wati Contoh", "009", date(2023, 11, 10))
    assert [one.on for one in woman.services.all()] == [date(2024, 6, 3), date(2024, 7, 2)]


def test_a_group_that_the_district_does_not_use_is_refused(page: Client) -> None:
    shown = read(page, hand_in(page, "Kelompok;Nama;RT\nremaja putri;Nisa Contoh;1\nlansia;Mbah Contoh;1\n"))
    assert "Kelompok ini belum didata di kabupaten ini." in shown
    assert "Kelompok “lansia” tidak dikenal." in shown


def test_form_2a_is_read_with_its_month_its_ticks_and_its_status(page: Client) -> None:
    address = hand_in(page, FORM_2A)
    shown = read(page, address)
    assert "Yang hanya dicentang dicatat pada 31 Juli 2024." in shown
    assert shown.count("Baris ini bukan orang.") == 2
    bring(page, FORM_2A)
    wati, sri, rini = (Beneficiary.objects.get(name=f"{name} CONTOH") for name in ("WATI", "SRI", "RINI"))
    # 5 December less 280 days is 29 February; 1 August less 280 days is 26 October of the year before.
    assert [one.last_period for one in (wati, sri, rini)] == [
        date(2024, 2, 14),
        date(2024, 2, 29),
        date(2023, 10, 26),
    ]
    assert {(one.service, one.on, one.quantity) for one in wati.services.all()} == {
        (service, date(2024, 7, 31), quantity)
        for service, quantity in (
            ("check_up", 1),
            ("iron_tablets", 30),
            ("counselling", 1),
            ("home_visit", 1),
        )
    }
    assert {(one.service, one.quantity) for one in sri.services.all()} == {
        *(("check_up", 1), ("iron_tablets", 60), ("home_visit", 1))
    }
    assert (rini.ended_by, rini.ended_on) == ("delivered", date(2024, 7, 28))
    assert [one.service for one in rini.services.all()] == ["postnatal_visit"]
    own = {
        one.name: {answer.condition: answer.is_met for answer in one.conditions.all()}
        for one in (wati, sri, rini)
    }
    assert own == {
        "WATI CONTOH": {"kek": True, "at_risk": False},
        "SRI CONTOH": {"kek": False, "at_risk": True},
        "RINI CONTOH": {"kek": False, "at_risk": False},
    }
    homes = {answer.condition: answer.is_met for answer in wati.household.conditions.all()}
    assert homes == {"safe_water": True, "latrine": False, "insurance": True}


def test_ticks_without_a_month_wait_for_the_day_that_is_asked(page: Client) -> None:
    address = hand_in(page, "Nama;HPHT;ANC\nWati Contoh;2024-02-14;V\n")
    shown = read(page, address)
    assert "Tanggal layanan yang hanya dicentang" in shown
    page.post(f"{address}answers/", {"measured_on": "2024-07-09"})
    assert "Didaftarkan, dengan 1 layanan" in read(page, address)
    page.post(f"{address}commit/", {"mark": Upload.objects.get().summary["mark"]})
    assert ServiceRecord.objects.get().on == date(2024, 7, 9)


def test_form_2b_finds_children_and_makes_none(page: Client, cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    shown = read(page, hand_in(page, FORM_2B))
    assert "TONO CONTOH dengan tanggal lahir itu tidak ada di Kesugihan Kidul." in shown
    assert "Tidak diambil dari berkas: Ditimbang." in shown
    bring(page, FORM_2B)
    assert Child.objects.get() == child
    assert set(child.services.values_list("service", "on")) == {
        ("counselling", date(2024, 7, 31)),
        ("parenting_class", date(2024, 7, 31)),
    }
    assert [(one.condition, one.is_met) for one in child.conditions.all()] == [("birth_certificate", True)]
    page.post(f"/import/{Upload.objects.latest('created_at').pk}/take-back/")
    assert (child.services.count(), child.conditions.count(), Child.objects.count()) == (0, 0, 1)


def test_two_children_that_may_be_meant_are_reported(page: Client, cadre: User, village: Village) -> None:
    for name in ("Siti Contoh A", "Siti Contoh B"):
        make_child(cadre, village, name=name, birth_date=date(2023, 6, 20))
    assert "Ada beberapa anak seperti SITI CONTOH" in read(page, hand_in(page, FORM_2B))


def test_nobody_imports_into_the_village_of_another_or_reads_the_report(
    page: Client, village: Village
) -> None:
    other = make_village("33.01.02.2010", "Slarang")
    stranger = signed_in(make_user(Role.CADRE, other))
    assert stranger.post(PAGE, {"file": SimpleUploadedFile("a.csv", b"x")}).status_code == 404
    assert stranger.post(PAGE, {"format": "csv", "table": "beneficiaries"}).status_code == 404
    address = hand_in(page, PLAIN + WATI)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}commit/").status_code == 404
    rows = "Nama;HPHT;Kode desa\nWati Contoh;2024-02-14;33.01.02.2010\n"
    shown = read(page, hand_in(page, rows))
    assert "Tidak ada yang baru untuk disimpan." in shown
    assert "Desa ini tidak ada di wilayah kerja Anda." in shown
    assert Beneficiary.objects.count() == 0


def test_a_row_and_a_part_can_be_left_out(page: Client) -> None:
    address = hand_in(page, PLAIN + WATI + WATI.replace("Wati Contoh", "Lina Lestari"))
    fields = re.findall(
        r'name="(row-[0-9a-f]{64}-[0-9a-f]{64})" value="skip"', page.get(address).content.decode()
    )
    page.post(f"{address}decisions/", {fields[0]: "skip", "check": "1"})
    assert "Dilewati atas pilihan Anda." in read(page, address)
    page.post(f"{address}commit/", {"mark": Upload.objects.get().summary["mark"]})
    assert [one.name for one in Beneficiary.objects.all()] == ["Lina Lestari"]


def test_a_register_that_changed_since_the_check_is_not_written_to(
    page: Client, cadre: User, village: Village
) -> None:
    address = hand_in(page, PLAIN + WATI)
    register(cadre, village, birth_date=date(1996, 2, 3), last_period=date(2024, 2, 14))
    page.post(f"{address}commit/", {"mark": Upload.objects.get().summary["mark"]})
    assert "Register berubah sejak berkas ini diperiksa." in read(page, address)
    assert stored() == (1, 0, 0)


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                sheet.write(i, j, cell)
    return file.getvalue()


def test_formulas_are_read_as_text_and_go_out_as_text(page: Client) -> None:
    content = 'Nama;HPHT;RT\n"=HYPERLINK(""http://evil.example"")";2024-02-14;@x\n'
    bring(page, content)
    assert Beneficiary.objects.get().name == '=HYPERLINK("http://evil.example")'
    line = taken(page, "csv").decode().splitlines()[1]
    assert "'=HYPERLINK" in line and "'@x" in line


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\0" * 40, "Berkas ini kosong."),
        (b"Nama;HPHT;RT\nNul\0Nama;2024-02-14;2\n", "Berkas ini bukan Excel, ODS atau CSV."),
        (b"Nama;Berat;Tinggi\nSiti;9,1;75\n", "Tidak ada tabel sasaran di berkas ini."),
        (b"\xff\xfe\x00\x01\x02" * 30, "Berkas ini"),
        (b"PK\x03\x04 no zip", "Berkas ini rusak"),
        (b"x;y\n" * (10 * 1024 * 1024 // 4), "Lembar ini lebih dari 200.000 baris."),
        (("Nama;HPHT;RT\n" + "A B;2024-02-14;1\n" * 2001).encode(), "lebih dari 2000 baris"),
    ],
    ids=["nul", "nul-in-a-name", "measurements", "wrong-encoding", "broken-zip", "ten-megabytes", "too-many"],
)
def test_a_hostile_file_gets_a_sentence(page: Client, content: bytes, sentence: str) -> None:
    answer = page.post(PAGE, {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 400
    assert sentence in words_of(answer.content)
    assert not Upload.objects.exists()


def test_names_in_the_encoding_of_windows_are_read(page: Client) -> None:
    bring(page, "Nama;HPHT;RT\nÉlin Contoh;2024-02-14;1\n".encode("cp1252"))
    assert Beneficiary.objects.get().name == "Élin Contoh"


def test_an_excel_file_with_real_dates_and_two_header_rows_is_read(page: Client) -> None:
    rows = [
        ["Nama", "HPHT", "Layanan", ""],
        ["", "", "ANC", "Pil Fe"],
        ["Wati Contoh", "2024-02-14", "V", "V"],
    ]
    assert "Layanan ini hanya dicentang." in read(page, hand_in(page, workbook(rows), "a.xlsx"))


def test_a_column_page_of_measurements_leads_back(page: Client) -> None:
    address = hand_in(page, PLAIN + WATI)
    assert page.get(f"{address}columns/")["Location"] == address


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2024, 6, 3), [(date(2024, 6, 3), 30)]),
        ("V", [(None, 30)]),
        ("-", []),
        ("0", []),
        ("90", [(None, 90)]),
        ("3/6/2024 (60); 2024-07-01", [(date(2024, 6, 3), 60), (date(2024, 7, 1), 30)]),
    ],
)
def test_what_a_cell_of_tablets_says(cell: Any, expected: list[Any]) -> None:
    assert list(services_of_cell(cell, ScoredService.IRON_TABLETS)) == expected
