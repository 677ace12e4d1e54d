"""Bodies, codes and months that nobody should send get a sentence, never a 500."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from registry.models import Child, Measurement

URL = "/api/v1/measurements/"


def sent_raw(api: APIClient, text: str | bytes, content_type: str = "application/json") -> Any:
    return api.generic("POST", URL, text, content_type=content_type)


def text_with(child: Child, name: str, literal: str) -> str:
    """A body right in all but ``name``, which holds ``literal`` as it stands."""
    good = {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2024-08-05", "weight_kg": 10.2}
    good.pop(name, None)
    return json.dumps(good)[:-1] + f', "{name}": {literal}}}'


def assert_refused(answer: Any, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    body: dict[str, Any] = answer.json()
    assert set(body) == {"code", "detail", "errors"}
    assert body["detail"].endswith(".")
    assert Measurement.objects.count() == 0
    return body


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("weight_kg", "1e400"),
        ("weight_kg", '"1e400"'),
        ("weight_kg", "1" + "0" * 400),
        ("weight_kg", '"NaN"'),
        ("weight_kg", '"9,2"'),
        ("weight_kg", '"٩.٢"'),
        ("weight_kg", "true"),
        ("weight_kg", "[9.2]"),
        ("weight_kg", '"\\ud800"'),
        ("weight_kg", "-9.2"),
        ("lenhei_cm", "0.81"),
        ("id", "1"),
        ("id", "true"),
        ("id", '"not-a-uuid"'),
        ("id", "null"),
        ("child", '"\\u0000"'),
        ("measured_on", '"2024-02-30"'),
        ("measured_on", '"05/08/2024"'),
        ("measured_on", '"٢٠٢٤-٠٨-٠٥"'),
        ("measured_on", '"0001-01-01"'),
        ("measured_on", '"9999-12-31"'),
        ("measured_on", "20240805"),
        ("position", '"X"'),
        ("position", '"\\ud800"'),
        ("oedema", '"yes"'),
        ("oedema", "null"),
        ("confirmed", '"shorter"'),
        ("confirmed", '["no_such_doubt"]'),
        ("confirmed", "[[]]"),
        ("client_time", '"0001-01-01T00:00:00Z"'),
        ("client_time", '"9999-12-31T23:59:59-14:00"'),
        ("client_time", "17"),
    ],
)
def test_a_wrong_value_is_400_and_names_its_field(
    api: APIClient, child: Child, name: str, literal: str
) -> None:
    assert name in assert_refused(sent_raw(api, text_with(child, name, literal)))["errors"]


@pytest.mark.parametrize("key", ["wieght_kg", "\\ud800", "\\u0000"])
def test_a_field_nobody_knows_is_400(api: APIClient, child: Child, key: str) -> None:
    assert_refused(sent_raw(api, text_with(child, key, "9.2")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nul",
        '{"weight_kg": NaN}',
        '{"weight_kg": Infinity}',
        "[" * 100_000,
        "1" * 5000,
        b"\xff\xfe{}",
    ],
    ids=["empty", "open", "word", "NaN", "Infinity", "deep", "long", "utf-16"],
)
def test_what_is_no_json_is_400(api: APIClient, text: Any) -> None:
    assert assert_refused(sent_raw(api, text))["code"] in {"parse_error", "invalid"}


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "17", "[{}]"])
def test_what_is_no_object_is_400(api: APIClient, text: str) -> None:
    assert "errors" in assert_refused(sent_raw(api, text))


def test_a_body_that_is_too_large_is_413(api: APIClient) -> None:
    assert_refused(sent_raw(api, " " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)), status=413)


def test_a_form_instead_of_json_is_415(api: APIClient) -> None:
    assert_refused(sent_raw(api, "weight_kg=9.2", "application/x-www-form-urlencoded"), status=415)


@pytest.mark.parametrize(
    "month",
    ["2024-13", "2024-00", "٢٠٢٤-٠٨", "1899-01", "2024-8", "08-2024", "", "%00", "%ED%A0%80", "9" * 5000],
)
def test_a_month_nobody_knows_is_400(api: APIClient, month: str) -> None:
    answer = api.get(f"/api/v1/summaries/?month={month}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["month"])
    assert answer.json()["detail"].endswith("misalnya 2024-08.")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path",
    [
        "children/not-a-uuid/",
        "children/%00/",
        "measurements/1/",
        "villages/%00/",
        "villages/99.99.99.9999/",
        "villages/٣٣.٠١/",
        "villages/33.01.02.2016'--/summary/",
        "kecamatan/99.99.99/summary/",
        "no/such/address/",
        "villages/%0A/",
        "no%0Asuch%0Aaddress",
    ],
)
def test_an_address_that_leads_nowhere_is_404_in_the_apis_shape(api: APIClient, path: str) -> None:
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "detail", "errors"}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "query",
    [
        "kind=hamlet",
        "puskesmas=x",
        "puskesmas=" + "9" * 400,
        "puskesmas=1.5",
        "search=%00",
        "kecamatan=" + "3" * 99,
    ],
)
def test_a_filter_that_cannot_be_read_is_400_and_named(api: APIClient, query: str) -> None:
    answer = api.get(f"/api/v1/villages/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.split("=")[0]])


@pytest.mark.both_databases
@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 400, "%00"])
def test_a_page_that_is_not_there_is_404(api: APIClient, page: str) -> None:
    assert api.get(f"/api/v1/villages/?page={page}").status_code == 404


def test_a_refusal_is_json_also_where_csv_was_asked_for(api: APIClient) -> None:
    answer = api.get("/api/v1/summaries/?format=csv&month=x")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")


def test_a_format_nobody_knows_is_404(api: APIClient) -> None:
    assert api.get("/api/v1/summaries/?format=xml").json()["code"] == "not_found"
