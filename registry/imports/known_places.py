"""The places of the register that a file may name, and which of them are the user's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from registry.models import District, Kecamatan, Posyandu, Puskesmas, User, Village
from registry.places.match import VillageIndex, VillageNotFound
from registry.places.names import plain, posyandu_key, puskesmas_key, village_key


class KnownPlaces:
    """Villages, puskesmas and posyandu by the names that files have for them. Asks the database nothing.

    ``writable``: codes of the villages that the user may write in. ``puskesmas``: names with the name of the
    kecamatan of each; ``posyandu``: their keys with the code of the village of each.
    """

    def __init__(
        self,
        index: VillageIndex,
        writable: Collection[str] = (),
        puskesmas: Iterable[tuple[str, str]] = (),
        posyandu: Iterable[tuple[str, str]] = (),
        districts: Iterable[str] = (),
    ) -> None:
        self._districts = frozenset(map(_district_key, districts))
        self._index, self.writable = index, frozenset(writable)
        self._kecamatan_of = {puskesmas_key(name): kecamatan for name, kecamatan in puskesmas}
        self._villages_of_posyandu: dict[str, set[str]] = defaultdict(set)
        for key, village in posyandu:
            self._villages_of_posyandu[key].add(village)

    @classmethod
    def of_user(cls, user: User) -> KnownPlaces:
        """Return all places with those of ``user``."""
        villages = Village.objects.with_people_visible_to(user)
        kecamatan = Kecamatan.objects.values_list("name", flat=True)
        # What the register has goes before what its names suggest: KESUGIHAN I is of Kesugihan.
        suggested = [(f"{name}{number}", name) for name in kecamatan for number in ("", " 1", " 2")]
        puskesmas = Puskesmas.objects.values_list("name", "kecamatan__name")
        posyandu = Posyandu.objects.filter(village__in=villages).values_list("key", "village")
        return cls(
            VillageIndex.from_database(),
            villages.values_list("pk", flat=True),
            [*suggested, *puskesmas],
            posyandu,
            District.objects.values_list("name", flat=True),
        )

    @cached_property
    def is_area(self) -> bool:
        """Return whether the user may write in a part of the register only."""
        return len(self.writable) < self._index.count

    def find(self, code: str, kecamatan: str, name: str) -> Village | VillageNotFound:
        """Return the village of that code, else of that kecamatan and name, else why there is none.

        A name alone is sure where the user works in a part of the kabupaten with one village called so.
        """
        if self.is_area and not code and not kecamatan:
            own = self._own(name)
            if len(own) == 1:
                return own[0]
        return self._index.find(code, kecamatan, name)

    def find_said(self, kecamatan: str, name: str) -> Village | None:
        """Return the village that a title means; None where there is none, or several of the user's own.

        A name that only others have is of one of those: its rows are not the user's.
        """
        if kecamatan:
            found = self._index.find("", kecamatan, name)
            return found if isinstance(found, Village) else None
        own = self._own(name)
        named = own or self._index.find_all(name)
        return named[0] if named and len(own) < 2 else None

    def is_own_village(self, name: str) -> bool:
        """Return whether a village of the user is called so."""
        return bool(self._own(name))

    def _own(self, name: str) -> Sequence[Village]:
        return [village for village in self._index.find_all(name) if village.pk in self.writable]

    def has_posyandu(self, name: str, village: Village | None) -> bool:
        """Return whether ``village``, or any of the user's, has a posyandu of that name."""
        villages = self._villages_of_posyandu.get(posyandu_key(name), set())
        return village.pk in villages if village else bool(villages)

    def has_district(self, name: str) -> bool:
        """Return whether the register is of a kabupaten of that name, with or without "Kab."."""
        return _district_key(name) in self._districts

    def known_kecamatan(self, name: str) -> str:
        """Return the name of a kecamatan of the register; empty for any other."""
        return name if self._index.has_kecamatan(name) else ""

    def kecamatan_of(self, puskesmas: str) -> str:
        """Return the kecamatan of a puskesmas; empty where the register knows none of that name."""
        return self._kecamatan_of.get(puskesmas_key(puskesmas), "")

    def field_of_names(self, names: Sequence[str]) -> str | None:
        """Return which field of a table these cells are names of; None for anything else.

        They are where four in five of them are known, or two different ones.
        """
        known = {
            "village": lambda name: bool(self._index.find_all(name)),
            "posyandu": lambda name: self.has_posyandu(name, None),
            "puskesmas": lambda name: bool(self.kecamatan_of(name)),
        }
        said = [name for name in names if not name.isdigit()]
        for field, is_known in known.items():
            found = [name for name in said if is_known(name)]
            if len(said) >= 2 and (len(found) >= _MOST * len(said) or len(set(map(village_key, found))) > 1):
                return field
        return None


def _district_key(name: str) -> str:
    return _DISTRICT_PREFIX.sub("", plain(name)).replace(" ", "")


_DISTRICT_PREFIX = re.compile(r"^(?:KABUPATEN|KAB|KOTA) ")
_MOST = 0.8  # share of the cells

NO_PLACES = KnownPlaces(VillageIndex(()))
