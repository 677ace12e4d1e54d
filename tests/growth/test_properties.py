"""What holds for any child: properties searched by Hypothesis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.growth import PositionCode, SexCode, assess
from registry.growth.indices import INDICES, Index
from registry.growth.tables import FIRST_KEY, LAST_KEY, lms
from tests.growth.reference import assess_all

SEXES = st.sampled_from(SexCode)
DAYS = st.integers(0, 1826)
POSITIONS = st.sampled_from(PositionCode)


def measure(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high).map(lambda value: round(value, 2))


CHILDREN = st.fixed_dictionaries(
    {
        "sex": SEXES,
        "age_days": st.none() | st.integers(0, 2000),
        "weight_kg": measure(-1, 45),
        "lenhei_cm": measure(-1, 145),
        "position": POSITIONS,
        "muac_cm": measure(-1, 35),
        "head_cm": measure(-1, 70),
        "triceps_mm": measure(-1, 50),
        "subscapular_mm": measure(-1, 50),
        "oedema": st.booleans(),
    }
)


@settings(max_examples=100)
@given(st.lists(CHILDREN, min_size=1, max_size=30), st.integers(1, 40))
def test_many_at_once_give_the_digits_of_each_alone(children: list[dict[str, Any]], chunk: int) -> None:
    batch = assess_all(children, chunk=chunk)
    assert [batch.row(i) for i in range(len(children))] == [assess(**one) for one in children]


AGES = {index.name: st.integers(91 if index.name in ("acz", "tsz", "ssz") else 0, 1826) for index in INDICES}
ARGUMENTS = {
    "hcz": "head_cm",
    "acz": "muac_cm",
    "tsz": "triceps_mm",
    "ssz": "subscapular_mm",
    "haz": "lenhei_cm",
}
"""What is measured for an index; for the others it is the weight."""

by_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.name)


def score(index: Index, sex: SexCode, age_days: int, y: float, lenhei_cm: float = 80.0) -> float:
    """The z-score of one index for its own measure, at a length where it needs one."""
    measures: dict[str, Any] = {"lenhei_cm": lenhei_cm, ARGUMENTS.get(index.name, "weight_kg"): y}
    z = getattr(assess(sex=sex, age_days=age_days, **measures), index.name)
    assert z is not None
    return float(z)


@by_index
@given(data=st.data(), sex=SEXES, one=st.floats(0.5, 140), other=st.floats(0.5, 140))
def test_a_larger_measure_never_scores_lower(
    index: Index, data: st.DataObject, sex: SexCode, one: float, other: float
) -> None:
    days = data.draw(AGES[index.name])
    small, large = sorted((one, other))
    assert score(index, sex, days, small) <= score(index, sex, days, large)


@by_index
@given(data=st.data(), line=st.integers(-3, 3))
def test_both_sexes_score_the_same_on_the_same_line_of_their_own_table(
    index: Index, data: st.DataObject, line: int
) -> None:
    """The median scores 0 and each SD line its number, by the table of the own sex."""
    days, mm = data.draw(AGES[index.name]), data.draw(st.integers(650, 1100))
    name = index.tables[days >= 731] if index.by_length else index.tables[0]
    for sex in SexCode:
        key = mm if index.by_length else days
        l, m, s = lms(name, sex)[key - FIRST_KEY[name]].tolist()  # noqa: E741
        y = m * (1 + l * s * line) ** (1 / l)
        # A body mass index is given as the weight at this length.
        weight = y * (mm / 1000) ** 2 if index.measure == "bmi" else y
        assert score(index, sex, days, weight, mm / 10) == line


@by_index
def test_the_tables_of_both_sexes_have_the_same_rows_and_are_not_the_same(index: Index) -> None:
    for name in index.tables:
        boys, girls = lms(name, SexCode.BOY), lms(name, SexCode.GIRL)
        assert boys.shape == girls.shape == (LAST_KEY[name] - FIRST_KEY[name] + 1, 3)
        assert (boys[:, 1] != girls[:, 1]).any()
        for table in (boys, girls):
            assert (table[:, 1:] > 0).all()


@given(SEXES, DAYS, POSITIONS, st.floats(30, 140), st.floats(30, 140))
def test_who_is_taller_is_not_lower_in_height(
    sex: SexCode, days: int, position: PositionCode, one: float, other: float
) -> None:
    short, tall = (
        assess(sex=sex, age_days=days, lenhei_cm=lenhei, position=position).haz
        for lenhei in sorted((one, other))
    )
    assert short is not None
    assert tall is not None
    assert short <= tall


@given(CHILDREN)
def test_a_flag_is_only_on_a_score_that_exists(one: dict[str, Any]) -> None:
    got = assess(**one)
    for index in INDICES:
        assert getattr(got, index.name) is not None or not getattr(got, f"{index.name}_flag")
