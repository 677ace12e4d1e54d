"""Of whom the rows of a table are that only says what was measured: Sigizi's upload of measurements.

A whole NIK decides; without one the name, where one child of the village is called so. Nobody is enrolled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions.key_rotation import require_hash_key_in_force
from registry.db.batches import chunks
from registry.errors import Invalid, Refused
from registry.growth.cells.text import words_of
from registry.imports.answers import ImportAnswers, RowKeys
from registry.imports.matching.candidates import (
    keep_same_spelling,
    may_be_renamed_baby,
    note_niks_elsewhere,
)
from registry.imports.matching.questions import (
    UnknownChild,
    ask,
    ask_child_gone,
    nik_elsewhere_error,
    report_refused,
)
from registry.imports.matching.typo_match import nik_contradicts
from registry.imports.report import RowReport
from registry.imports.tables.cells import nik_of
from registry.imports.tables.row_read import KnownChildren
from registry.imports.tables.table_rows import SheetRow
from registry.models import Child, MergedChild, RowChoice, User, Village
from registry.name_similarity import name_key, similar_names, spelling
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
        mine = Child.objects.visible_to(user).select_related("village__kecamatan")
        digests = sorted({digest for nik in niks if (digest := nik_hash(nik))})
        if digests:
            require_hash_key_in_force()
        self._by_nik: dict[str, Child] = {}
        self._elsewhere: set[str] = set()
        for chunk in chunks(digests):
            self._by_nik.update({child.nik_hash or "": child for child in mine.filter(nik_hash__in=chunk)})
            stored = dict(Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", "pk"))
            self._elsewhere |= note_niks_elsewhere(stored, self._by_nik)
        self._by_name: dict[str, list[Child]] = defaultdict(list)
        for child in mine.filter(village=village) if village else ():
            self._by_name[name_key(child.name)].append(child)
        self._children_decided: dict[UUID, Child] = {}
        for ids in chunks(sorted({d.child for d in answers.decisions.values() if d.child})):
            kept = dict(MergedChild.objects.filter(pk__in=ids).values_list("pk", "kept"))
            children = mine.in_bulk([*ids, *kept.values()])
            self._children_decided.update(children)
            self._children_decided.update({pk: children[to] for pk, to in kept.items() if to in children})

    def find(self, line: SheetRow, keys: RowKeys) -> Child:
        """The child of a line. Raises Ask when it may be more than one, Refused when it is none."""
        digest = nik_hash(_nik_of(line))
        decided = self._by_decision(keys)
        # Nobody can tell from another day which one of several of one name this row means.
        is_sure = digest is not None or self._answers.decided_here(keys)
        if decided and (is_sure or not self._is_one_of_many(decided, words_of(line["name"]))):
            return decided
        if digest in self._elsewhere:
            raise nik_elsewhere_error()
        name = words_of(line["name"])
        child = self._by_nik.get(digest or "")
        if child is None:
            return self._by_its_name(name, _nik_of(line), digest)
        named_so = [c for c in self._by_name.get(name_key(name), ()) if c.pk != child.pk]
        if (
            name
            and name_key(child.name) != name_key(name)
            and (named_so or not may_be_renamed_baby(child, name))
        ):
            raise ask("nik_of_other_name", [child, *named_so], other=name)
        return child

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
        child = self._children_decided.get(decision.child) if decision.child else None
        if child is None:
            raise ask_child_gone()
        return child

    def _is_one_of_many(self, child: Child, name: str) -> bool:
        named_so = self._named_so(name)
        return len(named_so) > 1 and child in named_so

    def _named_so(self, name: str) -> list[Child]:
        return keep_same_spelling(self._by_name.get(name_key(name), []), name) if name else []

    def _by_its_name(self, name: str, nik: str, digest: str | None) -> Child:
        named_so = self._named_so(name)
        if len(named_so) > 1:
            raise ask("many_of_village", named_so)
        if not named_so:
            raise UnknownChild(
                _("Anak ini belum ada di register. Daftarkan dulu, atau unggah berkas identitasnya."),
                self._alike(name),
            )
        [child] = named_so
        if digest and child.nik_hash:
            raise ask("two_niks_of_village", [child])
        if nik_contradicts(nik, child):
            raise ask("nik_not_fitting", [child])
        if spelling(child.name) != spelling(name):
            raise ask("spelling_of_village", [child])
        return child

    def _alike(self, name: str) -> list[Child]:
        if not name:
            return []
        alike = (c for group in self._by_name.values() for c in group if similar_names(c.name, name))
        return sorted(alike, key=lambda child: (child.name, child.birth_date))[:_MOST_ALIKE]
