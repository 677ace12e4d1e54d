"""The defects met in real files: each repaired and told, or refused with a reason, never silently.

The boy is the first of the samples: 821 days old, 12.1 kg and 86 cm, which WHO's standards and e-PPGBM both
give -0.44 (weight for age), -1.11 (height for age) and 0.19 (weight for height).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.growth.cells.numbers import number_of
from registry.growth.cells.text import Cell
from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.models import Child, Measurement, Position, Posyandu, User
from tests.imports.files import csv_file, row, sheet_bytes

pytestmark = pytest.mark.django_db

BOY = {
    "NIK": "3301021403220001",
    "Nama": "CONTOH ANAK SATU",
    "JK": "L",
    "Berat": "12.1",
    "Tinggi": "86",
}
Z = {"ZS BB/U": "-0.44", "ZS TB/U": "-1.11", "ZS BB/TB": "0.19"}
OUTLIERS = {"ZS BB/U": "69.93", "ZS TB/U": "Outlier", "ZS BB/TB": "999.99"}


def boy(**changes: str) -> dict[str, str]:
    return {**row(), **BOY, **{name.replace("_", " "): value for name, value in changes.items()}}


def taken(user: User, line: dict[str, str]) -> tuple[RowReport, Measurement | None]:
    """What becomes of the line, and the measurement it leaves behind."""
    [answer] = import_rows(csv_file(line), user).rows
    return answer, Measurement.objects.filter(child__name=line["Nama"]).first()


# --- Units ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "note", "sentence"),
    [
        ({"Tinggi": "0.86"}, "lenhei_unit", "Tinggi “0.86” ditulis dalam satuan lain; dibaca 86 cm."),
        ({"Tinggi": "0,86"}, "lenhei_unit", "Tinggi “0,86” ditulis dalam satuan lain; dibaca 86 cm."),
        ({"Tinggi": "860"}, "lenhei_unit", "Tinggi “860” ditulis dalam satuan lain; dibaca 86 cm."),
        ({"Berat": "12100"}, "weight_unit", "Berat “12100” ditulis dalam satuan lain; dibaca 12,1 kg."),
        ({"Berat": "12100", **OUTLIERS}, "weight_unit",
         "Berat “12100” ditulis dalam satuan lain; dibaca 12,1 kg."),
        ({"LiLA": "135"}, "muac_unit", "LiLA “135” ditulis dalam satuan lain; dibaca 13,5 cm."),
    ],
)  # fmt: skip
def test_metres_millimetres_and_grams_are_read_and_told(
    officer: User, change: dict[str, str], note: str, sentence: str
) -> None:
    answer, stored = taken(officer, {**boy(), **change})
    assert answer.code == "new_child"
    assert [(n.code, n.sentence) for n in answer.notes if n.repaired] == [(note, sentence)]
    assert stored is not None
    assert (stored.weight_kg, stored.lenhei_cm) == (Decimal("12.1"), Decimal(86))
    assert (stored.waz, stored.haz, stored.whz) == (-0.44, -1.11, 0.19)


@pytest.mark.parametrize(
    "change",
    [
        {"Tinggi": "0.5"},  # 50 cm at two years is nobody's height
        {"Berat": "900"},
        {"Berat": "121"},  # 12.1 or 1.21: no unit makes it sure
        {"Tinggi": "8.6"},
        {"Tinggi": "0.95", **Z},  # the file says 86 cm and not 95
    ],
)
def test_what_no_unit_makes_likely_is_refused(officer: User, change: dict[str, str]) -> None:
    answer, stored = taken(officer, {**boy(), **change})
    assert (answer.outcome, answer.code, stored) == ("refused", "out_of_range", None)


@pytest.mark.parametrize(
    ("weight", "length", "kept", "notes"),
    [
        ("2986", "48", ("2.986", "48"), ["birth_weight_grams"]),
        ("2,9", "49,5", ("2.9", "49.5"), []),
        ("8888", "8888", (None, None), ["birth_weight_unknown", "birth_length_unknown"]),
        ("9999", "999.9", (None, None), ["birth_weight_unknown", "birth_length_unknown"]),
        ("0", "0", (None, None), ["birth_weight_unknown", "birth_length_unknown"]),
        ("-", "", (None, None), []),
        ("03.10", "49.50", ("3.10", "49.50"), ["decimal_restored", "decimal_restored"]),
        ("13.2", "50", (None, "50"), ["birth_weight_left_out"]),
        ("3.1", "4.9", ("3.1", None), ["birth_length_left_out"]),
        ("3.1256", "49.25", ("3.126", "49.3"), ["rounded", "rounded"]),
        ("2986.5", "49.35", ("2.987", "49.4"), ["birth_weight_grams", "rounded", "rounded"]),
        ("3.100", "49.0", ("3.1", "49"), []),
    ],
)
def test_weight_and_length_at_birth(
    officer: User, weight: str, length: str, kept: tuple[str | None, str | None], notes: list[str]
) -> None:
    answer, _stored = taken(officer, {**boy(), "BB Lahir": weight, "TB Lahir": length})
    child = Child.objects.get()
    assert [note.code for note in answer.notes] == notes
    assert (child.birth_weight_kg, child.birth_length_cm) == tuple(
        None if value is None else Decimal(value) for value in kept
    )


def test_what_is_rounded_at_birth_is_told(officer: User) -> None:
    answer, _stored = taken(officer, boy(BB_Lahir="3.1256", TB_Lahir="49.25"))
    assert [note.sentence for note in answer.notes] == [
        "Di berkas berat lahir 3,1256 kg; dicatat berat lahir 3,126 kg.",
        "Di berkas panjang lahir 49,25 cm; dicatat panjang lahir 49,3 cm.",
    ]


def test_an_unknown_weight_at_birth_is_told_and_nothing_is_refused(officer: User) -> None:
    answer, stored = taken(officer, boy(BB_Lahir="8888"))
    assert (answer.code, stored is None) == ("new_child", False)
    assert [note.sentence for note in answer.notes] == [
        "Berat lahir “8888” berarti tidak diketahui, jadi dikosongkan."
    ]


@pytest.mark.parametrize("code", ["8888", "999.99", "9999", "9999.9", "99999"])
def test_a_code_for_not_known_is_not_measured_and_told(officer: User, code: str) -> None:
    answer, stored = taken(officer, boy(Berat=code))
    assert [note.code for note in answer.notes if note.repaired] == ["not_known"]
    assert stored is not None
    assert (stored.weight_kg, stored.lenhei_cm) == (None, Decimal(86))


def test_a_row_of_nothing_but_codes_is_refused(officer: User) -> None:
    answer, stored = taken(officer, boy(Berat="8888", Tinggi="999.99"))
    assert (answer.code, stored) == ("empty", None)


# --- Columns and programs -----------------------------------------------------------------------------------


def test_weight_and_height_swapped_are_put_back_only_when_the_files_z_scores_prove_it(officer: User) -> None:
    swapped = boy(Berat="86", Tinggi="12.1")
    for unproven in ({}, OUTLIERS, {"ZS BB/U": "-0.44"}, {**Z, "ZS TB/U": "0.5"}):
        answer, stored = taken(officer, {**swapped, **unproven})
        assert (answer.outcome, answer.code, stored) == ("refused", "swapped", None)
    answer, stored = taken(officer, {**swapped, **Z})
    assert [(note.code, note.sentence) for note in answer.notes] == [
        ("swapped_back", "Berat 86 dan tinggi 12,1 tertukar; z-score di berkas membuktikannya.")
    ]
    assert stored is not None
    assert (stored.weight_kg, stored.lenhei_cm, answer.differences) == (Decimal("12.1"), Decimal(86), ())


@pytest.mark.parametrize(
    "cell", ["12-Jan", "12 Januari", "Jan-12", "12/01/2024", "2024-01-12", "12-Jan-24", "45303", 45303]
)
def test_a_decimal_turned_into_a_date_may_be_12_1(cell: Cell) -> None:
    number = number_of(cell)
    assert number.bent
    assert Decimal("12.1") in number.values or Decimal("1.12") in number.values


@pytest.mark.parametrize("cell", ["12-Jan", "12/01/2024", "2024-01-12", "45303", "12.01.00"])
def test_it_is_12_1_where_the_files_z_score_proves_it_and_else_refused(officer: User, cell: str) -> None:
    answer, stored = taken(officer, boy(Berat=cell))
    assert (answer.outcome, answer.code, stored) == ("refused", "decimal_unclear", None)
    answer, stored = taken(officer, {**boy(Berat=cell), **Z})
    assert [note.code for note in answer.notes] == ["decimal_restored"]
    assert stored is not None
    assert stored.weight_kg == Decimal("12.1")


@pytest.mark.parametrize(
    ("cell", "weight"), [("08.50", "8.5"), ("8:50", "8.5"), ("12.10.00", "12.1"), ("12:35", "12.35")]
)
def test_a_time_that_can_only_have_been_one_number_is_that_number_and_told(
    officer: User, cell: str, weight: str
) -> None:
    answer, stored = taken(officer, boy(Berat=cell))
    assert [note.code for note in answer.notes if note.repaired] == ["decimal_restored"]
    assert f"angkanya hanya mungkin {weight.replace('.', ',')}." in answer.notes[0].sentence
    assert stored is not None
    assert stored.weight_kg == Decimal(weight)


def test_one_time_in_a_file_refuses_no_number_that_can_only_be_itself(officer: User) -> None:
    lines = [boy(NIK="", Berat="08.50"), boy(NIK="", Nama="BOKO", Berat="12.10", Tinggi="86.50")]
    report = import_rows(csv_file(*lines, boy(NIK="", Nama="CICA", Berat="12.01")), officer)
    assert [r.code for r in report.rows] == ["new_child", "new_child", "decimal_unclear"]


@pytest.mark.parametrize("cell", ["Jan-12", "12-Des"])
def test_a_month_in_place_of_a_weight_is_no_number_without_proof(officer: User, cell: str) -> None:
    answer, stored = taken(officer, boy(Berat=cell))
    assert (answer.code, stored) == ("decimal_unclear", None)


def test_a_time_of_which_the_file_has_no_other_sign_is_undone_where_its_z_score_proves_it(
    officer: User,
) -> None:
    answer, stored = taken(officer, {**boy(Berat="12.01"), **Z})
    assert [note.sentence for note in answer.notes if note.repaired] == [
        "Berat “12.01” dibaca 12,1; z-score di berkas membuktikannya."
    ]
    assert stored is not None
    assert (stored.weight_kg, answer.differences) == (Decimal("12.1"), ())


@pytest.mark.parametrize("z", [{}, {"ZS BB/U": "-0.51"}, {"ZS BB/U": "0.90"}, {"ZS BB/U": "Outlier"}])
def test_and_else_kept_as_it_is_written(officer: User, z: dict[str, str]) -> None:
    answer, stored = taken(officer, {**boy(Berat="12.01"), **z})
    assert [note.code for note in answer.notes if note.repaired] == []
    assert stored is not None
    assert stored.weight_kg == Decimal("12.01")


@pytest.mark.parametrize("word", ["Outlier", "PINDAH RUMAH", "1.234,5"])
def test_words_in_place_of_a_weight_are_refused(officer: User, word: str) -> None:
    answer, _stored = taken(officer, boy(Berat=word))
    assert (answer.code, answer.sentence) == ("not_a_number", f"Berat “{word}” bukan angka.")


def test_outliers_among_the_z_scores_are_no_reason_to_refuse(officer: User) -> None:
    answer, stored = taken(officer, {**boy(), "ZS BB/U": "Outlier", "ZS TB/U": "-1.11", "ZS BB/TB": "999.99"})
    assert (answer.code, answer.differences, answer.notes) == ("new_child", (), ())
    assert stored is not None
    assert stored.waz == -0.44


def test_z_scores_of_the_file_are_computed_anew_and_shown_where_they_differ(officer: User) -> None:
    answer, stored = taken(officer, {**boy(), **Z, "ZS TB/U": "-2.50"})
    assert [(d.index, d.file, d.ours) for d in answer.differences] == [("haz", -2.5, -1.11)]
    assert stored is not None
    assert stored.haz == -1.11


@pytest.mark.parametrize(
    ("word", "position", "haz"),
    [
        ("Standing", Position.STANDING, -1.11),
        ("Berdiri", Position.STANDING, -1.11),
        ("Recumbent", Position.LYING, -1.33),  # 0.7 cm off: 85.3 cm
        ("Terlentang", Position.LYING, -1.33),
        ("", Position.UNKNOWN, -1.11),
    ],
)
def test_the_position_in_either_language(officer: User, word: str, position: Position, haz: float) -> None:
    _answer, stored = taken(officer, {**boy(), "Cara Ukur": word})
    assert stored is not None
    assert (stored.position, stored.haz) == (position, haz)


@pytest.mark.parametrize("word", ["L", "Laki-laki", "LAKI - LAKI", "l\u00a0", "Lk"])
def test_a_boy_in_every_spelling(officer: User, word: str) -> None:
    taken(officer, boy(JK=word))
    assert Child.objects.get().sex == 1


# --- People and places ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["MELATI 1", "Melati I", "POSYANDU MELATI 01", "melati1", "Melati  I\u00a0"])
def test_one_posyandu_in_every_spelling(officer: User, name: str) -> None:
    import_rows(csv_file(boy(Posyandu="MELATI I"), boy(Posyandu=name, NIK="", Nama="LAIN SEKALI")), officer)
    assert Posyandu.objects.count() == 1
    assert {child.posyandu for child in Child.objects.all()} == {Posyandu.objects.get()}


def test_twins_with_a_nik_each_stay_apart_though_all_else_is_alike(officer: User) -> None:
    twins = (
        boy(NIK="3301021403220001", Nama="RAFA PRATAMA"),
        boy(NIK="3301021403220002", Nama="RAFI PRATAMA"),
    )
    assert [r.code for r in import_rows(csv_file(*twins), officer).rows] == ["new_child", "new_child"]
    assert [r.code for r in preview(csv_file(*reversed(twins)), officer).rows] == ["same", "same"]


def test_triplets_of_one_file_stay_apart_by_what_they_weigh(officer: User) -> None:
    names = ("RAFA PRATAMA", "RAFI PRATAMA", "RAFU PRATAMA")
    triplets = [boy(NIK="", Nama=name, Berat=f"12.{i}") for i, name in enumerate(names, 1)]
    assert [r.code for r in import_rows(csv_file(*triplets), officer).rows] == ["new_child"] * 3
    assert [r.code for r in preview(csv_file(*triplets), officer).rows] == ["same"] * 3


def test_the_same_child_under_two_niks_is_asked_about_with_the_child_it_may_be(officer: User) -> None:
    report = import_rows(csv_file(boy(), boy(NIK="3301021403220009")), officer)
    assert [r.code for r in report.rows] == ["new_child", "two_niks"]
    assert [c.child_id for c in report.rows[1].candidates] == [Child.objects.get().pk]


def test_a_masked_nik_does_not_make_a_second_child(officer: User) -> None:
    """A masked NIK says nothing: birth date, sex, village, name and parent find the child."""
    import_rows(csv_file(boy()), officer)
    masked = boy(NIK="33010**********", Tanggal_Pengukuran="2024-07-10", Berat="12.3")
    report = import_rows(csv_file(masked), officer)
    assert [r.code for r in report.rows] == ["measured"]
    assert Child.objects.get().nik == "3301021403220001"


def test_dates_in_every_way_in_one_column(officer: User) -> None:
    days = ["2024-06-12", "45455", "12 Juni 2024", "12-Jun-24", "13/6/2024"]
    lines = [
        boy(NIK="", Nama=name, Tanggal_Pengukuran=day)
        for name, day in zip(("AOBA", "BOCU", "COFE", "DUGI", "EPHA"), days, strict=True)
    ]
    assert [r.code for r in import_rows(csv_file(*lines), officer).rows] == ["new_child"] * 5
    found = Measurement.objects.order_by("child__name").values_list("measured_on", flat=True)
    assert list(found) == [date(2024, 6, 12)] * 4 + [date(2024, 6, 13)]


@pytest.mark.parametrize(
    ("lying", "standing", "kept"),
    [
        ("82", "0", "82"),
        ("0", "82", "82"),
        ("82,0", "82", "82"),
        ("82.5 cm", "82,50", "82.5"),
        ("-", "82", "82"),
        ("0,0", "82", "82"),
        ("82", "8888", "82"),
        ("82", "0,0", "82"),
    ],
)
def test_of_length_and_height_in_two_columns_one_is_a_number(
    officer: User, lying: str, standing: str, kept: str
) -> None:
    report = import_rows(two_lengths(lying, standing), officer)
    assert [r.code for r in report.rows] == ["new_child"]
    assert Measurement.objects.get().lenhei_cm == Decimal(kept)


@pytest.mark.parametrize(
    ("lying", "standing", "code"), [("82", "83", "two_lengths"), ("0", "delapan", "not_a_number")]
)
def test_and_neither_is_chosen_nor_a_word_overlooked(
    officer: User, lying: str, standing: str, code: str
) -> None:
    assert [r.code for r in preview(two_lengths(lying, standing), officer).rows] == [code]


def two_lengths(lying: str, standing: str) -> bytes:
    header = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa/Kel", "Tanggal Pengukuran", "Berat", "PB", "TB"]
    child = ["SITI", "P", "2022-03-14", "KESUGIHAN", "KESUGIHAN KIDUL", "2024-06-12", "11.4"]
    return sheet_bytes([header, [*child, lying, standing]])


# --- What is no NIK, and cells that have moved -------------------------------------------------------------


@pytest.mark.parametrize(
    "nik", ["9999999999999999", "0000000000000000", "3301020000000001", "3301021413220001"]
)
def test_sixteen_digits_that_are_no_nik_identify_nobody(officer: User, nik: str) -> None:
    """Two children with one placeholder stay two, and neither has it as its NIK."""
    one, other = boy(NIK=nik), boy(NIK=nik, Nama="ANAK LAIN", Tgl_Lahir="2022-05-01")
    report = import_rows(csv_file(one, other), officer)
    assert [r.code for r in report.rows] == ["new_child", "new_child"]
    assert all("nik_impossible" in [note.code for note in r.notes] for r in report.rows)
    assert {child.nik for child in Child.objects.all()} == {""}


def test_a_girls_nik_is_possible(officer: User) -> None:
    import_rows(csv_file(boy(NIK="3301025403220001", JK="P")), officer)
    assert Child.objects.get().nik == "3301025403220001"


def test_decimal_commas_that_cut_cells_are_refused_and_not_read_one_too_far(officer: User) -> None:
    header = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa/Kel", "Tanggal Pengukuran", "Berat", "Tinggi"]
    line = "SITI,P,2022-03-14,KESUGIHAN,KESUGIHAN KIDUL,2024-06-12"
    content = f"{','.join(header)}\n{line},11,4,84,5\n{line},11,84\n".encode()
    [cut, whole] = preview(content, officer).rows
    assert (cut.outcome, cut.code) == ("refused", "too_many_cells")
    assert "10 sel di bawah 8 judul kolom" in cut.sentence
    assert whole.code == "new_child"
