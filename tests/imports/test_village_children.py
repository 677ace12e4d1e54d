"""The blocks of a village give the children that comparing a row with each of them gives, and no others."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.imports.matching.comparison import ComparedPerson
from registry.imports.matching.village_children import VillageChildren
from registry.likeness import is_slip
from registry.name_similarity import (
    Agreement,
    NameForms,
    ParentWords,
    compared_parents,
    like_names,
    name_key,
)

WORDS = (
    *("SITI", "ST", "SITTI", "M", "MUH", "MUHAMMAD", "RAFI", "RAFA", "RAFFA", "AISYAH", "AISAH", "ZAHRA"),
    *("ZAHROH", "NURHALIZA", "NURHALISSAH", "AHMAD", "FAUZI", "FAUZY", "A", "B", "F", "N", "II", "2"),
    *("ABD", "ABDUL", "KEMBAR", "PUTRI", "PUTRA", "ALFATIH", "AL", "FATIH"),
)
NAMES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(["BAYI NY", "BY", "AN NY"]).flatmap(
        lambda before: st.sampled_from(WORDS).map(lambda word: f"{before} {word}")
    ),
    st.text("ABHS ", min_size=1, max_size=9),
    st.just("\u5b89"),  # of which no letter is left
)
IDENTITIES = st.tuples(
    NAMES,
    st.integers(0, 600),  # the day of birth
    st.sampled_from(["BAPAK A/IBU AMINAH"] * 8 + ["IBU AMINNAH", "HARTONO", ""]),
    st.sampled_from([1, 1, 1, 2]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(IDENTITIES, max_size=40), IDENTITIES)
@example([("RAFI", 3, "IBU AMINAH", 1)], ("RAFA", 243, "IBU AMINAH", 1))
@example([("SITI A", 3, "IBU AMINAH", 2)], ("SITI B", 4, "IBU AMINAH", 2))
@example([("BY NY AMINAH", 300, "IBU AMINAH", 2)], ("PUTRI", 61, "AMINAH", 2))
@example([("ALA", 3, "IBU AMINAH", 1)], ("ALU", 4, "IBU AMINAH", 1))
def test_blocks_give_whom_comparing_one_by_one_gives(
    village: list[tuple[str, int, str, int]], row: tuple[str, int, str, int]
) -> None:
    children = VillageChildren()
    for number, child in enumerate(village):
        children.add(person(UUID(int=number), *child))
    found = children.list_born_otherwise(person(None, *row))
    expected = [
        number for number, child in enumerate(village) if may_be_one(child, row) or may_be_slip(child, row)
    ]
    assert sorted(known.id.int for known in found if known.id) == expected
    apart = [abs(known.born - day(row[1])).days for known in found if known.born]
    assert apart == sorted(apart)


def person(pk: UUID | None, name: str, born: int, parent: str, sex: int) -> ComparedPerson:
    return ComparedPerson(NameForms(name), day(born), sex, ParentWords(parent), id=pk)


def day(number: int) -> date:
    return date(2022, 1, 1) + timedelta(days=number)


def may_be_one(child: tuple[str, int, str, int], row: tuple[str, int, str, int]) -> bool:
    (name, born, parent, sex), (other, other_born, other_parent, other_sex) = child, row
    return (
        sex == other_sex
        and 0 < abs(born - other_born) <= 240
        and compared_parents(parent, other_parent) is Agreement.SAME
        and not NameForms(name).is_marked_apart(NameForms(other))
        and (NameForms(name).is_unnamed or NameForms(other).is_unnamed or like_names(name, other))
    )


def may_be_slip(child: tuple[str, int, str, int], row: tuple[str, int, str, int]) -> bool:
    """One name, and a slip of the pen in the birth date or the sex."""
    (name, born, parent, sex), (other, other_born, other_parent, other_sex) = child, row
    if name_key(name) != name_key(other) or compared_parents(parent, other_parent) is Agreement.OTHER:
        return False
    if sex != other_sex:
        return born == other_born
    return born != other_born and is_slip(day(born), day(other_born))
