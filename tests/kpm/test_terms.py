"""A KPM's term ends and her access with it; who comes after her takes over what is open. 20 August 2024."""

from __future__ import annotations

import re
from datetime import date
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from kpm.actions import appoint_cadre, set_term_end
from kpm.figures import appointments, ending_terms
from kpm.models import Cadre
from registry.errors import Conflict, Invalid, NotFound
from registry.models import ChangeLog, ChangeSubject, Membership, Role, User, Village
from tests.factories import make_child, make_kecamatan, make_user, make_village, measure, signed_in

TODAY = date(2024, 8, 20)


def appoint(by: User, village: Village, user: User | None = None, **values: Any) -> Cadre:
    given = {"full_name": "Sumarni", "term_start": date(2023, 1, 1), **values}
    return appoint_cadre(by=by, village_code=village.pk, user=user, **given)


def fresh(user: User) -> User:
    """The user as another request reads them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("moment", "works"),
    [("2024-08-31T23:59:00+07:00", True), ("2024-09-01T00:00:00+07:00", False)],
)
def test_access_ends_in_the_night_after_the_last_day(
    officer: User, cadre: User, village: Village, moment: str, works: bool
) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    child = make_child(cadre, village)
    url = f"/api/v1/children/{child.pk}/"
    token = Client().post(
        "/api/v1/token/",
        {"username": cadre.username, "password": "a-long-test-password"},
        content_type="application/json",
    )
    program = {"Authorization": f"Token {token.json()['token']}"}
    page = signed_in(cadre)
    with time_machine.travel(moment):
        assert fresh(cadre).has_role(Role.CADRE) is works
        assert bool(fresh(cadre).area(people=True)) is works
        expected = 200 if works else 404
        assert page.get(url).status_code == expected
        assert Client().get(url, headers=program).status_code == expected
        for address in ("/roster/", "/work/roster.json", "/work/session.json", "/follow-up/"):
            assert page.get(address).status_code == expected, address


def test_an_ended_cadre_signs_in_and_reads_what_to_do(officer: User, cadre: User, village: Village) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    page = signed_in(cadre)
    assert "Masa tugas Anda sudah berakhir" in page.get("/").content.decode()
    assert page.get("/outbox/").status_code == 200
    said = page.get("/work/session.json").json()
    assert said["code"] == "ended"
    assert said["until"] == "2024-08-19"  # yesterday
    assert said["posts"] == []
    assert said["keys"]
    assert said["csrf"]


def test_the_phone_learns_the_last_day_before_it_comes(officer: User, cadre: User, village: Village) -> None:
    page = signed_in(cadre)
    assert page.get("/work/session.json").json()["until"] == ""
    appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    assert page.get("/work/session.json").json()["until"] == "2024-08-31"


def test_who_still_works_elsewhere_keeps_that_and_loses_the_village(
    officer: User, cadre: User, village: Village
) -> None:
    other = make_village("33.01.01.2001", "Tambakreja")
    Membership.objects.create(user=cadre, role=Role.MIDWIFE, village=other)
    appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    assert fresh(cadre).area(people=True).villages == {other.pk}


def test_an_ended_membership_gives_nothing_of_the_district_either(village: Village, officer: User) -> None:
    officer.memberships.update(until=date(2024, 8, 19))
    page = signed_in(officer)
    assert page.get("/cadres/").status_code == 404
    assert page.get("/export/").status_code == 404


@pytest.mark.both_databases
def test_ending_and_extending_a_term_moves_access_and_is_logged(
    officer: User, cadre: User, village: Village
) -> None:
    term = appoint(officer, village, cadre)
    assert cadre.memberships.get().until is None
    set_term_end(by=officer, cadre_id=term.pk, on=TODAY, reason="mengundurkan diri")
    assert cadre.memberships.get().until == TODAY
    set_term_end(by=officer, cadre_id=term.pk, on=date(2025, 8, 20), reason="SK diperpanjang")
    assert cadre.memberships.get().until == date(2025, 8, 20)
    log = ChangeLog.objects.filter(subject=ChangeSubject.APPOINTMENT, subject_id=term.pk, field="term_end")
    assert [(*one.values, one.by, one.reason) for one in log.order_by("pk")] == [
        ("", "2024-08-20", officer, "mengundurkan diri"),
        ("2024-08-20", "2025-08-20", officer, "SK diperpanjang"),
    ]


def test_an_appointment_is_logged_with_village_name_and_term(officer: User, village: Village) -> None:
    term = appoint(officer, village, term_end=date(2025, 12, 31))
    log = ChangeLog.objects.filter(subject=ChangeSubject.APPOINTMENT, subject_id=term.pk)
    assert {one.field: one.values[1] for one in log} == {
        "village": village.pk,
        "full_name": "Sumarni",
        "term_start": "2023-01-01",
        "term_end": "2025-12-31",
    }


def test_a_second_term_of_the_same_cadre_carries_her_access_on(
    officer: User, cadre: User, village: Village
) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    appoint(officer, village, cadre, term_start=date(2024, 9, 1), term_end=date(2026, 8, 31))
    assert cadre.memberships.get().until == date(2026, 8, 31)


def test_ending_a_term_needs_a_reason_an_order_and_an_officer(
    officer: User, camat: User, cadre: User, village: Village
) -> None:
    term = appoint(officer, village, cadre)
    with pytest.raises(Invalid, match="alasannya"):
        set_term_end(by=officer, cadre_id=term.pk, on=TODAY, reason=" ")
    with pytest.raises(Invalid, match="sebelum mulai"):
        set_term_end(by=officer, cadre_id=term.pk, on=date(2022, 12, 31), reason="salah")
    with pytest.raises(NotFound):
        set_term_end(by=cadre, cadre_id=term.pk, on=TODAY, reason="sendiri")
    far = make_village("33.01.01.2001", "Tambakreja", make_kecamatan("33.01.01", "Kedungreja"))
    with pytest.raises(NotFound):
        set_term_end(by=camat, cadre_id=appoint(officer, far).pk, on=TODAY, reason="bukan desanya")
    assert cadre.memberships.get().until is None


def test_a_term_is_not_extended_into_the_next_ones(officer: User, cadre: User, village: Village) -> None:
    first = appoint(officer, village, cadre, term_end=date(2024, 8, 31))
    appoint(officer, village, full_name="Wagiyem", term_start=date(2024, 9, 1))
    with pytest.raises(Conflict):
        set_term_end(by=officer, cadre_id=first.pk, on=date(2024, 9, 1), reason="lupa")


@pytest.mark.both_databases
def test_terms_that_end_within_60_days_are_listed_soonest_first(officer: User, village: Village) -> None:
    places = {n: make_village(f"33.01.02.{n}", f"Desa {n}") for n in (2101, 2102, 2103, 2104)}
    ends = {2101: date(2024, 10, 19), 2102: date(2024, 10, 20), 2103: TODAY, 2104: date(2024, 8, 19)}
    for number, end in ends.items():
        appoint(officer, places[number], full_name=f"Kader {number}", term_end=end)
    appoint(officer, places[2103], full_name="Penerus", term_start=date(2024, 8, 21))
    found = ending_terms(appointments(user=officer, on=TODAY), officer)
    assert [(t.cadre.full_name, t.days, t.successor) for t in found] == [
        ("Kader 2103", 0, "Penerus"),
        ("Kader 2101", 60, ""),
    ]


def test_the_district_sees_the_ending_terms_on_its_list_and_on_its_first_page(
    officer: User, camat: User, cadre: User, village: Village
) -> None:
    appoint(officer, village, cadre, term_end=date(2024, 9, 30))
    words = "Masa tugas 1 KPM berakhir dalam 60 hari"
    for who in (officer, camat):
        page = signed_in(who)
        assert words in page.get("/", follow=True).content.decode()
        assert "41</td>" in page.get("/cadres/").content.decode()
        assert "Sumarni" in page.post("/cadres/", {"table": "ending", "format": "csv"}).content.decode()
    assert words not in signed_in(cadre).get(f"/dashboard/villages/{village.pk}/").content.decode()


def test_the_form_appoints_says_that_access_ends_and_shows_what_is_taken_over(
    officer: User, cadre: User, village: Village
) -> None:
    make_child(cadre, village, name="Belum Diukur")
    thin = make_child(cadre, village, name="Kurus Sekali", birth_date=date(2023, 8, 20))
    measure(thin, date(2024, 8, 5), "6.0", "76.0", confirmed=True)
    page = signed_in(officer)
    assert "Malam itu akses akunnya" in page.get("/cadres/new/").content.decode()
    assert "Female" in page.get("/cadres/new/", headers={"accept-language": "en"}).content.decode()
    values = {
        "village": village.pk,
        "full_name": "Wagiyem",
        "term_start": "2024-08-20",
        "term_end": "2026-08-19",
        "username": make_user(username="wagiyem").username,
    }
    text = page.post("/cadres/new/", values, follow=True).content.decode()
    assert "Wagiyem tercatat sebagai KPM." in text
    assert "1 anak perlu ditindaklanjuti" in text
    assert "1 anak belum diukur, Agustus 2024" in text
    assert User.objects.get(username="wagiyem").memberships.get().until == date(2026, 8, 19)


def test_the_form_takes_no_account_of_another_area_or_of_an_officer(
    officer: User, camat: User, village: Village
) -> None:
    far = make_village("33.01.01.2001", "Tambakreja", make_kecamatan("33.01.01", "Kedungreja"))
    values = {"village": village.pk, "full_name": "Wagiyem", "term_start": "2024-08-20"}
    for name in (make_user(Role.CADRE, far).username, officer.username, "tidak-ada"):
        answer = signed_in(camat).post("/cadres/new/", values | {"username": name})
        assert answer.status_code == 422
        assert "Tidak ada akun kader bernama" in answer.content.decode()
    assert not Cadre.objects.exists()


def test_the_form_ends_a_term_with_its_reason(officer: User, cadre: User, village: Village) -> None:
    term = appoint(officer, village, cadre)
    page = signed_in(officer)
    url = f"/cadres/{term.pk}/end/"
    asked = page.post(url, {"on": "2024-08-20"})
    assert asked.status_code == 422
    assert "Tulis mengapa hari terakhirnya" in asked.content.decode()
    text = page.post(url, {"on": "2024-08-19", "reason": "diganti"}, follow=True).content.decode()
    assert "Masa tugasnya sudah berakhir" in text
    assert "Hari terakhir bertugas: kosong → 19 Agustus 2024" in text
    assert "Alasan: diganti" in text
    assert f"Akun: kosong → {cadre.username}" in text
    assert "Desa/kelurahan: kosong → Kesugihan Kidul" in text
    assert f"/cadres/new/?village={village.pk}" in text
    assert not fresh(cadre).roles


def test_the_admin_moves_access_with_the_term_and_deletes_it_with_a_mistake(
    officer: User, cadre: User, village: Village
) -> None:
    term = appoint(officer, village, cadre)
    admin = signed_in(make_user(Role.ADMIN))
    url = reverse("admin:kpm_cadre_change", args=[term.pk])
    assert "Malam itu akses akunnya" in admin.get(url).content.decode()
    assert "Female" in admin.get(url, headers={"accept-language": "en"}).content.decode()
    values = {"village": village.pk, "full_name": "Sumarni", "term_start": "2023-01-01", "user": cadre.pk}
    admin.post(url, values | {"term_end": "2024-08-19"})
    assert cadre.memberships.get().until == date(2024, 8, 19)
    assert ChangeLog.objects.filter(field="term_end", subject_id=term.pk).exists()
    admin.post(reverse("admin:kpm_cadre_delete", args=[term.pk]), {"post": "yes"})
    assert not Cadre.objects.exists()
    assert not cadre.memberships.exists()


def test_what_was_typed_before_the_end_is_refused_after_it_and_stays_on_the_phone(
    officer: User, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village)
    appoint(officer, village, cadre, term_end=date(2024, 8, 19))
    item = {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2024-08-19", "weight_kg": "10.2"}
    answer = signed_in(cadre).post(
        "/api/v1/measurements/batch/", {"items": [item]}, content_type="application/json"
    )
    assert answer.status_code == 404  # the batch as a whole: the phone keeps what it holds
    assert not child.measurements.exists()


def test_the_account_of_a_kpm_is_made_on_her_page_and_its_password_shown_once(
    officer: User, village: Village
) -> None:
    first = appoint(officer, village, term_end=date(2024, 8, 20))
    page = signed_in(officer)
    text = page.post(f"/cadres/{first.pk}/account/").content.decode()
    [password] = re.findall(r'<code id="password">([^<]+)</code>', text)
    user = User.objects.get(username="kpm.3301022009")
    assert user.check_password(password)
    assert user.must_change_password
    assert user.memberships.get().until == date(2024, 8, 20)
    again = page.post(f"/cadres/{first.pk}/account/", follow=True).content.decode()
    assert "KPM ini sudah punya akun." in again
    second = appoint(officer, village, full_name="Wagiyem", term_start=date(2024, 8, 21))
    page.post(f"/cadres/{second.pk}/account/")
    assert User.objects.get(username="kpm.3301022009.2").full_name == "Wagiyem"


def test_no_account_is_made_for_a_term_that_is_over(officer: User, village: Village) -> None:
    ended = appoint(officer, village, term_end=date(2024, 8, 19))
    text = signed_in(officer).post(f"/cadres/{ended.pk}/account/", follow=True).content.decode()
    assert "Masa tugas Sumarni sudah berakhir pada 19 Agustus 2024, jadi tidak dibuatkan akun." in text
    assert not User.objects.filter(username__startswith="kpm.").exists()


def test_the_page_of_a_kpm_leads_to_a_new_password_while_her_term_lasts(
    officer: User, cadre: User, village: Village
) -> None:
    term = appoint(officer, village, cadre)
    page, link = signed_in(officer), f"/people/{cadre.pk}/password/"
    assert link in page.get(f"/cadres/{term.pk}/").content.decode()
    Membership.objects.create(user=cadre, role=Role.KECAMATAN, kecamatan=village.kecamatan)
    assert link in page.get(f"/cadres/{term.pk}/").content.decode()
    camat = signed_in(make_user(Role.KECAMATAN, village.kecamatan))
    assert link not in camat.get(f"/cadres/{term.pk}/").content.decode()
    set_term_end(by=officer, cadre_id=term.pk, on=date(2024, 8, 19), reason="habis")
    assert link not in page.get(f"/cadres/{term.pk}/").content.decode()


@pytest.mark.both_databases
def test_the_migration_ends_access_of_terms_that_were_over_before(officer: User, village: Village) -> None:
    ended, open_ended, second = (make_user(Role.CADRE, village) for _number in range(3))
    for user, start, end in (
        (ended, date(2020, 1, 1), date(2020, 12, 31)),
        (second, date(2021, 1, 1), date(2021, 6, 30)),
        (second, date(2021, 7, 1), date(2021, 12, 31)),
        (open_ended, date(2022, 1, 1), None),
    ):
        Cadre.objects.create(village=village, full_name="Kader", user=user, term_start=start, term_end=end)
    import_module("kpm.migrations.0002_access_ends_with_term").set_ends(apps, None)
    assert [user.memberships.get().until for user in (ended, second, open_ended)] == [
        date(2020, 12, 31),
        date(2021, 12, 31),
        None,
    ]
    assert officer.memberships.get().until is None
