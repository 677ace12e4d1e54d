"""A child of Kesugihan Kidul that lives in Slarang now: one village asks, the other answers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from kpm.models import MoveAnswer, MoveRequest
from kpm.move_request_actions import answer_move_request, ask_for_move
from registry.actions import close_child, move_child
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Child, ChildStatus, ReadLog, Role, User, Village
from tests.factories import make_child, make_puskesmas, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.both_databases

MOVES = "/moves/"
MOVED_ON = date(2024, 8, 1)


@pytest.fixture
def slarang(village: Village) -> Village:
    return make_village("33.01.02.2010", "Slarang")


@pytest.fixture
def neighbour(slarang: Village) -> User:
    return make_user(Role.CADRE, slarang, "yuni")


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Ani", birth_date=date(2023, 3, 14), parent_name="Sari")


def ask(cadre: User, child: Child, slarang: Village, day: date = MOVED_ON) -> MoveRequest:
    return ask_for_move(by=cadre, child_id=child.pk, village_code=slarang.pk, moved_on=day)


def home_of(child: Child) -> str:
    return Child.objects.get(pk=child.pk).village_id


def test_a_cadre_asks_on_the_page_and_the_child_stays_until_it_is_answered(
    child: Child, village: Village, slarang: Village, cadre: User, page: Client
) -> None:
    assert "Slarang (Kesugihan)" in page.get(f"/children/{child.pk}/move/").content.decode()
    answer = page.post(
        f"/children/{child.pk}/move/", {"village": slarang.pk, "moved_on": "2024-08-01"}, follow=True
    )
    text = answer.content.decode()
    assert (
        "Permintaan pindah dikirim ke Slarang. Sampai dijawab, Ani tetap tercatat di Kesugihan Kidul." in text
    )
    assert "Diminta pindah ke Slarang pada 20 Agustus 2024, belum dijawab." in text
    assert home_of(child) == village.pk
    asked = MoveRequest.objects.get()
    assert (asked.from_village, asked.to_village, asked.moved_on, asked.by) == (
        village,
        slarang,
        MOVED_ON,
        cadre,
    )


def test_who_accepts_has_the_child_with_the_measurements_since_that_day(
    child: Child, cadre: User, slarang: Village, neighbour: User, village: Village
) -> None:
    before = measure(child, date(2024, 7, 5), "9.0", "73.0", position="L").measurement
    after = measure(child, date(2024, 8, 5), "9.4", "74.0", position="L").measurement
    asked = ask(cadre, child, slarang)
    client = signed_in(neighbour)
    assert client.get(f"/children/{child.pk}/").status_code == 404
    text = client.get(MOVES).content.decode()
    assert all(
        word in text for word in ("Ani", "lahir 14 Maret 2023", "Sari", "Tinggal di sana sejak 1 Agustus")
    )
    assert list(ReadLog.objects.filter(user=neighbour).values_list("subject_id", flat=True)) == [
        str(child.pk)
    ]
    said = client.post(f"{MOVES}{asked.pk}/", {"answer": "accepted"}, follow=True).content.decode()
    assert "Ani sekarang tercatat di Slarang." in said
    assert home_of(child) == slarang.pk
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.village, after.village) == (village, slarang)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == (MoveAnswer.ACCEPTED, neighbour)
    assert client.get(f"/children/{child.pk}/").status_code == 200


@pytest.mark.parametrize("answer", ["declined", "withdrawn"])
def test_without_a_yes_the_child_stays(
    child: Child, cadre: User, slarang: Village, neighbour: User, village: Village, answer: str
) -> None:
    asked = ask(cadre, child, slarang)
    who = neighbour if answer == "declined" else cadre
    signed_in(who).post(f"{MOVES}{asked.pk}/", {"answer": answer})
    asked.refresh_from_db()
    assert (asked.answer, home_of(child)) == (answer, village.pk)
    assert "belum dijawab" not in signed_in(cadre).get(f"/children/{child.pk}/").content.decode()


def test_the_puskesmas_of_the_other_village_accepts_too(child: Child, cadre: User, slarang: Village) -> None:
    slarang.puskesmas = make_puskesmas("Kesugihan II", slarang.kecamatan)
    slarang.save()
    asked = ask(cadre, child, slarang)
    nutritionist = make_user(Role.PUSKESMAS, slarang.puskesmas, "gizi")
    answer_move_request(by=nutritionist, request_id=asked.pk, answer=MoveAnswer.ACCEPTED)
    assert home_of(child) == slarang.pk


def test_nobody_answers_for_the_other_side(
    child: Child, cadre: User, slarang: Village, neighbour: User
) -> None:
    asked = ask(cadre, child, slarang)
    for who, answer in (
        (cadre, MoveAnswer.ACCEPTED),
        (cadre, MoveAnswer.DECLINED),
        (neighbour, MoveAnswer.WITHDRAWN),
    ):
        with pytest.raises(NotFound):
            answer_move_request(by=who, request_id=asked.pk, answer=answer)
    stranger = make_user(Role.CADRE, make_village("33.01.02.2011", "Kuripan"), "ratna")
    with pytest.raises(NotFound):
        answer_move_request(by=stranger, request_id=asked.pk, answer=MoveAnswer.ACCEPTED)
    assert signed_in(stranger).post(f"{MOVES}{asked.pk}/", {"answer": "accepted"}).status_code == 404
    assert "Ani" not in signed_in(stranger).get(MOVES).content.decode()
    assert MoveRequest.objects.get().answer == ""


def test_the_same_again_changes_nothing_and_another_day_replaces_it(
    child: Child, cadre: User, slarang: Village, neighbour: User
) -> None:
    first = ask(cadre, child, slarang)
    assert ask(cadre, child, slarang) == first
    second = ask(cadre, child, slarang, date(2024, 8, 2))
    first.refresh_from_db()
    assert (first.answer, second.answer) == ("withdrawn", "")
    for _again in range(2):
        answer_move_request(by=neighbour, request_id=second.pk, answer=MoveAnswer.ACCEPTED)
    with pytest.raises(Conflict, match="sudah dijawab: diterima"):
        answer_move_request(by=neighbour, request_id=second.pk, answer=MoveAnswer.DECLINED)


def test_a_child_that_left_another_way_waits_for_nobody(
    child: Child, cadre: User, slarang: Village, neighbour: User, officer: User
) -> None:
    asked = ask(cadre, child, slarang)
    other = make_village("33.01.02.2011", "Kuripan")
    move_child(by=officer, child_id=child.pk, village_code=other.pk, moved_on=MOVED_ON)
    assert "Ani" not in signed_in(neighbour).get(MOVES).content.decode()
    with pytest.raises(Conflict, match="tidak berlaku lagi"):
        answer_move_request(by=neighbour, request_id=asked.pk, answer=MoveAnswer.ACCEPTED)
    assert home_of(child) == other.pk


def test_what_cannot_be_is_refused_when_it_is_asked(child: Child, cadre: User, slarang: Village) -> None:
    for day in (date(2024, 8, 21), date(2023, 3, 14)):  # tomorrow, and the day of birth
        with pytest.raises(Invalid):
            ask(cadre, child, slarang, day)
    with pytest.raises(Invalid, match="Pilih desa"):
        ask_for_move(by=cadre, child_id=child.pk, village_code="99.99.99.9999", moved_on=MOVED_ON)
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 8, 3))
    with pytest.raises(Invalid):
        ask(cadre, child, slarang)
    assert not MoveRequest.objects.exists()


def test_the_follow_up_list_says_how_many_wait(
    child: Child, cadre: User, slarang: Village, neighbour: User
) -> None:
    ask(cadre, child, slarang)
    assert "1 menunggu jawaban Anda" in signed_in(neighbour).get("/follow-up/").content.decode()
    assert "menunggu jawaban" not in signed_in(cadre).get("/follow-up/").content.decode()


def test_no_answer_is_a_sentence(child: Child, cadre: User, slarang: Village, neighbour: User) -> None:
    asked = ask(cadre, child, slarang)
    said = signed_in(neighbour).post(f"{MOVES}{asked.pk}/", {"answer": "ya"}, follow=True).content.decode()
    assert "Pilih jawabannya: terima, tolak atau tarik kembali." in said
