"""Counts that must be hidden because those beside them add up to a total that is shown.

A reader outside the team who sees a kecamatan and all its villages but one knows the one by subtraction. So
where a count of a single village is hidden, that of the next smallest village is hidden with it; the same
holds for kecamatan in the district, and within a place for N, T, O and B, which add up to D.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.figures.counts import COUNTED, GAIN_PARTS, SMALL_COUNT, Counts, hidden_in

PUBLISHED = (
    "registered",
    "measured",
    "weighed",
    *GAIN_PARTS,
    *dict.fromkeys(name for pair in COUNTED.values() for name in pair),
)
"""Every counter that other systems are told."""

Hidden = dict[str, frozenset[str]]


def hidden_among(siblings: Mapping[str, Counts]) -> Hidden:
    """The names of the counters to hide for each of ``siblings``, by code, whose sum is shown.

    Hiding one more in a place can leave another lone one there; so this goes on until nothing follows.
    """
    hidden = {code: hidden_in(counts, frozenset()) for code, counts in siblings.items()}
    while True:
        wider = {code: set(names) for code, names in hidden.items()}
        for name in PUBLISHED:
            for code in _to_hide(name, siblings, hidden):
                wider[code].add(name)
        now = {code: hidden_in(siblings[code], frozenset(names)) for code, names in wider.items()}
        if now == hidden:
            return hidden
        hidden = now


def _to_hide(name: str, siblings: Mapping[str, Counts], hidden: Hidden) -> set[str]:
    """The places whose counter ``name`` must be hidden besides those where it is already."""
    values = {code: int(getattr(counts, name)) for code, counts in siblings.items()}
    chosen = {code for code, names in hidden.items() if name in names}
    # Children of no place are hidden last: who has none is known to have none.
    others = sorted(values.keys() - chosen, key=lambda code: (values[code] == 0, values[code], code))
    added: set[str] = set()
    while chosen and others and _given_away([values[code] for code in chosen]):
        code = others.pop(0)
        chosen.add(code)
        added.add(code)
    return added


def _given_away(values: list[int]) -> bool:
    """Their sum is known: a lone value follows from it, and so do values that are all the least or the most
    that a hidden count can be.
    """
    if len(values) == 1:
        return True
    if not all(0 < value < SMALL_COUNT for value in values):
        return False
    return sum(values) in (len(values), (SMALL_COUNT - 1) * len(values))
