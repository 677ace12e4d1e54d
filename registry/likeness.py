"""Whether two records may be of one child, with a single slip of the pen: for asking, never for deciding.

The phone asks the same without a network (``static/js/workspace/duplicates.js``); tests/phone compares. A
file asks more (``registry.imports.matching``), since it may say again tomorrow what is known today.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from registry.name_similarity import Agreement, compared_parents, fold_name, like_names

OTHER_YEARS = 7
"""Nobody is enrolled who is older, so a mistyped year is as near."""


class DuplicateQuestion(StrEnum):
    """What is asked of a record that may be the same. The values are for programs and never change."""

    SAME_CHILD = "same_child"
    TWIN = "twin"


class ComparedChild(NamedTuple):
    """What is known of a child, as far as comparing needs it. ``sex`` and ``village`` as they are stored."""

    name: str
    parent: str
    sex: int
    born: date
    village: str


def find_question(one: ComparedChild, other: ComparedChild) -> DuplicateQuestion | None:
    """Return what is to be asked of two records; None where they are of two children.

    Of one birth date and sex, they are asked about when names or parents are alike: twins where only the
    parents are. In two villages, alike names do not count where the parents are others.

    Where the sex differs, or the birth date in one part or with day and month turned, the names must be alike
    too and the parents the same; or the name is the same in one village, and nobody knows a parent.
    """
    is_same_day, is_same_sex = one.born == other.born, one.sex == other.sex
    if is_same_day + is_same_sex == 0 or not (is_same_day or is_slip(one.born, other.born)):
        return None
    parents = compared_parents(one.parent, other.parent)
    if is_same_day and is_same_sex:
        is_near = one.village == other.village or parents is not Agreement.OTHER
        if is_near and like_names(one.name, other.name):
            return DuplicateQuestion.SAME_CHILD
        return DuplicateQuestion.TWIN if parents is Agreement.SAME else None
    if parents is Agreement.SAME:
        is_one = like_names(one.name, other.name)
    else:
        is_one = parents is Agreement.UNKNOWN and one.village == other.village and _is_same_name(one, other)
    return DuplicateQuestion.SAME_CHILD if is_one else None


def _is_same_name(one: ComparedChild, other: ComparedChild) -> bool:
    """Return whether the names are one but for spelling, and of two words: one word is many children's."""
    return " " in one.name.strip() and fold_name(one.name) == fold_name(other.name)


def is_slip(one: date, other: date) -> bool:
    """Return whether two dates differ in one of day, month and year, or in their order, or by a day."""
    same = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
    turned = one.year == other.year and (one.day, one.month) == (other.month, other.day)
    return same >= 2 or turned or abs((one - other).days) <= 1


def list_slips(born: date) -> list[date]:
    """Return ``born`` and every date that a slip makes of it, within the years of a register of children."""
    return sorted({born, *_slips_of(born)})


def _slips_of(born: date) -> Iterator[date]:
    parts = [(born.year, born.month, day) for day in range(1, 32)]
    parts += [(born.year, month, born.day) for month in range(1, 13)]
    parts += [(born.year + years, born.month, born.day) for years in range(-OTHER_YEARS, OTHER_YEARS + 1)]
    parts.append((born.year, born.day, born.month))
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:  # 30 February
            continue
    yield from (born - timedelta(1), born + timedelta(1))
