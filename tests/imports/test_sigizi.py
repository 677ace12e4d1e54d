"""The two templates that Sigizi takes: one says who children are, one what was measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from registry.actions import revert_import
from registry.errors import Invalid
from registry.growth.cells.dates import Order, Orders
from registry.imports.answers import NEW_CHILD, ImportAnswers, decisions_for, same_child
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report
from registry.imports.workflow import save_decision
from registry.models import Child, Measurement, Position, Upload, User, Village
from tests.factories import make_cadre, make_child
from tests.imports.files import sample

pytestmark = pytest.mark.django_db

DAY_FIRST = Orders(None, Order.DAY_FIRST)


@pytest.fixture
def home(officer: User) -> Village:
    return Village.objects.get(name="Kunci", kecamatan__name="Sidareja")


def codes(report: Report) -> list[tuple[str, str]]:
    return [(str(row.outcome), row.code) for row in report.rows]


def measurements(*rows: str) -> bytes:
    header = "No,NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI,LILA,lingkar_kepala,Pitting_edema,CARAUKUR"
    return "\n".join([header, *rows]).encode()


def identities(*rows: str) -> bytes:
    header = "No,tgl_lahir,jenis_kelamin,NIK,nama_anak,berat_lahir,panjang_lahir,nama_ortu,alamat,rt,rw"
    return "\n".join([header + ",hapus,pindah", *rows]).encode()


# --- Identity -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["06", "07", "09", "11"])
def test_a_file_that_names_no_village_asks_for_it(officer: User, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        preview(sample(name), officer)
    assert (caught.value.code, caught.value.field) == ("village_needed", "village")
    assert "Pilih desa" in caught.value.message


def test_the_identity_template_enrols_children_without_a_measurement(officer: User, home: Village) -> None:
    report = import_rows(sample("06"), officer, answers=ImportAnswers(village=home))
    assert report.layout == "sigizi-identity"
    assert codes(report) == [*[("new_child", "new_child")] * 2, ("skipped", "departed_unknown")]
    assert (report.children_new, report.measurements_new) == (2, 0)
    assert not Measurement.objects.exists()
    first, second = Child.objects.order_by("birth_date")
    assert (first.name, first.sex, first.nik, first.village) == ("CONTOH ENAM", 1, "3301110305240001", home)
    assert (first.birth_weight_kg, first.birth_length_cm) == (Decimal("2.9"), Decimal(48))
    assert (first.posyandu and first.posyandu.name, first.parent_name) == ("DAHLIA IV", "IBU ENAM")
    assert (second.birth_weight_kg, second.birth_length_cm) == (Decimal("3.1"), Decimal("49.5"))
    assert (first.gestation_weeks, second.gestation_weeks) == (38, 40)
    assert not second.has_nik  # 3.30111E+15
    assert second.posyandu == first.posyandu  # DAHLIA 4


def test_the_identity_template_again_changes_nothing(officer: User, home: Village) -> None:
    import_rows(sample("06"), officer, answers=ImportAnswers(village=home))
    before = list(Child.objects.order_by("pk").values())
    report = import_rows(sample("06"), officer, answers=ImportAnswers(village=home))
    assert codes(report)[:2] == [("same", "child_known")] * 2
    assert list(Child.objects.order_by("pk").values()) == before


def test_the_identity_template_fills_only_what_the_register_lacks(officer: User, home: Village) -> None:
    child = make_child(
        officer, home, name="CONTOH ENAM", sex=1, birth_date=date(2024, 5, 3), parent_name="IBU E",  # type: ignore[arg-type]
        birth_weight_kg=Decimal("3.0"),
    )  # fmt: skip
    content = identities("1,2024-05-03,L,3301110305240001,CONTOH ENAM,2.9,48,,JL CONTOH,01,02,,")
    report = import_rows(content, officer, answers=ImportAnswers(village=home))
    assert codes(report) == [("completed", "child_completed")]
    assert report.rows[0].sentence == (
        "Anak ini sudah ada dan dilengkapi: panjang lahir 48 cm, RT 01, RW 02, alamat JL CONTOH."
    )
    child.refresh_from_db()
    assert (child.birth_weight_kg, child.birth_length_cm) == (Decimal("3.0"), Decimal(48))
    assert (child.parent_name, child.rt, child.nik) == ("IBU E", "01", "3301110305240001")
    assert report.measurements_new == 0


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("ya,", ("refused", "asks_removal")),
        (",pindah", ("ask", "asks_moving")),
        ("tidak,tidak", ("same", "child_known")),
    ],
)
def test_a_wish_to_delete_or_move_is_left_to_a_person(
    officer: User, home: Village, wish: str, answer: tuple[str, str]
) -> None:
    make_child(officer, home, name="CONTOH ENAM", sex=1, birth_date=date(2024, 5, 3))  # type: ignore[arg-type]
    content = identities(f"1,2024-05-03,L,,CONTOH ENAM,,,,,,,{wish}")
    assert codes(import_rows(content, officer, answers=ImportAnswers(village=home))) == [answer]
    assert Child.objects.get().is_active


def test_children_of_a_file_without_measurements_go_when_it_is_taken_back(
    officer: User, home: Village
) -> None:
    upload = Upload.objects.create(user=officer, file_name="a.csv", sha256="0" * 64)
    import_rows(sample("06"), officer, upload, answers=ImportAnswers(village=home))
    upload.committed_at = timezone.now()
    upload.save()
    assert revert_import(by=officer, upload_id=upload.pk).children == 2
    assert not Child.objects.exists()


# --- Measurements -------------------------------------------------------------------------------------------


def test_the_measurement_template_finds_its_children_and_asks_how_its_dates_are_written(
    officer: User, home: Village
) -> None:
    import_rows(sample("06"), officer, answers=ImportAnswers(village=home))
    eight = make_child(
        officer, home, name="CONTOH DELAPAN", birth_date=date(2024, 2, 11), nik="3301115102240003"
    )
    report = preview(sample("07"), officer, answers=ImportAnswers(village=home))
    assert report.layout == "sigizi-measurements"
    assert codes(report) == [("measured", "measured"), ("ask", "date_order")]
    assert [q.asks for q in report.questions] == ["measured_order"]

    import_rows(sample("07"), officer, answers=ImportAnswers(village=home, orders=DAY_FIRST))
    measured = Measurement.objects.get(child=eight)
    assert (measured.measured_on, measured.weight_kg, measured.lenhei_cm) == (
        date(2024, 6, 12),
        Decimal("6.1"),
        Decimal("61.5"),
    )
    assert (measured.muac_cm, measured.head_cm, measured.oedema) == (Decimal("12.8"), Decimal(40), False)
    six = Measurement.objects.get(child__name="CONTOH ENAM")
    # As in the files of e-PPGBM: the same boy of 40 days with 4.4 kg and 53 cm.
    assert (six.haz, six.waz, six.whz, six.position) == (-1.52, -0.75, 1.06, Position.LYING)


def test_a_child_the_register_does_not_know_is_refused_and_not_enrolled(officer: User, home: Village) -> None:
    make_child(officer, home, name="CONTOH ENAN")
    report = import_rows(sample("07"), officer, answers=ImportAnswers(village=home, orders=DAY_FIRST))
    assert codes(report) == [("refused", "unknown_child")] * 2
    assert report.rows[0].sentence == (
        "Anak ini belum ada di register. Daftarkan dulu, atau unggah berkas identitasnya."
    )
    assert [c.name for c in report.rows[0].candidates] == ["CONTOH ENAN"]
    assert Child.objects.count() == 1


def test_without_a_nik_the_name_finds_the_only_child_of_the_village(officer: User, home: Village) -> None:
    child = make_child(officer, home, name="Contoh Enam")
    make_child(officer, Village.objects.get(name="Slarang"), name="CONTOH ENAM")
    content = measurements("1,,CONTOH ENAM,2024-06-12,11.4,84.5,,,tidak,berdiri")
    [found] = preview(content, officer, answers=ImportAnswers(village=home)).rows
    assert (found.code, found.child_id) == ("measured", child.pk)


def test_twins_told_by_a_doubled_letter_are_measured_by_their_own_spelling(
    officer: User, home: Village
) -> None:
    rafa = make_child(officer, home, name="Rafa")
    contents = [measurements(f"1,,{name},2024-06-12,11.4,84.5,,,tidak,berdiri") for name in ("RAFA", "RAFFA")]
    found = [preview(content, officer, answers=ImportAnswers(village=home)).rows[0] for content in contents]
    assert [(row.outcome, row.code) for row in found] == [("measured", "measured"), ("ask", "similar_child")]
    assert [c.child_id for c in found[1].candidates] == [rafa.pk]
    raffa = make_child(officer, home, name="Raffa")
    found = [preview(content, officer, answers=ImportAnswers(village=home)).rows[0] for content in contents]
    assert [row.child_id for row in found] == [rafa.pk, raffa.pk]


def test_two_children_of_one_name_are_asked_about_and_the_answer_holds(officer: User, home: Village) -> None:
    first, second = (
        make_child(officer, home, name="CONTOH ENAM", birth_date=date(2022, 3, day)) for day in (1, 2)
    )
    content = measurements("1,,CONTOH ENAM,2024-06-12,11.4,84.5,,,tidak,berdiri")
    [answers] = preview(content, officer, answers=ImportAnswers(village=home)).rows
    assert (answers.outcome, answers.code) == ("ask", "many_children")
    assert {c.child_id for c in answers.candidates} == {first.pk, second.pk}
    who = ImportAnswers(village=home, decisions={answers.keys.who: same_child(second.pk)})
    assert preview(content, officer, answers=who).rows[0].code == "many_children"  # of another day
    chosen = ImportAnswers(village=home, decisions={answers.keys.row: same_child(second.pk)})
    assert import_rows(content, officer, answers=chosen).rows[0].child_id == second.pk
    save_decision(by=officer, keys=answers.keys, decision=same_child(second.pk))
    remembered = ImportAnswers(village=home, decisions=decisions_for(officer))
    assert preview(content, officer, answers=remembered).rows[0].code == "same"
    new = ImportAnswers(village=home, decisions={answers.keys.row: NEW_CHILD})
    assert preview(content, officer, answers=new).rows[0].code == "new_needs_identity"


def test_a_name_with_another_nik_is_asked_about_and_a_nik_lacking_is_added(
    officer: User, home: Village
) -> None:
    child = make_child(officer, home, name="CONTOH ENAM")
    content = measurements("1,3301115403220001,CONTOH ENAM,2024-06-12,11.4,84.5,,,tidak,berdiri")
    import_rows(content, officer, answers=ImportAnswers(village=home))
    child.refresh_from_db()
    assert child.nik == "3301115403220001"
    other = measurements("1,3301115403220002,CONTOH ENAM,2024-07-12,11.6,85,,,tidak,berdiri")
    assert codes(preview(other, officer, answers=ImportAnswers(village=home))) == [("ask", "two_niks")]


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("3301096401210001", "nik_not_fitting"),  # 24 January 2021
        ("330109640121****", "nik_not_fitting"),
        ("3301090403230001", "nik_not_fitting"),  # of a boy
        ("330109****230001", "measured"),
        ("3301094403230001", "measured"),
        ("330109******0002", "nik_not_fitting"),  # another serial than the register has
    ],
)
def test_a_nik_that_a_namesake_cannot_have_is_asked_about_and_not_added(
    officer: User, home: Village, nik: str, code: str
) -> None:
    known = "3301094403230001" if nik.endswith("2") else ""
    child = make_child(officer, home, name="SITI", birth_date=date(2023, 3, 4), nik=known)
    content = measurements(f"1,{nik},SITI,2024-06-12,11.4,84.5,,,tidak,berdiri")
    [found] = preview(content, officer, answers=ImportAnswers(village=home)).rows
    assert found.code == code
    if code == "measured":
        return
    assert [c.child_id for c in found.candidates] == [child.pk]
    same = ImportAnswers(village=home, decisions={found.keys.who: same_child(child.pk)})
    assert import_rows(content, officer, answers=same).rows[0].code == "measured"
    child.refresh_from_db()
    assert child.nik == known


def test_a_nik_outside_the_area_is_refused_without_telling_whose_it_is(officer: User, home: Village) -> None:
    make_child(officer, Village.objects.get(name="Slarang"), name="RAHASIA", nik="3301110305240001")
    content = measurements("1,3301110305240001,CONTOH ENAM,2024-06-12,11.4,84.5,,,tidak,berdiri")
    [left] = preview(content, make_cadre(home), answers=ImportAnswers(village=home)).rows
    assert (left.code, left.candidates) == ("nik_elsewhere", ())
    assert "RAHASIA" not in left.sentence


def test_a_row_with_a_nik_and_no_name_is_of_the_child_of_that_nik(officer: User, home: Village) -> None:
    child = make_child(officer, home, nik="3301110305240001")
    content = measurements("1,3301110305240001,,2024-06-12,11.4,84.5,,,tidak,berdiri")
    [found] = preview(content, officer, answers=ImportAnswers(village=home)).rows
    assert (found.code, found.child_id) == ("measured", child.pk)
    assert "name_differs" not in [note.code for note in found.notes]
