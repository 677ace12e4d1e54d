from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import District, User
from tests.dashboard.data import counted, make_survey, make_target, villages
from tests.factories import signed_in

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/dashboard/", "/dashboard/kecamatan/33.01.02/"])
def test_thirty_villages_take_as_many_queries_as_three(
    officer: User, district: District, address: str
) -> None:
    make_target(district)
    client = signed_in(officer)
    for village in villages(3):
        counted(village, stunted=5, believed=40)
    few = queries(client, address)
    for village in villages(30)[3:]:
        counted(village, stunted=5, believed=40)
    assert queries(client, address) == few <= 24


def test_the_district_page_with_its_own_style_is_far_below_250_kilobytes(
    officer: User, district: District
) -> None:
    make_target(district)
    make_survey(district, 2023, "18.50")
    for village in villages(284):
        counted(village, stunted=5, believed=40)
    client = signed_in(officer)
    assert len(gzip.compress(client.get("/dashboard/").content)) < 60_000
