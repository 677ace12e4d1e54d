"""Every page of a place: what it says, for whom, and in how many queries."""

from __future__ import annotations

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
from registry.calendar_months import add_months
from registry.models import District, HeightSpread, Role, User, Village
from tests.dashboard.data import AUGUST, counted, make_target, text_of, villages
from tests.exports.files import csv_rows
from tests.factories import (
    make_child,
    make_measured,
    make_posyandu,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    seen,
    signed_in,
)

pytestmark = pytest.mark.django_db

SECTIONS = [section for section in Section if section is not Section.OVERVIEW]
VILLAGE = "33.01.02.2001"


def told(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def table(client: Client, address: str, key: str) -> list[dict[str, str]]:
    """A table of a page by the headings of its CSV."""
    response = client.get(f"{address}&format=csv&table={key}")
    assert response.status_code == 200
    return csv_rows(response.content)


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
    assert "Kelebihan anak stunting dari target 15" in text
    # Beta(50.5, 200.5) lies below 0.14 with a probability of 0.5 %.
    assert "Peluang sudah di bawah target kurang dari 1%" in text


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([200 - 5 * n for n in range(12)], "target 14% tercapai sekitar"),
        ([200] * 12, "target 14% belum terlihat kapan tercapai"),
        ([100] * 12, "Target 14% sudah tercapai"),
        ([138] * 12, "sudah di target 14% atau di bawahnya, tetapi selang kepercayaannya masih melewatinya"),
        ([200] * 3, "Belum cukup bulan untuk membaca kecenderungan"),
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
    assert "Peluang sudah di bawah target" not in text
    assert "perpanjangan garis" not in text


# --- Where ----------------------------------------------------------------------------------------------


def test_small_places_are_drawn_to_the_mean_and_the_change_is_told(officer: User, district: District) -> None:
    small, large, other = villages(3)
    for village, stunted, believed in ((small, 15, 40), (large, 120, 1000), (other, 110, 1000)):
        counted(village, stunted=stunted, believed=believed)
    counted(large, stunted=180, believed=1000, month=add_months(AUGUST, -6))
    found = table(signed_in(officer), "/dashboard/where/?month=2024-08", "villages")
    rows = {row["Desa/kelurahan"]: row for row in found}
    raw, drawn = (float(rows[small.name][name]) for name in ("Prevalensi (%)", "Perkiraan (%)"))
    assert raw == 37.5
    assert drawn < raw
    assert abs(float(rows[large.name]["Perkiraan (%)"]) - 12.0) < 1.0
    # 12 % after 18 %: Newcombe's interval is -9.1 to -2.9.
    change = [float(rows[large.name][f"Berubah 6 bulan{end}"]) for end in ("", ", dari", ", sampai")]
    assert change == [-6.0, -9.1, -2.9]
    assert rows[small.name]["Berubah 6 bulan"] == ""


def test_a_village_far_outside_is_named_by_the_funnel(officer: User, district: District) -> None:
    found = villages(12)
    for n, village in enumerate(found):
        counted(village, stunted=300 if n == 0 else 100, believed=1000)
    text = told(signed_in(officer), "/dashboard/kecamatan/33.01.02/where/?month=2024-08")
    assert "1 di atas dan 0 di bawah batas 99,8%, yang jarang terlewati karena kebetulan" in text


def test_the_district_has_a_funnel_of_its_kecamatan_beside_that_of_its_villages(
    officer: User, district: District
) -> None:
    # Villages of 25 children each: alone they show nothing, twenty of them together do.
    for kecamatan, stunted in (("33.01.01", 8), ("33.01.02", 2), ("33.01.03", 2), ("33.01.04", 2)):
        for village in villages(20, kecamatan):
            counted(village, stunted=stunted, believed=25)
    page = signed_in(officer).get("/dashboard/where/?month=2024-08")
    of_kecamatan, of_villages = page.context["page"].funnels
    assert (of_kecamatan.chart.title, of_villages.chart.title) == (
        "Prevalensi kecamatan menurut banyaknya anak",
        "Prevalensi desa dan kelurahan menurut banyaknya anak",
    )
    assert "4 tempat bersama-sama berbeda melebihi kebetulan" in of_kecamatan.chart.reading
    assert "batasnya dilebarkan" in of_kecamatan.meaning
    assert "hanya perbedaan yang sangat besar dapat terlihat" in of_villages.chart.reading
    assert "hanya perbedaan yang sangat besar" not in of_kecamatan.chart.reading
    below = signed_in(officer).get("/dashboard/kecamatan/33.01.02/where/?month=2024-08")
    assert len(below.context["page"].funnels) == 1


def test_the_funnel_says_how_many_lie_outside_by_chance_alone(officer: User, district: District) -> None:
    for village in villages(50):
        counted(village, stunted=10, believed=50)
    text = told(signed_in(officer), "/dashboard/kecamatan/33.01.02/where/?month=2024-08")
    assert "Di dalam garis putus-putus (95%): tidak dapat dibedakan dari rata-rata" in text
    # 5 % and 0.2 % of 50.
    assert "dari 50 tempat kira-kira 2,5 ada di luar garis putus-putus dan kira-kira 0,1 di luar" in text
    assert "hampir pasti bukan" not in text


def test_a_place_too_small_to_rank_is_on_no_side_of_the_target_on_map_table_and_file(
    officer: User, district: District
) -> None:
    make_target(district)
    small, large = villages(2)
    for village, believed in ((small, 20), (large, 100)):
        village.latitude, village.longitude = -7.6, 109.1
        village.save()
        counted(village, stunted=believed // 2, believed=believed)  # 50 %: both intervals above 14 %
    address = "/dashboard/kecamatan/33.01.02/where/?month=2024-08"
    client = signed_in(officer)
    text = told(client, address)
    assert "dari 2 tempat, 1 di atas target 14%, 0 di bawahnya, 1 belum pasti" in text
    assert "Contoh 01 sedikit anak 10 20 50,0%" in text
    assert "dari 2 tempat, 1 di atas target 14%, 0 di bawahnya dan 1 belum pasti" in text  # the ranking
    found = table(client, address, "villages")
    rows = {r["Desa/kelurahan"]: (r["Terhadap target"], r["Catatan"]) for r in found}
    assert rows == {"Contoh 01": ("belum pasti", "sedikit anak"), "Contoh 02": ("di atas", "")}
    village = told(client, f"/dashboard/villages/{small.pk}/?month=2024-08")
    assert "Anaknya terlalu sedikit untuk mengatakan di bawah atau di atas target 14%" in village


def test_low_coverage_keeps_its_side_and_its_note_and_the_sentence_counts_it(
    officer: User, district: District
) -> None:
    make_target(district)
    weak, full = make_village("33.01.01.2001", "Tambakreja"), make_village(VILLAGE)
    counted(weak, stunted=50, believed=100, registered=200)
    counted(full, stunted=50, believed=100)
    client = signed_in(officer)
    text = told(client, "/dashboard/where/?month=2024-08")
    assert (
        "dari 2 tempat, 2 di atas target 14%, 0 di bawahnya dan 0 belum pasti (1 yang di atas atau di "
        "bawah cakupan pengukurannya rendah)" in text
    )
    rows = table(client, "/dashboard/where/?month=2024-08", "kecamatan")
    assert [(r["Terhadap target"], r["Catatan"]) for r in rows] == [
        ("di atas", ""),
        ("di atas", "cakupan pengukuran rendah"),
    ]


def test_a_year_without_a_target_still_says_who_has_a_rate(officer: User, district: District) -> None:
    for village in villages(2):
        village.latitude, village.longitude = -7.6, 109.1
        village.save()
        counted(village, stunted=10, believed=50)
    text = told(signed_in(officer), "/dashboard/where/?month=2024-08")
    assert "2 dari 2 tempat punya angka" in text


def test_children_over_the_target_are_told_of_each_place_and_none_without_a_target(
    officer: User, district: District
) -> None:
    counted(make_village("33.01.01.2001", "Tambakreja"), stunted=50, believed=250)  # 14 % of 250 is 35
    counted(make_village(VILLAGE), stunted=5, believed=100)
    client = signed_in(officer)

    def over(key: str, sort: str = "-over") -> list[str]:
        rows = table(client, f"/dashboard/where/?month=2024-08&sort={sort}", key)
        return [r["Kelebihan anak stunting dari target"] for r in rows]

    assert over("kecamatan") == over("villages") == ["", ""]
    make_target(district)
    assert over("kecamatan") == over("villages") == ["15", "0"]
    text = told(client, "/dashboard/where/?month=2024-08")
    assert "Jumlah anak stunting yang harus berkurang (dicegah atau pulih)" in text
    assert [
        r["Kelebihan anak stunting dari target"]
        for r in table(client, "/dashboard/?month=2024-08", "kecamatan")
    ] == [
        "15",
        "0",
    ]


@pytest.mark.parametrize(("rates", "alike"), [((10, 11, 10), True), ((10, 60, 30), False)])
def test_estimates_that_are_all_the_same_are_said_to_tell_nobody_apart(
    officer: User, district: District, rates: tuple[int, ...], alike: bool
) -> None:
    for village, stunted in zip(villages(3), rates, strict=True):
        counted(village, stunted=stunted, believed=100)
    address = "/dashboard/kecamatan/33.01.02/where/?month=2024-08"
    client = signed_in(officer)
    estimates = {r["Perkiraan (%)"] for r in table(client, address, "villages")}
    assert (len(estimates) == 1) is alike
    assert ("Perkiraannya sama untuk semua tempat di sini" in told(client, address)) is alike
    # Of the district the ranking shows kecamatan, so the table of villages says it of them.
    table_of_villages = client.get("/dashboard/where/?month=2024-08").context["page"].tables["villages"]()
    assert any("Perkiraannya sama" in note for note in table_of_villages.notes) is alike


# --- Who --------------------------------------------------------------------------------------------------


def test_a_pale_group_says_why(officer: User, district: District) -> None:
    counted(make_village(), stunted=5, believed=60, registered=100)
    address = "/dashboard/groups/?month=2024-08"
    assert "cakupan pengukuran rendah" in told(signed_in(officer), address)
    everybody, *_groups = table(signed_in(officer), address, "groups")
    assert everybody["Catatan"] == "cakupan pengukuran rendah"


def test_the_spread_of_heights_is_told_with_its_mean(officer: User, district: District) -> None:
    village = make_village(VILLAGE)
    counted(village, stunted=1, believed=4)
    bins = [0] * 24
    bins[7], bins[10], bins[12] = 1, 2, 1
    HeightSpread.objects.create(village=village, month=AUGUST, count=4, total=-420, squares=80_000, bins=bins)
    text = told(signed_in(officer), "/dashboard/groups/?month=2024-08")
    assert "−1,05 SD dari 4 anak" in text
    rows = table(signed_in(officer), "/dashboard/groups/?month=2024-08", "spread")
    assert [r["Anak"] for r in rows if r["Anak"] != "0"] == ["1", "2", "1"]


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
    # Nothing has come from the second, which is not 0 per cent.
    assert [r["Agu 2024 (%)"] for r in rows] == ["90.0", "", "40.0"]
    assert 'heat-none">–</td>' in text
    assert rows[0]["Sep 2023 (%)"] == ""
    (kecamatan,) = table(signed_in(officer), "/dashboard/coverage/?month=2024-08", "coverage")
    assert (kecamatan["Agu 2024, diukur"], kecamatan["Agu 2024, terdaftar"]) == ("65", "130")


def test_where_nothing_was_measured_every_page_has_dashes_and_no_zero(officer: User) -> None:
    village = make_village()
    counted(village, stunted=0, believed=0, registered=30)
    browser = signed_in(officer)
    text = told(browser, f"/dashboard/villages/{village.pk}/coverage/?month=2024-08").replace("\xa0", " ")
    assert "Cakupan pengukuran – belum ada pengukuran bulan ini, 30 terdaftar" in text
    assert "(2T) – belum ada penimbangan bulan ini" in text
    assert "terlambat – belum ada pengukuran bulan ini" in text
    assert "Partisipasi (D/S) –" in text
    assert "0,0%" not in text
    for place, key in (("coverage", "skdn"), ("groups", "groups"), ("groups", "indicators")):
        rows = table(browser, f"/dashboard/villages/{village.pk}/{place}/?month=2024-08", key)
        names = [name for name in rows[0] if name not in ("Terdaftar", "Jenis kelamin", "Umur", "Catatan")]
        assert not {value for row in rows for name in names for value in [row[name]] if value == "0"}
    (row,) = table(browser, "/dashboard/where/?month=2024-08", "villages")
    unknown = ("Stunting", "Dari", "Prevalensi (%)", "Diukur", "Cakupan (%)")
    assert [row[name] for name in unknown] == [""] * 5


def test_a_group_of_which_nobody_came_is_zero_where_others_came(officer: User) -> None:
    village = make_village()
    counted(village, stunted=3, believed=30)  # girls of 24 to 35 months
    rows = table(signed_in(officer), f"/dashboard/villages/{village.pk}/groups/?month=2024-08", "groups")
    boys = next(row for row in rows if row["Jenis kelamin"] == "Laki-laki" and row["Umur"] == "semua")
    assert (boys["Diukur"], boys["Dari"], boys["Prevalensi (%)"]) == ("0", "0", "")


def test_a_share_just_short_of_a_limit_does_not_show_the_limit(officer: User, district: District) -> None:
    counted(make_village(), stunted=5, believed=796, registered=1000)
    text = signed_in(officer).get("/dashboard/coverage/?month=2024-08").content.decode()
    assert 'heat-1">79</td>' in text


def test_the_newest_month_stands_first(officer: User, district: District) -> None:
    counted(make_village(), stunted=5, believed=45, registered=50)
    (row,) = table(signed_in(officer), "/dashboard/coverage/?month=2024-08", "coverage")
    months = [name for name in row if name.endswith(" (%)")]
    assert (months[0], months[-1]) == ("Agu 2024 (%)", "Sep 2023 (%)")


def test_a_month_that_nobody_counted_is_not_zero_registered(officer: User, district: District) -> None:
    counted(make_village(), stunted=5, believed=45, registered=50)
    newest, before, *_more = table(signed_in(officer), "/dashboard/?month=2024-08", "trend")
    assert (newest["Terdaftar"], before["Terdaftar"], before["Diukur"]) == ("50", "", "")


def test_a_list_of_children_is_not_taken_by_its_address(officer: User, district: District) -> None:
    address = f"/dashboard/villages/{make_village().pk}/priority/?month=2024-08&format=csv"
    page = signed_in(officer).get(address)
    assert page.status_code == 400
    assert "unduhannya dicatat" in text_of(page)


def test_the_way_to_the_own_place_keeps_what_was_asked(district: District) -> None:
    village = make_village()
    page = signed_in(make_user(Role.CADRE, village)).get("/dashboard/coverage/?month=2024-08&format=csv")
    assert page.headers["Location"] == f"/dashboard/villages/{village.pk}/coverage/?month=2024-08&format=csv"


def test_a_month_to_come_is_refused(officer: User) -> None:
    page = signed_in(officer).get("/dashboard/?month=2100-12")
    assert page.status_code == 400
    assert "2100-12 belum mulai" in text_of(page)


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
    assert "Berat tidak naik 2 bulan berturut-turut (2T) 3 dari 60 anak yang ditimbang" in text
    assert "Dua bulan tidak diukur 7 dari 100 anak terdaftar" in text
    assert "Diterima terlambat 25,0% 20 dari 80 anak diukur" in text


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
    observations = [seen(date(2024, 8, 5), f"{11 + n % 10 / 10:.1f}", f"{82 + n % 12}.0") for n in range(60)]
    make_measured(cadre, village, [({}, [one]) for one in observations])
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
    (row,) = table(signed_in(officer), "/dashboard/quality/?month=2024-08", "quality")
    assert row["Mutu"] in text
    assert "angka di belakang koma tinggi" in row["Sebab"]
    assert row["Sebab"] in text


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
    assert (row["Desa/kelurahan"], row["Sangat pendek"], row["Pendek"]) == ("Contoh 01", "1", "0")
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
    assert [(r["Posyandu"], r["Diukur"]) for r in rows] == [("Melati 1", "1"), ("tanpa posyandu", "1")]
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
