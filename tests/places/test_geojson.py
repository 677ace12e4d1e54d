"""Reading GeoJSON: what is not usable is refused in a sentence that says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shapely import Polygon

from registry.places.geojson import BadGeoJson, Feature, FeatureArea, NoArea, area_of, read_features

RING = [[109.0, -7.6], [109.1, -7.6], [109.1, -7.5], [109.0, -7.6]]


def collection(**more: Any) -> bytes:
    feature = {"type": "Feature", "properties": {"kode": "33.01.02.2016"}, "geometry": polygon(RING)}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}).encode()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def area(geometry: Any) -> FeatureArea | NoArea:
    return area_of(Feature(7, {}, geometry))


def named_system(name: Any) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def test_features_are_numbered_from_one_and_keep_their_properties() -> None:
    (feature,) = read_features(collection())
    assert (feature.number, feature.properties) == (1, {"kode": "33.01.02.2016"})


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert len(read_features(b"\xef\xbb\xbf" + collection())) == 1


def test_the_id_of_a_feature_is_one_of_its_properties() -> None:
    feature = {"type": "Feature", "id": "3301022016", "properties": None, "geometry": None}
    assert read_features(collection(features=[feature]))[0].properties == {"id": "3301022016"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "bukan GeoJSON, atau terpotong"),
        (collection()[:-20], "terpotong: tidak terbaca di baris 1 kolom"),
        (b"PK\x03\x04\xff\xfe\x00", "Shapefile, KML atau ZIP harus diubah dulu"),
        (b"<kml/>", "bukan GeoJSON, atau terpotong"),
        (b"[]", "bukan GeoJSON FeatureCollection (jenisnya: -)"),
        (b'{"type": "Topology", "objects": {}}', "bukan GeoJSON FeatureCollection (jenisnya: Topology)"),
        (b'{"type": "FeatureCollection"}', "bukan GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Point"}]}', "Fitur ke-1 di berkas ini rusak"),
        (b'{"type": "FeatureCollection", "features": [null]}', "Fitur ke-1 di berkas ini rusak"),
        (b"[" * 200_000, "bukan GeoJSON"),
    ],
)
def test_a_file_that_is_not_a_feature_collection_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadGeoJson) as refused:
        read_features(content)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "name",
    ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "epsg:4326", "OGC:CRS84"],
)
def test_wgs84_may_be_named(name: str) -> None:
    assert read_features(collection(crs=named_system(name)))
    assert read_features(collection(crs=None))


@pytest.mark.parametrize(
    "system",
    [
        named_system("urn:ogc:def:crs:EPSG::32749"),
        named_system("EPSG:23839"),
        named_system("EPSG:14326"),
        named_system(None),
        {"type": "link", "properties": {"href": "x"}},
        "EPSG:4326",
    ],
)
def test_another_system_is_refused(system: Any) -> None:
    with pytest.raises(BadGeoJson, match=r"bukan WGS 84\. Ubah dulu"):
        read_features(collection(crs=system))


def test_a_polygon_becomes_closed_rings_without_heights() -> None:
    found = area(polygon([[109, -7.6, 12.5], [109.1, -7.6, 0], [109.1, -7.5, 3]]))
    assert found == FeatureArea(
        [Polygon([(109.0, -7.6), (109.1, -7.6), (109.1, -7.5), (109.0, -7.6)])], swapped=False
    )


def test_the_polygons_of_a_multipolygon_are_read_with_their_holes() -> None:
    found = area({"type": "MultiPolygon", "coordinates": [[RING, RING], [RING]]})
    assert isinstance(found, FeatureArea)
    assert [len(one.interiors) for one in found.polygons] == [1, 0]


def test_latitude_before_longitude_is_put_right_and_told() -> None:
    found = area(polygon([[y, x] for x, y in RING]))
    assert found == FeatureArea([Polygon(RING)], swapped=True)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "tidak punya garis batas"),
        ({"type": "MultiPolygon", "coordinates": []}, "tidak punya garis batas"),
        ({"type": "Point", "coordinates": [109, -7]}, "bukan Polygon atau MultiPolygon, tetapi Point"),
        ({"type": "GeometryCollection", "geometries": []}, "tetapi GeometryCollection"),
        (polygon([[4.9, 52.3], [5.0, 52.3], [5.0, 52.4], [4.9, 52.3]]), "di luar Indonesia (4.9, 52.3)"),
        # A single corner that was exchanged leaves neither reading.
        (polygon([[109, -7.6], [-7.6, 109.1], [109.1, -7.5], [109, -7.6]]), "di luar Indonesia (109, -7.6)"),
    ],
)
def test_a_feature_without_an_area_in_indonesia_says_why(geometry: Any, reason: str) -> None:
    found = area(geometry)
    assert isinstance(found, NoArea)
    assert reason in found.reason


def test_metres_are_no_degrees_and_refuse_the_file() -> None:
    with pytest.raises(BadGeoJson, match=r"bukan derajat: 282000, 9160000\), bukan WGS 84"):
        area(polygon([[282000, 9160000], [283000, 9160000], [283000, 9161000], [282000, 9160000]]))


@pytest.mark.parametrize(
    "coordinates",
    [
        "RING",
        [],
        [[]],
        [[[109, -7.6], [109.1, -7.6], [109, -7.6]]],
        [[[109, -7.6], [109, -7.6], [109, -7.6], [109, -7.6]]],
        [[[109], [109.1, -7.6], [109.1, -7.5], [109]]],
        [[["109", "-7.6"], *RING[1:]]],
        [[[True, -7.6], *RING[1:]]],
        [[[float("nan"), -7.6], *RING[1:]]],
        [[[float("inf"), -7.6], *RING[1:]]],
        [RING[0]],
        [[None, *RING]],
    ],
)
def test_broken_coordinates_refuse_the_file_and_say_which_feature(coordinates: Any) -> None:
    with pytest.raises(BadGeoJson, match="Fitur ke-7 di berkas ini rusak, jadi tidak ada yang dimuat"):
        area({"type": "Polygon", "coordinates": coordinates})
