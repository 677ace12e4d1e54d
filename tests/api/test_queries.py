"""A page costs the same number of queries for 3 rows and for 30."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from registry.models import Child, User, Village
from tests.factories import make_child, make_posyandu, make_puskesmas, make_village, measure

pytestmark = pytest.mark.both_databases


def add_villages(count: int, start: int = 0) -> None:
    for i in range(start, start + count):
        village = make_village(f"33.01.03.{2001 + i}", f"Desa {i}")
        village.puskesmas = make_puskesmas(f"Puskesmas {i}")
        village.save()


def add_children(by: User, village: Village, count: int, start: int = 0) -> list[Child]:
    return [
        make_child(
            by,
            village,
            name=f"Anak {i}",
            posyandu_id=make_posyandu(village, f"Melati {i + 1}").pk,
            nik=f"33010254032200{i:02}",
        )
        for i in range(start, start + count)
    ]


def queries(client: APIClient, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/villages/",
        "/api/v1/summaries/?month=2024-08",
        "/api/v1/summaries/?month=2023-01",
        "/api/v1/district/summary/?month=2024-08",
    ],
)
def test_villages_cost_the_same_for_3_and_for_30(
    officer: APIClient, url: str, django_assert_num_queries: Any
) -> None:
    add_villages(3)
    few = queries(officer, url)
    add_villages(27, start=3)
    with django_assert_num_queries(few):
        officer.get(url)
    assert few <= 20


def test_children_cost_the_same_for_3_and_for_30(
    api: APIClient, cadre: User, village: Village, django_assert_num_queries: Any
) -> None:
    add_children(cadre, village, 3)
    api.get("/api/v1/children/")  # which logs that the list was read today
    few = queries(api, "/api/v1/children/")
    add_children(cadre, village, 27, start=3)
    with django_assert_num_queries(few):
        assert len(api.get("/api/v1/children/").json()["results"]) == 30
    assert few <= 6


def test_measurements_cost_the_same_for_3_and_for_12(
    api: APIClient, child: Child, django_assert_num_queries: Any
) -> None:
    url = f"/api/v1/children/{child.pk}/measurements/"
    for month in range(1, 4):
        measure(child, date(2023, month, 5), "9.0")
    api.get(url)  # which logs that the child was read today
    few = queries(api, url)
    for month in range(4, 13):
        measure(child, date(2023, month, 5), "9.0")
    with django_assert_num_queries(few):
        assert len(api.get(url).json()["results"]) == 12
    assert few <= 8
