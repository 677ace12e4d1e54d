"""Workbooks of a posyandu, the file of the yearly weighing, and tables nobody knows, mapped by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.errors import Invalid
from registry.growth.cells.text import Cell
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.readers.read_file import Sheet, read_sheets
from registry.imports.report import Report
from registry.imports.tables.column_guess import suggest_mapping
from registry.models import Child, Measurement, Position, Sex, User, Village
from tests.imports.files import csv_file, one_table, row, sample

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 12)


def codes(report: Report) -> list[tuple[int, str]]:
    return [(r.number, r.code) for r in report.rows]


def stored() -> list[tuple[str, float | None, float | None]]:
    found = Measurement.objects.order_by("child__name")
    return [(m.child.name, float(m.weight_kg or 0), float(m.lenhei_cm or 0)) for m in found]


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


# --- The file of 2026 -------------------------------------------------------------------------------------


def test_the_file_of_2026_with_masked_niks_brings_its_three_children(officer: User) -> None:
    report = import_rows(sample("04"), officer)
    assert report.layout == "eppgbm-2025"
    assert codes(report) == [(2, "new_child"), (3, "new_child"), (4, "new_child")]
    assert all([note.code for note in r.notes] == ["nik_not_whole"] for r in report.rows)
    assert [r.differences for r in report.rows] == [(), (), ()]
    assert stored() == [
        ("CONTOH DELAPAN", 7.6, 68),
        ("CONTOH SEMBILAN", 12, 90),
        ("CONTOH TUJUH", 10.2, 81.5),
    ]
    assert [c.name for c in Child.objects.all() if c.has_nik] == []


# --- 22 columns -------------------------------------------------------------------------------------------


def test_the_workbook_of_a_posyandu_is_read_into_the_village_that_is_said(
    officer: User, home: Village
) -> None:
    report = import_rows(sample("09"), officer, answers=ImportAnswers(village=home))
    assert report.layout == "posyandu"
    assert codes(report) == [(2, "new_child"), (3, "new_child"), (4, "new_child"), (5, "departed_unknown")]
    assert stored() == [
        ("CONTOH ANAK DUA", 7.9, 70.5),
        ("CONTOH ANAK SATU", 12.1, 86),
        ("CONTOH ANAK TIGA", 5.6, 57),
    ]
    one = Child.objects.get(name="CONTOH ANAK SATU")
    assert (one.village, one.birth_weight_kg, one.parent_name) == (
        home, Decimal("2.986"), "AYAH CONTOH - IBU CONTOH"
    )  # fmt: skip
    assert Child.objects.get(name="CONTOH ANAK DUA").birth_date == date(2023, 9, 1)  # 45170
    measured = one.measurements.get()
    assert (measured.muac_cm, measured.head_cm, measured.position) == (
        Decimal("13.5"), Decimal("45.2"), Position.UNKNOWN
    )  # fmt: skip


def test_the_same_children_in_another_file_are_the_same_children(officer: User, home: Village) -> None:
    """What 2023 does not have, an arm and a head, completes the measurement; the third lives elsewhere."""
    import_rows(sample("02"), officer)
    report = import_rows(sample("09"), officer, answers=ImportAnswers(village=home))
    assert codes(report)[:3] == [(2, "completed"), (3, "completed"), (4, "lives_elsewhere")]


# --- Merged header ----------------------------------------------------------------------------------------


def test_a_header_in_two_rows_is_read_as_one(officer: User, home: Village) -> None:
    table = one_table(read_sheets(sample("11")), ImportAnswers(village=home))
    assert table.layout == "posyandu"
    assert table.first == 6
    assert [line.number for line in table.lines()] == [6, 7, 8]
    first, second, _total = table.lines()
    assert (first["birth_date"], second["birth_date"]) == ("2022-3-14", "01 Sept 2023")
    assert (first["parent"], first["weight"], first["lenhei"]) == ("BAPAK A/IBU A", "12,1", "86,0")


def test_a_list_without_a_day_measured_asks_for_it_once(officer: User, home: Village) -> None:
    report = import_rows(sample("11"), officer, answers=ImportAnswers(village=home))
    assert codes(report) == [(6, "measured_on_missing"), (7, "measured_on_missing"), (8, "total")]
    assert [q.asks for q in report.questions] == ["measured_on"]
    assert not Child.objects.exists()

    answered = import_rows(sample("11"), officer, answers=ImportAnswers(village=home, measured_on=DAY))
    assert codes(answered) == [(6, "new_child"), (7, "new_child"), (8, "total")]
    assert answered.questions == ()
    assert [r.keys.who for r in answered.rows] == [r.keys.who for r in report.rows]
    assert stored() == [("CONTOH ANAK DUA", 7.9, 70.5), ("CONTOH ANAK SATU", 12.1, 86)]
    assert Child.objects.get(nik_hash__isnull=False, name="CONTOH ANAK SATU").nik == "3301021403220001"


@pytest.mark.parametrize(
    ("values", "code", "kept"),
    [("70.5,", "new_child", 70.5), (",86", "new_child", 86), ("86,86", "new_child", 86),
     ("86,0", "new_child", 86), ("70.5,86", "two_lengths", None)],
)  # fmt: skip
def test_length_and_height_in_two_columns(
    officer: User, home: Village, values: str, code: str, kept: float | None
) -> None:
    head = "No,Nama,JK,Tgl Lahir,Nama Ortu,Tanggal Ukur,BB,PB,TB"
    child = f"1,SITI CONTOH,P,2022-03-14,IBU A,2024-06-12,11.4,{values}"
    report = import_rows(lines(head, child), officer, answers=ImportAnswers(village=home))
    assert codes(report) == [(2, code)]
    assert [length for _name, _weight, length in stored()] == ([kept] if kept else [])


# --- Operasi timbang --------------------------------------------------------------------------------------


def test_the_file_of_the_yearly_weighing_is_read(officer: User) -> None:
    header = (
        "No,NIK,Nomor KK,Anak Ke,Nama Anak,Jenis Kelamin,Tanggal Lahir,Berat Lahir - Sasaran (kg),"
        "Panjang Lahir - Sasaran (cm),Lingkar Kepala Lahir (cm),Nama Orang Tua (Ibu/Ayah),NIK Orang Tua,"
        "Alamat,RT,RW,Kecamatan,Kelurahan,Puskesmas,Posyandu,Tanggal Pengukuran,Cara Ukur,Berat (kg),"
        "Tinggi (cm),LiLA (cm),ZS BB/U,ZS TB/U,ZS BB/TB,Naik Berat Badan,Kelas Ibu Balita,MBG"
    )
    child = (
        "1,3301021403220001,,1,CONTOH ANAK SATU,L,2022-03-14,2.9,48,33,IBU A / BAPAK A,,DS CONTOH,1,3,"
        "KESUGIHAN,KESUGIHAN KIDUL,KESUGIHAN I,MELATI 1,2024-06-12,Berdiri,12.1,86,13.5,-0.44,-1.11,0.19,N,"
        "Ya,Tidak"
    )
    report = import_rows(lines(header, child), officer)
    assert (report.layout, codes(report)) == ("operasi-timbang", [(2, "new_child")])
    assert report.rows[0].differences == ()
    assert stored() == [("CONTOH ANAK SATU", 12.1, 86)]
    one = Child.objects.get()
    assert (one.birth_weight_kg, one.birth_length_cm, one.parent_name) == (
        Decimal("2.9"), Decimal(48), "IBU A / BAPAK A"
    )  # fmt: skip
    assert Measurement.objects.get().head_cm is None  # that of the day of birth is not of this day


# --- Sex as a tick under L or P ---------------------------------------------------------------------------

TICKED = "Nama,{},Tgl Lahir,Kec,Desa,Tanggal Pengukuran,Berat,Tinggi"
SEEN = "2024-03-14,KESUGIHAN,KESUGIHAN KIDUL,2025-08-20,10.2,80"


def test_a_tick_under_l_or_p_is_the_sex(officer: User, home: Village) -> None:
    report = import_rows(sample("18").replace(b"MENGANTI", home.name.encode()), officer)
    assert codes(report) == [(2, "new_child"), (3, "new_child")]
    assert report.columns_not_read == ()
    sexes = dict(Child.objects.values_list("name", "sex"))
    assert sexes == {"UJI CENTANG L": Sex.BOY, "UJI CENTANG P": Sex.GIRL}


@pytest.mark.parametrize(
    ("ticks", "code"),
    [
        *(("v,", "new_child"), (",x", "new_child"), ("1,0", "new_child"), ("-,P", "new_child")),
        *((",", "sex_unknown"), ("v,v", "sex_unknown")),
    ],
)
def test_one_tick_says_it_and_two_or_none_do_not(officer: User, ticks: str, code: str) -> None:
    report = preview(lines(TICKED.format("Laki-laki,Perempuan"), f"SITI,{ticks},{SEEN}"), officer)
    assert codes(report) == [(2, code)]


def test_two_ticks_are_said_as_they_stand(officer: User) -> None:
    [row] = preview(lines(TICKED.format("L,P"), f"SITI,v,v,{SEEN}"), officer).rows
    assert row.sentence == "Jenis kelamin “L + P” tidak dikenal. Tulis L atau P."


@pytest.mark.parametrize("column", ["L", "P"])
def test_a_column_l_or_p_alone_is_none_of_the_sex(officer: User, column: str) -> None:
    with pytest.raises(Invalid, match="Kolom “JK” tidak ditemukan"):
        preview(lines(TICKED.format(f"{column},RT"), f"SITI,v,1,{SEEN}"), officer)


def test_ticks_below_one_heading_and_ticks_said_by_hand(officer: User) -> None:
    merged = lines(
        "Nama,Jenis Kelamin,,Tgl Lahir,Kec,Desa,Tanggal Pengukuran,Berat,Tinggi",
        ",L,P,,,,,,",
        f"SITI,,v,{SEEN}",
    )
    assert codes(import_rows(merged, officer)) == [(3, "new_child")]
    assert Child.objects.get().sex == Sex.GIRL
    names = ("name", "boy", "girl", "birth_date", "kecamatan", "village", "measured_on", "weight", "lenhei")
    by_hand = ImportAnswers(mapping={field: i for i, field in enumerate(names)}, header_row=1)
    content = lines(TICKED.format("putra,putri").replace("Nama", "Siapa"), f"BUDI,v,,{SEEN}")
    assert codes(import_rows(content, officer, answers=by_hand)) == [(2, "new_child")]
    assert Child.objects.get(name="BUDI").sex == Sex.BOY


# --- Rows about no child ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("JUMLAH,,,,,,11.4,84.5", "total"),
        (",TOTAL BALITA,,,,,11.4,84.5", "total"),
        (",,,,,,11.4,84.5", "no_child"),
        (",Mengetahui,,,,,,", "signature"),
        ("Kepala Desa,,,,,,,", "no_child"),
        (",(................),,,,,,", "signature"),
        ('," Cilacap, 12 Juni 2024",,,,,,', "signature"),
        ("1,2,3,4,5,6,7,8", "header_again"),
        ("NO,NAMA,JK,TGL LAHIR,NAMA ORTU,TANGGAL UKUR,BB,TB", "header_again"),
    ],
)
def test_rows_about_no_child_are_skipped_with_a_reason(
    officer: User, home: Village, line: str, code: str
) -> None:
    head = "No,Nama,JK,Tgl Lahir,Nama Ortu,Tanggal Ukur,BB,TB"
    child = "1,SITI CONTOH,P,2022-03-14,IBU A,2024-06-12,11.4,84.5"
    report = preview(lines(head, child, line), officer, answers=ImportAnswers(village=home))
    assert codes(report) == [(2, "new_child"), (3, code)]
    assert report.rows[1].outcome == "skipped"
    assert report.rows[1].sentence.endswith(".")


def test_a_child_with_nothing_but_its_name_is_no_signature(officer: User, home: Village) -> None:
    head = "No,Nama,JK,Tgl Lahir,Nama Ortu,Tanggal Ukur,BB,TB"
    report = preview(lines(head, "1,SITI CONTOH,,,,,,"), officer, answers=ImportAnswers(village=home))
    assert [str(r.outcome) for r in report.rows] == ["refused"]


# --- By hand ----------------------------------------------------------------------------------------------

UNKNOWN: list[list[Cell]] = [
    ["Laporan bulan Juni"],
    ["Urut", "Nama si kecil", "Kelamin (L/P)", "Lahir tgl.", "Ditimbang tgl.", "Kg", "Cm", "Nama orangtua"],
    [1, "SITI CONTOH", "P", "2022-03-14", "2024-06-12", 11.4, 84.5, "IBU AMINAH"],
    [2, "BUDI CONTOH", "L", "2022-05-20", "2024-06-12", 12.3, 86.5, "IBU WATI"],
]


def test_a_table_nobody_knows_is_guessed_by_its_headers_and_by_what_it_holds() -> None:
    found = suggest_mapping(Sheet("", UNKNOWN))
    assert found.row == 2
    assert found.names[1] == "Nama si kecil"
    assert found.columns == {
        "name": 1, "sex": 2, "birth_date": 3, "parent": 7, "measured_on": 4, "weight": 5, "lenhei": 6
    }  # fmt: skip


def test_a_known_table_is_guessed_as_it_is_read() -> None:
    [sheet] = read_sheets(sample("11"))
    found = suggest_mapping(sheet)
    assert found.row == 5
    assert found.columns == {
        "nik": 1, "name": 2, "sex": 3, "birth_day": 4, "birth_month": 5, "birth_year": 6, "father": 7,
        "mother": 8, "weight": 9, "lenhei": 10,
    }  # fmt: skip


def test_an_empty_sheet_suggests_nothing() -> None:
    assert suggest_mapping(Sheet("", [])).columns == {}
    assert suggest_mapping(Sheet("", [["", None], ["-"]])).columns == {}


def test_columns_said_by_hand_are_what_is_read(officer: User, home: Village) -> None:
    content = lines(
        "Laporan bulan Juni",
        "Urut;Si kecil;L/P?;Lahir;Timbang;Kg;Cm",
        "1;SITI CONTOH;P;2022-03-14;2024-06-12;11,4;84,5",
    )
    mapping = {"name": 1, "sex": 2, "birth_date": 3, "measured_on": 4, "weight": 5, "lenhei": 6}
    answers = ImportAnswers(village=home, mapping=mapping, header_row=2)
    report = import_rows(content, officer, answers=answers)
    assert (report.layout, codes(report)) == ("mapped", [(3, "new_child")])
    assert stored() == [("SITI CONTOH", 11.4, 84.5)]


def test_a_mapping_without_what_is_needed_names_it(officer: User, home: Village) -> None:
    with pytest.raises(Invalid) as caught:
        preview(
            csv_file(row()), officer, answers=ImportAnswers(village=home, mapping={"name": 2}, header_row=1)
        )
    assert caught.value.code == "columns_missing"
