"""Programs of the product in their own process, in front of the test's database."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection


def database_url() -> str:
    """Return where the test's database is, as ``DATABASE_URL``."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given, _question, query = os.environ["DATABASE_URL"].partition("?")
    return f"{given.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def product_env(tmp_path: Path, **settings: str) -> dict[str, str]:
    """Return an environment with the product's own settings."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "cilacap_stunting.settings",
        "PROGRESS_CACHE_URL": f"filecache://{tmp_path / 'progress'}",
        "SQLITE_TIMEOUT": "1",
        **settings,
    }
