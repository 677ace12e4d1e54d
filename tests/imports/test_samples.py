"""The samples, every row's outcome worked out by hand. All people in them are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.imports.commit import import_rows, preview
from registry.imports.report import Report, RowOutcome
from registry.models import Child, Measurement, Position, Posyandu, User, VillageMonth
from tests.imports.files import sample

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 12)


def codes(report: Report) -> list[tuple[int, str]]:
    return [(row.number, row.code) for row in report.rows]


def notes(report: Report, number: int) -> list[str]:
    row = next(row for row in report.rows if row.number == number)
    return [note.code for note in row.notes]


def differing(report: Report) -> dict[int, list[tuple[str, float, float | None]]]:
    return {
        r.number: [(z.index, z.file, z.ours) for z in r.differences] for r in report.rows if r.differences
    }


def test_the_file_of_2023_brings_six_children_and_agrees_with_who(officer: User) -> None:
    report = import_rows(sample("02"), officer)
    assert report.layout == "eppgbm-2023"
    assert codes(report) == [(number, "new_child") for number in range(2, 8)]
    assert differing(report) == {}
    assert [notes(report, number) for number in range(2, 8)] == [
        [],
        [],
        [],
        ["rt_moved", "birth_weight_unknown", "birth_length_unknown"],
        ["nik_sex", "birth_weight_left_out"],
        [],
    ]


def test_what_the_file_of_2023_says_is_what_is_stored(officer: User) -> None:
    import_rows(sample("02"), officer)
    first = Child.objects.get(name="CONTOH ANAK SATU")
    assert (first.nik, first.birth_date, first.sex) == ("3301021403220001", date(2022, 3, 14), 1)
    assert (first.parent_name, first.village.name, first.rt, first.rw) == (
        "BAPAK A/IBU A",
        "Kesugihan Kidul",
        "1",
        "3",
    )
    assert (first.birth_weight_kg, first.birth_length_cm) == (Decimal("2.9"), Decimal(48))
    measured = first.measurements.get()
    assert (measured.measured_on, measured.weight_kg, measured.lenhei_cm) == (
        DAY,
        Decimal("12.1"),
        Decimal(86),
    )
    assert (measured.position, measured.muac_cm, measured.source) == (Position.UNKNOWN, None, "file")
    assert (measured.haz, measured.waz, measured.whz) == (-1.11, -0.44, 0.19)
    fourth = Child.objects.get(name="CONTOH ANAK EMPAT")
    assert (fourth.rt, fourth.address, fourth.birth_weight_kg) == ("", "DS KARANGANYAR, DS CONTOH", None)
    assert not Child.objects.get(name="BY NY CONTOH ENAM").has_nik


def test_a_posyandu_written_in_two_ways_is_made_once(officer: User) -> None:
    import_rows(sample("02"), officer)
    assert list(Posyandu.objects.filter(village__name="Kesugihan Kidul").values_list("name", "key")) == [
        ("MELATI 1", "MELATI 1")
    ]
    assert Child.objects.filter(posyandu__key="MELATI 1").count() == 2


def test_the_figures_hold_what_the_file_brought(officer: User) -> None:
    import_rows(sample("02"), officer)
    june = VillageMonth.objects.filter(month=date(2024, 6, 1))
    assert sum(cell.measured for cell in june) == 6
    assert [c.village.name for c in june if c.stunted] == ["Brebeg"]  # -3.73, the only one below -2
    assert sum(cell.severely_stunted for cell in june) == 1


def test_the_file_of_2024_has_every_row_answered(officer: User) -> None:
    report = import_rows(sample("03"), officer)
    assert report.layout == "eppgbm-2024"
    assert codes(report) == [
        (2, "new_child"),
        (3, "new_child"),
        (4, "new_child"),
        (5, "new_child"),
        (6, "new_child"),
        (7, "new_child"),
        (8, "swapped"),  # 74 kg and 8.9 cm
        (9, "new_child"),  # five years and 13 days
        (10, "same_in_file"),  # the child of row 3 under a NIK of 15 digits
    ]
    assert report.rows[6].outcome is RowOutcome.REFUSED
    assert report.rows[6].sentence.startswith("Berat 74 dan tinggi 8,9 tampak tertukar.")
    assert report.rows[8].sentence == "Sama dengan baris 3 berkas ini."
    assert (report.rows_taken, report.not_taken, report.children_new) == (7, 1, 7)


def test_month_first_dates_are_proven_by_days_above_twelve_and_by_ages(officer: User) -> None:
    import_rows(sample("03"), officer)
    assert set(Measurement.objects.values_list("measured_on", flat=True)) == {DAY}
    assert Child.objects.get(name="CONTOH ANAK DUA").birth_date == date(2023, 9, 1)
    assert Child.objects.get(name="BY NY CONTOH ENAM").birth_date == date(2024, 5, 3)


def test_a_baby_marked_standing_shows_where_the_file_is_not_who(officer: User) -> None:
    """The file adds 0.7 cm at 40 days; WHO does not believe the mark."""
    report = preview(sample("03"), officer)
    assert differing(report) == {7: [("haz", -1.16, -1.52), ("whz", 0.56, 1.06)]}
    assert notes(report, 7) == ["position_disbelieved"]


def test_lying_past_two_years_is_corrected_as_the_file_says(officer: User) -> None:
    import_rows(sample("03"), officer)
    fifth = Measurement.objects.get(child__name="CONTOH ANAK LIMA")
    assert (fifth.position, fifth.clenhei_cm, fifth.haz) == (Position.LYING, Decimal("89.8"), -0.33)


def test_a_child_of_five_is_recorded_and_out_of_the_rates(officer: User) -> None:
    report = import_rows(sample("03"), officer)
    assert notes(report, 9) == ["five_or_older"]
    eighth = Measurement.objects.get(child__name="CONTOH LIMA TAHUN")
    assert (eighth.age_days, eighth.haz, eighth.child.rt) == (1840, None, "-2")
    assert not VillageMonth.objects.filter(village__name="Bajing", measured__gt=0).exists()


def test_a_cut_nik_is_told_and_masked_and_an_age_of_some_days_more_is_not(officer: User) -> None:
    report = preview(sample("03"), officer)
    assert notes(report, 10) == ["nik_not_whole"]
    assert report.rows[8].nik == "*" * 15
    assert report.rows[0].nik == "33010***********"


def test_the_same_file_again_changes_nothing(officer: User) -> None:
    import_rows(sample("03"), officer)
    before = (Child.objects.count(), Measurement.objects.count(), list(VillageMonth.objects.values()))
    report = import_rows(sample("03"), officer)
    assert report.rows_taken == 0
    assert report.counts[RowOutcome.SAME] == 8
    assert (Child.objects.count(), Measurement.objects.count(), list(VillageMonth.objects.values())) == before


def test_the_file_of_2024_completes_what_2023_did_not_write(officer: User) -> None:
    """The same children on the same day, now with the position: a correction, not a second measurement."""
    import_rows(sample("02"), officer)
    report = import_rows(sample("03"), officer)
    assert codes(report) == [
        *((number, "completed") for number in range(2, 8)),
        (8, "swapped"),
        (9, "new_child"),
        (10, "same_in_file"),
    ]
    assert Child.objects.count() == 7
    assert Measurement.objects.in_force().count() == 7
    fifth = Measurement.objects.in_force().get(child__name="CONTOH ANAK LIMA")
    assert (fifth.haz, fifth.reason) == (-0.33, "Dilengkapi dari berkas.")
    assert fifth.supersedes is not None
    assert fifth.supersedes.haz == -0.14


def test_a_file_that_says_less_than_the_register_changes_nothing(officer: User) -> None:
    import_rows(sample("03"), officer)
    report = import_rows(sample("02"), officer)
    assert codes(report) == [(number, "same") for number in range(2, 8)]


def test_decimals_turned_into_times_are_undone_where_the_z_scores_prove_it(officer: User) -> None:
    report = import_rows(sample("01"), officer)
    assert codes(report) == [(number, "new_child") for number in range(3, 9)]
    assert differing(report) == {}
    values = Measurement.objects.order_by("child__birth_date").values_list("weight_kg", "lenhei_cm")
    assert [(float(weight), float(lenhei)) for weight, lenhei in values] == [
        (14.0, 101.0),
        (11.9, 90.5),
        (12.1, 86.0),
        (7.9, 70.5),
        (5.6, 57.0),
        (4.4, 53.0),
    ]
    # 13.05 may have been 13.5, and no z-score tells of an arm: left out, and told.
    assert not Measurement.objects.filter(muac_cm__isnull=False).exists()
    assert "muac_left_out" in notes(report, 3)
