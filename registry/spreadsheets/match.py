"""Which village and which child of the register a row means.

A whole NIK decides, as long as birth date and sex agree. Without one: birth date, sex, village and the name
in one spelling, unless the parents' names contradict. A name that is only similar is never taken for the
same child, since twins are named so: somebody has to decide. In three words: sure, ask, new.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions import Invalid, NotFound, Refused
from registry.actions.observation import spoken_date
from registry.alike import Parents, compared_parents, folded, similar_names
from registry.chunks import chunks
from registry.models import Child, District, Residence, Sex, User, Village
from registry.nik import nik_hash
from registry.places.match import NotFound as NoVillage
from registry.places.match import VillageIndex
from registry.places.names import plain
from registry.spreadsheets.report import Note
from registry.spreadsheets.rows import RowRead

_DISTRICT_PREFIX = re.compile(r"^(?:KABUPATEN|KAB|KOTA) ")


class Ask(Refused):
    """More than one answer is possible, and only a person can choose."""


class Places:
    """The villages a file may name and the user may write in."""

    def __init__(self, user: User) -> None:
        self._index = VillageIndex.from_database()
        self._writable = set(Village.objects.with_people_visible_to(user).values_list("pk", flat=True))
        self._districts = {
            plain(name).replace(" ", "") for name in District.objects.values_list("name", flat=True)
        }

    def of(self, row: RowRead) -> Village:
        """The village of a row. Raises Refused when there is none, or it is not the user's."""
        district = _DISTRICT_PREFIX.sub("", plain(row.district)).replace(" ", "")
        if district and district not in self._districts:
            raise Invalid(
                "district_unknown",
                _("Kabupaten %(district)s bukan milik register ini.") % {"district": row.district[:60]},
                "district",
            )
        found = self._index.find(row.village_code, row.kecamatan, row.village)
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


@dataclass(frozen=True, slots=True)
class Found:
    """The child of a row; None when it is new."""

    child: Child | None
    notes: tuple[Note, ...] = ()


class ChildIndex:
    """The children a file may mean: those stored, and those new ones that its earlier rows have brought."""

    def __init__(self, user: User, rows: Sequence[RowRead]) -> None:
        self._by_birth: dict[tuple[date, int], list[Child]] = defaultdict(list)
        self._by_nik: dict[str, Child] = {}
        self._moves: dict[UUID, list[Residence]] = defaultdict(list)
        self._nik_elsewhere: set[str] = set()
        self._listed = _listed(rows)
        self._load(user, rows)

    def _load(self, user: User, rows: Sequence[RowRead]) -> None:
        """Constant queries for each 500 birth dates and NIK."""
        mine = Child.objects.visible_to(user).select_related("village")
        for births in chunks(sorted({row.birth_date for row in rows})):
            for child in mine.filter(birth_date__in=births):
                self.add(child)
            moved = Residence.objects.filter(
                until__isnull=False, child__in=mine.filter(birth_date__in=births)
            )
            for residence in moved.order_by("since").select_related("village"):
                self._moves[residence.child_id].append(residence)
        hashes = {digest for row in rows if (digest := nik_hash(row.nik))} - self._by_nik.keys()
        for chunk in chunks(sorted(hashes)):
            for child in mine.filter(nik_hash__in=chunk):  # born another day than the file says
                self._by_nik[child.nik_hash or ""] = child
            # Only that it exists: a NIK is unique in the whole register, whoever may see its child.
            stored = Child.objects.filter(nik_hash__in=chunk).values_list("nik_hash", flat=True)
            self._nik_elsewhere.update(digest for digest in stored if digest and digest not in self._by_nik)

    def add(self, child: Child) -> None:
        """A child that later rows may mean too."""
        self._by_birth[child.birth_date, child.sex].append(child)
        if child.nik_hash:
            self._by_nik[child.nik_hash] = child

    def find(self, row: RowRead, village: Village) -> Found:
        """The child of ``row``. Raises :class:`Ask` when it may be more than one, Refused when it is not the
        user's.
        """
        digest = nik_hash(row.nik)
        if digest and (child := self._by_nik.get(digest)):
            return self._with_nik(child, row, village)
        if digest in self._nik_elsewhere:
            raise NotFound(
                "nik_elsewhere",
                _("NIK ini terdaftar di luar wilayah Anda. Minta petugas kabupaten mencatat pindahnya."),
                "nik",
            )
        return self._by_identity(row, village, digest)

    def _with_nik(self, child: Child, row: RowRead, village: Village) -> Found:
        if (child.birth_date, child.sex) != (row.birth_date, row.sex):
            raise Ask(
                "nik_of_another",
                _(
                    "NIK ini milik %(name)s, %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
                    "%(other_born)s. Betulkan berkas atau data anaknya."
                )
                % {
                    "name": child.name,
                    "sex": Sex(child.sex).letter,
                    "born": spoken_date(child.birth_date),
                    "other_sex": row.sex.letter,
                    "other_born": spoken_date(row.birth_date),
                },
                "nik",
            )
        home = self._home_on(child, row.seen.measured_on)
        if home.pk != village.pk:
            raise _lives_elsewhere(child, home, village)
        if folded(child.name) == folded(row.name):
            return Found(child)
        note = Note("name_differs", _("Namanya di register %(name)s; NIK-nya sama.") % {"name": child.name})
        return Found(child, (note,))

    def _home_on(self, child: Child, day: date) -> Village:
        """As ``Child.village_on``, for children already at hand."""
        left = (
            residence.village
            for residence in self._moves[child.pk]
            if residence.until and day < residence.until
        )
        return next(left, child.village)

    def _by_identity(self, row: RowRead, village: Village, digest: str | None) -> Found:
        known = self._by_birth[row.birth_date, row.sex]
        at_home = [c for c in known if self._home_on(c, row.seen.measured_on).pk == village.pk]
        named_so = [c for c in at_home if folded(c.name) == folded(row.name)]
        if len(named_so) > 1:
            raise Ask(
                "many_children",
                _("Ada %(count)d anak bernama %(name)s dengan tanggal lahir itu. Tulis NIK-nya.")
                % {"count": len(named_so), "name": named_so[0].name},
                "name",
            )
        if named_so:
            return _same_name(named_so[0], row, digest)
        for child in at_home:
            self._ask_if_similar(child, row, digest)
        for child in known:
            if child not in at_home:
                _ask_if_moved(child, self._home_on(child, row.seen.measured_on), row, village, digest)
        return Found(None)

    def _ask_if_similar(self, child: Child, row: RowRead, digest: str | None) -> None:
        if not similar_names(child.name, row.name):
            return
        if _two_niks(child, digest) or compared_parents(child.parent_name, row.parent) is Parents.OTHER:
            return
        if self._are_twins(child, row):
            return
        raise Ask(
            "similar_child",
            _(
                "Mirip %(name)s yang lahir pada hari yang sama. Kalau anak yang sama, samakan namanya; "
                "kalau anak lain (kembar), daftarkan dulu di register. Lalu unggah lagi."
            )
            % {"name": child.name},
            "name",
        )

    def _are_twins(self, child: Child, row: RowRead) -> bool:
        """The file lists both on one day with values of their own: two children, though named alike."""
        that_day = self._listed[_place_and_day(row)]
        other = that_day.get(folded(child.name))
        return other is not None and other != that_day[folded(row.name)]


_Values = tuple[Decimal | None, Decimal | None]
_Key = tuple[str, str, date, int, date]


def _place_and_day(row: RowRead) -> _Key:
    return plain(row.kecamatan), plain(row.village), row.birth_date, int(row.sex), row.seen.measured_on


def _listed(rows: Iterable[RowRead]) -> dict[_Key, dict[str, _Values]]:
    listed: dict[_Key, dict[str, _Values]] = defaultdict(dict)
    for row in rows:
        listed[_place_and_day(row)].setdefault(folded(row.name), (row.seen.weight_kg, row.seen.lenhei_cm))
    return listed


def _two_niks(child: Child, digest: str | None) -> bool:
    return bool(digest and child.nik_hash and child.nik_hash != digest)


def _same_name(child: Child, row: RowRead, digest: str | None) -> Found:
    if _two_niks(child, digest):
        raise Ask(
            "two_niks",
            _("%(name)s lahir hari itu sudah terdaftar dengan NIK lain. Pastikan NIK yang benar.")
            % {"name": child.name},
            "nik",
        )
    if compared_parents(child.parent_name, row.parent) is Parents.OTHER:
        raise Ask(
            "other_parent",
            _("%(name)s sudah terdaftar dengan orang tua %(parent)s; di berkas %(other)s. Pastikan anaknya.")
            % {"name": child.name, "parent": child.parent_name, "other": row.parent},
            "parent",
        )
    if digest and not child.nik_hash:
        note = Note("nik_not_added", _("NIK di berkas belum ada di register; tambahkan di data anaknya."))
        return Found(child, (note,))
    return Found(child)


def _ask_if_moved(child: Child, home: Village, row: RowRead, village: Village, digest: str | None) -> None:
    if (
        folded(child.name) == folded(row.name)
        and compared_parents(child.parent_name, row.parent) is Parents.SAME
        and not _two_niks(child, digest)
    ):
        raise _lives_elsewhere(child, home, village)


def _lives_elsewhere(child: Child, home: Village, village: Village) -> Ask:
    return Ask(
        "lives_elsewhere",
        _(
            "%(name)s tercatat tinggal di %(home)s pada hari itu; di berkas %(village)s. Kalau pindah, catat "
            "pindahnya di register, lalu unggah lagi."
        )
        % {"name": child.name, "home": home, "village": village},
        "village",
    )
