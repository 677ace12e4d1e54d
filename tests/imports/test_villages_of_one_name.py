"""Villages of one name are told apart: Karangreja is in Maos, Cimanggu and Cipari."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registry.imports.commit import preview
from registry.models import Child, Sex, Upload, User, Village
from registry.places.village_label import village_words
from tests.factories import make_child
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in, text

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

MAOS, CIMANGGU = "33.01.07.2009", "33.01.13.2013"


def in_karangreja(kecamatan: str, **changes: str) -> dict[str, str]:
    return row(**{"Kec": kecamatan, "Desa/Kel": "KARANGREJA", **changes})


def test_a_village_is_named_with_its_kecamatan_where_its_name_is_not_its_alone(
    officer: User, home: Village
) -> None:
    assert village_words(Village.objects.get(pk=MAOS)) == "Karangreja, Kec. Maos"
    assert village_words(home) == "Kesugihan Kidul"


def test_a_part_is_of_the_village_that_was_ticked_and_of_no_other_of_its_name(browser: Client) -> None:
    rows = in_karangreja("MAOS", Nama="AOBA"), in_karangreja("CIMANGGU", Nama="BOCU", Tgl_Lahir="2021-07-01")
    address = hand_in(browser, csv_file(*rows))
    page = text(browser.get(address).content)
    assert "Karangreja, Kec. Maos (1)" in page
    assert "Karangreja, Kec. Cimanggu (1)" in page
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"], "places": [MAOS]})
    assert list(Child.objects.values_list("name", "village")) == [("AOBA", MAOS)]
    assert Upload.objects.get().summary["outcomes"] == {"new_child": 1, "skipped": 1}


def test_a_child_of_the_other_village_of_that_name_can_be_decided_about(officer: User) -> None:
    nik = "3301025403220001"
    make_child(
        officer,
        Village.objects.get(pk=MAOS),
        name="SITI CONTOH",
        nik=nik,
        birth_date=date(2022, 3, 14),
        sex=Sex.GIRL,
    )
    [found] = preview(csv_file(in_karangreja("CIMANGGU", NIK=nik)), officer).rows
    assert found.code == "lives_elsewhere"
    assert "tinggal di Karangreja, Kec. Maos" in found.sentence
    assert "pindah ke Karangreja, Kec. Cimanggu" in found.sentence
    assert [c.village for c in found.candidates] == ["Karangreja, Kec. Maos"]


def test_a_row_shows_what_it_holds(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    page = text(browser.get(address).content)
    assert "P, lahir 14 Maret 2022" in page
    assert "12 Juni 2024: 11,4 kg, 84,5 cm" in page
