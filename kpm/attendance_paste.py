"""Reads a pasted list of who came: a village code, a village or a name each line, or cells of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kpm.figures import KecamatanAttendance
from kpm.models import Cadre
from registry.name_similarity import name_key
from registry.places.match import dotted_code
from registry.places.names import village_key

MOST_LINES = 1000
_CELL = re.compile(r"[\t;,]")


@dataclass(slots=True)
class PastedAttendance:
    """Who a pasted list means, and its lines that fit nobody, several, or somebody once more."""

    found: set[int] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def read_pasted_attendance(text: str, groups: Iterable[KecamatanAttendance]) -> PastedAttendance:
    """Return which of the called cadres each line of ``text`` means."""
    by_key: dict[str, set[int]] = defaultdict(set)
    for person in (person for group in groups for person in group.people):
        for key in _keys_of(person.cadre):
            by_key[key].add(person.cadre.pk)
    pasted = PastedAttendance()
    for line in (line.strip() for line in text.splitlines()[:MOST_LINES]):
        fits = _find_fitting(line, by_key)
        if len(fits) > 1:
            pasted.unclear.append(line[:80])
        elif fits & pasted.found:
            pasted.repeated.append(line[:80])
        elif fits:
            pasted.found |= fits
        elif line:
            pasted.unknown.append(line[:80])
    return pasted


def _keys_of(cadre: Cadre) -> Iterator[str]:
    yield from (cadre.village_id, village_key(cadre.village.name), name_key(cadre.full_name))


def _find_fitting(line: str, by_key: Mapping[str, set[int]]) -> set[int]:
    """Return the cadres that fit every cell of a line by which somebody is known."""
    keys = ((dotted_code(cell) or "", village_key(cell), name_key(cell)) for cell in _CELL.split(line))
    fits = [by_key[key] for cell in keys for key in cell if key in by_key]
    return set.intersection(*fits) if fits else set()
