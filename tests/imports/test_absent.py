"""Children who were not measured: enrolled or completed without a measurement, and why is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from registry.growth.cells.codes import absence_of
from registry.imports.answers import ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report, RowReport
from registry.models import Child, Measurement, Residence, User, Village
from tests.factories import make_child
from tests.imports.files import csv_file, row, sample

ABSENT = {"Tanggal Pengukuran": "", "Berat": "", "Tinggi": ""}


def codes(report: Report) -> list[tuple[int, str, str]]:
    return [(row.number, str(row.outcome), row.code) for row in report.rows]


def notes(row: RowReport) -> list[str]:
    return [note.sentence for note in row.notes]


def read_one(user: User, **cells: str) -> RowReport:
    [found] = preview(
        csv_file({**row(), **{name.replace("_", " "): cell for name, cell in cells.items()}}), user
    ).rows
    return found


@pytest.mark.parametrize(
    "words",
    [
        *(
            "tidak hadir",
            "Tdk hadir",
            "TIDAK HADIR (sakit)",
            "absen",
            "SAKIT",
            "izin",
            "ijin",
            "tidak datang",
        ),
        *("belum", "blm datang", "kosong", "x", "X", "tidak diukur", "tdk di timbang", "belum ditimbang"),
        *("mudik", "luar kota", "ke luar kota", "pergi", "tidak mau", "rewel"),
    ],
)
def test_words_that_say_that_nothing_was_measured(words: str) -> None:
    assert absence_of(words) == "not_measured"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "-",
        "0",
        "10.1",
        None,
        0,
        10.1,
        "rusak timbangan",
        "timbangan tidak ada",
        "hadir",
        "sakit 10.1",
        "xl",
    ],
)
def test_what_says_nothing_of_an_absence(words: str | float | None) -> None:
    assert absence_of(words) is None


@pytest.mark.django_db
def test_the_sample_enrols_who_was_measured_and_who_did_not_come(officer: User) -> None:
    report = import_rows(sample("17"), officer)
    assert codes(report)[:3] == [
        (2, "new_child", "new_child"),
        (3, "new_child", "new_child"),
        (4, "new_child", "new_child"),
    ]
    assert codes(report)[4] == (6, "new_child", "new_child")
    assert [notes(row) for row in report.rows][1:3] == [
        ["Tidak diukur: tidak hadir."],
        ["Tidak diukur: sakit."],
    ]
    assert notes(report.rows[4]) == ["Tidak diukur."]
    assert [row.measured_on for row in report.rows] == [date(2025, 8, 20), None, None, None, None]
    assert report.measurements_new == 1
    measured = Measurement.objects.get()
    assert (measured.child.name, measured.measured_on, measured.weight_kg) == (
        "UJI HADIR",
        date(2025, 8, 20),
        Decimal("10.1"),
    )
    sick = Child.objects.get(name="UJI SAKIT")
    assert (sick.birth_date, sick.sex, sick.parent_name) == (date(2024, 1, 13), 1, "BAPAK UJI / IBU UJI")
    assert (sick.village.name, sick.posyandu and sick.posyandu.name) == ("Menganti", "ANGGREK 2")
    home = Residence.objects.get(child=sick)
    assert (home.since, home.until) == (timezone.localdate(), None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (ABSENT, "Tidak diukur."),
        ({**ABSENT, "Tanggal Pengukuran": "2024-06-12"}, "Tidak diukur."),
        ({**ABSENT, "Tanggal Pengukuran": "tidak hadir"}, "Tidak diukur: tidak hadir."),
        ({**ABSENT, "Tanggal Pengukuran": "06/05/2024", "Berat": "izin"}, "Tidak diukur: izin."),
        ({**ABSENT, "Berat": "-", "Tinggi": "x"}, "Tidak diukur: x."),
        ({**ABSENT, "LiLA": "0"}, "Tidak diukur."),
        ({**ABSENT, "Usia Saat Ukur": "2 Tahun - 2 Bulan"}, "Tidak diukur."),
    ],
)
def test_a_child_not_measured_is_enrolled_without_a_measurement(
    officer: User, cells: dict[str, str], said: str
) -> None:
    found = read_one(officer, **cells)
    assert (found.outcome, found.code, found.measured_on) == ("new_child", "new_child", None)
    assert found.sentence == "Anak baru di Kesugihan Kidul, tanpa pengukuran."
    assert notes(found) == [said]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Tanggal Pengukuran": ""}, "measured_on_missing"),
        ({"Berat": "rusak timbangan", "Tinggi": ""}, "not_a_number"),
        ({"Berat": "x"}, "not_a_number"),  # beside a height it may be a number that nobody could read
        ({"Berat": "PINDAH"}, "not_a_number"),
        ({**ABSENT, "Tanggal Pengukuran": "2022-03-13"}, "before_birth"),
        ({**ABSENT, "Tanggal Pengukuran": "32/13/2024"}, "measured_on_unreadable"),
        ({**ABSENT, "Tgl Lahir": "", "Usia Saat Ukur": "2 Tahun - 2 Bulan"}, "birth_date_missing"),
    ],
)
def test_what_is_no_absence_is_refused(officer: User, cells: dict[str, str], code: str) -> None:
    found = read_one(officer, **cells)
    assert (found.outcome, found.code) == ("refused", code)


@pytest.mark.django_db
def test_an_arm_alone_is_a_measurement_and_words_beside_it_are_said(officer: User) -> None:
    report = import_rows(csv_file(row(Berat="rewel", Tinggi="tidak mau", LiLA="14.2")), officer)
    assert codes(report) == [(2, "new_child", "new_child")]
    assert notes(report.rows[0]) == ["Berat tidak diukur: rewel.", "Tinggi tidak diukur: tidak mau."]
    assert report.rows_repaired == []
    stored = Measurement.objects.get()
    assert (stored.weight_kg, stored.lenhei_cm, stored.muac_cm) == (None, None, Decimal("14.2"))


@pytest.mark.django_db
def test_a_known_child_that_was_not_measured_is_completed_or_the_same(officer: User, home: Village) -> None:
    child = make_child(
        officer, home, name="SITI CONTOH", birth_date=date(2022, 3, 14), sex=2, parent_name="IBU AMINAH"
    )  # type: ignore[arg-type]
    content = csv_file(row(**ABSENT, BB_Lahir="2.9"))
    report = import_rows(content, officer)
    assert codes(report) == [(2, "completed", "child_completed")]
    assert (report.children_new, report.measurements_new) == (0, 0)
    child.refresh_from_db()
    assert child.birth_weight_kg == Decimal("2.9")
    assert codes(preview(content, officer)) == [(2, "same", "child_known")]


@pytest.mark.django_db
def test_a_list_without_a_day_asks_for_it_only_where_something_was_measured(
    officer: User, home: Village
) -> None:
    def asked(weight: str) -> list[str]:
        content = f"Nama,JK,Tgl Lahir,BB,TB\nSITI,P,2022-03-14,{weight},\n".encode()
        return [
            str(one.asks) for one in preview(content, officer, answers=ImportAnswers(village=home)).questions
        ]

    assert (asked("sakit"), asked("11.4")) == ([], ["measured_on"])
