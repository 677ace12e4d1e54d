"""One phase of script/bench import in a process of its own: ``_import_worker.py PHASE FILE [ROWS KIND]``.

Prints one line of JSON: the milliseconds of the phase alone, and what came of it.
"""

from __future__ import annotations

import json
import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

# ruff: noqa: E402  What knows models can be imported only now.
from django.core.management import call_command
from django.db import connection

from bench._import_file import make_file
from bench._import_kinds import FileKind
from bench._timing import time_ms
from registry.errors import Refused
from registry.imports import commit, workflow
from registry.models import Child, District, Measurement, Membership, Role, Upload, UploadStep, User
from registry.places.data import DISTRICT_CODE

OFFICER = "bench"


def prepare(path: Path, rows: str, kind: str) -> dict[str, Any]:
    """Make the file unless it is there from before, and an empty register: tables, places and an officer."""
    if not path.exists():
        make_file(path, int(rows), FileKind(kind))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_places", stdout=StringIO())
    officer = User.objects.create(username=OFFICER)
    district = District.objects.get(pk=DISTRICT_CODE)
    Membership.objects.create(user=officer, role=Role.DISTRICT, district=district)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute; the bench's server has none
    return {}


def refuse(path: Path) -> dict[str, Any]:
    """Return the code of the sentence that the site shows for the file; empty for one that it would take."""
    try:
        commit.read_tables(path.read_bytes())
    except Refused as refused:
        return {"code": refused.code}
    return {"code": ""}


def upload(path: Path) -> dict[str, Any]:
    """Hand the file in: the page says at once whether it can be read."""
    workflow.create_upload(
        by=User.objects.get(username=OFFICER), file_name=path.name, content=path.read_bytes()
    )
    return {}


def check(_path: Path) -> dict[str, Any]:
    """Return the outcomes that saving the file would have."""
    one = Upload.objects.get()
    workflow.transition(by=one.user, upload_id=one.pk, to=UploadStep.CHECKING)
    workflow.check(one)
    return {"outcomes": one.summary["outcomes"]}


def save(_path: Path) -> dict[str, Any]:
    """Save the file and return the outcomes and how many children and measurements there are then."""
    one = Upload.objects.get()
    workflow.enqueue_commit(by=one.user, upload_id=one.pk, mark=one.summary["mark"])
    workflow.transition(by=one.user, upload_id=one.pk, to=UploadStep.WRITING)
    saved = workflow.commit(by=one.user, upload_id=one.pk)
    stored = {"children": Child.objects.count(), "measurements": Measurement.objects.count()}
    return {"outcomes": saved.summary["outcomes"], **stored}


def main() -> None:
    name, path, *more = sys.argv[1:]
    phase = {"prepare": prepare, "refuse": refuse, "upload": upload, "check": check, "save": save}[name]
    milliseconds, found = time_ms(lambda: phase(Path(path), *more))  # type: ignore[operator]
    print(json.dumps({"milliseconds": milliseconds, **found}))


if __name__ == "__main__":
    main()
