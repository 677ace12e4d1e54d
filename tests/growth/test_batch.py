"""Many children at once: the shape of what goes in and comes out."""

from __future__ import annotations

import numpy as np
import pytest

from registry.growth import PositionCode, SexCode, assess, assess_batch
from registry.growth.batch import LYING, STANDING, UNKNOWN
from tests.growth.reference import assess_all, child, rows


def test_a_bad_child_leaves_an_empty_row_and_the_others_whole() -> None:
    batch = assess_batch(sex=[1, 3, 1, 2, 0], age_days=[100, 100, -1, -30, 50], weight_kg=[6.0] * 5)
    assert np.isnan(batch.waz).tolist() == [False, True, True, True, True]
    assert batch.row(0) == assess(sex=SexCode.BOY, age_days=100, weight_kg=6.0)


def test_a_missing_age_is_nan() -> None:
    batch = assess_batch(sex=[2], age_days=[np.nan], weight_kg=[8.0], lenhei_cm=[70.0])
    assert batch.row(0) == assess(sex=SexCode.GIRL, age_days=None, weight_kg=8.0, lenhei_cm=70.0)


@pytest.mark.parametrize("lenhei_cm", [86.9, 87.0, 87.1])
def test_without_age_and_position_the_size_decides_as_for_one_child(lenhei_cm: float) -> None:
    batch = assess_batch(sex=[2], age_days=[np.nan], weight_kg=[11.0], lenhei_cm=[lenhei_cm])
    assert batch.row(0) == assess(sex=SexCode.GIRL, age_days=None, weight_kg=11.0, lenhei_cm=lenhei_cm)


def test_a_score_of_exactly_minus_six_is_kept() -> None:
    batch = assess_batch(sex=[1, 1], age_days=[0, 0], lenhei_cm=[38.5256, 38.5])
    assert batch.haz.tolist() == [-6.0, -6.01]
    assert batch.haz_flag.tolist() == [False, True]


def test_positions_come_as_letters_or_codes() -> None:
    def corrected(position: object) -> object:
        batch = assess_batch(
            sex=[1] * 3, age_days=[400] * 3, lenhei_cm=[70.0] * 3, position=np.asarray(position)
        )
        return batch.clenhei_cm.tolist()

    letters = [PositionCode.LYING, PositionCode.STANDING, PositionCode.UNKNOWN]
    assert corrected(letters) == [70.0, 70.7, 70.0]
    assert corrected(["L", "H", ""]) == [70.0, 70.7, 70.0]
    assert corrected([LYING, STANDING, UNKNOWN]) == [70.0, 70.7, 70.0]
    assert corrected(np.array(["L", "H", ""], object)) == [70.0, 70.7, 70.0]


def test_an_unknown_position_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown position"):
        assess_batch(sex=[1], age_days=[400], position=["X"])


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        assess_batch(sex=[1, 1], age_days=[1, 2], weight_kg=[3.0])


def test_a_fraction_of_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="whole days"):
        assess_batch(sex=[1], age_days=[1.5], weight_kg=[3.0])


def test_nobody_gives_an_empty_result() -> None:
    assert len(assess_batch(sex=[], age_days=[])) == 0


@pytest.mark.parametrize("chunk", [1, 7, 600, 8192])
def test_the_size_of_a_chunk_changes_nothing(chunk: int) -> None:
    children = [child(row) for row in rows("golden.csv")]
    whole, parts = assess_all(children), assess_all(children, chunk=chunk)
    for name in type(whole).__slots__:
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def test_no_zero_is_negative() -> None:
    batch = assess_batch(sex=[1], age_days=[0], lenhei_cm=[49.884])
    assert not np.signbit(batch.haz).any()
