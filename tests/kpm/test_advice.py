"""Advice on measurements made here, not stored: what matters is z, flags, gain."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from kpm.advice import advise, has_flag, step_words
from kpm.advice_rules import Step
from registry.growth import PlausibilityFlag
from registry.models import Measurement
from registry.validation_messages import doubt_message


def m(**values: object) -> Measurement:
    """A child of 14 months with a normal everything unless told."""
    base: dict[str, object] = {
        "measured_on": date(2024, 6, 5),
        "age_days": 426,
        "weight_kg": Decimal("9.5"),
        "lenhei_cm": Decimal("76"),
        "clenhei_cm": Decimal("76"),
        "position": "L",
        "haz": -0.5,
        "waz": -0.5,
        "whz": -0.3,
        "gain": "N",
    }
    return Measurement(**(base | values))


def test_a_child_that_grows_well_hears_of_food_and_comes_back_next_month() -> None:
    advice = advise(m())
    assert (advice.kind, advice.word) == ("good", "Pertumbuhan baik")
    assert advice.gain == "Berat naik cukup (N)."
    assert advice.steps == (Step.FOOD_FROM_9, Step.KEEP_ON)


def test_minus_two_exactly_is_normal_and_below_it_is_pendek_and_referred() -> None:
    assert advise(m(haz=-2.0)).kind == "good"
    advice = advise(m(haz=-2.01))
    assert (advice.kind, advice.word) == ("act", "Pendek")
    assert advice.steps == (Step.REFER, Step.DANGER_SIGNS, Step.FOOD_FROM_9, Step.KEEP_ON)


def test_gizi_buruk_is_referred_today() -> None:
    advice = advise(m(whz=-3.2))
    assert (advice.kind, advice.word) == ("now", "Gizi buruk")
    assert advice.steps[0] == Step.REFER_TODAY


def test_a_thin_arm_is_gizi_buruk_even_when_weight_for_length_is_not() -> None:
    assert advise(m(muac_cm=Decimal("11.4"))).steps[0] == Step.REFER_TODAY
    assert advise(m(muac_cm=Decimal("11.5"))).word == "Gizi kurang"
    assert advise(m(muac_cm=Decimal("12.5"))).kind == "good"


def test_a_head_outside_the_lines_is_named_and_referred_this_week() -> None:
    small = advise(m(hcz=-2.01))
    assert (small.kind, small.word, small.steps[0]) == ("act", "Lingkar kepala di bawah −2", Step.REFER)
    assert advise(m(hcz=5.4, hcz_flag=True)).word == "Lingkar kepala di atas +2"
    assert advise(m(hcz=-2.0)).word == advise(m(hcz=2.0)).word == "Pertumbuhan baik"


def test_oedema_is_referred_today_without_any_weight_index() -> None:
    advice = advise(m(oedema=True, waz=None, whz=None))
    assert (advice.kind, advice.word) == ("now", "Gizi buruk (bengkak kedua punggung kaki)")
    assert advice.steps[0] == Step.REFER_TODAY


@pytest.mark.parametrize("sign", [{"oedema": True, "waz": None, "whz": None}, {"muac_cm": Decimal("10.8")}])
def test_a_mistyped_height_does_not_hide_gizi_buruk(sign: dict[str, object]) -> None:
    advice = advise(m(haz=-7.2, haz_flag=True, **sign))
    assert advice.kind == "now"
    assert advice.word.startswith("Gizi buruk")
    assert advice.steps[:2] == (Step.REFER_TODAY, Step.MEASURE_AGAIN)


def test_very_short_alone_is_referred_this_week() -> None:
    advice = advise(m(haz=-3.2))
    assert (advice.kind, advice.word, advice.steps[0]) == ("act", "Sangat pendek", Step.REFER)


def test_growth_is_good_only_when_both_were_measured_and_the_weight_rose() -> None:
    assert advise(m()).word == "Pertumbuhan baik"
    for gain in ("O", "B"):
        assert (advise(m(gain=gain)).kind, advise(m(gain=gain)).word) == ("good", "Status gizi baik")
    no_height = advise(m(lenhei_cm=None, clenhei_cm=None, haz=None, whz=None))
    assert (no_height.kind, no_height.word) == ("watch", "Berat badan baik, tinggi belum diukur")
    no_weight = advise(m(weight_kg=None, waz=None, whz=None, gain=""))
    assert (no_weight.kind, no_weight.word) == ("watch", "Tinggi badan baik, berat belum diukur")


def test_nobody_too_heavy_or_with_gizi_buruk_is_to_gain_the_minimum() -> None:
    assert advise(m(haz=-2.5)).has_weight_aim
    assert not advise(m(whz=1.5)).has_weight_aim
    assert not advise(m(whz=-3.2)).has_weight_aim


def test_below_the_red_line_is_referred_today() -> None:
    assert advise(m(waz=-3.01, whz=None)).steps[0] == Step.REFER_TODAY
    assert advise(m(waz=-3.01, whz=-5.1, whz_flag=True)).steps[0] == Step.REFER_TODAY


def test_who_is_below_the_red_line_and_not_thin_is_short_and_goes_this_week() -> None:
    advice = advise(m(waz=-3.01, haz=-3.4))
    assert (advice.kind, advice.steps[0]) == ("act", Step.REFER)
    baby = advise(m(age_days=150, waz=-3.01, haz=-3.4))
    assert (baby.kind, baby.steps[0]) == ("now", Step.REFER_TODAY)


def test_vitamin_a_is_named_in_february_and_august_by_the_colour_of_the_age() -> None:
    for month in range(1, 13):
        steps = advise(m(measured_on=date(2024, month, 5))).steps
        assert (Step.VITAMIN_A_RED in steps) is (month in (2, 8)), month
    august = date(2024, 8, 5)
    assert Step.VITAMIN_A_BLUE in advise(m(measured_on=august, age_days=200)).steps
    assert not {Step.VITAMIN_A_BLUE, Step.VITAMIN_A_RED} & set(
        advise(m(measured_on=august, age_days=150)).steps
    )


def test_weight_that_did_not_rise_is_referred_and_never_called_good() -> None:
    advice = advise(m(gain="T"))
    assert (advice.kind, advice.word) == ("watch", "Berat tidak naik atau kurang dari KBM (T)")
    assert advice.gain == "Berat tidak naik atau kurang dari KBM (T)."
    assert advice.steps == (
        *(Step.REFER, Step.DANGER_SIGNS, Step.FOOD_FROM_9),
        *(Step.ASK_EXTRA_FOOD, Step.KEEP_ON),
    )


def test_twice_without_rising_says_2t() -> None:
    advice = advise(m(gain="T"), twice_not_gained=True)
    assert advice.kind == "act"
    assert advice.gain == "Berat tidak naik 2 bulan berturut-turut (2T)."


def test_a_child_not_weighed_last_month_is_asked_to_come_each_month() -> None:
    advice = advise(m(gain="O", age_days=800))
    assert advice.steps == (Step.COME_EACH_MONTH, Step.KEEP_ON)
    assert "tidak ada berat kira-kira sebulan lalu" in advice.gain


def test_a_child_weighed_a_few_days_ago_is_told_that_it_is_no_month_yet() -> None:
    advice = advise(m(gain="O", age_days=800), days_since=9)
    assert advice.steps == (Step.KEEP_ON,)
    said = "Belum sebulan sejak penimbangan terakhir (9 hari): kenaikan berat belum dinilai (O)."
    assert advice.gain == said
    assert advise(m(gain="O", waz=7.1, waz_flag=True), days_since=9).gain == ""


def test_the_first_weighing_says_so() -> None:
    assert advise(m(gain="B")).gain == "Pertama kali ditimbang (B)."


def test_a_flagged_value_is_measured_again_and_nothing_else_is_said_to_do() -> None:
    measurement = m(whz=7.1, whz_flag=True, haz=-3.5)
    assert has_flag(measurement)
    advice = advise(measurement)
    assert (advice.kind, advice.chip) == ("again", "watch")
    assert advice.steps == (Step.MEASURE_AGAIN,)
    assert advice.gain == ""


def test_a_child_with_nothing_to_judge_is_no_data_and_not_good() -> None:
    advice = advise(m(weight_kg=None, lenhei_cm=None, clenhei_cm=None, haz=None, waz=None, whz=None, gain=""))
    assert (advice.kind, advice.steps) == ("none", (Step.COMPLETE,))


def test_a_missing_length_is_asked_for() -> None:
    advice = advise(m(lenhei_cm=None, clenhei_cm=None, haz=None, whz=None))
    assert advice.steps == (Step.FOOD_FROM_9, Step.KEEP_ON, Step.COMPLETE)


def test_the_index_is_named_by_how_a_child_of_that_age_is_measured() -> None:
    assert advise(m()).findings[0].name == "Panjang Badan menurut Umur (PB/U)"
    assert advise(m(age_days=731)).findings[0].name == "Tinggi Badan menurut Umur (TB/U)"


def test_what_the_register_did_with_the_length_is_told() -> None:
    stood = m(position="H", clenhei_cm=Decimal("76.7"))
    assert advise(stood).notes == ("Diukur berdiri sebelum 2 tahun: 0,7 cm ditambahkan untuk penilaian.",)
    lay = m(age_days=800, lenhei_cm=Decimal("84"), clenhei_cm=Decimal("83.3"))
    assert advise(lay).notes == ("Diukur telentang setelah 2 tahun: 0,7 cm dikurangkan untuk penilaian.",)
    assert "dianggap diukur telentang" in advise(m(age_days=200, position_disbelieved=True)).notes[0]


def test_past_sixty_months_it_is_said_that_the_child_counts_no_more() -> None:
    assert "tidak dihitung" in advise(m(age_days=1827)).notes[0]
    assert advise(m(age_days=1826)).notes == ()


def test_labels_follow_the_language() -> None:
    with override("en"):
        assert advise(m(haz=-2.5)).word == "Stunted"


@pytest.mark.parametrize("doubt", list(PlausibilityFlag))
def test_every_doubt_has_its_own_sentence(doubt: PlausibilityFlag) -> None:
    assert doubt_message(doubt) != doubt_message("something else")


@pytest.mark.parametrize("step", list(Step))
def test_every_step_is_a_sentence(step: Step) -> None:
    assert step_words(step).endswith(".")
