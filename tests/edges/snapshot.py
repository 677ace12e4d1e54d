"""Compares what the register gives to others with small committed files."""

from __future__ import annotations

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, found: object) -> None:
    """Compare ``found`` with the file ``name``.json, or write that file where RENEW_SNAPSHOTS=1 is set."""
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    file = FOLDER / f"{name}.json"
    if os.environ.get("RENEW_SNAPSHOTS") == "1":
        file.write_text(text, encoding="utf-8")
    changed = f"{file.name} differs; if that is meant: RENEW_SNAPSHOTS=1 script/test --sqlite tests/edges"
    assert text == file.read_text(encoding="utf-8"), changed
