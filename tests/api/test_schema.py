"""The OpenAPI schema: public, and with the definition beside each number."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient


def generated() -> Any:
    with translation.override("id"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        return yaml.safe_load(OpenApiYamlRenderer().render(schema, renderer_context={}))


def test_the_schema_is_valid_openapi() -> None:
    validate_schema(generated())


def test_anybody_may_read_the_schema(db: None) -> None:
    answer = APIClient().get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert "/api/v1/measurements/" in answer.json()["paths"]


def test_every_number_of_a_summary_carries_its_definition() -> None:
    schemas = generated()["components"]["schemas"]
    for name in ("Rate", "Rates", "Skdn", "Target", "Summary"):
        for field, schema in schemas[name]["properties"].items():
            is_number = schema.get("type") in {"integer", "number", "boolean"}
            assert "description" in schema or not is_number, f"{name}.{field}"


def test_every_operation_says_what_it_is_for() -> None:
    for path, operations in generated()["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
