"""Of whom the rows of a table are that only says what was measured: Sigizi's upload of measurements.

A whole NIK decides; without one the name, where one child of the village is called so. Nobody is enrolled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from registry.db.batches import chunks
from registry.errors import Invalid, NotFound, Refused
from registry.imports.answers import Asked, Keys
from registry.imports.matching.candidates import perhaps_renamed, spelt_so
from registry.imports.matching.nik_digits import contradicts
from registry.imports.matching.questions import (
    Ask,
    candidates_of,
    decided_child_gone,
    nik_elsewhere,
    nik_not_fitting,
    nik_of_other_name,
    spelt_otherwise,
)
from registry.imports.report import RowOutcome
from registry.imports.tables.cells import nik_of, words_of
from registry.imports.tables.dates import written_column
from registry.imports.tables.layout import Table
from registry.imports.tables.nik_repair import with_lost_digits
from registry.imports.tables.non_child_rows import skipped
from registry.imports.tables.read_row import NOBODY_KNOWN, Known, RowLeft
from registry.imports.tables.row_key import RowKeys
from registry.imports.tables.table_rows import Line
from registry.models import Child, RowChoice, User
from registry.name_similarity import name_key, similar_names, spelling
from registry.nik import is_possible, is_whole, mask_nik, nik_hash

_MOST_ALIKE = 5  # more names than that help nobody to choose


def known_children(table: Table, user: User, asked: Asked) -> Known:
    """Of whom each line is, where the table itself does not say who a child is."""
    if table.names_children:
        return NOBODY_KNOWN
    lines = with_lost_digits(list(table.lines()))
    keys = RowKeys(table, asked)
    whose = _Whose(user, asked, [_nik_of(line) for line in lines])
    children: dict[int, Child] = {}
    left: dict[int, RowLeft] = {}
    for line, measured in zip(lines, written_column([line["measured_on"] for line in lines]), strict=True):
        if skipped(table, line):
            continue
        try:
            children[line.number] = whose.find(line, keys.of(line, None, measured))
        except Refused as refused:
            left[line.number] = _left(line, refused)
    return Known(children, left)


def _nik_of(line: Line) -> str:
    """Empty for 16 digits that are no NIK."""
    nik = nik_of(line["nik"])
    return nik if not is_whole(nik) or is_possible(nik) else ""


def _left(line: Line, refused: Refused) -> RowLeft:
    outcome = RowOutcome.ASK if isinstance(refused, Ask) else RowOutcome.REFUSED
    children = refused.children if isinstance(refused, Ask | UnknownChild) else ()
    name, nik = words_of(line["name"]), mask_nik(nik_of(line["nik"]))
    candidates = candidates_of(children)
    return RowLeft(line.number, outcome, refused.code, refused.message, name, nik, candidates=candidates)


class UnknownChild(NotFound):
    """No child of the register; ``children`` of the village are called nearly so."""

    def __init__(self, message: str, children: Sequence[Child]) -> None:
        super().__init__("unknown_child", message, "name")
        self.children = tuple(children)


class _Whose:
    """The children such a file may mean."""

    def __init__(self, user: User, asked: Asked, niks: Sequence[str]) -> None:
        self._asked = asked
        mine = Child.objects.visible_to(user).select_related("village__kecamatan")
        digests = sorted({digest for nik in niks if (digest := nik_hash(nik))})
        self._by_nik: dict[str, Child] = {}
        self._elsewhere: set[str] = set()
        for chunk in chunks(digests):
            self._by_nik.update({child.nik_hash or "": child for child in mine.filter(nik_hash__in=chunk)})
            stored = Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", flat=True)
            self._elsewhere.update(digest for digest in stored if digest and digest not in self._by_nik)
        self._by_name: dict[str, list[Child]] = defaultdict(list)
        for child in mine.filter(village=asked.village) if asked.village else ():
            self._by_name[name_key(child.name)].append(child)
        self._decided: dict[UUID, Child] = {}
        for ids in chunks(sorted({d.child for d in asked.decisions.values() if d.child})):
            self._decided.update({child.pk: child for child in mine.filter(pk__in=ids)})

    def find(self, line: Line, keys: Keys) -> Child:
        """The child of a line. Raises Ask when it may be more than one, Refused when it is none."""
        digest = nik_hash(_nik_of(line))
        decided = self._by_decision(keys)
        # Nobody can tell from another day which one of several of one name this row means.
        is_sure = digest is not None or self._asked.decided_here(keys)
        if decided and (is_sure or not self._is_one_of_many(decided, words_of(line["name"]))):
            return decided
        if digest in self._elsewhere:
            raise nik_elsewhere()
        name = words_of(line["name"])
        child = self._by_nik.get(digest or "")
        if child is None:
            return self._by_its_name(name, _nik_of(line), digest)
        named_so = [c for c in self._by_name.get(name_key(name), ()) if c.pk != child.pk]
        if name and name_key(child.name) != name_key(name) and (named_so or not perhaps_renamed(child, name)):
            raise nik_of_other_name(child, name, named_so)
        return child

    def _by_decision(self, keys: Keys) -> Child | None:
        decision = self._asked.decision_on(keys)
        if decision is None or decision.choice == RowChoice.SKIP:
            return None
        if decision.choice == RowChoice.NEW:
            raise Invalid(
                "new_needs_identity",
                _("Berkas ini tidak memuat tanggal lahir, jadi anak baru tidak bisa didaftarkan darinya."),
                "name",
            )
        child = self._decided.get(decision.child) if decision.child else None
        if child is None:
            raise decided_child_gone()
        return child

    def _is_one_of_many(self, child: Child, name: str) -> bool:
        named_so = self._named_so(name)
        return len(named_so) > 1 and child in named_so

    def _named_so(self, name: str) -> list[Child]:
        return spelt_so(self._by_name.get(name_key(name), []), name) if name else []

    def _by_its_name(self, name: str, nik: str, digest: str | None) -> Child:
        named_so = self._named_so(name)
        if len(named_so) > 1:
            raise Ask(
                "many_children",
                _("Ada %(count)d anak bernama %(name)s di desa ini. Pilih anaknya, atau tulis NIK-nya.")
                % {"count": len(named_so), "name": named_so[0].name},
                "name",
                named_so,
            )
        if not named_so:
            raise UnknownChild(
                _("Anak ini belum ada di register. Daftarkan dulu, atau unggah berkas identitasnya."),
                self._alike(name),
            )
        [child] = named_so
        if digest and child.nik_hash:
            raise Ask(
                "two_niks",
                _("%(name)s di desa ini sudah terdaftar dengan NIK lain. Pastikan NIK yang benar.")
                % {"name": child.name},
                "nik",
                [child],
            )
        if contradicts(nik, child):
            raise nik_not_fitting(child)
        if spelling(child.name) != spelling(name):
            raise spelt_otherwise(child)
        return child

    def _alike(self, name: str) -> list[Child]:
        if not name:
            return []
        alike = (c for group in self._by_name.values() for c in group if similar_names(c.name, name))
        return sorted(alike, key=lambda child: (child.name, child.birth_date))[:_MOST_ALIKE]
