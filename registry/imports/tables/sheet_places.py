"""Where the children of a sheet live, as the titles above its header or its own name say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from registry.growth.cells.month_names import MONTHS
from registry.growth.cells.text import Cell, text_of
from registry.imports.known_places import KnownPlaces
from registry.models import Village
from registry.places.names import plain
from registry.places.village_label import village_words

T = TypeVar("T")

_LABELS: Mapping[str, str] = {
    **dict.fromkeys(("DESA", "DS", "KELURAHAN", "KEL"), "village"),
    **dict.fromkeys(("KECAMATAN", "KEC"), "kecamatan"),
    **dict.fromkeys(("PUSKESMAS", "PUKESMAS", "PUSK", "PKM"), "puskesmas"),
    **dict.fromkeys(("POSYANDU", "POSY"), "posyandu"),
    **dict.fromkeys(("KABUPATEN", "KAB"), "district"),
}
_ENDS = MONTHS.keys() | {
    *("PROVINSI", "PROV", "DUSUN", "RT", "RW", "SE"),
    *("TAHUN", "THN", "BULAN", "BLN", "TANGGAL", "TGL", "PERIODE", "SEMESTER"),
}
"""Words behind the name of a place that are no part of it."""
_YEAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Village, kecamatan and posyandu of the rows that say none; ``said``: which, and where it stands."""

    village: Village | None = None
    kecamatan: str = ""
    posyandu: str = ""
    said: tuple[str, ...] = ()
    is_village_said: bool = False


NO_PLACE = SheetPlace()


@dataclass(frozen=True, slots=True)
class _Written:
    """Names by what they are of; ``sure``: those that stand behind a colon, known or not."""

    names: Mapping[str, str]
    sure: Collection[str] = ()

    def kecamatan(self, places: KnownPlaces) -> str:
        """Return the kecamatan, also that of the puskesmas; empty where the register knows none."""
        said = places.known_kecamatan(self.names.get("kecamatan", ""))
        return said or places.kecamatan_of(self.names.get("puskesmas", ""))

    def village(self, places: KnownPlaces, kecamatan: str) -> Village | None:
        """Return the village; None where a kecamatan stands next to it that nobody knows."""
        if "village" not in self.names or (not kecamatan and "kecamatan" in self.names):
            return None
        return places.find_said(kecamatan, self.names["village"])

    def posyandu(self, places: KnownPlaces, village: Village | None) -> str:
        """Return the posyandu, which may be a new one where nothing else can be meant."""
        name = self.names.get("posyandu", "")
        return name if "posyandu" in self.sure or places.has_posyandu(name, village) else ""


def find_sheet_place(
    sheet: str,
    titles: Sequence[Sequence[Cell]],
    columns: Collection[str],
    places: KnownPlaces,
    answered: Village | None,
) -> SheetPlace:
    """Return the place of a sheet: its titles go before its name, and both before what is ``answered``.

    Only what no column of ``columns`` says is taken, and of villages and kecamatan those that are known.
    """
    title = _read_titles(titles)
    district = title.names.get("district", "")
    if district and not any(map(places.has_district, (district, district.split()[0]))):
        sheet, title = "", _Written({})  # there are villages of that name elsewhere
    of_title = (title, _("dari judul lembar"))
    both = (of_title, (_read_name(sheet, places, title), _("dari nama lembar")))
    said: list[str] = []
    kecamatan = _first(both, lambda one: one.kecamatan(places), _kecamatan_words, said) or ""
    if "village" not in columns or "kecamatan" in columns:
        said.clear()  # it only tells villages of one name apart
    village, posyandu = None, None
    if not {"village", "village_code"} & set(columns):
        # Titles with a village that nobody knows do not mean the one that the sheet is called.
        written = (of_title,) if "village" in title.names else both
        village = _first(written, lambda one: one.village(places, kecamatan), _village_words, said)
    home = village or answered
    if "posyandu" not in columns:
        posyandu = _first(both, lambda one: one.posyandu(places, home), _posyandu_words, said)
    kecamatan = kecamatan or (home.kecamatan.name if home else "")
    return SheetPlace(home, kecamatan, posyandu or "", tuple(said), village is not None)


def _first(
    written: Sequence[tuple[_Written, str]],
    find: Callable[[_Written], T | None],
    words: Callable[[T], str],
    said: list[str],
) -> T | None:
    """Return the first that is found, and add to ``said`` what it is and where it stands."""
    for one, origin in written:
        if found := find(one):
            said.append(f"{words(found)}, {origin}")
            return found
    return None


def months_in(sheet: str) -> tuple[int | str, ...]:
    """Return the months and years that the name of a sheet says."""
    words = plain(sheet).split()
    return tuple(MONTHS.get(word, word) for word in words if _is_of_time(word))


def _village_words(village: Village) -> str:
    return f"{village.get_kind_display().capitalize()} {village_words(village)}"


def _kecamatan_words(name: str) -> str:
    return _("Kecamatan %(name)s") % {"name": name}


def _posyandu_words(name: str) -> str:
    return _("Posyandu %(name)s") % {"name": name}


def _read_titles(titles: Sequence[Sequence[Cell]]) -> _Written:
    """Return what labels say in the rows above a header, each in one cell with its name or before it.

    Two names behind one label are none that the register knows.
    """
    names: dict[str, dict[str, bool]] = {}
    for row in titles:
        for field, name, is_sure in _read_labels([text_of(cell) for cell in row]):
            names.setdefault(field, {})[name] = is_sure
    sure = [field for field, found in names.items() if len(found) == 1 and all(found.values())]
    return _Written({field: " ".join(found) for field, found in names.items()}, sure)


def _read_labels(cells: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield the field of each label of a row, the name behind it, and whether a colon stands between them."""
    field, is_sure = "", False
    for cell in cells:
        name: list[str] = []
        is_sure = is_sure or cell.startswith(":")
        for word in plain(cell).split():
            if word in _LABELS or word in _ENDS or _is_of_time(word):
                if name:
                    yield field, " ".join(name), is_sure
                    name = []
                field, is_sure = _LABELS.get(word, ""), bool(re.search(rf"{word}\s*:", cell.upper()))
            elif field:
                name.append(word)
        if name:
            yield field, " ".join(name), is_sure
            field, is_sure = "", False


def _is_of_time(word: str) -> bool:
    return word in MONTHS or (word.isdigit() and len(word) == _YEAR_LENGTH)


def _read_name(sheet: str, places: KnownPlaces, title: _Written) -> _Written:
    """Return what the name of a sheet is the name of: with labels, or alone beside a month and year."""
    labelled = _read_titles([[sheet]])
    words = [word for word in plain(sheet).split() if word not in _ENDS and not _is_of_time(word)]
    name, numbered = " ".join(word for word in words if not word.isdigit()), " ".join(words)
    if labelled.names or not any(map(str.isalpha, words)):
        return labelled
    # A village may be called as its kecamatan: of a whole kabupaten it may be either.
    if not places.is_area and not title.kecamatan(places) and places.known_kecamatan(name):
        return _Written({"kecamatan": name})
    if places.has_posyandu(numbered, None) and not places.is_own_village(name):
        return _Written({"posyandu": numbered})
    return _Written({"village": name})
