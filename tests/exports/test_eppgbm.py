"""The list of e-PPGBM, cell by cell."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions import close_child, correct_measurement, move_child, void_measurement
from registry.exports.eppgbm import COLUMNS, EPPGBM_COLUMNS
from registry.models import ChildStatus, ExportForm, ExportKind, Measurement, Position, Role, Village
from tests.exports.conftest import BREBEG, KIDUL, NIK_SATU, Register
from tests.exports.files import csv_rows, exported, rows_of, sheets_of, whole
from tests.factories import make_child, make_user, measure, seen
from tests.imports.files import HEADER as OF_2024

pytestmark = pytest.mark.django_db
EPPGBM = ExportKind.EPPGBM
JUNE = (date(2024, 6, 1), date(2024, 6, 1))


def test_the_columns_are_those_of_2025_and_what_the_register_needs() -> None:
    own = [heading for heading, _value in EPPGBM_COLUMNS]
    assert len(own) == 36
    assert [name for name in own if name not in ("Kelas Ibu Balita", "MBG")] == OF_2024
    assert tuple(heading for heading, _value in COLUMNS[36:]) == (
        *("Lingkar Kepala", "Pitting Edema", "Kode Desa"),
        *("Riwayat Tinggal", "Status Anak", "Tanggal Status", "Dasar Tanggal Lahir"),
    )


def test_every_cell_of_a_boy_with_nik(register: Register) -> None:
    rows = csv_rows(whole(register.officer, EPPGBM, KIDUL, months=JUNE))
    [row] = [row for row in rows if row["Nama"] == "Contoh Satu"]
    assert row == {
        "No": "3",
        "NIK": NIK_SATU,
        "Nama": "Contoh Satu",
        "JK": "L",
        "Tgl Lahir": "2022-03-14",
        "BB Lahir": "2.986",
        "TB Lahir": "48",
        "Nama Ortu": "Bapak A / Ibu A",
        "Prov": "JAWA TENGAH",
        "Kab/Kota": "CILACAP",
        "Kec": "KESUGIHAN",
        "Pukesmas": "",
        "Desa/Kel": "KESUGIHAN KIDUL",
        "Posyandu": "Melati 1",
        "RT": "001",
        "RW": "03",
        "Alamat": "Jl. Contoh No. 1",
        "Usia Saat Ukur": "2 Tahun - 2 Bulan - 29 Hari",
        "Tanggal Pengukuran": "2024-06-12",
        "Berat": "12.1",
        "Tinggi": "86",
        "Cara Ukur": "Berdiri",
        "LiLA": "15.2",
        "BB/U": "Berat badan normal",
        "ZS BB/U": "-0.44",
        "TB/U": "Normal",
        "ZS TB/U": "-1.11",
        "BB/TB": "Gizi baik",
        "ZS BB/TB": "0.19",
        "Naik Berat Badan": "N",
        "Jml Vit A": "",
        "KPSP": "",
        "KIA": "Ya",
        "Kelas Ibu Balita": "",
        "MBG": "",
        "Detail": "",
        "Lingkar Kepala": "47.5",
        "Pitting Edema": "Tidak",
        "Kode Desa": KIDUL,
        "Riwayat Tinggal": f"{KIDUL} 2022-03-14",
        "Status Anak": "",
        "Tanggal Status": "",
        "Dasar Tanggal Lahir": "",
    }


def test_twins_have_a_row_each_and_no_nik_is_an_empty_cell(register: Register) -> None:
    rows = rows_of(whole(register.officer, EPPGBM, KIDUL, months=JUNE, form=ExportForm.XLSX))
    twins = [row for row in rows if "Kembar" in row["Nama"]]
    assert [(t["Nama"], t["NIK"], t["Berat"], t["ZS BB/U"], t["ZS TB/U"], t["ZS BB/TB"]) for t in twins] == [
        ("Contoh Kembar A", "3301024109230002", 7.9, -0.43, -0.06, -0.5),
        ("Contoh Kembar B", "", 7.55, -0.8, -0.47, -0.73),
    ]
    assert {row["Naik Berat Badan"] for row in twins} == {"B"}


def test_a_short_and_light_boy_in_words(register: Register) -> None:
    [row] = csv_rows(exported(register.officer, EPPGBM, BREBEG)[1])
    assert (row["BB/U"], row["ZS BB/U"]) == ("Berat badan kurang", "-2.25")
    assert (row["TB/U"], row["ZS TB/U"]) == ("Sangat pendek", "-3.73")
    assert (row["BB/TB"], row["ZS BB/TB"]) == ("Berisiko gizi lebih", "1.03")
    assert (row["Usia Saat Ukur"], row["Cara Ukur"]) == ("0 Tahun - 4 Bulan - 14 Hari", "Terlentang")
    assert (row["BB Lahir"], row["LiLA"], row["KIA"]) == ("", "", "")


def test_nik_is_masked_unless_asked_for_and_the_file_says_so(register: Register) -> None:
    made, content = exported(register.officer, EPPGBM, KIDUL, months=JUNE, form=ExportForm.XLSX)
    assert made.masked
    assert made.name == "eppgbm-33.01.02.2016-2024-06-nik-disamarkan.xlsx"
    assert {row["NIK"] for row in rows_of(content)} == {"33010***********", ""}
    assert "disamarkan" in sheets_of(content)["Keterangan"][0][1]
    assert b"3301021403220001" not in content
    unmasked = whole(register.officer, EPPGBM, KIDUL, months=JUNE, form=ExportForm.XLSX)
    assert list(sheets_of(unmasked)) == ["Sheet1"]


def test_only_what_is_in_force_is_in_the_file(register: Register) -> None:
    satu, tiga = register.satu, register.tiga
    june = Measurement.objects.get(child=satu, measured_on=date(2024, 6, 12))
    correct_measurement(
        by=register.officer,
        id=uuid4(),
        measurement_id=june.pk,
        observation=seen(date(2024, 6, 12), "12.4", "86", Position.STANDING),
        reason="salah baca timbangan",
        confirmed=True,
        source=june.source,
    )
    void_measurement(by=register.officer, measurement_id=tiga.measurements.get().pk, reason="anak lain")
    rows = csv_rows(exported(register.officer, EPPGBM)[1])
    assert [r["Berat"] for r in rows if r["Nama"] == "Contoh Satu"] == ["11.8", "12.4"]
    assert "Contoh Tiga" not in {row["Nama"] for row in rows}


def test_a_child_that_moved_is_where_it_lived_that_day(register: Register) -> None:
    officer, satu = register.officer, register.satu
    move_child(by=officer, child_id=satu.pk, village_code=BREBEG, moved_on=date(2024, 6, 1))
    rows = [r for r in csv_rows(exported(officer, EPPGBM)[1]) if r["Nama"] == "Contoh Satu"]
    may, june = sorted(rows, key=lambda row: row["Tanggal Pengukuran"])
    assert (may["Desa/Kel"], may["Kec"], may["Kode Desa"]) == ("KESUGIHAN KIDUL", "KESUGIHAN", KIDUL)
    assert (june["Desa/Kel"], june["Kec"], june["Kode Desa"]) == ("BREBEG", "JERUKLEGI", BREBEG)
    assert (may["Posyandu"], may["RT"], may["Alamat"]) == ("", "", ""), "its address of today is elsewhere"
    in_brebeg = csv_rows(exported(officer, EPPGBM, BREBEG)[1])
    assert [r["Tanggal Pengukuran"] for r in in_brebeg if r["Nama"] == "Contoh Satu"] == ["2024-06-12"]


def test_who_died_is_named_so(register: Register) -> None:
    close_child(by=register.officer, child_id=register.tiga.pk, status=ChildStatus.DIED, on=date(2024, 7, 2))
    [row] = csv_rows(exported(register.officer, EPPGBM, BREBEG)[1])
    assert row["Detail"] == "meninggal 2024-07-02"


@pytest.mark.parametrize(
    ("months", "days"),
    [
        ((None, None), {"2024-05-14", "2024-06-12"}),
        ((date(2024, 6, 1), None), {"2024-06-12"}),
        ((None, date(2024, 5, 1)), {"2024-05-14"}),
        ((date(2024, 7, 1), date(2024, 8, 1)), set()),
    ],
)
def test_months_are_those_of_the_day_measured(
    register: Register, months: tuple[date | None, date | None], days: set[str]
) -> None:
    rows = csv_rows(exported(register.officer, EPPGBM, months=months)[1])
    assert {row["Tanggal Pengukuran"] for row in rows} == days


def test_nothing_is_a_file_with_its_header(register: Register) -> None:
    july = (date(2024, 7, 1), date(2024, 7, 1))
    for form in ExportForm:
        made, content = exported(register.officer, EPPGBM, months=july, form=form)
        assert (made.rows, made.children) == (0, 0)
        assert content
    assert rows_of(exported(register.officer, EPPGBM, months=july, form=ExportForm.XLSX)[1]) == []


def test_a_user_of_another_village_gets_only_the_own_children(register: Register) -> None:
    cadre = make_user(Role.CADRE, Village.objects.get(pk=BREBEG))
    rows = csv_rows(exported(cadre, EPPGBM)[1])
    assert [row["Nama"] for row in rows] == ["Contoh Tiga"]


def test_more_children_ask_no_more_queries(register: Register) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            exported(register.officer, EPPGBM)
        return len(asked)

    queries()
    before = queries()
    for day in range(1, 21):
        child = make_child(
            register.officer, register.satu.village, name=f"Anak {day}", birth_date=date(2023, 1, day)
        )
        measure(child, date(2024, 6, 12), "10", "80")
    assert queries() == before <= 15
