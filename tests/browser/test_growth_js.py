"""static/js/growth.js in a real Chromium gives every digit of WHO's software and of registry.growth."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from registry.growth import (
    Position,
    Sex,
    age_in_days,
    assess,
    believed,
    completed_months,
    corrected_lenhei,
    expected_position,
    label_baz,
    label_haz,
    label_muac,
    label_waz,
    label_whz,
)
from registry.growth.labels import Label
from registry.growth.tables import lms
from script.growth_tables import TABLES
from tests.growth.reference import Row, child, differences, rows
from tests.growth.test_eppgbm import POSTURES, SEXES, TERMS
from tests.growth.test_golden import MONTH_QUIRKS, QUIRKS

pytestmark = pytest.mark.django_db(transaction=True)

INDICES = ("haz", "waz", "whz", "baz")
FIELDS = {
    "age_days": "ageDays",
    "clenhei_cm": "clenheiCm",
    "position_disbelieved": "positionDisbelieved",
    "bmi": "bmi",
    "oedema": "oedema",
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
}
"""Argument of `assess` -> its name on the phone."""

ELSEWHERE = ("zhc", "zac", "zts", "zss")
"""Columns of WHO's that a phone does not compute."""

LOAD = """async () => {
    window.module = await import("/static/js/growth.js");
    window.growth = await module.loadGrowth("/static/js/growth-tables.json");
}"""
PYTHONS = {"haz": label_haz, "waz": label_waz, "whz": label_whz, "baz": label_baz}
PHONES = {"haz": "labelHaz", "waz": "labelWaz", "whz": "labelWhz", "baz": "labelBaz"}


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page of the register, under its content security policy, with the standards loaded."""
    page = new_context().new_page()
    answer = page.goto("/accounts/login/")
    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page.evaluate(LOAD)
    yield page
    page.close()


def on_the_phone(page: Page, children: list[dict[str, Any]]) -> list[SimpleNamespace]:
    """What growth.js says of children given as arguments of `assess`; labels as their codes."""
    given = [{there: one[here] for here, there in ARGUMENTS.items() if here in one} for one in children]
    found = page.evaluate("children => children.map(child => growth.assess(child))", given)
    return [
        SimpleNamespace(
            **{here: one[there] for here, there in FIELDS.items()},
            labels={index: label and label["code"] for index, label in one["labels"].items()},
        )
        for one in found
    ]


def without_what_is_elsewhere(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ELSEWHERE}


def against_who(page: Page, name: str) -> dict[str, dict[str, tuple[object, object]]]:
    """Row -> field -> (ours, WHO's), for the rows of a file where the phone and WHO differ."""
    reference = rows(name)
    found = on_the_phone(page, [child(row) for row in reference])
    compared = {
        row["id"]: differences(without_what_is_elsewhere(row), got)  # type: ignore[arg-type]
        for row, got in zip(reference, found, strict=True)
    }
    assert len(compared) == len(reference)
    return {row: fields for row, fields in compared.items() if fields}


def test_every_row_of_whos_software_but_its_own_faults(page: Page) -> None:
    on_phone = {
        row: {field: values for field, values in quirk.items() if field in FIELDS}
        for row, quirk in QUIRKS.items()
    }
    assert len(rows("golden.csv")) == 600
    assert against_who(page, "golden.csv") == on_phone


def test_every_row_with_an_age_in_months_but_the_two_that_are_explained(page: Page) -> None:
    assert len(rows("golden_months.csv")) == 60
    found = {row: set(fields) for row, fields in against_who(page, "golden_months.csv").items()}
    assert found == {row: fields & set(FIELDS) for row, fields in MONTH_QUIRKS.items()}


def test_every_row_of_eppgbm_has_the_same_scores_and_classes(page: Page) -> None:
    reference = rows("eppgbm_vectors.csv")
    children = [
        {
            "sex": SEXES[row["sex"]],
            "age_days": int(row["age_days"]),
            "weight_kg": float(row["weight_kg"]),
            "lenhei_cm": float(row["lenhei_cm"]),
            "position": POSTURES[row["posture"]],
        }
        for row in reference
    ]
    assert len(reference) == 36
    for row, got in zip(reference, on_the_phone(page, children), strict=True):
        theirs = [float(row[name]) for name in ("zs_bbu", "zs_tbu", "zs_bbtb")]
        assert [got.waz, got.haz, got.whz] == pytest.approx(theirs, abs=0.0101), row
        classes = {"label_bbu": "waz", "label_tbu": "haz", "label_bbtb": "whz"}
        assert {name: got.labels[index] for name, index in classes.items()} == {
            name: TERMS[name][row[name]] for name in TERMS
        }, row


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
            "sex": dice.choice(list(Sex)),
            "age_days": one_of(dice, AGES, dice.randint(0, 1826)),
            "weight_kg": one_of(dice, WEIGHTS, as_read(dice, 1, dice.choice((8, 20, 40)))),
            "lenhei_cm": one_of(dice, SIZES, as_read(dice, 40, 125)),
            "position": dice.choice(list(Position)),
            "oedema": dice.random() < 0.03,
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
    labels = {index: PYTHONS[index](z) if believed(z, flag) else None for index, (z, flag) in scores.items()}
    return {
        **{field: getattr(got, field) for field in FIELDS},
        "labels": {index: label and label.code for index, label in labels.items()},
    }


def test_twenty_thousand_invented_children_are_judged_as_the_register_does(page: Page) -> None:
    children = invented(20_000, seed=33_01)
    expected = [in_python(one) for one in children]
    found = [vars(one) for one in on_the_phone(page, children)]
    assert [(c, ours, e) for c, ours, e in zip(children, found, expected, strict=True) if ours != e] == []
    # They are worth comparing: every class, every flag and every reason for none is among them.
    for index, count in {"haz": 4, "waz": 4, "whz": 6, "baz": 6}.items():
        assert len({one["labels"][index] for one in expected} - {None}) == count
        assert sum(one[f"{index}_flag"] for one in expected) > 500
        assert sum(one[index] is None for one in expected) > 500
        assert sum(one[index] is not None for one in expected) > 10_000
    assert sum(one["position_disbelieved"] for one in expected) > 500
    assert sum(c["lenhei_cm"] != e["clenhei_cm"] for c, e in zip(children, expected, strict=True)) > 3_000


def test_the_tables_are_decoded_to_the_very_doubles(page: Page) -> None:
    for name, sex in product(TABLES, Sex):
        columns = page.evaluate(
            "([name, sex]) => Object.values(growth.lms(name, sex)).map(column => Array.from(column))",
            [name, sex],
        )
        assert columns == lms(name, sex).T.tolist(), (name, sex)


def test_the_class_of_a_score_at_every_hundredth(page: Page) -> None:
    """The words and the severity too; past the flags, where a label is still that of the number."""
    scores = [hundredths / 100 for hundredths in range(-700, 701)]
    for index, function in PHONES.items():
        found = page.evaluate("([name, scores]) => scores.map(module[name])", [function, [*scores, None]])
        assert found == [as_object(PYTHONS[index](z)) for z in (*scores, None)]


def test_the_class_of_an_arm_at_its_limits_of_size_and_age(page: Page) -> None:
    arms = [
        (cm, days)
        for cm in (5.0, 11.4, 11.49, 11.5, 12.4, 12.49, 12.5, 18.0, None)
        for days in (0, 182, 183, 1826, 1827, None)
    ]
    found = page.evaluate("arms => arms.map(([cm, days]) => module.labelMuac(cm, days))", arms)
    assert found == [as_object(label_muac(cm, days)) for cm, days in arms]


def as_object(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {name: getattr(label, name) for name in ("code", "id", "en", "severity", "index")}


def test_months_and_positions_on_every_day(page: Page) -> None:
    days = list(range(1900))
    found = page.evaluate(
        "days => days.map(day => [module.completedMonths(day), module.expectedPosition(day)])", days
    )
    assert found == [[completed_months(day), expected_position(day)] for day in days]


def test_a_length_is_corrected_as_the_register_does_at_every_millimetre(page: Page) -> None:
    asked = [
        (mm / 10, position, day)
        for mm in range(400, 1251)
        for position in Position
        for day in (273, 274, 730, 731, None)
    ]
    found = page.evaluate("asked => asked.map(one => module.correctedLenhei(...one))", asked)
    assert found == [list(corrected_lenhei(*one)) for one in asked]


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/Sao_Paulo", "Pacific/Apia"])
def test_days_of_age_are_the_same_in_every_time_zone(
    chromium: Browser, live_server: LiveServer, zone: str
) -> None:
    """Sao Paulo had midnights that did not exist, and Apia skipped 30 December 2011."""
    context = chromium.new_context(base_url=live_server.url, timezone_id=zone)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.evaluate(LOAD)
    pairs = [
        (birth, on)
        for birth in (date(2011, 12, 29), date(2018, 11, 3), date(2020, 2, 29), date(1969, 12, 31))
        for on in (date(2020, 3, 1), date(2021, 2, 28), date(2024, 2, 29), date(2026, 1, 1), date(2100, 3, 1))
    ]
    found = page.evaluate(
        "pairs => pairs.map(([birth, on]) => module.ageInDays(birth, on))",
        [[birth.isoformat(), on.isoformat()] for birth, on in pairs],
    )
    context.close()
    assert found == [age_in_days(birth, on) for birth, on in pairs]


REFUSED = {
    "module.ageInDays('2024-03-02', '2024-03-01')": "RangeError",
    "module.ageInDays('2023-02-29', '2024-03-01')": "RangeError",
    "module.ageInDays('2024-13-01', '2025-03-01')": "RangeError",
    "module.ageInDays('', '2025-03-01')": "RangeError",
    "module.ageInDays('0024-03-01', '2024-03-01')": "RangeError",
    "module.ageInDays('2024-3-01', '2024-03-02')": "RangeError",
    "module.ageInDays('2024-03-01T00:00', '2024-03-02')": "RangeError",
    "growth.assess({ sex: 3, ageDays: 10 })": "RangeError",
    "growth.assess({ sex: '1', ageDays: 10 })": "RangeError",
    "growth.assess({ sex: 1, ageDays: -1 })": "RangeError",
    "growth.assess({ sex: 1, ageDays: 10.5 })": "RangeError",
    "growth.assess({ sex: 1, ageDays: NaN })": "RangeError",
    "growth.assess({ sex: 1 })": "RangeError",
    "growth.assess({ sex: 1, ageDays: 10, position: 'S' })": "RangeError",
    "growth.assess({ sex: 1, ageDays: 10, oedema: 'n' })": "TypeError",
    "growth.assess({ sex: 1, ageDays: 10, weightKg: '3.2' })": "TypeError",
    "new module.Growth({})": "Error",
    "new module.Growth(null)": "Error",
    "module.loadGrowth('/static/js/none.json')": "Error",
}


def test_what_cannot_be_judged_is_refused(page: Page) -> None:
    def outcome(call: str) -> str:
        """The name of the error that a call ends in, or what it gives."""
        return str(
            page.evaluate(
                f"""async () => {{
                    try {{ return JSON.stringify(await {call}); }}
                    catch (error) {{ return error.constructor.name; }}
                }}"""
            )
        )

    assert {call: outcome(call) for call in REFUSED} == REFUSED


FAULTS = (
    "delete file.tables.wfh",
    "delete file.tables.lfa[2]",
    "delete file.tables.lfa[2].s",
    "file.tables.wfa[1].m.pop()",
    "file.tables.wfl.first = 451",
    "delete file.scales.l",
)


def test_tables_with_a_part_missing_are_refused(page: Page) -> None:
    for fault in ("", *FAULTS):
        given = f"""async () => {{
            const file = await (await fetch("/static/js/growth-tables.json")).json();
            {fault};
            try {{ new module.Growth(file); }} catch (error) {{ return error.message; }}
            return "taken";
        }}"""
        expected = "these are not the WHO tables of growth-tables.json" if fault else "taken"
        assert page.evaluate(given) == expected, fault


def test_what_is_missing_in_javascripts_own_ways_is_missing(page: Page) -> None:
    """NaN is what an empty field becomes; it must not read as normal."""
    found = page.evaluate("""() => [
        growth.assess({ sex: 2, ageDays: 400, weightKg: NaN, lenheiCm: undefined }),
        module.labelHaz(NaN), module.labelWhz(undefined), module.labelMuac(NaN, 400),
    ]""")
    assert [found[0][name] for name in ("clenheiCm", *INDICES)] == [None] * 5
    assert found[0]["labels"] == dict.fromkeys(INDICES)
    assert found[1:] == [None, None, None]


def test_a_score_that_rounds_to_nothing_is_zero_without_a_sign(page: Page) -> None:
    # A boy's median at birth is 49.8842 cm with S 0.03795: 49.88 cm is -0.002 SD.
    z = "growth.assess({ sex: 1, ageDays: 0, lenheiCm: 49.88 }).haz"
    assert page.evaluate(f"[Object.is({z}, 0), Object.is({z}, -0)]") == [True, False]


def test_once_loaded_it_asks_the_network_for_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    # The medians of a girl on day 365, as WHO's tables print them.
    one = {"sex": Sex.GIRL, "age_days": 365, "weight_kg": 8.9462, "lenhei_cm": 74.0049, "position": "L"}
    [got] = on_the_phone(page, [one])
    assert (got.waz, got.haz) == (0, 0)
    assert asked == []
