"""Rates, their interval, and WHO's prevalences of 1,500 children."""

from __future__ import annotations

from collections.abc import Callable

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
from registry.statistics import (
    OVERWEIGHT_SEVERITY,
    WASTING_SEVERITY,
    Method,
    mean_of,
    rate_of,
    severity,
    wilson,
)
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
def test_the_survey_figures_of_a_group_equal_whos(who: Row) -> None:
    children = in_group(who["Group"])
    compared = 0
    for name, (whole, part) in INDICATORS.items():
        counted = [child for child in children if whole(child)]
        rate = rate_of(sum(map(part, counted)), len(counted), Method.LOGIT, sample=len(CHILDREN))
        ours = [rate.rate, rate.se, rate.low, rate.high]
        whos = [float(who[f"{name}_{figure}"]) for figure in ("r", "se", "ll", "ul")]
        assert [100 * (figure or 0) for figure in ours] == pytest.approx(whos, abs=5e-5), name
        compared += len(whos)
    assert compared == len([n for n in who if n.endswith(("_r", "_se", "_ll", "_ul"))]) - 4 * len(MEANS)


@pytest.mark.parametrize("who", rows("prev_simple.csv"), ids=lambda row: row["Group"])
def test_the_mean_z_scores_of_a_group_equal_whos(who: Row) -> None:
    children = in_group(who["Group"])
    for name, (field, whole) in MEANS.items():
        counted = [child for child in children if whole(child)]
        assert len(counted) == int(who[f"{field.upper()}_pop".replace("BAZ", "BMIZ")]), name
        mean = mean_of([z for c in counted if (z := getattr(c, field)) is not None], sample=len(CHILDREN))
        ours = [mean.mean, mean.se, mean.low, mean.high, mean.sd]
        whos = [float(who[f"{name}_{figure}"]) for figure in ("r", "se", "ll", "ul", "stdev")]
        assert ours == pytest.approx(whos, abs=5e-5), name


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
    rate = rate_of(0, 0)
    assert (rate.rate, rate.low, rate.high) == (None, None, None)


def test_a_rate_carries_its_counts_and_interval() -> None:
    rate = rate_of(5, 10)
    assert (rate.numerator, rate.denominator, rate.rate) == (5, 10, 0.5)
    assert (rate.low, rate.high) == wilson(5, 10)


@pytest.mark.parametrize(("numerator", "denominator"), [(11, 10), (-1, 10), (0, -1), (1, 0)])
def test_counts_that_are_no_part_of_a_whole_are_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="not a part of a whole"):
        rate_of(numerator, denominator)


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


@pytest.mark.parametrize("limits", [WASTING_SEVERITY, OVERWEIGHT_SEVERITY])
def test_severity_of_wasting_and_overweight_is_worse_at_lower_rates(limits: tuple[float, ...]) -> None:
    below = [severity(percent, limits) for percent in (2.4, 4.9, 9.9, 14.9)]
    at = [severity(percent, limits) for percent in (2.5, 5, 10, 15)]
    assert below == ["very_low", "low", "medium", "high"]
    assert at == ["low", "medium", "high", "very_high"]


def test_the_survey_interval_by_hand() -> None:
    # 20 of 100, all of the sample: se = sqrt(0.16/99) = 0.0402015; t of 99 degrees = 1.984217;
    # log odds -1.386294 +- 1.984217 * 0.0402015 / 0.16
    rate = rate_of(20, 100, Method.LOGIT)
    assert rate.se == pytest.approx(0.0402015, abs=1e-7)
    assert (rate.low, rate.high) == pytest.approx((0.131833, 0.291576), abs=1e-6)
    assert rate.method is Method.LOGIT


def test_a_rate_of_nobody_or_everybody_has_no_width_by_whos_survey_method() -> None:
    assert (rate_of(0, 30, Method.LOGIT).low, rate_of(0, 30, Method.LOGIT).high) == (0, 0)
    assert (rate_of(30, 30, Method.LOGIT).low, rate_of(30, 30, Method.LOGIT).high) == (1, 1)
    assert rate_of(1, 1, Method.LOGIT).se == 0


def test_the_survey_method_has_no_data_either() -> None:
    rate = rate_of(0, 0, Method.LOGIT, sample=50)
    assert (rate.rate, rate.se, rate.low, rate.high) == (None, None, None, None)
    assert mean_of([], sample=50).mean is None


def test_a_mean_of_one_child_has_no_standard_deviation() -> None:
    mean = mean_of([-1.5])
    assert (mean.mean, mean.sd, mean.se, mean.low, mean.high) == (-1.5, None, 0, -1.5, -1.5)


def test_a_mean_by_hand() -> None:
    # -1, -2, -3: sd 1, se 1/sqrt(3); t of 2 degrees = 4.302653
    mean = mean_of([-1, -2, -3])
    assert (mean.mean, mean.sd, mean.se) == pytest.approx((-2, 1, 0.5773503), abs=1e-7)
    assert (mean.low, mean.high) == pytest.approx((-4.484138, 0.484138), abs=1e-6)


def test_more_children_than_the_sample_has_are_refused() -> None:
    with pytest.raises(ValueError, match="sample of 99"):
        rate_of(20, 100, Method.LOGIT, sample=99)
    with pytest.raises(ValueError, match="sample of 1"):
        mean_of([0.1, 0.2], sample=1)
    with pytest.raises(ValueError, match="not a part of a whole"):
        rate_of(11, 10, Method.LOGIT)
