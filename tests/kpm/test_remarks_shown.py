"""What was confirmed, flagged or taken for granted is marked on every page of the register that shows it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registry.models import Child, Measurement, Source, User, Village
from tests.exports.files import csv_rows
from tests.factories import make_child, measure

CONFIRMED = "Nilai tidak biasa, dicatat setelah dipastikan atau dari berkas."
FLAGGED = "Ada nilai di luar batas WHO: tercatat, tidak dihitung dalam angka."
STANDING = "Cara ukur tidak dicatat: dianggap berdiri."


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    """A girl of 40 months with a height of 130 cm, which somebody has confirmed, and no position."""
    child = make_child(cadre, village, name="Ani", birth_date=date(2021, 4, 5))
    measure(child, date(2024, 8, 5), "14.0", "130.0", confirmed=True)
    return child


@pytest.mark.parametrize("address", ["/children/{child}/", "/measurements/{measurement}/"])
def test_a_page_of_the_child_says_each_remark(page: Client, child: Child, address: str) -> None:
    measurement = child.measurements.get()
    text = page.get(address.format(child=child.pk, measurement=measurement.pk)).content.decode()
    for sentence in (CONFIRMED, FLAGGED, STANDING, "nilai dipastikan"):
        assert sentence in text


def test_the_history_says_them_of_each_row_and_how_values_are_rounded(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 5), "13.5", "92.0", confirmed=True, position="H")
    text = page.get(f"/children/{child.pk}/").content.decode()
    history = text[text.index('id="all"') :]
    assert history.count(STANDING) == 1
    assert "Berat disimpan sampai gram, panjang/tinggi sampai 0,1 milimeter" in history


def test_the_lists_and_their_files_have_them(page: Client, child: Child) -> None:
    expected = f"{CONFIRMED} {FLAGGED} {STANDING}"
    assert expected in page.get("/children/?month=2024-08").content.decode()
    for address, table in (
        ("/children/?month=2024-08", "roster"),
        (f"/children/{child.pk}/", "measurements"),
    ):
        [row] = csv_rows(page.post(address, {"table": table, "format": "csv"}).content)
        assert row["Keterangan"] == expected


def test_the_follow_up_list_and_the_card_mark_the_value(page: Client, child: Child) -> None:
    for address in ("/follow-up/", f"/children/{child.pk}/card/"):
        assert "nilai dipastikan" in page.get(address).content.decode()


def test_nothing_is_said_of_an_ordinary_value(page: Client, cadre: User, village: Village) -> None:
    child = make_child(cadre, village, name="Budi", birth_date=date(2021, 4, 5))
    measure(child, date(2024, 8, 5), "14.0", "96.0", position="H")
    assert Measurement.objects.get().source == Source.FORM
    text = page.get(f"/children/{child.pk}/").content.decode()
    for sentence in (CONFIRMED, FLAGGED, STANDING, "nilai dipastikan"):
        assert sentence not in text


def test_charts_their_tables_and_the_family_card_mark_a_confirmed_value(
    page: Client, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, name="Budi", birth_date=date(2021, 4, 5))
    measure(child, date(2024, 7, 5), "13.5", "92.0")
    measure(child, date(2024, 8, 5), "19.0", "93.0", confirmed=True)  # 5.5 kg more in a month
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert text.count("point--confirmed") == 3  # one point on each chart
    card = page.get(f"/children/{child.pk}/card/").content.decode()
    assert card.count("point--confirmed") == 3
    assert "nilai dipastikan" in card[card.index('id="table"') :]
    rows = csv_rows(page.post(f"/children/{child.pk}/", {"format": "csv", "table": "waz"}).content)
    assert ["nilai dipastikan" in str(row) for row in rows] == [False, True]
