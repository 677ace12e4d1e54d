"""Opens what the walk through the site's own links does not reach: the API and the admin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from tests.edges.conftest import VILLAGE, SignIn

OPENAPI = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
READ = [path for path, operations in OPENAPI["paths"].items() if "get" in operations]
TABLES = [model for model in apps.get_models() if admin.site.is_registered(model)]


def known(name: str) -> Any:
    """The key of a row of the register that the kader of the demo may see."""
    return apps.get_model("registry", name).objects.filter(village=VILLAGE).order_by("pk").first().pk


@pytest.mark.parametrize("path", READ)
def test_the_api_answers(sign_in: SignIn, path: str) -> None:
    code = VILLAGE[:8] if "/kecamatan/" in path else VILLAGE
    row = known("Measurement" if "/measurements/{id}" in path else "Child")
    for query in ("", "&search=a", "&month=2024-07&page_size=3"):
        answer = sign_in("kabupaten").get(
            f"{path.format(code=code, id=row)}?reason=setiap+alamat+dijawab{query}"
        )
        assert answer.status_code == 200, answer.content.decode()


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_the_admin_lists_and_searches(sign_in: SignIn, model: type[Model]) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for query in ("", "?q=kesugihan"):
        assert sign_in("admin").get(address + query).status_code == 200
