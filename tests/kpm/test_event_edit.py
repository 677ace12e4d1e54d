"""What was written wrong of an event is put right on a page, with the reason. On 20 August 2024."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kpm.actions import appoint_cadre
from kpm.event_actions import add_decision, correct_event, hold_event, set_attendance, settle_decision
from kpm.models import Event, EventKind
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, User, Village
from tests.factories import signed_in

pytestmark = pytest.mark.both_databases

HELD, TODAY, TOMORROW = date(2024, 8, 9), date(2024, 8, 20), date(2024, 8, 21)


@pytest.fixture
def musdes(cadre: User, village: Village) -> Event:
    kind = EventKind.MUSDES
    return hold_event(by=cadre, id=uuid4(), kind=kind, title="Musdes", on=HELD, village_code=village.pk)


@pytest.fixture
def rakor(officer: User) -> Event:
    return hold_event(by=officer, id=uuid4(), kind=EventKind.RAKOR, title="Rakor", on=HELD, place="Pendopo")


def correct(by: User, event: Event, reason: str = "salah ketik", **values: Any) -> Event:
    names = ("title", "date", "end_date", "place", "topic", "agenda")
    kind = EventKind(values.pop("kind", event.kind))
    typed = {name: getattr(event, name) for name in names} | values
    return correct_event(by=by, event_id=event.pk, kind=kind, reason=reason, values=typed)


def tick(event: Event, by: User, village: Village) -> None:
    one = appoint_cadre(by=by, village_code=village.pk, full_name="Sumarni", term_start=date(2023, 1, 1))
    set_attendance(by=by, event_id=event.pk, cadre_ids=[one.pk])


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(text)).split())


def test_the_page_changes_an_event_and_says_who_did_and_why(musdes: Event, page: Client, cadre: User) -> None:
    address = f"/events/{musdes.pk}/edit/"
    assert f'href="{address}"' in page.get(f"/events/{musdes.pk}/").content.decode()
    form = page.get(address).content.decode()
    assert re.findall(r'name="kind" value="([^"]+)"', form) == ["rembuk", "musdes"]
    assert 'value="2024-08-09"' in form
    sent = {"kind": "rembuk", "title": "Rembuk  desa", "on": "2024-08-10", "place": "Balai", "agenda": "Buka"}
    refused = page.post(address, sent)
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.content.decode()
    answer = page.post(address, sent | {"reason": "salah jenis"})
    assert answer["Location"] == f"/events/{musdes.pk}/"
    musdes.refresh_from_db()
    assert (musdes.kind, musdes.title, musdes.date) == ("rembuk", "Rembuk desa", date(2024, 8, 10))
    assert (musdes.place, musdes.agenda, musdes.end_date) == ("Balai", "Buka", None)
    shown = words(page.get(f"/events/{musdes.pk}/").content.decode())
    assert "Jenis: musyawarah desa → rembuk stunting" in shown
    assert "Tanggal: 9 Agustus 2024 → 10 Agustus 2024" in shown
    assert "Tempat: kosong → Balai" in shown
    assert "Pokok bahasan:" not in shown
    assert "Alasan: salah jenis" in shown
    rows = ChangeLog.objects.filter(subject="event", subject_id=str(musdes.pk))
    assert {row.field for row in rows} == {"kind", "title", "date", "place", "agenda"}
    assert {row.by for row in rows} == {cadre}


def test_who_came_is_not_lost_to_a_day_that_is_yet_to_come(
    rakor: Event, officer: User, village: Village
) -> None:
    assert correct(officer, rakor, date=TOMORROW).date == TOMORROW
    correct(officer, rakor, date=HELD)
    tick(rakor, officer, village)
    with pytest.raises(Invalid, match="tercatat hadir") as refused:
        correct(officer, rakor, date=TOMORROW)
    assert refused.value.field == "on"
    assert correct(officer, rakor, date=TODAY).date == TODAY
    assert rakor.attendances.count() == 1


@pytest.mark.parametrize("is_done", [False, True])
def test_an_event_is_not_later_than_what_it_decided(rakor: Event, officer: User, is_done: bool) -> None:
    due = None if is_done else date(2024, 8, 15)
    made = add_decision(
        by=officer, event_id=rakor.pk, id=uuid4(), text="Sumur", responsible="Kades", due_on=due
    )
    if is_done:
        settle_decision(by=officer, decision_id=made.pk, done_on=date(2024, 8, 15), outcome="jadi")
    assert correct(officer, rakor, date=date(2024, 8, 15)).date == date(2024, 8, 15)
    with pytest.raises(Invalid, match="sebelum tanggal itu"):
        correct(officer, rakor, date=date(2024, 8, 16))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "  "}, "Tulis judul"),
        ({"end_date": date(2024, 8, 8)}, "sebelum tanggal mulai"),
        ({"kind": "musdes"}, "Pilih desa"),
        ({"reason": " "}, "alasan"),
    ],
)
def test_what_no_event_may_be_is_refused(
    rakor: Event, officer: User, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        correct(officer, rakor, **values)
    assert not ChangeLog.objects.exists()


def test_who_only_sees_an_event_does_not_change_it(
    rakor: Event, musdes: Event, camat: User, cadre: User
) -> None:
    for by, event in ((camat, rakor), (camat, musdes), (cadre, rakor)):
        with pytest.raises(NotFound):
            correct(by, event, title="Lain")
        assert signed_in(by).get(f"/events/{event.pk}/edit/").status_code == 404
    assert "edit/" not in signed_in(camat).get(f"/events/{rakor.pk}/").content.decode()
