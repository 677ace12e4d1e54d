"""The places that come with the register: 24 kecamatan, 269 desa, 15 kelurahan and 38 puskesmas.

Knows no Django, so that :mod:`registry.places.make` runs without it.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

DISTRICT_CODE = "33.01"
DISTRICT_NAME = "Cilacap"

VILLAGES_FILE = Path(__file__).with_name("cilacap.csv")

# Kecamatan with two puskesmas, called I and II; every other kecamatan has one of its own name. Which village
# belongs to which of the two is decided by the district's health office and stood in no source at hand.
_WITH_TWO_PUSKESMAS = frozenset(
    {
        "Adipala",
        "Cilacap Selatan",
        "Cilacap Tengah",
        "Cilacap Utara",
        "Cimanggu",
        "Dayeuhluhur",
        "Gandrungmangu",
        "Jeruklegi",
        "Karangpucung",
        "Kesugihan",
        "Kroya",
        "Majenang",
        "Nusawungu",
        "Wanareja",
    }
)


class PlaceRow(NamedTuple):
    """A village as the file has it; ``kecamatan`` is a name, coordinates are degrees (WGS 84)."""

    code: str
    name: str
    kind: str
    kecamatan: str
    latitude: float
    longitude: float

    @property
    def kecamatan_code(self) -> str:
        """Return the code of the kecamatan, with which that of a village begins."""
        return self.code.rpartition(".")[0]


COLUMNS = PlaceRow._fields


def read_places() -> list[PlaceRow]:
    """Return every village of Cilacap, sorted by code."""
    with VILLAGES_FILE.open(encoding="utf-8", newline="") as file:
        return [
            PlaceRow(
                row["code"],
                row["name"],
                row["kind"],
                row["kecamatan"],
                float(row["latitude"]),
                float(row["longitude"]),
            )
            for row in csv.DictReader(file)
        ]


def puskesmas_names(kecamatan: str) -> tuple[str, ...]:
    """Return the puskesmas of a kecamatan of Cilacap: one of its name, or two."""
    if kecamatan in _WITH_TWO_PUSKESMAS:
        return f"{kecamatan} I", f"{kecamatan} II"
    return (kecamatan,)
