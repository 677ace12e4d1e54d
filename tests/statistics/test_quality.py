"""Data quality of whole groups: honest ones, made-up ones, and ones with hardly anybody in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from registry.growth import assess_batch
from registry.growth.tables import FIRST_KEY, FloatArray, lms
from registry.statistics.quality import Check, CheckName, Level, Quality, grade_group, measured_group

MeasuredGroup = dict[str, npt.NDArray[Any]]


def measure(z: FloatArray, rows: npt.NDArray[np.float64]) -> FloatArray:
    """The measure whose z-score is z: M (1 + L S z)^(1 / L), WHO's formula turned round."""
    l, m, s = rows.T  # noqa: E741
    return m * (1 + l * s * z) ** (1 / l)


def honest(count: int, seed: int = 1, haz_sd: float = 1.15, whz_sd: float = 1.0) -> MeasuredGroup:
    """Children of all ages, measured with care to a tenth: HAZ about -1.2 and WHZ about -0.4."""
    rng = np.random.default_rng(seed)
    sex, age = rng.integers(1, 3, count), rng.integers(0, 1826, count)
    haz, whz = rng.normal(-1.2, haz_sd, count), rng.normal(-0.4, whz_sd, count)
    standing = age >= 731
    lenhei, weight = np.empty(count), np.empty(count)
    for boy_or_girl in (1, 2):
        of_sex = sex == boy_or_girl
        heights = measure(haz[of_sex], lms("lfa", boy_or_girl)[age[of_sex]])
        lenhei[of_sex] = np.round(np.clip(heights, 46, 118), 1)
        for table, position in (("wfl", ~standing), ("wfh", standing)):
            those = of_sex & position
            rows = lms(table, boy_or_girl)
            place = np.rint(lenhei[those] * 10).astype(int) - FIRST_KEY[table]
            weight[those] = measure(whz[those], rows[np.clip(place, 0, len(rows) - 1)])
    return {
        "sex": sex,
        "age_days": age,
        "weight_kg": np.round(weight, 1),
        "lenhei_cm": lenhei,
        "position": np.where(standing, "H", "L"),
        "muac_cm": np.round(rng.normal(14.5, 1.1, count), 1),
        "birth_day": rng.integers(1, 29, count),
    }


def quality_of(**columns: Any) -> Quality:
    """The quality of the measurements in these columns."""
    return grade_group(measured_group(**columns))


def alike(count: int = 100, **columns: Any) -> Quality:
    """The quality of so many boys of day 800, 84.3 cm and 11.2 kg, but for the columns given."""
    same: dict[str, Any] = {"sex": 1, "age_days": 800, "weight_kg": 11.2, "lenhei_cm": 84.3}
    filled = {name: np.full(count, value) for name, value in same.items()}
    return quality_of(**{**filled, **columns})


def of(quality: Quality, name: str) -> Check:
    return quality.check(CheckName(name))


def seen(check: Check) -> tuple[float | None, int, Level]:
    return check.value, check.count, check.level


def test_an_honest_district_is_excellent() -> None:
    quality = quality_of(**honest(3000))
    assert quality.grade is Level.EXCELLENT
    assert (quality.count, quality.possible) == (3000, 100)
    assert {check.level for check in quality.checks if not check.name.endswith("_sd")} == {Level.EXCELLENT}
    assert of(quality, "haz_sd").level is Level.EXCELLENT
    assert [check.name for check in quality.checks] == list(CheckName)


@pytest.mark.parametrize(("count", "most"), [(30, 0.02), (100, 0.01)])
def test_small_honest_groups_are_not_accused(count: int, most: float) -> None:
    grades = [quality_of(**honest(count, seed)).grade for seed in range(200)]
    assert grades.count(Level.PROBLEMATIC) <= most * len(grades)
    assert grades.count(Level.EXCELLENT) + grades.count(Level.GOOD) > 0.9 * len(grades)


def test_by_ena_limits_alone_most_small_honest_groups_would_be_accused() -> None:
    # What the demand for proof is for: 100 / sqrt(30) is 18, near ENA's 20.
    scores = [of(quality_of(**honest(30, seed)), "weight_digits").value for seed in range(200)]
    assert np.mean([score > 12 for score in scores if score is not None]) > 0.8


def test_a_made_up_group_is_problematic_with_its_reasons() -> None:
    made_up = honest(300, haz_sd=0.5, whz_sd=0.5)
    made_up["weight_kg"] = np.round(made_up["weight_kg"] * 2) / 2
    made_up["lenhei_cm"] = np.round(made_up["lenhei_cm"] * 2) / 2
    quality = quality_of(**made_up)
    assert quality.grade is Level.PROBLEMATIC
    assert quality.reasons[:3] == (CheckName.WHZ_SD_SMART, CheckName.WEIGHT_DIGITS, CheckName.HEIGHT_DIGITS)
    assert CheckName.HAZ_SD in quality.reasons
    # Only 0 and 5, about half of all in each: chi2 = 4 n, so the score is 100 sqrt(4 / 9) = 66.7.
    assert of(quality, "weight_digits").value == pytest.approx(66.7, abs=0.5)


def rounded_to_half(group: MeasuredGroup) -> None:
    for column in ("weight_kg", "lenhei_cm"):
        group[column] = np.round(group[column] * 2) / 2


def one_weight_for_all(group: MeasuredGroup) -> None:
    group["weight_kg"][:] = 9.5


# Rounding costs 20 of 90 points, ENA's acceptable; copying spoils the spread of weight as well.
@pytest.mark.parametrize(
    ("spoil", "grade"), [(rounded_to_half, Level.ACCEPTABLE), (one_weight_for_all, Level.PROBLEMATIC)]
)
def test_faults_show_in_a_single_posyandu(spoil: Callable[[MeasuredGroup], None], grade: Level) -> None:
    posyandu = honest(30, seed=3)
    assert quality_of(**posyandu).grade is Level.EXCELLENT
    spoil(posyandu)
    quality = quality_of(**posyandu)
    assert quality.grade is grade
    assert CheckName.WEIGHT_DIGITS in quality.reasons


def test_noise_in_height_shows_in_the_spread_of_haz() -> None:
    noisy = honest(1000)
    noisy["lenhei_cm"] = np.round(noisy["lenhei_cm"] + np.random.default_rng(9).normal(0, 6, 1000), 1)
    quality = quality_of(**noisy)
    assert quality.grade is Level.PROBLEMATIC
    assert {CheckName.WHZ_SD_SMART, CheckName.HAZ_SD} <= set(quality.reasons)


def test_sd_is_that_of_the_believed_z_scores() -> None:
    group = honest(400)
    group["weight_kg"][:2] = (45.0, 1.0)
    group["lenhei_cm"][2] = 20.0
    quality = quality_of(**group)
    z = assess_batch(
        **{name: group[name] for name in ("sex", "age_days", "weight_kg", "lenhei_cm", "position")}
    )
    assert (z.whz_flag.sum(), z.haz_flag.sum()) == (2, 1)
    assert of(quality, "whz_sd").value == pytest.approx(np.std(z.whz[3:], ddof=1))
    assert of(quality, "haz_sd").value == pytest.approx(np.std(z.haz[~z.haz_flag], ddof=1))
    assert of(quality, "waz_sd").value == pytest.approx(np.std(z.waz[~z.waz_flag], ddof=1))


def test_sd_by_hand() -> None:
    # Lying girls of one age, so HAZ is linear in length: z = (y / M - 1) / S, whose SD is SD(y) / (M S).
    # 40 lengths of M - 4 and M + 4 in turn: the sample SD is 4 sqrt(40 / 39).
    _, m, s = lms("lfa", 2)[400]
    lengths = np.round(m, 1) + np.tile([-4.0, 4.0], 20)
    quality = alike(
        40, sex=np.full(40, 2), age_days=np.full(40, 400), lenhei_cm=lengths, position=np.full(40, "L")
    )
    assert of(quality, "haz_sd").value == pytest.approx(4 * np.sqrt(40 / 39) / (m * s), abs=0.005)


def test_smart_flags_go_by_the_mean_of_the_group() -> None:
    # Everyone 11.2 kg but one: WHZ of boys of 84.3 cm. 15.2 kg is within WHO's limits (below 5), but more
    # than 3 from the others.
    weights = np.full(50, 11.2)
    weights[0] = 15.2
    quality = alike(50, weight_kg=weights)
    assert of(quality, "whz_flagged").value == 0
    assert of(quality, "whz_flagged_smart").value == pytest.approx(2)
    # Without it all are the same.
    assert seen(of(quality, "whz_sd_smart"))[:2] == (pytest.approx(0), 49)


def test_slips_do_not_move_the_mean_of_the_smart_flags() -> None:
    # Four of twenty with a WHZ far beyond 20 would draw a plain mean more than 3 from the sixteen others.
    quality = alike(20, weight_kg=np.repeat([90.0, 11.2], [4, 16]))
    assert seen(of(quality, "whz_flagged_smart")) == (20, 20, Level.PROBLEMATIC)


def test_flags_of_a_small_group_must_be_proven() -> None:
    # One impossible weight of 30 is 3.3 %, over WHO's 1 %, and 26 % likely: 1 - 0.99^30.
    weights = np.full(30, 11.2)
    weights[0] = 90.0
    one = of(alike(30, weight_kg=weights), "waz_flagged")
    assert (one.value, one.level) == (pytest.approx(100 / 30), Level.UNPROVEN)
    assert one.p == pytest.approx(1 - 0.99**30)
    weights[:4] = 90.0
    assert of(alike(30, weight_kg=weights), "waz_flagged").level is Level.PROBLEMATIC


def test_skewness_and_kurtosis() -> None:
    # Half at -1 and half at +1 about the mean is symmetric, m4 / m2^2 - 3 = -2; here weights 10.7 and 11.7
    # lie nearly even about the median in z.
    quality = alike(200, weight_kg=np.tile([10.7, 11.7], 100))
    assert of(quality, "whz_skewness").value == pytest.approx(0, abs=1e-9)
    assert seen(of(quality, "whz_kurtosis")) == (pytest.approx(-2), 200, Level.PROBLEMATIC)
    # Nine of ten low and one high: (1 - 2q) / sqrt(q (1 - q)) with q 0.1 is 0.8 / 0.3.
    skewed = alike(200, weight_kg=np.tile([*[11.0] * 9, 11.5], 20))
    assert seen(of(skewed, "whz_skewness")) == (pytest.approx(0.8 / 0.3), 200, Level.PROBLEMATIC)


def test_oedema_is_not_weight() -> None:
    oedema = np.zeros(100, np.bool_)
    oedema[:40] = True
    quality = alike(100, oedema=oedema)
    assert [of(quality, name).count for name in ("whz_flagged", "waz_flagged", "haz_flagged")] == [
        60,
        60,
        100,
    ]


def test_sex_ratio() -> None:
    # 60 boys and 40 girls, against the nearest expected ratio 1.07, which is 51.69 boys:
    # chi2 = 8.31^2 (1 / 51.69 + 1 / 48.31) = 2.765, p = 0.096: good by ENA's 0.1.
    quality = alike(100, sex=np.repeat([1, 2], [60, 40]))
    check = of(quality, "sex_ratio")
    assert check.value == 1.5
    assert check.p == pytest.approx(0.0963, abs=5e-4)
    assert (check.level, check.points) == (Level.GOOD, 2)
    assert of(alike(100), "sex_ratio").value is None
    assert of(alike(100), "sex_ratio").level is Level.PROBLEMATIC


def test_a_whole_province_of_ordinary_births_is_not_proven_wrong() -> None:
    # 105 boys for 100 girls, and 24 months of children for 30: against 1 and 0.85 both would have p < 0.001.
    boys = np.repeat([1, 2], [105_000, 100_000])
    ages = np.tile(np.arange(183, 1826), 125)[: len(boys)]
    quality = alike(len(boys), sex=boys, age_days=ages)
    assert of(quality, "sex_ratio").level is Level.EXCELLENT
    assert of(quality, "age_ratio").level is Level.EXCELLENT


def test_age_ratio_goes_by_completed_months() -> None:
    # Day 183 is the first of 6 months (182.6), day 914 the first of 30 (913.1), day 1826 the last of 59.
    ages = np.array([182, 183, 913, 914, 1826, 1827])
    check = of(alike(6, age_days=ages), "age_ratio")
    assert (check.value, check.count, check.level) == (1.0, 4, Level.TOO_FEW)
    # 80 to 20 where 0.85 makes it 45.9 to 54.1: chi2 = 34.05^2 (1/45.95 + 1/54.05) = 46.7.
    assert of(alike(age_days=np.repeat([400, 1200], [80, 20])), "age_ratio").level is Level.PROBLEMATIC


def test_whole_years_of_age_are_heaped() -> None:
    # 366, 731, 1096 and 1461 days are 12, 24, 36 and 48 completed months.
    check = of(alike(60, age_days=np.tile([366, 731, 1096, 1461], 15)), "age_heaping")
    assert seen(check) == (pytest.approx(100), 60, Level.PROBLEMATIC)
    assert not any(check.rule.points)


def test_estimated_birth_days_are_heaped() -> None:
    days = np.array([1, 15, 1, 15, *range(2, 12)] * 5, np.float64)
    check = of(alike(70, birth_day=days), "birth_day_heaping")
    assert seen(check) == (pytest.approx(100 * 20 / 70), 70, Level.PROBLEMATIC)
    days[:41] = np.nan
    assert of(alike(70, birth_day=days), "birth_day_heaping").level is Level.TOO_FEW
    assert CheckName.BIRTH_DAY_HEAPING not in [check.name for check in alike().checks]


def test_estimated_birth_dates_are_counted_and_out_of_the_heaping() -> None:
    days = np.array([15] * 8 + [2] * 62, np.float64)
    days[:8] = np.nan
    estimated = of(alike(70, birth_day=days), "birth_date_estimated")
    assert seen(estimated) == (pytest.approx(100 * 8 / 70), 70, Level.PROBLEMATIC)
    assert not any(estimated.rule.points)
    heaped = of(alike(70, birth_day=days), "birth_day_heaping")
    assert seen(heaped) == (0, 62, Level.EXCELLENT)


def test_missing_values() -> None:
    weights, lengths = np.full(100, 11.2), np.full(100, 84.3)
    sex, ages = np.full(100, 1.0), np.full(100, 800.0)
    weights[:3], weights[3] = np.nan, 0
    lengths[:20] = np.nan
    sex[:6] = (np.nan, 0, 3, np.nan, np.nan, np.nan)
    ages[:2] = (np.nan, -5)
    quality = alike(100, weight_kg=weights, lenhei_cm=lengths, sex=sex, age_days=ages)
    found = {
        name: seen(of(quality, name))
        for name in ("weight_missing", "height_missing", "sex_missing", "age_missing")
    }
    assert found == {
        "weight_missing": (4, 100, Level.GOOD),
        "height_missing": (20, 100, Level.PROBLEMATIC),
        "sex_missing": (6, 100, Level.ACCEPTABLE),
        "age_missing": (2, 100, Level.GOOD),
    }
    # The first six have no known sex and so no z-score; two of them no age.
    assert [of(quality, name).count for name in ("waz_flagged", "haz_flagged", "age_heaping")] == [94, 80, 98]


def test_missing_heights_hold_the_grade_down() -> None:
    group = honest(300)
    assert quality_of(**group).grade is Level.EXCELLENT
    group["lenhei_cm"][:60] = np.nan
    quality = quality_of(**group)
    assert (quality.grade, quality.reasons) == (Level.ACCEPTABLE, (CheckName.HEIGHT_MISSING,))


# 100 (below 274 days), 500 (lying until 730) and 900 days of age.
@pytest.mark.parametrize("codes", [("L", "H", ""), (1, 2, 0)])
def test_position_against_age(codes: tuple[Any, ...]) -> None:
    lying, standing, unknown = codes
    ages = np.repeat([100, 500, 900], 20)
    position = np.array(
        [
            *[standing] * 2,
            *[lying] * 18,
            *[standing] * 3,
            *[lying] * 17,
            *[lying] * 5,
            *[standing] * 12,
            *[unknown] * 3,
        ]
    )
    quality = alike(60, age_days=ages, position=position)
    # 2 and 3 standing too early, 5 lying too late, of 57 known; 2 of 20 disbelieved; 3 of 60 unknown.
    assert seen(of(quality, "position_against_age")) == (pytest.approx(100 * 10 / 57), 57, Level.ACCEPTABLE)
    assert seen(of(quality, "standing_disbelieved")) == (10, 20, Level.ACCEPTABLE)
    assert seen(of(quality, "position_unknown")) == (5, 60, Level.EXCELLENT)


def test_position_counts_from_the_days_of_the_rules() -> None:
    def against(age: int, position: str) -> tuple[float | None, float | None]:
        quality = alike(20, age_days=np.full(20, age), position=np.full(20, position))
        return of(quality, "position_against_age").value, of(quality, "standing_disbelieved").value

    assert [against(730, "L"), against(731, "L")] == [(0, None), (100, None)]
    assert [against(730, "H"), against(731, "H")] == [(100, None), (0, None)]
    assert [against(273, "H"), against(274, "H")] == [(100, 100), (100, None)]


def test_without_positions_all_are_unknown() -> None:
    quality = alike(20)
    assert of(quality, "position_unknown").value == 100
    assert of(quality, "position_against_age").level is Level.TOO_FEW


def test_muac_is_judged_where_it_was_measured() -> None:
    group = honest(200)
    with_muac = quality_of(**group)
    assert of(with_muac, "muac_digits").count == 200
    del group["muac_cm"]
    without = quality_of(**group)
    assert (without.possible, with_muac.possible) == (90, 100)
    with pytest.raises(KeyError):
        without.check(CheckName.MUAC_DIGITS)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_few_children_have_no_grade(count: int) -> None:
    quality = alike(count)
    assert (quality.count, quality.grade, quality.points, quality.possible) == (count, Level.TOO_FEW, 0, 0)
    assert {check.level for check in quality.checks} == {Level.TOO_FEW}
    assert quality.reasons == tuple(check.name for check in quality.checks if any(check.rule.points))


def test_a_group_without_any_measurement() -> None:
    nothing = np.full(200, np.nan)
    quality = quality_of(sex=nothing, age_days=nothing, weight_kg=nothing, lenhei_cm=nothing)
    assert quality.grade is Level.TOO_FEW
    assert [seen(of(quality, name)) for name in ("weight_missing", "age_missing")] == [
        (100, 200, Level.PROBLEMATIC)
    ] * 2
    assert of(quality, "whz_sd").value is None


def test_what_the_kernel_refuses_is_refused() -> None:
    group = honest(20)
    with pytest.raises(ValueError, match="one length"):
        quality_of(**{**group, "weight_kg": group["weight_kg"][1:]})
    with pytest.raises(ValueError, match="one length"):
        quality_of(**{**group, "muac_cm": group["muac_cm"][1:]})
    with pytest.raises(ValueError, match="one length"):
        quality_of(**{**group, "birth_day": group["birth_day"][1:]})
    with pytest.raises(ValueError, match="one length"):
        quality_of(**{**group, "sex": group["sex"][1:]})
    with pytest.raises(ValueError, match="whole days"):
        quality_of(**{**group, "age_days": group["age_days"] + 0.5})
    with pytest.raises(ValueError, match="unknown position"):
        quality_of(**{**group, "position": np.full(20, "X")})
