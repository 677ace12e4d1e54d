"""One child: the edges of the standards."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pytest

from registry.growth import Assessment, BatchAssessment, PositionCode, SexCode, assess
from registry.growth.indices import INDICES, MEASURES

BOY, GIRL = SexCode.BOY, SexCode.GIRL


def test_a_boy_of_median_length_and_weight_is_at_zero() -> None:
    # WHO's table of day 0: 49.8842 cm, 3.3464 kg.
    got = assess(sex=BOY, age_days=0, weight_kg=3.3464, lenhei_cm=49.8842)
    assert (got.haz, got.waz) == (0, 0)


def test_a_boy_of_three_months_and_his_length_by_hand() -> None:
    # Day 91: M 61.4, S 0.03328 in WHO's monthly table; (57.4 / 61.4013 - 1) / 0.03328 = -1.96
    assert assess(sex=BOY, age_days=91, lenhei_cm=57.4, position=PositionCode.LYING).haz == -1.96


def test_day_1826_is_scored_and_day_1827_is_not() -> None:
    last = assess(sex=GIRL, age_days=1826, weight_kg=18.0, lenhei_cm=109.0, muac_cm=16.0)
    assert None not in (last.haz, last.waz, last.whz, last.baz, last.acz)
    past = assess(sex=GIRL, age_days=1827, weight_kg=18.0, lenhei_cm=109.0, muac_cm=16.0)
    assert [past.haz, past.waz, past.whz, past.baz, past.acz] == [None] * 5
    assert past.clenhei_cm == 109.0
    assert past.bmi == pytest.approx(15.15, abs=0.01)


def test_at_two_years_the_height_table_follows_the_length_table() -> None:
    lying = assess(sex=BOY, age_days=730, weight_kg=9.9, lenhei_cm=82.0, position=PositionCode.STANDING)
    standing = assess(sex=BOY, age_days=731, weight_kg=9.9, lenhei_cm=82.0, position=PositionCode.STANDING)
    assert (lying.clenhei_cm, standing.clenhei_cm) == (82.7, 82.0)
    # The correction is what the two tables differ by, so the weight for height stays.
    assert lying.whz == standing.whz == -1.27


def test_arm_and_skinfolds_begin_on_day_91() -> None:
    early = assess(sex=GIRL, age_days=90, muac_cm=13.0, triceps_mm=9.0, subscapular_mm=7.0)
    assert [early.acz, early.tsz, early.ssz] == [None] * 3
    later = assess(sex=GIRL, age_days=91, muac_cm=13.0245, triceps_mm=9.7533, subscapular_mm=7.7874)
    assert [later.acz, later.tsz, later.ssz] == [0, 0, 0]


def test_oedema_leaves_length_and_hides_weight() -> None:
    got = assess(sex=BOY, age_days=800, weight_kg=8.45, lenhei_cm=82.7, muac_cm=12.0, oedema=True)
    assert [got.waz, got.whz, got.baz] == [None] * 3
    assert got.haz is not None
    assert got.acz is not None
    assert got.oedema
    assert got.bmi is not None


@pytest.mark.parametrize(
    ("weight_kg", "lenhei_cm"), [(0.0, 70.0), (-1.0, 70.0), (float("nan"), 70.0), (float("inf"), 70.0)]
)
def test_a_weight_that_is_none_counts_as_missing(weight_kg: float, lenhei_cm: float) -> None:
    got = assess(sex=BOY, age_days=300, weight_kg=weight_kg, lenhei_cm=lenhei_cm)
    assert [got.waz, got.whz, got.baz, got.bmi] == [None] * 4
    assert got == assess(sex=BOY, age_days=300, lenhei_cm=lenhei_cm)


@pytest.mark.parametrize("lenhei_cm", [0.0, -5.0, 0.5])
def test_a_length_that_is_none_or_vanishes_in_the_correction_counts_as_missing(lenhei_cm: float) -> None:
    got = assess(sex=BOY, age_days=900, weight_kg=12.0, lenhei_cm=lenhei_cm, position=PositionCode.LYING)
    assert got == assess(sex=BOY, age_days=900, weight_kg=12.0)


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(ValueError, match="before birth"):
        assess(sex=BOY, age_days=-1, weight_kg=3.0)


def test_an_unknown_sex_is_refused() -> None:
    with pytest.raises(ValueError, match="3 is not a valid Sex"):
        assess(sex=3, age_days=1, weight_kg=3.0)  # type: ignore[arg-type]


def test_without_an_age_only_weight_for_length_is_computed() -> None:
    got = assess(sex=GIRL, age_days=None, weight_kg=8.0, lenhei_cm=70.0, muac_cm=14.0)
    assert got.whz is not None
    assert [got.haz, got.waz, got.baz, got.acz] == [None] * 4


def test_without_an_age_a_child_of_87_cm_is_taken_as_standing_and_a_shorter_one_as_lying() -> None:
    def whz(lenhei_cm: float, position: PositionCode) -> float | None:
        return assess(sex=GIRL, age_days=None, weight_kg=11.0, lenhei_cm=lenhei_cm, position=position).whz

    assert (
        whz(87.0, PositionCode.UNKNOWN) == whz(87.0, PositionCode.STANDING) != whz(87.0, PositionCode.LYING)
    )
    assert (
        whz(86.9, PositionCode.UNKNOWN) == whz(86.9, PositionCode.LYING) != whz(86.9, PositionCode.STANDING)
    )


@pytest.mark.parametrize(
    ("lenhei_cm", "age_days", "scored"),
    [
        (44.9, 30, False),
        (45.0, 30, True),
        (110.0, 730, True),
        (110.01, 730, False),
        (64.9, 731, False),
        (65.0, 731, True),
        (120.0, 1800, True),
        (120.1, 1800, False),
    ],
)
def test_weight_for_length_ends_with_its_tables(lenhei_cm: float, age_days: int, scored: bool) -> None:
    got = assess(sex=BOY, age_days=age_days, weight_kg=10.0, lenhei_cm=lenhei_cm)
    assert (got.whz is not None) == scored


def test_a_score_of_exactly_minus_six_is_kept() -> None:
    # WHO's median of day 0 and S: M * (1 - 6 * S) = 49.8842 * 0.7723 = 38.5256 cm
    kept = assess(sex=BOY, age_days=0, lenhei_cm=38.5256)
    assert (kept.haz, kept.haz_flag) == (-6.0, False)
    flagged = assess(sex=BOY, age_days=0, lenhei_cm=38.5)
    assert (flagged.haz, flagged.haz_flag) == (-6.01, True)


def test_minus_zero_is_zero() -> None:
    got = assess(sex=BOY, age_days=0, lenhei_cm=49.884)
    assert str(got.haz) == "0.0"


def test_decimals_from_a_database_are_taken_as_they_are() -> None:
    exact = assess(sex=BOY, age_days=300, weight_kg=8.1, lenhei_cm=70.5)
    got = assess(sex=BOY, age_days=300, weight_kg=Decimal("8.1"), lenhei_cm=Decimal("70.5"))  # type: ignore[arg-type]
    assert got == exact


def test_the_result_has_the_indices_in_the_order_of_their_definitions() -> None:
    names = [field.name for field in fields(Assessment)]
    expected = [name for index in INDICES for name in (index.name, f"{index.name}_flag")]
    assert names[5:] == expected
    assert [field.name for field in fields(BatchAssessment)] == names


def test_every_index_scores_a_measure_there_is() -> None:
    assert {index.measure for index in INDICES} == set(MEASURES)
