"""Which village and child a row means: sure, ask or new."""

from __future__ import annotations

from datetime import date

import pytest

from registry.actions import move_child
from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.models import Child, Sex, User, Village
from registry.name_similarity import Agreement, compared_parents, fold_name
from tests.factories import make_cadre, make_child
from tests.imports.files import csv_file, row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

BORN = date(2022, 3, 14)
NIK = "3301025403220001"


def known(officer: User, village: Village, **identity: object) -> Child:
    identity = {
        "name": "SITI CONTOH",
        "birth_date": BORN,
        "sex": Sex.GIRL,
        "parent_name": "IBU AMINAH",
        **identity,
    }
    return make_child(officer, village, **identity)  # type: ignore[arg-type]


def answer(user: User, *rows: dict[str, str]) -> RowReport:
    """What becomes of the last row."""
    return preview(csv_file(*rows), user).rows[-1]


# --- Names ------------------------------------------------------------------------------------------------


def test_a_name_is_compared_without_case_blanks_and_doubled_letters() -> None:
    assert fold_name("Muhammad  Al-Fatih") == fold_name("MUHAMAD ALFATIH")
    assert fold_name("RAFA") != fold_name("RAFI")


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("BAPAK A/IBU A", "IBU A", Agreement.SAME),
        ("SUPARMAN / SITI AMINAH", "Siti Aminah", Agreement.SAME),
        ("SITI AMINAH", "SITI AMINNAH", Agreement.SAME),
        ("BAPAK A", "BAPAK B", Agreement.OTHER),
        ("SUPARMAN", "HARTONO", Agreement.OTHER),
        ("", "IBU A", Agreement.UNKNOWN),
    ],
)
def test_parents_are_compared_without_titles(one: str, other: str, answer: Agreement) -> None:
    assert compared_parents(one, other) is answer


# --- Children -----------------------------------------------------------------------------------------------


def test_a_whole_nik_finds_the_child_under_another_name(officer: User, home: Village) -> None:
    child = known(officer, home, nik=NIK, name="BY NY AMINAH")
    found = answer(officer, row(NIK=NIK))
    assert (found.code, found.child_id) == ("measured", child.pk)
    assert [note.code for note in found.notes] == ["name_differs"]


def test_a_nik_of_a_child_born_another_day_is_asked_about(officer: User, home: Village) -> None:
    known(officer, home, nik=NIK, birth_date=date(2022, 4, 14))
    found = answer(officer, row(NIK=NIK))
    assert (found.outcome, found.code) == ("ask", "nik_of_another")
    assert "lahir 14 April 2022; di berkas P, lahir 14 Maret 2022" in found.sentence


def test_without_a_nik_birth_date_sex_village_and_name_find_the_child(officer: User, home: Village) -> None:
    child = known(officer, home, name="Siti  contoh")
    assert (answer(officer, row()).code, answer(officer, row()).child_id) == ("measured", child.pk)


def test_a_nik_the_register_lacks_is_added_and_told(officer: User, home: Village) -> None:
    child = known(officer, home)
    found = answer(officer, row(NIK=NIK))
    assert found.code == "measured"
    assert [note.code for note in found.notes] == ["nik_added"]
    import_rows(csv_file(row(NIK=NIK)), officer)
    child.refresh_from_db()
    assert (child.nik, child.parent_name) == (NIK, "IBU AMINAH")
    again = answer(officer, row(NIK=NIK))
    assert (again.code, again.notes) == ("same", ())


def test_a_measurement_known_already_still_brings_its_nik(officer: User, home: Village) -> None:
    import_rows(csv_file(row()), officer)
    report = import_rows(csv_file(row(NIK=NIK)), officer)
    assert (report.rows[0].outcome, report.rows[0].code) == ("completed", "nik_added")
    assert (report.measurements_new, Child.objects.get().nik) == (0, NIK)


def test_a_row_that_is_refused_brings_no_nik(officer: User, home: Village) -> None:
    known(officer, home)
    import_rows(csv_file(row(NIK=NIK, Berat="99")), officer)
    assert not Child.objects.get().has_nik


def test_a_nik_of_several_rows_is_added_by_the_first_that_is_taken(officer: User, home: Village) -> None:
    known(officer, home)
    july, august = (row(NIK=NIK, Tanggal_Pengukuran=f"2024-0{month}-10", Berat="11.9") for month in (7, 8))
    report = import_rows(csv_file(row(NIK=NIK, Berat="99"), july, august), officer)
    assert [[note.code for note in found.notes] for found in report.rows] == [[], ["nik_added"], []]
    assert Child.objects.get().nik == NIK


def test_a_child_of_the_file_gets_its_nik_from_a_later_row_and_no_second_one(officer: User) -> None:
    july = row(NIK=NIK, Tanggal_Pengukuran="2024-07-10", Berat="11.6")
    august = row(NIK="3301025403220009", Tanggal_Pengukuran="2024-08-10", Berat="11.7")
    report = import_rows(csv_file(row(), july, august), officer)
    assert [r.code for r in report.rows] == ["new_child", "measured", "two_niks"]
    assert Child.objects.get().nik == NIK


@pytest.mark.parametrize(
    "change", [{"Tgl_Lahir": "2022-07-21"}, {"Desa/Kel": "SLARANG"}, {"Nama": "DEWI LESTARI"}]
)
def test_another_birth_date_village_or_name_is_another_child(
    officer: User, home: Village, change: dict[str, str]
) -> None:
    known(officer, home, parent_name="")
    assert answer(officer, row(**change)).code == "new_child"


def test_the_same_name_with_other_parents_is_asked_about(officer: User, home: Village) -> None:
    known(officer, home, parent_name="HARTONO")
    assert answer(officer, row()).code == "other_parent"


def test_the_same_name_with_another_nik_is_asked_about(officer: User, home: Village) -> None:
    known(officer, home, nik="3301025403220009")
    assert answer(officer, row(NIK=NIK)).code == "two_niks"


def test_a_masked_nik_that_is_not_the_childs_is_asked_about(officer: User, home: Village) -> None:
    child = known(officer, home, nik=NIK)
    found = answer(officer, row(NIK="330102******0009"))
    assert (found.code, [c.child_id for c in found.candidates]) == ("nik_not_fitting", [child.pk])
    assert answer(officer, row(NIK="330102******0001")).code == "measured"


def test_a_child_that_came_after_that_day_is_asked_about_as_living_elsewhere(
    officer: User, home: Village
) -> None:
    child = known(officer, Village.objects.get(name="Slarang"))
    move_child(by=officer, child_id=child.pk, village_code=home.pk, moved_on=date(2024, 7, 1))
    assert answer(officer, row(Nama_Ortu="")).code == "lives_elsewhere"


def test_a_similar_name_is_never_taken_for_the_same_child(officer: User, home: Village) -> None:
    known(officer, home, name="SITI CONTAH")
    found = answer(officer, row(Nama="SITI CONTOH"))
    assert (found.outcome, found.code) == ("ask", "similar_child")
    assert "SITI CONTAH" in found.sentence


def test_two_children_of_one_name_are_asked_about(officer: User, home: Village) -> None:
    known(officer, home)
    known(officer, home)
    assert answer(officer, row()).code == "many_children"


def test_twins_of_one_file_stay_apart(officer: User) -> None:
    twins = (row(Nama="RAFA PRATAMA", Berat="11.4"), row(Nama="RAFI PRATAMA", Berat="11.1"))
    assert [r.code for r in import_rows(csv_file(*twins), officer).rows] == ["new_child", "new_child"]
    assert [r.code for r in preview(csv_file(*twins), officer).rows] == ["same", "same"]
    later = [{**twin, "Tanggal Pengukuran": "2024-07-10"} for twin in twins]
    assert [r.code for r in preview(csv_file(later[1]), officer).rows] == ["measured"]


def test_two_rows_alike_in_name_and_all_values_are_asked_about(officer: User) -> None:
    assert answer(officer, row(Nama="RAFA PRATAMA"), row(Nama="RAFI PRATAMA")).code == "similar_child"


def test_a_child_measured_twice_in_one_file_is_enrolled_once(officer: User) -> None:
    july = row(Tanggal_Pengukuran="2024-07-10", Berat="11.6")
    assert [r.code for r in import_rows(csv_file(july, row()), officer).rows] == ["new_child", "measured"]
    child = Child.objects.get()
    assert child.residences.get().since == date(2024, 6, 12)
    assert list(child.measurements.order_by("measured_on").values_list("gain", flat=True)) == ["B", "N"]


def test_a_child_that_lives_elsewhere_that_day_is_asked_about(officer: User, home: Village) -> None:
    child = known(officer, home, nik=NIK)
    slarang = Village.objects.get(name="Slarang")
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 6, 1))
    assert answer(officer, row(NIK=NIK)).code == "lives_elsewhere"
    assert answer(officer, row()).code == "lives_elsewhere"
    assert answer(officer, row(NIK=NIK, Tanggal_Pengukuran="2024-05-12")).code == "measured"
    assert answer(officer, {**row(), "Desa/Kel": "Slarang"}).code == "measured"


@pytest.mark.parametrize(("parent", "code"), [("", "lives_elsewhere"), ("HARTONO", "new_child")])
def test_a_child_that_left_the_village_is_asked_about_where_no_parent_tells(
    officer: User, home: Village, parent: str, code: str
) -> None:
    child = known(officer, home)
    slarang = Village.objects.get(name="Slarang")
    assert answer(officer, {**row(Nama_Ortu=""), "Desa/Kel": "SLARANG"}).code == "new_child"
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 6, 1))
    found = answer(officer, row(Nama_Ortu=parent))
    assert found.code == code
    if code == "lives_elsewhere":
        assert [c.child_id for c in found.candidates] == [child.pk]


# --- Places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Desa/Kel": "ENTAH"}, "village_unknown"),
        ({"Kec": "ENTAH"}, "village_unknown"),
        ({"Kec": ""}, "village_unknown"),
        ({"Kab/Kota": "BANYUMAS"}, "district_unknown"),
        ({"Kab/Kota": "KAB CILACAP"}, "new_child"),
        ({"Kec": "Kec. Kesugihan", "Desa/Kel": "Ds. KesugihanKidul"}, "new_child"),
    ],
)
def test_a_village_is_found_by_kecamatan_and_name(officer: User, change: dict[str, str], code: str) -> None:
    assert answer(officer, {**row(), **change}).code == code


def test_a_village_outside_the_area_is_refused(officer: User) -> None:
    cadre = make_cadre(Village.objects.get(name="Slarang"))
    found = answer(cadre, row())
    assert (found.outcome, found.code) == ("refused", "village_outside")


def test_a_nik_outside_the_area_is_refused_without_telling_whose_it_is(officer: User, home: Village) -> None:
    known(officer, home, nik=NIK, name="NAMA RAHASIA")
    cadre = make_cadre(Village.objects.get(name="Slarang"))
    found = answer(cadre, {**row(NIK=NIK), "Desa/Kel": "SLARANG"})
    assert found.code == "nik_elsewhere"
    assert "RAHASIA" not in found.sentence
    assert "Kidul" not in found.sentence
