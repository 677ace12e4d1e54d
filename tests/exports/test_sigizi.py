"""The two templates that Sigizi takes, against the samples' columns."""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import close_child
from registry.exports.sigizi import IDENTITY_COLUMNS, MEASUREMENT_COLUMNS
from registry.models import Child, ChildStatus, ExportForm, ExportKind
from tests.exports.conftest import BREBEG, KIDUL, NIK_SATU, Register
from tests.exports.files import exported, rows_of, whole
from tests.factories import make_child

pytestmark = pytest.mark.django_db
OF_IDENTITY = (
    "No,anak_ke,tgl_lahir,jenis_kelamin,nomor_KK,NIK,nama_anak,usia_hamil,berat_lahir,panjang_lahir,"
    "lingkar_kepala_lahir,kia,kia_bayi_kecil,imd,nama_ortu,nik_ortu,hp_ortu,alamat,nama_posyandu,rt,rw,"
    "hapus,pindah"
)
OF_MEASUREMENT = (
    "No,NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI,LILA,lingkar_kepala,Pitting_edema,CARAUKUR,vita,asi_bulan_0,"
    "asi_bulan_1,asi_bulan_2,asi_bulan_3,asi_bulan_4,asi_bulan_5,asi_bulan_6,kelas_ibu_balita,mbg"
)


def test_the_columns_are_those_of_the_templates() -> None:
    assert ",".join(heading for heading, _value in IDENTITY_COLUMNS) == OF_IDENTITY
    assert ",".join(heading for heading, _value in MEASUREMENT_COLUMNS) == OF_MEASUREMENT


def test_every_cell_of_a_childs_identity(register: Register) -> None:
    content = whole(register.officer, ExportKind.SIGIZI_IDENTITY, KIDUL, form=ExportForm.XLS)
    assert content.startswith(b"\xd0\xcf\x11\xe0"), "a real workbook of 97-2003"
    rows = {row["nama_anak"]: row for row in rows_of(content)}
    said = {name: value for name, value in rows["Contoh Satu"].items() if value != ""}
    assert said == {
        "No": rows["Contoh Satu"]["No"],
        "tgl_lahir": "2022-03-14",
        "jenis_kelamin": "Laki-laki",
        "NIK": NIK_SATU,
        "nama_anak": "Contoh Satu",
        "berat_lahir": 2.986,
        "panjang_lahir": 48,
        "kia": "Ya",
        "nama_ortu": "Bapak A / Ibu A",
        "alamat": "Jl. Contoh No. 1",
        "nama_posyandu": "Melati 1",
        "rt": "001",
        "rw": "03",
    }
    never = rows["Contoh Belum Ditimbang"]
    assert (never["berat_lahir"], never["panjang_lahir"], never["NIK"]) == (8888, 8888, "")
    assert [row["No"] for row in rows_of(content)] == [1, 2, 3, 4]


def test_weeks_of_pregnancy_are_filled_where_they_are_known(register: Register) -> None:
    Child.objects.filter(name="Contoh Satu").update(gestation_weeks=35)
    content = whole(register.officer, ExportKind.SIGIZI_IDENTITY, KIDUL, form=ExportForm.XLS)
    weeks = {row["nama_anak"]: row["usia_hamil"] for row in rows_of(content)}
    assert (weeks["Contoh Satu"], weeks["Contoh Belum Ditimbang"]) == (35, "")


def test_every_cell_of_a_measurement(register: Register) -> None:
    months = (date(2024, 6, 1), date(2024, 6, 1))
    content = whole(
        register.officer, ExportKind.SIGIZI_MEASUREMENT, KIDUL, form=ExportForm.XLS, months=months
    )
    rows = {row["nama_anak"]: row for row in rows_of(content)}
    said = {name: value for name, value in rows["Contoh Satu"].items() if value != "" and name != "No"}
    assert said == {
        "NIK": NIK_SATU,
        "nama_anak": "Contoh Satu",
        "TANGGALUKUR": "2024-06-12",
        "BERAT": 12.1,
        "TINGGI": 86,
        "LILA": 15.2,
        "lingkar_kepala": 47.5,
        "Pitting_edema": "tidak",
        "CARAUKUR": "berdiri",
    }
    assert rows["Contoh Kembar A"]["CARAUKUR"] == "terlentang"
    assert len(rows) == 3, "a child never measured is in the identities alone"


def test_who_died_is_left_out_and_who_left_is_marked(register: Register) -> None:
    officer = register.officer
    close_child(by=officer, child_id=register.tiga.pk, status=ChildStatus.DIED, on=date(2024, 7, 2))
    close_child(by=officer, child_id=register.satu.pk, status=ChildStatus.MOVED, on=date(2024, 7, 2))
    rows = rows_of(exported(officer, ExportKind.SIGIZI_IDENTITY, form=ExportForm.XLS)[1])
    marked = {row["nama_anak"]: row["pindah"] for row in rows}
    assert "Contoh Tiga" not in marked
    assert marked["Contoh Satu"] == "pindah"
    assert marked["Contoh Belum Ditimbang"] == ""
    assert {row["hapus"] for row in rows} == {""}


def test_months_leave_out_who_was_not_there_or_too_old(register: Register) -> None:
    officer = register.officer
    old = make_child(officer, register.satu.village, name="Lima Tahun")
    Child.objects.filter(pk=old.pk).update(birth_date=date(2019, 5, 1))  # five on 1 May 2024
    gone = make_child(officer, register.satu.village, name="Pergi")
    close_child(by=officer, child_id=gone.pk, status=ChildStatus.MOVED, on=date(2024, 3, 2))

    def named(first: date | None, last: date | None) -> set[str]:
        content = exported(
            officer, ExportKind.SIGIZI_IDENTITY, KIDUL, form=ExportForm.XLSX, months=(first, last)
        )[1]
        return {row["nama_anak"].removeprefix("Contoh ") for row in rows_of(content)}

    always = {"Kembar A", "Kembar B", "Satu"}
    assert named(None, None) == {*always, "Pergi", "Belum Ditimbang", "Lima Tahun"}
    assert named(date(2024, 5, 1), date(2024, 5, 1)) == {*always, "Belum Ditimbang"}
    assert named(date(2024, 3, 1), date(2024, 4, 1)) == {*always, "Pergi", "Lima Tahun"}


def test_outside_the_place_nobody_is_named(register: Register) -> None:
    rows = rows_of(exported(register.officer, ExportKind.SIGIZI_IDENTITY, BREBEG, form=ExportForm.XLS)[1])
    assert [row["nama_anak"] for row in rows] == ["Contoh Tiga"]
