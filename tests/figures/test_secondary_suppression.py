"""What is hidden in one village is not found by taking its neighbours from the sum of them all."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from registry.figures.counts import BASES, GAIN_PARTS, Counts, hidden_in
from registry.figures.secondary_suppression import hidden_among


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
        ((3, 20, 9), "AC"),  # A alone would be the sum less B and C
        ((3, 5, 9), "AC"),  # company goes by the place, not by the number
        ((3, 9, 5), "ABC"),  # with C they sum up to 8, so that A has at most 3
        ((3, 2, 20), "AB"),  # two of them: their sum, 5, leaves it open
        ((3, 1, 20), "ABC"),  # 4 does not: neither could be 4
        ((4, 4, 20, 30), "ABD"),  # 8 says four each
        ((3, 0, 20), "AC"),  # who has none is no company
        ((3, 0, 0), "ABC"),  # and where there is no other, all are hidden
        ((1, 1, 1, 1, 1, 0), "ABCDEF"),
        ((97, 20, 30), "AC"),  # all but 3
        ((100, 20, 30), ""),
        ((3,), "A"),
    ],
)
def test_a_hidden_count_has_company_enough(values: tuple[int, ...], found: str) -> None:
    assert hidden("stunted", stunted(*values)) == found


def test_company_is_a_place_with_many_children_first() -> None:
    siblings = stunted(3, 20, 20)
    siblings["B"] = replace(siblings["B"], registered=101)
    assert hidden("stunted", siblings) == "AB"


def letters(*rows: tuple[int, int, int, int]) -> dict[str, Counts]:
    """N, T, O, B of villages A, B, C ..."""
    return {
        chr(65 + i): Counts(registered=90, measured=90, **dict(zip(GAIN_PARTS, row, strict=True)))
        for i, row in enumerate(rows)
    }


def test_n_is_hidden_with_t_and_o_with_b_in_company_too() -> None:
    found = hidden_among(letters((3, 20, 12, 30), (9, 20, 12, 30), (30, 21, 13, 31)))
    assert found == {
        "A": {"gained", "not_gained"},
        "B": frozenset(),
        "C": {"gained", "not_gained"},
    }


def test_where_nobody_is_new_the_other_letters_are_hidden_with_o() -> None:
    """Else O would be what is missing from D."""
    found = hidden_among(letters((20, 30, 3, 0), (20, 31, 12, 0), (0, 0, 0, 0)))
    assert found == {"A": set(GAIN_PARTS), "B": set(GAIN_PARTS), "C": frozenset()}


def place(registered: int, measured: int) -> Counts:
    """All measured children are weighed and believed."""
    return Counts(
        registered, measured, measured, waz_believed=measured, whz_believed=measured, gained=measured
    )


@pytest.mark.parametrize(
    ("places", "blank", "registered"),
    [
        ([(20, 15), (20, 15)], "", ""),
        ([(20, 3), (20, 12), (20, 12)], "AB", ""),
        ([(20, 3), (20, 0), (20, 12)], "AC", ""),  # nobody measured is no company
        ([(20, 3), (20, 5), (20, 12)], "ABC", ""),
        ([(20, 3), (20, 20), (20, 20)], "AB", "AB"),  # nobody but A can have more measured than is shown
        ([(3, 3), (20, 12), (20, 12)], "AB", "AB"),
        ([(20, 3), (20, 0)], "AB", ""),
        ([(4, 3), (20, 0)], "AB", "AB"),
        ([(5, 4), (5, 5), (5, 5)], "AB", "AB"),
        ([(5, 4)], "A", ""),  # it is the sum, which shows the same
    ],
)
def test_where_few_were_measured_another_place_goes_blank_too(
    places: list[tuple[int, int]], blank: str, registered: str
) -> None:
    siblings = {chr(65 + i): place(*numbers) for i, numbers in enumerate(places)}
    assert hidden("measured", siblings) == hidden("haz_believed", siblings) == blank
    assert hidden("stunted", siblings) == blank
    assert hidden("registered", siblings) == registered


def test_a_place_where_nobody_is_registered_is_no_other() -> None:
    assert hidden("registered", {"A": place(5, 4), "B": place(0, 0)}) == ""


def test_what_is_hidden_among_siblings_needs_nothing_more_in_the_place() -> None:
    rng = random.Random(3)
    for _round in range(200):
        siblings = {
            code: replace(place(rng.randrange(9, 30), rng.randrange(9)), stunted=rng.randrange(4), first=3)
            for code in "ABCD"
        }
        for code, names in hidden_among(siblings).items():
            assert hidden_in(siblings[code], names) == names


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
    counts = {name: 50 for name in BASES if name != "weighed"}
    parts = dict.fromkeys(("stunted", "wasted", "underweight", "overweight", *GAIN_PARTS), 12)
    siblings = {code: Counts(**counts, **parts) for code in "ABC"}
    assert hidden_among(siblings) == dict.fromkeys("ABC", frozenset())
