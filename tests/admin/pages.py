"""Addresses of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse


def address(model: type[Model], page: str, *args: Any) -> str:
    """Such as ``address(Village, "change", "33.01.02.2009")``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
