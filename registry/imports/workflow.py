"""A file between being handed in and being taken in: sealed, its owner's only, gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registry.access.loaders import get_upload_for_update
from registry.errors import Conflict, Refused
from registry.imports import answer_storage, review_token
from registry.imports import commit as file_commit
from registry.imports.answer_storage import answers_of, decisions_for, with_answers
from registry.imports.answers import LEAVE_OUT, NO_ANSWERS, Decision, ImportAnswers, RowKeys
from registry.imports.progress import Told, nobody
from registry.imports.rekey import carried, gives_other_keys
from registry.imports.report import NOT_TAKEN, Report, RowReport
from registry.imports.report_storage import sealed_report, unsealed_report
from registry.models import Upload, UploadStep, User, Village
from registry.nik import InvalidToken, seal_bytes, unseal_bytes

KEPT_DAYS = 7
"""A file nobody takes in, and the rows that one taken in has left, are full of children's data and of no use
later: thrown away with the owner's next file.
"""

COLUMNS_UNKNOWN = frozenset({"header_missing", "columns_missing", "columns_repeated"})
"""Codes of refusals of a whole file that go away once somebody has said what its columns are."""

NOT_CHOSEN = "not_chosen"
"""Code of the rows that are not of the part that was saved."""

_LONGEST_NAME = 200


def hand_in(*, by: User, file_name: str, content: bytes) -> Upload:
    """Keep a file, sealed, until ``by`` has looked at what it would do.

    Raises :class:`registry.errors.Invalid` with a sentence for a file that cannot be read. One whose columns
    are not known is kept: somebody can say which they are.
    """
    try:
        file_commit.table_of(content)
    except Refused as refused:
        if refused.code not in COLUMNS_UNKNOWN:
            raise
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    mine = Upload.objects.visible_to(by)
    mine.filter(committed_at=None, created_at__lt=old).delete()
    mine.filter(committed_at__lt=old).exclude(report_sealed=b"").update(report_sealed=b"")
    return _upload(by, file_name, content, sealed=seal_bytes(content))


def _upload(by: User, file_name: str, content: bytes, sealed: bytes = b"") -> Upload:
    return Upload.objects.create(
        user=by,
        file_name=file_name[-_LONGEST_NAME:],
        sha256=sha256(content).hexdigest(),
        content_sealed=sealed,
        answers={"village": home.pk} if (home := only_village_of(by)) else {},
    )


def only_village_of(user: User) -> Village | None:
    """Whoever works in one village is not asked of which one a file is."""
    villages = list(Village.objects.with_people_visible_to(user)[:2])
    return villages[0] if len(villages) == 1 else None


def taken_in_before(upload: Upload) -> Upload | None:
    """The last time the very same file was taken in, by anybody: they hold the same file."""
    same = Upload.objects.filter(sha256=upload.sha256, committed_at__isnull=False, taken_back_at=None)
    same = same.exclude(pk=upload.pk)
    return same.order_by("committed_at").last()


def preview(upload: Upload) -> Report:
    """What taking in ``upload`` would do: as it was found when it was checked, else now. Writes nothing."""
    if upload.report_sealed:
        try:
            return unsealed_report(bytes(upload.report_sealed))
        except InvalidToken:
            raise _unreadable() from None
    return file_commit.preview(content_of(upload), upload.user, asked=answers_of(upload))


def rows_left(upload: Upload) -> Sequence[RowReport]:
    """The rows of a file taken in that were not stored, and why; none once that is thrown away."""
    if not upload.report_sealed:
        return ()
    try:
        return unsealed_report(bytes(upload.report_sealed)).rows
    except InvalidToken:
        return ()


def check(upload: Upload, told: Told = nobody) -> None:
    """Look at what ``upload`` would do and keep that with it, with its mark (see ``looked_at``); a refusal of
    the whole file is its problem.
    """
    asked = answers_of(upload)
    try:
        report = file_commit.preview(content_of(upload), upload.user, asked=asked, told=told)
    except Refused as refused:
        upload.report_sealed, upload.summary = b"", {}
        upload.save(update_fields=["report_sealed", "summary"])
        stop(upload, UploadStep.CHECKED, refused.message, refused.code)
        return
    upload.report_sealed, upload.summary = sealed_report(report), _summary(report)
    upload.summary["mark"] = review_token.mark_of(report, upload.answers, asked.decisions)
    upload.summary["decided"] = review_token.decided_of(report, asked.decisions)
    upload.save(update_fields=["report_sealed", "summary"])
    stop(upload, UploadStep.CHECKED)


def _summary(report: Report) -> dict[str, Any]:
    """Of a report whose sentences are in the language of now."""
    return {**report.summary(), "language": translation.get_language()}


_BEFORE = {
    UploadStep.CHECKING: {UploadStep.WAITING},
    UploadStep.WAITING: {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.CHECKED},
    UploadStep.QUEUED: {UploadStep.CHECKED},
    UploadStep.WRITING: {UploadStep.QUEUED},
    UploadStep.LEAVING: {UploadStep.WRITTEN},
}
"""From which steps a file can go to each."""

_AGAIN = {UploadStep.WAITING: UploadStep.WRITING, UploadStep.LEAVING: UploadStep.LEAVING}
STUCK = timedelta(minutes=10)
"""No step takes so long: whoever did it is gone, its transaction with it, and it can be begun again. Should
it be there after all, the second one waits for it and finds it done.
"""


def is_stuck(upload: Upload) -> bool:
    """The worker has left the file in the middle of a step."""
    at_work = upload.step in (UploadStep.CHECKING, UploadStep.WRITING, UploadStep.LEAVING)
    return at_work and upload.moved_at is not None and timezone.now() - upload.moved_at > STUCK


def move(*, by: User, upload_id: UUID, to: UploadStep) -> bool:
    """Let the file go to the next step; False when it is there or further already.

    Raises NotFound for an upload that is not of ``by``, Conflict where that step cannot follow.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if to == UploadStep.QUEUED and upload.step == UploadStep.CHECKED:
            _must_be_checked(upload)
        again = is_stuck(upload) and upload.step == _AGAIN.get(to)
        if again or upload.step in _BEFORE[to]:
            stop(upload, to)
            return True
    order = list(UploadStep)
    if order.index(UploadStep(upload.step)) >= order.index(to):
        return False
    raise _not_ready()


def _must_be_checked(upload: Upload) -> None:
    if upload.is_answered_since or upload.problem_code:
        raise Conflict("not_checked", _("Belum semuanya diperiksa. Periksa lagi dulu, baru simpan."))


def _not_ready() -> Conflict:
    return Conflict("not_ready", _("Berkas ini masih dikerjakan. Tunggu sampai selesai, lalu coba lagi."))


def stop(upload: Upload, step: UploadStep, problem: str = "", code: str = "") -> None:
    """The file is at ``step`` from now on; ``problem`` is why it got no further, in the language of now."""
    upload.step, upload.moved_at = step, timezone.now()
    upload.problem, upload.problem_code = problem[:500], code
    fields = ["step", "moved_at", "problem", "problem_code"]
    if problem:
        upload.summary = {**upload.summary, "problem_language": translation.get_language()}
        fields.append("summary")
    upload.save(update_fields=fields)


def answer(*, by: User, upload_id: UUID, **changes: Any) -> None:
    """Keep what ``by`` has answered of a file (see ``answers``); None withdraws an answer. It is to be
    checked again afterwards.

    Raises NotFound for an upload that is not of ``by``, Conflict for one that is being written.
    """
    decide(by=by, upload_id=upload_id, decisions={}, **changes)


def decide(
    *, by: User, upload_id: UUID, decisions: Mapping[RowKeys, Decision | None], **changes: Any
) -> None:
    """Remember what ``by`` has decided about rows of a file, None forgets it, and what was answered of the
    file with it. Raises as :func:`answer`.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step != UploadStep.CHECKED:
            raise _not_ready()
        before, upload.answers = upload.answers, with_answers(upload.answers, **changes)
        if upload.report_sealed and gives_other_keys(before, upload.answers):
            decisions = _carried(upload, decisions)
        upload.answered_at = timezone.now()
        upload.save(update_fields=["answers", "answered_at"])
        for keys, decision in decisions.items():
            answer_storage.decide(by=by, keys=keys, decision=decision)


def _carried(
    upload: Upload, decisions: Mapping[RowKeys, Decision | None]
) -> Mapping[RowKeys, Decision | None]:
    """``decisions`` about the rows that were looked at, under the keys that the answers of now give them."""
    asked = answers_of(upload)
    seen, left_out = preview(upload), asked.decisions
    if not decisions and not any(left_out.get(row.keys.row) == LEAVE_OUT for row in seen.rows):
        return decisions
    return carried(
        seen, file_commit.keys_of(content_of(upload), upload.user, asked=asked), decisions, left_out
    )


def prefer(*, by: User, upload_id: UUID, outcomes: Sequence[str], places: Sequence[str]) -> None:
    """Remember the part that ``by`` wants to save, for the page to show again where it cannot be saved yet.
    Raises NotFound for an upload that is not of ``by``.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step == UploadStep.CHECKED:
            wanted = {"outcomes": list(outcomes), "places": list(places)}
            upload.answers = with_answers(upload.answers, wanted=wanted)
            upload.save(update_fields=["answers"])


def queue(
    *, by: User, upload_id: UUID, mark: str, outcomes: Sequence[str] = (), places: Sequence[str] = ()
) -> bool:
    """Let the file be taken in as the check of that ``mark`` found it: only rows of these outcomes and
    villages, all without any. False for a second click: what the first one chose is being written.

    Raises NotFound for an upload that is not of ``by``, Conflict where nobody has looked at what would be
    written now.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step == UploadStep.CHECKED:
            _must_be_looked_at(upload, mark)
            part = {"outcomes": list(outcomes), "places": list(places)} if outcomes or places else None
            upload.answers = with_answers(upload.answers, part=part)
            upload.save(update_fields=["answers"])
        return move(by=by, upload_id=upload_id, to=UploadStep.QUEUED)


def _must_be_looked_at(upload: Upload, mark: str) -> None:
    """Raises Conflict unless the check of that ``mark`` still holds."""
    _must_be_checked(upload)
    if not mark or mark != upload.summary.get("mark"):
        raise Conflict(
            "checked_since",
            _("Berkas ini diperiksa lagi sejak halaman itu dibuka. Lihat dulu hasilnya, lalu simpan."),
        )
    if pending := why_to_check_again(upload, preview(upload), decisions_for(upload.user)):
        raise Conflict("decided_since", pending)


def why_to_check_again(upload: Upload, report: Report, decisions: Mapping[str, Decision]) -> str:
    """Why what was found is not to be saved as it is; empty when it can be. ``decisions``: those of now."""
    if upload.is_answered_since:
        return _("Ada pilihan Anda yang belum diperiksa. Periksa lagi, lalu simpan.")
    if not upload.summary.get("mark"):
        return _("Hasil periksa ini tidak berlaku lagi. Periksa lagi, lalu simpan.")
    if upload.summary.get("decided") != review_token.decided_of(report, decisions):
        return _("Ada keputusan tentang baris ini sejak berkas ini diperiksa. Periksa lagi, lalu simpan.")
    return ""


def commit(
    *,
    by: User,
    upload_id: UUID,
    told: Told = nobody,
) -> Upload:
    """Take the file in, once: committing again changes nothing. The file is gone afterwards.

    Raises NotFound for an upload that is not of ``by``, Conflict where it would write what its check has not
    shown, and as :func:`registry.imports.commit.take_in`.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.committed_at is None:
            _close(upload, _taken_in(upload, told))
    return upload


def _taken_in(upload: Upload, told: Told) -> Report:
    """The report of the rows that are chosen, or of all."""
    asked, part = answers_of(upload), upload.answers.get("part")
    seen = preview(upload) if part else None
    if part and seen:
        _must_have_its_mark(upload, seen, asked)
        asked = replace(asked, only=answer_storage.part_of(seen, part["outcomes"], part["places"]))

    def agreed(now: Report) -> None:
        if seen:
            review_token.must_be_as_seen(now, seen)
        else:
            _must_have_its_mark(upload, now, asked)

    report = file_commit.take_in(
        content_of(upload), upload.user, upload, asked=asked, told=told, agreed=agreed
    )
    return review_token.with_reasons(report, seen) if seen else report


def _must_have_its_mark(upload: Upload, report: Report, asked: ImportAnswers) -> None:
    if upload.summary.get("mark") != review_token.mark_of(report, upload.answers, asked.decisions):
        raise review_token.changed()


def refuse(upload: Upload, refused: Refused) -> None:
    """It could not be taken in, and says why. What it was checked for does not hold any more where the
    register has changed.
    """
    if refused.code == review_token.CHANGED:
        upload.summary = {**upload.summary, "mark": ""}
    stop(upload, UploadStep.CHECKED, refused.message)


def take_in_at_once(
    *,
    by: User,
    file_name: str,
    content: bytes,
    asked: ImportAnswers = NO_ANSWERS,
    told: Told = nobody,
) -> Report:
    """Take a file in without a look before, as scripts do. Raises as ``commit.take_in``."""
    with transaction.atomic():
        upload = _upload(by, file_name, content)
        report = file_commit.take_in(content, by, upload, asked=asked, told=told)
        _close(upload, report)
    return report


def discard(*, by: User, upload_id: UUID) -> None:
    """Throw away a file that was not taken in. Raises NotFound, and Conflict for one that was."""
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.committed_at is not None:
            raise Conflict("committed", _("Berkas ini sudah disimpan, jadi tidak bisa dibuang."))
        upload.delete()


def _close(upload: Upload, report: Report) -> None:
    not_chosen = sum(row.code == NOT_CHOSEN for row in report.rows)
    upload.summary = {**_summary(report), "not_chosen": not_chosen}
    upload.committed_at = timezone.now()
    upload.content_sealed = b""
    left = [row for row in report.rows if row.outcome in NOT_TAKEN]
    upload.report_sealed = sealed_report(replace(report, rows=left)) if left else b""
    upload.step, upload.moved_at, upload.problem = UploadStep.WRITTEN, timezone.now(), ""
    upload.save()


def content_of(upload: Upload) -> bytes:
    """The file itself. Raises Conflict where it cannot be unsealed any more."""
    try:
        return unseal_bytes(bytes(upload.content_sealed))
    except InvalidToken:
        raise _unreadable() from None


def _unreadable() -> Conflict:
    return Conflict("unreadable", _("Berkas ini tidak bisa dibuka lagi. Buang, lalu unggah ulang."))
