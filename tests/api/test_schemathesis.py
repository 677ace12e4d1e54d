"""Odd requests made from the schema itself: none of them gets a 500 or an answer the schema does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis.checks import not_a_server_error

from cilacap_stunting.wsgi import application
from registry.models import Child, Role, Village
from tests.factories import make_cadre, make_user, measure

SCHEMA = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
SCHEMA.app = application
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
CHECKS = [
    not_a_server_error,
    *(
        check
        for check in schemathesis.checks.CHECKS.get_all()
        if check.__name__
        in {"status_code_conformance", "content_type_conformance", "response_schema_conformance"}
    ),
]
# For each operation, role and kind of data, the same ones in every run. A GET has two or three parameters and
# no body: what can be odd about them is soon tried.
EXAMPLES, EXAMPLES_OF_GET = 30, 12


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The requests share the test's connection and so its transaction, as Django's own client has it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def known(village: Village, child: Child) -> dict[str, Any]:
    """What is there, so that odd requests also get past the 404, by the name a request gives it."""
    measurement = measure(child, date(2024, 8, 5), "10.2", "81.0").measurement
    return {
        "code": village.pk,
        "village": village.pk,
        "child": str(child.pk),
        "/kecamatan/": village.kecamatan_id,
        "/children/": str(child.pk),
        "/measurements/": str(measurement.pk),
    }


# Values that can be, so that odd ones beside them are reached.
POSSIBLE = {
    "measured_on": "2024-08-20",
    "weight_kg": 10.4,
    "lenhei_cm": 81.5,
    "muac_cm": None,
    "head_cm": 47,
    "client_time": None,
    "name": "Siti Contoh",
    "birth_date": "2022-03-14",
    "birth_weight_kg": 3.1,
    "birth_length_cm": None,
    "posyandu": None,
    "nik": "",
}


def settings(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def aim(case: Any, known: dict[str, Any]) -> None:
    """Put what is there in the place of what was made up."""
    prefix = next((name for name in known if name[0] == "/" and name in case.path), "code")
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known[prefix]
    for body in bodies(case):
        for name in body.keys() & known.keys():
            body[name] = known[name]


def bodies(case: Any) -> list[dict[str, Any]]:
    """What is sent: one object, or those of a batch beside it."""
    if not isinstance(case.body, dict):
        return []
    items = case.body.get("items")
    return [
        case.body,
        *(item for item in (items if isinstance(items, list) else []) if isinstance(item, dict)),
    ]


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
@pytest.mark.parametrize("role", [Role.CADRE, Role.DISTRICT])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda op: f"{op.method.upper()} {op.path}")
def test_no_request_made_from_the_schema_breaks_the_api(
    operation: Any, role: Role, mode: Any, village: Village, known: dict[str, str]
) -> None:
    user = make_cadre(village) if role == Role.CADRE else make_user(role)
    _row, token = AuthToken.objects.create(user=user)
    # As it is: this client does not unpack what was compressed.
    headers = {"Authorization": f"Token {token}", "Accept-Encoding": "identity"}

    @settings(EXAMPLES_OF_GET if operation.method == "get" else EXAMPLES)
    @given(
        case=operation.as_strategy(generation_mode=mode),
        aimed=st.booleans(),
        possible=st.sets(st.sampled_from(sorted(POSSIBLE))) | st.just(set(POSSIBLE)),
    )
    def ask(case: Any, aimed: bool, possible: set[str]) -> None:
        cache.clear()
        if aimed:
            aim(case, known)
        for body in bodies(case):
            body.update({name: POSSIBLE[name] for name in body.keys() & possible})
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
