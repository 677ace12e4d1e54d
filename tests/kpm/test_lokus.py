"""Which villages are lokus of a year: pasted, asked about, shown, removed. On 20 August 2024."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from kpm.forms.lokus import read_lokus_lines
from kpm.lokus import load_lokus
from kpm.lokus_actions import declare_lokus, remove_lokus
from kpm.models import LokusVillage
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, Role, User, Village
from registry.places.match import VillageIndex
from tests.factories import make_kecamatan, make_user, make_village, signed_in

DECREE = {"decree_number": "050/12/2024", "decree_date": date(2024, 1, 5)}


@pytest.fixture
def namesakes(village: Village) -> list[Village]:
    """Two villages of one name."""
    return [
        make_village("33.01.02.2001", "Kuripan"),
        make_village("33.01.01.2002", "Kuripan", make_kecamatan("33.01.01", "Kedungreja")),
    ]


def declare(by: User, *villages: Village, **values: Any) -> int:
    return declare_lokus(by=by, **{"year": 2024, "village_codes": [v.pk for v in villages]} | DECREE | values)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("33.01.01.2002", "33.01.01.2002"),
        ("3301012002", "33.01.01.2002"),
        ("3.\t33.01.01.2002\tKedungreja\tKuripan", "33.01.01.2002"),
        ("Kedungreja, Kuripan", "33.01.01.2002"),
        ("Kuripan / Kesugihan", "33.01.02.2001"),
        ("Kec. Kedungreja\tDesa Kuripan", "33.01.01.2002"),
    ],
)
def test_a_line_is_a_code_or_a_kecamatan_and_a_desa(namesakes: list[Village], line: str, code: str) -> None:
    (read,) = read_lokus_lines(f"\n {line} \n\n", VillageIndex(Village.objects.all()), {})
    assert read.village, read.problem
    assert read.village.pk == code


def test_a_name_of_two_villages_is_asked_about_and_one_of_none_is_told(namesakes: list[Village]) -> None:
    index = VillageIndex(Village.objects.select_related("kecamatan"))
    asked, unknown, wrong = read_lokus_lines("Kuripan\nEntah\n33.01.01.2002 Kesugihan, Kuripan", index, {})
    assert {one.pk for one in asked.choices} == {one.pk for one in namesakes}
    assert asked.village is None
    assert (unknown.choices, unknown.village) == ((), None)
    assert "Entah" in unknown.problem
    assert "Betulkan salah satunya" in wrong.problem
    (answered,) = read_lokus_lines("Kuripan", index, {"choice-1": "33.01.01.2002"})
    assert answered.village == namesakes[1]


def test_a_pasted_list_is_shown_first_and_stored_once_confirmed(
    officer: User, village: Village, namesakes: list[Village]
) -> None:
    sent = {"year": "2024", "decree_number": "050/12/2024", "decree_date": "2024-01-05"}
    sent["lines"] = f"{village.pk}\nKuripan\nEntah"
    browser = signed_in(officer)
    shown = browser.post("/lokus/", sent).content.decode()
    assert "1 dari 3 baris dikenali." in shown
    assert not LokusVillage.objects.exists()
    answered = sent | {"confirmed": "1", "choice-1": village.pk, "choice-2": "33.01.01.2002"}
    assert browser.post("/lokus/", answered).status_code == 302
    assert load_lokus(2024).codes == {village.pk, "33.01.01.2002"}
    assert load_lokus(2023).codes == frozenset()
    assert "050/12/2024, 5 Jan 2024" in browser.get("/lokus/").content.decode()


def test_nothing_that_was_recognised_is_said_and_nothing_stored(officer: User, village: Village) -> None:
    sent = {"year": "2024", "decree_number": "1", "decree_date": "2024-01-05", "lines": "Entah"}
    answer = signed_in(officer).post("/lokus/", sent | {"confirmed": "1"})
    assert (answer.status_code, LokusVillage.objects.count()) == (422, 0)
    assert "Belum ada desa yang dikenali" in answer.content.decode()


@pytest.mark.both_databases
def test_a_village_named_again_gets_the_new_decree_and_the_log_keeps_the_old_one(
    officer: User, village: Village
) -> None:
    assert declare(officer, village) == 1
    assert declare(officer, village, decree_number="7/2024") == 0
    assert LokusVillage.objects.get().decree_number == "7/2024"
    assert [log.values for log in ChangeLog.objects.order_by("pk")] == [
        ("", "2024: 050/12/2024, 2024-01-05"),
        ("2024: 050/12/2024, 2024-01-05", "2024: 7/2024, 2024-01-05"),
    ]


def test_one_is_removed_with_a_reason_that_the_log_keeps(officer: User, village: Village) -> None:
    declare(officer, village)
    found = LokusVillage.objects.get()
    browser = signed_in(officer)
    assert browser.post(f"/lokus/{found.pk}/remove/", {"reason": " "}).status_code == 422
    assert browser.post(f"/lokus/{found.pk}/remove/", {"reason": "salah catat"}).status_code == 302
    last = ChangeLog.objects.latest("pk")
    assert (last.field, last.reason, last.subject_id) == ("lokus", "salah catat", village.pk)
    assert last.values == ("2024: 050/12/2024, 2024-01-05", "")
    assert not LokusVillage.objects.exists()


def test_who_does_not_decide_it_and_a_village_elsewhere_are_refused(officer: User, village: Village) -> None:
    kecamatan = make_user(Role.KECAMATAN, village.kecamatan)
    with pytest.raises(NotFound):
        declare(kecamatan, village)
    with pytest.raises(NotFound):
        declare(officer, village, village_codes=[village.pk, "33.02.01.2001"])
    with pytest.raises(Invalid, match="Tulis nomor SK"):
        declare(officer, village, decree_number=" ")
    declare(officer, village)
    with pytest.raises(NotFound):
        remove_lokus(by=kecamatan, lokus_id=LokusVillage.objects.get().pk, reason="coba")
    assert LokusVillage.objects.count() == 1


def test_tables_of_villages_say_it_on_the_page_and_in_files(
    officer: User, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_village("33.01.02.2001", "Kuripan")
    browser = signed_in(officer)
    declare(officer, village)
    for address in ("/dashboard/priority/", "/dashboard/coverage/", "/dashboard/cases/", "/dashboard/where/"):
        query = "?month=2024-07&by=villages"
        page = browser.get(f"{address}{query}").content.decode()
        assert page.count('<span class="chip chip--lokus">lokus 2024</span>') == 1, address
        table = "&table=villages" if "where" in address else ""
        file = browser.get(f"{address}{query}&format=csv{table}").content.decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(file)))
        assert {row["Kode"]: row["Lokus"] for row in rows} == {village.pk: "lokus 2024", "33.01.02.2001": ""}
    assert "lokus 2024</span></h1>" in browser.get(f"/dashboard/villages/{village.pk}/").content.decode()
    assert browser.get("/cadres/").content.decode().count("lokus 2024") == 2  # without a KPM, and in the list
    with django_assert_num_queries(1):
        load_lokus(2024)
