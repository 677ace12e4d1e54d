"""The phone says of a child what the follow-up list asks for, as the register does."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any

import pytest

from kpm.advice import advise
from kpm.cases.standing import Reason
from kpm.follow_up import list_unsaid_reasons, reason_words
from kpm.roster import measurement_json
from kpm.workspace_strings import list_strings
from registry.growth import GainCode, month_gain_code, twice_not_gained
from registry.models import Child, Measurement
from tests.phone.conftest import RunOnPhone
from tests.phone.test_children import history

UNSAID = """([children_, words]) => children_.map((child) => {
    const m = child.seen[child.seen.length - 1];
    const advice = phone.adviseOn(growth, child, m, words);
    return phone.listUnsaidReasons(growth, child, m, words, advice.steps);
})"""


def on_phone(child: Child, series: list[Measurement]) -> dict[str, Any]:
    born = child.birth_date.isoformat()
    return {"sex": int(child.sex), "born": born, "seen": [measurement_json(m) for m in series]}


def is_twice(series: list[Measurement]) -> bool:
    """T in the month of the last one and in the month before it."""
    last = series[-1].measured_on
    before = date(last.year - (last.month == 1), (last.month - 2) % 12 + 1, 1)
    codes = [
        [m.gain for m in series if m.gain and m.measured_on.replace(day=1) == month]
        for month in (before, last.replace(day=1))
    ]
    return twice_not_gained([GainCode(month_gain_code(one)) if one else None for one in codes])


def in_python(child: Child, series: list[Measurement]) -> list[dict[str, str]]:
    advice = advise(series[-1], twice_not_gained=is_twice(series))
    unsaid = list_unsaid_reasons(child, series, series[-1].measured_on, advice.sentences)
    return [{"word": one.word, "kind": one.chip, "step": step} for one, step in unsaid]


def without_day(reasons: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(({k: v for k, v in one.items() if k != "on"} for one in reasons), key=repr)


def test_four_thousand_histories_stand_on_the_list_for_the_same_reasons(run_on_phone: RunOnPhone) -> None:
    dice = random.Random(16)
    histories = []
    for _ in range(4000):
        child, series = history(dice)
        child.created_at = datetime.fromisoformat(f"{child.birth_date}T12:00+07:00")
        histories.append((child, series))
    told = [on_phone(child, series) for child, series in histories]
    found = run_on_phone(UNSAID, [told, list_strings()])
    differences = [
        (on_phone(child, series), theirs, ours)
        for (child, series), theirs in zip(histories, found, strict=True)
        if without_day(theirs) != (ours := sorted(in_python(child, series), key=repr))
    ]
    assert not differences, f"{len(differences)}: {differences[0]}"
    words = {one["word"] for reasons in found for one in reasons}
    assert len(words) >= 8
    assert sum(bool(reasons) for reasons in found) > 300


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # Weighed only: she is short still, as she was seen on 10 May.
        ({"kg": 10.2}, [("stunted", "2024-05-10", "act")]),
        # Measured, and short no more.
        ({"kg": 10.2, "cm": 85.0}, []),
    ],
)
def test_a_child_that_was_short_stays_so_until_its_height_says_otherwise(
    run_on_phone: RunOnPhone, last: dict[str, float], expected: list[tuple[str, str, str]]
) -> None:
    """A girl born on 10 May 2022: at 24 months −2 SD of height is 80.0 cm (WHO 2006)."""
    seen = [
        {"on": "2024-05-10", "kg": 9.9, "cm": 79.0, "position": "H", "gain": "B"},
        {"on": "2024-06-10", **last, **({"position": "H"} if "cm" in last else {}), "gain": "N"},
    ]
    [found] = run_on_phone(UNSAID, [[{"sex": 2, "born": "2022-05-10", "seen": seen}], list_strings()])
    assert [(one["word"], one["on"], one["kind"]) for one in found] == [
        (reason_words(Reason(code)), on, kind) for code, on, kind in expected
    ]
