from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registry.figures import summary
from registry.models import District, Role, Survey, User
from tests.dashboard.data import AUGUST, counted, make_survey, make_target, text_of, villages
from tests.exports.files import csv_rows
from tests.factories import (
    make_cadre,
    make_child,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    signed_in,
)

VILLAGE = "33.01.02.2016"
VILLAGE_PAGE = f"/dashboard/villages/{VILLAGE}/"

pytestmark = [pytest.mark.django_db, pytest.mark.any_day]


def test_the_district_page_answers_whether_the_rate_is_below_the_target(
    officer: User, district: District
) -> None:
    make_target(district)
    counted(make_village(VILLAGE), stunted=100, believed=1000, registered=1100)
    shown = text_of(signed_in(officer).get("/dashboard/"))
    assert "Di bawah target" in shown
    assert "stunting di Kabupaten Cilacap pada Agustus 2024 10,0% (8,3–12,0)" in shown
    assert "Cakupan pengukuran 90,9% 1.000 dengan tinggi yang dapat dinilai, dari 1.100 terdaftar" in shown


def test_the_numbers_of_the_page_are_those_of_the_figures(officer: User, district: District) -> None:
    for n, village in enumerate(villages(3)):
        counted(village, stunted=10 + n, believed=60)
    found = summary(district, AUGUST, officer).stunted
    assert (found.numerator, found.denominator) == (33, 180)
    shown = text_of(signed_in(officer).get("/dashboard/?month=2024-08"))
    assert "−2 SD): 33, dibagi" in shown
    assert "TB/U-nya valid: 180, sama dengan 18,3%" in shown


def test_a_measurement_recorded_by_a_cadre_is_on_every_page_above_her(officer: User) -> None:
    village = make_village(VILLAGE)
    cadre = make_cadre(village)
    # 2 years 5 months, a girl of 76.0 cm: WHO's median is 90.0, so far below -2 SD and still believed.
    child = make_child(cadre, village, birth_date=date(2022, 3, 14))
    measure(child, date(2024, 8, 5), "9.0", "76.0", confirmed=True)
    for user, address in (
        (cadre, VILLAGE_PAGE),
        (officer, "/dashboard/kecamatan/33.01.02/"),
        (officer, "/dashboard/"),
    ):
        shown = text_of(signed_in(user).get(address))
        assert "1 dengan tinggi yang dapat dinilai, dari 1 terdaftar" in shown
        assert "Data sampai 5 Agustus 2024" in shown


def test_without_a_month_the_latest_with_data_is_shown(officer: User) -> None:
    village = make_village(VILLAGE)
    counted(village, stunted=9, believed=90, month=date(2024, 6, 1))
    counted(village, stunted=0, believed=0, registered=95, month=date(2024, 7, 1))
    assert "Stunting Kabupaten Cilacap, Juni 2024" in text_of(signed_in(officer).get("/dashboard/"))


def test_a_month_without_measurements_says_no_data_and_not_zero(officer: User) -> None:
    counted(make_village(VILLAGE), stunted=0, believed=0, registered=95)
    response = signed_in(officer).get("/dashboard/?month=2024-08")
    shown = text_of(response)
    assert "Belum ada data" in shown
    assert "Prevalensi stunting menurut register belum ada data" in shown
    assert response.context["page"].stunting.rate is None


def test_a_register_with_no_data_at_all_still_has_its_page(officer: User) -> None:
    response = signed_in(officer).get("/dashboard/")
    assert response.status_code == 200
    assert "Belum ada prevalensi" in text_of(response)


def test_a_month_that_cannot_be_read_is_refused_with_how_to_write_one(officer: User) -> None:
    for month in ("2024-13", "agustus", "٢٠٢٤-٠٨", "0001-01"):
        response = signed_in(officer).get("/dashboard/", {"month": month})
        assert response.status_code == 400
        assert "misalnya 2024-08" in text_of(response)


def test_previous_and_next_month_keep_the_order_of_the_tables(officer: User) -> None:
    counted(make_village(VILLAGE), stunted=9, believed=90)
    page = signed_in(officer).get("/dashboard/?month=2024-08&sort=name").content.decode()
    assert '?month=2024-07&amp;sort=name"' in page
    assert '?month=2024-09&amp;sort=name"' in page


def test_the_survey_stands_beside_the_rate_with_why_it_differs(officer: User, district: District) -> None:
    counted(make_village(VILLAGE), stunted=100, believed=1000)
    make_survey(district, 2022, "17.60", Survey.SSGI)
    make_survey(district, 2023, "18.50")
    make_survey(district, 2025, "12.00")
    shown = text_of(signed_in(officer).get("/dashboard/?month=2024-08"))
    assert "Survei SKI 2023 18,5% seluruh kabupaten, bukan dari register" in shown
    assert "keduanya tidak disambung menjadi satu garis" in shown


def test_a_kecamatan_page_shows_no_survey_since_surveys_know_the_district_only(
    officer: User, district: District
) -> None:
    counted(make_village(VILLAGE), stunted=100, believed=1000)
    make_survey(district, 2023, "18.50")
    shown = text_of(signed_in(officer).get("/dashboard/kecamatan/33.01.02/"))
    assert "SKI 2023" not in shown


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.KECAMATAN, "/dashboard/kecamatan/33.01.02/"),
        (Role.CADRE, VILLAGE_PAGE),
        (Role.MIDWIFE, VILLAGE_PAGE),
    ],
)
def test_who_works_at_a_part_of_the_district_starts_there(role: Role, address: str) -> None:
    village = make_village(VILLAGE)
    place = village.kecamatan if role == Role.KECAMATAN else village
    client = signed_in(make_user(role, place))
    response = client.get("/dashboard/")
    assert response.headers["Location"] == address
    assert client.get(address).status_code == 200


def test_a_puskesmas_starts_at_the_page_of_its_villages() -> None:
    puskesmas = make_puskesmas()
    village = make_village(VILLAGE)
    village.puskesmas = puskesmas
    village.save()
    make_village("33.01.02.2010", "Bukan wilayahnya")
    response = signed_in(make_user(Role.PUSKESMAS, puskesmas)).get("/dashboard/", follow=True)
    assert response.redirect_chain == [(f"/dashboard/puskesmas/{puskesmas.pk}/", 302)]
    shown = text_of(response)
    assert "Kesugihan Kidul" in shown
    assert "Bukan wilayahnya" not in shown


def test_another_kecamatan_does_not_exist_for_its_neighbour() -> None:
    make_village("33.01.01.2001", "Tambakreja")
    client = signed_in(make_user(Role.KECAMATAN, make_kecamatan()))
    for address in ("/dashboard/kecamatan/33.01.01/", "/dashboard/villages/33.01.01.2001/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "Wilayah ini tidak ada di wilayah kerja Anda." in text_of(response)
        assert "Tambakreja" not in text_of(response)


@pytest.mark.parametrize(
    "address",
    [
        "/dashboard/kecamatan/33.01.99/",
        "/dashboard/villages/33.01.02.9999/",
        "/dashboard/puskesmas/999999999999999999999/",
    ],
)
def test_a_place_that_is_not_there_is_not_found(officer: User, address: str) -> None:
    assert signed_in(officer).get(address).status_code == 404


def test_a_user_without_a_role_is_told_whom_to_ask() -> None:
    response = signed_in(make_user()).get("/dashboard/")
    assert response.status_code == 404
    assert "Minta administrator kabupaten" in text_of(response)


def test_whoever_is_not_signed_in_is_sent_to_sign_in() -> None:
    response = Client().get("/dashboard/")
    assert response.headers["Location"] == "/accounts/login/?next=/dashboard/"


def test_breadcrumbs_lead_up_only_as_far_as_the_user_may_go(officer: User) -> None:
    village = make_village(VILLAGE)
    address = VILLAGE_PAGE + "?month=2024-08"
    for_officer = signed_in(officer).get(address).context["crumbs"]
    assert [words for words, _url in for_officer] == [
        "Kabupaten Cilacap",
        "Kecamatan Kesugihan",
        "Desa Kesugihan Kidul",
    ]
    assert for_officer[1][1] == "/dashboard/kecamatan/33.01.02/?month=2024-08"
    assert signed_in(make_cadre(village)).get(address).context["crumbs"] == [("Desa Kesugihan Kidul", "")]


def test_the_village_page_leads_to_the_roster_of_whoever_may_see_the_children(district: District) -> None:
    village = make_village(VILLAGE)
    address = VILLAGE_PAGE + "?month=2024-08"
    link = f"/roster/?village={village.pk}&amp;month=2024-08"
    assert link in signed_in(make_cadre(village)).get(address).content.decode()


def test_another_system_is_sent_to_the_api_where_small_counts_are_hidden(district: District) -> None:
    make_village(VILLAGE)
    answer = signed_in(make_user(Role.CLIENT, district)).get(VILLAGE_PAGE)
    assert answer.status_code == 404
    assert "/api/v1/" in text_of(answer)


def test_the_month_of_the_page_says_the_same_in_its_trend_though_nobody_has_opened_it(
    officer: User,
) -> None:
    village = make_village(VILLAGE)
    make_child(make_cadre(village), village, birth_date=date(2022, 3, 14))
    client = signed_in(officer)
    for table in ("kecamatan", "trend"):
        answer = client.get(f"/dashboard/?month=2024-08&format=csv&table={table}")
        assert csv_rows(answer.content)[0]["Terdaftar"] == "1"
