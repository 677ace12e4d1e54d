"""The plan of a large checked file, which is stored as it is when nothing that it rests on has changed.

To read, match and judge 130,000 rows again would take most of the time of their import (docs/adr/0011).
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Max
from django.utils import timezone

from registry.actions.uploads import discard_plan, save_plan
from registry.imports.plan import ImportPlan
from registry.imports.report_storage import CompressedFile
from registry.models import Child, Measurement, Residence, Upload, UploadPlan, User, Village
from registry.nik import InvalidToken, seal_bytes, unseal_bytes

FEWEST_BYTES = 300_000
"""A smaller file, of up to some 2,000 rows, is planned again as soon as the register is looked through."""


def register_state(user: User) -> str:
    """Return a digest of all that matching and judging read: while it is the same, so is what they find.

    That is the day, the program, what ``user`` may see, the children there with all that is known of them,
    their residences, and how many measurements they have, which are added and superseded but never edited.
    """
    children = Child.objects.visible_to(user).order_by("pk").values_list()
    measured = Measurement.objects.visible_to(user).order_by("state").values_list("state")
    lived = Residence.objects.filter(child__in=Child.objects.visible_to(user).order_by())
    villages = Village.objects.with_people_visible_to(user).order_by("pk")
    digest = sha256(f"{timezone.localdate()} {_program()} {user.pk}".encode())
    for rows in (
        villages.values_list("pk"),
        children.iterator(),
        measured.annotate(Count("pk"), Max("received_at"), Max("voided_at")),
        lived.order_by("pk").values_list("pk", "village", "since", "until").iterator(),
    ):
        _add(digest, rows)
    return digest.hexdigest()


def _add(digest: Any, rows: Iterable[object]) -> None:
    for row in rows:
        digest.update(repr(row).encode())
    digest.update(b"\n")


@cache
def _program() -> str:
    """Return a digest of the register's own code: after an update, rules may be others."""
    folder = Path(apps.get_app_config("registry").path)
    files = sorted(folder.rglob("*.py"))
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in files)).hexdigest()


class _PlanPickler(pickle.Pickler):
    """Pickles models by their own attributes: Django copies those of each, and a large plan has 200,000."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, models.Model):
            return _new_model, (type(obj),), obj.__dict__, None, None, _set_attributes
        return NotImplemented


def _new_model(model: type[models.Model]) -> models.Model:
    return model.__new__(model)


def _set_attributes(one: models.Model, attributes: dict[str, Any]) -> None:
    one.__dict__ = attributes


def pickle_plan(plan: ImportPlan) -> bytes:
    """Return ``plan`` pickled and compressed."""
    compressed = CompressedFile()
    _PlanPickler(compressed).dump(plan)
    return compressed.content()


def save_checked_plan(upload: Upload, pickled: bytes, state: str) -> None:
    """Store a pickled plan, sealed, with the state of the register that it was made in.

    Without a ``state``, a plan stored before goes.
    """
    if state:
        save_plan(upload, seal_bytes(pickled), state)
    else:
        discard_plan(upload)


def find_checked_plan(upload: Upload, state: str) -> ImportPlan | None:
    """Return the plan that :func:`save_checked_plan` stored; None without one of that ``state``."""
    saved = UploadPlan.objects.filter(upload=upload, state=state).first()
    if saved is None:
        return None
    try:
        # Only what this very program has sealed with its own keys.
        plan: ImportPlan = pickle.loads(zlib.decompress(unseal_bytes(bytes(saved.sealed))))  # noqa: S301
    except InvalidToken:
        return None
    return plan
