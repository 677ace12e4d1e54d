"""Files that know only the month of birth or an age: an estimate, said so, and one child of many rows."""

from __future__ import annotations

from datetime import date

import pytest

from registry.imports.commit import import_rows, preview
from registry.imports.tables.estimated_birth_dates import first_of_month
from registry.models import BirthDateBasis, Child, Measurement, RowOutcome, User
from tests.factories import make_child, make_village
from tests.imports.files import HEADER, csv_file, row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cell", "first"),
    [
        ("Maret 2023", date(2023, 3, 1)),
        ("Mar-2023", date(2023, 3, 1)),
        ("03/2023", date(2023, 3, 1)),
        ("2023-3", date(2023, 3, 1)),
        ("2023-03-", date(2023, 3, 1)),
        ("13/2023", None),
        ("2023", None),
        ("03/23", None),
        ("", None),
    ],
)
def test_a_month_of_birth_is_read_as_files_write_it(cell: str, first: date | None) -> None:
    assert first_of_month(cell) == first


@pytest.mark.parametrize(
    ("written", "born", "basis"),
    [
        ({"Tgl Lahir": "Maret 2022"}, date(2022, 3, 15), BirthDateBasis.MONTH),
        ({"Tgl Lahir": "03/2022"}, date(2022, 3, 15), BirthDateBasis.MONTH),
        # Measured on 12 June 2024: born from 13 March to 12 April 2022.
        ({"Tgl Lahir": "", "Usia Saat Ukur": "26 bulan"}, date(2022, 3, 28), BirthDateBasis.AGE),
        ({"Tgl Lahir": "", "Usia Saat Ukur": "26"}, date(2022, 3, 28), BirthDateBasis.AGE),
        # 12 June less 2 years, 2 months and 5 days.
        (
            {"Tgl Lahir": "", "Usia Saat Ukur": "2 Tahun - 2 Bulan - 5 Hari"},
            date(2022, 4, 7),
            BirthDateBasis.AGE,
        ),
    ],
)
def test_a_month_or_an_age_makes_an_estimate_that_is_said(
    officer: User, written: dict[str, str], born: date, basis: BirthDateBasis
) -> None:
    make_village()
    [report] = import_rows(csv_file(row(**written)), officer).rows
    assert report.outcome == RowOutcome.NEW_CHILD
    assert "birth_date_estimated" in [note.code for note in report.notes]
    child = Child.objects.get()
    assert (child.birth_date, child.birth_date_basis) == (born, basis)


@pytest.mark.parametrize("age", ["", "3", "tua"])
def test_without_a_date_or_a_sure_age_the_row_is_refused(officer: User, age: str) -> None:
    make_village()
    [report] = preview(csv_file(row(**{"Tgl Lahir": "", "Usia Saat Ukur": age})), officer).rows
    assert (report.outcome, report.code) == (RowOutcome.REFUSED, "birth_date_missing")


def test_a_file_without_a_column_of_birth_dates_is_read_by_its_ages(officer: User) -> None:
    make_village()
    header = [name for name in HEADER if name != "Tgl Lahir"]
    content = csv_file(row(**{"Usia Saat Ukur": "26 bulan"}), header=header)
    assert [one.outcome for one in import_rows(content, officer).rows] == [RowOutcome.NEW_CHILD]


def test_rows_of_several_months_are_of_one_child(officer: User) -> None:
    make_village()
    june = row(**{"Tgl Lahir": "", "Usia Saat Ukur": "26 bulan"})
    july = row(
        **{"Tgl Lahir": "", "Usia Saat Ukur": "27 bulan", "Tanggal Pengukuran": "2024-07-20", "Berat": "11.7"}
    )
    import_rows(csv_file(june), officer)
    august = row(
        **{"Tgl Lahir": "", "Usia Saat Ukur": "28 bulan", "Tanggal Pengukuran": "2024-08-05", "Berat": "11.9"}
    )
    import_rows(csv_file(july, august), officer)
    assert (Child.objects.count(), Measurement.objects.count()) == (1, 3)


def test_an_estimate_never_changes_a_birth_date_that_is_known(officer: User) -> None:
    child = make_child(
        officer, make_village(), name="SITI CONTOH", birth_date=date(2022, 3, 20), parent_name="IBU AMINAH"
    )
    [report] = import_rows(csv_file(row(**{"Tgl Lahir": "Maret 2022"})), officer).rows
    assert (report.outcome, report.child_id) == (RowOutcome.MEASURED, child.pk)
    child.refresh_from_db()
    assert (child.birth_date, child.birth_date_basis) == (date(2022, 3, 20), "day")


def test_a_file_with_another_birth_date_changes_nothing_of_a_child(officer: User) -> None:
    child = make_child(
        officer, make_village(), name="SITI CONTOH", nik="3301025403220001", birth_date=date(2022, 3, 14)
    )
    changed = row(NIK="3301025403220001", **{"Tgl Lahir": "2020-03-14"})
    [report] = import_rows(csv_file(changed), officer).rows
    assert report.outcome == RowOutcome.ASK
    child.refresh_from_db()
    assert child.birth_date == date(2022, 3, 14)


def test_the_mothers_nik_in_a_file_is_noted(officer: User) -> None:
    make_village()
    [report] = preview(csv_file(row(NIK="3301025403920001")), officer).rows
    assert "nik_parent" in [note.code for note in report.notes]
    [report] = preview(csv_file(row(NIK="3301022222222222")), officer).rows
    assert "nik_impossible" in [note.code for note in report.notes]
