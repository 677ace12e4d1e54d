"""The dashboard's two lists with names, and its small tables of counts, taken away."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from registry.models import Child, District, ExportLog, Posyandu, Role, User, Village
from tests.dashboard.data import make_survey
from tests.exports.files import csv_rows
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.django_db


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return csv_rows(answer.content)


@pytest.fixture
def village(district: District) -> Village:
    return make_village()


@pytest.fixture
def post(village: Village) -> Posyandu:
    return make_posyandu(village, "Melati 1")


@pytest.fixture
def thin(village: Village, post: Posyandu) -> Child:
    child = make_child(village=village, name="=Ani", birth_date=date(2023, 3, 14), posyandu_id=post.pk)
    measure(child, date(2024, 8, 5), "7.1", "78.5", confirmed=True)
    return child


def places(village: Village, post: Posyandu) -> list[tuple[str, str]]:
    return [
        (f"/dashboard/villages/{village.pk}/priority/?month=2024-08", "priority-children"),
        (f"/dashboard/posyandu/{post.pk}/?month=2024-08", "posyandu-children"),
    ]


@pytest.mark.usefixtures("thin")
def test_children_are_taken_as_they_stand_and_logged(officer: User, village: Village, post: Posyandu) -> None:
    make_child(village=village, name="Zaki", birth_date=date(2023, 3, 14), posyandu_id=post.pk)
    desk = signed_in(officer)
    for address, table in places(village, post):
        text = desk.get(address).content.decode()
        assert f'name="table" value="{table}"' in text
        assert 'method="post" action="?month=2024-08' in text
        shown = re.findall(r"<li><a [^>]*><b>([^<]*)</b>", text)
        rows = rows_of(desk.post(address, {"table": table, "format": "csv"}))
        assert [row["Nama anak"].removeprefix("'") for row in rows] == shown
        assert rows[0]["Nama anak"] == "'=Ani"
        assert rows[0]["Alasan"].startswith("Gizi buruk")
        for reason in rows[0]["Alasan"].split(", "):
            assert reason in text
        log = ExportLog.objects.latest("pk")
        assert (log.page, log.place_code, log.rows, log.children) == (table, village.pk, len(rows), len(rows))
        assert log.month_from == log.month_to == date(2024, 8, 1)


@pytest.mark.usefixtures("thin")
def test_who_does_not_work_there_takes_nothing(village: Village, post: Posyandu) -> None:
    beside = signed_in(make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja")))
    for address, table in places(village, post):
        assert beside.post(address, {"table": table, "format": "csv"}).status_code == 404
        assert Client().post(address, {"table": table, "format": "csv"}).status_code == 401
    assert not ExportLog.objects.exists()


def test_pages_of_counts_take_no_post(officer: User) -> None:
    assert signed_in(officer).post("/dashboard/", {"format": "csv"}).status_code == 405


def test_surveys_and_skdn_are_tables_to_take_and_not_logged(
    officer: User, district: District, thin: Child
) -> None:
    make_survey(district, 2023, "18.5")
    desk = signed_in(officer)
    text = desk.get("/dashboard/?month=2024-08").content.decode()
    assert "format=csv&amp;table=surveys" in text
    (row,) = rows_of(desk.get("/dashboard/?month=2024-08&format=csv&table=surveys"))
    assert (row["Tahun"], row["Survei"], row["Prevalensi (%)"]) == ("2023", "SKI", "18.5")
    for address in ("/dashboard/", "/dashboard/coverage/"):
        shown = desk.get(f"{address}?month=2024-08")
        rows = rows_of(desk.get(f"{address}?month=2024-08&format=csv&table=skdn"))
        on_page = re.findall(r"<dt><b>(\w+)</b>[^<]*</dt><dd>([^<]*)</dd>", shown.content.decode())
        assert [(row["Huruf"], row["Anak"]) for row in rows] == on_page
        assert on_page[:2] == [("S", "1"), ("D", "1")]
    assert not ExportLog.objects.exists()
