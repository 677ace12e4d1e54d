"""Who is KPM where, and who came: actions, figures and pages, on 20 August 2024."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kpm.actions import appoint_cadre, check_term
from kpm.event_actions import hold_event, set_attendance
from kpm.figures import appointments, attendance
from kpm.models import Cadre, Event, EventKind
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Role, User, Village
from tests.factories import make_kecamatan, make_user, make_village, signed_in

TODAY = date(2024, 8, 20)


@pytest.fixture
def elsewhere(village: Village) -> Village:
    """A village of another kecamatan."""
    return make_village("33.01.01.2002", "Bumireja", make_kecamatan("33.01.01", "Kedungreja"))


def appoint(by: User, village: Village, name: str = "Sumarni", **values: Any) -> Cadre:
    start = values.pop("term_start", date(2023, 1, 1))
    return appoint_cadre(by=by, village_code=village.pk, full_name=name, term_start=start, **values)


def make_event(by: User, on: date = date(2024, 8, 9)) -> Event:
    return hold_event(by=by, id=uuid4(), kind=EventKind.RAKOR, title="Rakor Paguyuban KPM", on=on)


def test_the_same_appointment_again_changes_nothing(officer: User, village: Village) -> None:
    assert appoint(officer, village) == appoint(officer, village)
    assert Cadre.objects.count() == 1


@pytest.mark.both_databases
def test_a_village_has_one_kpm_at_a_time(officer: User, village: Village) -> None:
    appoint(officer, village)
    with pytest.raises(Conflict, match="sudah punya KPM, Sumarni, sejak 1 Januari 2023"):
        appoint(officer, village, "Wagiyem", term_start=date(2024, 1, 1))


def test_after_the_last_day_of_a_term_the_next_kpm_may_begin(officer: User, village: Village) -> None:
    first = appoint(officer, village, term_end=date(2024, 6, 30))
    with pytest.raises(Conflict):
        appoint(officer, village, "Wagiyem", term_start=date(2024, 6, 30))
    appoint(officer, village, "Wagiyem", term_start=date(2024, 7, 1))
    with pytest.raises(Conflict):
        check_term(village=village, term_start=first.term_start, term_end=date(2024, 7, 1), but=first)


def test_a_term_cannot_end_before_it_began(officer: User, village: Village) -> None:
    with pytest.raises(Invalid, match="tidak boleh sebelum mulai"):
        appoint(officer, village, term_end=date(2022, 12, 31))


@pytest.mark.both_databases
def test_the_database_itself_keeps_one_open_term(officer: User, village: Village) -> None:
    appoint(officer, village)
    with pytest.raises(IntegrityError):
        Cadre.objects.create(village=village, full_name="Wagiyem", term_start=date(2024, 1, 1))


def test_a_name_is_needed(officer: User, village: Village) -> None:
    with pytest.raises(Invalid, match="nama lengkap"):
        appoint(officer, village, "  ")


def test_a_kecamatan_appoints_in_its_own_villages_only(
    camat: User, officer: User, village: Village, elsewhere: Village
) -> None:
    appoint(camat, village)
    with pytest.raises(NotFound):
        appoint(camat, elsewhere)


def test_a_cadre_appoints_nobody(cadre: User, village: Village) -> None:
    with pytest.raises(NotFound, match="petugas kecamatan atau kabupaten"):
        appoint(cadre, village)


def test_appointments_name_the_desa_without_a_kpm_and_not_the_kelurahan(
    officer: User, village: Village, elsewhere: Village
) -> None:
    make_village(
        "33.01.21.1001", "Tambakreja", make_kecamatan("33.01.21", "Cilacap Selatan"), kind="kelurahan"
    )
    appoint(officer, village)
    found = appointments(user=officer, on=TODAY)
    assert (found.filled, found.desa, len(found.rows)) == (1, 2, 3)
    assert [row.village.name for row in found.vacant] == ["Bumireja"]


def test_appointments_are_of_the_day_asked_for(officer: User, village: Village) -> None:
    appoint(officer, village, term_start=date(2023, 1, 1), term_end=date(2023, 12, 31))
    assert appointments(user=officer, on=date(2023, 12, 31)).filled == 1
    assert appointments(user=officer, on=date(2024, 1, 1)).filled == 0
    assert appointments(user=officer, on=date(2022, 12, 31)).filled == 0


@pytest.mark.both_databases
def test_an_event_is_put_down_once(officer: User) -> None:
    same = {"id": uuid4(), "kind": EventKind.TRAINING, "title": "Pelatihan KPM", "on": date(2023, 6, 5)}
    assert hold_event(by=officer, **same) == hold_event(by=officer, **same)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        hold_event(by=officer, **same | {"title": "Rembuk"})  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="sebelum tanggal mulai"):
        hold_event(by=officer, **same | {"id": uuid4(), "end_date": date(2023, 6, 4)})  # type: ignore[arg-type]


def test_only_the_district_holds_events(camat: User) -> None:
    with pytest.raises(NotFound):
        make_event(camat)


@pytest.mark.both_databases
def test_attendance_is_exactly_what_was_ticked(officer: User, village: Village, elsewhere: Village) -> None:
    event = make_event(officer)
    one, two = appoint(officer, village), appoint(officer, elsewhere, "Wagiyem")
    assert set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk, two.pk]) == 2
    assert set_attendance(by=officer, event_id=event.pk, cadre_ids=[two.pk]) == 1
    assert list(event.cadres.all()) == [two]


@pytest.mark.both_databases
def test_a_kecamatan_ticks_its_own_and_leaves_the_others(
    officer: User, camat: User, village: Village, elsewhere: Village
) -> None:
    event = make_event(officer)
    mine, other = appoint(officer, village), appoint(officer, elsewhere, "Wagiyem")
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[mine.pk, other.pk])
    set_attendance(by=camat, event_id=event.pk, cadre_ids=[])
    assert list(event.cadres.all()) == [other]
    with pytest.raises(NotFound):
        set_attendance(by=camat, event_id=event.pk, cadre_ids=[other.pk])


@pytest.mark.both_databases
def test_an_older_page_wipes_no_tick_of_a_newer_one(officer: User, camat: User, village: Village) -> None:
    event = make_event(officer)
    other = make_village("33.01.02.2010", "Slarang")
    one, two = appoint(officer, village), appoint(officer, other, "Wagiyem")
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk])
    older, newer = signed_in(officer), signed_in(camat)
    url, drawn = f"/events/{event.pk}/", {"drawn": [str(one.pk)]}
    assert f'name="drawn" value="{one.pk}"' in older.get(url).content.decode()
    newer.post(url, drawn | {"cadre": [str(one.pk), str(two.pk)]})
    older.post(url, drawn | {"cadre": []})  # the older page takes its own tick away, and knows of no other
    assert list(event.cadres.all()) == [two]
    older.post(url, drawn | {"cadre": [str(one.pk)]})  # drawn before, and ticked as drawn: nothing changes
    assert list(event.cadres.all()) == [two]


def test_a_page_without_what_it_was_drawn_from_takes_no_tick_away(officer: User, village: Village) -> None:
    event = make_event(officer)
    one = appoint(officer, village)
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk])
    signed_in(officer).post(f"/events/{event.pk}/", {"cadre": []})
    assert list(event.cadres.all()) == [one]


def test_nobody_came_to_what_has_not_been_held(officer: User) -> None:
    event = make_event(officer, on=date(2024, 8, 21))
    with pytest.raises(Invalid, match="baru pada 21 Agustus 2024"):
        set_attendance(by=officer, event_id=event.pk, cadre_ids=[])


@pytest.mark.both_databases
def test_attendance_is_counted_by_kecamatan_of_those_in_office_that_day(
    officer: User, village: Village, elsewhere: Village
) -> None:
    event = make_event(officer)
    one = appoint(officer, village)
    appoint(officer, elsewhere, "Wagiyem")
    late = make_village("33.01.02.2010", "Slarang")
    appoint(officer, late, "Terlambat", term_start=date(2024, 8, 10))
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk])
    groups = attendance(event=event, user=officer)
    assert [(str(g.kecamatan), g.came, g.called_count) for g in groups] == [
        ("Kedungreja", 0, 1),
        ("Kesugihan", 1, 1),
    ]


@pytest.mark.both_databases
def test_the_cadres_page_filters_by_kecamatan(officer: User, village: Village, elsewhere: Village) -> None:
    appoint(officer, village)
    client = signed_in(officer)
    assert "Bumireja" in client.get("/cadres/").content.decode()
    text = client.get("/cadres/?kecamatan=33.01.02").content.decode()
    assert "Sumarni" in text
    assert "Bumireja" not in text
    assert client.get("/cadres/?kecamatan=33.02.01").status_code == 404


def test_a_kecamatan_sees_its_own_cadres_only(
    officer: User, camat: User, village: Village, elsewhere: Village
) -> None:
    appoint(officer, village)
    appoint(officer, elsewhere, "Wagiyem")
    client = signed_in(camat)
    text = client.get("/cadres/").content.decode()
    assert "Sumarni" in text
    assert "Wagiyem" not in text
    assert client.get("/cadres/?kecamatan=33.01.01").status_code == 404
    event = make_event(officer)
    assert "Wagiyem" not in client.get(f"/events/{event.pk}/").content.decode()


def test_cadres_do_not_see_these_pages(page: Client, officer: User) -> None:
    event = make_event(officer)
    for url in ("/cadres/", f"/events/{event.pk}/"):
        assert page.get(url).status_code == 404
    assert event.title not in page.get("/events/").content.decode()


def test_a_kecamatan_cannot_open_the_form_of_a_new_event(camat: User) -> None:
    assert signed_in(camat).get("/events/new/").status_code == 404


def test_an_event_is_put_down_and_ticked_on_one_screen(officer: User, village: Village) -> None:
    person = appoint(officer, village)
    client = signed_in(officer)
    values = {"id": str(uuid4()), "kind": "rakor", "title": "Rakor", "on": "2024-08-09", "place": "Pendopo"}
    answer = client.post("/events/new/", values)
    assert client.post("/events/new/", values)["Location"] == answer["Location"]
    assert Event.objects.count() == 1
    page = client.post(answer["Location"], {"cadre": [str(person.pk)]}, follow=True)
    text = page.content.decode()
    assert "1 KPM hadir." in text
    assert f'value="{person.pk}" checked' in text
    assert "100,0%" in text
    assert '<td class="number">1</td>' in client.get("/events/").content.decode()


def test_a_refused_event_keeps_what_was_typed(officer: User) -> None:
    values = {
        "id": str(uuid4()),
        "kind": "rakor",
        "title": "Rakor",
        "on": "2024-08-09",
        "end_date": "2024-08-08",
    }
    answer = signed_in(officer).post("/events/new/", values)
    assert answer.status_code == 422
    assert "tidak boleh sebelum tanggal mulai" in answer.content.decode()
    assert 'value="Rakor"' in answer.content.decode()


def test_a_tick_that_is_not_ones_own_is_refused_and_nothing_changes(
    officer: User, camat: User, elsewhere: Village
) -> None:
    other = appoint(officer, elsewhere, "Wagiyem")
    event = make_event(officer)
    answer = signed_in(camat).post(f"/events/{event.pk}/", {"cadre": [str(other.pk), "abc"]})
    assert answer.status_code == 422
    assert not event.cadres.exists()


def test_the_pages_take_the_same_queries_for_two_villages_and_for_twelve(
    officer: User, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = make_event(officer)
    client = signed_in(officer)

    def fill(numbers: range) -> None:
        for number in numbers:
            appoint(officer, make_village(f"33.01.02.{number}", f"Desa {number}"), f"Kader {number}")

    def count_queries() -> None:
        # Of an event also who was invited, what it decided, what earlier ones left open, files and changes.
        for url, queries in (("/cadres/", 7), (f"/events/{event.pk}/", 12)):
            with django_assert_num_queries(queries):
                client.get(url)

    fill(range(2010, 2012))
    count_queries()
    fill(range(2012, 2022))
    count_queries()


def test_the_admin_refuses_a_second_kpm_in_the_actions_words(village: Village, officer: User) -> None:
    appoint(officer, village)
    client = signed_in(make_user(Role.ADMIN))
    values = {"village": village.pk, "full_name": "Wagiyem", "term_start": "2024-01-01"}
    answer = client.post(reverse("admin:kpm_cadre_add"), values)
    assert answer.status_code == 200
    assert "sudah punya KPM, Sumarni" in answer.content.decode()


@pytest.mark.both_databases
def test_the_admin_lists_and_searches_cadres_events_and_attendance(officer: User, village: Village) -> None:
    event = make_event(officer)
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[appoint(officer, village).pk])
    client = signed_in(make_user(Role.ADMIN))
    shown = {
        "cadre": ("kesugihan", "Sumarni"),
        "event": ("rakor", "Paguyuban"),
        "attendance": ("kesugihan kidul", "Rakor"),
    }
    for model, (query, word) in shown.items():
        url = reverse(f"admin:kpm_{model}_changelist")
        assert word in client.get(url, {"q": query}).content.decode()
        assert word not in client.get(url, {"q": "zzz"}).content.decode()


def test_an_older_page_sets_no_last_day_over_a_newer_one(officer: User, village: Village) -> None:
    cadre = appoint(officer, village)
    client, url = signed_in(officer), f"/cadres/{cadre.pk}/end/"
    assert 'name="drawn" value=""' in client.get(url).content.decode()
    sent = {"reason": "SK habis", "drawn": ""}
    assert client.post(url, sent | {"on": "2024-08-31"}).status_code == 302
    refused = client.post(url, sent | {"on": "2024-09-30"})
    assert refused.status_code == 422
    assert "orang lain menyimpan: 31 Agustus 2024" in refused.content.decode()
    assert 'name="drawn" value="2024-08-31"' in refused.content.decode()
    cadre.refresh_from_db()
    assert cadre.term_end == date(2024, 8, 31)
