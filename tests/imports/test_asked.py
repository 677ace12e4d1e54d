"""What somebody says about a file beside its content: which child, which rows, which order, which column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from registry.actions import move_child
from registry.growth.cells.dates import Order, Orders
from registry.imports.answers import (
    LEAVE_OUT,
    NEW_CHILD,
    Decision,
    ImportAnswers,
    decisions_for,
    moved_child,
    same_child,
)
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report
from registry.imports.workflow import save_decision
from registry.models import Child, Measurement, RowDecision, Sex, User, Village
from tests.factories import make_cadre, make_child
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

NIK, OTHER_NIK = "3301025403220001", "3301025403220009"


def known(officer: User, village: Village, **identity: object) -> Child:
    identity = {"name": "SITI CONTOH", "parent_name": "IBU AMINAH", **identity}
    return make_child(officer, village, **identity)  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    return [r.code for r in report.rows]


def asks(report: Report) -> list[str]:
    return [str(question.asks) for question in report.questions]


def keys(report: Report) -> list[str]:
    return [r.keys.row for r in report.rows]


def decided(content: bytes, user: User, *decisions: Decision | None) -> ImportAnswers:
    """These decisions, one for each row."""
    of_rows = zip(keys(preview(content, user)), decisions, strict=True)
    return ImportAnswers(decisions={key: decision for key, decision in of_rows if decision})


# --- Keys ---------------------------------------------------------------------------------------------------


def test_the_key_of_a_row_is_stable_and_tells_nothing_of_the_child(officer: User) -> None:
    first, second = (preview(csv_file(row(NIK=NIK, Berat=w)), officer).rows[0] for w in ("11.4", "11.5"))
    assert first.keys.row == second.keys.row
    assert len(first.keys.row) == 64
    assert not {"SITI", NIK, "2022"} & set(first.keys.row)


def test_the_key_of_a_date_is_the_same_however_it_is_written(officer: User) -> None:
    iso, serial = (
        preview(csv_file(row(Tanggal_Pengukuran=day)), officer).rows[0] for day in ("2024-06-12", "45455")
    )
    assert iso.keys.row == serial.keys.row


@pytest.mark.parametrize(
    "change", [{"NIK": NIK}, {"Nama": "B"}, {"Tgl Lahir": "2022-03-15"}, {"JK": "L"}, {"Desa/Kel": "SLARANG"},
               {"Nama Ortu": "B"}, {"Tanggal Pengukuran": "2024-06-13"}],
)  # fmt: skip
def test_another_child_place_or_day_is_another_key(officer: User, change: dict[str, str]) -> None:
    one, other = preview(csv_file(row(), {**row(), **change}), officer).rows
    assert one.keys.row != other.keys.row


def test_a_list_without_village_or_day_has_the_keys_of_those_said_for_it(
    officer: User, home: Village
) -> None:
    """The name alone is another child in the next village, and another row in the next month."""
    header = ["Nama", "JK", "Tgl Lahir", "Berat", "Tinggi", "NIK"]
    content = csv_file(row(), header=header)
    here, slarang = ImportAnswers(village=home), ImportAnswers(village=Village.objects.get(name="Slarang"))
    said = [replace(here, measured_on=date(2024, 6, 12)), replace(here, measured_on=date(2024, 7, 10))]
    found = [preview(content, officer, answers=answers).rows[0].keys for answers in (*said, slarang)]
    assert found[0].who == found[1].who != found[2].who
    assert len({keys.row for keys in found}) == 3


# --- Decisions ----------------------------------------------------------------------------------------------


def test_who_a_row_may_be_of_is_told_with_what_tells_children_apart(officer: User, home: Village) -> None:
    child = known(officer, home, name="SITI CONTAH")
    [answers] = preview(csv_file(row(Nama="SITI CONTOH")), officer).rows
    [candidate] = answers.candidates
    assert (candidate.child_id, candidate.name) == (child.pk, "SITI CONTAH")
    assert (candidate.birth_date, candidate.village) == (date(2022, 3, 14), "Kesugihan Kidul")


@pytest.mark.parametrize(
    ("identity", "change", "code"),
    [
        ({"name": "SITI CONTAH"}, {"Nama": "SITI CONTOH"}, "similar_child"),
        ({"nik": OTHER_NIK}, {"NIK": NIK}, "two_niks"),
        ({"parent_name": "HARTONO"}, {}, "other_parent"),
        ({"nik": NIK, "birth_date": date(2022, 4, 14)}, {"NIK": NIK}, "nik_of_another"),
    ],
)
def test_an_open_row_is_of_the_child_or_of_another_as_decided_and_the_same_again_later(
    officer: User, home: Village, identity: dict[str, object], change: dict[str, str], code: str
) -> None:
    child = known(officer, home, **identity)
    content = csv_file({**row(), **change})
    assert codes(preview(content, officer)) == [code]

    same = decided(content, officer, same_child(child.pk))
    found = preview(content, officer, answers=same).rows[0]
    assert (found.code, found.child_id) == ("measured", child.pk)
    assert "same_by_choice" in [note.code for note in found.notes]

    new = decided(content, officer, NEW_CHILD)
    assert codes(import_rows(content, officer, answers=new)) == ["new_child"]
    assert codes(import_rows(content, officer, answers=new)) == ["same"]
    assert Child.objects.count() == 2


def test_a_child_chosen_is_recorded_where_it_lives(officer: User, home: Village) -> None:
    child = known(officer, Village.objects.get(name="Slarang"), nik=NIK)
    content = csv_file(row(NIK=NIK))
    assert codes(preview(content, officer)) == ["lives_elsewhere"]
    report = import_rows(content, officer, answers=decided(content, officer, same_child(child.pk)))
    assert (report.rows[0].code, report.rows[0].place) == ("measured", "Slarang")
    assert Measurement.objects.get().village.name == "Slarang"


def test_a_new_child_decided_on_does_not_take_the_nik_of_another(officer: User, home: Village) -> None:
    known(officer, home, nik=NIK, birth_date=date(2022, 4, 14))
    content = csv_file(row(NIK=NIK))
    report = import_rows(content, officer, answers=decided(content, officer, NEW_CHILD))
    assert [note.code for note in report.rows[0].notes if note.repaired] == ["nik_left_out"]
    assert not Child.objects.get(birth_date=date(2022, 3, 14)).has_nik


def test_a_child_chosen_keeps_its_own_nik(officer: User, home: Village) -> None:
    child = known(officer, home, nik=OTHER_NIK)
    content = csv_file(row(NIK=NIK))
    import_rows(content, officer, answers=decided(content, officer, same_child(child.pk)))
    child.refresh_from_db()
    assert child.nik == OTHER_NIK


@pytest.mark.parametrize(
    ("identity", "change", "notes", "said"),
    [
        ({"nik": OTHER_NIK}, {"NIK": NIK}, ["nik_differs"], "NIK di berkas bukan yang di register"),
        (
            {"birth_date": date(2022, 3, 15)},
            {},
            ["birth_date_differs"],
            "lahir 15 Maret 2022, di berkas 14 Maret 2022",
        ),
        ({"sex": Sex.BOY}, {}, ["sex_differs"], "jenis kelamin L, di berkas P"),
        ({"name": "SITI CONTAH"}, {}, [], ""),
        ({"name": "SITI CONTAH"}, {"NIK": NIK}, ["nik_added"], ""),
    ],
)
def test_what_contradicts_a_child_chosen_is_told_each_time(
    officer: User,
    home: Village,
    identity: dict[str, object],
    change: dict[str, str],
    notes: list[str],
    said: str,
) -> None:
    child = known(officer, home, **identity)
    content = csv_file({**row(), **change})
    report = import_rows(content, officer, answers=decided(content, officer, same_child(child.pk)))
    found = {note.code: note.sentence for note in report.rows[0].notes}
    assert sorted(found) == sorted([*notes, "same_by_choice"])
    assert not said or said in found[notes[0]]


def test_a_child_that_moved_lives_where_the_file_says_from_its_first_day_there(
    officer: User, home: Village
) -> None:
    slarang = Village.objects.get(name="Slarang")
    child = known(officer, slarang, nik=NIK)
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-07-10"), row(NIK=NIK))
    report = preview(content, officer)
    assert codes(report) == ["lives_elsewhere"] * 2
    answers = ImportAnswers(decisions={report.rows[0].keys.who: moved_child(child.pk)})
    assert codes(preview(content, officer, answers=answers)) == ["measured"] * 2
    assert child.residences.count() == 1
    import_rows(content, officer, answers=answers)
    child.refresh_from_db()
    lived = child.residences.order_by("since").values_list("village", "since", "until")
    first = child.birth_date
    assert [(v, until) for v, _since, until in lived] == [(slarang.pk, date(2024, 6, 12)), (home.pk, None)]
    assert lived[1][1] == date(2024, 6, 12) > first
    assert child.village == home
    assert child.posyandu is not None and child.posyandu.name == "MELATI I"
    assert {m.village for m in child.measurements.all()} == {home}
    assert codes(import_rows(content, officer, answers=answers)) == ["same"] * 2


def test_a_move_before_the_child_lived_where_it_lives_is_refused(officer: User, home: Village) -> None:
    child = known(officer, Village.objects.get(name="Slarang"), nik=NIK)
    since = child.residences.get().since.isoformat()
    content = csv_file(row(NIK=NIK, Tanggal_Pengukuran=since))
    [asks] = preview(content, officer).rows
    report = preview(
        content, officer, answers=ImportAnswers(decisions={asks.keys.who: moved_child(child.pk)})
    )
    assert (report.rows[0].outcome, report.rows[0].code) == ("refused", "moved_before_living")


def test_a_child_moved_as_decided_is_not_moved_again_once_it_has_left(officer: User, home: Village) -> None:
    slarang = Village.objects.get(name="Slarang")
    child = known(officer, slarang, nik=NIK)
    months = [row(NIK=NIK, Tanggal_Pengukuran=f"2024-{m}-10") for m in ("07", "09")]
    july, september = csv_file(months[0]), csv_file(*months)

    def decide_it_moved(content: bytes) -> None:
        [*_known, asks] = preview(content, officer, answers=remembered(officer)).rows
        assert asks.code == "lives_elsewhere"
        save_decision(by=officer, keys=asks.keys, decision=moved_child(child.pk))
        import_rows(content, officer, answers=remembered(officer))

    def villages() -> list[str]:
        return list(child.residences.order_by("since").values_list("village__name", flat=True))

    decide_it_moved(july)
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 8, 5))
    assert codes(import_rows(july, officer, answers=remembered(officer))) == ["same"]
    assert codes(import_rows(september, officer, answers=remembered(officer))) == ["same", "lives_elsewhere"]
    assert villages() == ["Slarang", "Kesugihan Kidul", "Slarang"]
    decide_it_moved(september)
    assert villages() == ["Slarang", "Kesugihan Kidul"] * 2
    october = csv_file(row(NIK=NIK, Tanggal_Pengukuran="2024-10-10"))
    assert codes(import_rows(october, officer, answers=remembered(officer))) == ["measured"]


def test_a_child_of_the_same_file_can_be_chosen(officer: User) -> None:
    content = csv_file(row(NIK=NIK), row(NIK=OTHER_NIK, Tanggal_Pengukuran="2024-07-10"))
    [_first, second] = preview(content, officer).rows
    assert second.code == "two_niks"
    answers = ImportAnswers(decisions={second.keys.row: same_child(second.candidates[0].child_id)})
    assert codes(import_rows(content, officer, answers=answers)) == ["new_child", "measured"]
    assert codes(import_rows(content, officer, answers=answers)) == ["same", "same"]


def test_a_child_outside_the_area_cannot_be_chosen(officer: User, home: Village) -> None:
    hidden = known(officer, Village.objects.get(name="Slarang"), name="NAMA RAHASIA")
    cadre, content = make_cadre(home), csv_file(row())
    for child in (hidden.pk, uuid4()):
        [left] = preview(content, cadre, answers=decided(content, cadre, same_child(child))).rows
        assert (left.outcome, left.code) == ("ask", "decided_child_gone")
        assert "RAHASIA" not in left.sentence


def test_a_row_left_out_by_choice_is_skipped_even_where_it_cannot_be_read(officer: User) -> None:
    content = csv_file(row(), row(Berat="PINDAH RUMAH", Nama="B"))
    report = import_rows(content, officer, answers=decided(content, officer, LEAVE_OUT, LEAVE_OUT))
    assert [(r.outcome, r.code) for r in report.rows] == [("skipped", "skipped_by_choice")] * 2
    assert not Child.objects.exists()


# --- Part of a file -----------------------------------------------------------------------------------------


def test_only_the_rows_that_are_chosen_are_written(officer: User) -> None:
    content = csv_file(row(Nama="AOBACE"), row(Nama="BOCADE"), row(Nama="COFAGE", Berat="x"))
    all_keys = keys(preview(content, officer))
    report = import_rows(content, officer, answers=ImportAnswers(only=frozenset(all_keys[1:])))
    assert codes(report) == ["not_chosen", "new_child", "not_a_number"]
    assert report.rows[0].outcome == "skipped"
    assert [child.name for child in Child.objects.all()] == ["BOCADE"]


# --- Places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "village"),
    [
        ({"Kec": "", "Desa/Kel": ""}, "Kesugihan Kidul"),
        ({"Kec": "", "Desa/Kel": "SLARANG"}, "Slarang"),  # of the same kecamatan
        ({"Kec": "SIDAREJA", "Desa/Kel": "KUNCI"}, "Kunci"),  # what the row says goes before
    ],
)
def test_a_row_that_names_no_village_is_of_the_one_said_for_the_file(
    officer: User, home: Village, place: dict[str, str], village: str
) -> None:
    import_rows(csv_file({**row(), **place}), officer, answers=ImportAnswers(village=home))
    assert Child.objects.get().village.name == village


def test_the_village_said_for_a_file_must_be_the_users(officer: User, home: Village) -> None:
    cadre, content = make_cadre(home), csv_file({**row(), "Kec": "", "Desa/Kel": ""})
    elsewhere = ImportAnswers(village=Village.objects.get(name="Slarang"))
    assert codes(preview(content, cadre, answers=elsewhere)) == ["village_outside"]


# --- Questions ----------------------------------------------------------------------------------------------


def test_an_order_nothing_proves_is_asked_once_for_the_file_and_the_answer_reads_it(officer: User) -> None:
    content = csv_file(row(Tanggal_Pengukuran="6/7/2024"))
    report = preview(content, officer)
    assert (codes(report), asks(report)) == (["date_order"], ["measured_order"])
    for order, day in ((Order.DAY_FIRST, date(2024, 7, 6)), (Order.MONTH_FIRST, date(2024, 6, 7))):
        answered = preview(content, officer, answers=ImportAnswers(orders=Orders(None, order)))
        assert answered.rows[0].measured_on == day
        assert answered.questions == report.questions  # the example stays, to be answered otherwise
        assert keys(answered) == keys(report)


def test_the_order_of_birth_dates_is_asked_for_too(officer: User) -> None:
    content = csv_file(row(Tgl_Lahir="6/7/2023"))
    assert asks(preview(content, officer)) == ["born_order"]
    import_rows(content, officer, answers=ImportAnswers(orders=Orders(Order.DAY_FIRST, None)))
    assert Child.objects.get().birth_date == date(2023, 7, 6)


def test_a_row_that_proves_its_own_date_is_not_turned_by_the_answer(officer: User) -> None:
    content = csv_file(row(Tanggal_Pengukuran="6/13/2024"))
    import_rows(content, officer, answers=ImportAnswers(orders=Orders(None, Order.DAY_FIRST)))
    assert Measurement.objects.get().measured_on == date(2024, 6, 13)


def test_a_letter_behind_a_name_tells_twins_so_both_are_asked_about(officer: User, home: Village) -> None:
    """Doubled letters and blanks count for nothing in a name, but KHOIRUNISA A is not KHOIRUNISA."""
    known(officer, home, name="AYU KHOIRUNISA")
    twins = [row(Nama="AYU KHOIRUNISA A"), row(Nama="AYU KHOIRUNISA B", Berat="10.9")]
    assert codes(preview(csv_file(*twins), officer)) == ["similar_child"] * 2


def test_a_child_moves_by_a_file_that_measures_nobody_too(officer: User, home: Village) -> None:
    child = known(officer, Village.objects.get(name="Slarang"), nik=NIK)
    header = ["NIK", "Nama", "JK", "Tgl Lahir", "Nama Ortu", "RT", "Kec", "Desa/Kel"]
    content = csv_file(row(NIK=NIK, RT="4"), header=header)
    [asks] = preview(content, officer).rows
    assert asks.code == "lives_elsewhere"
    answers = ImportAnswers(decisions={asks.keys.who: moved_child(child.pk)})
    assert preview(content, officer, answers=answers).not_taken == 0
    import_rows(content, officer, answers=answers)
    child.refresh_from_db()
    assert (child.village, child.rt, child.residences.count()) == (home, "4", 2)


@pytest.mark.parametrize("name", ["BY NY AMINAH", "SITI"])
def test_a_record_from_before_the_name_and_the_nik_is_asked_about_and_gets_the_nik(
    officer: User, home: Village, name: str
) -> None:
    child = known(officer, home, name=name)
    content = csv_file(row(Nama="SITI NURHALIZA CONTOH", NIK=NIK))
    [asks] = preview(content, officer).rows
    assert (asks.code, [c.child_id for c in asks.candidates]) == ("temporary_record", [child.pk])
    import_rows(content, officer, answers=ImportAnswers(decisions={asks.keys.who: same_child(child.pk)}))
    child.refresh_from_db()
    assert (child.nik, child.measurements.count(), Child.objects.count()) == (NIK, 1, 1)


def test_twins_of_one_file_of_whom_one_has_a_nik_are_not_asked_about(officer: User) -> None:
    content = csv_file(row(Nama="AISYAH"), row(Nama="BUNGA", NIK=NIK, Berat="10.8"))
    assert codes(import_rows(content, officer)) == ["new_child", "new_child"]


# --- Twins of one name without NIK --------------------------------------------------------------------------


def twins(user: User) -> tuple[bytes, Child, Child]:
    """A file of June that lists two under one name, and both children once it is taken in."""
    content = csv_file(row(Nama="BY NY SITI"), row(Nama="BY NY SITI", Berat="9.9"))
    [_first, second] = preview(content, user).rows
    save_decision(by=user, keys=second.keys, decision=NEW_CHILD)
    import_rows(content, user, answers=remembered(user))
    heavy, light = Child.objects.order_by("-measurements__weight_kg")
    return content, heavy, light


def remembered(user: User) -> ImportAnswers:
    return ImportAnswers(decisions=decisions_for(user))


def month(number: int, weight: str, **changes: str) -> dict[str, str]:
    day = f"2024-{number:02d}-10"
    return row(Nama="BY NY SITI", Tanggal_Pengukuran=day, Berat=weight, **changes)


def test_which_twin_is_meant_is_asked_with_every_month(officer: User) -> None:
    _june, heavy, _light = twins(officer)
    july = csv_file(month(7, "11.6"))
    [asks] = preview(july, officer, answers=remembered(officer)).rows
    assert asks.code == "many_children"
    save_decision(by=officer, keys=asks.keys, decision=same_child(heavy.pk))
    assert import_rows(july, officer, answers=remembered(officer)).rows[0].child_id == heavy.pk
    assert codes(preview(july, officer, answers=remembered(officer))) == ["same"]
    assert codes(preview(csv_file(month(8, "10.4")), officer, answers=remembered(officer))) == [
        "many_children"
    ]
    save_decision(by=officer, keys=asks.keys, decision=None)
    assert not RowDecision.objects.filter(key__in=(asks.keys.row, asks.keys.who)).exists()


def test_a_decision_from_before_there_were_two_does_not_choose_between_them(
    officer: User, home: Village
) -> None:
    children = [known(officer, home, name="BY NY SITI") for _twin in range(2)]
    july, august = csv_file(month(7, "11.6")), csv_file(month(8, "11.7"))
    [asks] = preview(july, officer).rows
    who = ImportAnswers(decisions={asks.keys.who: same_child(children[0].pk)})
    assert codes(preview(august, officer, answers=who)) == ["many_children"]
    with_nik = csv_file(month(8, "11.7", NIK=NIK))
    [asks] = preview(with_nik, officer).rows
    who = ImportAnswers(decisions={asks.keys.who: same_child(children[0].pk)})
    assert codes(preview(with_nik, officer, answers=who)) == ["measured"]  # a NIK is of one of them


def test_a_decision_about_a_child_of_one_name_holds_for_every_month(officer: User, home: Village) -> None:
    child = known(officer, home, name="SITI CONTAH")
    [asks] = preview(csv_file(row()), officer).rows
    save_decision(by=officer, keys=asks.keys, decision=same_child(child.pk))
    july = csv_file(row(Tanggal_Pengukuran="2024-07-10"))
    assert codes(preview(july, officer, answers=remembered(officer))) == ["measured"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_of_twins_again_in_any_order_says_the_same_of_both(officer: User, turned: bool) -> None:
    _june, heavy, light = twins(officer)
    rows = [row(Nama="BY NY SITI"), row(Nama="BY NY SITI", Berat="9.9")]
    again = csv_file(*(reversed(rows) if turned else rows))
    found = preview(again, officer, answers=remembered(officer)).rows
    expected = [light.pk, heavy.pk] if turned else [heavy.pk, light.pk]
    assert [(r.code, r.child_id) for r in found] == [("same", pk) for pk in expected]
