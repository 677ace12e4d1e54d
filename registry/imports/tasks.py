"""What takes long with a file, done by the worker (docs/adr/0009): checked, imported, reverted."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from registry.actions import revert_import
from registry.actions.uploads import set_step
from registry.db.outage import is_outage
from registry.errors import Refused
from registry.imports import row_writers, workflow
from registry.imports.progress import (
    STAGES_OF_CHECK,
    STAGES_OF_COMMIT,
    STAGES_OF_REVERT,
    Stage,
    UploadProgress,
)
from registry.models import Upload, UploadStep, User
from registry.observability.log_lines import format_trace
from registry.observability.request_id import current_request_id

logger = logging.getLogger(__name__)


def start_check(upload: Upload) -> None:
    """Have the file checked; what it would do is then stored with it.

    The worker logs each task under the ``request_id`` of the request that asked for it.
    """
    check.enqueue(str(upload.pk), _language(), request_id=current_request_id())


def start_commit(
    *, by: User, upload_id: UUID, mark: str, outcomes: Sequence[str] = (), places: Sequence[str] = ()
) -> None:
    """Have the file, or only rows of these outcomes and villages, imported as the check of ``mark`` found it.

    A second request changes nothing. Raises as :func:`workflow.enqueue_commit`.
    """
    if workflow.enqueue_commit(by=by, upload_id=upload_id, mark=mark, outcomes=outcomes, places=places):
        write.enqueue(str(upload_id), _language(), request_id=current_request_id())


def start_revert(*, by: User, upload_id: UUID) -> None:
    """Have what the file brought taken back. Raises as :func:`workflow.transition`."""
    if workflow.transition(by=by, upload_id=upload_id, to=UploadStep.LEAVING):
        take_back.enqueue(str(upload_id), _language(), request_id=current_request_id())


class CutOff(Exception):
    """The database went in the middle of a task, which begins again when it is back (``worker``)."""


class TaskFault(Exception):
    """A fault of ours in a task, as the log has it: what is stored with the task quotes no values either."""


@contextmanager
def _without_values() -> Iterator[None]:
    """Raise CutOff where the database cannot answer, and TaskFault for any other fault, once it is logged."""
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise CutOff from None
        logger.exception("a task failed")
        raise TaskFault(format_trace(error)) from None


@task()
@_without_values()
def check(upload_id: str, language: str, request_id: str = "") -> None:
    upload = _find_upload(upload_id)
    if upload is not None and workflow.transition(
        by=upload.user, upload_id=upload.pk, to=UploadStep.CHECKING
    ):
        with translation.override(language), _store_fault(upload, UploadStep.CHECKED):
            workflow.check(upload, UploadProgress(upload, STAGES_OF_CHECK))


@task()
@_without_values()
def write(upload_id: str, language: str, request_id: str = "") -> None:
    upload = _find_upload(upload_id)
    if upload is None or not workflow.transition(by=upload.user, upload_id=upload.pk, to=UploadStep.WRITING):
        return
    # All reasons that stay with a file are in the language it was checked in, also those of a part.
    language = upload.summary.get("language") or language
    with translation.override(language), _store_fault(upload, UploadStep.CHECKED):
        progress = UploadProgress(upload, STAGES_OF_COMMIT)
        try:
            workflow.commit(by=upload.user, upload_id=upload.pk, progress=progress)
        except Refused as refused:
            workflow.fail(upload, refused)


@task()
@_without_values()
def take_back(upload_id: str, language: str, request_id: str = "") -> None:
    upload = _find_upload(upload_id)
    if upload is None or upload.step != UploadStep.LEAVING:
        return
    with translation.override(language), _store_fault(upload, UploadStep.WRITTEN):
        progress = UploadProgress(upload, STAGES_OF_REVERT)
        progress.begin(Stage.LEAVING, upload.measurements.count())
        try:
            if writer := row_writers.find_writer(upload.kind):
                row_writers.revert(writer, by=upload.user, upload_id=upload.pk)
            else:
                revert_import(
                    by=upload.user,
                    upload_id=upload.pk,
                    progress=progress.advance,
                    counting=progress.count_months,
                )
            set_step(upload, UploadStep.TAKEN_BACK)
        except Refused as refused:
            set_step(upload, UploadStep.WRITTEN, refused.message)


@contextmanager
def _store_fault(upload: Upload, step: UploadStep) -> Iterator[None]:
    """Show a fault of ours on the page of the file, which does not wait for ever; the log has the rest.

    Each step is one transaction, so the file is again where it was before it.
    """
    try:
        yield
    except Exception as error:
        if not is_outage(error):
            set_step(upload, step, fault_sentence(), "failed")
        raise


def fault_sentence() -> str:
    """Return what the page of a file says after a fault of ours."""
    return _(
        "Ada kesalahan di server; tidak ada yang berubah. Coba lagi, atau beri tahu administrator kabupaten."
    )


def _find_upload(upload_id: str) -> Upload | None:
    """Return None for a file that was discarded while its task waited."""
    return Upload.objects.select_related("user").filter(pk=upload_id).first()


def _language() -> str:
    """Return the language of the present user, for what the worker finds to say."""
    return translation.get_language() or "id"
