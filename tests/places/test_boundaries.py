"""Loading outlines: found by their codes, all or nothing, and whatever stays out is said."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.models import Boundary, Village
from registry.places.boundaries import BoundariesReport, code_of, load_boundaries
from registry.places.geojson import BadGeoJson
from tests.factories import make_kecamatan, make_village

KIDUL, LOR = "33.01.02.2016", "33.01.02.2001"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    make_village(KIDUL, "Kesugihan Kidul")
    make_village(LOR, "Dondong")


def square(west: float = 109.0, south: float = -7.6, side: float = 0.1) -> dict[str, Any]:
    east, north = round(west + side, 7), round(south + side, 7)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def swapped(geometry: dict[str, Any]) -> dict[str, Any]:
    return {**geometry, "coordinates": [[[y, x] for x, y in ring] for ring in geometry["coordinates"]]}


def feature(code: Any, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    found = geometry or square()
    return {"type": "Feature", "properties": {"KDEPUM": code, **properties}, "geometry": found}


def content(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def load(*features: Any, **options: Any) -> BoundariesReport:
    return load_boundaries(content(*features), **options)


def left_out(report: BoundariesReport) -> list[tuple[int, str, str]]:
    return [(item.number, item.code, item.reason) for item in report.left_out]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("33.01.02.2016", KIDUL),
        ("3301022016", KIDUL),
        (" 3301022016 ", KIDUL),
        (3301022016, KIDUL),
        (3301022016.0, KIDUL),
        ("3301022016.0", KIDUL),
        ("33.01.02", "33.01.02"),
        (330102, "33.01.02"),
        ("33.01", None),
        ("330102201", None),
        ("33.01.02.2016a", None),
        (330102.5, None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_a_code_is_read_with_or_without_dots_as_text_or_number(value: Any, code: str | None) -> None:
    assert code_of(value) == code


@pytest.mark.both_databases
def test_outlines_of_villages_and_kecamatan_are_stored_under_their_codes() -> None:
    report = load(feature("3301022016"), feature(330102, square(108.9, -7.7, 0.3)), source="BIG 2023")
    assert (report.villages, report.kecamatan, report.replaced) == (1, 1, 0)
    assert dict(Boundary.objects.values_list("code", "source")) == {KIDUL: "BIG 2023", "33.01.02": "BIG 2023"}
    assert Boundary.objects.get(pk=KIDUL).geometry == square()


def test_the_property_with_the_most_different_codes_is_taken() -> None:
    report = load(
        feature(None, ADM3="33.01.02", ADM4=KIDUL, OBJECTID=330102),
        feature(None, ADM3="33.01.02", ADM4=LOR, OBJECTID=2),
    )
    assert report.property_name == "ADM4"
    assert report.villages == 2


def test_among_codes_of_kecamatan_too_the_different_ones_are_taken() -> None:
    make_kecamatan("33.01.01", "Kedungreja")
    report = load(feature("33.01.02", induk="33.01.02"), feature("33.01.01", induk="33.01.02"))
    assert (report.property_name, report.kecamatan) == ("KDEPUM", 2)


def test_a_single_village_is_preferred_to_its_kecamatan() -> None:
    assert load(feature(None, ADM3="33.01.02", ADM4=KIDUL)).property_name == "ADM4"


def test_the_same_codes_in_two_properties_are_as_good_as_one() -> None:
    assert load(feature(KIDUL, kode="3301022016")).loaded == 1


def test_two_properties_that_disagree_are_refused_until_one_is_named() -> None:
    features = feature(KIDUL, lama=LOR), feature(LOR, lama=KIDUL)
    with pytest.raises(BadGeoJson, match=r"lebih dari satu properti: KDEPUM, lama\. Pilih salah satu"):
        load(*features)
    assert load(*features, property_name="lama").villages == 2


def test_a_file_without_known_codes_is_refused_with_the_properties_it_has() -> None:
    with pytest.raises(BadGeoJson, match=r"Properti di berkas ini: KDEPUM, nama\."):
        load(feature("3301010001", nama="Kesugihan Kidul"))


def test_a_register_without_places_says_to_load_them_first() -> None:
    Village.objects.all().delete()
    with pytest.raises(BadGeoJson, match=r"manage\.py load_places"):
        load(feature(KIDUL))


def test_features_that_belong_to_no_place_of_the_register_are_listed_with_the_reason() -> None:
    point = {"type": "Point", "coordinates": [109, -7]}
    report = load(
        feature(KIDUL),
        feature("33.02.01.2001"),
        feature("33.01.02.2099"),
        feature(None),
        feature(""),
        feature("Kesugihan"),
        feature(LOR, point),
    )
    assert left_out(report) == [
        (2, "33.02.01.2001", "bukan wilayah Kabupaten Cilacap"),
        (3, "33.01.02.2099", "tidak ada di register"),
        (4, "-", "properti KDEPUM kosong"),
        (5, "-", "properti KDEPUM kosong"),
        (6, "Kesugihan", "bukan kode Kemendagri desa atau kecamatan"),
        (7, LOR, "bukan Polygon atau MultiPolygon, tetapi Point"),
    ]
    assert list(Boundary.objects.values_list("code", flat=True)) == [KIDUL]


def test_the_geometry_of_a_feature_of_another_district_is_not_judged() -> None:
    assert load(feature(KIDUL), feature("33.02.01.2001", {"type": "Polygon", "coordinates": "x"})).loaded == 1


def test_latitude_before_longitude_is_put_right_and_counted() -> None:
    report = load(feature(KIDUL, swapped(square())), feature(LOR))
    assert report.swapped == 1
    assert Boundary.objects.get(pk=KIDUL).geometry == square()


def test_features_of_one_code_are_parts_of_one_place() -> None:
    report = load(feature(KIDUL), feature(LOR), feature(KIDUL, square(109.3)))
    assert report.repeated == {KIDUL: [1, 3]}
    geometry = Boundary.objects.get(pk=KIDUL).geometry
    assert geometry["type"] == "MultiPolygon"
    assert geometry["coordinates"] == [square()["coordinates"], square(109.3)["coordinates"]]


def test_the_same_feature_twice_is_drawn_once() -> None:
    report = load(feature(KIDUL), feature(KIDUL))
    assert report.repeated == {KIDUL: [1, 2]}
    assert Boundary.objects.get(pk=KIDUL).geometry == square()


@pytest.mark.both_databases
def test_loading_replaces_the_same_codes_and_leaves_the_others() -> None:
    load(feature(KIDUL), source="lama")
    report = load(feature(LOR), feature(KIDUL, square(109.3)), source="baru")
    assert report.replaced == 1
    load(feature(LOR), source="lagi")
    assert dict(Boundary.objects.values_list("code", "source")) == {KIDUL: "baru", LOR: "lagi"}
    assert Boundary.objects.get(pk=KIDUL).geometry == square(109.3)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "broken",
    [
        feature(LOR, {"type": "Polygon", "coordinates": [[[109, -7.6], [109, -7.5]]]}),
        feature(LOR, square(282000, 9160000)),
        {"type": "Nothing"},
    ],
)
def test_a_file_that_is_broken_anywhere_changes_nothing(broken: Any) -> None:
    load(feature(KIDUL), source="lama")
    with pytest.raises(BadGeoJson):
        load(feature(KIDUL, square(109.3)), broken, source="baru")
    assert dict(Boundary.objects.values_list("code", "source")) == {KIDUL: "lama"}
    assert Boundary.objects.get(pk=KIDUL).geometry == square()


def test_outlines_are_simplified_to_the_tolerance_and_rounded() -> None:
    ring = square()["coordinates"][0]
    # A degree of latitude has 111.32 km: 0.0002 degrees are 22 m, and a corner more on the lower side.
    bent = {"type": "Polygon", "coordinates": [[ring[0], [109.05, -7.6002], *ring[1:]]]}
    assert load(feature(KIDUL, bent), tolerance_m=30).corners == (6, 5)
    assert load(feature(KIDUL, bent), tolerance_m=20).corners == (6, 6)
    assert load(feature(KIDUL, square(109.0000049)), tolerance_m=20).loaded == 1
    assert Boundary.objects.get(pk=KIDUL).geometry["coordinates"][0][0] == [109.0, -7.6]


def test_a_place_that_is_nothing_but_small_is_kept_as_it_is() -> None:
    # Eleven metres, where an outline may move by thirty.
    assert load(feature(KIDUL, square(side=0.0001))).corners == (5, 5)
    assert Boundary.objects.get(pk=KIDUL).geometry == square(side=0.0001)


def test_a_village_whose_own_point_lies_elsewhere_is_said() -> None:
    Village.objects.filter(pk=KIDUL).update(latitude=-7.55, longitude=109.05)
    Village.objects.filter(pk=LOR).update(latitude=-7.55, longitude=109.30)
    assert load(feature(KIDUL), feature(LOR)).far == [LOR]
    # Four kilometres beside the outline may be the point's fault.
    Village.objects.filter(pk=LOR).update(longitude=109.14)
    assert load(feature(KIDUL), feature(LOR)).far == []


def test_villages_that_still_have_no_outline_are_told() -> None:
    assert [village.code for village in load(feature(KIDUL)).missing] == [LOR]
    assert load(feature(LOR)).missing == []


def test_the_number_of_queries_does_not_grow_with_the_file(django_assert_num_queries: Any) -> None:
    for n in range(30):
        make_village(f"33.01.02.20{n + 20}", f"Desa {n}")
    codes = list(Village.objects.values_list("code", flat=True))
    with django_assert_num_queries(8):
        load(*(feature(code) for code in codes))


# The command


def command(tmp_path: Path, data: bytes, *options: str) -> list[str]:
    file = tmp_path / "batas.geojson"
    file.write_bytes(data)
    out = StringIO()
    call_command("load_boundaries", str(file), *options, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_what_it_loaded_and_what_it_did_not(tmp_path: Path) -> None:
    make_kecamatan("33.01.01", "Kedungreja")
    data = content(feature(KIDUL, swapped(square())), feature("33.01.01"), feature("33.02.01.2001"))
    assert command(tmp_path, data) == [
        "Kode dibaca dari properti KDEPUM.",
        "Lintang dan bujur tertukar pada 1 fitur; sudah ditukar kembali.",
        "Tidak dimuat, bukan wilayah Kabupaten Cilacap: fitur 3 (33.02.01.2001).",
        "Desa/kelurahan yang belum punya garis batas: 33.01.02.2001 Dondong.",
        "Dimuat: 1 batas desa/kelurahan dan 1 batas kecamatan, 0 di antaranya mengganti yang lama. 10 titik "
        "disederhanakan menjadi 10 (1 KB).",
    ]
    assert Boundary.objects.get(pk=KIDUL).source == "batas.geojson"


def test_the_command_takes_source_property_and_tolerance(tmp_path: Path) -> None:
    data = content(feature(KIDUL, lama=LOR))
    command(tmp_path, data, "--property", "lama", "--source", "BIG", "--tolerance", "0")
    assert dict(Boundary.objects.values_list("code", "source")) == {LOR: "BIG"}


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    others = [feature(f"33.02.01.{2001 + n}") for n in range(25)]
    lines = command(tmp_path, content(feature(KIDUL), feature(LOR), *others))
    assert lines[1].endswith("fitur 22 (33.02.01.2020) dan 5 lagi.")


def test_repeated_codes_and_far_villages_are_said(tmp_path: Path) -> None:
    Village.objects.filter(pk=KIDUL).update(latitude=-7.1, longitude=109.05)
    lines = command(tmp_path, content(feature(KIDUL), feature(KIDUL), feature(LOR)))
    assert "Kode 33.01.02.2016 ada di fitur 1, 2; dibaca sebagai satu wilayah." in lines
    assert "Jauh dari titik desanya, periksa kodenya: 33.01.02.2016." in lines


def test_a_refused_file_is_a_command_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="bukan GeoJSON, atau terpotong"):
        command(tmp_path, content(feature(KIDUL))[:-5])
    with pytest.raises(CommandError, match="tidak bisa dibuka"):
        call_command("load_boundaries", str(tmp_path / "tidak-ada.geojson"))
    with pytest.raises(CommandError, match="--tolerance harus 0 atau lebih"):
        command(tmp_path, content(feature(KIDUL)), "--tolerance", "-1")


def test_a_file_of_which_nothing_could_be_loaded_is_an_error(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [109, -7]}
    with pytest.raises(CommandError, match=r"Tidak ada garis batas yang dimuat\."):
        command(tmp_path, content(feature(KIDUL, point)))
