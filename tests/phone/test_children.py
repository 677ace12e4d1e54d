"""The phone judges as the register does: doubts, N/T/O/B, advice, and who may be one child twice."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kpm.advice import advise
from kpm.early_birth import corrected_notes, corrected_scores
from kpm.history import History
from kpm.roster import measurement_json
from kpm.workspace_strings import list_kbm_tables, list_strings
from registry.actions.assessment import computed_columns, doubts_about, gain_codes_of
from registry.actions.observation import Observation
from registry.growth import (
    KBM_TABLES,
    GainCode,
    SexCode,
    Weighing,
    gain_code,
    month_gain_code,
    twice_not_gained,
)
from registry.likeness import ComparedChild, find_question
from registry.models import Child, Measurement, Position, Sex
from registry.remarks import Remark, remark_words
from tests.phone.conftest import RunOnPhone

JUDGE = """([children_, words]) => children_.map(({ child, seen }) => {
    const known = [];
    return seen.map((m) => {
        const before = [...known];
        const gain = phone.gainCode(growth, child, m, before, words.kbm);
        const twice = phone.isTwiceNotGained(m, gain, before);
        const now = { ...phone.assessMeasurement(growth, child, m), gain };
        known.push({ ...m, gain });
        const doubts = phone.findDoubts(growth, child, m, before, words.plausibility);
        const days = phone.daysSinceLastMonth(growth, child, now, before);
        return [gain, doubts, phone.advise(now, twice, words, days)];
    });
})"""


WEEKS = (None, None, None, 26, 32, 36, 37, 40)


def history(dice: random.Random) -> tuple[Child, list[Measurement]]:
    """A child weighed some months, mostly as children grow and sometimes as hands slip."""
    born = date(2021, 1, 1) + timedelta(days=dice.randint(0, 900))
    child = Child(sex=dice.choice(list(Sex)), birth_date=born, gestation_weeks=dice.choice(WEEKS))
    day = born + timedelta(days=dice.randint(0, 1500))
    kg, cm = dice.uniform(2.5, 4) + (day - born).days * 0.008, 50 + (day - born).days * 0.04
    series: list[Measurement] = []
    for _month in range(dice.randint(1, 6)):
        kg = max(0.6, kg + dice.choice((0.2, 0.3, 0.1, 0, -0.2, 3.0, -2.5)) + dice.random() / 10)
        cm = max(35.0, cm + dice.choice((1.0, 0.5, 0, -0.8, -1.5, 6.0)))
        seen = Observation(
            measured_on=day,
            weight_kg=None if dice.random() < 0.1 else Decimal(f"{min(kg, 39):.2f}"),
            lenhei_cm=None if dice.random() < 0.1 else Decimal(f"{min(cm, 139):.1f}"),
            position=dice.choice(list(Position)),
            muac_cm=Decimal(f"{dice.uniform(10, 16):.1f}") if dice.random() < 0.3 else None,
            head_cm=Decimal(f"{dice.uniform(38, 54):.1f}") if dice.random() < 0.3 else None,
            oedema=dice.random() < 0.05,
        )
        values, _found = computed_columns(child, seen)
        if values["clenhei_cm"] is not None:
            values["clenhei_cm"] = Decimal(f"{values['clenhei_cm']:.2f}")  # as the database gives it back
        doubts = ["weight_jump"] if dice.random() < 0.1 else []
        series.append(Measurement(child=child, confirmed_doubts=doubts, **seen.values(), **values))
        day += timedelta(days=dice.choice((1, 14, 28, 31, 31, 35, 62, 120)))
    for measurement in series:
        measurement.gain = gain_codes_of(child, series)[measurement.id]
    return child, series


def in_python(child: Child, series: list[Measurement]) -> list[list[Any]]:
    """Gain, doubts and advice of each measurement in turn."""
    found = []
    for place, m in enumerate(series):
        before = series[:place]
        gains = gain_codes_of(child, series[: place + 1])
        m.gain = gains[m.id]
        seen = Observation(**{name: getattr(m, name) for name in Observation.__slots__})
        _values, assessment = computed_columns(child, seen)
        codes: dict[tuple[int, int], list[str]] = defaultdict(list)
        for b in series[: place + 1]:
            codes[b.measured_on.year, b.measured_on.month] += [gains[b.id]] if gains[b.id] else []
        month = (m.measured_on.year, m.measured_on.month)
        last = (month[0] - (month[1] == 1), (month[1] - 2) % 12 + 1)
        two = [GainCode(month_gain_code(codes[at])) if codes[at] else None for at in (last, month)]
        days = History(child, [], series[: place + 1]).days_since_last_month(m)
        advice = advise(m, twice_not_gained=twice_not_gained(two), days_since=days)
        early = corrected_scores(child, m)
        said = {
            "kind": advice.kind,
            "word": advice.word,
            "findings": [{"name": f.name, "word": f.word, "kind": f.kind, "z": f.z} for f in advice.findings],
            "gain": advice.gain,
            "steps": advice.sentences,
            "notes": [*(corrected_notes(m, early) if early else []), *advice.notes],
        }
        found.append([m.gain, sorted(doubts_about(child, seen, assessment, before)), said])
    return found


def test_two_thousand_histories_are_judged_as_the_register_does(run_on_phone: RunOnPhone) -> None:
    dice = random.Random(33_01)
    histories = [history(dice) for _ in range(2000)]
    told = [
        {
            "child": {
                "sex": int(child.sex),
                "born": child.birth_date.isoformat(),
                "weeks": child.gestation_weeks,
            },
            "seen": [{k: v for k, v in measurement_json(m).items() if k != "gain"} for m in series],
        }
        for child, series in histories
    ]
    on_the_phone = run_on_phone(JUDGE, [told, list_strings()])
    differences = [
        (theirs, ours)
        for (child, series), found in zip(histories, on_the_phone, strict=True)
        for theirs, ours in zip(found, in_python(child, series), strict=True)
        if [theirs[0], sorted(theirs[1]), theirs[2]] != ours
    ]
    assert not differences, "\n".join(map(repr, differences[0]))
    # They are worth comparing.
    all_of_them = [one for found in on_the_phone for one in found]
    assert {gain for gain, _doubts, _advice in all_of_them} == {"N", "T", "O", "B", ""}
    assert {code for _gain, doubts, _advice in all_of_them for code in doubts} >= {
        "haz_flag", "waz_flag", "whz_flag", "baz_flag", "shorter", "length_jump", "weight_jump",
    }  # fmt: skip
    assert {advice["kind"] for _gain, _doubts, advice in all_of_them} == {
        "good", "watch", "act", "now", "again", "none",
    }  # fmt: skip
    remarks = [remark_words(remark) for remark in Remark]
    said = {note for _gain, _doubts, advice in all_of_them for note in advice["notes"]}
    assert said.issuperset(remarks)
    notes = [note for _gain, _doubts, advice in all_of_them for note in advice["notes"]]
    assert sum("umur koreksi" in note for note in notes) > 300
    assert sum("tidak di bawah −2" in note for note in notes) > 20
    gains = [advice["gain"] for _gain, _doubts, advice in all_of_them]
    assert sum(words.startswith("Belum sebulan sejak penimbangan terakhir (14 hari)") for words in gains) > 50
    assert sum(list_strings()["twice"] == advice["gain"] for _gain, _doubts, advice in all_of_them) > 50


def test_every_card_reaches_the_phone_and_judges_the_weighings_of_its_days(run_on_phone: RunOnPhone) -> None:
    newer = replace(
        KBM_TABLES[-1],
        version="another",
        valid_from=date(2024, 9, 1),
        from_months=(1, 13),
        boys_g=(500, 100),
        girls_g=(300, 250),
    )
    tables = (*KBM_TABLES, newer)
    weighings = [
        (sex, date(2024, month, 28), grams)
        for sex in SexCode
        for month in range(1, 13)
        for grams in (90, 100, 200, 250, 300, 400, 500)
    ]
    birth = date(2023, 8, 15)
    ours = [
        gain_code(
            sex,
            birth,
            Weighing(on, 8 + grams / 1000),
            [Weighing(on - timedelta(days=30), 8.0)],
            tables,
        )
        for sex, on, grams in weighings
    ]
    theirs = run_on_phone(
        """([weighings, kbm]) => weighings.map(([sex, born, before, on, kg]) => (
            phone.gainCode(growth, { sex, born }, { on, kg }, [{ on: before, kg: 8 }], kbm)))""",
        [
            [
                (
                    sex,
                    birth.isoformat(),
                    (on - timedelta(days=30)).isoformat(),
                    on.isoformat(),
                    8 + grams / 1000,
                )
                for sex, on, grams in weighings
            ],
            list_kbm_tables(tables),
        ],
    )
    assert theirs == ours
    assert list_strings()["kbm"] == list_kbm_tables(KBM_TABLES)
    assert {"N", "T"} <= set(ours)


NAMES = ("Siti Nurhaliza", "SITI NURHALISA", "Siti", "Muhammad Al-Fatih", "Muhamad Alfatih", "M. Ali", "Bima",
         "Bima Sakti", "By Ny Aminah", "Dé Wi", "Rafa", "Rafi", "Ahmad", "Achmad", "", "M. Rizki Pratama",
    "Muhammad Rizki Pratama",
    "Pratama Muh Rizki",
    "Muh Rizki P", "A. Fauzi", "Ahmad Fauzi", "M Alfatih", "Muhammad Al Fatih", "Zahra", "Zahroh", "H",
    "Siti M", "Siti Maryam", "Siti N",
)  # fmt: skip
PARENTS = (
    "",
    "Ibu Aminah",
    "AMINAH",
    "Bapak A/Ibu Aminah",
    "Suparman / Siti Aminah",
    "Siti Aminnah",
    "Hartono",
    "Suparman / Siti A.",
    "Suparman / A",
)


SLIPS = (  # sex and birth date of the first and of the second child
    (2, "2023-05-02", 2, "2023-05-02"),
    (2, "2023-05-02", 1, "2023-05-02"),
    (2, "2023-05-02", 2, "2023-02-05"),  # turned
    (2, "2023-05-02", 2, "2022-05-02"),
    (2, "2023-05-31", 2, "2023-06-01"),  # a day
    (2, "2023-05-02", 2, "2023-06-03"),
    (2, "2023-05-02", 1, "2023-05-03"),
)


def test_who_may_be_one_child_is_asked_as_the_register_asks(run_on_phone: RunOnPhone) -> None:
    pairs = [(n, p, m, q) for n in NAMES for m in NAMES for p in PARENTS for q in PARENTS]
    asked = [(slip, pair) for i, slip in enumerate(SLIPS) for pair in pairs[i :: 1 if i == 0 else 7]]
    compare = """([asked, limits]) => {
        const names = new phone.NameComparison(limits);
        return asked.map(([[sex, born, otherSex, otherBorn], [name, parent, otherName, otherParent]]) => {
            const other = { name: otherName, parent: otherParent, sex: otherSex, born: otherBorn };
            return names.findQuestion({ name, parent, sex, born }, other);
        });
    }"""
    found = run_on_phone(compare, [asked, list_strings()["names"]])
    expected = [
        str(
            find_question(
                ComparedChild(name, parent, sex, date.fromisoformat(born), "here"),
                ComparedChild(other_name, other_parent, other_sex, date.fromisoformat(other_born), "here"),
            )
            or ""
        )
        for (sex, born, other_sex, other_born), (name, parent, other_name, other_parent) in asked
    ]
    wrong = [one for one, ours, theirs in zip(asked, found, expected, strict=True) if ours != theirs]
    assert wrong == []
    of_one_day = expected[: len(pairs)]
    assert 0.1 < sum(map(bool, of_one_day)) / len(of_one_day) < 0.9
    assert 0.01 < sum(map(bool, expected[len(pairs) :])) / len(expected[len(pairs) :]) < 0.9
