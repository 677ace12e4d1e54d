"""Villages over REST: those of the user's area, found by place, kind and name."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import Role, Village
from tests.factories import make_puskesmas, make_user, make_village

URL = "/api/v1/villages/"


def codes(answer: Any) -> list[str]:
    return [row["code"] for row in answer.json()["results"]]


def test_a_village_says_where_it_lies(api: APIClient, village: Village) -> None:
    assert api.get(f"{URL}{village.pk}/").json() == {
        "code": "33.01.02.2016",
        "name": "Kesugihan Kidul",
        "kind": "desa",
        "kecamatan": {"code": "33.01.02", "name": "Kesugihan"},
        "puskesmas": None,
        "latitude": None,
        "longitude": None,
    }


def test_a_cadre_sees_her_village_alone(api: APIClient, elsewhere: Village) -> None:
    assert codes(api.get(URL)) == ["33.01.02.2016"]
    assert api.get(f"{URL}{elsewhere.pk}/").status_code == 404


def test_a_user_without_a_place_sees_none(signed_in: Any, village: Village) -> None:
    assert codes(signed_in(make_user()).get(URL)) == []


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kecamatan=33.01.01", ["33.01.01.2001"]),
        ("kind=kelurahan", ["33.01.02.1001"]),
        ("search=kidul", ["33.01.02.2016"]),
        ("search=33.01.02", ["33.01.02.1001", "33.01.02.2016"]),
        ("search=nowhere", []),
        ("kecamatan=33.01.02&kind=desa", ["33.01.02.2016"]),
    ],
)
def test_villages_are_found_by_place_kind_and_name(
    officer: APIClient, elsewhere: Village, query: str, found: list[str]
) -> None:
    make_village("33.01.02.1001", "Sidanegara", kind="kelurahan")
    assert codes(officer.get(f"{URL}?{query}")) == found


def test_villages_are_found_by_puskesmas(officer: APIClient, village: Village, elsewhere: Village) -> None:
    post = make_puskesmas()
    Village.objects.filter(pk=village.pk).update(puskesmas=post)
    assert codes(officer.get(f"{URL}?puskesmas={post.pk}")) == [village.pk]


def test_a_puskesmas_officer_sees_the_villages_it_serves(
    signed_in: Any, village: Village, elsewhere: Village
) -> None:
    post = make_puskesmas()
    Village.objects.filter(pk=village.pk).update(puskesmas=post)
    assert codes(signed_in(make_user(Role.PUSKESMAS, post)).get(URL)) == [village.pk]


def test_pages_are_as_long_as_asked(officer: APIClient, elsewhere: Village) -> None:
    first = officer.get(f"{URL}?page_size=1").json()
    assert (first["count"], len(first["results"])) == (2, 1)
    assert codes(officer.get(first["next"])) == ["33.01.02.2016"]
