"""Whom the follow-up list of Kesugihan Kidul names on 20 August 2024, why, and since when.

The first part asks the pure rule with z-scores written here; the second records real measurements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm import follow_up
from kpm.advice import advise
from kpm.advice_rules import Step
from kpm.cases.course import ChildCourse
from kpm.cases.standing import FollowUpMeasurement, Reason, Urgency, urgency_of
from kpm.follow_up import (
    FollowUpRow,
    StandingReason,
    list_follow_up,
    next_step_words,
)
from registry.actions import (
    choose_measurement,
    close_child,
    correct_measurement,
    move_child,
    void_measurement,
)
from registry.models import Child, ChildStatus, Measurement, MeasurementState, Role, User, Village
from tests.factories import (
    make_child,
    make_posyandu,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    seen,
    send_other_values,
    signed_in,
)

pytestmark = pytest.mark.both_databases

TODAY = date(2024, 8, 20)
BORN = date(2023, 6, 20)  # 14 months today
MAY, JUNE, JULY, AUGUST = (date(2024, month, 5) for month in (5, 6, 7, 8))


# --- the rule -----------------------------------------------------------------------------------------------


def saw(on: date, **values: object) -> FollowUpMeasurement:
    """A measurement of a child of 14 months that is fine in everything unless told."""
    fine = FollowUpMeasurement(
        child_id=UUID(int=1),
        measured_on=on,
        state=MeasurementState.IN_FORCE,
        age_days=426,
        weight_kg=Decimal("9.5"),
        lenhei_cm=Decimal("76"),
        muac_cm=None,
        oedema=False,
        haz=-0.5,
        haz_flag=False,
        waz=-0.5,
        waz_flag=False,
        whz=-0.3,
        whz_flag=False,
        baz_flag=False,
        gain="N",
    )
    return fine._replace(**values)  # type: ignore[arg-type]


def weight_only(on: date, **values: object) -> FollowUpMeasurement:
    return saw(on, **({"lenhei_cm": None, "haz": None, "whz": None} | values))


def find_reasons(
    series: Iterable[FollowUpMeasurement], *, enrolled_on: date, on: date
) -> tuple[StandingReason, ...]:
    return follow_up.find_reasons(ChildCourse(BORN, enrolled_on), list(series), on)


def why(*series: FollowUpMeasurement, on: date = TODAY, enrolled_on: date = BORN) -> dict[str, date]:
    return {b.reason.value: b.since for b in find_reasons(series, enrolled_on=enrolled_on, on=on)}


def test_a_child_that_grows_well_is_not_named() -> None:
    assert why(saw(JULY), saw(AUGUST)) == {}


def test_stunted_since_the_first_day_after_the_last_value_that_was_not() -> None:
    assert why(saw(MAY, haz=-2.01), saw(JUNE, haz=-2.0), saw(JULY, haz=-2.01), saw(AUGUST, haz=-2.5)) == {
        "stunted": JULY
    }


def test_a_height_of_normal_length_ends_it() -> None:
    assert why(saw(JULY, haz=-2.5), saw(AUGUST, haz=-2.0)) == {}


def test_a_day_without_the_height_or_with_one_nobody_believes_does_not_break_the_run() -> None:
    unbelieved = saw(JULY, haz=1.9, haz_flag=True)
    assert why(saw(MAY, haz=-2.5), weight_only(JUNE), unbelieved, weight_only(AUGUST)) == {"stunted": MAY}


def test_of_sangat_pendek_and_pendek_the_worse_is_named_and_minus_three_is_the_better() -> None:
    assert why(saw(JULY, haz=-2.5), saw(AUGUST, haz=-3.01)) == {"severely_stunted": AUGUST}
    # It has been shorter than -2 all along, so stunted since the day it was still sangat pendek.
    assert why(saw(JULY, haz=-3.01), saw(AUGUST, haz=-3.0)) == {"stunted": JULY}


def test_below_the_red_line() -> None:
    assert why(saw(JULY, waz=-3.01), saw(AUGUST, waz=-3.5)) == {"severely_underweight": JULY}
    assert why(saw(AUGUST, waz=-3.0)) == {"underweight": AUGUST}
    assert why(saw(JULY, waz=-3.01), saw(AUGUST, waz=-2.01)) == {"underweight": JULY}
    assert why(saw(AUGUST, waz=-2.0)) == {}


def test_too_heavy() -> None:
    assert why(saw(AUGUST, whz=2.0)) == {}
    assert why(saw(JULY, whz=2.01), saw(AUGUST, whz=3.01)) == {"obese": AUGUST}
    assert why(saw(JULY, whz=3.01), saw(AUGUST, whz=3.0)) == {"overweight": JULY}
    # Above the orange line of the card, until weight for length tells.
    assert why(saw(JULY, waz=1.01, whz=None)) == {"risk_overweight": JULY}
    assert why(saw(JULY, waz=1.01, whz=None), saw(AUGUST, waz=1.2, whz=0.5)) == {}


def test_gizi_kurang_and_gizi_buruk() -> None:
    assert why(saw(JULY, whz=-2.0), saw(AUGUST, whz=-2.01)) == {"wasted": AUGUST}
    assert why(saw(JULY, whz=-2.01), saw(AUGUST, whz=-3.01)) == {"severely_wasted": AUGUST}


def test_oedema_is_gizi_buruk_and_below_the_red_line_as_the_figures_count_it() -> None:
    swollen = saw(AUGUST, oedema=True, waz=None, whz=None)
    assert why(saw(JULY), swollen) == {"severely_wasted": AUGUST, "severely_underweight": AUGUST}


def test_oedema_is_for_today_also_where_no_weight_was_ever_believed() -> None:
    swollen = saw(AUGUST, oedema=True, waz=None, whz=None)
    for series in ([swollen], [saw(JULY), swollen]):
        reasons = find_reasons(series, enrolled_on=MAY, on=AUGUST)
        assert {reason.urgency for reason in reasons} == {Urgency.TODAY}


def test_a_head_outside_the_lines_stands_until_it_is_measured_inside_them() -> None:
    odd = saw(JUNE, hcz=2.01)
    assert why(odd, saw(JULY)) == {"odd_head": JUNE}
    assert why(odd, saw(JULY, hcz=2.0)) == {}
    assert why(saw(JULY, hcz=-2.0)) == {}


def test_the_arm_from_six_months_on() -> None:
    def arm(cm: str, days: int = 426) -> dict[str, date]:
        return why(saw(AUGUST, muac_cm=Decimal(cm), age_days=days))

    assert arm("11.4") == {"severely_wasted": AUGUST}
    assert arm("11.5") == arm("12.4") == {"wasted": AUGUST}
    assert arm("12.5") == {}
    # 6 completed months are 182.625 days: day 183 is the first.
    assert (arm("11.4", days=182), arm("11.4", days=183)) == ({}, {"severely_wasted": AUGUST})


def test_a_red_arm_stands_until_the_arm_is_measured_again() -> None:
    red, whz_fine = saw(JUNE, muac_cm=Decimal("11.0")), saw(JULY)
    assert why(red, whz_fine) == {"severely_wasted": JUNE}
    assert why(red, whz_fine, saw(AUGUST, muac_cm=Decimal("13.0"))) == {}


def test_gizi_buruk_goes_on_while_arm_and_weight_take_turns_in_showing_it() -> None:
    by_weight = saw(MAY, whz=-3.2)
    by_both = saw(JUNE, whz=-3.2, muac_cm=Decimal("11.0"))
    by_arm = saw(JULY, whz=-1.0, muac_cm=Decimal("11.0"))
    assert why(by_weight, by_both, by_arm) == {"severely_wasted": MAY}


def test_not_rising_is_named_and_twice_is_since_the_second_time() -> None:
    first, second, third = (saw(day, gain="T") for day in (MAY, JUNE, JULY))
    assert why(saw(date(2024, 4, 5)), first, on=date(2024, 5, 20)) == {"not_gained": MAY}
    assert why(first, second, on=date(2024, 6, 20)) == {"twice_not_gained": JUNE}
    assert why(first, second, third) == {"twice_not_gained": JUNE}


def test_a_weight_that_rose_ends_it_and_a_day_without_the_scale_does_not() -> None:
    twice = saw(MAY, gain="T"), saw(JUNE, gain="T")
    assert why(*twice, saw(JULY, gain="", weight_kg=None)) == {"twice_not_gained": JUNE}
    assert why(*twice, saw(JULY, gain="N")) == {}
    # Not weighed in July: nothing can be said of the gain in August.
    assert why(*twice, saw(AUGUST, gain="O")) == {}


def test_the_last_weighing_of_a_month_speaks_for_it() -> None:
    again = date(2024, 7, 19)
    assert why(saw(JUNE, gain="T"), saw(JULY, gain="T"), saw(again, gain="N")) == {}
    assert why(saw(JUNE, gain="T"), saw(JULY, gain="N"), saw(again, gain="T")) == {"twice_not_gained": again}


def test_a_weight_nobody_believes_neither_makes_nor_ends_2t() -> None:
    def odd(gain: str) -> FollowUpMeasurement:
        return saw(AUGUST, gain=gain, waz=-6.5, waz_flag=True)

    assert why(saw(JULY, gain="T"), odd("T")) == {"not_gained": JULY, "measure_again": AUGUST}
    twice = saw(JUNE, gain="T"), saw(JULY, gain="T")
    assert why(*twice, odd("N")) == {"twice_not_gained": JULY, "measure_again": AUGUST}


@pytest.mark.parametrize("flag", ["haz_flag", "waz_flag", "whz_flag", "baz_flag"])
def test_a_flag_on_the_last_measurement_asks_to_measure_again(flag: str) -> None:
    flagged = {flag: True}
    assert why(saw(MAY), saw(JUNE, **flagged), saw(JULY, **flagged)) == {"measure_again": JUNE}
    assert why(saw(JUNE, **flagged), saw(JULY)) == {}


def test_not_measured_once_two_whole_months_have_passed_since_the_last_time() -> None:
    last = saw(date(2024, 6, 20))
    assert why(last, on=date(2024, 8, 31)) == {}
    assert why(last, on=date(2024, 9, 1)) == {"not_measured": date(2024, 6, 21)}
    # October to January across the year.
    december = date(2024, 12, 31)
    assert why(saw(date(2024, 10, 1)), on=december) == {}
    assert why(saw(date(2024, 10, 1)), on=december + timedelta(days=1)) == {"not_measured": date(2024, 10, 2)}


def test_never_measured_counts_from_the_day_of_enrolment() -> None:
    assert why(enrolled_on=date(2024, 6, 1), on=date(2024, 8, 31)) == {}
    assert why(enrolled_on=date(2024, 6, 1), on=date(2024, 9, 1)) == {"not_measured": date(2024, 6, 1)}


def test_a_child_has_all_its_reasons_the_worst_first() -> None:
    bad = saw(MAY, haz=-3.5, waz=-3.2, whz=-2.4)
    found = find_reasons([bad], enrolled_on=BORN, on=TODAY)
    assert [b.reason for b in found] == [
        Reason.SEVERELY_UNDERWEIGHT,
        Reason.SEVERELY_STUNTED,
        Reason.WASTED,
        Reason.NOT_MEASURED,
    ]


@pytest.mark.parametrize(
    ("reason", "values", "twice", "step"),
    [
        (Reason.SEVERELY_WASTED, {"whz": -3.2}, False, Step.REFER_TODAY),
        (Reason.SEVERELY_STUNTED, {"haz": -3.2}, False, Step.REFER),
        (Reason.SEVERELY_UNDERWEIGHT, {"waz": -3.2, "whz": None}, False, Step.REFER_TODAY),
        (Reason.TWICE_NOT_GAINED, {"gain": "T"}, True, Step.REFER),
        (Reason.WASTED, {"whz": -2.5}, False, Step.REFER),
        (Reason.STUNTED, {"haz": -2.5}, False, Step.REFER),
        (Reason.UNDERWEIGHT, {"waz": -2.5}, False, Step.REFER),
        (Reason.NOT_GAINED, {"gain": "T"}, False, Step.REFER),
        (Reason.OBESE, {"whz": 3.4}, False, Step.REFER),
        (Reason.OVERWEIGHT, {"whz": 2.4}, False, Step.REFER),
        (Reason.RISK_OVERWEIGHT, {"waz": 1.4, "whz": None}, False, Step.REFER),
        (Reason.ODD_HEAD, {"hcz": -2.01}, False, Step.REFER),
        (Reason.ODD_HEAD, {"hcz": 5.2}, False, Step.REFER),
        (Reason.MEASURE_AGAIN, {"haz": -7.0, "haz_flag": True}, False, Step.MEASURE_AGAIN),
    ],
)
def test_the_list_asks_for_what_the_page_of_the_child_asks_for_first(
    reason: Reason, values: dict[str, object], twice: bool, step: Step
) -> None:
    advice = advise(Measurement(**(saw(AUGUST)._asdict() | values)), twice_not_gained=twice)
    assert advice.steps[0] == step
    assert next_step_words(reason, urgency_of(reason)) == advice.sentences[0]
    soonest = {Step.REFER_TODAY: Urgency.TODAY, Step.REFER: Urgency.THIS_WEEK}
    assert urgency_of(reason) == soonest.get(step, Urgency.VISIT)


def soonest(*series: FollowUpMeasurement) -> dict[str, str]:
    return {b.reason.value: b.urgency.value for b in find_reasons(series, enrolled_on=BORN, on=TODAY)}


@pytest.mark.parametrize(
    ("values", "urgencies"),
    [
        # Below the red line: short alone is this week, and unknown or disbelieved is today.
        ({"waz": -3.2}, {"severely_underweight": "this_week"}),
        ({"waz": -3.2, "whz": None, "haz": None}, {"severely_underweight": "today"}),
        ({"waz": -3.2, "age_days": 150}, {"severely_underweight": "today"}),
        # A thin baby is seen today with its mother.
        ({"whz": -2.4}, {"wasted": "this_week"}),
        ({"whz": -2.4, "age_days": 150}, {"wasted": "today"}),
        ({"haz": -2.4, "age_days": 150}, {"stunted": "this_week"}),
    ],
)
def test_the_list_is_as_soon_as_the_page(values: dict[str, object], urgencies: dict[str, str]) -> None:
    last = saw(AUGUST, **values)
    assert soonest(last) == urgencies
    page = advise(Measurement(**last._asdict())).steps[0]
    assert page == (Step.REFER_TODAY if "today" in urgencies.values() else Step.REFER)


def test_a_thin_baby_stands_among_those_of_today_though_it_is_short_too(
    cadre: User, village: Village
) -> None:
    found = find_reasons([saw(AUGUST, haz=-3.4, whz=-2.4, age_days=150)], enrolled_on=BORN, on=TODAY)
    assert [b.reason.value for b in found] == ["severely_stunted", "wasted"]
    row = FollowUpRow(make_child(cadre, village), 150, found, None)
    assert (row.urgency, row.next_steps) == (
        Urgency.TODAY,
        [next_step_words(Reason.WASTED, Urgency.TODAY)],
    )


# --- who is looked at ---------------------------------------------------------------------------------------


def listed(user: User, village: Village, on: date = TODAY) -> list[FollowUpRow]:
    return list_follow_up(user=user, village=village, on=on)


def names(user: User, village: Village, on: date = TODAY) -> list[str]:
    return [row.child.name for row in listed(user, village, on)]


def pendek(by: User, village: Village, on: date = AUGUST, **identity: object) -> Child:
    """A girl measured short: 69 cm at 13 months is between WHO's -3 SD (67.87) and -2 SD (70.53)."""
    child = make_child(by, village, **({"birth_date": BORN} | identity))  # type: ignore[arg-type]
    measure(child, on, "8.0", "69.0", position="L")
    return child


def test_a_row_says_who_why_since_when_and_what_was_seen(cadre: User, village: Village) -> None:
    child = pendek(cadre, village)
    (row,) = listed(cadre, village)
    assert (row.child, row.age_days) == (child, 427)  # 20 June 2023 to 20 August 2024: 366 + 61 days
    assert [(b.reason, b.since) for b in row.reasons] == [(Reason.STUNTED, AUGUST)]
    assert row.last is not None
    assert (row.last.measured_on, row.last.weight_kg, row.last.lenhei_cm) == (AUGUST, 8, 69)


def test_who_is_referred_today_is_not_told_to_go_this_week_as_well(cadre: User, village: Village) -> None:
    found = find_reasons([saw(MAY, haz=-2.5, whz=-3.2)], enrolled_on=BORN, on=TODAY)
    assert [b.reason.value for b in found] == ["severely_wasted", "stunted", "not_measured"]
    row = FollowUpRow(make_child(cadre, village), 427, found, None)
    today, visit = (Reason.SEVERELY_WASTED, Urgency.TODAY), (Reason.NOT_MEASURED, Urgency.VISIT)
    assert row.next_steps == [next_step_words(*today), next_step_words(*visit)]


def test_who_died_left_or_lives_elsewhere_is_not_named(village: Village, officer: User) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    died, left, moved = (pendek(officer, village, name=name) for name in ("Ani", "Budi", "Cici"))
    close_child(by=officer, child_id=died.pk, status=ChildStatus.DIED, on=date(2024, 8, 10))
    close_child(by=officer, child_id=left.pk, status=ChildStatus.MOVED, on=date(2024, 8, 10))
    move_child(by=officer, child_id=moved.pk, village_code=slarang.pk, moved_on=date(2024, 8, 10))
    assert names(officer, village) == []
    assert names(officer, slarang) == ["Cici"]


def test_the_last_day_under_five_is_in_and_the_next_is_out(cadre: User, village: Village) -> None:
    # 1826 / 30.4375 < 60 months; 1827 is past.
    for name, days in (("Masih", 1826), ("Sudah", 1827)):
        child = make_child(cadre, village, name=name, birth_date=TODAY - timedelta(days=days))
        measure(child, date(2024, 3, 5), "16.0", "105.0")
    assert names(cadre, village) == ["Masih"]


def test_nobody_is_named_to_who_may_not_see_them(cadre: User, village: Village) -> None:
    pendek(cadre, village)
    stranger = make_user(Role.CADRE, make_village("33.01.02.2010", "Slarang"))
    assert (names(cadre, village), names(stranger, village)) == (["Siti Contoh"], [])


def test_what_comes_later_or_was_taken_back_does_not_count(cadre: User, village: Village) -> None:
    later, taken_back, mended = (pendek(cadre, village, name=name) for name in ("Ani", "Budi", "Cici"))
    void_measurement(by=cadre, measurement_id=taken_back.measurements.get().pk, reason="anak lain")
    correct_measurement(
        by=cadre,
        id=uuid4(),
        measurement_id=mended.measurements.get().pk,
        observation=seen(AUGUST, "9.0", "75.0", "L"),  # type: ignore[arg-type]
        reason="salah baca",
    )
    assert names(cadre, village) == ["Ani"]
    assert names(cadre, village, on=AUGUST - timedelta(days=1)) == []
    assert later.measurements.get().measured_on == AUGUST


def test_two_values_of_a_day_until_the_midwife_has_chosen(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    first = measure(child, AUGUST, "9.1", "76.0", position="L").measurement
    send_other_values(cadre, child.pk, seen(AUGUST, "9.3"))
    (row,) = listed(cadre, village)
    assert [(b.reason, b.since) for b in row.reasons] == [(Reason.PENDING_CHOICE, AUGUST)]
    assert row.last is not None
    assert str(row.last.weight_kg) == "9.100"
    choose_measurement(by=make_user(Role.MIDWIFE, village), measurement_id=first.pk)
    assert listed(cadre, village) == []


def test_a_child_enrolled_today_is_not_missed_yet_however_old(cadre: User, village: Village) -> None:
    make_child(cadre, village, birth_date=BORN)
    assert names(cadre, village) == []
    # Enrolled on 20 August: September and October pass whole.
    assert names(cadre, village, on=date(2024, 10, 31)) == []
    (row,) = listed(cadre, village, on=date(2024, 11, 1))
    assert [(b.reason, b.since) for b in row.reasons] == [(Reason.NOT_MEASURED, TODAY)]
    assert row.last is None


def test_the_worst_come_first_then_the_longest_then_by_name(cadre: User, village: Village) -> None:
    pendek(cadre, village, name="Cici")
    pendek(cadre, village, name="ani")
    pendek(cadre, village, name="Zaki", on=JULY)
    missed = make_child(cadre, village, name="Aan", birth_date=BORN)
    measure(missed, MAY, "8.5", "72.5", position="L")
    thin = make_child(cadre, village, name="Yuni", birth_date=BORN)
    # WHO's -3 SD for girls: 7.08 kg at 75 cm, so below it; 6.52 kg at this age, so not below the red line.
    measure(thin, AUGUST, "6.6", "75.0", position="L", confirmed=True)
    assert names(cadre, village) == ["Yuni", "Zaki", "ani", "Cici", "Aan"]
    assert [row.urgency for row in listed(cadre, village)] == [
        Urgency.TODAY,
        *[Urgency.THIS_WEEK] * 3,
        Urgency.VISIT,
    ]


def test_many_children_take_the_queries_of_two(
    page: Client, cadre: User, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(count: int) -> None:
        posyandu = make_posyandu(village)
        for serial in range(count):
            pendek(cadre, village, name=f"Anak {serial}", posyandu_id=posyandu.pk)

    fill(2)
    page.get("/follow-up/")
    with django_assert_num_queries(3):
        listed(cadre, village)
    with django_assert_num_queries(11):  # one of them looks whether today's reading is logged
        page.get("/follow-up/")
    fill(20)
    with django_assert_num_queries(3):
        assert len(listed(cadre, village)) == 22
    with django_assert_num_queries(11):
        page.get("/follow-up/")


# --- the page -----------------------------------------------------------------------------------------------


def text_of(client: Client, query: str = "") -> str:
    """The words of the page, without marks."""
    answer = client.get(f"/follow-up/{query}")
    assert answer.status_code == 200
    content = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content)).split()).replace("\xa0", " ")


def test_the_page_names_the_child_with_what_a_visit_needs(
    page: Client, cadre: User, village: Village
) -> None:
    child = pendek(
        cadre,
        village,
        name="Ani",
        parent_name="Ibu A",
        rt="03",
        rw="01",
        posyandu_id=make_posyandu(village).pk,
    )
    text = text_of(page)
    for words in (
        "Tindak lanjut Kesugihan Kidul",
        "1 anak perlu ditindaklanjuti",
        "Rujuk minggu ini (1)",
        "Ani Perempuan, 14 bulan Ibu A Melati 1, RT 03 / RW 01",
        "Pendek sejak 5 Agustus 2024",
        "Terakhir diukur 5 Agustus 2024: 8,0 kg, 69,0 cm telentang Rujuk ke bidan desa",
        "Rujuk ke bidan desa atau puskesmas minggu ini. Ingatkan membawa buku KIA.",
    ):
        assert words in text
    assert f'href="/children/{child.pk}/"' in page.get("/follow-up/").content.decode()
    assert "Rujuk hari ini" not in text


def test_one_reason_alone_is_shown_and_stays_in_its_section(
    page: Client, cadre: User, village: Village
) -> None:
    both = make_child(cadre, village, name="Budi", birth_date=BORN)
    measure(both, MAY, "7.5", "66.0", position="L")  # WHO's -3 SD is 64.66 cm, -2 SD 67.16
    pendek(cadre, village, name="Ani")
    assert "Semua (2)" in text_of(page)
    assert "Dua bulan tidak diukur (1)" in text_of(page)
    text = text_of(page, "?reason=not_measured")
    assert "1 di antaranya: Dua bulan tidak diukur" in text
    assert "Budi" in text
    assert "Ani" not in text
    assert "Rujuk minggu ini (1)" in text  # Budi is stunted, too: the worse reason says when


def test_a_reason_that_nobody_has_leads_back_to_all(page: Client, cadre: User, village: Village) -> None:
    pendek(cadre, village)
    text = text_of(page, "?reason=rival")
    assert "Tidak ada anak dengan alasan ini" in text
    assert "Tampilkan semua" in text


def test_a_village_where_all_is_well_says_so(page: Client) -> None:
    text = text_of(page)
    assert "0 anak perlu ditindaklanjuti" in text
    assert "Tidak ada anak yang perlu ditindaklanjuti" in text
    assert "Semua (" not in text


def test_a_reason_that_is_none_is_400_with_a_sentence(page: Client) -> None:
    answer = page.get("/follow-up/?reason=t")
    assert answer.status_code == 400
    assert "Alasan “t” tidak dikenal." in answer.content.decode()


def test_another_village_is_404(page: Client) -> None:
    make_village("33.01.02.2010", "Slarang")
    for code in ("33.01.02.2010", "x"):
        assert page.get(f"/follow-up/?village={code}").status_code == 404


def test_whoever_works_in_several_villages_chooses_one_and_names_stay_below(village: Village) -> None:
    puskesmas = make_puskesmas()
    for place in (village, make_village("33.01.02.2010", "Slarang")):
        place.puskesmas = puskesmas
        place.save()
    nutritionist = make_user(Role.PUSKESMAS, puskesmas)
    pendek(nutritionist, village, name="Ani")
    client = signed_in(nutritionist)
    content = client.get("/follow-up/?reason=stunted").content.decode()
    assert "Tindak lanjut di desa mana?" in content
    assert "Ani" not in content
    links = re.findall(r'href="(\?village=[^"]*)"', content)
    assert [unescape(link) for link in links] == [
        "?village=33.01.02.2009&reason=stunted",
        "?village=33.01.02.2010&reason=stunted",
    ]
    assert "Ani" in text_of(client, unescape(links[0]))
    assert "Desa lain" in text_of(client, unescape(links[0]))


def test_a_cadre_of_one_village_is_not_offered_another(page: Client) -> None:
    assert "Desa lain" not in text_of(page)


def test_the_page_of_a_child_says_what_the_list_asks_for_besides(
    page: Client, cadre: User, village: Village
) -> None:
    child = pendek(cadre, village, JULY)
    measure(child, AUGUST, "9.0", None)
    text = unescape(page.get(f"/children/{child.pk}/").content.decode())
    assert "tinggi belum diukur" in text  # what the last measurement says
    assert "sejak 5 Juli 2024" in text
    assert "Rujuk ke bidan desa atau puskesmas minggu ini." in text
    gone = make_child(cadre, village, name="Lama", birth_date=BORN)
    measure(gone, date(2024, 5, 5), "9.0", "76.0")
    assert "Kunjungi rumahnya" in page.get(f"/children/{gone.pk}/").content.decode()
    # What the page asks for by itself is not said twice.
    measured = pendek(cadre, village, AUGUST)
    assert "sejak 5 Agustus" not in page.get(f"/children/{measured.pk}/").content.decode()
