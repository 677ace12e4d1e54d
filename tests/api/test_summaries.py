"""Summaries over REST: the numbers of figures, as JSON and CSV, hidden where small, 304 where unchanged."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import District, Role, Target, User, Village
from tests.factories import (
    make_cadre,
    make_child,
    make_district,
    make_kecamatan,
    make_user,
    make_village,
    measure,
)

KIDUL = "/api/v1/villages/33.01.02.2016/summary/?month=2024-08"


def measured_children(cadre: User, village: Village, *, stunted: int, fine: int) -> None:
    """Girls of 14 March 2022 measured on 5 August 2024: 81 cm is stunted, 88 cm is not."""
    for length in ["81.0"] * stunted + ["88.0"] * fine:
        child = make_child(cadre, village, birth_date=date(2022, 3, 14))
        measure(child, date(2024, 8, 5), "11.5", length, confirmed=True)


@pytest.fixture
def counted(cadre: User, village: Village) -> None:
    """One stunted child of four measured of five registered."""
    measured_children(cadre, village, stunted=1, fine=3)
    make_child(cadre, village, birth_date=date(2022, 3, 14))


@pytest.fixture
def target(village: Village) -> Target:
    return Target.objects.create(district=make_district(), year=2024, percent=14)


@pytest.mark.usefixtures("counted", "target")
def test_the_summary_of_a_village_says_what_figures_count(api: APIClient) -> None:
    found = api.get(KIDUL).json()
    assert found["place"] == {"level": "village", "code": "33.01.02.2016", "name": "Kesugihan Kidul"}
    assert (found["month"], found["month_state"]) == ("2024-08", "over")
    assert (found["data_date"], found["suppressed"]) == ("2024-08-05", False)
    assert (found["registered"], found["measured"], found["coverage"]) == (5, 4, 0.8)
    # Wilson 1927 for 1 of 4 at 95 %: 0.0456 to 0.6994.
    assert found["indicators"]["stunted"] == {
        "numerator": 1,
        "denominator": 4,
        "rate": 0.25,
        "percent": 25.0,
        "low": 0.0456,
        "high": 0.6994,
        "few": True,
        "coverage": 0.8,
        "low_coverage": False,
        "thin": False,
        "pale": True,
        "suppressed": False,
    }
    assert found["skdn"] == {"s": 5, "d": 4, "n": 0, "t": 0, "o": 0, "b": 4, "d_per_s": 0.8, "n_per_d": 0.0}
    assert found["target"] == {"year": 2024, "percent": 14.0, "verdict": "unclear"}


def test_without_a_month_it_is_the_current_one(api: APIClient) -> None:
    assert api.get(KIDUL.split("?")[0]).json()["month"] == "2024-09"


def test_no_child_measured_is_null_and_never_0(api: APIClient, cadre: User, village: Village) -> None:
    make_child(cadre, village, birth_date=date(2022, 3, 14))
    found = api.get(KIDUL).json()
    assert (found["no_data"], found["suppressed"]) == (True, False)
    assert (found["registered"], found["measured"], found["coverage"]) == (1, None, None)
    rate = found["indicators"]["stunted"]
    assert [rate[name] for name in ("numerator", "denominator", "rate", "percent", "coverage")] == [None] * 5
    assert found["skdn"] == {"s": 1} | dict.fromkeys(("d", "n", "t", "o", "b", "d_per_s", "n_per_d"))
    (row,) = csv.DictReader(io.StringIO(api.get(f"{KIDUL}&format=csv").content.decode()))
    assert (row["no_data"], row["registered"], row["skdn_s"]) == ("true", "1", "1")
    empty = ("measured", "coverage", "stunted_numerator", "stunted_denominator", "skdn_d", "skdn_d_per_s")
    assert [row[name] for name in empty] == [""] * 6


def test_one_child_weighed_makes_the_others_zeros_real(api: APIClient, cadre: User, village: Village) -> None:
    for _ in range(4):
        make_child(cadre, village, birth_date=date(2022, 3, 14))
    measure(make_child(cadre, village, birth_date=date(2022, 3, 14)), date(2024, 8, 5), "11.5")
    found = api.get(KIDUL).json()
    assert (found["no_data"], found["measured"], found["coverage"]) == (False, 1, 0.0)
    rate = found["indicators"]["stunted"]
    assert (rate["numerator"], rate["denominator"], rate["rate"]) == (None, 0, None)
    assert found["skdn"] == {"s": 5, "d": 1, "n": 0, "t": 0, "o": 0, "b": 1, "d_per_s": 0.2, "n_per_d": 0.0}


@pytest.mark.usefixtures("counted")
def test_the_kecamatan_and_the_district_add_their_villages(officer: APIClient, elsewhere: Village) -> None:
    measured_children(make_cadre(elsewhere), elsewhere, stunted=0, fine=2)
    kecamatan = officer.get("/api/v1/kecamatan/33.01.02/summary/?month=2024-08").json()
    district = officer.get("/api/v1/district/summary/?month=2024-08").json()
    assert (kecamatan["place"]["level"], kecamatan["measured"]) == ("kecamatan", 4)
    assert (district["place"]["level"], district["measured"]) == ("district", 6)


def test_a_cadre_has_no_district_and_no_kecamatan(api: APIClient) -> None:
    assert api.get("/api/v1/district/summary/").status_code == 404
    assert api.get("/api/v1/kecamatan/33.01.02/summary/").status_code == 404


def test_another_village_is_404(api: APIClient, elsewhere: Village) -> None:
    assert api.get(f"/api/v1/villages/{elsewhere.pk}/summary/").status_code == 404


def test_all_visible_villages_come_in_one_answer(officer: APIClient, elsewhere: Village) -> None:
    found = officer.get("/api/v1/summaries/?month=2024-08").json()
    assert [row["place"]["code"] for row in found["results"]] == [elsewhere.pk, "33.01.02.2016"]


@pytest.mark.usefixtures("counted")
def test_the_list_says_of_a_village_what_its_own_summary_says(officer: APIClient) -> None:
    assert officer.get("/api/v1/summaries/?month=2024-08").json()["results"] == [officer.get(KIDUL).json()]


@pytest.mark.usefixtures("counted", "target")
def test_a_hidden_rate_has_no_verdict(machine: APIClient) -> None:
    assert machine.get(KIDUL).json()["target"]["verdict"] == "hidden"


@pytest.mark.usefixtures("counted")
def test_another_system_does_not_see_small_counts(machine: APIClient) -> None:
    found = machine.get(KIDUL).json()
    rate = found["indicators"]["stunted"]
    assert [rate[name] for name in ("numerator", "denominator", "rate", "percent", "low", "high")] == [
        None
    ] * 6
    assert (rate["suppressed"], found["suppressed"]) == (True, True)
    assert (found["registered"], found["measured"], found["coverage"]) == (5, None, None)
    assert found["skdn"]["b"] is None


def cells_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"))))


@pytest.mark.usefixtures("counted", "target")
def test_csv_holds_the_numbers_of_the_json(officer: APIClient) -> None:
    row = officer.get(KIDUL).json()
    [cells] = cells_of(officer.get(KIDUL + "&format=csv"))
    for name, value in row["indicators"]["stunted"].items():
        assert cells[f"stunted_{name}"] == (str(value).lower() if isinstance(value, bool) else str(value))
    for name, value in row["skdn"].items():
        assert cells[f"skdn_{name}"] == str(value)
    assert (cells["place_code"], cells["month"], cells["coverage"]) == ("33.01.02.2016", "2024-08", "0.8")
    assert (cells["target_percent"], cells["data_date"]) == ("14.0", "2024-08-05")


def test_csv_leaves_what_is_not_known_empty(api: APIClient) -> None:
    [cells] = cells_of(api.get(KIDUL + "&format=csv"))
    assert (cells["stunted_rate"], cells["target_percent"], cells["data_date"]) == ("", "", "")


def test_csv_is_utf_8_with_a_name_for_the_file(api: APIClient, village: Village) -> None:
    Village.objects.filter(pk=village.pk).update(name="Kesugihan É")
    answer = api.get(KIDUL + "&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="33.01.02.2016-2024-08.csv"'
    assert cells_of(answer)[0]["place_name"] == "Kesugihan É"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_csv_runs_no_formula_in_a_spreadsheet(officer: APIClient, name: str) -> None:
    make_village("33.01.01.2002", name)
    cells = cells_of(officer.get("/api/v1/summaries/?month=2024-08&format=csv"))
    assert cells[0]["place_name"] == f"'{name}"


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("url", [KIDUL, "/api/v1/summaries/?month=2024-08"])
def test_an_unchanged_summary_is_304_and_a_changed_one_is_not(
    api: APIClient, cadre: User, village: Village, url: str, form: str
) -> None:
    url += f"&format={form}"
    tag = api.get(url)["ETag"]
    assert api.get(url, headers={"if-none-match": tag}).status_code == 304
    measured_children(cadre, village, stunted=0, fine=1)
    assert api.get(url, headers={"if-none-match": tag}).status_code == 200


def test_a_summary_stays_out_of_shared_caches(api: APIClient) -> None:
    assert api.get(KIDUL)["Cache-Control"] == "private, no-cache"


def test_the_target_is_that_of_the_villages_own_district(signed_in: Any, village: Village) -> None:
    other = District.objects.create(code="33.02", name="Banyumas")
    far = make_village("33.02.01.2001", "Lumbir", make_kecamatan("33.02.01", "Lumbir"))
    type(far.kecamatan).objects.filter(pk="33.02.01").update(district=other)
    Target.objects.create(district=make_district(), year=2024, percent=14)
    Target.objects.create(district=other, year=2024, percent=12)
    user = make_user(Role.DISTRICT)
    user.memberships.create(role=Role.DISTRICT, district=other)
    found = signed_in(user).get("/api/v1/summaries/?month=2024-08").json()["results"]
    assert {row["place"]["code"]: row["target"]["percent"] for row in found} == {
        village.pk: 14.0,
        far.pk: 12.0,
    }
