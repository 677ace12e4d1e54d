"""One entry on the first of a month must conclude nothing, on any page, in any file, and over REST."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from registry.models import District, User, VillageMonth
from tests.dashboard.data import counted, make_target, text_of, villages
from tests.exports.files import csv_rows
from tests.factories import make_child, measure, signed_in

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
MONTH = "?month=2026-12"


@pytest.fixture(autouse=True)
def _half_past_midnight_on_the_first_of_december() -> Iterator[None]:
    with time_machine.travel("2026-12-01T00:30:00+07:00"):
        yield


@pytest.fixture
def client(officer: User, district: District) -> Client:
    """An officer's, of two villages with six full months and one child measured on 1 December."""
    make_target(district, 2026, "14.0")
    here, there = villages(2)
    child = make_child(officer, here, birth_date=date(2024, 6, 1))
    measure(child, DECEMBER, "12.0", "88.0")
    for village in (here, there):
        for month in range(6, 12):
            counted(village, stunted=20, believed=90, registered=100, month=date(2026, month, 1))
    return signed_in(officer)


def test_pages_open_on_the_month_that_is_over(client: Client) -> None:
    shown = text_of(client.get("/dashboard/"))
    assert "Stunting Kabupaten Cilacap, November 2026" in shown
    assert "Di atas target" in shown
    assert "Tingkat menurut WHO" in shown


def test_the_running_month_says_so_and_concludes_nothing(client: Client) -> None:
    shown = text_of(client.get(f"/dashboard/{MONTH}"))
    assert "Desember 2026 belum selesai: di Kabupaten Cilacap baru 1 dari 1 anak" in shown
    for conclusion in (
        "Tingkat menurut WHO",
        "Peluang sudah di bawah",
        "Jarak dari target",
        "Di bawah target",
    ):
        assert conclusion not in shown


def test_the_running_month_is_no_point_of_the_trend(client: Client) -> None:
    page = client.get(f"/dashboard/{MONTH}").content.decode()
    assert "menjadi 22,2% (16,8–28,8) pada November 2026" in page
    assert "6 dari 24 bulan punya angka" in page


def test_the_running_month_ranks_nobody(client: Client) -> None:
    page = client.get(f"/dashboard/where/{MONTH}&by=villages")
    assert "jadi belum dibandingkan dengan target" in text_of(page)
    assert 'id="ranking"' not in page.content.decode()
    cells = csv_rows(client.get(f"/dashboard/where/{MONTH}&table=villages&format=csv").content)[0]
    assert (cells["Desa/kelurahan"], cells["Stunting"], cells["Dari"]) == ("Contoh 01", "0", "1")
    assert (cells["Urutan"], cells["Kelebihan anak stunting dari target"]) == ("", "")
    assert (cells["Terhadap target"], cells["Catatan"]) == (
        "belum dinilai",
        "bulan masih berjalan, sedikit anak",
    )
    assert (cells["Perkiraan (%)"], cells["Berubah 6 bulan"]) == ("", "")


def test_a_month_far_below_its_usual_coverage_concludes_nothing(client: Client) -> None:
    VillageMonth.objects.filter(month=NOVEMBER).update(haz_believed=71, stunted=1)
    # 71 of 100 are fewer than 80 % of the 90 before: October opens.
    assert "Oktober 2026" in text_of(client.get("/dashboard/"))
    shown = text_of(client.get("/dashboard/?month=2026-11"))
    assert "Terlalu sedikit yang diukur" in shown
    assert "Tingkat menurut WHO" not in shown


def test_programs_get_the_month_that_is_over_and_no_verdict_on_the_running_one(client: Client) -> None:
    found = client.get("/api/v1/district/summary/").json()
    assert (found["month"], found["month_state"], found["target"]["verdict"]) == ("2026-11", "over", "above")
    running = client.get(f"/api/v1/district/summary/{MONTH}").json()
    assert (running["month_state"], running["target"]["verdict"]) == ("running", "running")
    assert running["indicators"]["stunted"]["pale"] is True


def test_nobody_has_missed_a_month_that_is_not_over(client: Client) -> None:
    assert "Dua bulan tidak diukur –" in text_of(client.get(f"/dashboard/priority/{MONTH}"))
    assert "Dua bulan tidak diukur 0" in text_of(client.get("/dashboard/priority/"))
    assert "Dua bulan tidak diukur –" in text_of(client.get(f"/dashboard/coverage/{MONTH}"))
