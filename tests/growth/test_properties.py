"""What holds for any child: properties searched by Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.growth import Position, Sex, assess
from registry.growth.tables import FIRST_KEY, lms
from tests.growth.reference import assess_all

SEXES = st.sampled_from(Sex)
DAYS = st.integers(0, 1826)
POSITIONS = st.sampled_from(Position)


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


@given(SEXES, DAYS, st.floats(0.5, 40), st.floats(0.5, 40))
def test_who_is_heavier_is_not_lower_in_weight(sex: Sex, days: int, one: float, other: float) -> None:
    light, heavy = sorted((one, other))

    def scores(weight_kg: float) -> tuple[float, ...]:
        got = assess(sex=sex, age_days=days, weight_kg=weight_kg, lenhei_cm=80.0)
        assert got.waz is not None
        assert got.whz is not None
        assert got.baz is not None
        return got.waz, got.whz, got.baz

    assert all(low <= high for low, high in zip(scores(light), scores(heavy), strict=True))


@given(SEXES, DAYS, POSITIONS, st.floats(30, 140), st.floats(30, 140))
def test_who_is_taller_is_not_lower_in_height(
    sex: Sex, days: int, position: Position, one: float, other: float
) -> None:
    short, tall = (
        assess(sex=sex, age_days=days, lenhei_cm=lenhei, position=position).haz
        for lenhei in sorted((one, other))
    )
    assert short is not None
    assert tall is not None
    assert short <= tall


@given(SEXES, DAYS)
def test_the_median_is_zero(sex: Sex, days: int) -> None:
    def median(name: str) -> float | None:
        return float(lms(name, sex)[days - FIRST_KEY[name]][1]) if days >= FIRST_KEY[name] else None

    got = assess(
        sex=sex,
        age_days=days,
        weight_kg=median("wfa"),
        lenhei_cm=median("lfa"),
        head_cm=median("hcfa"),
        muac_cm=median("acfa"),
        triceps_mm=median("tsfa"),
        subscapular_mm=median("ssfa"),
    )
    assert {got.haz, got.waz, got.hcz} == {0}
    assert {got.acz, got.tsz, got.ssz} == ({0} if days >= 91 else {None})


@given(SEXES, st.integers(450, 1100))
def test_the_median_weight_at_a_length_is_zero(sex: Sex, mm: int) -> None:
    weight_kg = float(lms("wfl", sex)[mm - 450][1])
    assert assess(sex=sex, age_days=100, weight_kg=weight_kg, lenhei_cm=mm / 10).whz == 0


@given(SEXES, DAYS, st.integers(-3, 3))
def test_a_weight_on_an_sd_line_scores_that_line(sex: Sex, days: int, line: int) -> None:
    l, m, s = lms("wfa", sex)[days].tolist()  # noqa: E741
    weight_kg = m * (1 + l * s * line) ** (1 / l)
    assert assess(sex=sex, age_days=days, weight_kg=weight_kg).waz == line


@given(CHILDREN)
def test_a_flag_is_only_on_a_score_that_exists(one: dict[str, Any]) -> None:
    got = assess(**one)
    for name in ("haz", "waz", "whz", "baz", "hcz", "acz", "tsz", "ssz"):
        assert getattr(got, name) is not None or not getattr(got, f"{name}_flag")
