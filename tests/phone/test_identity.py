"""The phone estimates a birth date and questions a NIK as the register does."""

from __future__ import annotations

import random
from datetime import date, timedelta

from registry.growth.estimated_birth import birth_date_at_age, birth_date_in_month
from registry.nik import PARENT_AGES, nik_questions
from tests.phone.conftest import RunOnPhone


def test_a_month_or_an_age_stands_for_the_same_day(run_on_phone: RunOnPhone) -> None:
    days = [date(2024, 1, 1) + timedelta(days=i) for i in range(0, 1500, 7)] + [
        date(2024, 3, 31),
        date(2024, 2, 29),
    ]
    found = run_on_phone(
        "(days) => days.flatMap((day) => [0, 1, 11, 12, 26, 83].map((n) => phone.birthDateAtAge(n, day)))",
        [day.isoformat() for day in days],
    )
    assert found == [birth_date_at_age(n, day).isoformat() for day in days for n in (0, 1, 11, 12, 26, 83)]
    pairs = [(day, day + timedelta(days=n)) for day in days for n in (0, 5, 20, 400)]
    found = run_on_phone(
        "(pairs) => pairs.map(([day, today]) => phone.birthDateInMonth(day, today))",
        [(day.isoformat(), today.isoformat()) for day, today in pairs],
    )
    assert found == [birth_date_in_month(*pair).isoformat() for pair in pairs]


def test_the_same_nik_are_questioned(run_on_phone: RunOnPhone) -> None:
    rng = random.Random(16)
    niks = [
        *("0000000000000000", "1111111111111111", "3301022222222222", "3301025008960003", "3301023213250001"),
        *(
            f"3301{rng.randrange(3):02}{rng.randrange(75):02}{rng.randrange(14):02}{rng.randrange(100):02}0001"
            for _ in range(500)
        ),
    ]
    ages = {"from": PARENT_AGES[0], "to": PARENT_AGES[-1]}
    for born in (date(2025, 4, 10), date(2000, 1, 1)):
        found = run_on_phone(
            "([niks, born, ages]) => niks.map((nik) => phone.findNikQuestions(nik, born, ages))",
            [niks, born.isoformat(), ages],
        )
        assert found == [[f"nik_{one}" for one in nik_questions(nik, birth_date=born)] for nik in niks]
