"""Published scores of villages added up, beside stunting."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from kpm.models import LokusVillage, Scorecard
from kpm.scorecard.periods import Quarter
from kpm.scorecard_figures import quarter_over_by
from registry.models import Role, Village
from tests.factories import make_child, make_district, make_user, make_village, measure, signed_in


@pytest.fixture(autouse=True)
def _in_august() -> object:
    with time_machine.travel(datetime(2024, 8, 20, 2, tzinfo=UTC), tick=True):
        yield


def publish(village: Village, **cells: tuple[int, int]) -> None:
    named = {name.replace("__", "."): list(pair) for name, pair in cells.items()}
    by = make_user(Role.CADRE, village)
    Scorecard.objects.create(
        village=village,
        year=2024,
        quarter=2,
        published_on=date(2024, 7, 3),
        published_by=by,
        people=9,
        cells=named,
    )


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        (date(2024, 8, 1), Quarter(2024, 2)),
        (date(2024, 6, 1), Quarter(2024, 2)),
        (date(2024, 5, 1), Quarter(2024, 1)),
        (date(2024, 2, 1), Quarter(2023, 4)),
        (date(2024, 12, 1), Quarter(2024, 4)),
    ],
)
def test_a_month_shows_the_newest_quarter_that_is_over(month: date, quarter: Quarter) -> None:
    assert quarter_over_by(month) == quarter


@pytest.mark.django_db
def test_scores_add_up_all_yes_of_all_that_applies() -> None:
    first, second = make_village(), make_village("33.01.02.2010", "Karangkandri")
    make_village("33.01.01.2001", "Tambakreja")  # publishes nothing
    LokusVillage.objects.create(
        village=first, year=2024, decree_number="440/17", decree_date=date(2024, 1, 8)
    )
    publish(first, young_child__safe_water=(9, 10), young_child__counselled_monthly=(1, 10))
    publish(second, young_child__safe_water=(0, 80), preschool_child__lessons=(5, 5))
    child = make_child(village=first, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 8, 5), "8.0", "69.0", position="L")
    client = signed_in(make_user(Role.DISTRICT, make_district()))
    address = reverse("dashboard:district") + "convergence/?month=2024-08"
    table = client.get(f"{address}&format=csv&table=scorecards").content.decode("utf-8-sig")
    rows = list(csv.reader(table.splitlines()))
    kesugihan = dict(zip(rows[0], next(row for row in rows if "Kesugihan" in row), strict=True))
    # 10 of 100, where the mean of 50 % and 0 % would be 25 %; the lessons are in their package alone.
    assert (kesugihan["Desa yang menutup"], kesugihan["Desa yang menutup, dari berapa desa"]) == ("2", "2")
    assert kesugihan["Skor (%)"] == "10.0"
    assert kesugihan["PAUD (%)"] == "100.0"
    assert kesugihan["Konseling gizi (%)"] == "10.0"
    empty = next(row for row in rows if "Kedungreja" in row)
    assert dict(zip(rows[0], empty, strict=True))["Skor (%)"] == ""
    assert "Lokus" not in rows[0]
    assert "2 dari 2" in client.get(address).content.decode()
    assert "2 dari 3" in client.get(address).content.decode()  # of the district
    page = client.get(f"{address}&by=villages").content.decode()
    assert page.count("lokus 2024") == 1
    assert "1 dari 1" in page
    assert "0 dari 1" in page
    villages = client.get(f"{address}&by=villages&format=csv&table=scorecards").content.decode("utf-8-sig")
    listed = list(csv.reader(villages.splitlines()))
    column = listed[0].index("Skor (%)")
    assert [row[column] for row in listed[1:]] == ["0.0", "50.0", ""]  # the lowest first, none last


@pytest.mark.django_db
def test_a_new_card_is_seen_on_the_page_at_once() -> None:
    village = make_village()
    child = make_child(village=village, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 8, 5), "8.0", "69.0", position="L")
    client = signed_in(make_user(Role.DISTRICT, make_district()))
    address = reverse("dashboard:district") + "convergence/?month=2024-08"
    assert "90,0" not in client.get(address).content.decode()
    publish(village, young_child__safe_water=(9, 10))
    assert "90,0" in client.get(address).content.decode()
