"""Grading the measurements of a month: in the night, since a cadre's save must not wait for it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from registry.db.bulk_insert import insert_rows
from registry.figures.quality import grade_groups, reasons_of, taken_in
from registry.models import QualityMonth


@transaction.atomic
def grade_month(month: date) -> int:
    """Grade every village, posyandu and recorder of ``month`` again; return how many groups were graded."""
    QualityMonth.objects.filter(month=month).delete()
    rows = [
        QualityMonth(
            village_id=found.village_id,
            month=month,
            posyandu_id=found.posyandu_id,
            recorder_id=found.recorder_id,
            count=found.quality.count,
            grade=found.quality.grade,
            points=found.quality.points,
            possible=found.quality.possible,
            reasons=reasons_of(found.quality),
        )
        for found in grade_groups(taken_in(month))
    ]
    insert_rows(rows)
    return len(rows)
