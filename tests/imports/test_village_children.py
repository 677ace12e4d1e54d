"""The blocks of a village give the children that comparing a row with each of them gives, and no others."""

from __future__ import annotations

from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.imports.matching.village_children import KnownChild, VillageChildren
from registry.name_similarity import (
    NameForms,
    Parents,
    ParentWords,
    compared_parents,
    is_unnamed,
    like_names,
    marked_apart,
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
    for number, (name, born, parent, sex) in enumerate(village):
        children.add(KnownChild(UUID(int=number), NameForms(name), born, ParentWords(parent), sex))
    name, born, parent, sex = row
    found = children.of_parents(NameForms(name), sex, born, ParentWords(parent))
    expected = [number for number, child in enumerate(village) if may_be_one(child, row)]
    assert sorted(known.id.int for known in found) == expected
    apart = [abs(known.born - born) for known in found]
    assert apart == sorted(apart)


def may_be_one(child: tuple[str, int, str, int], row: tuple[str, int, str, int]) -> bool:
    (name, born, parent, sex), (other, other_born, other_parent, other_sex) = child, row
    return (
        sex == other_sex
        and 0 < abs(born - other_born) <= 240
        and compared_parents(parent, other_parent) is Parents.SAME
        and not marked_apart(name, other)
        and (is_unnamed(name) or is_unnamed(other) or like_names(name, other))
    )
