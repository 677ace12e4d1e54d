"""A morning's measurements in one request: each answered on its own, and the same again changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from registry.actions import void_measurement
from registry.actions.bulk import outcomes
from registry.api import batch
from registry.models import Child, Measurement, Role, Source, User, Village
from tests.actions.figures import wrong_figures
from tests.api.test_measurements import body
from tests.factories import make_cadre, make_child, make_user

pytestmark = pytest.mark.both_databases

URL = "/api/v1/measurements/batch/"
DAY = "2024-08-05"


def send(api: APIClient, *items: Any) -> list[dict[str, Any]]:
    answer = api.post(URL, {"items": list(items)})
    assert answer.status_code == 200, answer.json()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


@pytest.fixture
def siblings(cadre: User, village: Village) -> list[Child]:
    return [make_child(cadre, village, name=f"Anak {n}") for n in range(3)]


def test_each_item_is_answered_by_its_id_with_what_is_stored(api: APIClient, siblings: list[Child]) -> None:
    sent = [body(child) for child in siblings]
    results = send(api, *sent)
    assert statuses(results) == ["stored"] * 3
    assert [r["id"] for r in results] == [item["id"] for item in sent]
    assert [r["measurement"]["child"] for r in results] == [str(child.pk) for child in siblings]
    assert results[0]["measurement"]["z"]["haz"]["label"]["code"] == "stunted"


def test_the_same_batch_again_changes_nothing(api: APIClient, siblings: list[Child]) -> None:
    sent = [body(child) for child in siblings]
    first = send(api, *sent)
    again = send(api, *sent)
    assert statuses(again) == ["already_stored"] * 3
    assert [r["measurement"] for r in again] == [r["measurement"] for r in first]
    assert Measurement.objects.count() == 3


def test_one_bad_item_keeps_none_of_the_others_out(api: APIClient, siblings: list[Child]) -> None:
    good, bad, other = (body(child) for child in siblings)
    results = send(api, good, {**bad, "weight_kg": 400}, "nonsense", None, other)
    assert statuses(results) == ["stored", "needs_fixing", "needs_fixing", "needs_fixing", "stored"]
    assert results[1]["code"] == "out_of_range"
    assert list(results[1]["errors"]) == ["weight_kg"]
    assert results[1]["measurement"] is None
    assert Measurement.objects.count() == 2


def test_a_doubt_needs_fixing_until_it_is_confirmed(api: APIClient, child: Child) -> None:
    sent = body(child, weight_kg=30)
    result = send(api, sent)[0]
    assert (result["status"], result["code"]) == ("needs_fixing", "needs_confirmation")
    codes = [doubt["code"] for doubt in result["doubts"]]
    assert "waz_flag" in codes
    assert all(doubt["message"] for doubt in result["doubts"])
    assert statuses(send(api, {**sent, "confirmed": codes})) == ["stored"]


def test_another_value_of_the_day_is_kept_and_called_a_conflict(api: APIClient, child: Child) -> None:
    send(api, body(child))
    newer = body(child, weight_kg=10.4)
    result = send(api, newer)[0]
    assert (result["status"], result["code"]) == ("conflict", "rival")
    assert result["measurement"]["state"] == "rival"
    assert result["measurement"]["counts_in_rates"] is False
    assert "bidan" in result["detail"]
    assert send(api, newer)[0]["status"] == "conflict"
    assert Measurement.objects.count() == 2


def test_another_value_under_the_same_id_is_a_conflict_that_stores_nothing(
    api: APIClient, child: Child
) -> None:
    sent = body(child)
    results = send(api, sent, {**sent, "weight_kg": 10.4})
    assert statuses(results) == ["stored", "conflict"]
    assert (results[1]["code"], results[1]["measurement"]) == ("id_used", None)


def test_a_correction_travels_in_the_same_batch(api: APIClient, child: Child) -> None:
    first = body(child)
    right = {**body(child, weight_kg=10.4), "corrects": first["id"], "reason": "salah ketik"}
    del right["child"]
    results = send(api, first, right)
    assert statuses(results) == ["stored", "stored"]
    assert results[1]["measurement"]["supersedes"] == first["id"]
    assert statuses(send(api, first, right)) == ["already_stored", "already_stored"]


def test_an_old_correction_does_not_overwrite_a_newer_one(api: APIClient, child: Child) -> None:
    first = body(child)
    send(api, first)
    newer, older = (
        {
            "id": str(uuid4()),
            "corrects": first["id"],
            "reason": "salah",
            "measured_on": "2024-08-05",
            "weight_kg": kg,
        }
        for kg in (10.4, 10.6)
    )
    assert statuses(send(api, newer)) == ["stored"]
    result = send(api, older)[0]
    assert (result["status"], result["code"]) == ("conflict", "not_in_force")
    assert str(Measurement.objects.in_force().get().weight_kg) == "10.400"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"corrects": str(uuid4()), "reason": "x"}, "child"),
        ({"child": None}, "child"),
        ({"kind": "x"}, "kind"),
        ({"measured_on": "05-08-2024"}, "measured_on"),
    ],
)
def test_an_item_that_cannot_be_read_names_its_field(
    api: APIClient, child: Child, more: dict[str, Any], field: str
) -> None:
    result = send(api, {**body(child), **more})[0]
    assert (result["status"], list(result["errors"])) == ("needs_fixing", [field])


def test_a_correction_without_a_reason_needs_fixing(api: APIClient, child: Child) -> None:
    item = {**body(child), "corrects": str(uuid4())}
    del item["child"]
    assert list(send(api, item)[0]["errors"]) == ["reason"]


def test_a_child_of_another_village_needs_fixing_and_tells_nothing(
    api: APIClient, child: Child, elsewhere: Village
) -> None:
    stranger = make_child(make_cadre(elsewhere), elsewhere)
    results = send(api, body(stranger), body(child), {**body(child), "child": str(uuid4())})
    assert statuses(results) == ["needs_fixing", "stored", "needs_fixing"]
    assert results[0]["detail"] == results[2]["detail"]
    assert results[0]["code"] == "child_not_found"


def test_a_fault_of_ours_asks_to_send_again_and_spares_the_others(
    api: APIClient, siblings: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = outcomes.assess_and_validate

    def failing(**sent: Any) -> Any:
        if sent["child"].pk == siblings[1].pk:
            raise RuntimeError("disk")
        return real(**sent)

    monkeypatch.setattr(outcomes, "assess_and_validate", failing)
    results = send(api, *(body(child) for child in siblings))
    assert statuses(results) == ["stored", "try_again", "stored"]
    assert "disk" not in str(results)


@pytest.mark.parametrize("items", [None, [], {}, "x", [{}] * (batch.MOST_ITEMS + 1)])
def test_a_body_without_a_list_of_items_is_400(api: APIClient, items: Any) -> None:
    answer = api.post(URL, {"items": items})
    assert answer.status_code == 400
    assert any(name.startswith("items") for name in answer.json()["errors"])


def test_what_a_browser_sends_is_a_forms(api: APIClient, child: Child) -> None:
    assert send(api, body(child))[0]["measurement"]["source"] == Source.FORM


def test_nobody_and_another_system_send_nothing(machine: APIClient, child: Child) -> None:
    assert machine.post(URL, {"items": [body(child)]}).status_code == 404
    assert APIClient().post(URL, {"items": [body(child)]}).status_code == 401


def test_the_midwife_chooses_and_the_cadre_may_not(
    api: APIClient, child: Child, village: Village, signed_in: Any
) -> None:
    _first, newer = send(api, body(child)), send(api, body(child, weight_kg=10.4))[0]["measurement"]
    choose = f"/api/v1/measurements/{newer['id']}/choose/"
    assert api.post(choose).json()["code"] == "midwife_chooses"
    answer = signed_in(make_user(Role.MIDWIFE, village)).post(choose)
    assert (answer.status_code, answer.json()["state"]) == (200, "in_force")
    assert str(Measurement.objects.in_force().get().weight_kg) == "10.400"


def test_one_id_for_two_children_is_a_conflict_for_the_second(api: APIClient, siblings: list[Child]) -> None:
    first, second = body(siblings[0]), body(siblings[1])
    results = send(api, first, {**second, "id": first["id"]})
    assert statuses(results) == ["stored", "conflict"]
    assert Measurement.objects.get().child == siblings[0]


def test_a_correction_of_an_item_that_is_refused_finds_nothing(api: APIClient, child: Child) -> None:
    first = body(child, weight_kg=400)
    right = {**body(child), "corrects": first["id"], "reason": "salah ketik"}
    del right["child"]
    results = send(api, first, right)
    assert [r["code"] for r in results] == ["out_of_range", "measurement_not_found"]
    assert not Measurement.objects.exists()


def test_a_correction_of_a_correction_travels_in_the_same_batch(api: APIClient, child: Child) -> None:
    first, ids = body(child), [str(uuid4()), str(uuid4())]
    later = [
        {**body(child, weight_kg=kg), "id": ids[i], "corrects": [first["id"], *ids][i], "reason": "salah"}
        for i, kg in enumerate((10.4, 10.6))
    ]
    for item in later:
        del item["child"]
    results = send(api, first, *later)
    assert statuses(results) == ["stored"] * 3
    assert [r["measurement"]["state"] for r in results] == ["superseded", "superseded", "in_force"]
    assert [r["measurement"]["gain"] for r in results] == ["B", "B", "B"]
    assert not wrong_figures()


def test_rivals_of_one_day_in_one_batch_are_all_kept(api: APIClient, child: Child) -> None:
    results = send(api, *(body(child, weight_kg=kg) for kg in (10.2, 10.3, 10.2)))
    assert statuses(results) == ["stored", "conflict", "already_stored"]
    assert not wrong_figures()


def queries_of_a_batch(api: APIClient, *items: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        send(api, *items)
    return len(found)


def test_ten_items_take_few_queries_and_hardly_more_than_one(
    api: APIClient, cadre: User, village: Village
) -> None:
    children = [make_child(cadre, village, name=f"Anak {n}") for n in range(12)]
    send(api, body(children[0]))  # a month that is counted already, and the one before it
    send(api, body(children[0], measured_on="2024-07-05"))
    one = queries_of_a_batch(api, body(children[1]))
    ten = queries_of_a_batch(api, *(body(child) for child in children[2:]))
    assert one <= 40
    assert ten <= 40
    assert Measurement.objects.count() == 13
    assert not wrong_figures()


def test_a_correction_that_came_too_late_is_told_what_counts_by_whom_and_when(
    api: APIClient, child: Child, cadre: User
) -> None:
    first = body(child)
    send(api, first)
    newer, older = (
        {
            "id": str(uuid4()),
            "corrects": first["id"],
            "reason": why,
            "measured_on": "2024-08-05",
            "weight_kg": kg,
        }
        for why, kg in (("timbang ulang", 10.4), ("salah", 10.6))
    )
    send(api, newer)
    current = send(api, older)[0]["current"]
    assert (current["id"], current["weight_kg"], current["state"]) == (newer["id"], 10.4, "in_force")
    assert (current["by"], current["reason"]) == (str(cadre), "timbang ulang")
    assert current["at"] == current["received_at"]
    void_measurement(by=cadre, measurement_id=UUID(newer["id"]), reason="salah anak")
    current = send(api, older)[0]["current"]
    assert (current["id"], current["state"], current["reason"]) == (newer["id"], "void", "salah anak")
    assert current["at"] == current["voided_at"]
    assert send(api, body(child, measured_on="2024-08-06"))[0]["current"] is None
