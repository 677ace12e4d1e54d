"""The pages on which a KPM works on services. On 20 August 2024."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kpm.convergence_actions import end_beneficiary
from kpm.models import (
    Beneficiary,
    BeneficiaryEnd,
    ConditionRecord,
    GroupInUse,
    HouseholdChild,
    ServiceRecord,
)
from registry.models import Child, ExportLog, ReadLog, User, Village
from tests.factories import agree, make_child, make_village, signed_in, withdraw
from tests.kpm.convergence.test_actions import ask, register, serve

TODAY = date(2024, 8, 20)
PAGE = "/convergence/?village=33.01.02.2009&month=2024-08&group="


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, birth_date=date(2023, 6, 20), parent_name="Sumarni", rt="003")


@pytest.fixture
def mother(cadre: User, village: Village) -> Beneficiary:
    return register(cadre, village)


def words_on(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(client.get(address).content.decode())).split())


def tick(client: Client, address: str, value: str, **more: Any) -> Any:
    sent = {"id": str(uuid4()), "on": "2024-08-20", "tick": value} | more
    return client.post(address, sent)


def test_one_tap_records_once_and_comes_back_to_the_person(page: Client, child: Child, cadre: User) -> None:
    address = f"{PAGE}young_child"
    shown = page.get(address).content.decode()
    form_id = re.search(r'name="id" value="([^"]+)"', shown)
    value = f"child:{child.pk}:counselling"
    assert form_id and f'name="tick" value="{value}"' in shown
    for _twice in range(2):  # a double tap
        answer = tick(page, address, value, id=form_id[1], on="2024-08-19")
        assert answer["Location"] == f"{address}&on=2024-08-19#p-{child.pk}"
    record = ServiceRecord.objects.get()
    assert (record.child, record.service, record.on, record.by) == (
        child,
        "counselling",
        date(2024, 8, 19),
        cadre,
    )
    shown = words_on(page, f"{address}&on=2024-08-19")
    assert "Konseling gizi: 1 dari 1" in shown
    assert "Kelas pengasuhan: 0 dari 1" in shown
    assert "Sumarni" in shown
    assert "RT 003" in shown
    assert 'value="2024-08-19"' in page.get(f"{address}&on=2024-08-19").content.decode()


def test_who_lacks_a_service_is_shown_alone(
    page: Client, child: Child, cadre: User, village: Village
) -> None:
    other = make_child(cadre, village, name="Budi Contoh", birth_date=date(2023, 6, 20))
    serve(cadre, "counselling", child_id=other.pk)
    shown = words_on(page, f"{PAGE}young_child&lack=counselling")
    assert "Siti Contoh" in shown
    assert "Budi Contoh" not in shown
    assert page.get(f"{PAGE}young_child&lack=tidur").status_code == 400
    assert page.get(f"{PAGE}kucing").status_code == 400


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2024-08-21", "Tanggal layanan harus di bulan"),
        ("2024-07-31", "Tanggal layanan harus di bulan"),
        ("kemarin", "Tanggal itu tidak dikenal"),
    ],
)
def test_a_day_outside_the_month_is_refused(page: Client, child: Child, on: str, said: str) -> None:
    answer = tick(page, f"{PAGE}young_child", f"child:{child.pk}:counselling", on=on)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ServiceRecord.objects.exists()


def test_an_older_month_proposes_its_last_day(page: Client, child: Child) -> None:
    address = "/convergence/?village=33.01.02.2009&month=2024-07&group=young_child"
    assert 'value="2024-07-31"' in page.get(address).content.decode()


@pytest.mark.parametrize("value", ["", "x", "child:1:counselling", "child:{pk}:tidur", "child:{pk}:latrine"])
def test_a_button_that_is_not_there_stores_nothing(page: Client, child: Child, value: str) -> None:
    answer = tick(page, f"{PAGE}young_child", value.replace("{pk}", str(child.pk)))
    assert answer.status_code == (422 if value else 302)
    assert not ServiceRecord.objects.exists()


def test_tablets_and_lessons_have_their_numbers(
    page: Client, mother: Beneficiary, cadre: User, village: Village
) -> None:
    address = f"{PAGE}pregnant"
    assert f'name="n-{mother.pk}" value="30"' in page.get(address).content.decode()
    value = f"beneficiary:{mother.pk}:iron_tablets"
    tick(page, address, value, **{f"n-{mother.pk}": "60"})
    assert ServiceRecord.objects.get().quantity == 60
    assert tick(page, address, value, **{f"n-{mother.pk}": "banyak"}).status_code == 422
    pupil = make_child(cadre, village, birth_date=date(2020, 3, 14))
    address, value = f"{PAGE}preschool_child", f"child:{pupil.pk}:lessons"
    assert tick(page, address, value, **{f"n-{pupil.pk}": "18"}).status_code == 422
    answer = tick(page, address, value, held="20", **{f"n-{pupil.pk}": "18"})
    assert "held=20" in answer["Location"]
    record = ServiceRecord.objects.get(service="lessons")
    assert (record.quantity, record.out_of) == (18, 20)


def test_a_household_is_asked_with_yes_and_no(page: Client, child: Child) -> None:
    tick(page, f"{PAGE}young_child", f"child:{child.pk}:latrine:no")
    record = ConditionRecord.objects.get()
    assert (record.condition, record.is_met) == ("latrine", False)
    shown = words_on(page, f"{PAGE}young_child")
    assert "Jamban layak: tidak" in shown
    assert "Air minum aman: belum ditanya" in shown


def test_a_person_of_another_village_is_not_written(page: Client, child: Child) -> None:
    other = make_child(village=make_village("33.01.02.2010", "Slarang"), birth_date=date(2023, 6, 20))
    answer = tick(page, f"{PAGE}young_child", f"child:{other.pk}:counselling")
    assert answer.status_code == 422
    assert not ServiceRecord.objects.exists()


def test_the_file_names_the_shown_and_leaves_out_the_withheld(
    child: Child, cadre: User, village: Village, officer: User
) -> None:
    other = make_child(cadre, village, name="Budi Contoh", birth_date=date(2023, 6, 20))
    agree(other, date(2024, 8, 1))
    withdraw(other, date(2024, 8, 5))
    serve(cadre, "counselling", date(2024, 8, 6), child_id=child.pk)
    client = signed_in(officer)
    assert client.get(f"{PAGE}young_child&format=csv").status_code == 400
    text = client.post(f"{PAGE}young_child", {"format": "csv", "table": "services"}).content.decode()
    assert "Siti Contoh" in text
    assert "2024-08-06" in text
    assert "Budi Contoh" not in text
    log = ExportLog.objects.get()
    assert (log.page, log.children, log.withheld) == ("services young_child", 1, 1)
    assert "Budi Contoh" in signed_in(cadre).post(f"{PAGE}young_child", {"format": "csv"}).content.decode()


def test_the_page_of_a_child_tells_all_and_takes_a_mistake_back(
    page: Client, child: Child, cadre: User
) -> None:
    record = serve(cadre, "parenting_class", date(2024, 7, 3), child_id=child.pk)
    ask(cadre, "safe_water", child_id=child.pk)
    address = f"/children/{child.pk}/services/"
    assert f'href="{address}"' in page.get(f"/children/{child.pk}/").content.decode()
    shown = words_on(page, address)
    assert "3 Juli 2024: kelas pengasuhan dicatat oleh sumarni" in shown
    assert "20 Agustus 2024: air minum aman: ya" in shown
    assert page.post(address, {"take_back": f"service:{record.pk}"}).status_code == 302
    assert "dicatat oleh sumarni, dihapus oleh sumarni" in words_on(page, address)
    for value in ("service:x", f"lain:{record.pk}"):
        assert page.post(address, {"take_back": value}).status_code == 404
    answer = tick(page, address, f"child:{child.pk}:counselling", on="2024-06-03")
    assert answer["Location"] == f"{address}?on=2024-06-03"
    assert tick(page, address, f"child:{child.pk}:counselling", on="2023-06-19").status_code == 422


def test_a_pregnant_woman_is_registered_and_told_her_date(page: Client, village: Village) -> None:
    shown = page.get("/convergence/new/").content.decode()
    assert "remaja putri" not in shown
    sent = {"id": str(uuid4()), "group": "pregnant", "name": "Wati Contoh", "rt": "003", "rw": "01"}
    assert page.post("/convergence/new/", sent).status_code == 422
    answer = page.post("/convergence/new/", sent | {"last_period": "2024-01-01"}, follow=True)
    one = Beneficiary.objects.get()
    assert (one.name, one.last_period, one.village, one.rt) == (
        "Wati Contoh",
        date(2024, 1, 1),
        village,
        "003",
    )
    # 2024 has a 29 February: 280 days after 1 January is 7 October.
    assert "Perkiraan lahir (HPL): 7 Oktober 2024." in answer.content.decode()
    assert ReadLog.objects.filter(subject="village", subject_id=village.pk).exists()


def test_somebody_of_a_group_in_use_is_registered(page: Client, village: Village) -> None:
    GroupInUse.objects.create(district_id="33.01", group="teenage_girl", since=date(2024, 8, 1))
    sent = {"id": str(uuid4()), "group": "teenage_girl", "name": "Rini Contoh"}
    assert page.post("/convergence/new/", sent).status_code == 302
    assert "Remaja putri (1)" in words_on(page, f"{PAGE}teenage_girl")
    assert page.post("/convergence/new/", sent | {"group": "couple"}).status_code == 422


def test_a_birth_turns_a_pregnancy_into_a_child(
    page: Client, mother: Beneficiary, cadre: User, village: Village
) -> None:
    address = f"/convergence/people/{mother.pk}/"
    sent = {"ended_by": "delivered", "on": "2024-08-15"}
    assert page.post(f"{address}end/", sent)["Location"] == address
    born = make_child(cadre, village, name="Bayi Contoh", birth_date=date(2024, 8, 16))
    make_child(cadre, village, name="Lain Contoh", birth_date=date(2024, 8, 17))
    shown = words_on(page, address)
    assert "Bayi Contoh" in shown
    assert "Lain Contoh" not in shown
    assert "/children/new/?village=" in page.get(address).content.decode()
    page.post(f"{address}births/", {"child": [str(born.pk), "x"]})
    assert HouseholdChild.objects.get().born_of == mother
    assert f'href="/children/{born.pk}/"' in page.get(address).content.decode()
    assert "Centang anaknya" not in words_on(page, address)


def test_an_overdue_pregnancy_is_asked_about(page: Client, cadre: User, village: Village) -> None:
    one = register(cadre, village, last_period=date(2023, 10, 30))
    shown = page.get(f"{PAGE}pregnant").content.decode()
    assert "apakah sudah melahirkan?" in shown
    assert f"/convergence/people/{one.pk}/end/" in shown
    end_beneficiary(by=cadre, beneficiary_id=one.pk, ended_by=BeneficiaryEnd.DELIVERED, on=date(2024, 8, 5))
    assert "apakah sudah melahirkan?" not in page.get(f"{PAGE}pregnant").content.decode()


def test_what_was_wrong_is_put_right(mother: Beneficiary, officer: User) -> None:
    client, address = signed_in(officer), f"/convergence/people/{mother.pk}/"
    there = make_village("33.01.02.2010", "Slarang")
    sent = {"name": "Wati Betul", "last_period": "2023-11-12", "rt": "", "rw": ""}
    assert client.post(f"{address}edit/", sent).status_code == 422
    assert client.post(f"{address}edit/", sent | {"reason": "Salah tulis"}).status_code == 302
    assert client.post(f"{address}end/", {"ended_by": "left", "on": "2024-08-21"}).status_code == 422
    assert client.post(f"{address}end/", {"ended_by": "left", "on": "2024-08-19"}).status_code == 302
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"reason": "Kembali"}).status_code == 302
    assert client.post(f"{address}move/", {"village": there.pk, "moved_on": "2024-08-01"}).status_code == 302
    mother.refresh_from_db()
    assert (mother.name, mother.last_period, mother.ended_on, mother.village) == (
        "Wati Betul",
        date(2023, 11, 12),
        None,
        there,
    )


def test_what_was_had_this_month_is_recorded_again_on_the_page_of_the_person(
    page: Client, mother: Beneficiary, cadre: User
) -> None:
    serve(cadre, "check_up", date(2024, 8, 5), beneficiary_id=mother.pk)
    button = f'value="beneficiary:{mother.pk}:check_up"'
    assert button not in page.get(f"{PAGE}pregnant").content.decode()
    assert button in page.get(f"/convergence/people/{mother.pk}/").content.decode()
