"""N, T, O, B and 2T of the KMS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from registry.growth import (
    KBM_TABLES,
    GainCode,
    KbmTable,
    SexCode,
    Weighing,
    gain_code,
    get_kbm_table,
    minimum_gain_g,
    month_gain_code,
    series_gain_codes,
    twice_not_gained,
)

N, T, O, B = GainCode.N, GainCode.T, GainCode.O, GainCode.B  # noqa: E741
BIRTH = date(2024, 1, 1)
JULY = date(2024, 7, 10)


def code(
    weight_kg: float,
    *before: tuple[date, float],
    on: date = date(2024, 8, 10),
    sex: SexCode = SexCode.GIRL,
) -> GainCode:
    """The code of a girl born on 1 January 2024; in August she is 7 months old and owes 300 g."""
    return gain_code(sex, BIRTH, Weighing(on, weight_kg), [Weighing(*one) for one in before])


def codes(
    *weighings: tuple[date, float] | Weighing, tables: Sequence[KbmTable] = KBM_TABLES
) -> list[GainCode]:
    """The codes of all weighings of the same girl."""
    return series_gain_codes(SexCode.GIRL, BIRTH, [Weighing(*one) for one in weighings], tables)


@pytest.mark.parametrize(
    ("month", "boys", "girls"),
    [
        (0, 800, 800),
        (1, 800, 800),
        (2, 900, 900),
        (3, 800, 800),
        (4, 600, 600),
        (5, 500, 500),
        (6, 400, 400),
        (7, 400, 300),
        (8, 300, 300),
        (10, 300, 300),
        (11, 300, 200),
        (12, 200, 200),
        (60, 200, 200),
        (61, None, None),
    ],
)
def test_the_minimum_gain_is_that_of_the_card(month: int, boys: int | None, girls: int | None) -> None:
    assert (minimum_gain_g(SexCode.BOY, month, JULY), minimum_gain_g(SexCode.GIRL, month, JULY)) == (
        boys,
        girls,
    )


def test_an_age_before_birth_has_no_minimum() -> None:
    with pytest.raises(ValueError, match="before birth"):
        minimum_gain_g(SexCode.BOY, -1, JULY)


def test_an_unknown_sex_has_no_minimum_at_any_age() -> None:
    for month in (3, 70):
        with pytest.raises(ValueError, match="not a valid Sex"):
            minimum_gain_g(3, month, JULY)  # type: ignore[arg-type]


AUGUST = date(2024, 8, 10)
STRICTER = KbmTable(
    version="test",
    source="by hand",
    valid_from=date(2024, 9, 1),
    from_months=(1, 6),
    boys_g=(900, 500),
    girls_g=(800, 400),
    last_month=24,
)
WITH_STRICTER = (*KBM_TABLES, STRICTER)


def test_another_card_judges_by_its_own_columns() -> None:
    assert [minimum_gain_g(SexCode.BOY, month, AUGUST, (STRICTER,)) for month in (0, 5, 6, 24, 25)] == [
        900,
        900,
        500,
        500,
        None,
    ]
    weighings = [(JULY, 7.0), (AUGUST, 7.3)]
    assert codes(*weighings) == [B, N]
    assert codes(*weighings, tables=(STRICTER,)) == [B, T]


def test_each_weighing_is_judged_by_the_card_in_force_on_its_day() -> None:
    # By the old card she owes 300 g a month and gains it; the new card asks for 400.
    weighings = [(JULY, 7.0), (AUGUST, 7.3), (date(2024, 9, 1), 7.6)]
    assert codes(*weighings) == [B, N, N]
    assert codes(*weighings, tables=WITH_STRICTER) == [B, N, T]
    assert minimum_gain_g(SexCode.GIRL, 8, date(2024, 8, 31), WITH_STRICTER) == 300
    assert minimum_gain_g(SexCode.GIRL, 8, date(2024, 9, 1), WITH_STRICTER) == 400


def test_before_the_first_card_the_first_holds() -> None:
    assert get_kbm_table(date(2001, 1, 1), WITH_STRICTER) is KBM_TABLES[0]


def test_a_card_that_begins_within_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="begins within a month"):
        replace(STRICTER, valid_from=AUGUST)


def test_the_card_in_use_says_where_it_is_from() -> None:
    kbm = get_kbm_table(AUGUST)
    assert (kbm.version, kbm.last_month) == ("KMS 2010", 60)
    assert "Permenkes 155" in kbm.source


@pytest.mark.parametrize(("months", "girls"), [((1, 6), (800,)), ((6, 1), (800, 400)), ((1, 1), (800, 400))])
def test_a_card_whose_columns_do_not_fit_is_refused(months: tuple[int, ...], girls: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="card test"):
        KbmTable("test", "by hand", date(2024, 9, 1), months, (800, 400), girls, 60)


def test_a_gain_of_exactly_the_minimum_is_enough() -> None:
    assert 7.3 - 7.0 < 0.3, "floats alone would say T"
    assert code(7.3, (JULY, 7.0)) is N
    assert int(8.03 * 1000) == 8029, "cutting floats off would say T"
    assert code(8.03, (JULY, 7.73)) is N


def test_a_gram_less_is_not_enough() -> None:
    assert code(7.299, (JULY, 7.0)) is T


def test_a_boy_of_seven_months_owes_a_hundred_grams_more() -> None:
    assert code(7.3, (JULY, 7.0), sex=SexCode.BOY) is T
    assert code(7.4, (JULY, 7.0), sex=SexCode.BOY) is N


def test_a_loss_is_not_a_gain() -> None:
    assert code(6.8, (JULY, 7.0)) is T


def test_the_first_weighing_ever_is_b() -> None:
    assert code(7.3) is B


def test_not_weighed_the_month_before_is_o() -> None:
    assert code(7.3, (date(2024, 6, 30), 6.0)) is O


def test_the_month_before_is_the_calendars_and_not_thirty_days() -> None:
    assert code(7.3, (date(2024, 7, 1), 7.0), on=date(2024, 8, 31)) is N
    assert code(7.4, (date(2024, 7, 31), 7.0), on=date(2024, 8, 21)) is N


def test_the_minimum_of_a_month_judges_nothing_sooner_than_three_weeks() -> None:
    # Nine days after 31 July she owes no 300 g yet, and 300 g in nine days say nothing either.
    assert code(7.1, (date(2024, 7, 31), 7.0), on=date(2024, 8, 9)) is O
    assert code(7.4, (date(2024, 7, 31), 7.0), on=date(2024, 8, 20)) is O
    assert code(7.1, (date(2024, 7, 31), 7.0), on=date(2024, 8, 21)) is T
    # An earlier one of that month is far enough.
    assert code(7.4, (date(2024, 7, 2), 7.0), (date(2024, 7, 31), 7.3), on=date(2024, 8, 9)) is N


def test_a_weight_nobody_believes_is_compared_with_none() -> None:
    weighings = [
        (date(2024, 4, 5), 9.0),
        (date(2024, 5, 5), 9.6),
        Weighing(date(2024, 6, 5), 39.5, believed=False),
        (date(2024, 7, 5), 9.9),
        (date(2024, 8, 5), 10.2),
    ]
    # Neither N for the jump up nor T for the fall back; August is compared with July: 300 g.
    assert codes(*weighings) == [B, N, O, O, N]
    # Beside it in one month stands one that is believed: that one is compared.
    assert codes(weighings[1], (date(2024, 6, 3), 10.1), weighings[2], (date(2024, 7, 5), 10.4)) == [
        B,
        N,
        O,
        T,
    ]


@pytest.mark.parametrize(
    ("month", "said"),
    [([], ""), (["B"], "B"), (["O"], "O"), (["T", "N"], "N"), (["N", "T"], "T"), (["T", "O"], "T")],
)
def test_a_month_says_its_last_n_or_t_and_not_that_of_a_weight_nobody_believes(
    month: list[str], said: str
) -> None:
    assert month_gain_code(month) == said


def test_december_is_the_month_before_january() -> None:
    assert code(9.2, (date(2024, 12, 10), 9.0), on=date(2025, 1, 5)) is N


def test_a_year_before_is_not_the_month_before() -> None:
    assert code(9.2, (date(2024, 7, 20), 9.0), on=date(2025, 8, 5)) is O


def test_past_sixty_months_the_last_minimum_of_the_card_holds() -> None:
    assert code(18.2, (date(2029, 5, 5), 18.0), on=date(2029, 6, 5)) is N
    assert code(18.1, (date(2029, 5, 5), 18.0), on=date(2029, 6, 5)) is T


def test_a_weighing_before_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        code(3.0, on=date(2023, 12, 31))


def test_a_childs_year() -> None:
    weighings = [
        (date(2024, 2, 5), 4.0),
        (date(2024, 3, 5), 4.9),  # 2 months old on 5 March: 64 days; owes 900 g
        (date(2024, 4, 5), 5.6),  # 3 months: owes 800 g, gained 700
        (date(2024, 6, 5), 7.0),  # May was missed
        (date(2024, 7, 5), 7.4),  # 6 months: owes 400 g
    ]
    assert codes(*weighings) == [B, N, T, O, N]


def test_a_second_weighing_in_a_month_is_compared_with_the_month_before_too() -> None:
    weighings = [(JULY, 7.0), (date(2024, 8, 5), 7.1), (date(2024, 8, 20), 7.3)]
    assert codes(*weighings) == [B, T, N]


def test_the_last_weighing_of_the_month_before_is_the_one_compared_with() -> None:
    weighings = [(date(2024, 7, 1), 6.5), (date(2024, 7, 15), 7.0), (date(2024, 8, 5), 7.1)]
    assert codes(*weighings) == [B, B, T]


def test_a_child_weighed_twice_in_its_first_month_is_still_new() -> None:
    assert codes((JULY, 7.0), (date(2024, 7, 20), 7.2)) == [B, B]


def test_weighings_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="sorted"):
        codes((date(2024, 8, 5), 7.1), (JULY, 7.0))


def test_no_weighing_has_no_code() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("codes", "twice"),
    [
        ([T, T], True),
        ([N, T, T], True),
        ([T, N, T], False),
        ([T, T, N], False),
        ([T, None, T], False),
        ([T, T, None], False),
        ([T], False),
        ([], False),
    ],
)
def test_2t_is_t_in_the_last_two_months(codes: list[GainCode | None], twice: bool) -> None:
    assert twice_not_gained(codes) is twice
