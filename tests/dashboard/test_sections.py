"""Every page of a place: what it says, for whom, and in how many queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.pages import PAGES
from dashboard.sections import Section
from registry.actions.grade import grade_month
from registry.figures import add_months
from registry.models import District, HeightSpread, Role, User, Village
from tests.dashboard.data import AUGUST, counted, make_target, text_of, villages
from tests.factories import make_child, make_posyandu, make_puskesmas, make_user, make_village, measure

pytestmark = pytest.mark.django_db

SECTIONS = [section for section in Section if section is not Section.OVERVIEW]
VILLAGE = "33.01.02.2001"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def table(client: Client, address: str, key: str) -> list[dict[str, str]]:
    """A table of a page by the names of its CSV."""
    response = client.get(f"{address}&format=csv&table={key}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def places(district: District) -> dict[str, str]:
    """The address of a place of each kind."""
    make_target(district)
    puskesmas = make_puskesmas()
    for village in villages(3):
        village.puskesmas = puskesmas
        village.latitude, village.longitude = -7.6, 109.1
        village.save()
        counted(village, stunted=9, believed=40)
    return {
        "district": "/dashboard/",
        "kecamatan": "/dashboard/kecamatan/33.01.02/",
        "puskesmas": f"/dashboard/puskesmas/{puskesmas.pk}/",
        "village": f"/dashboard/villages/{VILLAGE}/",
    }


@pytest.mark.parametrize("kind", ["district", "kecamatan", "puskesmas", "village"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_place_has_every_page_with_the_way_to_the_others(
    officer: User, places: dict[str, str], kind: str, section: Section
) -> None:
    client = signed_in(officer)
    page = client.get(f"{places[kind]}{section}/?month=2024-08")
    assert page.status_code == 200
    text = page.content.decode()
    for other in SECTIONS:
        assert f'{places[kind]}{other}/?month=2024-08"' in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("section", SECTIONS)
def test_without_any_data_a_page_says_so(officer: User, district: District, section: Section) -> None:
    make_village(VILLAGE)
    assert signed_in(officer).get(f"/dashboard/{section}/").status_code == 200


@pytest.mark.parametrize("section", list(Section))
def test_thirty_villages_take_as_many_queries_as_three(
    officer: User, district: District, section: Section
) -> None:
    make_target(district)
    address = (
        "/dashboard/?month=2024-08" if section is Section.OVERVIEW else f"/dashboard/{section}/?month=2024-08"
    )
    client = signed_in(officer)

    def queries() -> int:
        cache.clear()  # drawn, not kept from before
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    for village in villages(3):
        counted(village, stunted=9, believed=40)
    few = queries()
    for village in villages(30)[3:]:
        counted(village, stunted=9, believed=40)
    assert queries() == few <= 22


def test_a_section_that_is_not_there_is_404(officer: User) -> None:
    assert signed_in(officer).get("/dashboard/overview/").status_code == 404
    assert signed_in(officer).get("/dashboard/everything/").status_code == 404


# --- What it would take -------------------------------------------------------------------------------


def test_the_overview_says_how_many_children_and_how_sure(officer: User, district: District) -> None:
    make_target(district)
    counted(make_village(), stunted=50, believed=250)  # 14 % of 250 is 35
    text = told(signed_in(officer), "/dashboard/?month=2024-08")
    assert "Anak di atas target 15" in text
    # Beta(50.5, 200.5) lies below 0.14 with a probability of 0.5 %.
    assert "Peluang sudah di bawah target kurang dari 1 %" in text


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([200 - 5 * n for n in range(12)], "target 14 % tercapai sekitar"),
        ([200] * 12, "target 14 % belum terlihat kapan tercapai"),
        ([100] * 12, "Target 14 % sudah tercapai"),
        ([138] * 12, "sudah di target 14 % atau di bawahnya, tetapi rentangnya masih melewatinya"),
        ([200] * 3, "Belum cukup bulan untuk membaca arah"),
    ],
)
def test_the_overview_says_when_the_trend_meets_the_target(
    officer: User, district: District, rates: list[int], said: str
) -> None:
    make_target(district, year=2023)
    village = make_village()
    for back, stunted in enumerate(reversed(rates)):
        counted(village, stunted=stunted, believed=1000, month=add_months(AUGUST, -back))
    assert said in told(signed_in(officer), "/dashboard/?month=2024-08")


def test_without_a_target_nothing_is_said_of_the_way_to_it(officer: User, district: District) -> None:
    counted(make_village(), stunted=50, believed=250)
    text = told(signed_in(officer), "/dashboard/?month=2024-08")
    assert "Anak di atas target" not in text
    assert "perpanjangan garis" not in text


# --- Where ----------------------------------------------------------------------------------------------


def test_small_places_are_drawn_to_the_mean_and_the_change_is_told(officer: User, district: District) -> None:
    small, large, other = villages(3)
    for village, stunted, believed in ((small, 15, 40), (large, 120, 1000), (other, 110, 1000)):
        counted(village, stunted=stunted, believed=believed)
    counted(large, stunted=180, believed=1000, month=add_months(AUGUST, -6))
    rows = {r["name"]: r for r in table(signed_in(officer), "/dashboard/where/?month=2024-08", "villages")}
    raw, drawn = (float(rows[small.name][name]) for name in ("percent", "estimate_percent"))
    assert raw == 37.5
    assert drawn < raw
    assert abs(float(rows[large.name]["estimate_percent"]) - 12.0) < 1.0
    # 12 % after 18 %: Newcombe's interval is -9.1 to -2.9.
    change = [float(rows[large.name][f"change_points{end}"]) for end in ("", "_low", "_high")]
    assert change == [-6.0, -9.1, -2.9]
    assert rows[small.name]["change_points"] == ""


def test_a_village_far_outside_is_named_by_the_funnel(officer: User, district: District) -> None:
    found = villages(12)
    for n, village in enumerate(found):
        counted(village, stunted=300 if n == 0 else 100, believed=1000)
    text = told(signed_in(officer), "/dashboard/kecamatan/33.01.02/where/?month=2024-08")
    assert "1 lebih tinggi dan 0 lebih rendah daripada yang dapat dijelaskan kebetulan" in text


# --- Who --------------------------------------------------------------------------------------------------


def test_the_spread_of_heights_is_told_with_its_mean(officer: User, district: District) -> None:
    village = make_village(VILLAGE)
    counted(village, stunted=1, believed=4)
    bins = [0] * 24
    bins[7], bins[10], bins[12] = 1, 2, 1
    HeightSpread.objects.create(village=village, month=AUGUST, count=4, total=-420, squares=80_000, bins=bins)
    text = told(signed_in(officer), "/dashboard/groups/?month=2024-08")
    assert "−1,05 SD dari 4 anak" in text
    rows = table(signed_in(officer), "/dashboard/groups/?month=2024-08", "spread")
    assert [r["children"] for r in rows if r["children"] != "0"] == ["1", "2", "1"]


# --- Coverage ---------------------------------------------------------------------------------------------


def test_silent_villages_are_named_and_the_months_are_shaded(officer: User, district: District) -> None:
    first, second, third = villages(3)
    counted(first, stunted=5, believed=45, registered=50)
    counted(second, stunted=0, believed=0, registered=30)
    counted(third, stunted=5, believed=20, registered=50)
    page = signed_in(officer).get("/dashboard/coverage/?month=2024-08&by=villages")
    assert "1 dari 3 desa belum punya pengukuran" in text_of(page)
    text = page.content.decode()
    assert 'heat-3">90</td>' in text
    assert 'heat-0">40</td>' in text
    rows = table(signed_in(officer), "/dashboard/coverage/?month=2024-08&by=villages", "coverage")
    assert [r["2024-08_percent"] for r in rows] == ["90.0", "0.0", "40.0"]
    assert rows[0]["2023-09_percent"] == ""
    (kecamatan,) = table(signed_in(officer), "/dashboard/coverage/?month=2024-08", "coverage")
    assert (kecamatan["2024-08_measured"], kecamatan["2024-08_registered"]) == ("65", "130")


def test_what_is_missed_and_what_came_late_is_counted(officer: User, district: District) -> None:
    counted(
        make_village(),
        stunted=5,
        believed=80,
        registered=100,
        late=20,
        missed_twice=7,
        twice_not_gained=3,
        gained=60,
    )
    text = told(signed_in(officer), "/dashboard/coverage/?month=2024-08")
    assert "Tidak naik dua kali (2T) 3 dari 60 anak yang ditimbang" in text
    assert "Dua bulan tidak diukur 7 dari 100 anak terdaftar" in text
    assert "Diterima terlambat 25,0 % 20 dari 80 anak diukur" in text


def test_another_kind_of_rows_is_refused_with_those_that_are(officer: User) -> None:
    page = signed_in(officer).get("/dashboard/coverage/?by=houses")
    assert page.status_code == 400
    assert "kecamatan, villages" in text_of(page)


# --- Quality ----------------------------------------------------------------------------------------------


@pytest.fixture
def rounded(time_in_august: None) -> Village:
    """A village whose cadre reads whole centimetres."""
    village = make_village(VILLAGE, "Contoh 01")
    cadre = make_user(Role.CADRE, village, "sumarni")
    for n in range(60):
        child = make_child(cadre, village, name=f"Anak {n}")
        measure(child, date(2024, 8, 5), f"{11 + n % 10 / 10:.1f}", f"{82 + n % 12}.0", confirmed=True)
    grade_month(AUGUST)
    return village


@pytest.fixture
def time_in_august() -> Iterator[None]:
    with time_machine.travel("2024-08-15T03:00:00Z"):
        yield


def test_quality_is_told_as_who_would_gain_from_which_training(officer: User, rounded: Village) -> None:
    text = told(signed_in(officer), "/dashboard/quality/?month=2024-08")
    assert "Membaca timbangan dan papan ukur sampai satu desimal (1 desa)" in text
    assert "angka di belakang koma tinggi" in text
    assert "sumarni" in text


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.CADRE, False), (Role.MIDWIFE, False), (Role.DISTRICT, True)]
)
def test_a_recorder_is_named_to_the_district_and_to_herself_alone(
    district: District, rounded: Village, role: Role, sees: bool
) -> None:
    address = f"/dashboard/villages/{VILLAGE}/quality/?month=2024-08"
    other = make_user(role, district if role is Role.DISTRICT else rounded)
    assert ("sumarni" in told(signed_in(other), address)) is sees
    assert "sumarni" in told(signed_in(User.objects.get(username="sumarni")), address)


def test_a_month_not_graded_yet_says_when_it_will_be(officer: User, district: District) -> None:
    counted(make_village(), stunted=5, believed=40)
    assert "Mutu data dinilai tiap malam" in told(signed_in(officer), "/dashboard/quality/?month=2024-08")


# --- Priority ---------------------------------------------------------------------------------------------


def test_priorities_are_counts_above_a_village_and_names_in_it(officer: User, time_in_august: None) -> None:
    village = make_village(VILLAGE, "Contoh 01")
    post = make_posyandu(village, "Melati 1")
    child = make_child(officer, village, name="Siti Kecil", posyandu_id=post.pk)
    measure(child, date(2024, 8, 5), "9.5", "76.0", confirmed=True)  # 29 months: below -3 SD
    client = signed_in(officer)
    above = told(client, "/dashboard/priority/?month=2024-08")
    assert "Sangat pendek 1" in above
    assert "Siti Kecil" not in above
    (row,) = table(client, "/dashboard/priority/?month=2024-08&by=villages", "priority")
    assert (row["name"], row["severely_stunted"], row["stunted"]) == ("Contoh 01", "1", "0")
    below = told(client, f"/dashboard/villages/{VILLAGE}/priority/?month=2024-08")
    assert "Siti Kecil Melati 1 Sangat pendek" in below


# --- Posyandu ---------------------------------------------------------------------------------------------


def test_a_village_leads_to_its_posyandu_and_that_to_its_children(
    officer: User, time_in_august: None
) -> None:
    village = make_village(VILLAGE, "Contoh 01")
    post = make_posyandu(village, "Melati 1")
    for name, post_id in (("Siti", post.pk), ("Budi", None)):
        child = make_child(officer, village, name=name, posyandu_id=post_id)
        measure(child, date(2024, 8, 5), "12.5", "90.0")
    client = signed_in(officer)
    page = client.get(f"/dashboard/villages/{VILLAGE}/where/?month=2024-08")
    assert f'/dashboard/posyandu/{post.pk}/?month=2024-08"' in page.content.decode()
    rows = table(client, f"/dashboard/villages/{VILLAGE}/where/?month=2024-08", "posyandu")
    assert [(r["name"], r["measured"]) for r in rows] == [("Melati 1", "1"), ("", "1")]
    below = client.get(f"/dashboard/posyandu/{post.pk}/?month=2024-08")
    assert "Siti" in text_of(below)
    assert "Budi" not in text_of(below)
    assert [words for words, _url in below.context["page"].crumbs][-2:] == [
        "Desa Contoh 01",
        "Posyandu Melati 1",
    ]


def test_a_posyandu_that_is_not_there_is_404(officer: User) -> None:
    assert signed_in(officer).get("/dashboard/posyandu/999999/").status_code == 404


def test_the_menu_of_a_place_has_every_page() -> None:
    assert set(PAGES) == set(Section)
