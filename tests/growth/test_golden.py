"""Both kernels against 600 rows of WHO's own software, to the second decimal and every flag."""

from __future__ import annotations

from registry.growth import Assessment, assess, days_from_months
from tests.growth.reference import assess_all, assess_each, child, differences, rows

QUIRKS = {
    # A weight of 0 kg is no measurement; WHO's software scores it as a child of no weight.
    "101": {"bmi": (None, 0.0), "whz": (None, -14.7), "whz_flag": (False, True)},
    "165": {"bmi": (None, 0.0), "whz": (None, -14.43), "whz_flag": (False, True)},
    "192": {"bmi": (None, 0.0), "whz": (None, -14.58), "whz_flag": (False, True)},
    "599": {"bmi": (None, 0.0), "whz": (None, -15.44), "whz_flag": (False, True)},
    # A length of 0 cm neither; there a BMI becomes infinite.
    "600": {
        "clenhei_cm": (None, 0.0),
        "bmi": (None, float("inf")),
        "baz": (None, float("inf")),
        "baz_flag": (False, True),
    },
    # 103.1 - 0.7 is a hair below 102.4 in floats, and WHO's software reads the row of 102.3.
    "552": {"whz": (-0.81, -0.83)},
}
"""Rows marked r_quirk: field -> (ours, WHO's)."""


def test_one_child_at_a_time_equals_whos_software_in_every_row() -> None:
    found = {row["id"]: differences(row, got) for row, got in assess_each("golden.csv")}
    assert {row: diff for row, diff in found.items() if diff} == QUIRKS


def test_all_children_at_once_equal_whos_software_in_every_row() -> None:
    golden = rows("golden.csv")
    batch = assess_all([child(row) for row in golden])
    found = {row["id"]: differences(row, batch.row(i)) for i, row in enumerate(golden)}
    assert {row: diff for row, diff in found.items() if diff} == QUIRKS


def test_the_quirks_are_exactly_the_rows_marked_so() -> None:
    golden = rows("golden.csv")
    assert len(golden) == 600
    assert {row["id"] for row in golden if row["r_quirk"]} == set(QUIRKS)


def test_the_row_at_103_1_lying_is_the_one_a_child_of_102_4_standing_gets() -> None:
    [row] = [row for row in rows("golden.csv") if row["id"] == "552"]
    lying = child(row)
    standing = {**lying, "lenhei_cm": 102.4, "position": "H"}
    assert assess(**lying) == assess(**standing)


def test_the_unrounded_scores_round_to_whos_without_a_tie() -> None:
    """Why the way of rounding a half does not matter: no score of WHO's comes near one."""
    raw = [
        float(value)
        for row in rows("golden.csv")
        for name, value in row.items()
        if name.endswith("_raw") and value not in ("", "Inf")
    ]
    nearest = min(abs(abs(z * 100) % 1 - 0.5) for z in raw)
    assert len(raw) > 3000
    assert nearest > 1e-6


def test_ages_in_months_are_turned_into_days_as_who_does() -> None:
    for row in rows("golden_months.csv"):
        assert days_from_months(float(row["age_months"])) == int(row["age_days_used"]), row["id"]


MONTH_QUIRKS = {
    # 8.99 months are rounded to day 274, which is past 9 months: we judge the day, WHO the months.
    "8": {"clenhei_cm", "position_disbelieved", "haz", "whz", "baz"},
    # 60 months are rounded to day 1826, which is under five.
    "23": {"haz", "waz", "whz", "baz"},
}


def test_children_with_an_age_in_months_equal_whos_software() -> None:
    found = {row["id"]: set(differences(row, got)) for row, got in assess_each("golden_months.csv")}
    assert len(found) == 60
    assert {row: fields for row, fields in found.items() if fields} == MONTH_QUIRKS


def test_a_day_under_nine_months_gives_whos_result_for_8_99_months() -> None:
    [row] = [row for row in rows("golden_months.csv") if row["id"] == "8"]
    assert assess(**{**child(row), "age_days": 273}).position_disbelieved


def test_a_day_past_1826_gives_whos_result_for_60_months() -> None:
    [row] = [row for row in rows("golden_months.csv") if row["id"] == "23"]
    got: Assessment = assess(**{**child(row), "age_days": 1827})
    assert differences(row, got) == {}
