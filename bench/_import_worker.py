"""One phase of script/bench import in a process of its own: ``_import_worker.py PHASE FILE [ROWS [MONTHS]]``.

Prints one line of JSON: seconds of the phase alone, the peak memory of this process, and what came of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

# ruff: noqa: E402  What knows models can be imported only now.
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.urls import reverse

from bench._import_file import file_of
from bench._memory import peak_mb
from registry.errors import Refused
from registry.imports import commit
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import Report
from registry.models import Child, District, Measurement, Membership, Role, User
from registry.places.data import DISTRICT_CODE

OFFICER = "bench"


def places(_path: Path) -> dict[str, Any]:
    """An empty register: its tables, the places, and an officer of the district."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_places", stdout=StringIO())
    officer = User.objects.create(username=OFFICER)
    district = District.objects.get(pk=DISTRICT_CODE)
    Membership.objects.create(user=officer, role=Role.DISTRICT, district=district)
    return {}


def read(path: Path) -> dict[str, Any]:
    """The rows of every sheet, and no more."""
    return {"rows": sum(len(sheet.rows) for sheet in read_sheets(path.read_bytes()))}


def refuse(path: Path) -> dict[str, Any]:
    """The code of the sentence that the site shows for the file; empty for one that it would take."""
    try:
        commit.read_table(path.read_bytes())
    except Refused as refused:
        return {"code": refused.code}
    return {"code": ""}


def check(path: Path) -> dict[str, Any]:
    """What taking it in would do."""
    return _counted(commit.preview(path.read_bytes(), _officer()))


def write(path: Path) -> dict[str, Any]:
    """Taken in; how many children and measurements there are then."""
    report = commit.import_rows(path.read_bytes(), _officer())
    return _counted(report) | {
        "children": Child.objects.count(),
        "measurements": Measurement.objects.count(),
    }


def session(_path: Path) -> dict[str, Any]:
    """A session of the officer's, and the address of the page for files."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(_officer().pk), settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = _officer().get_session_auth_hash()
    store.create()
    return {"session": store.session_key, "page": reverse("registry:import")}


def _officer() -> User:
    return User.objects.get(username=OFFICER)


def _counted(report: Report) -> dict[str, Any]:
    return {"outcomes": {str(outcome): count for outcome, count in report.counts.items()}}


PHASES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "places": places,
    "read": read,
    "refuse": refuse,
    "session": session,
    "check": check,
    "write": write,
}


def main() -> None:
    phase, path, *more = sys.argv[1:]
    if phase == "make":
        made = file_of(int(more[0]), Path(path), *more[1:])
        print(json.dumps({"path": str(made)}))
        return
    start = time.perf_counter()
    found = PHASES[phase](Path(path))
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb(), **found}))


if __name__ == "__main__":
    main()
