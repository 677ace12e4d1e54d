"""Holds the admin's pages and the values that the database has for each choice.

After a change that is meant: RENEW_SNAPSHOTS=1 script/test --sqlite tests/edges
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.test import RequestFactory

from tests.edges.snapshot import assert_snapshot


def our_models() -> list[type[Model]]:
    """The models of this project's apps, by name."""
    found = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    return sorted(found, key=lambda model: model._meta.label)


OURS = {"registry", "kpm", "dashboard", "demo"}


def choices_of(model: type[Model]) -> Iterator[tuple[str, dict[str, str]]]:
    for field in model._meta.get_fields():
        if choices := getattr(field, "flatchoices", None):
            yield (
                f"{model._meta.label_lower}.{field.name}",
                {str(value): str(label) for value, label in choices},
            )


def test_the_values_of_every_choice() -> None:
    assert_snapshot("choices", dict(pair for model in our_models() for pair in choices_of(model)))


def label_of(name: Any, model: type[Model], page: admin.ModelAdmin[Any]) -> str:
    """A column or field in words; the name of a field that only the form has."""
    try:
        return str(label_for_field(name, model, page))
    except AttributeError:
        return str(name)


def filter_of(part: Any) -> str:
    """A filter by its field, or by its words where it is a class."""
    part = part[0] if isinstance(part, (list, tuple)) else part
    return part if isinstance(part, str) else str(part.title)


def admin_page(model: type[Model]) -> dict[str, list[str]]:
    """What the list and the form of a table show to a superuser."""
    page, request = admin.site.get_model_admin(model), RequestFactory().get("/admin/")
    request.user = get_user_model()(is_superuser=True, is_staff=True)
    return {
        "columns": [label_of(name, model, page) for name in page.get_list_display(request)],
        "filters": [filter_of(part) for part in page.get_list_filter(request)],
        "search": list(page.get_search_fields(request)),
        "new": [label_of(n, model, page) for n in flatten_fieldsets(page.get_fieldsets(request))],
        "change": [label_of(n, model, page) for n in flatten_fieldsets(page.get_fieldsets(request, model()))],
        "inlines": [
            str(inline.model._meta.verbose_name_plural) for inline in page.get_inlines(request, None)
        ],
    }


def test_every_page_of_the_admin() -> None:
    models = [model for model in apps.get_models() if admin.site.is_registered(model)]
    pages = {model._meta.label_lower: admin_page(model) for model in models}
    assert_snapshot(
        "admin", {name: {k: " | ".join(v) for k, v in pages[name].items()} for name in sorted(pages)}
    )
