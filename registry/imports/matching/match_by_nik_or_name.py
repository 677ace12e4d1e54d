"""Of whom the rows of a table are that only says what was measured: Sigizi's upload of measurements.

A whole NIK decides; without one the name, where one child of the village is called so. Nobody is enrolled.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from registry.errors import Invalid, Refused
from registry.growth.cells.text import words_of
from registry.imports.answers import ImportAnswers, RowKeys
from registry.imports.matching.candidates import ChildIndex
from registry.imports.matching.comparison import (
    Compared,
    ComparedPerson,
    MatchVerdict,
    judge_all,
)
from registry.imports.matching.questions import UnknownChild, ask, ask_child_gone, report_refused
from registry.imports.matching.village_children import VillageChildren
from registry.imports.report import RowReport
from registry.imports.tables.cells import nik_of
from registry.imports.tables.row_read import KnownChildren
from registry.imports.tables.table_rows import SheetRow
from registry.models import Child, RowChoice, User, Village
from registry.name_similarity import Agreement
from registry.nik import is_possible, is_whole, nik_hash

_MOST_ALIKE = 5  # more names than that help nobody to choose


def known_children(
    user: User, village: Village | None, answers: ImportAnswers, lines: Sequence[tuple[SheetRow, RowKeys]]
) -> KnownChildren:
    """Return of whom each line is, in a table of ``village`` that does not say itself who a child is."""
    finder = _MeasuredChildFinder(user, village, answers, [_nik_of(line) for line, _keys in lines])
    children: dict[int, Child] = {}
    left: dict[int, RowReport] = {}
    for line, keys in lines:
        try:
            children[line.number] = finder.find(line, keys)
        except Refused as refused:
            left[line.number] = report_refused(
                refused, line.number, words_of(line["name"]), nik_of(line["nik"])
            )
    return KnownChildren(children, left)


def _nik_of(line: SheetRow) -> str:
    """Empty for 16 digits that are no NIK."""
    nik = nik_of(line["nik"])
    return nik if not is_whole(nik) or is_possible(nik) else ""


class _MeasuredChildFinder:
    """The children such a file may mean."""

    def __init__(
        self, user: User, village: Village | None, answers: ImportAnswers, niks: Sequence[str]
    ) -> None:
        self._answers = answers
        decided = [decision.child for decision in answers.decisions.values() if decision.child]
        self._children = ChildIndex(user, (), decided, niks)
        self._village = self._children.load_village(village) if village else VillageChildren()

    def find(self, line: SheetRow, keys: RowKeys) -> Child:
        """The child of a line. Raises NeedsAnswer when it may be more than one, Refused when it is none."""
        nik, name = _nik_of(line), words_of(line["name"])
        row = ComparedPerson(self._children.forms(name), nik_hash=nik_hash(nik), nik=nik)
        named_so = self._compare_named(row) if name else []
        if decided := self._by_decision(keys):
            many = judge_all(row, named_so)
            is_one_of_many = many.question == "many" and decided in [one.child for one in many.compared]
            # Nobody can tell from another day which one of several of one name this row means.
            if row.nik_hash or self._answers.decided_here(keys) or not is_one_of_many:
                return decided
        if holder := self._children.holder_of(row.nik_hash):
            others = (one for one in named_so if one.child != holder)
            named_so = [self._children.compare(row, holder, Agreement.UNKNOWN), *others]
        judgement = judge_all(row, named_so)
        if judgement.verdict is MatchVerdict.SURE:
            return judgement.compared[0].child
        if judgement.verdict is MatchVerdict.ASK:
            raise ask(judgement, name)
        alike = self._children.with_ids(self._village.list_similar(row.name)) if name else []
        raise UnknownChild(
            _("Anak ini belum ada di register. Daftarkan dulu, atau unggah berkas identitasnya."),
            sorted(alike, key=lambda child: (child.name, child.birth_date))[:_MOST_ALIKE],
        )

    def _compare_named(self, row: ComparedPerson) -> list[Compared[Child]]:
        """Return how ``row`` agrees with each child of the village that is called so."""
        children = self._children.with_ids(self._village.list_named(row.name))
        return [self._children.compare(row, child, Agreement.SAME) for child in children]

    def _by_decision(self, keys: RowKeys) -> Child | None:
        decision = self._answers.decision_on(keys)
        if decision is None or decision.choice == RowChoice.SKIP:
            return None
        if decision.choice == RowChoice.NEW:
            raise Invalid(
                "new_needs_identity",
                _("Berkas ini tidak memuat tanggal lahir, jadi anak baru tidak bisa didaftarkan darinya."),
                "name",
            )
        child = self._children.with_id(decision.child) if decision.child else None
        if child is None:
            raise ask_child_gone()
        return child
