"""z-scores for a CSV of children: WHO's own figures, the ways of writing a file, reasons for what is left."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from registry.growth.batch import CHUNK
from registry.growth.cells.dates import Order
from registry.growth.zscore_csv import OURS, Options, ScoreTally, Unreadable, score_csv
from registry.growth.zscore_csv.headings import output_header
from tests.growth.reference import WHO_NAMES, number, rows
from tests.growth.test_golden import MONTH_QUIRKS, QUIRKS

Row = dict[str, str]

# Row 1 of golden.csv: a boy of 60 days and what WHO's software says of him.
BOY = {
    "sex": "1",
    "age_days": "60",
    "measure": "L",
    "weight_kg": "5.5",
    "lenhei_cm": "54.5",
    "headc_cm": "38.5",
}
HIS_SCORES = {"zlen": "-1.92", "zwei": "-0.06", "zwfl": "2.47", "zbmi": "1.48", "zhc": "-0.50"}


def raw(content: bytes, **options: Any) -> tuple[str, ScoreTally]:
    """What is written for a file of these bytes, and the counts."""
    written: list[str] = []
    source = io.BufferedReader(io.BytesIO(content))
    tally = score_csv(source, written.append, Options(**options))
    return "".join(written), tally


def score(text: str, delimiter: str = ",", **options: Any) -> list[Row]:
    written, _ = raw(text.encode(), **options)
    return list(csv.DictReader(io.StringIO(written, newline=""), delimiter=delimiter))


def as_csv(children: list[Row], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(children[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(children)
    return text.getvalue()


def score_one(**changes: str) -> Row:
    """The boy with other values, or with other columns."""
    [row] = score(as_csv([{**BOY, **changes}]))
    return row


def scores_of(row: Row) -> Row:
    return {name: row[name] for name in HIS_SCORES}


def against_who(row: Row) -> dict[str, tuple[object, object]]:
    """Where a row that came with WHO's figures got others: field -> (ours, WHO's)."""
    pairs = {"clenhei_cm": (number(row["clenhei"]), number(row["clenhei_in"]))}
    for index, who in WHO_NAMES.items():
        if f"z{who}_in" in row:
            pairs[index] = number(row[f"z{who}"]), number(row[f"z{who}_in"])
            pairs[f"{index}_flag"] = row[f"f{who}"] == "1", row[f"f{who}_in"] == "1"
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


# --- WHO's figures ------------------------------------------------------------------------------------


def test_every_row_of_the_golden_file_gets_whos_scores_and_flags() -> None:
    got = score(as_csv(rows("golden.csv")))
    assert len(got) == 600
    found = {row["id"]: diff for row in got if (diff := against_who(row))}
    # BMI itself is not in the result.
    assert found == {
        row: {field: pair for field, pair in fields.items() if field != "bmi"}
        for row, fields in QUIRKS.items()
    }


def test_a_flag_is_empty_exactly_where_its_score_is() -> None:
    for row in score(as_csv(rows("golden.csv"))):
        for who in WHO_NAMES.values():
            assert (row[f"f{who}"] in ("0", "1")) == bool(row[f"z{who}"]), row["id"]


def test_ages_in_months_give_whos_scores() -> None:
    got = score(as_csv(rows("golden_months.csv")))
    assert len(got) == 60
    assert {row["id"] for row in got if against_who(row)} == set(MONTH_QUIRKS)


def test_two_dates_give_what_the_days_between_them_give() -> None:
    """Born on 29 February 2020 and measured age_days later; the first 300 children of golden.csv."""
    by_days = [row for row in rows("golden.csv")[:300] if row["age_days"]]
    by_dates = []
    for row in by_days:
        born = date(2020, 2, 29)
        measured = born + timedelta(days=int(row["age_days"]))
        rest = {name: value for name, value in row.items() if name != "age_days"}
        by_dates.append({**rest, "tgl_lahir": str(born), "tanggal ukur": str(measured)})
    got, expected = score(as_csv(by_dates)), score(as_csv(by_days))
    assert [[row[name] for name in OURS] for row in got] == [[row[name] for name in OURS] for row in expected]


def test_semicolons_and_commas_give_the_same_in_their_own_manner() -> None:
    golden = rows("golden.csv")
    local = [{name: value.replace(".", ",") for name, value in row.items()} for row in golden]
    got = score(as_csv(local, ";"), ";")
    assert got[0]["zlen"] == "-1,92"
    numbers = OURS[:17]
    assert [[row[name].replace(",", ".") for name in numbers] for row in got] == [
        [row[name] for name in numbers] for row in score(as_csv(golden))
    ]


# --- Ways of writing ----------------------------------------------------------------------------------


def test_the_boy_of_the_tests_gets_whos_figures() -> None:
    row = score_one()
    assert scores_of(row) == HIS_SCORES
    assert (row["clenhei"], row["fwfl"], row["reason"]) == ("54.5", "0", "")


@pytest.mark.parametrize("sex", ["1", "1.0", "L", "l", "M", "Laki-laki", "LAKI LAKI", "male", " boy "])
def test_boys_as_files_write_them(sex: str) -> None:
    assert scores_of(score_one(sex=sex)) == HIS_SCORES


@pytest.mark.parametrize("sex", ["2", "2.0", "P", "p", "F", "Perempuan", "female", "girl"])
def test_girls_as_files_write_them(sex: str) -> None:
    """Row 2 of golden.csv: a girl of 384 days and 75.1 cm has a HAZ of 0.13."""
    row = score_one(sex=sex, age_days="384", measure="", lenhei_cm="75.1")
    assert (row["zlen"], row["reason"]) == ("0.13", "")


@pytest.mark.parametrize(
    ("written", "correction"),
    [("H", "80.7"), ("h", "80.7"), ("berdiri", "80.7"), ("Standing", "80.7")]
    + [(lying, "80") for lying in ("L", "l", "terlentang", "Telentang", "lying", "", "-", "NA")],
)
def test_positions_as_files_write_them(written: str, correction: str) -> None:
    """At 400 days a child that stood is 0.7 cm longer lying."""
    row = score_one(age_days="400", lenhei_cm="80", measure=written)
    assert (row["clenhei"], row["reason"]) == (correction, "")


@pytest.mark.parametrize("written", ["y", "Ya", "1", "1.0", "yes", "TRUE"])
def test_a_child_with_oedema_has_no_score_by_weight(written: str) -> None:
    row = score_one(oedema=written)
    assert scores_of(row) == {**HIS_SCORES, "zwei": "", "zwfl": "", "zbmi": ""}
    assert row["reason"] == ""


@pytest.mark.parametrize("written", ["n", "tidak", "0", "no", "", "-", "NA"])
def test_a_child_without_oedema_has_them(written: str) -> None:
    assert scores_of(score_one(oedema=written)) == HIS_SCORES


@pytest.mark.parametrize(
    "weight",
    [
        "5.5",
        "5,5",
        "5.50",
        " 5.5 ",
        "5.5 kg",
        "5,5KG",
        "+5.5",
        "5.50000000000000000",
        "5,50000000000000000",
        "\u00a05.5",
    ],
)
def test_weights_as_files_write_them(weight: str) -> None:
    assert scores_of(score_one(weight_kg=weight)) == HIS_SCORES


@pytest.mark.parametrize(
    "header",
    [
        "sex,age_days,measure,weight_kg,lenhei_cm,headc_cm",
        "SEX , Age Days,MEASURE,Weight (kg),LENHEI,headc",
        "jk,umur_hari,Cara Ukur,BB,TB,Lingkar Kepala",
        "Jenis Kelamin,usia (hari),posisi,Berat Badan,Panjang Badan,LIKA (cm)",
        "gender,age in days,position,weight,height,head_cm",
    ],
)
def test_headings_as_files_write_them(header: str) -> None:
    [row] = score(f"{header}\n1,60,L,5.5,54.5,38.5\n")
    assert scores_of(row) == HIS_SCORES


@pytest.mark.parametrize(
    ("heading", "cell"), [("muac_mm", "128"), ("LiLA (cm)", "12.8"), ("lila", "12.8 cm")]
)
def test_the_arm_in_millimetres_or_centimetres(heading: str, cell: str) -> None:
    """Row 2 of golden.csv: a girl of 384 days with an arm of 128 mm has a z-score of -1.29."""
    [row] = score(as_csv([{"sex": "P", "age_days": "384", heading: cell}]))
    assert (row["zac"], row["label_muac"]) == ("-1.29", "Gizi baik")


def test_an_age_is_taken_from_days_else_dates_else_months() -> None:
    columns = "sex,lenhei_cm,age_days,birth_date,date,age_months"
    got = score(
        f"{columns}\n1,54.5,60,2024-01-01,2024-01-02,9\n1,54.5,,2024-01-01,2024-03-01,9\n1,54.5,,,,1.97\n"
    )
    # 1 January to 1 March 2024 are 60 days; 1.97 x 30.4375 = 59.96, rounded 60.
    assert [row["zlen"] for row in got] == ["-1.92"] * 3


def test_one_date_alone_is_no_column_of_ours() -> None:
    assert score_one(tgl_lahir="kemarin")["reason"] == ""


def test_line_ends_and_the_byte_order_mark_stay_as_they_were() -> None:
    written, _ = raw("\ufeffsex;age_days;bb\r\n1;60;5,5\r\n".encode())
    assert written.startswith("\ufeffsex;age_days;bb;clenhei;")
    assert written.count("\r\n") == written.count("\n") == 2
    assert "\r" not in raw(b"sex,age_days,bb\n1,60,5.5\n")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_names_survive_however_they_are_encoded(encoding: str) -> None:
    written, _ = raw("nama,sex,age_days,bb\nZoë – André,1,60,5.5\n".encode(encoding))
    [row] = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    assert (row["nama"], row["zwei"]) == ("Zoë – André", "-0.06")


def test_blank_lines_are_left_out_and_quotes_kept() -> None:
    [row] = score('\n\nsex;age_days;bb;alamat\n\n1;60;5.5;"RT 1; ""atas""\nJl. Contoh"\n\n', ";")
    assert (row["zwei"], row["alamat"]) == ("-0.06", 'RT 1; "atas"\nJl. Contoh')


def test_the_line_that_names_the_delimiter_is_believed() -> None:
    [row] = score("sep=;\nsex;age_days;bb;a,b,c,d\n1;60;5.5;\n", ";")
    assert row["zwei"] == "-0.06"


def test_a_tab_separates_too() -> None:
    [row] = score("sex\tage_days\tbb\n1\t60\t5,5\n", "\t")
    assert row["zwei"] == "-0,06"


def test_semicolons_without_any_decimals_go_with_commas() -> None:
    """WHO's median weight of girls at birth is 3.2322 kg and its S 0.14171: 3 kg is about -0.5."""
    [row] = score("sex;age_days;bb\nP;0;3\n", ";")
    assert row["zwei"].startswith("-0,5")


def test_numbers_turned_into_times_cast_doubt_on_their_like() -> None:
    """Where 5.6 has become 05.06, 5.05 may have been 5.5; 5.50 can have been nothing else."""
    first, second, third = score(as_csv([{**BOY, "weight_kg": kg} for kg in ("05.06", "5.05", "5.50")]))
    assert [first["zwei"], second["zwei"], third["zwei"]] == ["", "", "-0.06"]
    assert "weight_kg '5.05': angka yang diubah menjadi jam" in second["reason"]
    late = score(as_csv([BOY] * CHUNK + [{**BOY, "weight_kg": "05.06"}]))[-1]
    assert "weight_kg '05.06': angka yang diubah menjadi jam" in late["reason"]


# --- Labels and headings of the result ----------------------------------------------------------------


def test_classes_are_those_of_permenkes_2_2020() -> None:
    """HAZ -1.92, WAZ -0.06, WHZ 2.47 and BMI 1.48 of the boy."""
    row = score_one()
    assert [row[f"label_{index}"] for index in ("haz", "waz", "whz", "baz", "muac")] == [
        *("Normal", "Berat badan normal", "Gizi lebih", "Berisiko gizi lebih", "")
    ]
    [english] = score(as_csv([BOY]), labels="en")
    [coded] = score(as_csv([BOY]), labels="code")
    assert (english["label_whz"], coded["label_whz"]) == ("Overweight", "overweight")


def test_a_flagged_score_has_no_class() -> None:
    """Row 598 of golden.csv: a girl of 137.4 cm at 1800 days has a HAZ of 6.02, beyond WHO's limit."""
    row = score_one(sex="2", age_days="1800", measure="", lenhei_cm="137.4", weight_kg="")
    assert (row["zlen"], row["flen"], row["label_haz"]) == ("6.02", "1", "")


def test_ours_keep_their_names_and_the_files_own_get_others() -> None:
    header = ["zlen", "ZLEN_in", "reason", "catatan", "catatan", "", "Catatan"]
    assert output_header(header) == [
        *("zlen_in_2", "ZLEN_in", "reason_in", "catatan", "catatan_2", "column_6", "Catatan_3"),
        *OURS,
    ]


def test_a_result_can_be_scored_again() -> None:
    once, _ = raw(as_csv([BOY]).encode())
    [twice] = score(once)
    assert scores_of(twice) == HIS_SCORES
    assert twice["zlen_in"] == "-1.92"
    assert len(twice) == len(BOY) + 2 * len(OURS)


# --- Reasons ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason", "lost"),
    [
        ({"sex": "X"}, "sex 'X': jenis kelamin tidak dikenal", "zlen zwei zwfl zbmi zhc"),
        ({"sex": ""}, "sex '': jenis kelamin tidak dikenal", "zlen zwei zwfl zbmi zhc"),
        ({"weight_kg": "5..5"}, "weight_kg '5..5': bukan angka / not a number", "zwei zwfl zbmi"),
        ({"weight_kg": "5500 g"}, "weight_kg '5500 g': bukan angka", "zwei zwfl zbmi"),
        ({"weight_kg": "54.5 cm"}, "weight_kg '54.5 cm': bukan angka", "zwei zwfl zbmi"),
        ({"weight_kg": "05.06"}, "weight_kg '05.06': angka yang diubah menjadi jam", "zwei zwfl zbmi"),
        ({"weight_kg": "0"}, "weight_kg '0': bukan ukuran yang mungkin", "zwei zwfl zbmi"),
        ({"lenhei_cm": "-54.5"}, "lenhei_cm '-54.5': bukan ukuran yang mungkin", "zlen zwfl zbmi"),
        ({"headc_cm": "?"}, "headc_cm '?': bukan angka", "zhc"),
        ({"oedema": "mungkin"}, "oedema 'mungkin': bukan ya atau tidak", "zwei zwfl zbmi"),
        ({"age_days": "-1"}, "umur negatif / negative age", "zlen zwei zwfl zbmi zhc"),
        ({"age_days": "1827"}, "umur lima tahun atau lebih / aged five or older", "zlen zwei zwfl zbmi zhc"),
        ({"age_days": "60.5"}, "age_days '60.5': umur dalam hari harus bulat", "zlen zwei zbmi zhc"),
        ({"age_days": ""}, "tanpa umur hanya zwfl yang bisa dihitung", "zlen zwei zbmi zhc"),
    ],
)
def test_a_reason_names_the_cell_and_the_rest_is_computed(changes: Row, reason: str, lost: str) -> None:
    row = score_one(**changes)
    assert row["reason"].startswith(reason)
    assert scores_of(row) == {**HIS_SCORES, **dict.fromkeys(lost.split(), "")}


def test_a_position_nobody_knows_is_not_corrected() -> None:
    row = score_one(age_days="400", lenhei_cm="80", measure="duduk")
    assert row["clenhei"] == "80"
    assert row["reason"].startswith("measure 'duduk': cara ukur tidak dikenal")


def test_a_little_before_birth_in_months_is_before_birth() -> None:
    """WHO's rounding, int(-0.01 x 30.4375 + 0.5), would make it day 0."""
    [row] = score("sex,age_months,tb\n1,-0.01,54.5\n")
    assert (row["zlen"], row["reason"]) == ("", "umur negatif / negative age")


def test_two_bad_cells_are_both_named() -> None:
    reason = score_one(weight_kg="a", lenhei_cm="b")["reason"]
    assert "weight_kg 'a': bukan angka" in reason
    assert "lenhei_cm 'b': bukan angka" in reason


def test_rows_without_measures_and_without_an_index_say_so() -> None:
    empty = {"weight_kg": "", "lenhei_cm": "", "headc_cm": ""}
    assert score_one(**empty)["reason"] == "tidak ada ukuran / no measure"
    # The arm has standards from day 91 only.
    assert score_one(**empty, muac_mm="120")["reason"].endswith("no index for this age and these measures")
    assert score_one(**empty, muac_mm="0")["reason"] == "tidak ada ukuran / no measure"


def test_a_row_with_too_many_cells_is_not_believed_and_its_neighbours_are() -> None:
    """A decimal comma in a file of commas moves every cell behind it."""
    good, moved, short, again = score(
        "sex,age_days,bb,tb\n1,60,5.5,54.5\n1,60,5,5,54.5\n1,60,5.5\n1,60,5.5,54.5,\n"
    )
    assert moved["reason"] == (
        "terlalu banyak sel, 5 untuk 4 kolom / too many cells, 5 for 4 columns: '54.5'"
    )
    assert (moved["bb"], moved["tb"], moved["zwei"]) == ("5", "5", "")
    assert [row["zwei"] for row in (good, short, again)] == ["-0.06"] * 3
    assert (short["reason"], short["tb"]) == ("", "")


def test_a_row_of_empty_cells_says_so() -> None:
    [row] = score("sex,age_days,bb\n,,\n")
    assert row["reason"] == "baris kosong / empty row"


def test_the_counts_are_of_rows() -> None:
    """Used and with a reason overlap: the third boy has a height and no readable weight."""
    children = [BOY, {**BOY, "sex": "?"}, {**BOY, "weight_kg": "?"}, {**BOY, "lenhei_cm": "75"}]
    assert raw(as_csv(children).encode())[1] == ScoreTally(rows=4, used=3, with_reason=2, flagged=1)


# --- Dates --------------------------------------------------------------------------------------------


def dated(*pairs: tuple[str, str], **options: Any) -> list[Row]:
    return score(
        as_csv([{"sex": "1", "tb": "54.5", "tgl_lahir": b, "tgl_ukur": m} for b, m in pairs]), **options
    )


def test_measured_before_birth_is_said() -> None:
    [row] = dated(("2024-03-01", "2024-02-29"))
    assert (row["reason"], row["zlen"]) == ("tanggal ukur sebelum lahir / measured before birth", "")


def test_a_column_proves_whether_its_day_or_its_month_comes_first() -> None:
    """60 days each: 1 January to 1 March 2024. The second rows have no other reading."""
    [day_first, _] = dated(("1/1/2024", "1/3/2024"), ("13/3/2024", "13/5/2024"))
    [month_first, _] = dated(("1/1/2024", "3/1/2024"), ("3/13/2024", "5/13/2024"))
    assert [day_first["zlen"], month_first["zlen"]] == ["-1.92", "-1.92"]


def test_what_nothing_proves_is_not_read_unless_the_user_knows() -> None:
    [row] = dated(("1/1/2024", "1/3/2024"))
    assert row["reason"].startswith("tgl_ukur '1/3/2024': bisa berarti dua hari; pakai --dates dmy atau mdy")
    assert row["zlen"] == ""
    [row] = dated(("1/1/2024", "1/3/2024"), order=Order.DAY_FIRST)
    assert (row["zlen"], row["reason"]) == ("-1.92", "")
    [row] = dated(("1/1/2024", "3/1/2024"), order=Order.MONTH_FIRST)
    assert (row["zlen"], row["reason"]) == ("-1.92", "")


def test_a_date_against_the_order_of_its_column_is_not_read() -> None:
    [row] = dated(("3/3/2024", "5/13/2024"), order=Order.DAY_FIRST)
    assert row["reason"].startswith("tgl_ukur '5/13/2024': hari dan bulannya lain urutan dari kolom ini")


def test_what_is_no_date_is_said() -> None:
    [row] = dated(("2024-02-30", "2024-05-02"))
    assert row["reason"].startswith("tgl_lahir '2024-02-30': bukan tanggal")


# --- Files that cannot be scored ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("umur_hari,bb\n60,5\n", "missing: sex"),
        ("sex,tgl_lahir,bb\n1,2024-01-01,5\n", "missing: age_days / age_months / birth_date \\+ date"),
        ("sex,age_days,nama\n1,60,A\n", "missing: weight_kg"),
        ("nama,alamat\nA,B\n", "missing: sex .*; age_days .*; weight_kg"),
        ("sex,age_days,muac\n1,60,120\n", "'muac' does not tell its unit. Write muac_mm or muac_cm"),
        ("sex,umur,bb\n1,60,5\n", "'umur' does not tell its unit. Write age_days or age_months"),
        ("sex,age_days,pb,tb\n1,60,50,\n", "'pb' and 'tb' mean the same"),
        ("sex,age_days,bb,bb\n1,60,5,5\n", "'bb' and 'bb' mean the same"),
        ("sex,age_days,muac_mm,lila\n1,60,120,12\n", "'muac_mm' and 'lila' mean the same"),
        ("", "empty"),
        ("\n\n", "empty"),
        ('sex,age_days,bb\n1,60,5.5\n1,60,"5.5\n1,60,5.5\n', "Line 4 is not CSV"),
        ('sex,age_days,bb\n1,60,"5"5\n', "Line 2 is not CSV"),
        ("sex,age_days,bb\n1,60,5\0\n", "not CSV text"),
        ("PK\3\4\0\0", "not CSV text"),
        ("x" * (1 << 20), "not CSV text"),
        ('sex,age_days,bb\n1,60,"' + "5\n" * 100_000, "Line .* is not CSV"),
    ],
)
def test_a_file_that_cannot_be_scored_gets_a_sentence(content: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        raw(content.encode())


def test_a_unit_left_open_does_not_matter_beside_one_that_is_told() -> None:
    assert scores_of(score_one(muac="120", muac_mm="120", umur="2 bulan")) == HIS_SCORES
    [row] = score("sex,tgl_lahir,tgl_ukur,umur,tb\nL,2024-01-01,2024-03-01,2 bulan,54.5\n")
    assert row["zlen"] == "-1.92"


# --- One chunk at a time ------------------------------------------------------------------------------


class _Endless(io.RawIOBase):
    """A file of a million rows that are made when they are read."""

    made = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        line = b"1,60,L,5.5,54.5,38.5\n" if self.made else ",".join(BOY).encode() + b"\n"
        self.made += 1
        buffer[: len(line)] = line
        return len(line)


def test_the_first_rows_are_written_before_the_third_chunk_is_read() -> None:
    source, written = _Endless(), []

    class Enough(Exception):
        pass

    def write(text: str) -> None:
        written.append(text)
        if len(written) == 2:
            raise Enough

    with pytest.raises(Enough):
        score_csv(io.BufferedReader(source), write)
    assert written[1].count("\n") == CHUNK
    # The text is decoded some thousand bytes ahead.
    assert source.made < CHUNK + 1_000


def test_wide_files_go_through_in_smaller_chunks() -> None:
    taken: list[int] = []
    child = {**BOY, **{f"kolom{i}": "" for i in range(58)}}  # 64 columns
    source = io.BufferedReader(io.BytesIO(as_csv([child] * 5_000).encode()))
    score_csv(source, lambda text: None, progress=taken.append)
    assert taken == [2_048, 2_048, 904]


def test_chunks_meet_without_a_seam() -> None:
    children = CHUNK * 2 + 3
    written, tally = raw(as_csv([BOY] * children).encode())
    got = list(csv.DictReader(io.StringIO(written)))
    assert tally == ScoreTally(rows=children, used=children)
    assert {row["zwfl"] for row in got} == {"2.47"}
    assert len(got) == children
