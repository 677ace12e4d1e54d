"""Which step of a file may follow which, and what becomes of one whose worker is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from registry.models import Upload, UploadStep

WORKING = frozenset(
    {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.QUEUED, UploadStep.WRITING, UploadStep.LEAVING}
)
"""Steps in which the worker does something with a file, or will."""

NEXT_STEPS: Mapping[UploadStep, frozenset[UploadStep]] = {
    # A page asks for a check, also again; the worker begins it and ends it.
    UploadStep.WAITING: frozenset({UploadStep.WAITING, UploadStep.CHECKING}),
    UploadStep.CHECKING: frozenset({UploadStep.WAITING, UploadStep.CHECKED}),
    # The user has reviewed the report: checked again with other answers, or to be imported.
    UploadStep.CHECKED: frozenset({UploadStep.WAITING, UploadStep.QUEUED}),
    # The worker imports it; where that is refused it is reviewed again.
    UploadStep.QUEUED: frozenset({UploadStep.WRITING}),
    UploadStep.WRITING: frozenset({UploadStep.WRITTEN, UploadStep.CHECKED}),
    # The user asks for its revert; the worker does it, or says why not.
    UploadStep.WRITTEN: frozenset({UploadStep.LEAVING}),
    UploadStep.LEAVING: frozenset({UploadStep.TAKEN_BACK, UploadStep.WRITTEN}),
    UploadStep.TAKEN_BACK: frozenset(),
}

RESTARTS = {UploadStep.WRITING: UploadStep.WAITING, UploadStep.LEAVING: UploadStep.LEAVING}
"""What else a page may ask for where the worker is stuck in a step."""

STEPS_BACK = {
    UploadStep.CHECKING: UploadStep.WAITING,
    UploadStep.WRITING: UploadStep.QUEUED,
    UploadStep.LEAVING: UploadStep.LEAVING,
}
"""Where a file waits again whose worker was cut off in a step."""

STUCK = timedelta(minutes=10)
"""No step takes so long: its worker is gone, its transaction with it, and the step can begin again.

A worker that is there after all holds the lock: the second one waits for it and finds the step done.
"""


def is_stuck(upload: Upload) -> bool:
    """Return whether the worker has left the file in the middle of a step."""
    at_work = upload.step in (UploadStep.CHECKING, UploadStep.WRITING, UploadStep.LEAVING)
    return at_work and upload.moved_at is not None and timezone.now() - upload.moved_at > STUCK
