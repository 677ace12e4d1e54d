"""What takes long with a file, done by the worker (docs/adr/0009): checked, taken in, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from registry.actions import Refused, take_back_upload
from registry.models import Upload, UploadStep, User
from registry.spreadsheets import uploads

_KEPT_SECONDS = 24 * 60 * 60


def start_check(upload: Upload) -> None:
    """Have the file looked at; what it would do is then kept with it."""
    check.enqueue(str(upload.pk), _language())


def start_commit(*, by: User, upload_id: UUID) -> None:
    """Have the file taken in; asked again while that is done, or afterwards, it changes nothing.

    Raises NotFound for an upload that is not of ``by``, Conflict for one that is not looked at yet.
    """
    if uploads.move(by=by, upload_id=upload_id, to=UploadStep.QUEUED):
        write.enqueue(str(upload_id), _language())


def start_taking_back(*, by: User, upload_id: UUID) -> None:
    """Have what the file brought taken back. Raises as :func:`start_commit`."""
    if uploads.move(by=by, upload_id=upload_id, to=UploadStep.LEAVING):
        take_back.enqueue(str(upload_id), _language())


def how_far(upload: Upload) -> tuple[int, int] | None:
    """Rows done and all rows of the present step; None where that is not known."""
    found: tuple[int, int] | None = caches["progress"].get(_key(upload.pk))
    return found


@task()
def check(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is not None and uploads.move(by=upload.user, upload_id=upload.pk, to=UploadStep.CHECKING):
        with translation.override(language), _told_of_failure(upload, UploadStep.CHECKED):
            uploads.check(upload)


@task()
def write(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is None or not uploads.move(by=upload.user, upload_id=upload.pk, to=UploadStep.WRITING):
        return
    with translation.override(language), _told_of_failure(upload, UploadStep.CHECKED):
        try:
            uploads.commit(
                by=upload.user, upload_id=upload.pk, progress=_told(upload, uploads.rows_of(upload))
            )
        except Refused as refused:
            uploads.stop(upload, UploadStep.CHECKED, refused.message)


@task()
def take_back(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is None or upload.step != UploadStep.LEAVING:
        return
    with translation.override(language), _told_of_failure(upload, UploadStep.WRITTEN):
        try:
            all_rows = upload.measurements.count()
            take_back_upload(by=upload.user, upload_id=upload.pk, progress=_told(upload, all_rows))
            uploads.stop(upload, UploadStep.TAKEN_BACK)
        except Refused as refused:
            uploads.stop(upload, UploadStep.WRITTEN, refused.message)


@contextmanager
def _told_of_failure(upload: Upload, step: UploadStep) -> Iterator[None]:
    """A fault of ours is told on the page of the file, which would else wait for ever; the log has the rest.

    Each step is one transaction, so the file is again where it was before it.
    """
    try:
        yield
    except Exception:
        sentence = _("Ada kesalahan di server; tidak ada yang berubah. Coba lagi, atau beri tahu admin.")
        uploads.stop(upload, step, sentence, "failed")
        raise


def _upload(upload_id: str) -> Upload | None:
    """None for one that was thrown away while its task waited."""
    return Upload.objects.select_related("user").filter(pk=upload_id).first()


def _language() -> str:
    """Of whoever asks, for what the worker finds to say."""
    return translation.get_language() or "id"


def _told(upload: Upload, all_rows: int) -> Callable[[int], Any]:
    """Tells how far a step is. Not to the database: that step holds its one transaction until the end."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        caches["progress"].set(_key(upload.pk), (min(done, all_rows), all_rows), _KEPT_SECONDS)

    tell(0)
    return tell


def _key(upload_id: UUID) -> str:
    return f"upload-{upload_id}"
