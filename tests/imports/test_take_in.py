"""What each kind of row does, and that taking in is all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.imports.commit import import_rows, preview
from registry.imports.progress import Progress
from registry.imports.report import Report
from registry.models import Child, Measurement, Posyandu, User, VillageMonth
from tests.imports.files import HEADER, csv_file, row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def only(report: Report) -> tuple[str, list[str]]:
    [answer] = report.rows
    return answer.code, [note.code for note in answer.notes]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Nama": ""}, "name_missing"),
        ({"JK": "?"}, "sex_unknown"),
        ({"Tgl Lahir": ""}, "birth_date_missing"),
        ({"Tgl Lahir": "kemarin"}, "birth_date_unreadable"),
        ({"Tanggal Pengukuran": "-"}, "measured_on_missing"),
        ({"Tanggal Pengukuran": "31/31/2024"}, "measured_on_unreadable"),
        ({"Tanggal Pengukuran": "2022-03-13"}, "before_birth"),
        ({"Tanggal Pengukuran": "2199-01-01"}, "future"),
        ({"Tgl Lahir": "2010-03-14"}, "too_old"),
        ({"Berat": "PINDAH RUMAH"}, "not_a_number"),
        ({"Berat": "0", "Tinggi": "0"}, "empty"),
        ({"Tinggi": "0.6"}, "out_of_range"),  # 60 cm is 26 SD too short to be what was meant
        ({"Berat": "99"}, "out_of_range"),
        ({"Berat": "84.5", "Tinggi": "11.4"}, "swapped"),
        ({"Berat": "11.04", "Tinggi": "08.05"}, "decimal_unclear"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(
    officer: User, change: dict[str, str], code: str
) -> None:
    report = import_rows(csv_file({**row(), **change}), officer)
    assert (report.rows[0].outcome, report.rows[0].code) == ("refused", code)
    assert report.rows[0].sentence.endswith(".")
    assert not Child.objects.exists()


def test_zero_is_not_measured(officer: User) -> None:
    assert only(import_rows(csv_file(row(Berat="0")), officer)) == ("new_child", ["not_measured"])
    measured = Measurement.objects.get()
    assert (measured.weight_kg, measured.lenhei_cm, measured.muac_cm) == (None, Decimal("84.5"), None)


def test_an_unlikely_value_is_taken_in_with_its_doubt(officer: User) -> None:
    report = import_rows(csv_file(row(Tinggi="60")), officer)  # 26 SD too short to be believed
    assert report.rows[0].outcome == "doubtful"
    assert "TB/U di luar batas WHO" in report.rows[0].notes[0].sentence
    assert "haz_flag" in Measurement.objects.get().confirmed_doubts


def test_birth_weight_in_grams_becomes_kilograms_and_nonsense_is_left_out(officer: User) -> None:
    report = import_rows(csv_file({**row(), "BB Lahir": "2986", "TB Lahir": "8888"}), officer)
    assert only(report) == ("new_child", ["birth_weight_grams", "birth_length_unknown"])
    assert (Child.objects.get().birth_weight_kg, Child.objects.get().birth_length_cm) == (
        Decimal("2.986"),
        None,
    )


def test_an_unknown_position_is_told(officer: User) -> None:
    report = import_rows(csv_file({**row(), "Cara Ukur": "Jongkok"}), officer)
    assert only(report) == ("new_child", ["position_unknown"])


def test_totals_repeated_headers_and_lines_without_a_child_are_skipped(officer: User) -> None:
    lines = csv_file(
        row(),
        {"No": "JUMLAH", "Berat": "11.4"},
        dict(zip(HEADER, HEADER, strict=True)),
        {"Alamat": "Cilacap, Juni"},
    )
    report = import_rows(lines, officer)
    assert [(r.outcome, r.code) for r in report.rows[1:]] == [
        ("skipped", "total"),
        ("skipped", "header_again"),
        ("skipped", "no_child"),
    ]
    assert (report.rows_taken, report.not_taken) == (1, 0)


def test_another_value_on_the_same_day_is_refused_and_the_difference_told(officer: User) -> None:
    import_rows(csv_file(row()), officer)
    [answer] = preview(csv_file(row(Berat="11.9")), officer).rows
    assert (answer.outcome, answer.code) == ("refused", "day_taken")
    assert "berat 11,4 kg, di berkas berat 11,9 kg" in answer.sentence


def test_a_new_child_whose_only_measurement_is_refused_is_not_enrolled(officer: User) -> None:
    import_rows(csv_file(row(Berat="99")), officer)
    assert not Child.objects.exists()
    assert not Posyandu.objects.exists()


def test_a_refused_first_row_does_not_keep_a_child_from_a_good_second(officer: User) -> None:
    later = row(Tanggal_Pengukuran="2024-07-10")
    report = import_rows(csv_file(row(Berat="99"), later), officer)
    assert [r.code for r in report.rows] == ["out_of_range", "new_child"]
    assert Child.objects.get().residences.get().since == date(2024, 7, 10)


def test_a_formula_is_kept_as_the_text_it_is(officer: User) -> None:
    import_rows(csv_file(row(Nama='=HYPERLINK("http://x")')), officer)
    assert Child.objects.get().name == '=HYPERLINK("http://x")'


def test_a_masked_nik_is_kept_sealed_and_finds_nobody(officer: User) -> None:
    twice = (row(NIK="33010**********"), row(NIK="33010**********", Nama="DEWI LESTARI"))
    assert [r.code for r in import_rows(csv_file(*twice), officer).rows] == ["new_child", "new_child"]
    child = Child.objects.get(name="SITI CONTOH")
    assert (child.nik, child.nik_hash) == ("33010**********", None)
    assert "33010" not in child.nik_sealed


def test_a_preview_writes_nothing(officer: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        report = preview(csv_file(row()), officer)
    assert report.rows_taken == 1
    assert all(q["sql"].lstrip().upper().startswith("SELECT") for q in queries.captured_queries)
    assert not Child.objects.exists()


def test_nothing_stays_when_writing_fails_half_way(officer: User) -> None:
    class PowerCut(Progress):
        def show(self) -> None:
            if self.done:
                raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        import_rows(csv_file(row()), officer, progress=PowerCut())
    assert not Child.objects.exists()
    assert not Measurement.objects.exists()
    assert not Posyandu.objects.exists()
    assert not VillageMonth.objects.exists()


def children(first: int, count: int) -> bytes:
    """Children nobody takes for each other: AOBACE, BOCADE ..."""
    letters = (range(65 + i, 68 + i) for i in range(first, first + count))
    return csv_file(*(row(Nama="{:c}O{:c}A{:c}E".format(*three)) for three in letters))


def queries_of(action: Callable[[bytes, User], Report], content: bytes, user: User) -> int:
    with CaptureQueriesContext(connection) as captured:
        action(content, user)
    return len(captured)


def test_queries_do_not_grow_with_the_rows(officer: User) -> None:
    import_rows(children(0, 1), officer)  # opens the month and makes the posyandu
    assert queries_of(import_rows, children(1, 2), officer) == queries_of(
        import_rows, children(3, 20), officer
    )
    assert Child.objects.count() == 23
    assert queries_of(preview, children(1, 2), officer) == queries_of(preview, children(3, 20), officer)


def test_oedema_of_the_file_is_judged_as_wasting(officer: User) -> None:
    header = [*HEADER, "Pitting Edema"]
    report = import_rows(csv_file(row(Pitting_Edema="Ya"), header=header), officer)
    assert report.rows_taken == 1
    measured = Measurement.objects.get()
    assert (measured.oedema, measured.whz, measured.haz is not None) == (True, None, True)
