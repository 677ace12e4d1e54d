"""Columns that Django has not."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class BytewiseTextField(models.TextField[str, str]):
    """A text that is compared byte by byte, as SQLite does anyway, whatever language PostgreSQL sorts by."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        return parameters | {"collation": "C" if connection.vendor == "postgresql" else None}
