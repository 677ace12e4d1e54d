"""What takes long with a file, done by the worker (docs/adr/0009): checked, taken in, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.cache import caches
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from registry.actions import take_back_upload
from registry.errors import Refused
from registry.imports import workflow
from registry.imports.progress import OF_A_CHECK, OF_LEAVING, OF_WRITING, Stage, counted
from registry.models import Upload, UploadStep, User

_KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ProgressState:
    """How far a step is: its ``stage``, the ``number``-th of ``of``, and of its ``rows`` (0 where not known;
    months where figures are counted) so many ``done``, which only some stages tell.
    """

    stage: Stage
    number: int
    of: int
    rows: int = 0
    done: int | None = None

    @property
    def share(self) -> float:
        """Of the whole step, from 0 to 1."""
        inside = self.done / self.rows if self.done and self.rows else 0
        return (self.number - 1 + inside) / self.of


def start_check(upload: Upload) -> None:
    """Have the file looked at; what it would do is then kept with it."""
    check.enqueue(str(upload.pk), _language())


def start_commit(
    *, by: User, upload_id: UUID, mark: str, outcomes: Sequence[str] = (), places: Sequence[str] = ()
) -> None:
    """Have the file, or only rows of these outcomes and villages, taken in as the check of that ``mark``
    found it; asked again while that is done, or afterwards, it changes nothing. Raises as
    :func:`workflow.queue`.
    """
    if workflow.queue(by=by, upload_id=upload_id, mark=mark, outcomes=outcomes, places=places):
        write.enqueue(str(upload_id), _language())


def start_taking_back(*, by: User, upload_id: UUID) -> None:
    """Have what the file brought taken back. Raises as :func:`workflow.move`."""
    if workflow.move(by=by, upload_id=upload_id, to=UploadStep.LEAVING):
        take_back.enqueue(str(upload_id), _language())


def how_far(upload: Upload) -> ProgressState | None:
    """How far the present step is; None where that is not known."""
    found = caches["progress"].get(_key(upload.pk))
    return found if isinstance(found, ProgressState) else None


@task()
def check(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is not None and workflow.move(by=upload.user, upload_id=upload.pk, to=UploadStep.CHECKING):
        with translation.override(language), _told_of_failure(upload, UploadStep.CHECKED):
            workflow.check(upload, _Progress(upload, OF_A_CHECK).tell)


@task()
def write(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is None or not workflow.move(by=upload.user, upload_id=upload.pk, to=UploadStep.WRITING):
        return
    # All reasons that stay with a file are in the language it was checked in, also those of a part.
    language = upload.summary.get("language") or language
    with translation.override(language), _told_of_failure(upload, UploadStep.CHECKED):
        progress = _Progress(upload, OF_WRITING)
        try:
            workflow.commit(by=upload.user, upload_id=upload.pk, told=progress.tell)
        except Refused as refused:
            workflow.refuse(upload, refused)


@task()
def take_back(upload_id: str, language: str) -> None:
    upload = _upload(upload_id)
    if upload is None or upload.step != UploadStep.LEAVING:
        return
    with translation.override(language), _told_of_failure(upload, UploadStep.WRITTEN):
        try:
            tell = _Progress(upload, OF_LEAVING).tell
            take_back_upload(
                by=upload.user,
                upload_id=upload.pk,
                progress=counted(tell, Stage.LEAVING, upload.measurements.count()),
                counting=partial(tell, Stage.COUNTING),
            )
            workflow.stop(upload, UploadStep.TAKEN_BACK)
        except Refused as refused:
            workflow.stop(upload, UploadStep.WRITTEN, refused.message)


@contextmanager
def _told_of_failure(upload: Upload, step: UploadStep) -> Iterator[None]:
    """A fault of ours is told on the page of the file, which would else wait for ever; the log has the rest.

    Each step is one transaction, so the file is again where it was before it.
    """
    try:
        yield
    except Exception:
        sentence = _("Ada kesalahan di server; tidak ada yang berubah. Coba lagi, atau beri tahu admin.")
        workflow.stop(upload, step, sentence, "failed")
        raise


def _upload(upload_id: str) -> Upload | None:
    """None for one that was thrown away while its task waited."""
    return Upload.objects.select_related("user").filter(pk=upload_id).first()


def _language() -> str:
    """Of whoever asks, for what the worker finds to say."""
    return translation.get_language() or "id"


class _Progress:
    """Tells how far a step is. Not to the database: that step holds its one transaction until the end."""

    def __init__(self, upload: Upload, stages: Sequence[Stage]) -> None:
        self._key, self._stages = _key(upload.pk), stages
        self.tell(stages[0])

    def tell(self, stage: Stage, rows: int = 0, done: int | None = None, /) -> None:
        found = ProgressState(stage, self._stages.index(stage) + 1, len(self._stages), rows, done)
        caches["progress"].set(self._key, found, _KEPT_SECONDS)


def _key(upload_id: UUID) -> str:
    return f"upload-{upload_id}"
