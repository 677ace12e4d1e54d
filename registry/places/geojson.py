"""Read a GeoJSON file of areas, and say in a sentence what is wrong with it. Source: RFC 7946."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _
from shapely import Polygon

# Degrees. The two ranges have nothing in common, so that exchanged ones cannot be taken for right ones.
LONGITUDES, LATITUDES = (94.0, 142.0), (-12.0, 7.0)
"""Where Indonesia lies, with some sea around it."""

_FEWEST_CORNERS = 3

Position = tuple[float, float]

# RFC 7946 knows WGS 84 only; the GeoJSON of 2008 could name another system, and QGIS still writes the name.
_WGS84 = re.compile(r"(CRS:?84|EPSG.*\D4326)$", re.IGNORECASE)


class BadGeoJson(Exception):
    """The file cannot be used. ``message`` is the sentence for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as the file has it, not yet checked. ``number`` counts from 1."""

    number: int
    properties: dict[str, Any]
    geometry: Any


@dataclass(frozen=True, slots=True)
class NoArea:
    """Why a feature has no area that can be drawn."""

    reason: str


@dataclass(frozen=True, slots=True)
class FeatureArea:
    """The polygons of a feature in degrees, longitude first; ``swapped``: the file had latitude first."""

    polygons: list[Polygon]
    swapped: bool


def read_features(content: bytes) -> list[Feature]:
    """Return the features of a GeoJSON FeatureCollection in WGS 84. Raises BadGeoJson."""
    collection = _parse(content)
    kind = collection.get("type") if isinstance(collection, dict) else None
    features = collection.get("features") if isinstance(collection, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise BadGeoJson(
            _(
                "Berkas ini bukan GeoJSON FeatureCollection (jenisnya: %(kind)s). Di QGIS pilih Export, Save "
                "Features As, GeoJSON."
            )
            % {"kind": kind if isinstance(kind, str) else "-"}
        )
    _check_system(collection.get("crs"))
    return [_feature(number, raw) for number, raw in enumerate(features, start=1)]


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BadGeoJson(
            _("Berkas ini bukan GeoJSON, atau terpotong: tidak terbaca di baris %(line)s kolom %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise BadGeoJson(
            _(
                "Berkas ini bukan GeoJSON. Shapefile, KML atau ZIP harus diubah dulu: di QGIS pilih Export, "
                "Save Features As, GeoJSON."
            )
        ) from None


def _check_system(system: Any) -> None:
    """Refuse coordinates of another system than WGS 84: they would put the outlines somewhere else."""
    if system is None:
        return
    properties = system.get("properties") if isinstance(system, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not _WGS84.search(name.strip()):
        raise BadGeoJson(_other_system(name if isinstance(name, str) else "-"))


def _other_system(name: str) -> str:
    return _(
        "Koordinat berkas ini memakai sistem lain (%(name)s), bukan WGS 84. Ubah dulu: di QGIS pilih Export, "
        "Save Features As, GeoJSON, CRS EPSG:4326."
    ) % {"name": name}


def _feature(number: int, raw: Any) -> Feature:
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        raise _broken_feature(number)
    properties = raw.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise _broken_feature(number)
    # Some programs write the code as the feature's own id.
    named = {"id": raw["id"]} if "id" in raw else {}
    return Feature(number, {**named, **(properties or {})}, raw.get("geometry"))


def _broken_feature(number: int) -> BadGeoJson:
    return BadGeoJson(
        _("Fitur ke-%(number)s di berkas ini rusak, jadi tidak ada yang dimuat.") % {"number": number}
    )


def area_of(feature: Feature) -> FeatureArea | NoArea:
    """Return the polygons of a feature, the right way round; or why it has none.

    Raises BadGeoJson when its coordinates are broken, or are no degrees at all.
    """
    geometry = feature.geometry
    if geometry is None:
        return NoArea(_("tidak punya garis batas"))
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return NoArea(_("bukan Polygon atau MultiPolygon, tetapi %(kind)s") % {"kind": kind})
    coordinates = geometry.get("coordinates")
    polygons = _polygons([coordinates] if kind == "Polygon" else coordinates, feature.number)
    if not polygons:
        return NoArea(_("tidak punya garis batas"))
    return _orient(polygons)


def _orient(polygons: list[Polygon]) -> FeatureArea | NoArea:
    corners = shapely.get_coordinates(polygons)
    across, down = corners.T
    if _within(across, LONGITUDES) and _within(down, LATITUDES):
        return FeatureArea(polygons, swapped=False)
    if _within(across, LATITUDES) and _within(down, LONGITUDES):
        return FeatureArea(
            [shapely.transform(polygon, lambda xy: xy[:, ::-1]) for polygon in polygons], swapped=True
        )
    first = {"x": f"{across[0]:.10g}", "y": f"{down[0]:.10g}"}
    # Metres are beyond both; a corner with its latitude first is not.
    if not _within(corners, (-180, 180)):
        raise BadGeoJson(_other_system(_("angkanya bukan derajat: %(x)s, %(y)s") % first))
    return NoArea(_("di luar Indonesia (%(x)s, %(y)s)") % first)


def _within(values: npt.NDArray[np.float64], limits: tuple[float, float]) -> bool:
    return bool(limits[0] <= values.min() and values.max() <= limits[1])


def _polygons(raw: Any, number: int) -> list[Polygon]:
    if not isinstance(raw, list):
        raise _broken_feature(number)
    return [_polygon(polygon, number) for polygon in raw]


def _polygon(raw: Any, number: int) -> Polygon:
    if not isinstance(raw, list) or not raw:
        raise _broken_feature(number)
    outer, *holes = (_ring(ring, number) for ring in raw)
    return Polygon(outer, holes)


def _ring(raw: Any, number: int) -> list[Position]:
    """Return the positions of a ring of three corners at least; shapely closes one that was left open."""
    if not isinstance(raw, list):
        raise _broken_feature(number)
    ring = [_position(position, number) for position in raw]
    if len(set(ring)) < _FEWEST_CORNERS:
        raise _broken_feature(number)
    return ring


def _position(raw: Any, number: int) -> Position:
    """Return two numbers; a height after them is left out."""
    if not isinstance(raw, list) or len(raw) < 2 or not all(_is_number(value) for value in raw[:2]):
        raise _broken_feature(number)
    return float(raw[0]), float(raw[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
