"""One child written with two birth dates or two sexes is asked about, and is never a second child unasked."""

from __future__ import annotations

from datetime import date

import pytest

from registry.imports.answers import NEW_CHILD, ImportAnswers, same_child
from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.likeness import is_slip
from registry.models import Child, Sex, User, Village
from tests.factories import make_child
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

BORN = date(2022, 3, 4)
NIK = "3301024403220001"


def siti(**changes: str) -> dict[str, str]:
    return row(Tgl_Lahir="2022-03-04", **changes)


def known(officer: User, village: Village, **identity: object) -> Child:
    identity = {"name": "Siti Contoh", "birth_date": BORN, "sex": Sex.GIRL, **identity}
    return make_child(officer, village, **{"parent_name": "IBU AMINAH", **identity})  # type: ignore[arg-type]


def answer(user: User, *rows: dict[str, str]) -> RowReport:
    return preview(csv_file(*rows), user).rows[-1]


@pytest.mark.parametrize(
    ("other", "slip"),
    [
        (date(2022, 3, 5), True),  # a day off
        (date(2022, 4, 3), True),  # day and month turned
        (date(2022, 3, 24), True),  # one digit
        (date(2022, 8, 4), True),
        (date(2021, 3, 4), True),
        (date(2022, 4, 5), False),
        (date(2021, 4, 3), False),
    ],
)
def test_a_slip_is_one_part_turned_or_a_day(other: date, slip: bool) -> None:
    assert is_slip(BORN, other) is slip
    assert is_slip(other, BORN) is slip


def test_a_day_across_the_end_of_a_month_is_a_slip() -> None:
    assert is_slip(date(2022, 2, 28), date(2022, 3, 1))


@pytest.mark.parametrize("parent", ["IBU AMINAH", ""])
@pytest.mark.parametrize("born", ["2022-03-05", "2022-04-03", "2021-03-04"])
def test_a_namesake_with_a_slip_in_the_birth_date_is_asked_about(
    officer: User, home: Village, born: str, parent: str
) -> None:
    child = known(officer, home, parent_name=parent)
    found = answer(officer, row(Tgl_Lahir=born))
    assert (found.outcome, found.code) == ("ask", "born_otherwise")
    assert [one.child_id for one in found.candidates] == [child.pk]
    assert "tercatat P, lahir 4 Maret 2022" in found.sentence


def test_a_namesake_of_the_same_parents_is_asked_about_unless_she_may_be_a_sister(
    officer: User, home: Village
) -> None:
    known(officer, home)
    assert answer(officer, row(Tgl_Lahir="2022-07-17")).code == "born_otherwise"
    assert answer(officer, row(Tgl_Lahir="2023-01-17")).code == "new_child"


def test_another_sex_with_the_same_birth_date_is_asked_about(officer: User, home: Village) -> None:
    known(officer, home, sex=Sex.BOY)
    found = answer(officer, siti())
    assert found.code == "born_otherwise"
    assert "tercatat L, lahir 4 Maret 2022; di berkas P, lahir 4 Maret 2022" in found.sentence


@pytest.mark.parametrize(
    ("name", "written", "born"),
    [
        ("SITI AISYAH", "SITI AISAH", "2022-03-05"),
        ("BY NY AMINAH", "SITI CONTOH", "2022-04-03"),
        ("SITI CONTOH", "BY NY AMINAH", "2022-02-03"),
        ("RAFI", "RAFA", "2022-10-20"),
    ],
)
@pytest.mark.parametrize("of_file", [True, False])
def test_a_slip_in_both_name_and_birth_date_is_asked_about_if_the_parents_are_the_same(
    officer: User, home: Village, name: str, written: str, born: str, of_file: bool
) -> None:
    earlier = [siti(Nama=name)] if of_file else []
    child = None if of_file else known(officer, home, name=name)
    later = row(Nama=written, Tgl_Lahir=born, Tanggal_Pengukuran="2024-07-10")
    found = answer(officer, *earlier, {**later, "Nama Ortu": "AMINNAH"})
    assert (found.outcome, found.code) == ("ask", "born_otherwise")
    if child:
        assert [one.child_id for one in found.candidates] == [child.pk]
    for other in ({"Nama Ortu": "HARTONO"}, {"Nama Ortu": ""}, {"Tgl Lahir": "2023-03-05"}, {"JK": "L"}):
        assert answer(officer, *earlier, {**later, **other}).code == "new_child"


def test_twins_born_before_and_after_midnight_are_two(officer: User, home: Village) -> None:
    known(officer, home, name="HASAN")
    assert answer(officer, row(Nama="HUSEIN", Tgl_Lahir="2022-03-05")).code == "new_child"
    known(officer, home, name="SITI A")
    assert answer(officer, row(Nama="SITI B", Tgl_Lahir="2022-03-05")).code == "new_child"


def test_what_contradicts_makes_another_child(officer: User, home: Village) -> None:
    known(officer, home, nik=NIK)
    assert answer(officer, row(Tgl_Lahir="2022-03-05", Nama_Ortu="HARTONO")).code == "new_child"
    assert answer(officer, row(Tgl_Lahir="2022-03-05", NIK="3301024503220002")).code == "new_child"
    assert answer(officer, row(Tgl_Lahir="2022-03-05", **{"Desa/Kel": "SLARANG"})).code == "new_child"


def test_two_rows_of_one_file_are_compared_too(officer: User) -> None:
    rows = siti(), row(Tgl_Lahir="2022-03-05", Tanggal_Pengukuran="2024-07-10")
    report = import_rows(csv_file(*rows), officer)
    assert [r.code for r in report.rows] == ["new_child", "born_otherwise"]
    assert Child.objects.count() == 1


def test_what_somebody_decides_is_done(officer: User, home: Village) -> None:
    child = known(officer, home)
    content = csv_file(row(Tgl_Lahir="2022-03-05"))
    keys = preview(content, officer).rows[0].keys
    same = ImportAnswers(decisions={keys.who: same_child(child.pk)})
    assert preview(content, officer, answers=same).rows[0].child_id == child.pk
    other = ImportAnswers(decisions={keys.who: NEW_CHILD})
    assert import_rows(content, officer, answers=other).rows[0].code == "new_child"
    assert Child.objects.count() == 2
