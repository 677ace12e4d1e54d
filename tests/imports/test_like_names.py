"""Who may be one child under two names, and who never is: twins told by a mark behind the name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.imports.answers import NEW_CHILD, ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.models import Child, Sex, User, Village
from registry.name_similarity import (
    Agreement,
    NameForms,
    compared_parents,
    like_names,
    name_key,
    spelling,
)
from tests.factories import make_child
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

BORN = date(2022, 3, 14)
NIK, OTHER_NIK = "3301025403220001", "3301025403220009"
JULY = {"Tanggal_Pengukuran": "2024-07-10", "Berat": "11.9", "Tinggi": "85"}


def known(officer: User, village: Village, **identity: object) -> Child:
    identity = {"name": "SITI CONTOH", "birth_date": BORN, "sex": Sex.GIRL, **identity}
    return make_child(officer, village, **{"parent_name": "IBU AMINAH", **identity})  # type: ignore[arg-type]


def answer(user: User, *rows: dict[str, str]) -> RowReport:
    return preview(csv_file(*rows), user).rows[-1]


def codes(user: User, *rows: dict[str, str]) -> list[str]:
    return [r.code for r in import_rows(csv_file(*rows), user).rows]


# --- Names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUHAMMAD RIZKI PRATAMA", "M. RIZKI PRATAMA"),
        ("MUHAMMAD ALFATIH", "MUH. ALFATIH"),
        ("SITI NURHALIZA", "NURHALIZA SITI"),
        ("AHMAD", "AHMAD FAUZI"),
        ("AHMAD FAUZI", "AHMAD FAUZY"),
        ("SITI VERA", "SITI V"),
        ("SITI MARYAM", "SITI M"),
        ("AHMAD FAUZI", "A. FAUZI"),
        ("MUHAMMAD RIZKI PRATAMA", "MUH RIZKI P"),
        ("M ALFATIH", "MUHAMMAD AL FATIH"),
        ("RAFI", "RAFA"),
        ("ZAHRA", "ZAHROH"),
        ("NURHALIZA", "NURHALISSAH"),
    ],
)
def test_names_that_may_be_of_one_child(one: str, other: str) -> None:
    assert like_names(one, other)
    assert like_names(other, one)


def test_other_names_are_not_alike() -> None:
    assert not like_names("BILAL HASAN", "YUSUF HUSEIN")
    assert not like_names("MUHAMMAD RIZKI", "MUHAMMAD BILAL")
    assert not like_names("HASAN", "HUSEIN")
    assert not like_names("A. FAUZI", "A. HASAN")
    assert not like_names("", "SITI")
    assert not like_names("A", "B")


def test_a_name_is_one_by_its_letters_and_muhammad_however_it_is_spelt() -> None:
    assert spelling("Muhammad  Al-Fatih") == spelling("MOHAMAD ALFATIH")
    assert spelling("BY NY SITI II") == spelling("By Ny. Siti 2")
    assert spelling("RAFA") != spelling("RAFFA")


def test_a_number_behind_a_name_is_kept_apart_and_read_in_any_writing() -> None:
    assert name_key("BY NY SITI II") == name_key("By Ny Siti 2") == name_key("BY NY SITI 02")
    assert len({name_key(f"SITI{mark}") for mark in ("", " I", " II", " III", " IV", " A", " B")}) == 7


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("SITI I", "SITI II", True),
        ("Kembar A", "KEMBAR B", True),
        ("SITI II", "SITI 2", False),
        ("SITI", "SITI II", False),
        ("SITI A", "DEWI B", False),
    ],
)
def test_a_mark_tells_twins(one: str, other: str, apart: bool) -> None:
    assert NameForms(one).is_marked_apart(NameForms(other)) is apart


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("BY NY AMINAH", True),
        ("Bayi Aminah", True),
        ("An. Ny. Aminah", True),
        ("AN SITI CONTOH", False),
        ("BYANTARA", False),
    ],
)
def test_a_baby_without_a_name_is_called_after_its_mother(name: str, unnamed: bool) -> None:
    assert NameForms(name).is_unnamed is unnamed


def test_parents_may_be_written_with_initials() -> None:
    assert compared_parents("Bima P / Retno", "Bima Pratama / Retno Kusumawati") is Agreement.SAME
    assert compared_parents("P", "Pratama") is Agreement.OTHER


# --- Children who may be one --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("MUHAMMAD RIZKI PRATAMA", "M RIZKI PRATAMA"),
        ("SITI NURHALIZA", "NURHALIZA SITI"),
        ("AHMAD", "AHMAD FAUZI"),
        ("BY NY AMINAH", "AHMAD FAUZI"),
        ("AHMAD FAUZI", "BY NY AMINAH"),
        ("SITI VERA", "SITI V"),
        ("RIZKI P.", "RIZKI PRATAMA"),
        ("AHMAD FAUZI", "A. FAUZI"),
        ("MUHAMMAD RIZKI PRATAMA", "MUHAMMAD RIZKI P"),
        ("NURUL AINI", "NURUL A"),
        ("M ALFATIH", "MUHAMMAD AL FATIH"),
        ("SITI NURHALIZA PUTRI", "SITI N PUTRI"),
        ("RAFI", "RAFA"),
        ("RAFA", "RAFFA"),
        ("ZAHRA", "ZAHROH"),
    ],
)
@pytest.mark.parametrize("nik", ["", NIK])
def test_a_child_written_otherwise_is_asked_about_and_not_doubled(
    officer: User, home: Village, name: str, written: str, nik: str
) -> None:
    child = known(officer, home, name=name, nik=nik)
    found = answer(officer, row(Nama=written, **JULY))
    assert (found.outcome, [c.child_id for c in found.candidates]) == ("ask", [child.pk])


def test_twins_of_other_names_are_not_asked_about(officer: User, home: Village) -> None:
    known(officer, home, name="BILAL HASAN")
    assert answer(officer, row(Nama="YUSUF HUSEIN", **JULY)).code == "new_child"


def test_a_child_under_two_niks_with_a_letter_of_difference_is_asked_about(
    officer: User, home: Village
) -> None:
    known(officer, home, name="AHMAD FAUZI", nik=NIK)
    found = answer(officer, row(Nama="AHMAD FAUZY", NIK=OTHER_NIK, **JULY))
    assert (found.outcome, found.code) == ("ask", "two_niks")
    other = answer(officer, row(Nama="AHMAD FAUZY", NIK=OTHER_NIK, Nama_Ortu="BAPAK HARTONO", **JULY))
    assert other.code == "new_child"


def test_all_who_may_be_meant_are_offered_the_most_alike_first(officer: User, home: Village) -> None:
    named_after_mother = known(officer, home, name="BY NY AMINAH")
    alike = known(officer, home, name="SITI CONTAH")
    found = answer(officer, row(**JULY))
    assert (found.code, [c.child_id for c in found.candidates]) == (
        "similar_child",
        [alike.pk, named_after_mother.pk],
    )


# --- Twins --------------------------------------------------------------------------------------------------


def test_twins_told_by_a_mark_stay_apart_on_any_day(officer: User) -> None:
    second, third = row(Nama="BY NY SITI II"), row(Nama="BY NY SITI III", **JULY)
    assert codes(officer, second, third) == ["new_child", "new_child"]
    assert codes(officer, second, third) == ["same", "same"]


def test_triplets_of_one_day_stay_apart(officer: User) -> None:
    triplets = [row(Nama=f"BY NY SITI {mark}", Berat=f"11.{n}") for n, mark in enumerate(("I", "II", "III"))]
    assert codes(officer, *triplets) == ["new_child"] * 3


def test_a_name_with_a_mark_and_one_without_are_asked_about(officer: User) -> None:
    found = answer(officer, row(Nama="BY NY SITI"), row(Nama="BY NY SITI II", **JULY))
    assert (found.outcome, found.code) == ("ask", "similar_child")


def test_twins_with_a_nik_each_stay_apart_with_the_same_values(officer: User) -> None:
    twins = row(Nama="RAFA", NIK=NIK), row(Nama="RAFI", NIK=OTHER_NIK)
    assert codes(officer, *twins) == ["new_child", "new_child"]


@pytest.mark.parametrize("names", [("BY NY SITI", "BY NY SITI"), ("RAFA", "RAFFA")])
def test_one_name_with_two_weights_on_one_day_is_asked_about(officer: User, names: tuple[str, str]) -> None:
    content = csv_file(row(Nama=names[0], Berat="11.4"), row(Nama=names[1], Berat="10.9"))
    report = preview(content, officer)
    assert [r.code for r in report.rows] == ["new_child", "twice_that_day"]
    both = ImportAnswers(decisions={report.rows[1].keys.row: NEW_CHILD})
    assert [r.code for r in import_rows(content, officer, answers=both).rows] == ["new_child", "new_child"]
    assert Child.objects.count() == 2


def test_one_name_twice_with_what_completes_it_is_one_child(officer: User) -> None:
    assert codes(officer, row(Tinggi=""), row(Berat="")) == ["new_child", "completed"]


def test_one_nik_twice_on_a_day_is_one_child_and_the_other_row_is_named(officer: User) -> None:
    first, second = preview(csv_file(row(NIK=NIK), row(NIK=NIK, Berat="10.1")), officer).rows
    assert (first.code, second.code) == ("new_child", "day_taken")
    assert f"Baris {first.number} berkas ini juga mengukur anak ini" in second.sentence


def test_twins_told_by_a_doubled_letter_stay_apart_once_they_are_two(officer: User, home: Village) -> None:
    rafa, raffa = (known(officer, home, name=name) for name in ("RAFA", "RAFFA"))
    for child in (rafa, raffa):
        found = answer(officer, row(Nama=child.name.title(), **JULY))
        assert (found.code, found.child_id) == ("measured", child.pk)


# --- A NIK copied to another row ---


def test_a_nik_with_a_letter_of_difference_in_a_short_name_may_be_of_a_twin(
    officer: User, home: Village
) -> None:
    known(officer, home, name="RAFA", nik=NIK)
    assert answer(officer, row(Nama="RAFI", NIK=NIK, **JULY)).code == "nik_of_other_name"
    assert answer(officer, row(Nama="RAFFA", NIK=NIK, **JULY)).code == "measured"


def test_a_nik_of_a_twin_is_asked_about(officer: User, home: Village) -> None:
    known(officer, home, name="BILAL HASAN", nik=NIK)
    assert answer(officer, row(Nama="YUSUF HUSEIN", NIK=NIK, **JULY)).code == "nik_of_other_name"
    assert (
        answer(officer, row(Nama="YUSUF HUSEIN", NIK=NIK, Nama_Ortu="-", **JULY)).code == "nik_of_other_name"
    )


def test_one_nik_of_two_names_on_one_day_is_asked_about(officer: User) -> None:
    twins = row(Nama="RAFA", NIK=NIK, Berat="11.4"), row(Nama="RAFI", NIK=NIK, Berat="10.9")
    assert codes(officer, *twins) == ["new_child", "nik_of_other_name"]


def test_niks_that_lost_their_last_digit_do_not_make_one_child_of_twins(officer: User) -> None:
    lost = "3301025403220000"
    twins = row(Nama="RAFA", NIK=lost, Berat="11.4"), row(Nama="RAFI", NIK=lost, Berat="10.9")
    assert codes(officer, *twins) == ["new_child", "new_child"]


@pytest.mark.parametrize(("last", "codes_"), [("0", ["nik_not_whole"]), ("1", [])])
def test_a_column_of_niks_that_all_end_in_0_has_lost_its_last_digit(
    officer: User, last: str, codes_: list[str]
) -> None:
    names = ("AOBA", "BOCU", "COFE", "DUGI", "EPHA", "FUJO", "GIKU", "HALE")
    rows = [
        row(NIK=f"330102{54 - n}0322001{0 if n else last}", Nama=name, Tgl_Lahir=f"2022-03-{14 - n:02d}")
        for n, name in enumerate(names)
    ]
    found = preview(csv_file(*rows), officer).rows
    assert [[note.code for note in r.notes] for r in found] == [codes_] * 8


# --- What contradicts is told ---


def test_what_contradicts_the_register_is_told_and_changes_nothing(officer: User, home: Village) -> None:
    child = known(officer, home, nik=NIK, birth_weight_kg=Decimal("3.1"))
    brought = row(NIK=NIK, Nama_Ortu="BAPAK HARTONO", **{"BB Lahir": "2.1"})
    report = import_rows(csv_file(brought, header=[*brought]), officer)
    notes = {note.code: note.sentence for note in report.rows[0].notes}
    assert set(notes) == {"parent_differs", "birth_weight_differs"}
    assert "berat lahir 3,1 kg, di berkas 2,1" in notes["birth_weight_differs"]
    child.refresh_from_db()
    assert (child.parent_name, str(child.birth_weight_kg)) == ("IBU AMINAH", "3.100")


def test_another_posyandu_is_told(officer: User, home: Village) -> None:
    import_rows(csv_file(row(NIK=NIK, Posyandu="Melati I")), officer)
    assert answer(officer, row(NIK=NIK, Posyandu="Posy. Melati 1", **JULY)).notes == ()
    [note] = answer(officer, row(NIK=NIK, Posyandu="MAWAR", **JULY)).notes
    assert note.code == "posyandu_differs"
    assert "MELATI 1, di berkas MAWAR" in note.sentence
