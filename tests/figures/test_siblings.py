"""What is hidden in one village is not found by taking its neighbours from the sum of them all."""

from __future__ import annotations

import itertools
import random

import pytest

from registry.figures.counts import GAIN_PARTS, Counts
from registry.figures.siblings import PUBLISHED, hidden_among


def stunted(*values: int) -> dict[str, Counts]:
    """Villages A, B, C ... with these children stunted of 100."""
    return {
        chr(65 + i): Counts(registered=100, measured=100, haz_believed=100, stunted=value)
        for i, value in enumerate(values)
    }


def hidden(name: str, siblings: dict[str, Counts]) -> str:
    return "".join(sorted(code for code, names in hidden_among(siblings).items() if name in names))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((10, 20, 30), ""),
        ((3, 20, 9), "AC"),  # A alone would be the sum less B and C: the smaller of those goes with it
        ((3, 2, 20), "AB"),  # two of them: their sum, 5, leaves it open
        ((1, 1, 20), "ABC"),  # a sum of 2 says one each
        ((4, 4, 20, 30), "ABC"),  # a sum of 8 says four each
        ((3, 0, 20), "AC"),  # who has none is hidden last
        ((3, 0, 0), "AB"),
        ((3,), "A"),
    ],
)
def test_a_hidden_count_has_company_enough(values: tuple[int, ...], found: str) -> None:
    assert hidden("stunted", stunted(*values)) == found


def test_hiding_a_part_of_d_hides_another_part_there_and_that_one_gets_company_too() -> None:
    siblings = {
        "A": Counts(registered=60, gained=3, not_gained=20, not_before=2, first=30),
        "B": Counts(registered=60, gained=9, not_gained=20, not_before=12, first=30),
        "C": Counts(registered=60, gained=30, not_gained=21, not_before=13, first=31),
    }
    found = hidden_among(siblings)
    assert found["A"] == {"gained", "not_before"}
    assert found["B"] == {"gained", "not_before"}  # company for both, and two parts of D leave it open
    assert found["C"] == frozenset()


def possible(siblings: dict[str, Counts], name: str, shown: dict[str, set[int]]) -> list[set[int]]:
    """Values each hidden count of ``name`` can have for a reader who knows the sum and the rule."""
    codes = list(siblings)
    total = sum(getattr(siblings[code], name) for code in codes)
    found: list[set[int]] = [set() for _code in codes]
    for values in itertools.product(*(sorted(shown[code]) for code in codes)):
        if sum(values) == total:
            for place, value in enumerate(values):
                found[place].add(value)
    return found


def test_by_sums_nobody_learns_a_small_count() -> None:
    """Every small count keeps at least two values that fit all that is shown."""
    rng = random.Random(7)
    for _round in range(300):
        siblings = stunted(*(rng.choice([0, 1, 1, 2, 3, 4, 5, 7, 12]) for _village in range(4)))
        found = hidden_among(siblings)
        may_be = {
            code: set(range(13)) if "stunted" in found[code] else {counts.stunted}
            for code, counts in siblings.items()
        }
        values = possible(siblings, "stunted", may_be)
        for (code, counts), fitting in zip(siblings.items(), values, strict=True):
            if 0 < counts.stunted < 5:
                assert "stunted" in found[code]
                assert len(fitting) > 1 or sum(c.stunted for c in siblings.values()) == counts.stunted


def test_nothing_is_hidden_twice_over() -> None:
    """Whole numbers that are all large stay as they are."""
    counts = {name: 50 for name in PUBLISHED if name not in (*GAIN_PARTS, "weighed")}
    siblings = {code: Counts(**counts, **dict.fromkeys(GAIN_PARTS, 12)) for code in "ABC"}
    assert hidden_among(siblings) == dict.fromkeys("ABC", frozenset())
