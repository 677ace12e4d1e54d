"""Digit tables, p-values, limits and the grade of data quality, each against figures from outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from registry.statistics.quality import GRADES, Check, CheckName, Level
from registry.statistics.quality.digits import digit_counts, evenness, month_evenness
from registry.statistics.quality.grades import grade_of
from registry.statistics.quality.limits import PROOF, RULES, Reading, judge
from registry.statistics.quality.readings import sd_reading, shape_readings
from registry.statistics.tails import binomial_at_least, chi_square_above, normal_above

EXCELLENT, GOOD, ACCEPTABLE, PROBLEMATIC = GRADES


# Critical values as printed in the usual tables of chi-square, to three decimals.
@pytest.mark.parametrize(
    ("statistic", "df", "p"),
    [
        (3.841, 1, 0.05),
        (6.635, 1, 0.01),
        (16.919, 9, 0.05),
        (21.666, 9, 0.01),
        (19.675, 11, 0.05),
        (3.325, 9, 0.95),
        (42.557, 29, 0.05),
        (17.708, 29, 0.95),
    ],
)
def test_chi_square_tail_is_that_of_the_tables(statistic: float, df: int, p: float) -> None:
    assert chi_square_above(statistic, df) == pytest.approx(p, abs=5e-5)


@pytest.mark.parametrize("statistic", [0.5, 3.0, 11.0, 60.0])
def test_chi_square_with_two_degrees_of_freedom_is_exponential(statistic: float) -> None:
    # With df 2 the tail is exactly exp(-x / 2); 3 and 11 lie on either side of the change of method.
    assert chi_square_above(statistic, 2) == pytest.approx(np.exp(-statistic / 2), rel=1e-12)


def test_chi_square_of_a_whole_district() -> None:
    # With a million degrees of freedom it is nearly normal: the mean plus 2 SD of sqrt(2 df).
    df = 1_000_000
    assert chi_square_above(df + 2 * np.sqrt(2 * df), df) == pytest.approx(normal_above(2), abs=2e-4)


def test_chi_square_at_its_ends() -> None:
    assert chi_square_above(0, 9) == 1
    assert 0 < chi_square_above(900, 9) < 1e-180
    for statistic, df in ((-1.0, 9), (1.0, 0), (float("nan"), 9), (float("inf"), 9)):
        with pytest.raises(ValueError, match="no chi-square"):
            chi_square_above(statistic, df)


def test_binomial_and_normal_tails() -> None:
    # 1 - 0.99^30 - 30 * 0.01 * 0.99^29, and 0.5^3.
    assert binomial_at_least(2, 30, 0.01) == pytest.approx(0.036148, abs=1e-6)
    assert binomial_at_least(3, 3, 0.5) == pytest.approx(0.125)
    assert binomial_at_least(0, 30, 0.01) == 1
    assert normal_above(1.959964) == pytest.approx(0.025, abs=1e-7)


def test_digit_table_by_hand() -> None:
    values = np.array([8.0, 8.5, 10.5, 9.1, 12.9, np.nan, 0.0, -3.5, np.inf])
    counts = digit_counts(values)
    assert counts.tolist() == [1, 1, 0, 0, 0, 2, 0, 0, 0, 1]
    assert evenness(counts).count == 5
    # Half a value is expected in each: chi2 = (3 * 0.25 + 1 * 2.25 + 6 * 0.25) / 0.5 = 9, with n 5 and df 9.
    assert evenness(counts).value == pytest.approx(100 * np.sqrt(9 / 45))


def test_a_digit_is_read_as_written() -> None:
    # 8.45 ends in 4 tenths, not 5; 8.7 in single precision is 8.6999998 and still ends in 7.
    values = np.array([8.45, 8.55, float(np.float32(8.7)), 0.3])
    assert digit_counts(values).tolist() == [0, 0, 0, 1, 1, 1, 0, 1, 0, 0]


def test_every_tenth_is_found() -> None:
    assert digit_counts(np.arange(20, 1200) / 10).tolist() == [118] * 10


def test_a_scale_of_50_g_is_no_digit_preference() -> None:
    assert evenness(digit_counts(np.arange(100, 500) * 0.05)).value == pytest.approx(0, abs=1e-6)


def test_digit_score_ends() -> None:
    assert evenness(digit_counts(np.full(100, 9.0))).value == pytest.approx(100)
    assert evenness(digit_counts(np.arange(100) / 10 + 2)).value == 0
    assert evenness(digit_counts(np.array([]))) == Reading(None, 0)


# Ten counts each, with chi-square and p of R's chisq.test and the score of NiPN's toolkit, as its
# handbook prints them (nutriverse.io/nipnTK, "Digit preference").
@pytest.mark.parametrize(
    ("counts", "chi2", "p"),
    [
        ((11, 7, 5, 4, 7, 11, 5, 4, 4, 2), 13.667, 0.1347),
        ((95, 80, 96, 102, 106, 98, 109, 95, 109, 110), 7.72, 0.5626),
        ((102, 104, 96, 88, 103, 115, 91, 86, 105, 110), 8.16, 0.5181),
    ],
)
def test_digit_score_of_nipn(counts: tuple[int, ...], chi2: float, p: float) -> None:
    found = evenness(np.array(counts))
    assert found.value == pytest.approx(100 * np.sqrt(chi2 / (9 * sum(counts))), abs=5e-3)
    assert found.p == pytest.approx(p, abs=5e-5)


def test_the_score_that_nipn_prints() -> None:
    found = evenness(np.array((102, 104, 96, 88, 103, 115, 91, 86, 105, 110)))
    assert found.value == pytest.approx(3.01, abs=5e-3)


def test_months_of_age_by_remainder() -> None:
    # Sixty months, each once, fall evenly; whole years alone fall into one month of twelve.
    assert month_evenness(np.arange(60)).value == 0
    assert month_evenness(np.array([12, 24, 36, 48, 0])).value == pytest.approx(100)
    # Half years fall into two: chi2 = 2 (n / 2)^2 / (n / 12) - n = 5 n, and df is 11.
    assert month_evenness(np.array([12, 18, 24, 30])).value == pytest.approx(100 * np.sqrt(5 / 11))


@pytest.mark.parametrize("cells", [10, 12])
def test_thirty_children_are_enough_for_equal_cells(cells: int) -> None:
    # The promise of `limits`: with three expected in a cell, one honest table in a hundred is accused.
    tables = np.random.default_rng(2024).multinomial(
        RULES[CheckName.WEIGHT_DIGITS].smallest, [1 / cells] * cells, 20_000
    )
    accused = np.mean([evenness(table).p < PROOF for table in tables])
    assert accused == pytest.approx(PROOF, abs=0.003)


EDGES = [
    (CheckName.WHZ_FLAGGED_SMART, [(2.5, EXCELLENT), (2.51, GOOD), (5, GOOD), (5.01, ACCEPTABLE)]),
    (CheckName.WHZ_FLAGGED_SMART, [(7.5, ACCEPTABLE), (7.51, PROBLEMATIC), (0, EXCELLENT)]),
    (CheckName.SEX_RATIO, [(0.101, EXCELLENT), (0.1, GOOD), (0.051, GOOD), (0.05, ACCEPTABLE)]),
    (CheckName.AGE_RATIO, [(0.0011, ACCEPTABLE), (0.001, PROBLEMATIC), (0, PROBLEMATIC), (1, EXCELLENT)]),
    # ENA's whole numbers: 7 is excellent, 8 is good, so 7.4 counts as 7.
    (CheckName.WEIGHT_DIGITS, [(7, EXCELLENT), (7.4, EXCELLENT), (7.6, GOOD), (12, GOOD), (13, ACCEPTABLE)]),
    (CheckName.HEIGHT_DIGITS, [(20, ACCEPTABLE), (20.4, ACCEPTABLE), (21, PROBLEMATIC)]),
    (CheckName.MUAC_DIGITS, [(12.4, GOOD), (12.6, ACCEPTABLE), (100, PROBLEMATIC)]),
    (CheckName.WHZ_SD_SMART, [(1.0, EXCELLENT), (1.099, EXCELLENT), (1.1, GOOD), (1.15, ACCEPTABLE)]),
    (CheckName.WHZ_SD_SMART, [(1.149, GOOD), (1.199, ACCEPTABLE), (1.2, PROBLEMATIC), (0.9, GOOD)]),
    (CheckName.WHZ_SD_SMART, [(0.901, EXCELLENT), (0.851, GOOD), (0.85, ACCEPTABLE), (0.8, PROBLEMATIC)]),
    (CheckName.WHZ_SKEWNESS, [(0.19, EXCELLENT), (0.2, GOOD), (0.39, GOOD), (0.4, ACCEPTABLE)]),
    (
        CheckName.WHZ_KURTOSIS,
        [(-0.19, EXCELLENT), (-0.4, ACCEPTABLE), (-0.59, ACCEPTABLE), (-0.6, PROBLEMATIC)],
    ),
    (CheckName.HAZ_FLAGGED, [(1, EXCELLENT), (1.01, PROBLEMATIC)]),
    (CheckName.WAZ_FLAGGED, [(0, EXCELLENT), (50, PROBLEMATIC)]),
    (CheckName.WHZ_FLAGGED, [(1, EXCELLENT), (1.01, PROBLEMATIC)]),
    (CheckName.HAZ_SD, [(1.1, EXCELLENT), (1.3, EXCELLENT), (1.31, ACCEPTABLE), (1.09, ACCEPTABLE)]),
    (CheckName.HAZ_SD, [(1.95, ACCEPTABLE), (1.96, PROBLEMATIC), (0.8, ACCEPTABLE), (0.79, PROBLEMATIC)]),
    (CheckName.WAZ_SD, [(1.0, EXCELLENT), (1.2, EXCELLENT), (1.21, ACCEPTABLE), (1.47, PROBLEMATIC)]),
    (CheckName.WHZ_SD, [(0.85, EXCELLENT), (0.84, ACCEPTABLE), (1.1, EXCELLENT), (1.51, PROBLEMATIC)]),
    (
        CheckName.WEIGHT_MISSING,
        [(1, EXCELLENT), (1.1, GOOD), (5, GOOD), (10, ACCEPTABLE), (10.1, PROBLEMATIC)],
    ),
    (CheckName.AGE_HEAPING, [(7, EXCELLENT), (12, GOOD), (20, ACCEPTABLE), (21, PROBLEMATIC)]),
    (CheckName.BIRTH_DAY_HEAPING, [(10, EXCELLENT), (15, GOOD), (25, ACCEPTABLE), (26, PROBLEMATIC)]),
    (CheckName.BIRTH_DATE_ESTIMATED, [(1, EXCELLENT), (5, GOOD), (10, ACCEPTABLE), (11, PROBLEMATIC)]),
    (CheckName.POSITION_AGAINST_AGE, [(5, EXCELLENT), (10, GOOD), (20, ACCEPTABLE), (21, PROBLEMATIC)]),
    (CheckName.STANDING_DISBELIEVED, [(1, EXCELLENT), (5, GOOD), (10, ACCEPTABLE), (11, PROBLEMATIC)]),
]


@pytest.mark.parametrize(("name", "edges"), EDGES)
def test_limits_at_their_edges(name: CheckName, edges: list[tuple[float, Level]]) -> None:
    assert [(figure, RULES[name].level(figure)) for figure, _ in edges] == edges


def test_points_are_those_of_ena() -> None:
    # ENA's table: flags and SD 0 5 10 20, ratios and digits 0 2 4 10, shape 0 1 3 5; no others give any.
    points = {name: rule.points for name, rule in RULES.items() if any(rule.points)}
    assert points == {
        CheckName.WHZ_FLAGGED_SMART: (0, 5, 10, 20),
        CheckName.SEX_RATIO: (0, 2, 4, 10),
        CheckName.AGE_RATIO: (0, 2, 4, 10),
        CheckName.WEIGHT_DIGITS: (0, 2, 4, 10),
        CheckName.HEIGHT_DIGITS: (0, 2, 4, 10),
        CheckName.MUAC_DIGITS: (0, 2, 4, 10),
        CheckName.WHZ_SD_SMART: (0, 5, 10, 20),
        CheckName.WHZ_SKEWNESS: (0, 1, 3, 5),
        CheckName.WHZ_KURTOSIS: (0, 1, 3, 5),
    }
    assert sum(most for *_, most in points.values()) == 100


def test_every_check_has_a_rule() -> None:
    assert set(RULES) == set(CheckName)


def test_a_fault_must_be_proven() -> None:
    name = CheckName.WEIGHT_DIGITS
    proven, chance = judge(name, Reading(25, 40, 0.0099)), judge(name, Reading(25, 40, PROOF))
    assert (proven.level, proven.points) == (PROBLEMATIC, 10)
    assert (chance.level, chance.points, chance.is_judged) == (Level.UNPROVEN, 0, True)
    assert judge(name, Reading(5, 4000, 0.0001)).level is EXCELLENT


def test_too_few_children_count_for_nothing() -> None:
    few = judge(CheckName.WEIGHT_DIGITS, Reading(100, 29, 0.0))
    assert (few.level, few.points, few.is_judged, few.rule.smallest) == (Level.TOO_FEW, 0, False, 30)
    assert judge(CheckName.WEIGHT_DIGITS, Reading(100, 30, 0.0)).level is PROBLEMATIC
    assert judge(CheckName.WHZ_SKEWNESS, Reading(None, 500)).level is Level.TOO_FEW


# The SD of n / 2 values of -a and n / 2 of a is a sqrt(n / (n - 1)). For 30 the tables give chi2 42.557 at
# 5 % and 17.708 at 95 %, and WHO's range for HAZ is 1.10 to 1.30.
@pytest.mark.parametrize(
    ("sd", "p"), [(1.3 * (42.557 / 29) ** 0.5, 0.05), (1.1 * (17.708 / 29) ** 0.5, 0.05)]
)
def test_chance_of_an_sd(sd: float, p: float) -> None:
    found = sd_reading(CheckName.HAZ_SD, np.tile([-1.0, 1.0], 15) * sd * np.sqrt(29 / 30))
    assert found == Reading(pytest.approx(sd), 30, pytest.approx(p, abs=5e-5))


def test_an_sd_of_whom() -> None:
    assert sd_reading(CheckName.HAZ_SD, np.array([])) == Reading(None, 0)
    assert sd_reading(CheckName.HAZ_SD, np.array([1.0])) == Reading(None, 1)
    assert sd_reading(CheckName.HAZ_SD, np.tile([-1.2, 1.2], 500)).p == 1


def test_chance_of_skewness() -> None:
    # 90 of 200 high: (1 - 2q) / sqrt(q (1 - q)) with q 0.45 is 0.20101, just over 0.2;
    # the error is sqrt(6 / 200), so it is 0.00583 errors over.
    found = shape_readings(np.repeat([0.0, 1.0], [110, 90]))[CheckName.WHZ_SKEWNESS]
    assert found == Reading(pytest.approx(0.20101, abs=1e-5), 200, pytest.approx(0.49767, abs=1e-5))
    mirror = shape_readings(np.repeat([0.0, 1.0], [90, 110]))[CheckName.WHZ_SKEWNESS]
    assert mirror == Reading(pytest.approx(-0.20101, abs=1e-5), 200, pytest.approx(0.49767, abs=1e-5))


def test_children_all_alike_have_no_shape() -> None:
    # -0.44 is no round number in floats, and the mean of a hundred of them not quite the same.
    found = shape_readings(np.full(100, -0.44))
    assert found[CheckName.WHZ_SKEWNESS] == found[CheckName.WHZ_KURTOSIS] == Reading(None, 100)
    assert judge(CheckName.WHZ_SD_SMART, found[CheckName.WHZ_SD_SMART]).level is PROBLEMATIC


def test_chance_of_kurtosis() -> None:
    # 72 of 200 at the ends, the others between: 1 / 0.36 - 3 = -0.2222;
    # (0.2222 - 0.2) / sqrt(24 / 200) = 0.06415 errors over.
    found = shape_readings(np.repeat([-1.0, 0.0, 1.0], [36, 128, 36]))[CheckName.WHZ_KURTOSIS]
    assert found == Reading(pytest.approx(-2 / 9), 200, pytest.approx(0.47443, abs=1e-5))


def ena(worst: dict[CheckName, Level], left_out: tuple[CheckName, ...] = ()) -> list[Check]:
    """The checks of a faultless group but for these levels, and those left out for want of children."""
    checks = []
    for name, rule in RULES.items():
        check = judge(name, Reading(rule.limits[-1] if rule.limits_on_p else rule.excellent[0], 10_000, 1.0))
        level = Level.TOO_FEW if name in left_out else worst.get(name, EXCELLENT)
        checks.append(replace(check, level=level))
    return checks


# Sums by hand from ENA's table: 9 and 10, 14 and 15, 24 and 25 points of a hundred.
@pytest.mark.parametrize(
    ("levels", "points", "grade"),
    [
        ((None, 4, 2, None, None, None, None, 3, None), 9, EXCELLENT),
        ((None, 10, None, None, None, None, None, None, None), 10, GOOD),
        ((None, 10, 4, None, None, None, None, None, None), 14, GOOD),
        ((None, 10, None, None, None, None, None, 5, None), 15, ACCEPTABLE),
        ((20, 4, None, None, None, None, None, None, None), 24, ACCEPTABLE),
        ((20, None, None, None, None, None, None, 5, None), 25, PROBLEMATIC),
    ],
)
def test_grades_of_ena(levels: tuple[int | None, ...], points: int, grade: Level) -> None:
    scored = [name for name, rule in RULES.items() if any(rule.points)]
    worst = {
        name: GRADES[RULES[name].points.index(given)]
        for name, given in zip(scored, levels, strict=True)
        if given is not None
    }
    found = grade_of(ena(worst))
    assert (found.points, found.possible, found.grade) == (points, 100, grade)
    assert set(found.reasons) == set(worst)


def test_points_are_out_of_those_that_could_be_judged() -> None:
    # A posyandu without arm circumference, skewness and kurtosis: 80 points. 10 of 80 is 12.5 %, 4 is 5 %.
    small = (CheckName.MUAC_DIGITS, CheckName.WHZ_SKEWNESS, CheckName.WHZ_KURTOSIS)
    found = grade_of(ena({CheckName.HEIGHT_DIGITS: PROBLEMATIC}, small))
    assert (found.points, found.possible, found.grade) == (10, 80, GOOD)
    # 20 of 80 is 25 %: problematic, where 20 of 100 is acceptable.
    both = {CheckName.HEIGHT_DIGITS: PROBLEMATIC, CheckName.WEIGHT_DIGITS: PROBLEMATIC}
    assert grade_of(ena(both, small)).grade is PROBLEMATIC
    assert grade_of(ena(both)).grade is ACCEPTABLE


def test_too_little_judged_gives_no_grade() -> None:
    # Digits, flags and SD left out leave 30 points; with the SD there are 50.
    digits = (CheckName.WEIGHT_DIGITS, CheckName.HEIGHT_DIGITS, CheckName.MUAC_DIGITS)
    left_out = (*digits, CheckName.WHZ_FLAGGED_SMART, CheckName.WHZ_SD_SMART)
    found = grade_of(ena({CheckName.SEX_RATIO: PROBLEMATIC, CheckName.HAZ_FLAGGED: PROBLEMATIC}, left_out))
    assert (found.possible, found.grade) == (30, Level.TOO_FEW)
    assert set(found.reasons) == set(left_out)
    assert grade_of(ena({}, left_out[:-1])).grade is EXCELLENT


def test_who_criteria_hold_the_grade_down() -> None:
    held = grade_of(ena({CheckName.HAZ_FLAGGED: PROBLEMATIC}))
    assert (held.points, held.grade, held.reasons) == (0, ACCEPTABLE, (CheckName.HAZ_FLAGGED,))
    assert grade_of(ena({CheckName.HEIGHT_MISSING: PROBLEMATIC})).grade is ACCEPTABLE
    assert grade_of(ena({CheckName.HAZ_SD: ACCEPTABLE})).grade is EXCELLENT
    assert grade_of(ena({CheckName.POSITION_AGAINST_AGE: PROBLEMATIC})).grade is EXCELLENT
    # They do not lift a grade that the points made worse.
    worse = {CheckName.WHZ_SD_SMART: PROBLEMATIC, CheckName.SEX_RATIO: PROBLEMATIC}
    assert grade_of(ena({**worse, CheckName.HAZ_FLAGGED: PROBLEMATIC})).grade is PROBLEMATIC


def test_two_impossible_spreads_are_problematic() -> None:
    assert grade_of(ena({CheckName.HAZ_SD: PROBLEMATIC})).grade is ACCEPTABLE
    assert grade_of(ena({CheckName.HAZ_SD: PROBLEMATIC, CheckName.WHZ_SD: PROBLEMATIC})).grade is PROBLEMATIC
    # One error flags two indices, so two flags are no two proofs.
    assert (
        grade_of(ena({CheckName.HAZ_FLAGGED: PROBLEMATIC, CheckName.WHZ_FLAGGED: PROBLEMATIC})).grade
        is ACCEPTABLE
    )


def test_the_worst_reason_comes_first() -> None:
    faults = {
        CheckName.HAZ_FLAGGED: PROBLEMATIC,
        CheckName.WHZ_SKEWNESS: GOOD,
        CheckName.SEX_RATIO: ACCEPTABLE,
        CheckName.WHZ_SD_SMART: PROBLEMATIC,
    }
    reasons = grade_of(ena(faults)).reasons
    assert reasons == (
        CheckName.WHZ_SD_SMART,
        CheckName.SEX_RATIO,
        CheckName.WHZ_SKEWNESS,
        CheckName.HAZ_FLAGGED,
    )
