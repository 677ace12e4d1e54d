"""Files that are no lists of measurements: an app above says here how their rows are read and written.

They go the same way as any other (docs/adr/0019): sealed, checked, reviewed, written, reverted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise

from registry.access.loaders import get_upload_for_update
from registry.actions import uploads
from registry.errors import Conflict
from registry.imports.answers import ImportAnswers
from registry.imports.progress import Progress
from registry.imports.report import Report
from registry.models import Upload, User


class RowWriter(Protocol):
    """Reads and writes the files of one ``kind``; ``words``: what their page says they were read as."""

    @property
    def kind(self) -> str: ...

    @property
    def words(self) -> str | Promise: ...

    def read(self, content: bytes) -> None:
        """Raise Invalid with a sentence for a file that has no table of this kind."""

    def write(self, upload: Upload, content: bytes, answers: ImportAnswers, progress: Progress) -> Report:
        """Store every row that can be, and say what became of each. A check rolls it back."""

    def revert(self, *, by: User, upload: Upload) -> Mapping[str, int]:
        """Take out what the file has brought and nobody has worked with since: counts by name."""


_writers: dict[str, RowWriter] = {}


def register_writer(writer: RowWriter) -> None:
    """Let files of its kind be imported."""
    _writers[writer.kind] = writer


def find_writer(kind: str) -> RowWriter | None:
    """Return the writer of a kind of file; None for measurements."""
    return _writers[kind] if kind else None


def try_rows(
    writer: RowWriter, upload: Upload, content: bytes, answers: ImportAnswers, progress: Progress | None
) -> Report:
    """Return what writing the file would do: it is done, and undone."""
    with transaction.atomic():
        report = writer.write(upload, content, answers, progress or Progress())
        transaction.set_rollback(True)
    return report


def revert(writer: RowWriter, *, by: User, upload_id: UUID) -> None:
    """Take back what the file has brought, once. Raises NotFound, Conflict."""
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.committed_at is None:
            raise Conflict.of("not_committed")
        if upload.taken_back_at is None:
            uploads.mark_taken_back(upload, by=by, counts=writer.revert(by=by, upload=upload))
