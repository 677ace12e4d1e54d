"""Holds the name and the pattern of every address: bookmarks, phones and other systems have them.

After a change that is meant: RENEW_SNAPSHOTS=1 script/test --sqlite tests/edges
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from tests.edges.snapshot import assert_snapshot
from tests.edges.urls import named_urls


def test_every_address_keeps_its_name() -> None:
    assert_snapshot("urls", sorted(f"{name}  {pattern}" for name, pattern in named_urls()))


def test_the_committed_openapi_file_is_the_one_the_code_gives() -> None:
    out = StringIO()
    call_command("spectacular", stdout=out)
    committed = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
    changed = "run: manage.py spectacular --file docs/openapi.yaml"
    assert committed.read_text(encoding="utf-8").strip() == out.getvalue().strip(), changed
