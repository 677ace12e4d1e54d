"""Which village a row means, and where its child has lived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.errors import Invalid, NotFound, Refused
from registry.imports.known_places import KnownPlaces
from registry.imports.tables.row_read import RowRead
from registry.imports.tables.sheet_places import SheetPlace
from registry.models import Village
from registry.places.match import VillageNotFound
from registry.places.names import kecamatan_key, plain
from registry.places.village_label import village_words


@dataclass(frozen=True, slots=True)
class RowHome:
    """A child lives in ``village`` from the day ``since`` on."""

    village: Village
    since: date


class _Named(NamedTuple):
    """What a row and its sheet say of its village."""

    district: str
    code: str
    kecamatan: str
    puskesmas: str
    village: str
    place: SheetPlace


class RowVillages:
    """The villages a file may name and the user may write in."""

    def __init__(self, places: KnownPlaces) -> None:
        self._places = places
        self._by_code: dict[str, Village | None] = {}
        self._found: dict[_Named, Village | Refused] = {}  # a file names few, many times

    def of(self, row: RowRead) -> Village:
        """The village of a row, else that of its sheet.

        Raises Refused when there is none, or it is not the user's.
        """
        place = row.place
        named = _Named(row.district, row.village_code, row.kecamatan, row.puskesmas, row.village, place)
        if named not in self._found:
            try:
                self._found[named] = self._find(named)
            except Refused as refused:
                self._found[named] = refused
        found = self._found[named]
        if isinstance(found, Refused):
            raise found.with_traceback(None)  # one refusal of many rows
        return found

    def homes_of(self, row: RowRead) -> list[RowHome]:
        """Where the register's own file says that it lived; nothing where not all of that is the user's."""
        found = [(self._village_by_code(lived.village_code), lived.since) for lived in row.homes]
        homes = [RowHome(village, since) for village, since in found if village is not None]
        return homes if len(homes) == len(found) else []

    def _village_by_code(self, code: str) -> Village | None:
        if code not in self._by_code:
            found = self._places.find(code, "", "")
            known = found if isinstance(found, Village) else None
            self._by_code[code] = known if known and known.pk in self._places.writable else None
        return self._by_code[code]

    def _find(self, named: _Named) -> Village:
        if plain(named.district) and not self._places.has_district(named.district):
            raise Invalid(
                "district_unknown",
                _("Kabupaten %(district)s bukan milik register ini.") % {"district": named.district[:60]},
                "district",
            )
        found = self._village_by_name(named)
        if isinstance(found, VillageNotFound):
            raise NotFound("village_unknown", found.reason, "village")
        if found.pk not in self._places.writable:
            raise NotFound(
                "village_outside",
                _("%(village)s di luar wilayah kerja Anda. Minta petugas di sana mengunggahnya.")
                % {"village": village_words(found)},
                "village",
            )
        return found

    def _village_by_name(self, named: _Named) -> Village | VillageNotFound:
        kecamatan = named.kecamatan or self._places.kecamatan_of(named.puskesmas)
        village = named.place.village
        if village is None or named.code or named.village:
            return self._places.find(named.code, kecamatan or named.place.kecamatan, named.village)
        if kecamatan and kecamatan_key(kecamatan) != kecamatan_key(village.kecamatan.name):
            reason = _("Baris ini dari kecamatan %(kecamatan)s, bukan dari %(village)s. Isi nama desanya.")
            said = {"kecamatan": kecamatan[:60], "village": village_words(village)}
            return VillageNotFound(reason % said)
        return village
