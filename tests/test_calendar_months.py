"""Calendar months."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from registry.calendar_months import (
    InvalidMonth,
    add_months,
    current_month,
    last_day,
    month_of,
    months_back,
    parse_month,
)

pytestmark = pytest.mark.any_day


def test_a_month_is_its_first_day() -> None:
    assert month_of(date(2024, 2, 29)) == date(2024, 2, 1)


@pytest.mark.parametrize(
    ("month", "last"),
    [(date(2024, 2, 1), 29), (date(2023, 2, 1), 28), (date(2100, 2, 1), 28), (date(2024, 12, 1), 31)],
)
def test_the_last_day_knows_leap_years(month: date, last: int) -> None:
    assert last_day(month).day == last


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, date(2024, 11, 1)),
        (1, date(2024, 12, 1)),
        (2, date(2025, 1, 1)),
        (14, date(2026, 1, 1)),
        (-10, date(2024, 1, 1)),
        (-11, date(2023, 12, 1)),
        (-23, date(2022, 12, 1)),
    ],
)
def test_months_are_added_across_years(count: int, expected: date) -> None:
    assert add_months(date(2024, 11, 1), count) == expected


def test_months_back_end_with_the_month_itself_oldest_first() -> None:
    assert months_back(date(2024, 2, 1), 3) == [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]


def test_a_month_begins_at_midnight_in_cilacap() -> None:
    with time_machine.travel(datetime(2024, 8, 31, 16, 59, tzinfo=UTC)):
        assert current_month() == date(2024, 8, 1)
    with time_machine.travel(datetime(2024, 8, 31, 17, 0, tzinfo=UTC)):
        assert current_month() == date(2024, 9, 1)


@pytest.mark.parametrize("text", ["2024-08", " 2024-08 "])
def test_a_month_is_read_as_year_and_month(text: str) -> None:
    assert parse_month(text) == date(2024, 8, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-8",
        "2024-13",
        "2024-00",
        "1999-12",
        "2101-01",
        "08-2024",
        "2024-08-01",
        "２０２４-08",
        "x",
        "2024-08\n2024-09",
        "2024-08'--",
        "\x00",
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with translation.override("id"), pytest.raises(InvalidMonth, match="misalnya 2024-08"):
        parse_month(text)


def test_a_long_text_is_not_said_back_whole() -> None:
    with pytest.raises(InvalidMonth) as refused:
        parse_month("9" * 1000)
    assert len(str(refused.value)) < 120


def test_a_month_that_has_not_begun_is_refused() -> None:
    with time_machine.travel("2026-11-30T16:59:00Z"):  # 23:59 in Cilacap
        assert parse_month("2026-11") == date(2026, 11, 1)
        with translation.override("id"), pytest.raises(InvalidMonth, match="2026-12 belum mulai"):
            parse_month("2026-12")
    with time_machine.travel("2026-11-30T17:00:00Z"):
        assert parse_month("2026-12") == date(2026, 12, 1)
