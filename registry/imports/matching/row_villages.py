"""Which village a row means, and where its child has lived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.errors import Invalid, NotFound, Refused
from registry.imports.known_places import KnownPlaces
from registry.imports.tables.row_read import RowRead
from registry.models import District, Village
from registry.places.match import VillageNotFound
from registry.places.names import plain
from registry.places.village_label import village_words

_DISTRICT_PREFIX = re.compile(r"^(?:KABUPATEN|KAB|KOTA) ")


@dataclass(frozen=True, slots=True)
class RowHome:
    """A child lives in ``village`` from the day ``since`` on."""

    village: Village
    since: date


class RowVillages:
    """The villages a file may name and the user may write in."""

    def __init__(self, places: KnownPlaces, given: Village | None = None) -> None:
        self._places, self._given = places, given
        self._districts = {
            plain(name).replace(" ", "") for name in District.objects.values_list("name", flat=True)
        }
        self._by_code: dict[str, Village | None] = {}
        self._found: dict[
            tuple[str, str, str, str, str], Village | Refused
        ] = {}  # a file names few, many times

    def of(self, row: RowRead) -> Village:
        """The village of a row, else the one given for the file.

        Raises Refused when there is none, or it is not the user's.
        """
        named = (row.district, row.village_code, row.kecamatan, row.puskesmas, row.village)
        if named not in self._found:
            try:
                self._found[named] = self._find(*named)
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

    def _find(self, district: str, code: str, kecamatan: str, puskesmas: str, name: str) -> Village:
        plain_district = _DISTRICT_PREFIX.sub("", plain(district)).replace(" ", "")
        if plain_district and plain_district not in self._districts:
            raise Invalid(
                "district_unknown",
                _("Kabupaten %(district)s bukan milik register ini.") % {"district": district[:60]},
                "district",
            )
        found = self._village_by_name(code, kecamatan or self._places.kecamatan_of(puskesmas), name)
        if isinstance(found, VillageNotFound):
            raise NotFound("village_unknown", found.reason, "village")
        if found.pk not in self._places.writable:
            raise NotFound(
                "village_outside",
                _("%(village)s di luar wilayah Anda. Minta petugas di sana mengunggahnya.")
                % {"village": village_words(found)},
                "village",
            )
        return found

    def _village_by_name(self, code: str, kecamatan: str, name: str) -> Village | VillageNotFound:
        if self._given is None:
            return self._places.find(code, kecamatan, name)
        if not code and not name:
            return self._given
        return self._places.find(code, kecamatan or self._given.kecamatan.name, name)
