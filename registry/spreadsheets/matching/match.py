"""Which village and which child of the register a row means.

A whole NIK decides, as long as birth date and sex agree. Without one: birth date, sex, village and the name
in one spelling, unless the parents' names contradict. A name that is only similar is never taken for the
same child, since twins are named so: somebody has to decide. In three words: sure, ask, new.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.actions import Invalid, Move, NotFound, Refused
from registry.actions.observation import spoken_date
from registry.alike import (
    Parents,
    compared_parents,
    is_unnamed,
    like_names,
    marked_apart,
    name_key,
    similar_names,
)
from registry.chunks import chunks
from registry.models import Child, District, Residence, Sex, User, Village
from registry.nik import mask_nik, nik_hash
from registry.places.match import NotFound as NoVillage
from registry.places.match import VillageIndex
from registry.places.names import plain
from registry.spreadsheets.matching.slips import Namesakes, perhaps_slipped
from registry.spreadsheets.report import Candidate, Note
from registry.spreadsheets.tables.cells import word
from registry.spreadsheets.tables.rows import RowRead

_VILLAGE = Child._meta.get_field("village")
_DISTRICT_PREFIX = re.compile(r"^(?:KABUPATEN|KAB|KOTA) ")


class Ask(Refused):
    """More than one answer is possible, and only a person can choose: one of ``children``, or another."""

    def __init__(self, code: str, message: str, field: str, children: Sequence[Child] = ()) -> None:
        super().__init__(code, message, field)
        self.children = tuple(children)


def candidates_of(children: Iterable[Child]) -> tuple[Candidate, ...]:
    """What tells these children from each other."""
    return tuple(
        Candidate(c.pk, c.name, c.birth_date, str(c.village), c.parent_name, mask_nik(c.nik))
        for c in children
    )


def decided_child_gone() -> Ask:
    """Somebody chose a child that is gone since, or that the user does not see: which, is not told."""
    return Ask(
        "decided_child_gone",
        _("Anak yang dulu dipilih untuk baris ini tidak ada di wilayah Anda. Pilih lagi."),
        "child",
    )


def nik_elsewhere() -> NotFound:
    """The NIK is of a child the user may not see: only that is said."""
    return NotFound(
        "nik_elsewhere",
        _("NIK ini terdaftar di luar wilayah Anda. Minta petugas kabupaten mencatat pindahnya."),
        "nik",
    )


def two_niks(child: Child, children: Sequence[Child]) -> Ask:
    """``child`` has another NIK than the row."""
    return Ask(
        "two_niks",
        _("%(name)s lahir hari itu sudah terdaftar dengan NIK lain. Pilih: anak itu juga, atau anak lain.")
        % {"name": child.name},
        "nik",
        children,
    )


def perhaps_renamed(child: Child, name: str, parent: str = "") -> bool:
    """Whether one NIK stands with two names because of a slip of the pen, or since a baby got its own."""
    if like_names(child.name, name):
        return True
    unnamed = is_unnamed(child.name) or is_unnamed(name)
    return unnamed and compared_parents(child.parent_name, parent) is not Parents.OTHER


def nik_of_other_name(child: Child, name: str, named_so: Sequence[Child]) -> Ask:
    """The NIK is of ``child``, and the row is of ``name``, as some children of the village are called."""
    return Ask(
        "nik_of_other_name",
        _("NIK ini milik %(name)s, tetapi di berkas namanya %(other)s. Pilih anaknya, atau betulkan NIK.")
        % {"name": child.name, "other": name},
        "nik",
        [child, *named_so],
    )


class LivesElsewhere(Ask):
    """The child lived in ``home`` that day, and the file says in ``village``: it may have moved."""

    def __init__(self, child: Child, home: Village, village: Village) -> None:
        super().__init__(
            "lives_elsewhere",
            _(
                "%(name)s tercatat tinggal di %(home)s pada hari itu; di berkas %(village)s. Pilih: pindah "
                "ke %(village)s, tetap di %(home)s, atau anak lain."
            )
            % {"name": child.name, "home": home, "village": village},
            "village",
            [child],
        )
        self.child, self.home, self.village = child, home, village


@dataclass(frozen=True, slots=True)
class Home:
    """A child lives in ``village`` from the day ``since`` on."""

    village: Village
    since: date


class Places:
    """The villages a file may name and the user may write in."""

    def __init__(self, user: User, given: Village | None = None) -> None:
        self._given = given
        self._index = VillageIndex.from_database()
        self._writable = set(Village.objects.with_people_visible_to(user).values_list("pk", flat=True))
        self._districts = {
            plain(name).replace(" ", "") for name in District.objects.values_list("name", flat=True)
        }
        self._by_code: dict[str, Village | None] = {}
        self._found: dict[tuple[str, str, str, str], Village | Refused] = {}  # a file names few, many times

    def of(self, row: RowRead) -> Village:
        """The village of a row, else the one given for the file. Raises Refused when there is none, or it is
        not the user's.
        """
        named = (row.district, row.village_code, row.kecamatan, row.village)
        if named not in self._found:
            try:
                self._found[named] = self._find(*named)
            except Refused as refused:
                self._found[named] = refused
        found = self._found[named]
        if isinstance(found, Refused):
            raise found.with_traceback(None)  # one refusal of many rows
        return found

    def homes_of(self, row: RowRead) -> list[Home]:
        """Where the register's own file says that it lived; nothing where not all of that is the user's."""
        found = [(self._coded(lived.village_code), lived.since) for lived in row.homes]
        homes = [Home(village, since) for village, since in found if village is not None]
        return homes if len(homes) == len(found) else []

    def _coded(self, code: str) -> Village | None:
        if code not in self._by_code:
            found = self._index.find(code, "", "")
            known = found if isinstance(found, Village) else None
            self._by_code[code] = known if known and known.pk in self._writable else None
        return self._by_code[code]

    def _find(self, district: str, code: str, kecamatan: str, name: str) -> Village:
        plain_district = _DISTRICT_PREFIX.sub("", plain(district)).replace(" ", "")
        if plain_district and plain_district not in self._districts:
            raise Invalid(
                "district_unknown",
                _("Kabupaten %(district)s bukan milik register ini.") % {"district": district[:60]},
                "district",
            )
        found = self._named(code, kecamatan, name)
        if isinstance(found, NoVillage):
            raise NotFound("village_unknown", found.reason, "village")
        if found.pk not in self._writable:
            raise NotFound(
                "village_outside",
                _("%(village)s di luar wilayah Anda. Minta petugas di sana mengunggahnya.")
                % {"village": found},
                "village",
            )
        return found

    def _named(self, code: str, kecamatan: str, name: str) -> Village | NoVillage:
        if self._given is None:
            return self._index.find(code, kecamatan, name)
        if not code and not name:
            return self._given
        return self._index.find(code, kecamatan or self._given.kecamatan.name, name)


@dataclass(frozen=True, slots=True)
class Found:
    """The child of a row; None when it is new. ``adds_nik``: it has none, and the row brings one."""

    child: Child | None
    notes: tuple[Note, ...] = ()
    adds_nik: bool = False


class ChildIndex:
    """The children a file may mean: those stored, and those new ones that its earlier rows have brought."""

    def __init__(self, user: User, rows: Sequence[RowRead], named: Sequence[UUID] = ()) -> None:
        """``named``: ids that somebody's decisions are about."""
        # By birth date and sex, and: the village of those who never moved, nothing for those who did, the
        # name. A district has too many children of one birth date to look at each of them for each row.
        self._settled: dict[tuple[date, int, str], list[Child]] = defaultdict(list)
        self._movers: dict[tuple[date, int], list[Child]] = defaultdict(list)
        self._namesakes: dict[tuple[date, int, str], list[Child]] = defaultdict(list)
        # One object of each for all the children that live there.
        self._villages = {village.pk: village for village in Village.objects.select_related("kecamatan")}
        self._by_nik: dict[str, Child] = {}
        self._by_id: dict[UUID, Child] = {}
        self._moves: dict[UUID, list[Residence]] = defaultdict(list)
        self._homes: dict[UUID, Village] = {}  # of those whom an earlier row has moved
        self._nik_elsewhere: set[str] = set()
        self._given_nik: dict[UUID, str] = {}  # by child without one, what an earlier row of the file brings
        self._folded: dict[str, str] = {}
        self._digests: dict[str, str | None] = {}
        self._by_name = Namesakes(user, self._fold)
        self._listed: dict[_Key, dict[str, _Values]] = defaultdict(dict)
        self._twice: set[tuple[_Key, str]] = set()  # one name and two weights on one day
        for row in rows:
            self._list(row)
        self._load(user, rows, named)

    def _list(self, row: RowRead) -> None:
        values, digest = _values(row), self.digest(row.nik)
        key, name = _place_and_day(row), self._fold(row.name)
        first = self._listed[key].setdefault(name, (*values, digest))
        if any(a and b and a != b for a, b in zip(first, values, strict=False)) and not (
            digest and digest == first[2]
        ):
            self._twice.add((key, name))

    def _load(self, user: User, rows: Sequence[RowRead], named: Sequence[UUID]) -> None:
        """Constant queries for each 500 birth dates, decisions and NIK."""
        mine = Child.objects.visible_to(user)
        for births in chunks(sorted({row.birth_date for row in rows})):
            self._load_children(mine.filter(birth_date__in=births))
        for ids in chunks(sorted(set(named))):
            self._load_children(mine.filter(pk__in=ids))
        hashes = {digest for row in rows if (digest := self.digest(row.nik))} - self._by_nik.keys()
        for chunk in chunks(sorted(hashes)):
            self._load_children(mine.filter(nik_hash__in=chunk))  # born another day than the file says
            # Only that it exists: a NIK is unique in the whole register, whoever may see its child.
            stored = Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", flat=True)
            self._nik_elsewhere.update(digest for digest in stored if digest and digest not in self._by_nik)

    def _load_children(self, children: QuerySet[Child]) -> None:
        moved = Residence.objects.filter(until__isnull=False, child__in=children.order_by())
        for residence in moved.order_by("since").select_related("village__kecamatan"):
            if residence not in self._moves[residence.child_id]:
                self._moves[residence.child_id].append(residence)
        for child in children:
            _VILLAGE.set_cached_value(child, self._villages[child.village_id])
            self._add(child)

    def digest(self, nik: str) -> str | None:
        """As ``nik_hash``, once for each NIK of the file."""
        if nik not in self._digests:
            self._digests[nik] = nik_hash(nik)
        return self._digests[nik]

    def _fold(self, name: str) -> str:
        """As ``name_key``, once for each name of the file."""
        found = self._folded.get(name)
        if found is None:
            found = self._folded[name] = name_key(name)
        return found

    def with_id(self, id: UUID) -> Child | None:
        """A child that is loaded, or that an earlier row has brought."""
        return self._by_id.get(id)

    def enrol(self, child: Child) -> None:
        """A child that a row brings, and later rows may mean too."""
        self._add(child)
        self._by_name.add(child)

    def _add(self, child: Child) -> None:
        if child.pk in self._by_id:
            return
        self._by_id[child.pk] = child
        born = child.birth_date, child.sex
        self._namesakes[*born, self._fold(child.name)].append(child)
        if child.pk in self._moves:
            self._movers[born].append(child)
        else:
            self._settled[*born, child.village_id].append(child)
        if child.nik_hash:
            self._by_nik[child.nik_hash] = child

    def find(self, row: RowRead, village: Village) -> Found:
        """The child of ``row``. Raises :class:`Ask` when it may be more than one, Refused when it is not the
        user's.
        """
        digest = self.digest(row.nik)
        if row.child is not None:  # whose name was compared when it was found
            found = self._at_home(row.child, row, village)
            return replace(found, adds_nik=self.gives_nik(row.child, digest))
        if digest and (child := self._by_nik.get(digest)):
            return self._with_nik(child, row, village)
        if digest in self._nik_elsewhere:
            raise nik_elsewhere()
        return self._by_identity(row, village, digest)

    def _with_nik(self, child: Child, row: RowRead, village: Village) -> Found:
        if (child.birth_date, child.sex) != (row.birth_date, row.sex):
            raise Ask(
                "nik_of_another",
                _(
                    "NIK ini milik %(name)s, %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
                    "%(other_born)s. Pilih: anak itu juga, atau anak lain (NIK-nya dikosongkan)."
                )
                % self._both(child, row),
                "nik",
                [child],
            )
        self._ask_whose_nik(child, row, village)
        return self._at_home(child, row, village)

    def _ask_whose_nik(self, child: Child, row: RowRead, village: Village) -> None:
        """A NIK copied to the row of another child: its name, its parents, the register or the file say so.
        A baby that got its name since has the same parents.
        """
        if self._fold(child.name) == self._fold(row.name):
            return
        namesakes = self._namesakes.get((row.birth_date, int(row.sex), self._fold(row.name)), ())
        named_so = [other for other in namesakes if self.home_on(other, row.day).pk == village.pk]
        if not named_so and not self._are_twins(child, row) and perhaps_renamed(child, row.name, row.parent):
            return
        raise nik_of_other_name(child, row.name, named_so)

    def _at_home(self, child: Child, row: RowRead, village: Village) -> Found:
        """``child``, if it lived that day where the file says."""
        home = self.home_on(child, row.day)
        if home.pk != village.pk:
            raise LivesElsewhere(child, home, village)
        if self._fold(child.name) == self._fold(row.name):
            return Found(child)
        note = Note("name_differs", _("Namanya di register %(name)s; NIK-nya sama.") % {"name": child.name})
        return Found(child, (note,))

    def home_on(self, child: Child, day: date) -> Village:
        """As ``Child.village_on``, for children already at hand."""
        left = (
            residence.village
            for residence in self._moves.get(child.pk, ())
            if residence.until and day < residence.until
        )
        return next(left, self._homes.get(child.pk, child.village))

    def moved(self, move: Move) -> None:
        """Later rows find the child where it lives from then on."""
        child, born = move.child, (move.child.birth_date, move.child.sex)
        if settled := self._settled.get((*born, move.left.pk)):
            with suppress(ValueError):
                settled.remove(child)
        if child.pk not in self._moves:
            self._movers[born].append(child)
        self._moves[child.pk].append(Residence(child=child, village=move.left, until=move.since))
        self._homes[child.pk] = move.village

    def _by_identity(self, row: RowRead, village: Village, digest: str | None) -> Found:
        born = row.birth_date, int(row.sex)
        movers = (c for c in self._movers.get(born, ()) if self.home_on(c, row.day).pk == village.pk)
        at_home = [*self._settled.get((*born, village.pk), ()), *movers]
        named_so = [c for c in at_home if self._fold(c.name) == self._fold(row.name)]
        if len(named_so) > 1:
            named_so = [c for c in named_so if plain(c.name) == plain(row.name)] or named_so
        if len(named_so) > 1:
            raise Ask(
                "many_children",
                _("Ada %(count)d anak bernama %(name)s dengan tanggal lahir itu. Pilih anaknya.")
                % {"count": len(named_so), "name": named_so[0].name},
                "name",
                named_so,
            )
        if named_so:
            return self._same_name(named_so[0], row, digest)
        self._ask_if_alike(at_home, row, digest)
        for child in self._namesakes.get((*born, self._fold(row.name)), ()):  # none of them is at home
            self._ask_if_moved(child, row, village, digest)
        self._ask_if_slipped(row, village, digest)
        return Found(None)

    def _ask_if_slipped(self, row: RowRead, village: Village, digest: str | None) -> None:
        """A child of the village is called so, and was born another day or has the other sex."""
        named_so = self._by_name.named(village.pk, self._fold(row.name))
        if other_births := [pk for pk in named_so if pk not in self._by_id]:
            self._load_children(Child.objects.filter(pk__in=other_births))
        for child in filter(None, map(self._by_id.get, named_so)):
            if self._two_niks(child, digest) or not perhaps_slipped(child, row):
                continue
            raise Ask(
                "born_otherwise",
                _(
                    "%(name)s di desa ini tercatat %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
                    "%(other_born)s. Pilih: anak itu juga, atau anak lain."
                )
                % self._both(child, row),
                "birth_date",
                [child],
            )

    @staticmethod
    def _both(child: Child, row: RowRead) -> dict[str, str]:
        """Sex and birth date as the register has them and as the file does."""
        return {
            "name": child.name,
            "sex": Sex(child.sex).letter,
            "born": spoken_date(child.birth_date),
            "other_sex": row.sex.letter,
            "other_born": spoken_date(row.birth_date),
        }

    def _ask_if_moved(self, child: Child, row: RowRead, village: Village, digest: str | None) -> None:
        is_same = compared_parents(child.parent_name, row.parent) is Parents.SAME
        if is_same and not self._two_niks(child, digest):
            raise LivesElsewhere(child, self.home_on(child, row.day), village)

    def _ask_if_alike(self, at_home: Sequence[Child], row: RowRead, digest: str | None) -> None:
        """Children of that birth date, sex and village may be called otherwise: spelled so, recorded before
        they had their name and their NIK, or with two NIK.
        """
        alike = [child for child in at_home if self._perhaps_one(child, row, digest)]
        if not alike:
            return
        alike.sort(key=lambda child: not similar_names(child.name, row.name))
        first = alike[0]
        if self._two_niks(first, digest):
            raise two_niks(first, alike)
        if similar_names(first.name, row.name):
            code, sentence = (
                "similar_child",
                _(
                    "Mirip %(name)s yang lahir pada hari yang sama. Pilih: anak itu juga, atau anak lain "
                    "(misalnya kembar)."
                ),
            )
        elif digest and not self._has_nik(first):
            code, sentence = (
                "temporary_record",
                _(
                    "%(name)s lahir hari itu, belum punya NIK, dan nama atau orang tuanya cocok. Pilih: anak "
                    "itu juga, atau anak lain (misalnya kembar)."
                ),
            )
        else:
            code, sentence = (
                "alike_child",
                _(
                    "%(name)s lahir hari itu di desa ini, dan nama atau orang tuanya cocok. Pilih: anak itu "
                    "juga, atau anak lain (misalnya kembar)."
                ),
            )
        raise Ask(code, sentence % {"name": first.name}, "name", alike)

    def _perhaps_one(self, child: Child, row: RowRead, digest: str | None) -> bool:
        parents = compared_parents(child.parent_name, row.parent)
        if parents is Parents.OTHER or self._are_twins(child, row):
            return False
        if self._two_niks(child, digest):  # of which one may be wrong, if nothing else tells the two apart
            return parents is Parents.SAME and like_names(child.name, row.name)
        if like_names(child.name, row.name):
            return True
        had_no_name = is_unnamed(child.name) or is_unnamed(row.name)
        had_no_nik = digest is not None and not self._has_nik(child)
        return parents is Parents.SAME and (had_no_name or had_no_nik)

    def _are_twins(self, child: Child, row: RowRead) -> bool:
        """They are called so; or the file lists both on one day, and they differ in what they weigh, in their
        NIK, or altogether in name.
        """
        that_day = self._listed[_place_and_day(row)]
        other, this = that_day.get(self._fold(child.name)), that_day[self._fold(row.name)]
        if marked_apart(child.name, row.name):
            return True
        if other is None or other is this:
            return False
        two_niks = other[2] and this[2] and other[2] != this[2]
        if two_niks or other[:2] != this[:2]:
            return True
        unnamed = is_unnamed(child.name) or is_unnamed(row.name)
        return not unnamed and not like_names(child.name, row.name)

    def _may_be_twin(self, child: Child, row: RowRead) -> bool:
        """The file has this name with other values that day, and the row is not the one that brought the
        child, nor says the same again.
        """
        key, name = _place_and_day(row), self._fold(row.name)
        first = self._listed[key][name]
        says_the_same = child._state.adding and _values(row) == first[:2]
        return (key, name) in self._twice and not says_the_same

    def _has_nik(self, child: Child) -> str | None:
        return child.nik_hash or self._given_nik.get(child.pk)

    def _two_niks(self, child: Child, digest: str | None) -> bool:
        has = self._has_nik(child)
        return bool(digest and has and has != digest)

    def _same_name(self, child: Child, row: RowRead, digest: str | None) -> Found:
        if self._two_niks(child, digest):
            raise two_niks(child, [child])
        if self._may_be_twin(child, row):
            raise Ask(
                "twice_that_day",
                _(
                    "Berkas ini memuat %(name)s lebih dari sekali pada hari itu dengan nilai berbeda. Pilih: "
                    "anak itu juga, atau anak lain (misalnya kembar)."
                )
                % {"name": child.name},
                "name",
                [child],
            )
        if compared_parents(child.parent_name, row.parent) is Parents.OTHER:
            raise Ask(
                "other_parent",
                _(
                    "%(name)s sudah terdaftar dengan orang tua %(parent)s; di berkas %(other)s. Pilih: "
                    "anak itu juga, atau anak lain."
                )
                % {"name": child.name, "parent": child.parent_name, "other": row.parent},
                "parent",
                [child],
            )
        return Found(child, adds_nik=self.gives_nik(child, digest))

    def is_free(self, digest: str | None) -> bool:
        """Nobody has this NIK, here or elsewhere."""
        return digest not in self._nik_elsewhere and digest not in self._by_nik

    def gives_nik(self, child: Child, digest: str | None) -> bool:
        """Whether a row brings its NIK, nobody else's, to a child without; kept for later rows."""
        if not digest or child.nik_hash or digest in self._nik_elsewhere:
            return False
        if self._by_nik.setdefault(digest, child).pk != child.pk:
            return False
        return self._given_nik.setdefault(child.pk, digest) == digest


_Values = tuple[Decimal | None, Decimal | None, str | None]  # weight, length or height, digest of the NIK
_Key = tuple[str, str, date, int, date]


def _values(row: RowRead) -> tuple[Decimal | None, Decimal | None]:
    return (row.seen.weight_kg, row.seen.lenhei_cm) if row.seen else (None, None)


def _place_and_day(row: RowRead) -> _Key:
    return word(row.kecamatan), word(row.village), row.birth_date, int(row.sex), row.day
