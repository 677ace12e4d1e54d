"""Names from files get one spelling before they are compared."""

from __future__ import annotations

import pytest

from registry.places.names import kecamatan_key, plain, posyandu_key, village_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kesugihan\u00a0", "KESUGIHAN"),
        ("  Tritih \t\u00a0 Kulon ", "TRITIH KULON"),
        ("Melati-1 (RW. 03)", "MELATI 1 RW 03"),
        ("Al-Mu'min", "AL MUMIN"),
        ("Al-Mu’min", "AL MUMIN"),
        ("Café", "CAFE"),
        ("Ⅳ", "IV"),
        ("-", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_plain_leaves_capitals_digits_and_single_blanks(text: str | None, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (
            [
                "MELATI I",
                "MELATI 1",
                "Melati 01",
                "melati\u00a0I\u00a0",
                "MELATI1",
                "Melati-I",
                "Posyandu Melati I",
            ],
            "MELATI 1",
        ),
        (["KENANGA 03", "KENANGA III", "Kenanga  3", "Kenanga 003"], "KENANGA 3"),
        (["DAHLIA IV", "DAHLIA 4"], "DAHLIA 4"),
        (["ANGGREK XX", "Anggrek 20"], "ANGGREK 20"),
        (["BINA KASIH X"], "BINA KASIH 10"),
        (["MAWAR 0", "MAWAR 00"], "MAWAR 0"),
        (["SERUNI", "Posyandu Seruni", "seruni."], "SERUNI"),
    ],
)
def test_spellings_of_one_posyandu_share_a_key(names: list[str], key: str) -> None:
    assert {posyandu_key(name) for name in names} == {key}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("V", "V"),  # a letter, not five: no name stands before it
        ("Posyandu V", "V"),
        ("5", "5"),
        ("MAWAR IV A", "MAWAR IV A"),  # a numeral in the middle is part of the name
        ("VI MAWAR", "VI MAWAR"),
        ("MAWAR XXI", "MAWAR XXI"),  # past XX a word is a word
        ("MAWAR IIII", "MAWAR IIII"),
        ("MAWAR L", "MAWAR L"),
        ("MAWARIV", "MAWARIV"),  # glued letters are not a numeral
        ("Posyandu", "POSYANDU"),
        (" - ", ""),
        (None, ""),
    ],
)
def test_what_is_no_number_stays_as_it_is(name: str | None, key: str) -> None:
    assert posyandu_key(name) == key


def test_different_posyandu_keep_different_keys() -> None:
    names = ["MELATI", "MELATI I", "MELATI II", "MELATI 11", "MAWAR IV", "MAWAR IV A", "MAWAR V", "V", "5"]
    assert len({posyandu_key(name) for name in names}) == len(names)


def test_a_key_is_its_own_key() -> None:
    for name in ["MELATI I", "MAWAR IV A", "V", "KENANGA 03"]:
        assert posyandu_key(posyandu_key(name)) == posyandu_key(name)


def test_a_number_of_any_length_is_read() -> None:
    assert posyandu_key("A " + "0" * 5000 + "7") == "A 7"


def test_a_key_fits_its_column() -> None:
    assert len(posyandu_key("X" * 59 + "12")) == 60


@pytest.mark.parametrize(
    "name", ["Tritihkulon", "TRITIH KULON", "Desa Tritih Kulon", "KEL. TRITIH KULON", "ds.tritih-kulon\u00a0"]
)
def test_spellings_of_one_village_share_a_key(name: str) -> None:
    assert village_key(name) == "TRITIHKULON"


def test_a_village_whose_name_begins_like_a_prefix_keeps_it() -> None:
    assert village_key("Kelapa Gading") == "KELAPAGADING"
    assert village_key("Desa") == "DESA"


@pytest.mark.parametrize(
    "name",
    [
        "Kesugihan",
        "KESUGIHAN\u00a0",
        "KEC. KESUGIHAN",
        "Kecamatan Kesugihan",
        "KAB CILACAP KEC. KESUGIHAN",
        "Kec. Kesugihan, Kab. Cilacap",
        "Kesugihan Kabupaten Cilacap",
    ],
)
def test_spellings_of_one_kecamatan_share_a_key(name: str) -> None:
    assert kecamatan_key(name) == "KESUGIHAN"


@pytest.mark.parametrize(
    "name", ["Cilacap Utara", "CILACAPUTARA", "KEC CILACAP UTARA", "Kab. Cilacap, Cilacap Utara"]
)
def test_the_kecamatan_of_the_town_keep_the_name_of_the_town(name: str) -> None:
    assert kecamatan_key(name) == "CILACAPUTARA"
