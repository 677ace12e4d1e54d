"""Which child of the register a row means.

A whole NIK decides, as long as birth date and sex agree. Without one: birth date, sex, village and the name
in one spelling, unless the parents' names contradict. A name that is only similar is never taken for the
same child, since twins are named so: somebody has to decide. In three words: sure, ask, new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.access.reading import note_nik
from registry.actions import Move
from registry.actions.key_rotation import require_hash_key_in_force
from registry.db.batches import chunks
from registry.imports.matching.questions import LivesElsewhere, ask, ask_alike, nik_elsewhere_error
from registry.imports.matching.rows_by_child import RowsByChild
from registry.imports.matching.typo_match import NamesakeIndex, may_be_slip, nik_contradicts
from registry.imports.report import RowNote
from registry.imports.tables.row_read import RowRead
from registry.models import Child, Measurement, MergedChild, Residence, User, Village
from registry.name_similarity import (
    NameForms,
    Parents,
    compared_parents,
    is_unnamed,
    like_names,
    may_be_renamed,
    similar_names,
    spelling,
)
from registry.nik import nik_hash
from registry.places.names import plain


@dataclass(frozen=True, slots=True)
class FoundChild:
    """The child of a row; None when it is new. ``adds_nik``: it has none, and the row brings one."""

    child: Child | None
    notes: tuple[RowNote, ...] = ()
    adds_nik: bool = False


class ChildIndex:
    """The children a file may mean: those stored, and those new ones that its earlier rows have brought."""

    def __init__(self, user: User, rows: Sequence[RowRead], named: Sequence[UUID] = ()) -> None:
        """``named``: ids that somebody's decisions are about."""
        self._born: dict[tuple[date, int], list[Child]] = defaultdict(list)  # that day, of that sex
        # One object of each for all the children that live there.
        self._villages = {village.pk: village for village in Village.objects.select_related("kecamatan")}
        self._by_nik: dict[str, Child] = {}
        self._by_id: dict[UUID, Child] = {}
        self._moves: dict[UUID, list[Residence]] = defaultdict(list)
        self._homes: dict[UUID, Village] = {}  # of those whom an earlier row has moved
        self._nik_elsewhere: set[str] = set()
        # The record that each merged one has become.
        self._kept = dict(MergedChild.objects.values_list("pk", "kept"))
        self._given_nik: dict[UUID, str] = {}  # by child without one, what an earlier row of the file brings
        self._forms, self.digest = cache(NameForms), cache(nik_hash)  # a file says each many times
        self._by_name = NamesakeIndex(user, self._forms)
        self._listed = RowsByChild(self._fold, self.digest)
        for row in rows:
            self._listed.add(row)
        self._load(user, rows, named)

    def _load(self, user: User, rows: Sequence[RowRead], named: Sequence[UUID]) -> None:
        """Constant queries for each 500 birth dates, decisions and NIK."""
        mine = Child.objects.visible_to(user)
        for births in chunks(sorted({row.birth_date for row in rows})):
            self._load_children(mine.filter(birth_date__in=births))
        for ids in chunks(sorted({*named, *self._kept.values()})):
            self._load_children(mine.filter(pk__in=ids))
        hashes = {digest for row in rows if (digest := self.digest(row.nik))} - self._by_nik.keys()
        if hashes:
            require_hash_key_in_force()
        for chunk in chunks(sorted(hashes)):
            # Only that it exists: a NIK is unique in the whole register, whoever may see its child.
            stored = dict(Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", "pk"))
            if stored:  # born another day than the file says
                self._load_children(mine.filter(nik_hash__in=stored))
            self._nik_elsewhere |= note_niks_elsewhere(stored, self._by_nik)

    def _load_children(self, children: QuerySet[Child]) -> None:
        record_move = Residence.objects.filter(until__isnull=False, child__in=children.order_by())
        for residence in record_move.order_by("since").select_related("village__kecamatan"):
            if residence not in self._moves[residence.child_id]:
                self._moves[residence.child_id].append(residence)
        for child in children:
            child.village = self._villages[child.village_id]
            self._add(child)

    def with_id(self, id: UUID) -> Child | None:
        """A child that is loaded, or that an earlier row has brought; of a merged record the one kept."""
        return self._by_id.get(self._kept.get(id, id))

    def merged_into(self, find_id: Callable[[], UUID]) -> Child | None:
        """The child whose record has taken in that of an id, worked out only where one was merged."""
        kept = self._kept.get(find_id()) if self._kept else None
        return self._by_id.get(kept) if kept else None

    def enrol(self, child: Child) -> None:
        """A child that a row brings, and later rows may mean too."""
        self._add(child)
        self._by_name.add(child)

    def _add(self, child: Child) -> None:
        if child.id in self._by_id:
            return
        self._by_id[child.id] = child
        self._born[child.birth_date, child.sex].append(child)
        if child.nik_hash:
            self._by_nik[child.nik_hash] = child

    def _fold(self, name: str) -> str:
        return self._forms(name).key

    def find(self, row: RowRead, village: Village) -> FoundChild:
        """The child of ``row``.

        Raises :class:`Ask` when it may be more than one, Refused when it is not the user's.
        """
        digest = self.digest(row.nik)
        if row.child is not None:  # whose name was compared when it was found
            found = self._at_home(row.child, row, village)
            return replace(found, adds_nik=self.brings_nik(row.child, row))
        if digest and (child := self._by_nik.get(digest)):
            return self._with_nik(child, row, village)
        if digest in self._nik_elsewhere:
            raise nik_elsewhere_error()
        return self._by_identity(row, village, digest)

    def _with_nik(self, child: Child, row: RowRead, village: Village) -> FoundChild:
        if (child.birth_date, child.sex) != (row.birth_date, row.sex):
            raise ask("nik_of_another", [child], row)
        self._ask_whose_nik(child, row, village)
        return self._at_home(child, row, village)

    def _ask_whose_nik(self, child: Child, row: RowRead, village: Village) -> None:
        """A NIK copied to the row of another child: its name, its parents, the register or the file say so.

        A baby that got its name since has the same parents.
        """
        if self._fold(child.name) == self._fold(row.name):
            return
        named_so = [other for other in self._namesakes(row) if self.home_on(other, row.day).pk == village.pk]
        if (
            not named_so
            and not self._listed.are_twins(child, row)
            and may_be_renamed_baby(child, row.name, row.parent)
        ):
            return
        raise ask("nik_of_other_name", [child, *named_so], other=row.name)

    def _at_home(self, child: Child, row: RowRead, village: Village) -> FoundChild:
        """``child``, if it lived that day where the file says."""
        home = self.home_on(child, row.day)
        if home.pk != village.pk:
            raise LivesElsewhere(child, home, village)
        if self._fold(child.name) == self._fold(row.name):
            return FoundChild(child)
        note = RowNote(
            "name_differs", _("Namanya di register %(name)s; NIK-nya sama.") % {"name": child.name}
        )
        return FoundChild(child, (note,))

    def home_on(self, child: Child, day: date) -> Village:
        """As ``Child.village_on``, for children already at hand."""
        moves = self._moves.get(child.id)
        if not moves:
            return child.village
        left = (one.village for one in moves if one.until and day < one.until)
        return next(left, self._homes.get(child.id, child.village))

    def has_left(self, child: Child, village: Village) -> bool:
        """Whether it lived in ``village`` and does not any more."""
        return any(residence.village_id == village.pk for residence in self._moves.get(child.id, ()))

    def record_move(self, move: Move) -> None:
        """Later rows find the child where it lives from then on."""
        child = move.child
        self._moves[child.pk].append(Residence(child=child, village=move.left, until=move.since))
        self._homes[child.pk] = move.village

    def _by_identity(self, row: RowRead, village: Village, digest: str | None) -> FoundChild:
        at_home = self._at_home_born(row, village)
        named_so = self._keep_named(at_home, row)
        if len(named_so) > 1:
            if digest is None and (child := self.measured_so(named_so, row)):
                return FoundChild(child)
            raise ask("many", named_so)
        if named_so:
            return self._same_name(named_so[0], row, digest)
        self._ask_if_alike(at_home, row, digest)
        for child in self._namesakes(row):  # none of them is at home
            self._ask_if_moved(child, row, village, digest)
        self._ask_if_slipped(row, village, digest)
        return FoundChild(None)

    def _at_home_born(self, row: RowRead, village: Village) -> list[Child]:
        """Who lives there, of that birth date and sex."""
        born = self._born.get((row.birth_date, int(row.sex)), ())
        return [child for child in born if self.home_on(child, row.day).pk == village.pk]

    def _namesakes(self, row: RowRead) -> list[Child]:
        """Who has that name, birth date and sex, in any village."""
        born, name = self._born.get((row.birth_date, int(row.sex)), ()), self._fold(row.name)
        return [child for child in born if self._fold(child.name) == name]

    def _keep_named(self, children: Sequence[Child], row: RowRead) -> list[Child]:
        named_so = [child for child in children if self._fold(child.name) == self._fold(row.name)]
        return keep_same_spelling(named_so, row.name) if len(named_so) > 1 else named_so

    def namesakes(self, row: RowRead, village: Village) -> Sequence[Child]:
        """The children whom ``row`` may mean all alike: twins of one name, as long as none has a NIK."""
        if self.digest(row.nik):
            return ()
        named_so = self._keep_named(self._at_home_born(row, village), row)
        perhaps = [c for c in named_so if compared_parents(c.parent_name, row.parent) is not Parents.OTHER]
        return perhaps if len(perhaps) > 1 else ()

    def measured_so(
        self, children: Sequence[Child], row: RowRead, chosen: Child | None = None
    ) -> Child | None:
        """Return the one of ``children`` that has the values of ``row`` stored on its day, or None.

        A file that was taken in before is of the same children in any order of its rows. ``chosen`` goes
        before others of the same values.
        """
        if row.seen is None:
            return None
        stored = Measurement.objects.filter(child__in=children, measured_on=row.day)
        stored = stored.filter(weight_kg=row.seen.weight_kg, lenhei_cm=row.seen.lenhei_cm)
        measured = set(stored.values_list("child", flat=True))
        if chosen is not None and chosen.pk in measured:
            return chosen
        return next((child for child in children if child.pk in measured), None)

    def _ask_if_slipped(self, row: RowRead, village: Village, digest: str | None) -> None:
        """A child of the village is called so, and was born another day or has the other sex.

        Or has the same parents, and both its name and its birth date are only nearly those of the row.
        """
        named_so = self._with_ids(self._by_name.ids_named(village.pk, self._fold(row.name)))
        for child in named_so:
            if may_be_slip(child, row) and not self._two_niks(child, digest):
                raise ask("born_otherwise", [child], row)
        for child in self._with_ids(self._by_name.ids_of_parents(village.pk, row)):
            if not self._two_niks(child, digest):
                raise ask("born_otherwise", [child], row)

    def _with_ids(self, ids: Sequence[UUID]) -> list[Child]:
        if not_loaded := [pk for pk in ids if pk not in self._by_id]:
            self._load_children(Child.objects.filter(pk__in=not_loaded))
        return [child for pk in ids if (child := self._by_id.get(pk))]

    def _ask_if_moved(self, child: Child, row: RowRead, village: Village, digest: str | None) -> None:
        """Raise LivesElsewhere where ``child`` may be the row's and have moved.

        ``child`` has that name, birth date and sex and lives elsewhere. It is asked about where it has the
        same parents, or where it lived here once and no parent contradicts.
        """
        parents = compared_parents(child.parent_name, row.parent)
        returns = parents is Parents.UNKNOWN and self.has_left(child, village)
        if (parents is Parents.SAME or returns) and not self._two_niks(child, digest):
            raise LivesElsewhere(child, self.home_on(child, row.day), village)

    def _ask_if_alike(self, at_home: Sequence[Child], row: RowRead, digest: str | None) -> None:
        """Raise a question where a child of that birth date, sex and village may be the row's.

        Such a child may be called otherwise. Its name is spelled so, or it was recorded before it had its
        name and its NIK, or it has two NIK.
        """
        alike = [child for child in at_home if self._perhaps_one(child, row, digest)]
        if not alike:
            return
        alike.sort(key=lambda child: not similar_names(child.name, row.name))
        first = alike[0]
        if self._two_niks(first, digest):
            raise ask("two_niks", alike)
        raise ask_alike(alike, row, lacks_nik=digest is not None and not self._has_nik(first))

    def _perhaps_one(self, child: Child, row: RowRead, digest: str | None) -> bool:
        parents = compared_parents(child.parent_name, row.parent)
        if parents is Parents.OTHER or self._listed.are_twins(child, row):
            return False
        if self._two_niks(child, digest):  # of which one may be wrong, if nothing else tells the two apart
            return parents is Parents.SAME and may_be_renamed(child.name, row.name)
        if like_names(child.name, row.name):
            return True
        had_no_name = is_unnamed(child.name) or is_unnamed(row.name)
        had_no_nik = digest is not None and not self._has_nik(child)
        return parents is Parents.SAME and (had_no_name or had_no_nik)

    def _has_nik(self, child: Child) -> str | None:
        return child.nik_hash or self._given_nik.get(child.id)

    def _two_niks(self, child: Child, digest: str | None) -> bool:
        has = self._has_nik(child)
        return bool(digest and has and has != digest)

    def _same_name(self, child: Child, row: RowRead, digest: str | None) -> FoundChild:
        if self._two_niks(child, digest):
            raise ask("two_niks", [child])
        if self._listed.may_be_twin(child, row):
            raise ask("twice_that_day", [child])
        if compared_parents(child.parent_name, row.parent) is Parents.OTHER:
            raise ask("other_parent", [child], other=row.parent)
        if spelling(child.name) != spelling(row.name):
            raise ask_alike([child], row, lacks_nik=False)
        return FoundChild(child, adds_nik=self.gives_nik(child, digest))

    def is_free(self, digest: str | None) -> bool:
        """Nobody has this NIK, here or elsewhere."""
        return digest not in self._nik_elsewhere and digest not in self._by_nik

    def brings_nik(self, child: Child, row: RowRead) -> bool:
        """As ``gives_nik``, if the NIK may be hers where nothing but her name tells who she is."""
        fits = row.child is None or not nik_contradicts(row.nik, child)
        return fits and self.gives_nik(child, self.digest(row.nik))

    def gives_nik(self, child: Child, digest: str | None) -> bool:
        """Whether a row brings its NIK, nobody else's, to a child without; kept for later rows."""
        if not digest or child.nik_hash or digest in self._nik_elsewhere:
            return False
        if self._by_nik.setdefault(digest, child).pk != child.pk:
            return False
        return self._given_nik.setdefault(child.pk, digest) == digest


def note_niks_elsewhere(stored: Mapping[str | None, UUID], seen: Container[str | None]) -> set[str]:
    """Return the hashes of ``stored`` that are not among those ``seen``; that the user is told is noted."""
    elsewhere = {digest: pk for digest, pk in stored.items() if digest and digest not in seen}
    for pk in elsewhere.values():
        note_nik(pk)
    return set(elsewhere)


def keep_same_spelling(named_so: list[Child], name: str) -> list[Child]:
    """Those of ``named_so`` who are spelt as ``name``, letter by letter if it can be; else all of them."""
    spelt = [child for child in named_so if spelling(child.name) == spelling(name)]
    return [child for child in spelt if plain(child.name) == plain(name)] or spelt or named_so


def may_be_renamed_baby(child: Child, name: str, parent: str = "") -> bool:
    """Whether one NIK stands with two names because of a slip of the pen, or since a baby got its own."""
    if may_be_renamed(child.name, name):
        return True
    unnamed = is_unnamed(child.name) or is_unnamed(name)
    return unnamed and compared_parents(child.parent_name, parent) is not Parents.OTHER
