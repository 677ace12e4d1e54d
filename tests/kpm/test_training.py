"""Which cadre lacks what, who is called, and what a training changed. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from kpm.actions import appoint_cadre
from kpm.event_actions import hold_event, invite_cadres, set_attendance
from kpm.figures import attendance
from kpm.models import Cadre, Event, EventKind
from kpm.training import TrainingNeed, training_effects, training_needs
from registry.errors import Invalid, NotFound
from registry.models import ExportLog, QualityMonth, User, Village, VillageMonth
from tests.factories import make_kecamatan, make_village, signed_in

TODAY = date(2024, 8, 20)


def appoint(by: User, village: Village, name: str, **values: Any) -> Cadre:
    return appoint_cadre(
        by=by,
        village_code=village.pk,
        full_name=name,
        term_start=values.pop("start", date(2021, 1, 1)),
        **values,
    )


def train(by: User, on: date, *cadres: Cadre) -> Event:
    event = hold_event(by=by, id=uuid4(), kind=EventKind.TRAINING, title=f"Pelatihan {on}", on=on)
    set_attendance(by=by, event_id=event.pk, cadre_ids=[one.pk for one in cadres])
    return event


def grade(
    village: Village, month: int, *codes: str, year: int = 2024, level: str = "good", **more: Any
) -> None:
    QualityMonth.objects.create(
        village=village,
        month=date(year, month, 1),
        count=60,
        grade=level,
        points=0,
        possible=90,
        reasons=[[code, 25.0] for code in codes],
        **more,
    )


def count_late(village: Village, month: int, late: int, measured: int) -> None:
    VillageMonth.objects.create(
        village=village, month=date(2024, month, 1), sex=1, age_group="12-23", late=late, measured=measured
    )


@pytest.fixture
def slarang(village: Village) -> Village:
    return make_village("33.01.02.2010", "Slarang")


def needs_of(user: User, **more: Any) -> dict[str, tuple[TrainingNeed, ...]]:
    return {one.cadre.full_name: one.needs for one in training_needs(user=user, on=TODAY, **more)}


@pytest.mark.both_databases
def test_what_a_cadre_lacks_is_seen_in_two_of_the_six_months_before(
    officer: User, village: Village, slarang: Village, cadre: User
) -> None:
    one, two = appoint(officer, village, "Satu"), appoint(officer, slarang, "Dua")
    train(officer, date(2024, 1, 10), one, two)
    grade(village, 2, "weight_digits", "height_digits")
    grade(village, 7, "height_digits", "position_unknown")
    grade(village, 7, "position_unknown", recorder=cadre)  # of the person, not of the village
    grade(slarang, 1, "weight_digits")  # before the six months
    grade(slarang, 3, "weight_digits")
    grade(slarang, 8, "weight_digits")  # the running month
    grade(slarang, 4, "position_unknown")
    grade(slarang, 5, "position_unknown", "sex_ratio")
    for month, late in ((2, 4), (7, 2)):
        count_late(village, month, late, 15)  # 6 of 30: 20 %
        count_late(slarang, month, late + 1, 15)  # 8 of 30
    count_late(village, 8, 15, 15)
    assert needs_of(officer) == {
        "Dua": (TrainingNeed.POSITION, TrainingNeed.LATE),
        "Satu": (TrainingNeed.DIGITS,),
    }


def test_who_was_never_trained_or_long_ago_is_told_apart(
    officer: User, village: Village, slarang: Village
) -> None:
    third = make_village("33.01.02.2011", "Tiga")
    just, long, _never = (
        appoint(officer, home, name) for home, name in ((village, "Pas"), (slarang, "Lama"), (third, "Belum"))
    )
    train(officer, date(2022, 8, 21), just)  # 730 days
    train(officer, date(2022, 8, 20), long)
    assert needs_of(officer) == {
        "Lama": (TrainingNeed.TRAINED_LONG_AGO,),
        "Belum": (TrainingNeed.NEVER_TRAINED,),
    }


def test_a_training_counts_for_the_account_over_its_terms(
    officer: User, village: Village, cadre: User
) -> None:
    first = appoint(officer, village, "Sumarni", user=cadre, term_end=date(2023, 12, 31))
    train(officer, date(2023, 6, 5), first)
    appoint(officer, village, "Sumarni", user=cadre, start=date(2024, 1, 1))
    assert needs_of(officer) == {}


def test_worst_first_and_of_one_kecamatan(
    officer: User, camat: User, village: Village, slarang: Village
) -> None:
    far = make_village("33.01.01.2002", "Bumireja", make_kecamatan("33.01.01", "Kedungreja"))
    for home, name in ((village, "Satu"), (slarang, "Dua"), (far, "Jauh")):
        appoint(officer, home, name)
    for month in (3, 4):
        grade(slarang, month, "weight_digits")
    assert list(needs_of(officer)) == ["Dua", "Jauh", "Satu"]
    assert list(needs_of(officer, kecamatan="33.01.02")) == ["Dua", "Satu"]
    assert list(needs_of(camat)) == ["Dua", "Satu"]
    client = signed_in(camat)
    text = client.get("/cadres/training/").content.decode()
    assert text.index(">Dua<") < text.index(">Satu<")
    assert ">Jauh<" not in text
    assert "Undang ke kegiatan" not in text
    assert client.get("/cadres/training/?kecamatan=33.01.01").status_code == 404


def test_those_ticked_are_called_to_the_event_and_nobody_else(
    officer: User, village: Village, slarang: Village
) -> None:
    one, two = appoint(officer, village, "Satu"), appoint(officer, slarang, "Dua")
    event = hold_event(
        by=officer, id=uuid4(), kind=EventKind.TRAINING, title="Penyegaran", on=date(2024, 9, 3)
    )

    def called() -> set[Cadre]:
        return {person.cadre for group in attendance(event=event, user=officer) for person in group.people}

    assert called() == {one, two}
    client = signed_in(officer)
    assert "Undang ke kegiatan" in client.get("/cadres/training/").content.decode()
    answer = client.post("/cadres/training/", {"event_id": str(event.pk), "cadre_ids": [one.pk]}, follow=True)
    assert "1 KPM diundang." in answer.content.decode()
    assert called() == {one}
    client.post("/cadres/training/", {"event_id": str(event.pk), "cadre_ids": [two.pk]})
    assert called() == {two}
    # Of another kecamatan than the one shown nothing changes.
    invite_cadres(by=officer, event_id=event.pk, cadre_ids=[one.pk], shown_ids=[one.pk])
    assert called() == {one, two}
    assert client.post("/cadres/training/", {"event_id": str(uuid4())}).status_code == 422


def test_one_need_at_a_time_on_the_page_in_its_file_and_in_who_is_called(
    officer: User, village: Village, slarang: Village
) -> None:
    one, two = appoint(officer, village, "Satu"), appoint(officer, slarang, "Dua")
    train(officer, date(2024, 1, 10), two)
    for month in (3, 4):
        grade(slarang, month, "position_unknown")
    coming = hold_event(by=officer, id=uuid4(), kind=EventKind.TRAINING, title="Lagi", on=date(2024, 9, 3))
    client, page = signed_in(officer), "/cadres/training/?need=position"
    text = client.get(page).content.decode()
    assert ">Dua<" in text and ">Satu<" not in text
    for words in ("Semua (2)", "Cara ukur tidak dicatat (1)", "Belum pernah dilatih (1)"):
        assert words in text
    assert "Entri terlambat (" not in text
    taken = client.post(page, {"format": "csv", "table": "training-needs"}).content.decode()
    assert "Dua" in taken and "Satu" not in taken
    client.post(page, {"event_id": str(coming.pk), "cadre_ids": [one.pk, two.pk]})  # one is not on this page
    assert not coming.invited.exists()
    client.post(page, {"event_id": str(coming.pk), "cadre_ids": [two.pk]})
    assert list(coming.invited.all()) == [two]


def test_only_the_district_calls_and_never_to_what_is_over(
    officer: User, camat: User, village: Village
) -> None:
    one = appoint(officer, village, "Satu")
    with pytest.raises(Invalid, match="sudah lewat"):
        invite_cadres(
            by=officer, event_id=train(officer, date(2024, 8, 19)).pk, cadre_ids=[one.pk], shown_ids=[]
        )
    coming = hold_event(by=officer, id=uuid4(), kind=EventKind.RAKOR, title="Rakor", on=date(2024, 9, 3))
    with pytest.raises(NotFound):
        invite_cadres(by=camat, event_id=coming.pk, cadre_ids=[one.pk], shown_ids=[])
    signed_in(camat).post("/cadres/training/", {"event_id": str(coming.pk), "cadre_ids": [one.pk]})
    assert not coming.invited.exists()


def test_the_list_goes_out_logged(officer: User, village: Village) -> None:
    appoint(officer, village, "Satu")
    answer = signed_in(officer).post("/cadres/training/", {"format": "csv", "table": "training-needs"})
    assert "belum pernah dilatih" in answer.content.decode()
    assert ExportLog.objects.get().page == "training-needs"


@pytest.mark.both_databases
def test_grades_before_and_after_a_training_are_the_middle_ones(
    officer: User, village: Village, slarang: Village
) -> None:
    third = appoint(officer, make_village("33.01.02.2011", "Tiga"), "Tiga")  # without a grade
    event = train(officer, date(2023, 6, 5), appoint(officer, village, "Satu"), third)
    appoint(officer, slarang, "Dua")
    grade(slarang, 5, year=2023)  # whose cadre did not come
    for month, level in ((11, "excellent"), (12, "problematic")):
        grade(village, month, year=2022, level=level)  # November: before the six months
    for month, level in ((5, "good"), (6, "excellent"), (7, "good"), (11, "excellent")):
        grade(village, month, year=2023, level=level)
    grade(village, 8, year=2023, level="too_few")
    grade(village, 12, year=2023, level="excellent")
    (found,) = training_effects(event=event, user=officer)
    # Before: problematic and good. After: good, excellent, excellent.
    assert (found.village, found.before, found.after) == (village, "problematic", "excellent")
    client = signed_in(officer)
    text = client.get(f"/events/{event.pk}/").content.decode()
    assert "<td>perlu dibantu</td><td>sangat baik</td>" in text
    assert "perlu dibantu" in client.get(f"/events/{event.pk}/?format=csv&table=effects").content.decode()


def test_the_pages_take_the_same_queries_for_two_cadres_and_for_twelve(
    officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = train(officer, date(2024, 5, 6))
    client = signed_in(officer)

    def fill(numbers: range) -> None:
        cadres = []
        for number in numbers:
            home = make_village(f"33.01.02.{number}", f"Desa {number}")
            cadres.append(appoint(officer, home, f"Kader {number}"))
            grade(home, 3, "weight_digits")
            grade(home, 4, "weight_digits")
        set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk for one in cadres], drawn=[])

    for numbers in (range(2010, 2012), range(2012, 2022)):
        fill(numbers)
        for url, queries in (("/cadres/training/", 10), (f"/events/{event.pk}/", 14)):
            with django_assert_num_queries(queries):
                client.get(url)
