"""The phone estimates a birth date and questions a NIK as the register does."""

from __future__ import annotations

import random
from datetime import date, timedelta

from kpm.workspace_strings import list_strings
from registry.growth.estimated_birth import birth_date_at_age, birth_date_in_month
from registry.name_similarity import sound_of
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


SOUNDS = """([names, words]) => names.map((name) => phone.soundOf(name, words.names))"""


def test_a_name_sounds_the_same_on_the_phone(run_on_phone: RunOnPhone) -> None:
    names = [
        "Rizki Maulana",
        "Rizky  Maulana",
        "RISKI MAULANA",
        "Nur'aini",
        "Nuraeni",
        "M. Yusuf",
        "Soekarno",
    ]
    names += ["Muhammad Jusuf", "Syifa", "Sifa", "Zahroh", "Sahro", "Fathur Rohman", "محمد", ""]
    names += ["Siti 2", "Siti II", "Dj\u00e9ni"]
    assert run_on_phone(SOUNDS, [names, list_strings()]) == [sound_of(name) for name in names]
    assert len({sound_of(name) for name in names[:3]}) == 1
    assert sound_of("Syifa") == sound_of("Sifa") == "SIFA"
    assert sound_of("Rizki") != sound_of("Rizka")
