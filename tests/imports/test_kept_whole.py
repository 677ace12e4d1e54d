"""What a file says beside weight and length is kept whole, or what became of it is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from registry.imports.answers import ImportAnswers, same_child
from registry.imports.commit import import_rows, preview
from registry.imports.report import RowReport
from registry.models import Child, Measurement, User
from tests.imports.files import HEADER, csv_file, row
from tests.imports.test_views import hand_in, text

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def file_of(*rows: dict[str, str]) -> bytes:
    return csv_file(*rows, header=list(rows[0]))


def taken(user: User, **changes: str) -> RowReport:
    return import_rows(file_of(row(**changes)), user).rows[0]


def test_oedema_completes_a_measurement(officer: User) -> None:
    import_rows(csv_file(row()), officer)
    found = taken(officer, Pitting_edema="++")
    assert (found.outcome, found.code) == ("completed", "completed")
    assert "edema" in found.sentence
    assert Measurement.objects.in_force().get().oedema
    assert taken(officer, Pitting_edema="tidak").code == "same"  # nobody unsays it by not saying it


def test_a_word_for_oedema_that_nobody_knows_is_refused(officer: User) -> None:
    found = taken(officer, Pitting_edema="mungkin")
    assert (found.outcome, found.code) == ("refused", "oedema_unknown")


@pytest.mark.parametrize(("written", "kept"), [("11.45", "11.4"), ("12.46", "12.4"), ("12.50", "12.5")])
def test_lila_is_never_rounded_to_the_other_side_of_a_limit(officer: User, written: str, kept: str) -> None:
    found = taken(officer, LiLA=written)
    assert Measurement.objects.get().muac_cm == Decimal(kept)
    rounded = [note.sentence for note in found.notes if note.code == "rounded"]
    expected = f"Di berkas LiLA {written.replace('.', ',')} cm; dicatat LiLA {kept.replace('.', ',')} cm."
    assert rounded == ([] if written == "12.50" else [expected])


def test_a_rw_is_its_number(officer: User) -> None:
    found = taken(officer, RT="RT. 01", RW="RW 003")
    child = Child.objects.get()
    assert (child.rt, child.rw, found.notes) == ("01", "003", ())


def test_a_rw_that_is_a_place_is_kept_in_the_address(officer: User) -> None:
    found = taken(officer, RW="Dusun Karanganyar", Alamat="Jl. Mawar 3")
    child = Child.objects.get()
    assert (child.rw, child.address) == ("", "Dusun Karanganyar, Jl. Mawar 3")
    assert [note.code for note in found.notes if note.repaired] == ["rw_moved"]


@pytest.mark.parametrize(
    ("title", "field", "longest"),
    [("Nama", "name", 120), ("Nama Ortu", "parent_name", 120), ("Alamat", "address", 200)],
)
def test_a_text_too_long_is_cut_and_that_is_told(officer: User, title: str, field: str, longest: int) -> None:
    found = import_rows(file_of({**row(), title: "AB" * 150}), officer).rows[0]
    assert len(getattr(Child.objects.get(), field)) == longest
    [note] = found.notes
    assert note.repaired
    assert f"{longest} huruf, jadi dipotong" in note.sentence


def test_the_names_of_a_preview_are_those_that_are_stored(officer: User) -> None:
    assert len(preview(file_of({**row(), "Nama": "AB" * 150}), officer).rows[0].name) >= 120


FULL = {"BB_Lahir": "2.3", "TB_Lahir": "45", "RT": "3", "Alamat": "Jl. Mawar 3"}


def test_what_the_register_lacks_of_a_child_comes_with_its_measurement(officer: User) -> None:
    import_rows(file_of(row(Nama_Ortu="")), officer)
    july = {"Tanggal_Pengukuran": "2024-07-10", "Berat": "11.6"}
    found = taken(officer, **july, **FULL)
    child = Child.objects.get()
    kept = str(child.birth_weight_kg), str(child.birth_length_cm), child.rt, child.address, child.parent_name
    assert kept == ("2.300", "45.0", "3", "Jl. Mawar 3", "IBU AMINAH")
    [note] = [note.sentence for note in found.notes if note.code == "child_completed"]
    assert "berat lahir 2,3 kg, panjang lahir 45 cm, orang tua IBU AMINAH, RT 3" in note
    assert (taken(officer, **july, **FULL).code, Child.objects.count()) == ("same", 1)


def test_a_measurement_known_already_still_completes_its_child(officer: User) -> None:
    taken(officer)
    found = taken(officer, **FULL)
    assert (found.outcome, found.code) == ("completed", "child_completed")
    assert taken(officer, **FULL).code == "same"


def test_a_later_row_completes_a_child_of_the_same_file_or_is_contradicted(officer: User) -> None:
    empty, full = dict.fromkeys(FULL, ""), {**FULL, "Tanggal_Pengukuran": "2024-07-10"}
    other = {**full, "BB_Lahir": "3.1", "Tanggal_Pengukuran": "2024-08-10"}
    report = import_rows(file_of(row(**empty), row(**full), row(**other)), officer)
    assert (Child.objects.get().birth_weight_kg, Child.objects.get().rt) == (Decimal("2.3"), "3")
    assert "birth_weight_differs" in [note.code for note in report.rows[2].notes]


def test_the_place_of_a_child_is_not_filled_from_where_it_lived(officer: User) -> None:
    """Whoever is chosen for the row of another village keeps its own address."""
    taken(officer)
    elsewhere = row(**FULL, **{"Desa/Kel": "SLARANG", "Tanggal Pengukuran": "2024-07-10"})
    [answers] = preview(file_of(elsewhere), officer).rows
    same = ImportAnswers(decisions={answers.keys.who: same_child(Child.objects.get().pk)})
    import_rows(file_of(elsewhere), officer, answers=same)
    child = Child.objects.get()
    assert (child.rt, child.address, child.birth_weight_kg) == ("", "", Decimal("2.3"))


def with_weeks(title: str, written: str) -> bytes:
    return csv_file({**row(), title: written}, header=[*HEADER, title])


@pytest.mark.parametrize(
    "title",
    [
        *("usia_hamil", "Usia Kehamilan", "Umur Kehamilan (minggu)", "UMUR KEHAMILAN SAAT LAHIR"),
        *("Gestational Age", "Gestational age (weeks)", "Gestasi"),
    ],
)
def test_weeks_of_pregnancy_are_read_under_every_title(officer: User, title: str) -> None:
    import_rows(with_weeks(title, "32"), officer)
    assert Child.objects.get().gestation_weeks == 32


@pytest.mark.parametrize(
    ("written", "weeks"),
    [
        *(("36", 36), ("36.0", 36), ("36 minggu", 36), ("36+4", 36), ("36 mgg 5 hari", 36), ("36,5", 36)),
        *(("44.9", 44), ("22", 22), ("", None), ("-", None)),
    ],
)
def test_weeks_of_pregnancy_are_completed_weeks(officer: User, written: str, weeks: int | None) -> None:
    found = import_rows(with_weeks("Usia Kehamilan", written), officer).rows[0]
    assert Child.objects.get().gestation_weeks == weeks
    assert not found.notes


@pytest.mark.parametrize("written", ["9", "45", "cukup bulan", "21"])
def test_weeks_that_cannot_be_are_left_out_and_that_is_told(officer: User, written: str) -> None:
    found = import_rows(with_weeks("Usia Kehamilan", written), officer).rows[0]
    assert Child.objects.get().gestation_weeks is None
    assert [note.code for note in found.notes] == ["gestation_left_out"]


def test_weeks_fill_what_is_unknown_and_never_overwrite(officer: User) -> None:
    taken(officer)
    assert import_rows(with_weeks("usia_hamil", "33"), officer).rows[0].code == "child_completed"
    found = import_rows(with_weeks("usia_hamil", "35"), officer).rows[0]
    assert Child.objects.get().gestation_weeks == 33
    assert [note.code for note in found.notes] == ["gestation_differs"]


def test_how_a_length_without_a_position_is_taken_is_said_of_the_file(officer: User, browser: Client) -> None:
    rows = (row(), row(Nama="BUDI", Cara_Ukur=""), row(Nama="CICI", Cara_Ukur="", Tinggi=""))
    sentence = "1 pengukuran tanpa cara ukur: di bawah 2 tahun dianggap telentang, setelahnya berdiri."
    assert preview(file_of(*rows), officer).positions_assumed == 1
    address = hand_in(browser, csv_file(*rows))
    assert sentence in text(browser.get(address).content)
    browser.post(f"{address}commit/")
    assert sentence in text(browser.get(address).content)


@pytest.mark.parametrize(
    ("positions", "notes"),
    [
        (("Terlentang", "Berdiri", ""), ["Cara ukur tidak dicatat: dianggap berdiri."]),
        (("Terlentang", "", ""), []),  # where most rows name none it is said of the file alone
        (("", "", ""), []),
    ],
)
def test_a_position_that_few_rows_lack_is_said_of_each(
    officer: User, positions: tuple[str, ...], notes: list[str]
) -> None:
    names = ("SITI", "BUDI", "CICI")
    rows = [row(Nama=name, Cara_Ukur=one) for name, one in zip(names, positions, strict=True)]
    report = preview(file_of(*rows), officer)
    assert [note.sentence for one in report.rows for note in one.notes] == notes
    assert not report.rows_repaired


def test_a_child_under_two_without_a_position_is_said_to_be_taken_lying(officer: User) -> None:
    young = {"Tgl_Lahir": "2023-03-14", "Berat": "8.9", "Tinggi": "74.0"}
    rows = [row(Nama=name, **young, Cara_Ukur=one) for name, one in (("SITI", "Terlentang"), ("BUDI", ""))]
    rows.append(row(Nama="CICI", **young, Cara_Ukur="Terlentang"))
    assert [note.sentence for one in preview(file_of(*rows), officer).rows for note in one.notes] == [
        "Cara ukur tidak dicatat: dianggap telentang."
    ]


def test_oedema_of_a_file_is_said_to_count_as_severe(officer: User) -> None:
    found = taken(officer, Pitting_edema="+")
    assert [note.code for note in found.notes] == ["oedema_severe"]


def test_a_value_outside_whos_limits_is_said_to_count_nowhere(officer: User) -> None:
    [note] = taken(officer, Tinggi="130").notes[:1]
    assert "TB/U di luar batas WHO, tidak dihitung" in note.sentence
