"""The interval of a rate, and WHO's prevalences of 1,500 children."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean, stdev

import pytest

from registry.growth import (
    Assessment,
    age_group,
    is_believed,
    is_overweight,
    is_severely_stunted,
    is_severely_underweight,
    is_severely_wasted,
    is_stunted,
    is_underweight,
    is_wasted,
)
from registry.statistics import severity, wilson
from tests.growth.reference import Row, assess_each, rows

CHILDREN = assess_each("prev_in.csv")
SEX_WORDS = {"1": "Male", "2": "Female"}


def in_group(name: str) -> list[Assessment]:
    """The children of a group by WHO's name of it, such as `Age + sex: 06-11 mo.Male`."""

    def belongs(row: Row, child: Assessment) -> bool:
        assert child.age_days is not None
        months, sex = f"{age_group(child.age_days)} mo", SEX_WORDS[row["sex"]]
        return name in (
            "All",
            f"Age group: {months}",
            f"Sex: {sex}",
            f"Age + sex: {months}.{sex}",
            f"Geographical region: {row['kecamatan']}",
        )

    return [child for row, child in CHILDREN if belongs(row, child)]


def _height(child: Assessment) -> bool:
    return is_believed(child.haz, child.haz_flag)


def _weight(child: Assessment) -> bool:
    return child.oedema or is_believed(child.waz, child.waz_flag)


def _bmi(child: Assessment) -> bool:
    return child.oedema or is_believed(child.baz, child.baz_flag)


def _both(child: Assessment) -> bool:
    return child.oedema or is_believed(child.whz, child.whz_flag)


def _height_and_both(child: Assessment) -> bool:
    return _height(child) and _both(child)


Counts = Callable[[Assessment], bool]

MEANS: dict[str, tuple[str, Counts]] = {
    "HA": ("haz", _height),
    "WA": ("waz", _weight),
    "WH": ("whz", _both),
    "BMI": ("baz", _bmi),
}

INDICATORS: dict[str, tuple[Counts, Counts]] = {
    "HA_3": (_height, lambda c: is_severely_stunted(c.haz)),
    "HA_2": (_height, lambda c: is_stunted(c.haz)),
    "WA_3": (_weight, lambda c: is_severely_underweight(c.waz, c.oedema)),
    "WA_2": (_weight, lambda c: is_underweight(c.waz, c.oedema)),
    "WH_3": (_both, lambda c: is_severely_wasted(c.whz, c.oedema)),
    "WH_2": (_both, lambda c: is_wasted(c.whz, c.oedema)),
    "WH2": (_both, lambda c: is_overweight(c.whz)),
    "BMI_3": (_bmi, lambda c: is_severely_wasted(c.baz, c.oedema)),
    "BMI_2": (_bmi, lambda c: is_wasted(c.baz, c.oedema)),
    "BMI2": (_bmi, lambda c: is_overweight(c.baz)),
    "HA_2_WH_2": (_height_and_both, lambda c: is_stunted(c.haz) and is_wasted(c.whz, c.oedema)),
    "HA_2_WH2": (_height_and_both, lambda c: is_stunted(c.haz) and is_overweight(c.whz)),
}
"""The register's own indicators: WHO's name -> who is in the denominator, and who in the numerator."""


def _beyond(field: str, limit: int) -> Counts:
    """Below a limit of -1 or above one of 1 to 3: WHO's columns that no page of the register shows.

    Swollen children, who have no z-score, count as below and not as above.
    """

    def counts(child: Assessment) -> bool:
        z = getattr(child, field)
        if z is None:
            return limit < 0
        return bool(z < limit if limit < 0 else z > limit)

    return counts


for _who, (_field, _whole) in MEANS.items():
    INDICATORS |= {f"{_who}_1": (_whole, _beyond(_field, -1))}
    INDICATORS |= {
        f"{_who}{_n}": (_whole, _beyond(_field, _n)) for _n in (1, 2, 3) if f"{_who}{_n}" not in INDICATORS
    }


@pytest.mark.parametrize("who", rows("prev_simple.csv"), ids=lambda row: row["Group"])
def test_the_rates_of_a_group_equal_whos(who: Row) -> None:
    children = in_group(who["Group"])
    compared = 0
    for name, (whole, part) in INDICATORS.items():
        counted = [child for child in children if whole(child)]
        rate = sum(map(part, counted)) / len(counted)
        assert 100 * rate == pytest.approx(float(who[f"{name}_r"]), abs=5e-5), name
        compared += 1
    assert compared == len([n for n in who if n.endswith("_r")]) - len(MEANS)


@pytest.mark.parametrize("who", rows("prev_simple.csv"), ids=lambda row: row["Group"])
def test_the_mean_z_scores_of_a_group_equal_whos(who: Row) -> None:
    children = in_group(who["Group"])
    for name, (field, whole) in MEANS.items():
        counted = [child for child in children if whole(child)]
        assert len(counted) == int(who[f"{field.upper()}_pop".replace("BAZ", "BMIZ")]), name
        scores = [z for c in counted if (z := getattr(c, field)) is not None]
        whos = [float(who[f"{name}_{figure}"]) for figure in ("r", "stdev")]
        assert [mean(scores), stdev(scores)] == pytest.approx(whos, abs=5e-5), name


def test_the_interval_of_5_in_10_is_wilsons() -> None:
    # By hand: (0.5 + 0.19207 +- 1.96 * sqrt(0.025 + 0.0096036)) / 1.384146
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)


def test_the_interval_of_nobody_stunted_begins_at_zero_and_still_has_a_width() -> None:
    # By hand: 3.841459 / (20 + 3.841459)
    assert wilson(0, 20) == pytest.approx((0, 0.161125), abs=1e-6)


def test_the_interval_of_everybody_ends_at_one() -> None:
    assert wilson(20, 20) == pytest.approx((0.838875, 1), abs=1e-6)


def test_nobody_measured_is_no_data_and_not_zero() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(11, 10), (-1, 10), (0, -1), (1, 0)])
def test_counts_that_are_no_part_of_a_whole_are_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="not a part of a whole"):
        wilson(numerator, denominator)


@pytest.mark.parametrize(
    ("percent_stunted", "name"),
    [
        (0, "very_low"),
        (2.49, "very_low"),
        (2.5, "low"),
        (9.99, "low"),
        (10, "medium"),
        (14, "medium"),
        (20, "high"),
        (29.9, "high"),
        (30, "very_high"),
    ],
)
def test_severity_is_named_as_who_names_it(percent_stunted: float, name: str) -> None:
    assert severity(percent_stunted) == name
