"""Which village a file means."""

from __future__ import annotations

import pytest

from registry.models import Village
from registry.places.load import load_places
from registry.places.match import VillageIndex, VillageNotFound, dotted_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def index() -> VillageIndex:
    load_places()
    return VillageIndex.from_database()


def code_of(found: Village | VillageNotFound) -> str:
    assert isinstance(found, Village), found
    return found.code


def reason_of(found: Village | VillageNotFound) -> str:
    assert isinstance(found, VillageNotFound), found
    return found.reason


@pytest.mark.parametrize("code", ["33.01.02.2009", "3301022009", " 3301022009\u00a0", "3301022009.0"])
def test_a_code_is_found_with_or_without_dots(index: VillageIndex, code: str) -> None:
    assert code_of(index.find(code=code)) == "33.01.02.2009"


@pytest.mark.parametrize("code", ["33.01.02", "330102200", "33010220099", "3,30E+09", "33.01.02.2009/x"])
def test_what_is_no_code_is_refused(index: VillageIndex, code: str) -> None:
    assert (
        reason_of(index.find(code=code)) == f"{code} bukan kode desa Kemendagri. Tulis seperti 33.01.02.2009."
    )


def test_a_code_of_another_place_is_refused(index: VillageIndex) -> None:
    assert (
        reason_of(index.find(code="3302012001"))
        == "Tidak ada desa dengan kode 33.02.01.2001 di register ini. Periksa kodenya."
    )


def test_a_code_of_the_statistics_office_is_not_taken_for_one_of_kemendagri(index: VillageIndex) -> None:
    assert "33.01.14.0001" in reason_of(index.find(code="3301140001"))


@pytest.mark.parametrize(
    ("kecamatan", "name", "code"),
    [
        ("KESUGIHAN\u00a0", "KESUGIHAN KIDUL\u00a0", "Kesugihan"),
        ("KEC. CILACAP UTARA", "TRITIH KULON", "Cilacap Utara"),
        ("Kab. Cilacap Kec. Kroya", "Ds. Bajing", "Kroya"),
    ],
)
def test_kecamatan_and_name_are_found_as_files_write_them(
    index: VillageIndex, kecamatan: str, name: str, code: str
) -> None:
    found = index.find(kecamatan=kecamatan, name=name)
    assert isinstance(found, Village)
    assert found.kecamatan.name == code


def test_a_name_that_occurs_twice_is_found_by_its_kecamatan(index: VillageIndex) -> None:
    first = index.find(kecamatan="Kedungreja", name="Tambakreja")
    second = index.find(kecamatan="Cilacap Selatan", name="Tambakreja")
    assert code_of(first) == "33.01.01.2001"
    assert code_of(second).startswith("33.01.21.1")


def test_every_village_is_found_by_its_own_kecamatan_and_name(index: VillageIndex) -> None:
    for village in Village.objects.select_related("kecamatan"):
        assert index.find(kecamatan=village.kecamatan.name.upper(), name=village.name.upper()) == village


def test_a_name_alone_is_refused_with_the_kecamatan_it_occurs_in(index: VillageIndex) -> None:
    assert reason_of(index.find(name="SIDAURIP")) == (
        "Kecamatan kosong, padahal nama desa saja belum cukup. Sidaurip ada di kecamatan Binangun, "
        "Gandrungmangu, Kawunganten: isi kecamatannya atau kode desa."
    )


def test_a_name_alone_is_refused_even_when_it_occurs_once(index: VillageIndex) -> None:
    assert "Brebeg ada di kecamatan Jeruklegi" in reason_of(index.find(kecamatan=" - ", name="Brebeg"))


def test_an_unknown_name_alone_is_refused(index: VillageIndex) -> None:
    assert reason_of(index.find(name="Atlantis")).startswith(
        "Tidak ada desa atau kelurahan Atlantis di register"
    )


def test_a_village_of_another_kecamatan_is_refused_with_where_it_is(index: VillageIndex) -> None:
    assert reason_of(index.find(kecamatan="Kroya", name="Brebeg")) == (
        "Tidak ada desa atau kelurahan Brebeg di kecamatan Kroya. Nama itu ada di kecamatan Jeruklegi."
    )


def test_a_misspelt_village_is_refused_with_the_nearest_name(index: VillageIndex) -> None:
    assert reason_of(index.find(kecamatan="Jeruklegi", name="BREBEK")) == (
        "Tidak ada desa atau kelurahan BREBEK di kecamatan Jeruklegi. Mungkin maksudnya Brebeg."
    )


def test_a_misspelt_kecamatan_is_refused_with_the_nearest_name(index: VillageIndex) -> None:
    assert reason_of(index.find(kecamatan="Gandrungmangun", name="Sidaurip")) == (
        "Tidak ada kecamatan Gandrungmangun di register ini. Mungkin maksudnya Gandrungmangu."
    )


def test_an_unknown_kecamatan_is_refused(index: VillageIndex) -> None:
    assert (
        reason_of(index.find(kecamatan="Ubud", name="Sidaurip"))
        == "Tidak ada kecamatan Ubud di register ini."
    )


@pytest.mark.parametrize("name", [None, "", "\u00a0", "-"])
def test_no_name_and_no_code_is_refused(index: VillageIndex, name: str | None) -> None:
    assert reason_of(index.find(code="-", kecamatan="Kroya", name=name)).startswith("Nama desa kosong.")


def test_a_code_decides_over_a_name_nobody_knows(index: VillageIndex) -> None:
    assert (
        code_of(index.find(code="33.01.01.2001", kecamatan="Kedungreja", name="Tambak rejo"))
        == "33.01.01.2001"
    )


def test_a_code_that_contradicts_kecamatan_and_name_is_refused(index: VillageIndex) -> None:
    assert reason_of(index.find(code="33.01.01.2001", kecamatan="Jeruklegi", name="Brebeg")) == (
        "Kode 33.01.01.2001 adalah Tambakreja (kecamatan Kedungreja), tetapi yang tertulis "
        "Brebeg (kecamatan Jeruklegi). Betulkan salah satunya."
    )


def test_an_index_of_one_kecamatan_knows_no_other() -> None:
    load_places()
    kroya = VillageIndex(Village.objects.filter(kecamatan__name="Kroya").select_related("kecamatan"))
    assert reason_of(kroya.find(code="33.01.01.2001")).startswith("Tidak ada desa dengan kode")


def test_two_kabupaten_with_the_same_two_names_need_the_code() -> None:
    load_places()
    village = Village.objects.select_related("kecamatan").get(code="33.01.01.2001")
    twin = Village(code="33.99.01.2001", name=village.name, kecamatan=village.kecamatan)
    found = VillageIndex([village, twin]).find(kecamatan="Kedungreja", name="Tambakreja")
    assert reason_of(found) == "Ada lebih dari satu desa Tambakreja di kecamatan Kedungreja. Isi kode desa."


def test_finding_asks_the_database_nothing(index: VillageIndex, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        index.find(kecamatan="Kroya", name="Bajing")
        index.find(name="Sidaurip")
        index.find(kecamatan="Krojo", name="Bajing")


def test_a_dotted_code_is_kept() -> None:
    assert dotted_code("33.01.02.2009") == "33.01.02.2009"
    assert dotted_code("") is None
