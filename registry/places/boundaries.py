"""Take the outlines of kecamatan and villages from a GeoJSON file, so that the map can draw them.

Which property of a feature has its code is found by its values. Codes that the register does not know and
features without an area are left out and listed; a file that is broken anywhere changes nothing. Latitude and
longitude that were exchanged are put right and said, since in Indonesia the one can never be the other.
Outlines of a code loaded earlier are replaced, all others stay: a district may get its file in parts.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping

from registry.models import Boundary, District, Kecamatan, Village
from registry.places.geojson import BadGeoJson, Feature, FeatureArea, area_of, read_features
from registry.places.simplify import simplify_polygons

METRES_PER_DEGREE = 111_320
"""On the equator; so near to it a degree of longitude has 2% less at most."""

DECIMALS = 5
"""Of a degree: about a metre."""

NEAR_ENOUGH = 0.05
"""Degrees, some five kilometres: a village's own point lies no farther from its outline."""

# Six digits of a kecamatan or ten of a village, with or without dots; a table may have made a number of them.
_CODE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})(?:\.?(\d{4}))?", re.ASCII)
_VILLAGE_LENGTH = 13


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A feature that was not loaded: its number in the file, what it says as its code, and why."""

    number: int
    code: str
    reason: str


@dataclass(slots=True)
class BoundariesReport:
    """What a file brought.

    ``repeated`` are codes that more than one feature has, with the features' numbers; ``far`` are villages
    whose own point lies elsewhere, which a wrong code would explain; ``missing`` are villages of the register
    that still have no outline. ``corners``: positions in the file and after simplifying; ``size``: bytes.
    """

    property_name: str
    villages: int = 0
    kecamatan: int = 0
    replaced: int = 0
    swapped: int = 0
    corners: tuple[int, int] = (0, 0)
    size: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    far: list[str] = field(default_factory=list)
    missing: list[Village] = field(default_factory=list)

    @property
    def loaded(self) -> int:
        return self.villages + self.kecamatan


@dataclass(frozen=True, slots=True)
class _Known:
    """The places of the register by code, villages with their points (longitude, latitude)."""

    districts: dict[str, str]
    kecamatan: frozenset[str]
    villages: dict[str, tuple[float | None, float | None]]
    former: dict[str, str]
    """Codes that villages had before, with those of now: a file may be older."""

    def __contains__(self, code: str) -> bool:
        return code in self.villages or code in self.kecamatan or code in self.former

    def current(self, code: str) -> str:
        """Return the code that a place has now."""
        return code if code in self.villages else self.former.get(code, code)


def load_boundaries(
    content: bytes, *, source: str = "", property_name: str = "", tolerance_m: float = 30
) -> BoundariesReport:
    """Store the outlines of a GeoJSON file; all that can be loaded, or nothing when the file is broken.

    ``property_name`` says where the codes are, else it is found. ``tolerance_m``: metres by which an outline
    may differ from the file's. Raises BadGeoJson with a sentence that says what to do.
    """
    known = _known_places()
    features = read_features(content)
    report = BoundariesReport(property_name or find_property(features, known))
    areas = _areas(features, known, report)
    boundaries = [
        Boundary(code=code, geometry=_geometry(polygons, tolerance_m, report), source=source[:200])
        for code, polygons in sorted(areas.items())
    ]
    report.villages = sum(len(boundary.code) == _VILLAGE_LENGTH for boundary in boundaries)
    report.kecamatan = len(boundaries) - report.villages
    report.far = [code for code, polygons in sorted(areas.items()) if _is_far(known, code, polygons)]
    with transaction.atomic():
        report.replaced = Boundary.objects.filter(code__in=list(areas)).count()
        Boundary.objects.bulk_create(
            boundaries, update_conflicts=True, unique_fields=["code"], update_fields=["geometry", "source"]
        )
        report.missing = list(Village.objects.exclude(pk__in=Boundary.objects.values("code")))
    return report


def _known_places() -> _Known:
    columns = ("code", "longitude", "latitude", "former_codes__code")
    rows = list(Village.objects.order_by("code").values_list(*columns))
    known = _Known(
        districts=dict(District.objects.values_list("code", "name")),
        kecamatan=frozenset(Kecamatan.objects.values_list("code", flat=True)),
        villages={code: (longitude, latitude) for code, longitude, latitude, _former in rows},
        former={former: code for code, _longitude, _latitude, former in rows if former},
    )
    if not known.villages:
        raise BadGeoJson(_("Register ini belum punya wilayah. Jalankan dulu: manage.py load_places"))
    return known


def code_of(value: Any) -> str | None:
    """Return the Kemendagri code that a property says, with its dots; None when it says none.

    33.01.02.2009, 3301022009 and 33.01.02, 330102; as text or as a number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    match = _CODE.fullmatch(text.removesuffix(".0"))
    return ".".join(part for part in match.groups() if part) if match else None


def find_property(features: Iterable[Feature], known: _Known) -> str:
    """Return the property whose values are codes of the register's places, most of them different ones.

    A file of villages mostly has the code of the kecamatan too, but fewer different ones. Raises BadGeoJson
    when there is no such property, or two that say different things.
    """
    codes: dict[str, dict[int, str]] = defaultdict(dict)
    names: set[str] = set()
    for feature in features:
        names.update(feature.properties)
        for name, value in feature.properties.items():
            code = code_of(value)
            if code is not None and code in known:
                codes[name][feature.number] = code
    if not codes:
        raise BadGeoJson(
            _(
                "Tidak ada properti yang berisi kode Kemendagri desa (33.01.02.2009) atau kecamatan "
                "(33.01.02) dari register ini; kode BPS bukan kode Kemendagri. Properti di berkas ini: "
                "%(names)s."
            )
            % {"names": ", ".join(sorted(names)) or "-"}
        )
    return _fullest(codes)


def _fullest(codes: dict[str, dict[int, str]]) -> str:
    def worth(name: str) -> tuple[int, int]:
        different = set(codes[name].values())
        return len(different), sum(len(code) == _VILLAGE_LENGTH for code in different)

    most = max(worth(name) for name in codes)
    best = [name for name in codes if worth(name) == most]
    if any(codes[name] != codes[best[0]] for name in best):
        raise BadGeoJson(
            _("Kode ada di lebih dari satu properti: %(names)s. Pilih salah satu dengan --property NAMA.")
            % {"names": ", ".join(sorted(best))}
        )
    return best[0]


def _areas(features: Iterable[Feature], known: _Known, report: BoundariesReport) -> dict[str, list[Polygon]]:
    """Return the polygons of each code. Features of one code are parts of a place, unless equal."""
    areas: dict[str, list[Polygon]] = defaultdict(list)
    numbers: dict[str, list[int]] = defaultdict(list)
    for feature in features:
        value = feature.properties.get(report.property_name)
        code = code_of(value)
        reason = _why_not(code, value, known, report.property_name)
        if code is None or reason:
            report.left_out.append(LeftOut(feature.number, _shorten(value), reason))
            continue
        code = known.current(code)
        area = area_of(feature)
        if not isinstance(area, FeatureArea):
            report.left_out.append(LeftOut(feature.number, code, area.reason))
            continue
        report.swapped += area.swapped
        numbers[code].append(feature.number)
        areas[code] += [polygon for polygon in area.polygons if polygon not in areas[code]]
    report.repeated = {code: found for code, found in numbers.items() if len(found) > 1}
    return dict(areas)


def _why_not(code: str | None, value: Any, known: _Known, property_name: str) -> str:
    """Return why a feature belongs to no place of the register; empty when it does."""
    if value is None or value == "":
        return _("properti %(name)s kosong") % {"name": property_name}
    if code is None:
        return _("bukan kode Kemendagri desa atau kecamatan")
    if code in known:
        return ""
    if code[:5] not in known.districts:
        return _("bukan wilayah Kabupaten %(names)s") % {"names": ", ".join(known.districts.values())}
    return _("tidak ada di register")


def _shorten(value: Any) -> str:
    return "-" if value is None or value == "" else str(value)[:40]


def _geometry(polygons: list[Polygon], tolerance_m: float, report: BoundariesReport) -> dict[str, Any]:
    """Return the simplified polygons as GeoJSON; counts what simplifying saved.

    Of polygons that are all too small, the outline with the most corners stays as it is.
    """
    drawn = simplify_polygons(polygons, tolerance_m / METRES_PER_DEGREE, DECIMALS)
    if not drawn:
        drawn = [Polygon(max((polygon.exterior for polygon in polygons), key=shapely.get_num_coordinates))]
    geometry = mapping(drawn[0] if len(drawn) == 1 else MultiPolygon(drawn))
    before, after = report.corners
    report.corners = (before + _count_corners(polygons), after + _count_corners(drawn))
    report.size += len(json.dumps(geometry, separators=(",", ":")))
    return dict(geometry)


def _count_corners(polygons: list[Polygon]) -> int:
    return int(shapely.get_num_coordinates(polygons).sum())


def _is_far(known: _Known, code: str, polygons: list[Polygon]) -> bool:
    """Return whether a village's own point lies outside its outline's frame by more than ``NEAR_ENOUGH``."""
    longitude, latitude = known.villages.get(code, (None, None))
    if longitude is None or latitude is None:
        return False
    west, south, east, north = shapely.total_bounds(polygons)
    return not (
        west - NEAR_ENOUGH <= longitude <= east + NEAR_ENOUGH
        and south - NEAR_ENOUGH <= latitude <= north + NEAR_ENOUGH
    )
