"""Which child of the register a row means: who may be meant is looked for here, ``comparison`` judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.access.reading import note_nik
from registry.actions import Move
from registry.actions.key_rotation import require_hash_key_in_force
from registry.db.batches import chunks
from registry.imports.matching.comparison import (
    Compared,
    ComparedPerson,
    MatchJudgement,
    MatchVerdict,
    compare,
    is_nik_fitting,
    judge_all,
)
from registry.imports.matching.questions import LivesElsewhere, ask, nik_elsewhere_error
from registry.imports.matching.rows_by_child import RowsByChild
from registry.imports.matching.village_children import VillageChildren
from registry.imports.report import RowNote
from registry.imports.tables.row_read import RowRead
from registry.models import Child, Measurement, MergedChild, Residence, User, Village
from registry.name_similarity import Agreement, NameForms, ParentWords
from registry.nik import nik_hash


@dataclass(frozen=True, slots=True)
class FoundChild:
    """The child of a row; None when it is new. ``adds_nik``: it has none, and the row brings one."""

    child: Child | None
    notes: tuple[RowNote, ...] = ()
    adds_nik: bool = False


class ChildIndex:
    """The children a file may mean: those stored, and those new ones that its earlier rows have brought."""

    def __init__(
        self, user: User, rows: Sequence[RowRead], named: Sequence[UUID] = (), niks: Sequence[str] = ()
    ) -> None:
        """``named``: ids that somebody's decisions are about. ``niks``: of a file without birth dates."""
        self._mine = Child.objects.visible_to(user)
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
        # A file says each many times.
        self.forms, self._parents, self.digest = cache(NameForms), cache(ParentWords), cache(nik_hash)
        self._by_village: dict[str, VillageChildren] = {}
        self._listed = RowsByChild(self.forms, self.digest)
        for row in rows:
            self._listed.add(row)
        self._load({row.birth_date for row in rows}, named, [*niks, *(row.nik for row in rows)])

    def _load(self, births: set[date], named: Sequence[UUID], niks: Sequence[str]) -> None:
        """Constant queries for each 500 birth dates, decisions and NIK."""
        for days in chunks(sorted(births)):
            self._load_children(self._mine.filter(birth_date__in=days))
        for ids in chunks(sorted({*named, *self._kept.values()})):
            self._load_children(self._mine.filter(pk__in=ids))
        hashes = {digest for nik in niks if (digest := self.digest(nik))} - self._by_nik.keys()
        if hashes:
            require_hash_key_in_force()
        for chunk in chunks(sorted(hashes)):
            # Only that it exists: a NIK is unique in the whole register, whoever may see its child.
            stored = dict(Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", "pk"))
            if stored:  # born another day than the file says
                self._load_children(self._mine.filter(nik_hash__in=stored))
            self._note_niks_elsewhere(stored)

    def _note_niks_elsewhere(self, stored: Mapping[str | None, UUID]) -> None:
        """Keep the NIK of children the user may not see; that the user is told of them is noted."""
        for digest, pk in stored.items():
            if digest and digest not in self._by_nik:
                note_nik(pk)
                self._nik_elsewhere.add(digest)

    def load_village(self, village: Village) -> VillageChildren:
        """Return who lives in ``village``, all at hand for :meth:`with_ids`."""
        self._load_children(self._mine.filter(village=village))
        return self._in_village(village.pk)

    def _in_village(self, code: str) -> VillageChildren:
        """Return who lives in the village of that code, read by one query when it is first asked about."""
        if code not in self._by_village:
            children = self._by_village[code] = VillageChildren()
            mine = self._mine.filter(village=code).order_by()
            known = mine.values_list("pk", "name", "birth_date", "sex", "parent_name")
            for pk, name, born, sex, note in known:
                children.add(ComparedPerson(self.forms(name), born, sex, self._parents(note), id=pk))
        return self._by_village[code]

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
        self._in_village(child.village_id).add(self._person_of_child(child, with_digits=False))

    def _add(self, child: Child) -> None:
        if child.id in self._by_id:
            return
        self._by_id[child.id] = child
        self._born[child.birth_date, child.sex].append(child)
        if child.nik_hash:
            self._by_nik[child.nik_hash] = child

    def find(self, row: RowRead, village: Village) -> FoundChild:
        """The child of ``row``.

        Raises :class:`NeedsAnswer` when somebody has to say which, Refused when it is not the user's.
        """
        person = self._person_of_row(row)
        if row.child is not None:  # whose name was compared when it was found
            [known] = self._compare_all(person, [row.child], row, village)
            if known.comparison.place is not Agreement.SAME:
                raise LivesElsewhere(row.child, self.home_on(row.child, row.day), village)
            return _build_found(known, adds_nik=self.brings_nik(row.child, row))
        holder = self.holder_of(person.nik_hash)
        likely = [child for child in self._list_born(row, village, person.name) if child is not holder]
        if holder:
            likely.append(holder)
        judgement = judge_all(person, self._compare_all(person, likely, row, village))
        if judgement.verdict is MatchVerdict.NEW:
            likely = self.with_ids(self._in_village(village.pk).list_born_otherwise(person))
            judgement = judge_all(person, self._compare_all(person, likely, row, village))
        return self._answer(judgement, row, village)

    def holder_of(self, digest: str | None) -> Child | None:
        """The child of that NIK. Raises NotFound where it is of one the user may not see."""
        if digest in self._nik_elsewhere:
            raise nik_elsewhere_error()
        return self._by_nik.get(digest or "")

    def _answer(self, judgement: MatchJudgement[Child], row: RowRead, village: Village) -> FoundChild:
        """The child that is surely meant. Raises NeedsAnswer where somebody has to say which one is."""
        if judgement.verdict is MatchVerdict.NEW:
            return FoundChild(None)
        first = judgement.compared[0]
        if judgement.question == "lives_elsewhere":
            raise LivesElsewhere(first.child, self.home_on(first.child, row.day), village)
        if judgement.question == "many" and self.digest(row.nik) is None:
            measured = self.measured_so([one.child for one in judgement.compared], row)
            if measured is not None:
                return FoundChild(measured)
        if judgement.verdict is MatchVerdict.ASK:
            raise ask(judgement, row.name, row)
        return _build_found(first, adds_nik=self.gives_nik(first.child, self.digest(row.nik)))

    def _compare_all(
        self, person: ComparedPerson, children: Iterable[Child], row: RowRead, village: Village
    ) -> list[Compared[Child]]:
        """Return how ``row``, which is of ``person``, agrees with each of ``children``."""
        return [
            self.compare(
                person, child, self._compare_place(child, row.day, village), self._listed.compare(child, row)
            )
            for child in children
        ]

    def compare(
        self, person: ComparedPerson, child: Child, place: Agreement, listed: Agreement = Agreement.UNKNOWN
    ) -> Compared[Child]:
        """Return how ``person``, as a file says, agrees with ``child``: ``comparison.compare``."""
        known = self._person_of_child(child, with_digits=not person.nik_hash and bool(person.nik))
        return Compared(child, known, compare(person, known, place=place, listed=listed))

    def _person_of_row(self, row: RowRead) -> ComparedPerson:
        name, parents = self.forms(row.name), self._parents(row.parent)
        return ComparedPerson(name, row.birth_date, int(row.sex), parents, self.digest(row.nik), row.nik)

    def _person_of_child(self, child: Child, *, with_digits: bool) -> ComparedPerson:
        return ComparedPerson(
            self.forms(child.name),
            child.birth_date,
            child.sex,
            self._parents(child.parent_name),
            child.nik_hash or self._given_nik.get(child.id),
            child.nik_if_readable if with_digits else "",
            child.pk,
        )

    def _compare_place(self, child: Child, day: date, village: Village) -> Agreement:
        if self.home_on(child, day).pk == village.pk:
            return Agreement.SAME
        lives_there = self.home_on(child, date.max).pk == village.pk
        return Agreement.LIKE if lives_there or self.has_left(child, village) else Agreement.OTHER

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

    def _list_born(self, row: RowRead, village: Village, name: NameForms) -> list[Child]:
        """Who was born that day, has that sex, and lives there or has that name."""
        return [
            child
            for child in self._born.get((row.birth_date, int(row.sex)), ())
            if self.home_on(child, row.day).pk == village.pk or self.forms(child.name).key == name.key
        ]

    def namesakes(self, row: RowRead, village: Village) -> Sequence[Child]:
        """The children whom ``row`` may mean all alike: twins of one name, as long as none has a NIK."""
        if self.digest(row.nik):
            return ()
        person = self._person_of_row(row)
        born = self._compare_all(person, self._list_born(row, village, person.name), row, village)
        judgement = judge_all(person, born)
        perhaps = [one for one in judgement.compared if one.comparison.parents is not Agreement.OTHER]
        return [one.child for one in perhaps] if judgement.question == "many" and len(perhaps) > 1 else ()

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

    def with_ids(self, people: Iterable[ComparedPerson]) -> list[Child]:
        """The children that are these ``people``."""
        ids = [person.id for person in people if person.id]
        if not_loaded := [pk for pk in ids if pk not in self._by_id]:
            self._load_children(Child.objects.filter(pk__in=not_loaded))
        return [child for pk in ids if (child := self._by_id.get(pk))]

    def is_free(self, digest: str | None) -> bool:
        """Nobody has this NIK, here or elsewhere."""
        return digest not in self._nik_elsewhere and digest not in self._by_nik

    def brings_nik(self, child: Child, row: RowRead) -> bool:
        """As ``gives_nik``, if the NIK may be hers where nothing but her name tells who she is."""
        fits = row.child is None or is_nik_fitting(row.nik, self._person_of_child(child, with_digits=True))
        return fits and self.gives_nik(child, self.digest(row.nik))

    def gives_nik(self, child: Child, digest: str | None) -> bool:
        """Whether a row brings its NIK, nobody else's, to a child without; kept for later rows."""
        if not digest or child.nik_hash or digest in self._nik_elsewhere:
            return False
        if self._by_nik.setdefault(digest, child).pk != child.pk:
            return False
        return self._given_nik.setdefault(child.pk, digest) == digest


def _build_found(known: Compared[Child], *, adds_nik: bool) -> FoundChild:
    """The child, and a note where only its NIK tells that the file means it."""
    if known.comparison.name is Agreement.SAME:
        return FoundChild(known.child, adds_nik=adds_nik)
    sentence = _("Namanya di register %(name)s; NIK-nya sama.") % {"name": known.child.name}
    return FoundChild(known.child, (RowNote("name_differs", sentence),), adds_nik)
