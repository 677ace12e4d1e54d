"""A KPM who is appointed for a day to come works from that day on. 20 August 2024."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kpm.actions import set_term_end
from kpm.models import Cadre
from registry.models import Membership, Role, User, Village
from tests.factories import PASSWORD, make_child, make_user, make_village, signed_in
from tests.kpm.test_terms import appoint, fresh

BEFORE, AT = "2024-08-31T23:59:00+07:00", "2024-09-01T00:00:00+07:00"
FIRST_DAY = date(2024, 9, 1)


@pytest.fixture
def newcomer(db: None) -> User:
    return make_user(username="wagiyem")


def days_of(user: User) -> list[tuple[date | None, date | None]]:
    return list(user.memberships.order_by("since").values_list("since", "until"))


def ask_token(user: User) -> tuple[int, dict[str, str]]:
    sent = {"username": user.username, "password": PASSWORD}
    answer = Client().post("/api/v1/token/", sent, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.both_databases
@pytest.mark.parametrize(("moment", "works"), [(BEFORE, False), (AT, True)])
def test_access_starts_with_the_first_day_of_the_term(
    officer: User, newcomer: User, village: Village, moment: str, works: bool
) -> None:
    appoint(officer, village, newcomer, term_start=FIRST_DAY)
    child = make_child(officer, village)
    with time_machine.travel(moment):
        page = signed_in(newcomer)
        expected = 200 if works else 404
        assert fresh(newcomer).has_role(Role.CADRE) is works
        assert page.get(f"/api/v1/children/{child.pk}/").status_code == expected
        for address in ("/roster/", "/work/roster.json", "/work/session.json", "/follow-up/"):
            assert page.get(address).status_code == expected, address
        assert ask_token(newcomer)[0] == (201 if works else 403)


def test_before_it_starts_every_page_says_when(officer: User, newcomer: User, village: Village) -> None:
    appoint(officer, village, newcomer, term_start=FIRST_DAY)
    page = signed_in(newcomer)
    assert "Masa tugas Anda mulai 1 September 2024" in page.get("/").content.decode()
    for address in ("/roster/", "/dashboard/"):
        text = page.get(address, follow=True).content.decode()
        assert "Masa tugas Anda mulai pada 1 September 2024" in text
    assert page.get("/work/session.json").json()["starts"] == "2024-09-01"
    _status, answer = ask_token(newcomer)
    assert answer["code"] == "access_not_started"
    assert "1 September 2024" in answer["detail"]


def test_after_the_end_every_page_and_the_api_say_when_it_ended(
    officer: User, cadre: User, village: Village
) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    page = signed_in(cadre)
    assert "Hari terakhir Anda bertugas: 19 Agustus 2024." in page.get("/").content.decode()
    for address in ("/roster/", "/dashboard/"):
        text = page.get(address, follow=True).content.decode()
        assert "Masa tugas Anda berakhir pada 19 Agustus 2024" in text
        assert "belum punya wilayah kerja" not in text
    assert page.get("/work/session.json").json()["starts"] == ""
    status, answer = ask_token(cadre)
    assert (status, answer["code"]) == (403, "access_ended")
    assert "19 Agustus 2024" in answer["detail"]


def test_an_account_without_a_role_gets_no_token_and_reads_why(newcomer: User) -> None:
    status, answer = ask_token(newcomer)
    assert (status, answer["code"]) == (403, "no_place_of_work")
    assert "belum punya wilayah kerja" in answer["detail"]


@pytest.mark.both_databases
def test_between_two_terms_there_is_no_access(officer: User, cadre: User, village: Village) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    appoint(officer, village, cadre, term_start=date(2024, 10, 1), term_end=date(2025, 9, 30))
    assert days_of(cadre) == [
        (date(2023, 1, 1), date(2024, 8, 31)),
        (date(2024, 10, 1), date(2025, 9, 30)),
    ]
    for day, works in (("08-31", True), ("09-01", False), ("09-30", False), ("10-01", True)):
        with time_machine.travel(f"2024-{day}T12:00:00+07:00"):
            assert fresh(cadre).has_role(Role.CADRE) is works, day


def test_a_term_that_starts_the_day_after_another_carries_access_on(
    officer: User, cadre: User, village: Village
) -> None:
    first = appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    appoint(officer, village, cadre, term_start=FIRST_DAY, term_end=date(2025, 8, 31))
    assert days_of(cadre) == [(date(2023, 1, 1), date(2025, 8, 31))]
    set_term_end(by=officer, cadre_id=first.pk, on=date(2024, 8, 30), reason="salah tanggal")
    assert days_of(cadre) == [
        (date(2023, 1, 1), date(2024, 8, 30)),
        (FIRST_DAY, date(2025, 8, 31)),
    ]


def test_the_page_of_an_ended_term_says_that_a_later_one_goes_on(
    officer: User, cadre: User, village: Village
) -> None:
    ended = appoint(officer, village, cadre, term_end=date(2024, 7, 31))
    page = signed_in(officer)
    url = f"/cadres/{ended.pk}/"
    assert "begitu juga aksesnya ke data desa ini" in page.get(url).content.decode()
    appoint(officer, village, cadre, term_start=date(2024, 8, 1), term_end=date(2025, 7, 31))
    text = page.get(url).content.decode()
    assert "Aksesnya ke data desa ini berlanjut dengan masa tugas berikutnya." in text
    assert "begitu juga aksesnya" not in text
    assert "akses sampai 31 Jul 2025" in text
    assert "Tunjuk penggantinya" not in text


def test_the_page_of_a_term_to_come_says_when_access_starts(
    officer: User, newcomer: User, village: Village
) -> None:
    term = appoint(officer, village, newcomer, term_start=FIRST_DAY)
    page = signed_in(officer)
    text = page.get(f"/cadres/{term.pk}/").content.decode()
    assert "Aksesnya ke data desa ini baru mulai 1 September 2024." in text
    assert "akses mulai 1 Sep 2024" in text
    assert "Mulai hari itu, tidak sebelumnya" in page.get("/cadres/new/").content.decode()


def test_the_page_of_an_ended_term_says_when_the_next_one_opens_access_again(
    officer: User, cadre: User, village: Village
) -> None:
    ended = appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    appoint(officer, village, cadre, term_start=FIRST_DAY)
    text = signed_in(officer).get(f"/cadres/{ended.pk}/").content.decode()
    assert "Masa tugas ini sudah berakhir. Aksesnya ke data desa ini dibuka lagi 1 September 2024" in text


def test_the_list_of_accounts_says_who_has_ended_and_who_is_to_start(
    officer: User, cadre: User, newcomer: User, village: Village
) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    appoint(officer, village, newcomer, term_start=FIRST_DAY)
    holds = make_user(Role.MIDWIFE, village)
    for page in (signed_in(officer).get("/people/"), admin_list()):
        text = page.content.decode()
        assert text.count("berakhir 19 Agustus 2024") == 1
        assert text.count("mulai 1 September 2024") == 1
        assert holds.username in text


def admin_list() -> HttpResponse:
    return signed_in(make_user(Role.ADMIN)).get(reverse("admin:registry_user_changelist"))


def test_a_membership_ends_no_earlier_than_it_starts_and_is_once_from_a_day(
    officer: User, cadre: User, village: Village
) -> None:
    admin = signed_in(make_user(Role.ADMIN))
    row = {"user": cadre.pk, "role": "cadre", "village": village.pk, "since": "2024-09-01"}
    url = reverse("admin:registry_membership_add")
    assert "Hari terakhir tidak boleh" in admin.post(url, row | {"until": "2024-08-31"}).content.decode()
    assert admin.post(url, row).status_code == 302
    assert "sudah punya peran itu" in admin.post(url, row).content.decode()
    assert days_of(cadre).count((FIRST_DAY, None)) == 1


@pytest.mark.both_databases
def test_the_migration_gives_the_days_of_terms_that_were_there_before(
    officer: User, village: Village
) -> None:
    other = make_village("33.01.02.2017", "Dondong")
    comes_back, goes_on = make_user(Role.CADRE, village), make_user(Role.CADRE, other)
    for user, place, start, end in (
        (comes_back, village, date(2021, 1, 1), date(2021, 6, 30)),
        (comes_back, village, date(2021, 8, 1), None),
        (goes_on, other, date(2021, 1, 1), date(2021, 6, 30)),
        (goes_on, other, date(2021, 7, 1), date(2025, 6, 30)),
    ):
        Cadre.objects.create(village=place, full_name="Kader", user=user, term_start=start, term_end=end)
    import_module("kpm.migrations.0003_access_starts_with_term").set_days(apps, None)
    assert days_of(comes_back) == [(date(2021, 1, 1), date(2021, 6, 30)), (date(2021, 8, 1), None)]
    assert days_of(goes_on) == [(date(2021, 1, 1), date(2025, 6, 30))]
    assert Membership.objects.filter(user=officer, since=None, until=None).exists()
