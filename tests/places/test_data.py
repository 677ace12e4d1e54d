"""The committed file of places is whole and sorted."""

from __future__ import annotations

from collections import Counter

import pytest

from registry.places.data import VILLAGES_FILE, PlaceRow, puskesmas_names, read_places
from registry.places.make import as_csv, join, read_names
from registry.places.names import village_key

TWICE_OR_MORE = {
    "Babakan",
    "Binangun",
    "Bulupayung",
    "Karanganyar",
    "Karangkemiri",
    "Karangreja",
    "Karangsari",
    "Mandala",
    "Mulyadadi",
    "Pesanggrahan",
    "Sidamulya",
    "Sidanegara",
    "Sidasari",
    "Sidaurip",
    "Tambakreja",
    "Tambaksari",
}


@pytest.fixture(scope="module")
def rows() -> list[PlaceRow]:
    return read_places()


def test_cilacap_has_284_villages_in_24_kecamatan(rows: list[PlaceRow]) -> None:
    assert len({row.code for row in rows}) == len(rows) == 284
    assert len({row.kecamatan for row in rows}) == len({row.kecamatan_code for row in rows}) == 24


def test_269_are_desa_and_15_are_kelurahan(rows: list[PlaceRow]) -> None:
    assert Counter(row.kind for row in rows) == {"desa": 269, "kelurahan": 15}


def test_kelurahan_stand_in_the_three_kecamatan_of_the_town(rows: list[PlaceRow]) -> None:
    assert {row.kecamatan for row in rows if row.kind == "kelurahan"} == {
        "Cilacap Selatan",
        "Cilacap Tengah",
        "Cilacap Utara",
    }


def test_the_file_is_sorted_by_code(rows: list[PlaceRow]) -> None:
    assert [row.code for row in rows] == sorted(row.code for row in rows)


def test_sixteen_names_occur_more_than_once(rows: list[PlaceRow]) -> None:
    assert {name for name, count in Counter(row.name for row in rows).items() if count > 1} == TWICE_OR_MORE


def test_within_a_kecamatan_no_two_names_share_a_key(rows: list[PlaceRow]) -> None:
    keys = Counter((row.kecamatan, village_key(row.name)) for row in rows)
    assert max(keys.values()) == 1


def test_every_point_lies_in_cilacap_and_no_two_are_the_same(rows: list[PlaceRow]) -> None:
    assert all(-7.85 < row.latitude < -7.15 for row in rows)
    assert all(108.5 < row.longitude < 109.45 for row in rows)
    assert len({(row.latitude, row.longitude) for row in rows}) == 284


def test_a_known_village_is_read_as_it_stands(rows: list[PlaceRow]) -> None:
    assert rows[0] == PlaceRow("33.01.01.2001", "Tambakreja", "desa", "Kedungreja", -7.53894, 108.77911)


def test_38_puskesmas_serve_the_kecamatan(rows: list[PlaceRow]) -> None:
    names = [name for kecamatan in {row.kecamatan for row in rows} for name in puskesmas_names(kecamatan)]
    assert len(set(names)) == len(names) == 38


def test_a_kecamatan_with_two_puskesmas_counts_them_in_roman() -> None:
    assert puskesmas_names("Kesugihan") == ("Kesugihan I", "Kesugihan II")
    assert puskesmas_names("Maos") == ("Maos",)


def test_writing_the_rows_again_gives_the_committed_file(rows: list[PlaceRow]) -> None:
    assert as_csv(rows) == VILLAGES_FILE.read_text(encoding="utf-8")


def test_the_fourth_part_of_a_code_says_the_kind() -> None:
    names = {"33.01": "KAB. CILACAP", "33.01.21": "Utara", "33.01.21.1001": "Kota", "33.01.21.2002": "Dukuh"}
    points = {"33.01.21.2002": (-7.5, 109.0), "33.01.21.1001": (-7.6, 109.1)}
    assert list(join(names, points)) == [
        PlaceRow("33.01.21.1001", "Kota", "kelurahan", "Utara", -7.6, 109.1),
        PlaceRow("33.01.21.2002", "Dukuh", "desa", "Utara", -7.5, 109.0),
    ]


def test_packages_that_hold_other_villages_are_refused() -> None:
    names = {"33.01.21": "Utara", "33.01.21.1001": "Kota"}
    with pytest.raises(SystemExit, match=r"33\.01\.21\.1001"):
        list(join(names, {}))


def test_only_names_of_the_district_are_read(tmp_path) -> None:
    file = tmp_path / "base.csv"
    file.write_text("33,JAWA TENGAH\n33.01,KAB. CILACAP\n33.01.01,Kedung  reja \n33.010,X\n34.01,Y\n")
    assert read_names(file) == {"33.01": "KAB. CILACAP", "33.01.01": "Kedung reja"}
