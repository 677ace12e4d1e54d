"""The phone's z-scores have every digit of registry.growth; tests/js holds them against WHO's software."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from registry.growth import (
    PositionCode,
    SexCode,
    assess,
    completed_months,
    corrected_lenhei,
    expected_position,
    is_believed,
    label_baz,
    label_haz,
    label_muac,
    label_waz,
    label_whz,
)
from registry.growth.labels import Label
from registry.growth.tables import lms
from script.growth_tables import TABLES
from tests.phone.conftest import RunOnPhone

INDICES = ("haz", "waz", "whz", "baz")
FIELDS = {
    "age_days": "ageDays",
    "clenhei_cm": "clenheiCm",
    "position_disbelieved": "positionDisbelieved",
    "bmi": "bmi",
    "oedema": "oedema",
    "hcz": "hcz",
    **{name: name for name in INDICES},
    **{f"{name}_flag": f"{name}Flag" for name in INDICES},
}
"""Field of `Assessment` -> its name on the phone."""

ARGUMENTS = {
    "sex": "sex",
    "age_days": "ageDays",
    "weight_kg": "weightKg",
    "lenhei_cm": "lenheiCm",
    "position": "position",
    "oedema": "oedema",
    "head_cm": "headCm",
}
"""Argument of `assess` -> its name on the phone."""

PYTHONS = {"haz": label_haz, "waz": label_waz, "whz": label_whz, "baz": label_baz}


def on_the_phone(run_on_phone: RunOnPhone, children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the phone says of children given as arguments of `assess`; labels as their codes."""
    given = [{there: one[here] for here, there in ARGUMENTS.items() if here in one} for one in children]
    found = run_on_phone("children => children.map(child => growth.assess(child))", given)
    return [
        {here: one[there] for here, there in FIELDS.items()}
        | {"labels": {index: label and label["code"] for index, label in one["labels"].items()}}
        for one in found
    ]


AGES = (0, 1, 90, 91, 182, 183, 272, 273, 274, 275, 364, 365, 729, 730, 731, 732, 1825, 1826, 1827, 2000)
SIZES = (
    *(44.9, 44.95, 44.99999, 45.0, 45.05, 64.3, 64.95, 65.0, 65.05, 65.65, 65.7, 86.95, 86.99, 87.0),
    *(87.7, 102.4, 103.1, 109.3, 109.35, 109.95, 110.0, 110.00004, 110.00005, 110.05, 119.3, 119.95),
    *(120.0, 120.05, 120.65, 120.7, 120.75, 0.01, 0.0, -1.0, 0.7, 0.71, 9999.5, 10_000.0, 10_000.1),
)
WEIGHTS = (0.0, 0.009, 0.01, -3.0, 0.5, 45.0, 9_999.9, 10_000.0, 10_000.1)


def invented(count: int, seed: int) -> list[dict[str, Any]]:
    """Children of all kinds, one in four with a value at an edge and some with nothing at all."""
    dice = random.Random(seed)
    return [
        {
            "sex": dice.choice(list(SexCode)),
            "age_days": one_of(dice, AGES, dice.randint(0, 1826)),
            "weight_kg": one_of(dice, WEIGHTS, as_read(dice, 1, dice.choice((8, 20, 40)))),
            "lenhei_cm": one_of(dice, SIZES, as_read(dice, 40, 125)),
            "position": dice.choice(list(PositionCode)),
            "oedema": dice.random() < 0.03,
            "head_cm": one_of(dice, SIZES, as_read(dice, 30, 56)),
        }
        for _ in range(count)
    ]


def one_of(dice: random.Random, edges: tuple[float, ...], usual: float) -> float | None:
    chance = dice.random()
    if chance < 0.04:
        return None
    return dice.choice(edges) if chance < 0.25 else usual


def as_read(dice: random.Random, low: float, high: float) -> float:
    """A measure with no to three decimals, sometimes with all that a float has."""
    value = dice.uniform(low, high)
    return value if dice.random() < 0.1 else round(value, dice.randint(0, 3))


def in_python(one: dict[str, Any]) -> dict[str, Any]:
    """All that the phone should say of a child."""
    got = assess(**one)
    scores = {index: (getattr(got, index), getattr(got, f"{index}_flag")) for index in INDICES}
    labels = {
        index: PYTHONS[index](z) if is_believed(z, flag) else None for index, (z, flag) in scores.items()
    }
    return {
        **{field: getattr(got, field) for field in FIELDS},
        "labels": {index: label and label.code for index, label in labels.items()},
    }


def test_twenty_thousand_invented_children_are_judged_as_the_register_does(run_on_phone: RunOnPhone) -> None:
    children = invented(20_000, seed=33_01)
    expected = [in_python(one) for one in children]
    found = on_the_phone(run_on_phone, children)
    assert [(c, ours, e) for c, ours, e in zip(children, found, expected, strict=True) if ours != e] == []
    # They are worth comparing: every class, every flag and every reason for none is among them.
    for index, count in {"haz": 4, "waz": 4, "whz": 6, "baz": 6}.items():
        assert len({one["labels"][index] for one in expected} - {None}) == count
        assert sum(one[f"{index}_flag"] for one in expected) > 500
        assert sum(one[index] is None for one in expected) > 500
        assert sum(one[index] is not None for one in expected) > 10_000
    assert sum(one["position_disbelieved"] for one in expected) > 500
    assert sum(c["lenhei_cm"] != e["clenhei_cm"] for c, e in zip(children, expected, strict=True)) > 3_000


def test_the_tables_are_decoded_to_the_very_doubles(run_on_phone: RunOnPhone) -> None:
    for name, sex in product(TABLES, SexCode):
        columns = run_on_phone(
            "([name, sex]) => Object.values(growth.lms(name, sex)).map(column => Array.from(column))",
            [name, sex],
        )
        assert columns == lms(name, sex).T.tolist(), (name, sex)


def test_the_class_of_a_score_at_every_hundredth(run_on_phone: RunOnPhone) -> None:
    """The words and the severity too; past the flags, where a label is still that of the number."""
    scores = [hundredths / 100 for hundredths in range(-700, 701)]
    for index in INDICES:
        found = run_on_phone(
            "([index, scores]) => scores.map((z) => phone.labelZscore(index, z))", [index, [*scores, None]]
        )
        assert found == [as_object(PYTHONS[index](z)) for z in (*scores, None)]


def test_the_class_of_an_arm_at_its_limits_of_size_and_age(run_on_phone: RunOnPhone) -> None:
    arms = [
        (cm, days)
        for cm in (5.0, 11.4, 11.49, 11.5, 12.4, 12.49, 12.5, 18.0, None)
        for days in (0, 182, 183, 1826, 1827, None)
    ]
    found = run_on_phone("arms => arms.map(([cm, days]) => phone.labelMuac(cm, days))", arms)
    assert found == [as_object(label_muac(cm, days)) for cm, days in arms]


def as_object(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {name: getattr(label, name) for name in ("code", "id", "en", "severity", "index")}


def test_months_and_positions_on_every_day(run_on_phone: RunOnPhone) -> None:
    days = list(range(1900))
    found = run_on_phone(
        "days => days.map(day => [phone.completedMonths(day), phone.expectedPosition(day)])", days
    )
    assert found == [[completed_months(day), expected_position(day)] for day in days]


def test_a_length_is_corrected_as_the_register_does_at_every_millimetre(run_on_phone: RunOnPhone) -> None:
    asked = [
        (mm / 10, position, day)
        for mm in range(400, 1251)
        for position in PositionCode
        for day in (273, 274, 730, 731, None)
    ]
    found = run_on_phone("asked => asked.map(one => phone.correctedLenhei(...one))", asked)
    assert found == [list(corrected_lenhei(*one)) for one in asked]
