"""Columns that nothing is read from are named; weight and height are known under the titles people make."""

from __future__ import annotations

import pytest

from registry.errors import Invalid
from registry.growth.cells.column_names import column_words, field_of
from registry.imports.commit import import_rows, preview
from registry.imports.readers.read_file import Sheet, read_sheets
from registry.imports.report_storage import seal_report, unseal_report
from registry.imports.tables.layout import Table
from registry.imports.tables.unread_columns import UnreadColumn, column_sentences
from registry.models import Measurement, User
from tests.imports.files import HEADER, csv_file, one_table, row, sample, table

TITLES = ["Nama", "JK", "Tgl Lahir", "Kec", "Desa/Kel", "Tanggal Pengukuran", "Berat", "Tinggi"]
CHILD = ["SITI", "P", "2022-03-14", "KESUGIHAN", "KESUGIHAN KIDUL", "2024-06-12", "11.4", "84.5"]


def found(*more: tuple[str, str], header: list[str] = TITLES) -> Table:
    """The table of one child with these titles and values to the right."""
    rows = [[*header, *(title for title, _value in more)], [*CHILD, *(value for _title, value in more)]]
    return one_table([Sheet("", rows)])


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Panjang/Tinggi Badan", "lenhei"),
        ("Tinggi/Panjang", "lenhei"),
        ("PB atau TB", "lenhei"),
        ("T. BADAN", "lenhei"),
        ("TINGGI BADAN SAAT INI", "lenhei"),
        ("PB/TB (cm)", "lenhei"),
        ("Hasil Pengukuran Tinggi Badan (cm)", "lenhei"),
        ("BB SAAT INI", "weight"),
        ("B. Badan", "weight"),
        ("Berat Badan Balita (kg)", "weight"),
        ("Lahir BB", "birth_weight"),
        ("Berat Badan Lahir (gram)", "birth_weight"),
        ("P. Badan Lahir", "birth_length"),
    ],
)
def test_weight_and_height_under_the_titles_people_make(title: str, field: str) -> None:
    assert field_of(title) == field


@pytest.mark.parametrize(
    "title",
    [
        "BB/U",
        "BB/TB",
        "Status BB",
        "Naik Berat Badan",
        "BB bulan lalu",
        "TB Ibu",
        "Anak TB",
        "T",
        "P",
        "Cara Ukur TB",
    ],
)
def test_a_title_of_something_else_is_no_weight_or_height(title: str) -> None:
    assert field_of(title) not in ("weight", "lenhei")


def test_columns_with_values_under_an_unknown_title_are_named() -> None:
    table = found(("Imunisasi", "BCG"), ("Kosong", ""), ("KPSP", "sesuai"), ("", "x"), ("Ket. Gizi", "-"))
    assert table.columns_not_read == (("I", "Imunisasi", 1, ("BCG",)),)
    assert table.measures_missing == ()


@pytest.mark.parametrize("name", ["01", "02", "03", "04", "06", "07", "09", "11"])
def test_the_fields_own_files_have_no_column_that_is_missed(name: str) -> None:
    table = one_table(read_sheets(sample(name)))
    assert (table.columns_not_read, table.measures_missing) == ((), ())


def test_a_missing_weight_is_said_with_the_column_that_may_be_it() -> None:
    header = [name if name != "Berat" else "Timbangan" for name in TITLES]
    table = found(header=header)
    assert (table.measures_missing, table.columns_not_read) == (
        ("weight",),
        (("G", "Timbangan", 1, ("11.4",)),),
    )
    assert column_sentences(table.columns_not_read, table.measures_missing) == [
        "Tidak ada kolom Berat di berkas ini: pengukurannya disimpan tanpa itu.",
        "Kolom yang tidak dibaca, karena judulnya tidak dikenal atau terulang: "
        "G (Timbangan): 1 baris, misalnya 11.4.",
    ]


@pytest.mark.parametrize(
    ("title", "values", "shown"),
    [
        ("Senti", ["84,5", "", "84,5", "86,0", "87,5", "90"], ("84,5", "86,0", "87,5")),
        ("Catatan", ["x" * 50], ("x" * 39 + "…",)),
        (
            "KPSP lama",
            ["sesuai", "sesuai", "sesuai", "meragukan", "sesuai", "sesuai"],
            ("sesuai", "meragukan"),
        ),
        ("Nama panggilan", ["12"], ()),
        ("NIK wali", ["12"], ()),
        ("Keluarga", ["3301021403220001", "-"], ()),
        ("Keluarga", ["3301 0214 0322 0001"], ()),
        ("Hubungi", ["0812-3456-7890"], ()),
        ("Mbah", ["Siti Aminah"], ()),
        ("Mbah", ["SITI", "AMINAH", "Sri", "Tuti"], ()),
    ],
)
def test_beside_its_name_stand_its_rows_and_values_but_nobodys_name_or_number(
    title: str, values: list[str], shown: tuple[str, ...]
) -> None:
    rows = [[*TITLES, title], *([*CHILD, value] for value in values)]
    [column] = one_table([Sheet("", rows)]).columns_not_read
    assert (column.rows, column.values) == (sum(value not in ("", "-") for value in values), shown)


def test_a_column_that_an_older_check_has_kept_is_named_without_its_rows() -> None:
    assert column_sentences([UnreadColumn("I", "KPSP")], ()) == [
        "Kolom yang tidak dibaca, karena judulnya tidak dikenal atau terulang: I (KPSP)."
    ]


def test_a_column_without_a_title_goes_by_its_letters() -> None:
    assert [column_words(i, ["A", ""]) for i in (0, 1, 25, 26, 701)] == ["A (A)", "B", "Z", "AA", "ZZ"]


# --- More than one measurement in a row ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        [("Berat", "12.1"), ("Tinggi", "86")],
        [("Tanggal Pengukuran", "2024-07-12"), ("Berat", "12.1"), ("Tinggi", "86")],
        [("BB (kg)", "12.1")],
        [("TB", "86")],
    ],
)
def test_several_measurements_in_a_row_are_refused_and_their_columns_named(
    more: list[tuple[str, str]],
) -> None:
    with pytest.raises(Invalid) as caught:
        found(*more)
    assert caught.value.code == "columns_repeated"
    assert f"kolom I ({more[0][0]})" in caught.value.message


def test_months_side_by_side_of_one_day_are_refused() -> None:
    upper = [*TITLES[:6], "JANUARI", "", "FEBRUARI", ""]
    lower = [*TITLES[:6], "BB", "TB", "BB", "TB"]
    with pytest.raises(Invalid) as caught:
        one_table([Sheet("", [upper, lower, [*CHILD, "12.1", "86"]])])
    assert caught.value.code == "columns_repeated"
    assert "I (FEBRUARI BB), J (FEBRUARI TB)" in caught.value.message


@pytest.mark.parametrize(
    ("title", "value"), [("Berat", "11.4"), ("Berat", ""), ("Tinggi", "0"), ("Nama", "SITI A")]
)
def test_a_column_again_that_says_nothing_else_is_only_named(title: str, value: str) -> None:
    table = found((title, value))
    values = () if title == "Nama" else (value,)
    assert table.columns_not_read == ((("I", title, 1, values),) if value else ())


def test_length_and_height_in_columns_of_their_own_are_one_measurement() -> None:
    header = [*TITLES[:7], "PB (cm)"]
    assert found(("TB (cm)", ""), header=header).columns["lenhei_other"] == 8


def test_weight_at_birth_below_a_title_over_two_columns_is_not_todays() -> None:
    upper = [*TITLES[:6], "LAHIR", "", "SAAT INI", ""]
    lower = [*TITLES[:6], "BB", "PB", "BB", "TB"]
    table = one_table([Sheet("", [upper, lower, [*CHILD[:6], "3.1", "49", "11.4", "84.5"]])])
    columns = {field: table.columns[field] for field in ("birth_weight", "birth_length", "weight", "lenhei")}
    assert columns == {"birth_weight": 6, "birth_length": 7, "weight": 8, "lenhei": 9}


# --- In the report ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_report_keeps_what_was_not_read(officer: User) -> None:
    header = [*(name for name in HEADER if name != "Berat"), "Timbangan"]
    report = preview(csv_file(row(Timbangan="11.4"), header=header), officer)
    kept = unseal_report(seal_report(report))
    for one in (report, kept):
        assert one.measures_missing == ("weight",)
        assert one.columns_not_read == (("AH", "Timbangan", 1, ("11.4",)),)


@pytest.mark.django_db
def test_a_height_under_a_title_of_its_own_is_stored(officer: User) -> None:
    header = ["Panjang/Tinggi Badan" if name == "Tinggi" else name for name in HEADER]
    lines = table([row()], HEADER)
    import_rows("\n".join(",".join(line) for line in [header, *lines[1:]]).encode(), officer)
    stored = Measurement.objects.get()
    assert (str(stored.weight_kg), str(stored.lenhei_cm)) == ("11.400", "84.50")
