"""The steps of a file from upload to import and, where it must be, to its revert.

``upload_steps`` says which step may follow which. ``registry.actions.uploads`` writes, ``tasks`` works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from registry.access.loaders import get_upload_for_update
from registry.access.reading import noting_readings
from registry.actions import uploads
from registry.actions.nik_tries import FILE_PATH, require_few_niks_elsewhere
from registry.actions.read_log import store_readings
from registry.actions.uploads import set_step
from registry.errors import Conflict, Refused
from registry.imports import commit as file_commit
from registry.imports import review
from registry.imports.answers import (
    LEAVE_OUT,
    NO_ANSWERS,
    Decision,
    ImportAnswers,
    RowKeys,
    answers_of,
    decisions_for,
)
from registry.imports.counted import counts_of
from registry.imports.known_places import KnownPlaces
from registry.imports.plan import ImportPlan
from registry.imports.progress import Progress
from registry.imports.report import NOT_TAKEN, Report, RowReport
from registry.imports.report_storage import ReportOutdated, seal_report, unseal_report
from registry.imports.row_writers import RowWriter, find_writer, try_rows
from registry.imports.saved_plan import pickle_plan, save_checked_plan
from registry.imports.upload_steps import NEXT_STEPS, RESTARTS, is_stuck
from registry.models import Upload, UploadPlan, UploadStep, User, Village
from registry.nik import InvalidToken, unseal_bytes

COLUMNS_UNKNOWN = frozenset({"header_missing", "columns_missing", "columns_repeated", "place_column_unread"})
"""Codes of refusals of a whole file that go away once a user has said what its columns are."""


def transition(*, by: User, upload_id: UUID, to: UploadStep) -> bool:
    """Let the file go to the next step; return False when it is there or further already.

    Raises NotFound for an upload that is not of ``by``, Conflict where that step cannot follow.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        step = UploadStep(upload.step)
        if to == UploadStep.QUEUED and step == UploadStep.CHECKED:
            _require_checked(upload)
        if to in NEXT_STEPS[step] or (is_stuck(upload) and RESTARTS.get(step) == to):
            set_step(upload, to)
            return True
    order = list(UploadStep)
    if order.index(step) >= order.index(to):
        return False
    raise _not_ready()


def create_upload(
    *, by: User, file_name: str, content: bytes, kind: str = "", village: Village | None = None
) -> Upload:
    """Store a file, sealed, until ``by`` has reviewed what it would do.

    Raises :class:`registry.errors.Invalid` with a sentence for a file that cannot be read. One whose columns
    are not known is stored: a user can say which they are. ``kind``: that of a registered RowWriter;
    ``village``: of rows that name none.
    """
    try:
        if writer := find_writer(kind):
            writer.read(content)
        else:
            file_commit.read_tables(content, places=KnownPlaces.of_user(by))
    except Refused as refused:
        if refused.code not in COLUMNS_UNKNOWN:
            raise
    uploads.discard_old_uploads(by=by)
    return uploads.create_upload(by=by, file_name=file_name, content=content, kind=kind, village=village)


def discard(*, by: User, upload_id: UUID) -> None:
    """Delete a file that was not imported. Raises NotFound, and Conflict for one that was."""
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.committed_at is not None:
            raise Conflict("committed", _("Berkas ini sudah disimpan, jadi tidak bisa dihapus."))
        uploads.delete_upload(upload)


# --- Checked, and answered --------------------------------------------------------------------------------


def check(upload: Upload, progress: Progress | None = None) -> None:
    """Store what importing ``upload`` would do, with its review token; a refusal of it is its problem."""
    answers = answers_of(upload)
    try:
        with noting_readings() as readings:
            report, plan, state = _check_rows(upload, answers, progress)
        store_readings(upload.user, readings, FILE_PATH)
        require_few_niks_elsewhere(upload.user, len(readings.niks), len(report.rows))
    except Refused as refused:
        uploads.save_report(upload, b"", {})
        set_step(upload, UploadStep.CHECKED, refused.message, refused.code)
        return
    tokens = {
        "mark": review.review_token(report, upload.answers, answers.decisions),
        "decided": review.decisions_token(report, answers.decisions),
    }
    uploads.save_report(upload, seal_report(report), {**_summary(report, upload.kind), **tokens})
    del report  # it goes before the plan is sealed: a large file has a large one
    pickled = pickle_plan(plan) if plan and state else b""
    del plan  # and the plan before its pickle is sealed
    save_checked_plan(upload, pickled, state)
    set_step(upload, UploadStep.CHECKED)


def _check_rows(
    upload: Upload, answers: ImportAnswers, progress: Progress | None
) -> tuple[Report, ImportPlan | None, str]:
    """Return as :func:`registry.imports.commit.check`; files of another kind keep no plan."""
    writer = find_writer(upload.kind)
    if writer is None:
        return file_commit.check(upload, content_of(upload), answers=answers, progress=progress)
    return try_rows(writer, upload, content_of(upload), answers, progress), None, ""


def _summary(report: Report, kind: str) -> dict[str, Any]:
    """Return the counts of a report, with the language that its sentences are in."""
    counts = {} if kind else {"counts": counts_of(report)}
    return {**report.summary(), **counts, "language": translation.get_language()}


def preview(upload: Upload) -> Report:
    """Return what importing ``upload`` would do: as its check found it, else now. Writes nothing."""
    if upload.report_sealed:
        try:
            return unseal_report(bytes(upload.report_sealed))
        except InvalidToken:
            raise _unreadable() from None
        except ReportOutdated as outdated:
            raise Conflict("outdated", str(outdated)) from None
    return file_commit.preview(content_of(upload), upload.user, answers=answers_of(upload))


def save_answers(
    *,
    by: User,
    upload_id: UUID,
    decisions: Mapping[RowKeys, Decision | None] | None = None,
    **changes: Any,
) -> None:
    """Store answers about a file and decisions about its rows; None withdraws one. It needs a new check.

    Raises NotFound for an upload that is not of ``by``, Conflict for one that is being written.
    """
    decisions = decisions or {}
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step != UploadStep.CHECKED:
            raise _not_ready()
        before = upload.answers
        uploads.save_upload_answers(upload, needs_check=True, **changes)
        if upload.report_sealed and review.changes_row_keys(before, upload.answers):
            decisions = _rekey(upload, decisions)
        for keys, decision in decisions.items():
            save_decision(by=by, keys=keys, decision=decision)


def save_decision(*, by: User, keys: RowKeys, decision: Decision | None) -> None:
    """Store what ``by`` has decided about one row, or delete it for None."""
    choice, child, day = (decision.choice, decision.child, decision.day) if decision else (None,) * 3
    uploads.save_row_decision(by=by, row_key=keys.row, who_key=keys.who, choice=choice, child=child, day=day)


def _rekey(upload: Upload, decisions: review.RowDecisions) -> review.RowDecisions:
    """Return ``decisions`` about the reviewed rows under the keys that the answers of now give them."""
    answers = answers_of(upload)
    reviewed, left_out = preview(upload), answers.decisions
    is_left_out = any(left_out.get(row.keys.row) == LEAVE_OUT for row in reviewed.rows)
    if upload.kind or not (decisions or is_left_out):
        return decisions
    keys = file_commit.keys_of(content_of(upload), upload.user, answers=answers)
    return review.rekey(reviewed, keys, decisions, left_out)


def select_part(*, by: User, upload_id: UUID, outcomes: Sequence[str], places: Sequence[str]) -> None:
    """Store the part that ``by`` wants to import, for the page to show where it cannot be imported yet.

    Raises NotFound for an upload that is not of ``by``.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step == UploadStep.CHECKED:
            wanted = {"outcomes": list(outcomes), "places": list(places)}
            uploads.save_upload_answers(upload, needs_check=False, wanted=wanted)


# --- Imported ---------------------------------------------------------------------------------------------


def enqueue_commit(
    *, by: User, upload_id: UUID, mark: str, outcomes: Sequence[str] = (), places: Sequence[str] = ()
) -> bool:
    """Let the file be imported as the check of that ``mark`` found it; return False for a second click.

    Only rows of these outcomes and villages, all without any. Raises NotFound for an upload that is not of
    ``by``, Conflict where nobody has reviewed what would be written now.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.step == UploadStep.CHECKED:
            _require_reviewed(upload, mark)
            part = {"outcomes": list(outcomes), "places": list(places)} if outcomes or places else None
            uploads.save_upload_answers(upload, needs_check=False, part=part)
        return transition(by=by, upload_id=upload_id, to=UploadStep.QUEUED)


def _require_checked(upload: Upload) -> None:
    if upload.is_answered_since or upload.problem_code:
        raise Conflict("not_checked", _("Belum semuanya diperiksa. Periksa lagi dulu, baru simpan."))


def _require_reviewed(upload: Upload, mark: str) -> None:
    """Raise Conflict unless the check of that ``mark`` still holds."""
    _require_checked(upload)
    if not mark or mark != upload.summary.get("mark"):
        raise Conflict(
            "checked_since",
            _("Berkas ini diperiksa lagi sejak halaman itu dibuka. Lihat dulu hasilnya, lalu simpan."),
        )
    if pending := why_to_check_again(upload, preview(upload)):
        raise Conflict("decided_since", pending)


def why_to_check_again(upload: Upload, report: Report) -> str:
    """Return why the report cannot be saved as it is; empty when it can."""
    if upload.is_answered_since:
        return _("Ada pilihan Anda yang belum diperiksa. Periksa lagi, lalu simpan.")
    if not upload.summary.get("mark"):
        return str(ReportOutdated())
    if upload.summary.get("decided") != review.decisions_token(report, decisions_for(upload.user)):
        return _("Ada keputusan tentang baris ini sejak berkas ini diperiksa. Periksa lagi, lalu simpan.")
    return ""


def commit(*, by: User, upload_id: UUID, progress: Progress | None = None) -> Upload:
    """Import the file, once: committing again changes nothing. The file is gone afterwards.

    Raises NotFound for an upload that is not of ``by``, Conflict where it would write what its check has not
    shown, and as :func:`registry.imports.commit.import_rows`.
    """
    with transaction.atomic():
        upload = get_upload_for_update(by=by, upload_id=upload_id)
        if upload.committed_at is None:
            _close(upload, _import(upload, progress))
    return upload


def _import(upload: Upload, progress: Progress | None) -> Report:
    """Import the rows that are chosen, or all, and return their report."""
    answers, part = answers_of(upload), upload.answers.get("part")
    if writer := find_writer(upload.kind):
        return _import_by(writer, upload, answers, part, progress)
    if part:
        return _import_part(upload, answers, part, progress)
    if UploadPlan.objects.filter(upload=upload).exists():
        reviewed = preview(upload)
        _require_its_token(upload, reviewed, answers)
        if file_commit.import_checked(upload, reviewed, progress):
            return reviewed
    return file_commit.import_rows(
        content_of(upload),
        upload.user,
        upload,
        answers=answers,
        progress=progress,
        approve=lambda now: _require_its_token(upload, now, answers),
    )


def _import_part(
    upload: Upload, answers: ImportAnswers, part: Mapping[str, Any], progress: Progress | None
) -> Report:
    reviewed = preview(upload)
    _require_its_token(upload, reviewed, answers)
    only = review.chosen_row_keys(reviewed, part["outcomes"], part["places"])
    report = file_commit.import_rows(
        content_of(upload),
        upload.user,
        upload,
        answers=replace(answers, only=only),
        progress=progress,
        approve=lambda now: review.require_unchanged(now, reviewed),
    )
    return review.restore_reasons(report, reviewed)


def _import_by(
    writer: RowWriter,
    upload: Upload,
    answers: ImportAnswers,
    part: Mapping[str, Any] | None,
    progress: Progress | None,
) -> Report:
    reviewed = preview(upload)
    _require_its_token(upload, reviewed, answers)
    if part:
        only = review.chosen_row_keys(reviewed, part["outcomes"], part["places"])
        answers = replace(answers, only=only)
    report = writer.write(upload, content_of(upload), answers, progress or Progress())
    if part:
        review.require_unchanged(report, reviewed)
    else:
        _require_its_token(upload, report, answers)
    return review.restore_reasons(report, reviewed)


def _require_its_token(upload: Upload, report: Report, answers: ImportAnswers) -> None:
    if upload.summary.get("mark") != review.review_token(report, upload.answers, answers.decisions):
        raise review.register_changed()


def fail(upload: Upload, refused: Refused) -> None:
    """Store why the file could not be imported. Its check does not hold where the register has changed."""
    if refused.code == review.CHANGED:
        upload.summary = {**upload.summary, "mark": ""}
    set_step(upload, UploadStep.CHECKED, refused.message)


def import_at_once(
    *,
    by: User,
    file_name: str,
    content: bytes,
    answers: ImportAnswers = NO_ANSWERS,
    progress: Progress | None = None,
    approve: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Import a file in one step, as scripts do. ``approve`` and what is raised: as ``commit.import_rows``."""
    with transaction.atomic():
        upload = uploads.create_upload(by=by, file_name=file_name, content=content, keep_content=False)
        report = file_commit.import_rows(
            content, by, upload, answers=answers, progress=progress, approve=approve
        )
        _close(upload, report)
    return report


def _close(upload: Upload, report: Report) -> None:
    not_chosen = sum(row.code == review.NOT_CHOSEN for row in report.rows)
    left = [row for row in report.rows if row.outcome in NOT_TAKEN]
    sealed = seal_report(replace(report, rows=left)) if left else b""
    uploads.close_upload(upload, {**_summary(report, upload.kind), "not_chosen": not_chosen}, sealed)


# --- Looked up --------------------------------------------------------------------------------------------


def find_earlier_import(upload: Upload) -> Upload | None:
    """Return the last import of the very same file, by any user: they hold the same file."""
    same = Upload.objects.filter(sha256=upload.sha256, committed_at__isnull=False, taken_back_at=None)
    same = same.exclude(pk=upload.pk)
    return same.order_by("committed_at").last()


def list_rows_not_taken(upload: Upload) -> Sequence[RowReport]:
    """Return the rows of an imported file that were not stored; none once they are discarded."""
    try:
        return preview(upload).rows if upload.report_sealed else ()
    except Conflict:
        return ()


def content_of(upload: Upload) -> bytes:
    """Return the file itself. Raises Conflict where it cannot be unsealed any more."""
    try:
        sealed = Upload.objects.values_list("content_sealed", flat=True).get(pk=upload.pk)
        return unseal_bytes(bytes(sealed))
    except InvalidToken:
        raise _unreadable() from None


def _unreadable() -> Conflict:
    return Conflict("unreadable", _("Berkas ini tidak bisa dibuka lagi. Hapus, lalu unggah ulang."))


def _not_ready() -> Conflict:
    return Conflict("not_ready", _("Berkas ini masih dikerjakan. Tunggu sampai selesai, lalu coba lagi."))
