"""The report of one row that is matched: what the file says of its child, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

from registry.growth import Assessment
from registry.imports.matching.matcher import MatchedRow
from registry.imports.report import RowNote, RowOutcome, RowReport
from registry.imports.row_notes import z_differences
from registry.models import Measurement, Village
from registry.nik import mask_nik
from registry.places.village_label import village_words


def report_row(
    m: MatchedRow,
    outcome: RowOutcome,
    code: str,
    sentence: str,
    judged: Measurement | Assessment | None = None,
    notes: Sequence[RowNote] = (),
    place: Village | None = None,
) -> RowReport:
    """Return it; ``judged`` has the z-scores of its values, ``place`` where the child lived that day."""
    row, village = m.row, place or m.village
    return RowReport(
        number=row.number,
        sheet=row.sheet,
        outcome=outcome,
        code=code,
        sentence=sentence,
        name=row.name,
        nik=mask_nik(row.nik),
        place=village_words(village),
        place_code=village.pk,
        measured_on=row.seen.measured_on if row.seen else None,
        born=row.birth_date,
        sex=row.sex.letter,
        weight_kg=row.seen.weight_kg if row.seen else None,
        lenhei_cm=row.seen.lenhei_cm if row.seen else None,
        child_id=m.child.id,
        keys=row.keys,
        notes=(*row.notes, *m.notes, *notes),
        differences=tuple(z_differences(row.file_z, judged)) if judged else (),
    )
