"""Writes what is stored of an imported file: the file, its step and report, decisions and column mappings.

Which step may follow which is decided in ``registry.imports.workflow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone, translation

from registry.actions.undo_log import ImportChanges
from registry.db.batches import CHUNK
from registry.models import (
    Child,
    ColumnMapping,
    Posyandu,
    Residence,
    RowChoice,
    RowDecision,
    Upload,
    UploadPlan,
    UploadStep,
    User,
    Village,
)
from registry.models.decision import OF_ONE_ROW
from registry.name_similarity import name_key
from registry.nik import seal_bytes

RETENTION = timedelta(days=7)
"""Time after which a file that was not imported goes, and the rows that an imported one has left.

They are full of children's data. The night job removes them, and so does the owner's next file.
"""

LONGEST_FILE_NAME = 200
LONGEST_MAPPING_NAME = 60


def create_upload(
    *,
    by: User,
    file_name: str,
    content: bytes,
    keep_content: bool = True,
    kind: str = "",
    village: Village | None = None,
) -> Upload:
    """Store a new upload of ``by``; ``keep_content``: with the file itself, sealed.

    ``village``: of rows that name none, as the user has said before.
    """
    home = village or only_village_of(by)
    return Upload.objects.create(
        user=by,
        file_name=file_name[-LONGEST_FILE_NAME:],
        kind=kind,
        sha256=sha256(content).hexdigest(),
        content_sealed=seal_bytes(content) if keep_content else b"",
        answers={"village": home.pk} if home else {},
    )


def only_village_of(user: User) -> Village | None:
    """Return the village of a user who works in one alone: nobody has to ask which one a file is of."""
    villages = list(Village.objects.with_people_visible_to(user)[:2])
    return villages[0] if len(villages) == 1 else None


def discard_old_uploads(*, by: User) -> None:
    """Delete files of ``by`` that were not imported in time, and the rows that old imports have left."""
    _discard_old(Upload.objects.visible_to(by))


def discard_all_old_uploads() -> None:
    """Delete everybody's files that were not imported in time, and the rows that old imports have left."""
    _discard_old(Upload.objects.all())


def _discard_old(uploads: models.QuerySet[Upload]) -> None:
    old = timezone.now() - RETENTION
    uploads.filter(committed_at=None, created_at__lt=old).delete()
    uploads.filter(committed_at__lt=old).exclude(report_sealed=b"").update(report_sealed=b"")


def delete_upload(upload: Upload) -> None:
    """Delete a file that was not imported."""
    upload.delete()


def save_report(upload: Upload, sealed: bytes, summary: Mapping[str, Any]) -> None:
    """Store the sealed report of a check and what may be shown of it."""
    upload.report_sealed, upload.summary = sealed, dict(summary)
    upload.save(update_fields=["report_sealed", "summary"])


def save_plan(upload: Upload, sealed: bytes, state: str) -> None:
    """Store the sealed plan of a check, in place of one of an earlier check."""
    UploadPlan.objects.update_or_create(upload=upload, defaults={"sealed": sealed, "state": state})


def discard_plan(upload: Upload) -> None:
    """Delete the plan of a check, if there is one."""
    UploadPlan.objects.filter(upload=upload).delete()


def set_step(upload: Upload, step: UploadStep, problem: str = "", code: str = "") -> None:
    """Store the step of a file; ``problem`` says in the present language why it got no further."""
    upload.step, upload.moved_at = step, timezone.now()
    upload.problem, upload.problem_code = problem[:500], code
    fields = ["step", "moved_at", "problem", "problem_code"]
    if problem:
        upload.summary = {**upload.summary, "problem_language": translation.get_language()}
        fields.append("summary")
    upload.save(update_fields=fields)


def save_upload_answers(upload: Upload, *, needs_check: bool, **changes: Any) -> None:
    """Store ``changes`` among the answers of a file; None withdraws one. Then it ``needs_check``."""
    merged = {**upload.answers, **changes}
    upload.answers = {name: value for name, value in merged.items() if value is not None}
    if needs_check:
        upload.answered_at = timezone.now()
    upload.save(update_fields=["answers", "answered_at"])


def close_upload(upload: Upload, summary: Mapping[str, Any], rows_left: bytes) -> None:
    """Mark a file as imported: its content goes, the sealed report of the ``rows_left`` stays."""
    upload.summary, upload.report_sealed, upload.content_sealed = dict(summary), rows_left, b""
    upload.committed_at = timezone.now()
    upload.save(update_fields=["summary", "report_sealed", "content_sealed", "committed_at"])
    discard_plan(upload)
    set_step(upload, UploadStep.WRITTEN)


def save_changes(upload: Upload, changes: ImportChanges) -> None:
    """Store what the import changed in children who were there before, to revert it one day."""
    upload.changes_sealed = changes.seal()
    upload.save(update_fields=["changes_sealed"])


def mark_taken_back(upload: Upload, *, by: User, counts: Mapping[str, int]) -> None:
    """Mark an imported file as reverted, with how much of what it brought went and stayed."""
    upload.taken_back_at, upload.taken_back_by = timezone.now(), by
    upload.summary = {**upload.summary, "taken_back": dict(counts)}
    upload.changes_sealed = b""
    upload.save(update_fields=["taken_back_at", "taken_back_by", "summary", "changes_sealed"])


def create_posyandu(wanted: Iterable[tuple[str, str, str]]) -> list[Posyandu]:
    """Store posyandu by village code, key and name, and return them."""
    new = [Posyandu(village_id=village, key=key, name=name) for village, key, name in wanted]
    return Posyandu.objects.bulk_create(new, batch_size=CHUNK)


def save_row_decision(
    *,
    by: User,
    row_key: str,
    who_key: str,
    choice: RowChoice | None,
    child: UUID | None = None,
    day: date | None = None,
) -> None:
    """Store what ``by`` has decided about a row of a file, or delete it for a ``choice`` of None.

    A row that is left out is this very row, for the user who leaves it out; so is one that closes its child,
    which left or died that ``day``. Who a child is holds for every row that writes it so, and for everybody:
    any user who meets it can change it. Which of twins of one name a row means is known of this very row.
    """
    if choice in OF_ONE_ROW:
        of_row_alone = {"choice": choice, "child": child, "day": day}
        RowDecision.objects.update_or_create(user=by, key=row_key, defaults=of_row_alone)
        return
    # Who a child is has one answer: the latest, by any user. And it is not left out any more.
    of_row = Q(key=row_key) & (Q(user=by) | ~Q(choice__in=OF_ONE_ROW))
    RowDecision.objects.filter(Q(key=who_key) | of_row).delete()
    if choice is None:
        return
    keys = _keys_of_decision(row_key, who_key, choice, child)
    RowDecision.objects.bulk_create(RowDecision(key=key, user=by, choice=choice, child=child) for key in keys)


def _keys_of_decision(row_key: str, who_key: str, choice: RowChoice, child_id: UUID | None) -> set[str]:
    """Return the keys under which a decision is stored.

    The row's own where its child has a twin of the same name, else that of every row that writes the child
    so. Both where another child of that name may be meant in a file without birth dates, where the child
    moves not for the first time, or where nobody can say yet.
    """
    if child_id is None:
        return {who_key}
    if choice == RowChoice.MOVED:
        has_moved = Residence.objects.filter(child=child_id, until__isnull=False).exists()
        return {row_key, who_key} if has_moved else {who_key}
    child = Child.objects.filter(pk=child_id).first()
    if child is None:  # an earlier row of the file brings it
        return {row_key, who_key}
    is_near = Q(village=child.village_id) | Q(birth_date=child.birth_date, sex=child.sex)
    near = Child.objects.filter(is_near).exclude(pk=child.pk).order_by()
    near_ones = near.values_list("name", "village", "birth_date", "sex")
    same_name = [rest for name, *rest in near_ones if name_key(name) == name_key(child.name)]
    if [child.village_id, child.birth_date, child.sex] in same_name:
        return {row_key}
    return {row_key, who_key} if same_name else {who_key}


def save_column_mapping(
    *, by: User, name: str, columns: Mapping[str, int | str], header_row: int | None
) -> None:
    """Store a column mapping of the user's kabupaten under a name, in place of one of that name."""
    villages = Village.objects.with_people_visible_to(by)
    district = villages.values_list("kecamatan__district", flat=True).first()
    ColumnMapping.objects.update_or_create(
        district_id=district,
        name=name.strip()[:LONGEST_MAPPING_NAME],
        defaults={"user": by, "columns": dict(columns), "header_row": header_row},
    )
