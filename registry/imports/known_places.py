"""The places of the register that a file may name, and which of them are the user's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from registry.models import Kecamatan, Posyandu, Puskesmas, User, Village
from registry.places.match import VillageIndex, VillageNotFound
from registry.places.names import posyandu_key, puskesmas_key, village_key


class KnownPlaces:
    """Villages, puskesmas and posyandu by the names that files have for them. Asks the database nothing.

    ``writable``: codes of the villages that the user may write in. ``puskesmas``: names with the name of the
    kecamatan of each; ``posyandu``: their keys.
    """

    def __init__(
        self,
        index: VillageIndex,
        writable: Collection[str] = (),
        puskesmas: Iterable[tuple[str, str]] = (),
        posyandu: Iterable[str] = (),
    ) -> None:
        self._index, self.writable = index, frozenset(writable)
        self._kecamatan_of = {puskesmas_key(name): kecamatan for name, kecamatan in puskesmas}
        self._posyandu = frozenset(posyandu)

    @classmethod
    def of_user(cls, user: User) -> KnownPlaces:
        """Return all places with those of ``user``."""
        villages = Village.objects.with_people_visible_to(user)
        kecamatan = Kecamatan.objects.values_list("name", flat=True)
        # What the register has goes before what its names suggest: KESUGIHAN I is of Kesugihan.
        suggested = [(f"{name}{number}", name) for name in kecamatan for number in ("", " 1", " 2")]
        puskesmas = Puskesmas.objects.values_list("name", "kecamatan__name")
        posyandu = Posyandu.objects.filter(village__in=villages).values_list("key", flat=True)
        return cls(
            VillageIndex.from_database(),
            villages.values_list("pk", flat=True),
            [*suggested, *puskesmas],
            posyandu,
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
            own = [village for village in self._index.find_all(name) if village.pk in self.writable]
            if len(own) == 1:
                return own[0]
        return self._index.find(code, kecamatan, name)

    def kecamatan_of(self, puskesmas: str) -> str:
        """Return the kecamatan of a puskesmas; empty where the register knows none of that name."""
        return self._kecamatan_of.get(puskesmas_key(puskesmas), "")

    def field_of_names(self, names: Sequence[str]) -> str | None:
        """Return which field of a table these cells are names of; None for anything else.

        They are where four in five of them are known, or two different ones.
        """
        known = {
            "village": lambda name: bool(self._index.find_all(name)),
            "posyandu": lambda name: posyandu_key(name) in self._posyandu,
            "puskesmas": lambda name: bool(self.kecamatan_of(name)),
        }
        said = [name for name in names if not name.isdigit()]
        for field, is_known in known.items():
            found = [name for name in said if is_known(name)]
            if len(said) >= 2 and (len(found) >= _MOST * len(said) or len(set(map(village_key, found))) > 1):
                return field
        return None


_MOST = 0.8  # share of the cells

NO_PLACES = KnownPlaces(VillageIndex(()))
