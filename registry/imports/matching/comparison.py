"""How a row of a file is compared with a child of the register, and what follows: sure, ask or new.

Each field is compared in one way, here. What follows from all of them is data: ``RULES``, which stand in
docs/definitions.md too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from registry.growth import SexCode
from registry.likeness import is_slip
from registry.name_similarity import Agreement, NameForms, ParentWords, compared_words, spelling

NO_SIBLINGS_DAYS = 240
"""One mother's children are born further apart, or on one day."""

Known = TypeVar("Known")
_NIK_LENGTH = 16
_GIRLS_DAY = 40  # is added to the day of birth
_DIGITS = frozenset("0123456789")


class MatchVerdict(StrEnum):
    """What follows for the row: it is of that child, somebody has to say so, or it is of another child."""

    SURE = "sure"
    ASK = "ask"
    NEW = "new"


class ComparedPerson(NamedTuple):
    """Who a row or a record is about, in the forms that are compared. None is what nobody says.

    ``nik`` are the digits that can be read, ``nik_hash`` is that of a whole NIK.
    """

    name: NameForms
    born: date | None = None
    sex: int | None = None
    parents: ParentWords = ParentWords("")
    nik_hash: str | None = None
    nik: str = ""
    id: UUID | None = None


class Comparison(NamedTuple):
    """How a row and a child agree. ``marks`` are what tells twins: of the name, or rows of one day."""

    nik: Agreement
    birth: Agreement
    sex: Agreement
    name: Agreement
    parents: Agreement
    place: Agreement
    marks: Agreement

    @property
    def is_namesake(self) -> bool:
        """Whether they are of one name and village, and neither birth date nor sex is another."""
        return self.name == self.place == Agreement.SAME and {self.birth, self.sex} <= _NOT_ANOTHER


_NOT_ANOTHER = {Agreement.SAME, Agreement.UNKNOWN}


def compare(
    row: ComparedPerson,
    child: ComparedPerson,
    *,
    place: Agreement = Agreement.UNKNOWN,
    listed: Agreement = Agreement.UNKNOWN,
    within: int = 0,
) -> Comparison:
    """Return how ``row`` and ``child`` agree.

    ``place``: SAME where the child lived that day in the village of the row, LIKE where it does on another
    day. ``listed``: what the rows of that day say (``RowsByChild.compare``). ``within``: by how many days the
    birth date may be wrong, where it is an estimate.
    """
    name = compare_names(row.name, child.name)
    return Comparison(
        _compare_niks(row, child),
        _compare_births(row.born, child.born, within),
        _compare_sexes(row.sex, child.sex),
        name,
        compared_words(row.parents, child.parents),
        place,
        _compare_marks(row.name, child.name, name, listed),
    )


def _compare_niks(row: ComparedPerson, child: ComparedPerson) -> Agreement:
    """Return LIKE where the row brings a NIK that the child lacks, FAR where it does not fit the child.

    A masked or cut NIK is compared by the digits that can be seen.
    """
    if row.nik_hash and child.nik_hash:
        return Agreement.SAME if row.nik_hash == child.nik_hash else Agreement.OTHER
    if row.nik and not is_nik_fitting(row.nik, child, with_birth=row.born is None):
        return Agreement.FAR
    return Agreement.LIKE if row.nik_hash else Agreement.UNKNOWN


def is_nik_fitting(nik: str, child: ComparedPerson, *, with_birth: bool = True) -> bool:
    """Return whether ``nik`` may be that of ``child``: by its own, and ``with_birth`` by when it was born."""
    if len(nik) != _NIK_LENGTH:
        return True
    if with_birth and child.born:
        day = child.born.day + (_GIRLS_DAY if child.sex == SexCode.GIRL else 0)
        if not _is_one_where_seen(nik[6:12], f"{day:02d}{child.born:%m%y}"):
            return False
    return len(child.nik) != _NIK_LENGTH or _is_one_where_seen(nik, child.nik)


def _is_one_where_seen(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=True)
    return all(a == b or a not in _DIGITS or b not in _DIGITS for a, b in pairs)


def _compare_births(one: date | None, other: date | None, within: int) -> Agreement:
    """Return LIKE for a slip of the pen, FAR for days too near for siblings."""
    if one is None or other is None:
        return Agreement.UNKNOWN
    apart = abs((one - other).days)
    if apart <= within:
        return Agreement.SAME
    if is_slip(one, other):
        return Agreement.LIKE
    return Agreement.FAR if apart <= NO_SIBLINGS_DAYS else Agreement.OTHER


def _compare_sexes(one: int | None, other: int | None) -> Agreement:
    if one is None or other is None:
        return Agreement.UNKNOWN
    return Agreement.SAME if one == other else Agreement.OTHER


def compare_names(one: NameForms, other: NameForms) -> Agreement:
    """Return SAME for one name but for case, blanks, punctuation and doubled letters.

    LIKE is written otherwise, FAR abbreviated or with another letter. UNKNOWN is none, and that of a baby
    called after its mother.
    """
    if one.key == other.key:
        return Agreement.SAME
    if one.may_be_renamed(other):
        return Agreement.LIKE
    if one.is_like(other):
        return Agreement.FAR
    has_none = one.is_unnamed or other.is_unnamed or not (one.text and other.text)
    return Agreement.UNKNOWN if has_none else Agreement.OTHER


def _compare_marks(one: NameForms, other: NameForms, names: Agreement, listed: Agreement) -> Agreement:
    """Return OTHER of twins, FAR where one name may be of two, LIKE where a doubled letter differs."""
    if listed is Agreement.OTHER or one.is_marked_apart(other):
        return Agreement.OTHER
    if names is Agreement.SAME and listed is not Agreement.FAR:
        return Agreement.SAME if spelling(one.text) == spelling(other.text) else Agreement.LIKE
    return listed


class MatchRule(NamedTuple):
    """What follows where each field agrees as ``fields`` allow, in the order of :class:`Comparison`.

    ``question`` is what is asked (``questions.QUESTIONS``), empty where nothing is.
    """

    verdict: MatchVerdict
    question: str
    fields: tuple[frozenset[Agreement], ...]


def _rule(verdict: str, **fields: str) -> MatchRule:
    """Return a rule; ``fields`` are words of :class:`Agreement`, and a field that is not named may be any."""
    words = (fields.get(name, " ".join(Agreement)).split() for name in Comparison._fields)
    allowed = tuple(frozenset(map(Agreement, of_field)) for of_field in words)
    if verdict in {MatchVerdict.SURE, MatchVerdict.NEW}:
        return MatchRule(MatchVerdict(verdict), "", allowed)
    return MatchRule(MatchVerdict.ASK, verdict, allowed)


_AT_HOME = {"birth": "same unknown", "sex": "same unknown", "place": "same"}
_NAMESAKE = {**_AT_HOME, "name": "same"}
_NOT_OTHER = "same unknown"
_HERE_ONCE = "same like"

RULES = (
    _rule("nik_of_another", nik="same", birth="like far other"),
    _rule("nik_of_another", nik="same", sex="other"),
    _rule("nik_of_other_name", nik="same", marks="other"),
    _rule("nik_of_other_name", nik="same", name="far other"),
    _rule("nik_of_other_name", nik="same", name="unknown", parents="other"),
    _rule("lives_elsewhere", nik="same", place="like other"),
    _rule("sure", nik="same"),
    _rule("two_niks", **_NAMESAKE, nik="other"),
    _rule("new", marks="other"),
    _rule("two_niks", **_AT_HOME, nik="other", name="like", parents="same"),
    _rule("new", nik="other"),
    _rule("nik_not_fitting", **_NAMESAKE, nik="far"),
    _rule("twice_that_day", **_NAMESAKE, marks="far"),
    _rule("other_parent", **_NAMESAKE, parents="other"),
    _rule("alike", **_NAMESAKE, marks="like"),
    _rule("sure", **_NAMESAKE),
    _rule("alike", birth="same", sex="same", place="same", name="like far", parents=_NOT_OTHER),
    _rule("alike", birth="same", sex="same", place="same", name="unknown", parents="same"),
    _rule("alike", birth="same", sex="same", place="same", name="other", parents="same", nik="like"),
    _rule("lives_elsewhere", birth="same", sex="same", name="same", place="like other", parents="same"),
    _rule("lives_elsewhere", birth="same", sex="same", name="same", place="like", parents="unknown"),
    _rule("born_otherwise", birth="same", sex="other", name="same", place=_HERE_ONCE, parents=_NOT_OTHER),
    _rule("born_otherwise", birth="like", sex="same", name="same", place=_HERE_ONCE, parents=_NOT_OTHER),
    _rule(
        "born_otherwise",
        birth="like far",
        sex="same",
        name="same like far unknown",
        place=_HERE_ONCE,
        parents="same",
    ),
    _rule("new"),
)
"""The first that fits decides; the earlier of two questions is the more urgent one."""


@lru_cache(maxsize=4096)
def judge(comparison: Comparison) -> MatchRule:
    """Return the rule that decides of a row and a child that agree so."""
    return next(
        rule
        for rule in RULES
        if all(found in allowed for found, allowed in zip(comparison, rule.fields, strict=True))
    )


class Compared(NamedTuple, Generic[Known]):
    """A child that a row may mean, and how the two agree."""

    child: Known
    person: ComparedPerson
    comparison: Comparison


class MatchJudgement(NamedTuple, Generic[Known]):
    """What follows of all children a row may mean: the likeliest comes first. ``question`` as of a rule."""

    verdict: MatchVerdict
    question: str = ""
    compared: Sequence[Compared[Known]] = ()


def judge_all(row: ComparedPerson, compared: Sequence[Compared[Known]]) -> MatchJudgement[Known]:
    """Return what follows of all the children that ``row`` may mean.

    Who has its NIK is judged alone, and asked about where another is called as the row is. Of several of its
    name, those spelt letter by letter as it is are meant; more than one is asked about. A namesake is judged
    before those who are alike, who are offered all together.
    """
    namesakes = [one for one in compared if one.comparison.is_namesake]
    if holder := next((one for one in compared if one.comparison.nik is Agreement.SAME), None):
        verdict, question, _fields = judge(holder.comparison)
        if question == "nik_of_another" or holder.comparison.name is Agreement.SAME or not namesakes:
            return MatchJudgement(verdict, question, [holder])
        return MatchJudgement(MatchVerdict.ASK, "nik_of_other_name", [holder, *namesakes])
    if len(namesakes) > 1:
        namesakes = _keep_same_spelling(row, namesakes)
    if len(namesakes) > 1:
        return MatchJudgement(MatchVerdict.ASK, "many", namesakes)
    likeliest = sorted(namesakes or compared, key=lambda one: RULES.index(judge(one.comparison)))
    meant = [one for one in likeliest if judge(one.comparison).verdict is not MatchVerdict.NEW]
    verdict, question, _fields = judge(meant[0].comparison) if meant else RULES[-1]
    return MatchJudgement(verdict, question, meant)


def _keep_same_spelling(row: ComparedPerson, namesakes: list[Compared[Known]]) -> list[Compared[Known]]:
    """Return those of ``namesakes`` spelt as the row, letter by letter if it can be; else all of them."""
    written = spelling(row.name.text)
    spelt = [one for one in namesakes if spelling(one.person.name.text) == written]
    return [one for one in spelt if one.person.name.text == row.name.text] or spelt or namesakes
