"""Measurements over REST: recorded once, refused with a reason, corrected and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from registry.models import Child, Measurement, Role, Village
from tests.factories import make_cadre, make_child, make_user, measure

URL = "/api/v1/measurements/"


def body(child: Child, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "child": str(child.pk),
        "measured_on": "2024-08-05",
        "weight_kg": 10.2,
        "lenhei_cm": 81.0,
        "position": "H",
        **more,
    }


@pytest.fixture
def girl_of_who(cadre: Any) -> Child:
    """The child of row 3 of golden.csv: a girl of 1515 days on 5 August 2024."""
    return make_child(cadre, birth_date=date(2020, 6, 12))


def test_a_new_measurement_is_201_and_holds_what_was_sent(api: APIClient, child: Child) -> None:
    sent = body(child, client_time="2024-08-05T09:30:00+07:00")
    answer = api.post(URL, sent)
    assert answer.status_code == 201
    stored = answer.json()
    assert {key: stored[key] for key in sent if key != "client_time"} == {
        key: value for key, value in sent.items() if key != "client_time"
    }
    assert stored["source"] == "api"
    assert stored["client_time"] == "2024-08-05T09:30:00+07:00"


def test_the_answer_holds_the_z_scores_of_whos_software(api: APIClient, girl_of_who: Child) -> None:
    z = api.post(URL, body(girl_of_who, weight_kg=15.1, lenhei_cm=96.9)).json()["z"]
    assert {index: z[index]["z"] for index in ("haz", "waz", "whz", "baz")} == {
        "haz": -1.57,
        "waz": -0.59,
        "whz": 0.54,
        "baz": 0.56,
    }


def test_the_answer_names_the_class_of_permenkes(api: APIClient, child: Child) -> None:
    label = api.post(URL, body(child)).json()["z"]["haz"]["label"]
    assert label == {"code": "stunted", "id": "Pendek", "en": "Stunted"}


def test_a_first_weighing_is_b(api: APIClient, child: Child) -> None:
    assert api.post(URL, body(child)).json()["gain"] == "B"


@pytest.mark.both_databases
def test_the_same_again_is_200_and_stores_nothing_more(api: APIClient, child: Child) -> None:
    sent = body(child)
    first, second = api.post(URL, sent), api.post(URL, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Measurement.objects.count() == 1


@pytest.mark.both_databases
def test_another_value_under_the_same_id_is_409(api: APIClient, child: Child) -> None:
    sent = body(child)
    api.post(URL, sent)
    answer = api.post(URL, {**sent, "weight_kg": 10.4})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_used")


@pytest.mark.both_databases
def test_a_second_measurement_of_the_day_is_409_and_names_the_day(api: APIClient, child: Child) -> None:
    api.post(URL, body(child))
    answer = api.post(URL, body(child, weight_kg=10.4))
    assert (answer.status_code, answer.json()["code"]) == (409, "day_taken")
    assert list(answer.json()["errors"]) == ["measured_on"]


def test_a_doubtful_value_is_422_with_its_doubts_in_words(api: APIClient, child: Child) -> None:
    measure(child, date(2024, 7, 5), "10.0", "84.0")
    answer = api.post(URL, body(child))
    assert (answer.status_code, answer.json()["code"]) == (422, "needs_confirmation")
    assert answer.json()["doubts"] == [
        {"code": "shorter", "message": "Panjang/tinggi lebih kecil daripada hasil sebelumnya."}
    ]
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize("confirmed", [True, ["shorter"]])
def test_a_confirmed_doubt_is_stored(api: APIClient, child: Child, confirmed: Any) -> None:
    measure(child, date(2024, 7, 5), "10.0", "84.0")
    answer = api.post(URL, body(child, confirmed=confirmed))
    assert (answer.status_code, answer.json()["confirmed_doubts"]) == (201, ["shorter"])


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"confirmed": True}, ["confirmed"]),
        ({"confirmed": True, "lenhei_cm": 120}, ["confirmed", "flagged"]),
        ({"lenhei_cm": 85, "oedema": True}, ["oedema_severe"]),
        ({"lenhei_cm": 85, "position": ""}, ["assumed_standing"]),
        ({"lenhei_cm": 85}, []),
    ],
)
def test_what_has_to_be_known_of_a_value_is_said_with_it(
    api: APIClient, child: Child, changes: dict[str, Any], codes: list[str]
) -> None:
    measure(child, date(2024, 7, 5), "10.0", "84.0")
    remarks = api.post(URL, body(child, **changes)).json()["remarks"]
    assert [remark["code"] for remark in remarks] == codes
    assert all(remark["message"].endswith(".") for remark in remarks)


def test_another_doubt_than_the_confirmed_one_is_asked_again(api: APIClient, child: Child) -> None:
    measure(child, date(2024, 7, 5), "10.0", "84.0")
    assert api.post(URL, body(child, confirmed=["weight_jump"])).status_code == 422


def test_a_child_of_another_village_is_404(api: APIClient, elsewhere: Village) -> None:
    other = make_child(make_cadre(elsewhere), elsewhere)
    answer = api.post(URL, body(other))
    assert (answer.status_code, answer.json()["code"]) == (404, "child_not_found")


def test_a_weight_no_child_has_is_400_and_names_the_field(api: APIClient, child: Child) -> None:
    answer = api.post(URL, body(child, weight_kg=92))
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "out_of_range",
        "detail": "Berat harus 0,5 sampai 40 kg. Periksa timbangan dan komanya.",
        "errors": {"weight_kg": ["Berat harus 0,5 sampai 40 kg. Periksa timbangan dan komanya."]},
    }


def test_a_child_of_60_months_is_stored_out_of_the_rates_with_a_note(api: APIClient, cadre: Any) -> None:
    five = make_child(cadre, birth_date=date(2019, 8, 5))  # 1827 days on 5 August 2024
    stored = api.post(URL, body(five, weight_kg=16, lenhei_cm=105)).json()
    assert stored["counts_in_rates"] is False
    assert "60 bulan" in stored["note"]


@pytest.mark.both_databases
def test_a_measurement_can_be_read_again(api: APIClient, child: Child) -> None:
    stored = api.post(URL, body(child)).json()
    assert api.get(f"{URL}{stored['id']}/").json() == stored


def test_a_measurement_of_another_village_is_404(api: APIClient, elsewhere: Village) -> None:
    other = measure(make_child(make_cadre(elsewhere), elsewhere), date(2024, 8, 5), "10.2").measurement
    assert api.get(f"{URL}{other.pk}/").status_code == 404


def test_a_correction_is_201_and_points_to_what_it_replaces(api: APIClient, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "10.2", "81.0").measurement
    new = str(uuid4())
    answer = api.post(
        f"{URL}{old.pk}/correct/",
        {"id": new, "measured_on": "2024-08-05", "weight_kg": 10.6, "reason": "salah ketik"},
    )
    assert (answer.status_code, answer.json()["supersedes"]) == (201, str(old.pk))
    before = api.get(f"{URL}{old.pk}/").json()
    assert (before["state"], before["superseded_by"], before["counts_in_rates"]) == ("superseded", new, False)


def test_a_correction_without_a_reason_is_400(api: APIClient, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "10.2").measurement
    answer = api.post(
        f"{URL}{old.pk}/correct/", {"id": str(uuid4()), "measured_on": "2024-08-05", "weight_kg": 10.6}
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])


def test_a_voided_measurement_stays_readable_with_its_reason(api: APIClient, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "10.2").measurement
    answer = api.post(f"{URL}{old.pk}/void/", {"reason": "anak yang lain"})
    assert answer.status_code == 200
    again = api.get(f"{URL}{old.pk}/").json()
    assert (again["state"], again["reason"]) == ("void", "anak yang lain")


def test_correcting_a_voided_measurement_is_409(api: APIClient, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "10.2").measurement
    api.post(f"{URL}{old.pk}/void/", {"reason": "anak yang lain"})
    answer = api.post(
        f"{URL}{old.pk}/correct/",
        {"id": str(uuid4()), "measured_on": "2024-08-05", "weight_kg": 10.6, "reason": "salah ketik"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_force")


def test_another_system_finds_no_measurements(machine: APIClient, child: Child) -> None:
    assert machine.post(URL, body(child)).status_code == 404
    assert Measurement.objects.count() == 0


def test_an_officer_of_the_district_records_too(officer: APIClient, child: Child) -> None:
    assert officer.post(URL, body(child)).status_code == 201


def test_a_midwife_of_another_village_does_not(signed_in: Any, child: Child, elsewhere: Village) -> None:
    midwife = signed_in(make_user(Role.MIDWIFE, elsewhere))
    assert midwife.post(URL, body(child)).status_code == 404
