"""A file between being handed in and being taken in: sealed, its owner's only, gone afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.actions import Conflict, Refused
from registry.actions.door import locked_upload
from registry.models import Upload, UploadStep, User
from registry.nik import InvalidToken, seal_bytes, unseal_bytes
from registry.spreadsheets import take_in
from registry.spreadsheets.kept_report import sealed_report, unsealed_report
from registry.spreadsheets.report import TAKEN, Report

KEPT_DAYS = 7
"""A file nobody takes in is full of children's data and of no use: thrown away with the owner's next one."""

_LONGEST_NAME = 200


def hand_in(*, by: User, file_name: str, content: bytes) -> Upload:
    """Keep a file, sealed, until ``by`` has looked at what it would do.

    Raises :class:`registry.actions.Invalid` with a sentence for a file that cannot be read.
    """
    take_in.table_of(content)
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    Upload.objects.visible_to(by).filter(committed_at=None, created_at__lt=old).delete()
    return _upload(by, file_name, content, sealed=seal_bytes(content))


def _upload(by: User, file_name: str, content: bytes, sealed: bytes = b"") -> Upload:
    return Upload.objects.create(
        user=by,
        file_name=file_name[-_LONGEST_NAME:],
        sha256=sha256(content).hexdigest(),
        content_sealed=sealed,
    )


def taken_in_before(upload: Upload) -> Upload | None:
    """The last time the very same file was taken in, by anybody: they hold the same file."""
    same = Upload.objects.filter(sha256=upload.sha256, committed_at__isnull=False).exclude(pk=upload.pk)
    return same.order_by("committed_at").last()


def preview(upload: Upload) -> Report:
    """What taking in ``upload`` would do: as it was found when it was checked, else now. Writes nothing."""
    if upload.report_sealed:
        try:
            return unsealed_report(bytes(upload.report_sealed))
        except InvalidToken:
            raise _unreadable() from None
    return take_in.preview(_content_of(upload), upload.user)


def check(upload: Upload) -> None:
    """Look at what ``upload`` would do and keep that with it; a refusal of the whole file is its problem."""
    try:
        report = take_in.preview(_content_of(upload), upload.user)
    except Refused as refused:
        stop(upload, UploadStep.CHECKED, refused.message)
        return
    upload.report_sealed, upload.summary = sealed_report(report), report.summary()
    upload.save(update_fields=["report_sealed", "summary"])
    stop(upload, UploadStep.CHECKED)


_BEFORE = {
    UploadStep.CHECKING: {UploadStep.WAITING},
    UploadStep.WAITING: {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.CHECKED},
    UploadStep.QUEUED: {UploadStep.CHECKED},
    UploadStep.WRITING: {UploadStep.QUEUED},
    UploadStep.LEAVING: {UploadStep.WRITTEN},
}
"""From which steps a file can go to each."""


def move(*, by: User, upload_id: UUID, to: UploadStep) -> bool:
    """Let the file go to the next step; False when it is there or further already.

    Raises NotFound for an upload that is not of ``by``, Conflict where that step cannot follow.
    """
    with transaction.atomic():
        upload = locked_upload(by=by, upload_id=upload_id)
        if upload.step in _BEFORE[to]:
            stop(upload, to)
            return True
    order = list(UploadStep)
    if order.index(UploadStep(upload.step)) >= order.index(to):
        return False
    raise Conflict("not_ready", _("Berkas ini masih dikerjakan. Tunggu sampai selesai, lalu coba lagi."))


def stop(upload: Upload, step: UploadStep, problem: str = "") -> None:
    """The file is at ``step`` from now on; ``problem`` is why it got no further."""
    upload.step, upload.moved_at, upload.problem = step, timezone.now(), problem[:500]
    upload.save(update_fields=["step", "moved_at", "problem"])


def rows_of(upload: Upload) -> int:
    """How many rows taking the file in would write, as it was checked."""
    counts: dict[str, int] = upload.summary.get("outcomes", {})
    return sum(counts.get(outcome, 0) for outcome in TAKEN)


def commit(*, by: User, upload_id: UUID, progress: Callable[[int], None] = lambda done: None) -> Upload:
    """Take the file in, once: committing again changes nothing. The file is gone afterwards.

    Raises NotFound for an upload that is not of ``by``, and as :func:`take_in.take_in`.
    """
    with transaction.atomic():
        upload = locked_upload(by=by, upload_id=upload_id)
        if upload.committed_at is None:
            report = take_in.take_in(_content_of(upload), by, upload, progress)
            _close(upload, report)
    return upload


def take_in_at_once(
    *, by: User, file_name: str, content: bytes, progress: Callable[[int], None] = lambda done: None
) -> Report:
    """Take a file in without a look before, as scripts do. Raises as :func:`take_in.take_in`."""
    with transaction.atomic():
        upload = _upload(by, file_name, content)
        report = take_in.take_in(content, by, upload, progress)
        _close(upload, report)
    return report


def discard(*, by: User, upload_id: UUID) -> None:
    """Throw away a file that was not taken in. Raises NotFound, and Conflict for one that was."""
    with transaction.atomic():
        upload = locked_upload(by=by, upload_id=upload_id)
        if upload.committed_at is not None:
            raise Conflict("committed", _("Berkas ini sudah disimpan, jadi tidak bisa dibuang."))
        upload.delete()


def _close(upload: Upload, report: Report) -> None:
    upload.summary = report.summary()
    upload.committed_at = timezone.now()
    upload.content_sealed = upload.report_sealed = b""
    upload.step, upload.moved_at, upload.problem = UploadStep.WRITTEN, timezone.now(), ""
    upload.save()


def _content_of(upload: Upload) -> bytes:
    try:
        return unseal_bytes(bytes(upload.content_sealed))
    except InvalidToken:
        raise _unreadable() from None


def _unreadable() -> Conflict:
    return Conflict("unreadable", _("Berkas ini tidak bisa dibuka lagi. Buang, lalu unggah ulang."))
