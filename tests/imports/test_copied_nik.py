"""A NIK that was copied to the row of another child does not carry its measurement to the wrong one."""

from __future__ import annotations

import pytest

from registry.imports.answers import ImportAnswers, same_child
from registry.imports.commit import import_rows, preview
from registry.models import Child, Measurement, User, Village
from tests.factories import make_child
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

NIK = "3301025403220001"
BUNGA = row(NIK=NIK, Nama="BUNGA LAIN", Nama_Ortu="IBU WATI", Tanggal_Pengukuran="2024-07-10", Berat="12.6")


@pytest.mark.parametrize("nik", [NIK, ""])
def test_a_child_the_register_knows_by_that_name_is_asked_about(
    officer: User, home: Village, nik: str
) -> None:
    """Whether Siti has the NIK already or gets it from an earlier row."""
    siti = make_child(officer, home, name="SITI CONTOH", parent_name="IBU AMINAH", nik=nik)
    bunga = make_child(officer, home, name="BUNGA LAIN", parent_name="IBU AMINAH")
    content = csv_file(row(NIK=NIK), {**BUNGA, "Nama Ortu": "IBU AMINAH"})
    first, second = preview(content, officer).rows
    assert (first.code, second.outcome, second.code) == ("measured", "ask", "nik_of_other_name")
    assert [c.child_id for c in second.candidates] == [siti.pk, bunga.pk]

    report = import_rows(
        content, officer, answers=ImportAnswers(decisions={second.keys.row: same_child(bunga.pk)})
    )
    assert "nik_not_taken" in [note.code for note in report.rows[1].notes]
    assert Measurement.objects.get(child=bunga).measured_on.month == 7
    assert not Child.objects.get(pk=bunga.pk).has_nik


def test_a_new_child_of_other_parents_is_asked_about(officer: User) -> None:
    report = import_rows(csv_file(row(NIK=NIK), BUNGA), officer)
    assert [r.code for r in report.rows] == ["new_child", "nik_of_other_name"]
    assert list(Child.objects.values_list("name", flat=True)) == ["SITI CONTOH"]


@pytest.mark.parametrize("parent", ["IBU AMINAH", ""])
def test_a_baby_that_got_its_name_since_is_the_same_child(officer: User, home: Village, parent: str) -> None:
    make_child(officer, home, name="BY NY AMINAH", parent_name="IBU AMINAH", nik=NIK)
    [found] = preview(csv_file(row(NIK=NIK, Nama_Ortu=parent)), officer).rows
    assert (found.code, [note.code for note in found.notes]) == ("measured", ["name_differs"])


def test_a_slip_of_the_pen_is_no_other_child(officer: User, home: Village) -> None:
    make_child(officer, home, name="SITI CONTOH", parent_name="IBU AMINAH", nik=NIK)
    [found] = preview(csv_file(row(NIK=NIK, Nama="SITI CONTO", Nama_Ortu="BAPAK HARTONO")), officer).rows
    assert (found.code, [note.code for note in found.notes]) == (
        "measured",
        ["name_differs", "parent_differs"],
    )
