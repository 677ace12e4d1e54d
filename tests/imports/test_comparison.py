"""How a row and a child are compared, and what follows: the table of docs/definitions.md, case by case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.imports.matching.comparison import RULES, Compared, ComparedPerson, compare, judge, judge_all
from registry.imports.matching.questions import _QUESTIONS
from registry.models import Sex
from registry.name_similarity import Agreement, NameForms, ParentWords

BORN = date(2022, 3, 4)
SAME, LIKE, FAR, OTHER = Agreement.SAME, Agreement.LIKE, Agreement.FAR, Agreement.OTHER


def siti(**said: Any) -> ComparedPerson:
    """A girl without NIK; ``said`` is what else is said of her."""
    said = {"name": "SITI CONTOH", "born": BORN, "sex": Sex.GIRL, "parents": "IBU AMINAH", **said}
    return ComparedPerson(
        **{**said, "name": NameForms(said["name"]), "parents": ParentWords(said["parents"])}
    )


ONE, TWO = {"nik_hash": "one"}, {"nik_hash": "two"}
BABY, OTHER_NAME, LETTER = {"name": "BY NY AMINAH"}, {"name": "DEWI LESTARI"}, {"name": "SITI CONTAH"}
BABY_1, BABY_2 = {"name": "BY NY AMINAH 1"}, {"name": "BY NY AMINAH 2"}
TURNED, BOY = {"born": date(2022, 4, 3)}, {"sex": Sex.BOY}
NOT_HERS, HERS = {"nik": "330109******0002"}, {"nik": "3301094403220001", **TWO}
NO_BIRTH: dict[str, Any] = {"born": None, "sex": None, "parents": ""}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ("all the same", {}, {}, {}, "sure"),
    ("case, blanks and doubled letters", {"name": "siti-contoh"}, {"name": "Siti  Contoh"}, {}, "sure"),
    ("nobody noted the parents", {"parents": ""}, {}, {}, "sure"),
    ("the row brings a NIK", ONE, {}, {}, "sure"),
    ("the NIK stays in the register", {}, ONE, {}, "sure"),
    ("other parents", {"parents": "HARTONO"}, {}, {}, "other_parent"),
    ("a doubled letter", {"name": "RAFFA"}, {"name": "RAFA"}, {}, "alike"),
    # The name.
    ("a slip in the name", LETTER, {}, {}, "alike"),
    ("a slip in the name, no parents", {**LETTER, "parents": ""}, {}, {}, "alike"),
    ("a slip in the name, other parents", {**LETTER, "parents": "HARTONO"}, {}, {}, "new"),
    ("an initial", {"name": "S. CONTOH"}, {}, {}, "alike"),
    ("a baby that got its name", {}, BABY, {}, "alike"),
    ("a baby and a child, no parents", {"parents": ""}, BABY, {}, "new"),
    ("a baby and a child of other parents", {"parents": "HARTONO"}, BABY, {}, "new"),
    ("another name", OTHER_NAME, {}, {}, "new"),
    ("another name and a NIK that the record lacks", {**OTHER_NAME, **ONE}, {}, {}, "alike"),
    # Twins.
    ("twins by a mark", {"name": "BY NY AMINAH II"}, {"name": "BY NY AMINAH I"}, {}, "new"),
    ("twins of one day of the file", LETTER, {}, {"listed": OTHER}, "new"),
    ("one name with two weights that day", {}, {}, {"listed": FAR}, "twice_that_day"),
    ("twins under one NIK", {"name": "RAFI", **ONE}, {"name": "RAFA", **ONE}, {}, "nik_of_other_name"),
    ("twins by a mark under one NIK", {**ONE, **BABY_2}, {**ONE, **BABY_1}, {}, "nik_of_other_name"),
    # The NIK.
    ("one NIK, a slip in the name", {**LETTER, **ONE}, ONE, {}, "sure"),
    ("one NIK, a slip, other parents", {**LETTER, "parents": "HARTONO", **ONE}, ONE, {}, "sure"),
    ("one NIK, a baby then", ONE, {**BABY, **ONE}, {}, "sure"),
    ("one NIK, a baby of others", {"parents": "HARTONO", **ONE}, {**BABY, **ONE}, {}, "nik_of_other_name"),
    ("one NIK, another name", {**OTHER_NAME, **ONE}, ONE, {}, "nik_of_other_name"),
    ("one NIK, another day", {"born": date(2022, 3, 5), **ONE}, ONE, {}, "nik_of_another"),
    ("one NIK, another sex", {"sex": Sex.BOY, **ONE}, ONE, {}, "nik_of_another"),
    ("two NIK, all else the same", ONE, TWO, {}, "two_niks"),
    ("two NIK and a slip in the name", {**LETTER, **ONE}, TWO, {}, "two_niks"),
    ("two NIK and an initial", {"name": "S. CONTOH", **ONE}, TWO, {}, "new"),
    ("two NIK and a slip in the birth date", {"born": date(2022, 3, 5), **ONE}, TWO, {}, "new"),
    ("a masked NIK that fits", {"nik": "330109****220001"}, {"nik": "3301094403220001", **TWO}, {}, "sure"),
    (
        "a masked NIK with another serial",
        {"nik": "330109******0002"},
        {"nik": "3301094403220001", **TWO},
        {},
        "nik_not_fitting",
    ),
    # Two things that differ, where one alone is asked about.
    ("two NIK and the other sex", {**ONE, **BOY}, TWO, {}, "new"),
    ("two NIK, a slip in the name, no parents", {**ONE, **LETTER, "parents": ""}, TWO, {}, "new"),
    ("two NIK, a slip in the name, another day", {**ONE, **LETTER, **TURNED}, TWO, {}, "new"),
    ("two NIK, a slip in the name, the other sex", {**ONE, **LETTER, **BOY}, TWO, {}, "new"),
    ("two NIK, a slip in the name, elsewhere", {**ONE, **LETTER}, TWO, {"place": OTHER}, "new"),
    ("a masked NIK and another day", {**NOT_HERS, **TURNED}, HERS, {}, "born_otherwise"),
    ("a masked NIK and the other sex", {**NOT_HERS, **BOY}, HERS, {}, "born_otherwise"),
    ("a masked NIK and a slip in the name", {**NOT_HERS, **LETTER}, HERS, {}, "alike"),
    ("a masked NIK and another village", NOT_HERS, HERS, {"place": OTHER}, "lives_elsewhere"),
    ("a doubled letter and another day", {"name": "SITTI CONTOH", **TURNED}, {}, {}, "born_otherwise"),
    ("a doubled letter and the other sex", {"name": "SITTI CONTOH", **BOY}, {}, {}, "born_otherwise"),
    ("a doubled letter elsewhere", {"name": "SITTI CONTOH"}, {}, {"place": OTHER}, "lives_elsewhere"),
    ("two weights that day elsewhere", {}, {}, {"listed": FAR, "place": OTHER}, "lives_elsewhere"),
    ("a slip in the name and the other sex", {**LETTER, **BOY}, {}, {}, "new"),
    ("a baby and another day, no parents", {**TURNED, "parents": ""}, BABY, {}, "new"),
    ("a baby and another day", TURNED, BABY, {}, "born_otherwise"),
    ("a baby and the other sex", BOY, BABY, {}, "new"),
    ("a baby elsewhere", {}, BABY, {"place": OTHER}, "new"),
    ("another name, a NIK, no parents", {**OTHER_NAME, **ONE, "parents": ""}, {}, {}, "new"),
    ("another name, a NIK, another day", {**OTHER_NAME, **ONE, **TURNED}, {}, {}, "new"),
    ("another name, a NIK, the other sex", {**OTHER_NAME, **ONE, **BOY}, {}, {}, "new"),
    ("another name, a NIK, elsewhere", {**OTHER_NAME, **ONE}, {}, {"place": OTHER}, "new"),
    ("another day elsewhere", TURNED, {}, {"place": OTHER}, "new"),
    ("the other sex elsewhere", BOY, {}, {"place": OTHER}, "new"),
    ("another day, lived here once", {**TURNED, "parents": ""}, {}, {"place": LIKE}, "born_otherwise"),
    ("the other sex, lived here once", {**BOY, "parents": ""}, {}, {"place": LIKE}, "born_otherwise"),
    ("a slip, lived here once", {**LETTER, "parents": ""}, {}, {"place": LIKE}, "new"),
    ("another day and the other sex", {**TURNED, **BOY}, {}, {}, "new"),
    ("another day, a slip, no parents", {**TURNED, **LETTER, "parents": ""}, {}, {}, "new"),
    ("another day, a slip, the other sex", {**TURNED, **LETTER, **BOY}, {}, {}, "new"),
    ("another day, a slip, elsewhere", {**TURNED, **LETTER}, {}, {"place": OTHER}, "new"),
    ("another day and name", {**TURNED, **OTHER_NAME}, {}, {}, "new"),
    # Birth date and sex.
    ("the other sex", {"sex": Sex.BOY}, {}, {}, "born_otherwise"),
    ("the other sex, other parents", {"sex": Sex.BOY, "parents": "HARTONO"}, {}, {}, "new"),
    ("the other sex and name", {"sex": Sex.BOY, **OTHER_NAME}, {}, {}, "new"),
    ("day and month turned", {"born": date(2022, 4, 3)}, {}, {}, "born_otherwise"),
    ("turned, nobody noted the parents", {"born": date(2022, 4, 3), "parents": ""}, {}, {}, "born_otherwise"),
    ("turned, other parents", {"born": date(2022, 4, 3), "parents": "HARTONO"}, {}, {}, "new"),
    ("a mistyped year", {"born": date(2021, 3, 4)}, {}, {}, "born_otherwise"),
    (
        "turned and a slip in the name",
        {"born": date(2022, 4, 3), **LETTER},
        {},
        {},
        "born_otherwise",
    ),
    ("135 days, too near for sisters", {"born": date(2022, 7, 17)}, {}, {}, "born_otherwise"),
    ("135 days, no parents", {"born": date(2022, 7, 17), "parents": ""}, {}, {}, "new"),
    ("319 days, sisters of one name", {"born": date(2023, 1, 17)}, {}, {}, "new"),
    ("an estimate of the birth date", {"born": date(2022, 3, 15)}, {}, {"within": 16}, "sure"),
    # 28 March is 24 days off, one part of the date, and no more than a slip.
    ("too far for the estimate", {"born": date(2022, 3, 28)}, {}, {"within": 16}, "born_otherwise"),
    # The place.
    ("another village, the same parents", {}, {}, {"place": OTHER}, "lives_elsewhere"),
    ("another village, no parents", {"parents": ""}, {}, {"place": OTHER}, "new"),
    ("lived here once, no parents", {"parents": ""}, {}, {"place": LIKE}, "lives_elsewhere"),
    ("lived here once, other parents", {"parents": "HARTONO"}, {}, {"place": LIKE}, "new"),
    ("another village, one NIK", ONE, ONE, {"place": OTHER}, "lives_elsewhere"),
    ("another village, two NIK", ONE, TWO, {"place": OTHER}, "new"),
    ("another village and a slip in the name", LETTER, {}, {"place": OTHER}, "new"),
    # A row that says neither birth date nor sex nor parents.
    ("no birth date", NO_BIRTH, {}, {}, "sure"),
    ("no birth date, a doubled letter", {**NO_BIRTH, "name": "SITTI CONTOH"}, {}, {}, "alike"),
    ("no birth date, an alike name", {**NO_BIRTH, **LETTER}, {}, {}, "new"),
    ("no birth date, two NIK", {**NO_BIRTH, **ONE}, TWO, {}, "two_niks"),
    ("no birth date, one NIK and no name", {**NO_BIRTH, "name": "", **ONE}, ONE, {}, "sure"),
    ("no birth date, of a boy", {**NO_BIRTH, "nik": "3301090403220001", **ONE}, {}, {}, "nik_not_fitting"),
    ("no birth date, of that day", {**NO_BIRTH, "nik": "3301094403220001", **ONE}, {}, {}, "sure"),
]


@pytest.mark.parametrize(
    ("row", "child", "seen", "follows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_follows_of_a_row_and_a_child(
    row: dict[str, Any], child: dict[str, Any], seen: dict[str, Any], follows: str
) -> None:
    rule = judge(compare(siti(**row), siti(**child), **{"place": SAME, **seen}))
    assert (rule.question or rule.verdict) == follows


HOLDER, NAMESAKE = {**ONE, **LETTER}, {"parents": "HARTONO"}


@pytest.mark.parametrize(
    ("row", "children", "follows", "first"),
    [
        ({}, [], "new", []),
        ({}, [{}, LETTER], "sure", [0]),  # a namesake goes before those who are alike
        ({}, [LETTER, {}], "sure", [1]),
        ({}, [{}, {}], "many", [0, 1]),
        ({}, [{}, NAMESAKE], "many", [0, 1]),
        ({"name": "RAFA"}, [{"name": "RAFFA"}, {"name": "RAFA"}], "sure", [1]),
        ({"name": "RAFA"}, [{"name": "RAFFA"}, {"name": "RAFFA"}], "many", [0, 1]),
        ({}, [BABY, OTHER_NAME, LETTER], "alike", [2, 0]),  # the likeliest first
        (ONE, [{}, ONE], "sure", [1]),  # whose NIK and name it is, whoever else is called so
        (ONE, [HOLDER], "sure", [0]),
        (ONE, [HOLDER, {}], "nik_of_other_name", [0, 1]),
        (ONE, [{**HOLDER, "born": date(2022, 3, 5)}, {}], "nik_of_another", [0]),
    ],
)
def test_what_follows_of_several_children(
    row: dict[str, Any], children: list[dict[str, Any]], follows: str, first: list[int]
) -> None:
    said = siti(**row)
    people = [siti(**child) for child in children]
    judgement = judge_all(said, [Compared(n, p, compare(said, p, place=SAME)) for n, p in enumerate(people)])
    assert (judgement.question or judgement.verdict) == follows
    assert [one.child for one in judgement.compared] == first


def test_the_page_of_definitions_has_the_rules_in_their_order() -> None:
    lines = [
        " | ".join((rule.question or f"**{rule.verdict}**", *map(words_of_field, rule.fields))).rstrip()
        for rule in RULES
    ]
    assert "\n".join(lines) in Path("docs/definitions.md").read_text(encoding="utf-8")


def words_of_field(allowed: frozenset[Agreement]) -> str:
    return "" if allowed == set(Agreement) else ", ".join(word for word in Agreement if word in allowed)


def test_every_question_of_the_rules_has_a_sentence() -> None:
    asked = {rule.question for rule in RULES if rule.question} - {"lives_elsewhere"}  # says two places
    assert asked <= set(_QUESTIONS)
