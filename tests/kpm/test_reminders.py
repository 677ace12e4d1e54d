"""Posyandu days, their calendars and the texts to paste. On 20 August 2024, a Tuesday."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from icalendar import Calendar

from kpm.reminders import (
    cadre_text,
    count_waiting,
    family_text,
    list_posyandu_days,
    read_calendar,
    sign_calendar,
    village_text,
    write_calendar,
)
from registry.actions import close_child
from registry.actions.posyandu_days import renew_calendar, set_posyandu_days
from registry.calendar_months import posyandu_day
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, ChildStatus, Posyandu, Role, User, Village
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in

TODAY = date(2024, 8, 20)


@pytest.fixture
def melati(village: Village) -> Posyandu:
    return make_posyandu(village)


def open_on(by: User, one: Posyandu, day: int | None = None, nth: int | None = None) -> None:
    set_posyandu_days(by=by, village_code=one.village_id, days={one.pk: (day, nth)})
    one.refresh_from_db()


@pytest.mark.parametrize(
    ("month", "day", "nth", "opens"),
    [
        (date(2024, 9, 1), 5, None, date(2024, 9, 5)),
        (date(2024, 2, 1), 31, None, date(2024, 2, 29)),
        (date(2023, 2, 1), 31, None, date(2023, 2, 28)),
        (date(2024, 9, 1), None, 11, date(2024, 9, 2)),  # 1 September 2024 is a Sunday
        (date(2024, 9, 1), None, 17, date(2024, 9, 1)),
        (date(2024, 9, 1), None, 23, date(2024, 9, 11)),
        (date(2024, 9, 1), None, 47, date(2024, 9, 22)),
        (date(2024, 9, 1), None, 57, date(2024, 9, 29)),
        (date(2024, 9, 1), None, 52, date(2024, 9, 24)),
        (date(2024, 9, 1), None, None, None),
    ],
)
def test_a_posyandu_opens_on_a_date_or_a_weekday_of_each_month(
    month: date, day: int | None, nth: int | None, opens: date | None
) -> None:
    assert posyandu_day(month, day, nth) == opens


@pytest.mark.both_databases
def test_days_are_set_and_logged_and_what_cannot_be_is_refused(cadre: User, melati: Posyandu) -> None:
    open_on(cadre, melati, 5)
    open_on(cadre, melati, nth=23)
    open_on(cadre, melati, nth=23)
    assert (melati.day_of_month, melati.nth_weekday) == (None, 23)
    assert [log.values for log in ChangeLog.objects.order_by("pk")] == [
        ("Melati 1: /", "Melati 1: 5/"),
        ("Melati 1: 5/", "Melati 1: /23"),
    ]
    for day, nth in ((32, None), (None, 61), (None, 18), (5, 23)):
        with pytest.raises(Invalid):
            open_on(cadre, melati, day, nth)
    elsewhere = make_posyandu(make_village("33.01.02.2010", "Slarang"))
    with pytest.raises(Invalid):
        set_posyandu_days(by=cadre, village_code=melati.village_id, days={elsewhere.pk: (5, None)})
    with pytest.raises(NotFound):
        open_on(cadre, elsewhere, 5)


def test_the_next_days_are_those_of_twelve_months_from_today(cadre: User, melati: Posyandu) -> None:
    open_on(cadre, melati, 20)
    (found,) = list_posyandu_days(melati.village, TODAY)
    assert (found.next_day, len(found.days), found.days[-1]) == (TODAY, 12, date(2025, 7, 20))
    open_on(cadre, melati, 19)
    (found,) = list_posyandu_days(melati.village, TODAY)
    assert (found.next_day, len(found.days), found.days[-1]) == (date(2024, 9, 19), 12, date(2025, 8, 19))
    open_on(cadre, melati)
    (found,) = list_posyandu_days(melati.village, TODAY)
    assert found.next_day is None


def test_a_calendar_is_read_without_signing_in_and_names_nobody(
    cadre: User, melati: Posyandu, client: Client
) -> None:
    make_child(cadre, melati.village, name="Ani Contoh", posyandu_id=melati.pk)
    open_on(cadre, melati, nth=23)
    answer = client.get(f"/calendar/{sign_calendar(melati.village)}/posyandu.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [event.decoded("dtstart") for event in events][:2] == [date(2024, 9, 11), date(2024, 10, 9)]
    assert (len(events), len({str(event["uid"]) for event in events})) == (12, 12)
    assert {str(event["summary"]) for event in events} == {"Posyandu Melati 1"}
    assert b"Ani" not in answer.content
    assert b"sumarni" not in answer.content


def test_a_calendar_is_of_one_posyandu_or_of_all_of_the_village(cadre: User, melati: Posyandu) -> None:
    mawar = make_posyandu(melati.village, "Mawar, 2")
    for one in (melati, mawar):
        open_on(cadre, one, 5)
    village, found = read_calendar(sign_calendar(melati.village, mawar)) or (None, [])
    assert (village, found) == (melati.village, [mawar])
    assert b"SUMMARY:Posyandu Mawar\\, 2" in write_calendar(mawar.village, found, TODAY)
    assert read_calendar(sign_calendar(melati.village)) == (melati.village, [mawar, melati])
    mawar_token = sign_calendar(melati.village, mawar)
    mawar.delete()
    assert read_calendar(mawar_token) is None


def test_an_address_that_was_renewed_or_guessed_is_no_address(
    cadre: User, melati: Posyandu, client: Client
) -> None:
    old = sign_calendar(melati.village)
    browser = signed_in(cadre)
    assert browser.post(f"/villages/{melati.village_id}/calendar/").status_code == 302
    new = sign_calendar(Village.objects.get(pk=melati.village_id))
    assert client.get(f"/calendar/{new}/posyandu.ics").status_code == 200
    for token in (old, new[:-1], new.replace(":", ""), "x", f"{new.split(':')[0]}:x", "\0"):
        assert client.get(f"/calendar/{token}/posyandu.ics").status_code == 404, token
    with pytest.raises(NotFound):
        renew_calendar(
            by=make_user(Role.CADRE, make_village("33.01.02.2010", "Slarang")), village_code=melati.village_id
        )


def test_a_group_reads_days_and_no_small_number_and_no_name(cadre: User, melati: Posyandu) -> None:
    open_on(cadre, melati, 5)
    for number in range(9):
        child = make_child(cadre, melati.village, name=f"Ani {number}", posyandu_id=melati.pk)
        if number < 5:
            measure(child, date(2024, 8, 5), "9.5", confirmed=True)
    days = list_posyandu_days(melati.village, TODAY)
    assert "akan diberitahukan kader" in village_text(melati.village, [])
    assert count_waiting(melati.village) is None  # 4 of 9
    text = village_text(melati.village, days)
    assert "- Melati 1: Kamis, 5 September 2024" in text
    assert "belum ditimbang" not in text
    make_child(cadre, melati.village, name="Ani 10", posyandu_id=melati.pk)
    assert count_waiting(melati.village) == 5  # of 10
    assert "5 anak belum ditimbang bulan ini." in village_text(melati.village, days)
    assert "Ani" not in village_text(melati.village, days)


def test_a_family_reads_its_own_child_day_and_steps_in_indonesian(cadre: User, melati: Posyandu) -> None:
    open_on(cadre, melati, 5)
    child = make_child(cadre, melati.village, name="Ani", birth_date=date(2023, 6, 20), posyandu_id=melati.pk)
    text = family_text(child, TODAY)
    assert "Posyandu Melati 1 berikutnya: Kamis, 5 September 2024." in text
    assert "Sampai hari itu" not in text
    measure(child, date(2024, 7, 5), "6.0", "69.0", position="L", confirmed=True)
    browser = signed_in(cadre)
    browser.cookies["django_language"] = "en"
    page = browser.get(f"/children/{child.pk}/reminder/").content.decode()
    assert "- Bawa anak ke puskesmas hari ini. Bawa buku KIA." in page
    child.posyandu = None
    assert "Posyandu berikutnya: harinya akan diberitahukan kader." in family_text(child, TODAY)


def test_nobody_is_reminded_of_a_child_that_has_died_or_left(cadre: User, melati: Posyandu) -> None:
    child = make_child(cadre, melati.village, name="Ani")
    browser = signed_in(cadre)
    assert f"/children/{child.pk}/reminder/" in browser.get(f"/children/{child.pk}/").content.decode()
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=TODAY)
    assert "/reminder/" not in browser.get(f"/children/{child.pk}/").content.decode()
    assert browser.get(f"/children/{child.pk}/reminder/").status_code == 404


def test_the_list_with_names_is_for_the_team_of_the_village_alone(
    cadre: User, officer: User, melati: Posyandu
) -> None:
    child = make_child(cadre, melati.village, name="Ani", birth_date=date(2023, 6, 20))
    measure(child, date(2024, 7, 5), "8.0", "69.0", position="L")
    page = signed_in(cadre).get("/reminders/").content.decode()
    assert "1. Ani: Pendek" in page
    page = signed_in(officer).get(f"/reminders/?village={melati.village_id}").content.decode()
    assert "Yth. Bapak/Ibu warga Kesugihan Kidul." in page
    assert "Ani" not in page
    assert "Tidak ada anak yang perlu" in cadre_text(melati.village, [], [], TODAY)


def test_days_are_chosen_on_the_page(cadre: User, melati: Posyandu) -> None:
    browser = signed_in(cadre)
    address = f"/villages/{melati.village_id}/posyandu-days/"
    assert browser.post(address, {str(melati.pk): "nth-52"}).status_code == 302
    assert '<option value="nth-52" selected>Selasa terakhir</option>' in browser.get(address).content.decode()
    assert "Selasa, 27 Agustus 2024" in browser.get("/reminders/").content.decode()
    assert browser.post(address, {str(melati.pk): "nth-99"}).status_code == 422
