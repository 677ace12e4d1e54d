"""An audit of what is hidden, by two readers who share no line with the code that hides.

The first knows every shown number, every sum, and how the counters of a village bound one another; he tries
to work out each small count. The second knows the rules of hiding by heart as well: he runs them over every
table there could be and keeps those that would show him what he is shown.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from registry.figures.counts import Counts
from registry.figures.secondary_suppression import hidden_among

FIELDS = ["registered", "measured", "haz_believed", "waz_believed", "whz_believed"]
FIELDS += ["stunted", "underweight", "wasted", "overweight", "gained", "not_gained", "not_before", "first"]
NAMES = [*FIELDS, "weighed"]
AT_MOST = [
    ("measured", "registered"),
    ("weighed", "measured"),
    ("haz_believed", "measured"),
    ("waz_believed", "weighed"),
    ("whz_believed", "measured"),
    ("stunted", "haz_believed"),
    ("underweight", "waz_believed"),
]
LETTERS = ("gained", "not_gained", "not_before", "first")
Cell = tuple[str, str]
Term = tuple[Cell, int]


class Reader:
    """Knows what is shown, and looks for numbers that fit it: each law is a sum of terms from low to high."""

    def __init__(self, siblings: Mapping[str, Counts], hidden: Mapping[str, frozenset[str]]) -> None:
        self.true = {(code, name): getattr(c, name) for code, c in siblings.items() for name in NAMES}
        self.laws: list[tuple[list[Term], int, int]] = []
        self.of: dict[Cell, list[int]] = defaultdict(list)
        self.unknown = {(code, name) for code, name in self.true if name in hidden[code]}
        for name in NAMES:
            everybody = sum(self.true[code, name] for code in siblings)
            self._law([((code, name), 1) for code in siblings], everybody, everybody)
        for code in siblings:
            for less, more in AT_MOST:
                self._law([((code, more), 1), ((code, less), -1)], 0, 10**6)
            whole = [((code, "whz_believed"), 1), ((code, "wasted"), -1), ((code, "overweight"), -1)]
            self._law(whole, 0, 10**6)
            self._law([((code, "weighed"), -1), *(((code, name), 1) for name in LETTERS)], 0, 0)

    def _law(self, terms: list[Term], low: int, high: int) -> None:
        known = sum(self.true[cell] * by for cell, by in terms if cell not in self.unknown)
        left = [(cell, by) for cell, by in terms if cell in self.unknown]
        assert low <= sum(self.true[cell] * by for cell, by in terms) <= high, terms
        for cell, _by in left:
            self.of[cell].append(len(self.laws))
        self.laws.append((left, low - known, high - known))

    def can_be(self, cell: Cell, value: int) -> bool:
        """Whether all that is shown leaves room for ``cell`` being ``value``."""
        bounds = dict.fromkeys(self.unknown, (0, 10**6))
        bounds[cell] = (value, value)
        if not self._narrowed(bounds, set(range(len(self.laws)))):
            return False
        return any(self._repaired({cell: value}, bounds, depth, [20000]) for depth in range(1, 16))

    def _repaired(
        self, changed: dict[Cell, int], bounds: dict[Cell, tuple[int, int]], depth: int, steps: list[int]
    ) -> bool:
        """Whether the true numbers but for ``changed`` fit every law after ``depth`` changes more at most."""
        steps[0] -= 1
        broken: tuple[int, list[Term]] | None = None
        for law in sorted({law for cell in changed for law in self.of[cell]}):
            terms, low, high = self.laws[law]
            found = sum(by * changed.get(cell, self.true[cell]) for cell, by in terms)
            if not low <= found <= high:
                free = [(cell, by) for cell, by in terms if cell not in changed]
                if broken is None or len(free) < len(broken[1]):
                    broken = (low - found if found < low else high - found, free)
        if broken is None:
            return True
        off, free = broken
        for cell, by in free:
            new = self.true[cell] + by * off  # each counts once in a law
            may = depth and steps[0] > 0 and bounds[cell][0] <= new <= bounds[cell][1]
            if may and self._repaired({**changed, cell: new}, bounds, depth - 1, steps):
                return True
        return False

    def _narrowed(self, bounds: dict[Cell, tuple[int, int]], todo: set[int]) -> bool:
        """Draw the bounds in as far as the laws do; False when they leave nothing."""
        while todo:
            terms, low, high = self.laws[todo.pop()]
            ends = [sorted((by * bounds[cell][0], by * bounds[cell][1])) for cell, by in terms]
            least, most = sum(a for a, _b in ends), sum(b for _a, b in ends)
            if least > high or most < low:
                return False
            for (cell, by), (a, b) in zip(terms, ends, strict=True):
                new = sorted((by * max(a, low - (most - b)), by * min(b, high - (least - a))))
                if (new[0], new[1]) != bounds[cell]:
                    bounds[cell] = (new[0], new[1])
                    todo.update(self.of[cell])
        return True


def found_out(siblings: Mapping[str, Counts], hide: Callable[..., Any] = hidden_among) -> list[str]:
    """The small counts that the first reader works out, or sees."""
    hidden = hide(siblings)
    reader = Reader(siblings, hidden)
    return [
        f"{name} of {code} is {value}"
        for (code, name), value in reader.true.items()
        if 0 < value < 5
        if name not in hidden[code]
        or not any(reader.can_be((code, name), other) for other in (1, 2, 3, 4, 5, 0) if other != value)
    ]


# Village 2014 hides who was measured; 2006, where everybody was measured and believed, gave it away.
MEASURED = """
2001 19 18 17 18 17 2 2 2 0 11 6 1 0
2002 13 12 11 12 11 1 1 0 0 7 4 1 0
2003 16 14 12 14 12 2 0 0 0 8 5 0 1
2004 31 27 24 27 24 3 2 1 0 16 6 5 0
2005 18 16 16 16 16 4 2 0 0 6 8 2 0
2006 11 11 11 11 11 1 0 0 0 6 2 3 0
2007 19 16 15 16 15 2 1 2 0 10 3 3 0
2008 21 19 17 19 17 1 0 0 0 10 8 1 0
2009 17 15 13 15 13 1 2 1 0 9 3 3 0
2010 16 13 13 13 13 3 2 1 1 6 5 2 0
2011 22 17 16 17 16 0 1 1 0 5 8 4 0
2012 30 21 21 21 21 4 4 2 0 7 8 5 1
2013 16 12 12 12 12 0 0 0 0 6 4 2 0
2014 5 4 4 4 4 1 1 0 0 1 3 0 0
2015 16 14 14 14 14 2 3 3 0 7 5 2 0
2016 24 15 15 15 15 4 1 0 0 4 6 5 0
2017 12 11 11 11 11 0 2 2 1 5 3 2 1
"""
# Five wasted, one each, and no village with more: whoever knew which zero was hidden with them knew it all.
WASTED = """
2001 14 8 6 8 6 1 1 0 0 5 1 2 0
2002 13 10 10 10 10 3 1 1 0 7 2 1 0
2003 11 6 6 6 6 1 1 0 0 2 1 3 0
2004 28 25 22 25 22 5 2 1 0 10 11 3 1
2005 13 12 12 12 12 3 1 0 0 5 4 3 0
2006 14 14 14 14 14 1 2 1 0 8 6 0 0
2007 13 11 11 11 11 5 2 1 0 4 6 1 0
2008 17 15 14 15 14 8 5 0 0 7 6 2 0
2009 3 2 2 2 2 0 0 0 0 2 0 0 0
2010 10 9 9 9 9 1 0 1 0 0 8 1 0
"""


def table(text: str) -> dict[str, Counts]:
    rows = (line.split() for line in text.split("\n") if line)
    return {code: Counts(**dict(zip(FIELDS, map(int, numbers), strict=True))) for code, *numbers in rows}


@pytest.mark.parametrize("text", [MEASURED, WASTED])
def test_nothing_is_found_out_where_something_was(text: str) -> None:
    assert found_out(table(text)) == []


def test_the_reader_finds_out_what_is_left_open() -> None:
    """The audit itself: with only the small counts hidden it finds them."""
    siblings = table(MEASURED)
    only_small = {
        code: frozenset(name for name in NAMES if 0 < getattr(counts, name) < 5)
        for code, counts in siblings.items()
    }
    assert "measured of 2014 is 4" in found_out(siblings, lambda _siblings: only_small)
    # As it was: company that the numbers shown beside it give away.
    company = {**only_small, "2006": only_small["2006"] | {"measured", "weighed"}}
    assert "measured of 2014 is 4" in found_out(siblings, lambda _siblings: company)


def test_where_five_have_one_each_no_village_shows_whether_it_has_one() -> None:
    hidden = hidden_among(table(WASTED))
    assert all("wasted" in names for names in hidden.values())


def village(rng: random.Random) -> Counts:
    """A village that could be, with few children as often as not."""

    def some(of: int, share: float) -> int:
        return sum(rng.random() < share for _child in range(of))

    registered = rng.choice([0, 3, 6, 9, 14, 25, 40])
    measured = some(registered, rng.choice([0.2, 0.8, 1]))
    weighed = some(measured, rng.choice([0.9, 1]))
    haz, whz = some(measured, rng.choice([0.9, 1])), some(weighed, rng.choice([0.9, 1]))
    first = some(weighed, 0.1)
    not_before = some(weighed - first, 0.2)
    gained = some(weighed - first - not_before, rng.choice([0.5, 0.9]))
    wasted = some(whz, 0.1)
    waz = some(weighed, 0.95)
    return Counts(
        registered=registered,
        measured=measured,
        haz_believed=haz,
        waz_believed=waz,
        whz_believed=whz,
        stunted=some(haz, rng.choice([0.2, 0.9])),
        underweight=some(waz, 0.15),
        wasted=wasted,
        overweight=some(whz - wasted, 0.05),
        gained=gained,
        not_gained=weighed - first - not_before - gained,
        not_before=not_before,
        first=first,
    )


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_found_out_in_districts_that_could_be(seed: int) -> None:
    rng = random.Random(seed)
    siblings = {chr(65 + i): village(rng) for i in range(rng.randrange(3, 7))}
    # Where only one village has children it is the sum, and both hide the same.
    if sum(min(counts.haz_believed, counts.whz_believed) > 0 for counts in siblings.values()) > 1:
        assert found_out(siblings) == []


def splits(total: int, among: int) -> Iterator[tuple[int, ...]]:
    """All ways to share out ``total``."""
    if among == 1:
        yield (total,)
        return
    for one in range(total + 1):
        for others in splits(total - one, among - 1):
            yield one, *others


def known_by_heart(tables: Iterator[dict[str, Counts]], names: list[str]) -> list[str]:
    """What the second reader finds out: among all ``tables`` that look alike to him, a small count is one."""
    alike: dict[Any, list[dict[str, Counts]]] = defaultdict(list)
    for siblings in tables:
        hidden = hidden_among(siblings)
        sums = tuple(sum(getattr(c, name) for c in siblings.values()) for name in names)
        shown = tuple(
            None if name in hidden[code] else getattr(counts, name)
            for code, counts in siblings.items()
            for name in names
        )
        if sum(counts.registered > 0 for counts in siblings.values()) > 1:
            alike[sums, shown].append(siblings)
    assert len(alike) > 50
    found = []
    for (sums, shown), group in alike.items():
        for code, name in itertools.product(group[0], names):
            values = {getattr(siblings[code], name) for siblings in group}
            if len(values) == 1 and 0 < min(values) < 5:
                found.append(f"{name} of {code} is {values} by {shown} and {sums}")
    return found


@pytest.mark.parametrize("wholes", [(6, 8, 11, 12), (7, 7, 7, 7, 0), (5, 20, 20), (14, 25, 11)])
def test_who_knows_the_rules_finds_out_no_stunted_child(wholes: tuple[int, ...]) -> None:
    def tables() -> Iterator[dict[str, Counts]]:
        for parts in itertools.product(*(range(whole + 1) for whole in wholes)):
            yield {
                str(i): Counts(
                    registered=n,
                    measured=n,
                    haz_believed=n,
                    waz_believed=n,
                    whz_believed=n,
                    first=n,
                    stunted=part,
                )
                for i, (n, part) in enumerate(zip(wholes, parts, strict=True))
            }

    assert known_by_heart(tables(), ["stunted"]) == []


@pytest.mark.parametrize("weighed", [(7, 9), (5, 6, 0)])
def test_who_knows_the_rules_finds_out_no_letter(weighed: tuple[int, ...]) -> None:
    def tables() -> Iterator[dict[str, Counts]]:
        for shares in itertools.product(*(splits(n, 4) for n in weighed)):
            yield {
                str(i): Counts(
                    registered=30, measured=20, haz_believed=20, **dict(zip(LETTERS, row, strict=True))
                )
                for i, row in enumerate(shares)
            }

    assert known_by_heart(tables(), list(LETTERS)) == []


@pytest.mark.parametrize(("registered", "among"), [(14, 4), (18, 4), (15, 3), (18, 2), (27, 2)])
def test_who_knows_the_rules_finds_out_nobody_measured(registered: int, among: int) -> None:
    """Each way to be registered; with up to three villages also each number of those measured."""

    def tables() -> Iterator[dict[str, Counts]]:
        for homes in splits(registered, among):
            for seen in itertools.product(*([n] if among > 3 else range(n + 1) for n in homes)):
                yield {
                    str(i): Counts(
                        registered=n, measured=m, haz_believed=m, waz_believed=m, whz_believed=m, gained=m
                    )
                    for i, (n, m) in enumerate(zip(homes, seen, strict=True))
                }

    assert known_by_heart(tables(), ["registered", "measured", "weighed", "haz_believed"]) == []
