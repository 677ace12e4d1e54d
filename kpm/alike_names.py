"""Children whose names sound alike: a list has them under each other, with what tells them apart in bold.

The phone does the same (``static/js/workspace/children.js``); tests/phone compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar
from uuid import UUID

from registry.models import Child
from registry.name_similarity import sound_of

Row = TypeVar("Row")

_TELLING = ("parent_name", "birth_date", "posyandu_id")


class AlikeName(NamedTuple):
    """How a name sounds that is another child's too; ``differing``: fields that are not the same of all."""

    sound: str
    differing: frozenset[str]


def find_alike(children: Iterable[Child]) -> dict[UUID, AlikeName]:
    """Return the children whose names sound as another's of them."""
    groups: dict[str, list[Child]] = defaultdict(list)
    for child in children:
        groups[sound_of(child.name)].append(child)
    return {
        child.pk: AlikeName(sound, _list_differing(group))
        for sound, group in groups.items()
        if len(group) > 1
        for child in group
    }


def _list_differing(group: list[Child]) -> frozenset[str]:
    return frozenset(name for name in _TELLING if len({getattr(child, name) for child in group}) > 1)


def place_alike(
    rows: list[Row], alike: Mapping[UUID, AlikeName], child_of: Callable[[Row], Child]
) -> list[Row]:
    """Return ``rows`` with those whose names sound alike under the first of them."""
    first: dict[object, int] = {}
    places = {}
    for place, row in enumerate(rows):
        child = child_of(row)
        places[child.pk] = first.setdefault(alike[child.pk].sound if child.pk in alike else child.pk, place)
    return sorted(rows, key=lambda row: places[child_of(row).pk])
