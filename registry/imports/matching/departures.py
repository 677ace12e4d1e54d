"""Rows that say their child has left or died: only a person closes a child, and says on which day."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from registry.actions.life_course import Departure
from registry.imports.answers import Decision
from registry.imports.matching.questions import NeedsAnswer, report_refused
from registry.imports.report import RowNote, RowOutcome, RowReport
from registry.imports.tables.row_read import AskedDeparture, RowRead
from registry.models import Child, ChildStatus, RowChoice, Village
from registry.nik import mask_nik
from registry.places.village_label import village_words
from registry.validation_messages import spoken_date

_STATUSES = {RowChoice.LEFT: ChildStatus.MOVED, RowChoice.DIED: ChildStatus.DIED}


def confirmed_departure(decision: Decision | None, child: Child) -> Departure | None:
    """Return the departure of ``child`` that somebody has confirmed with its day; None where nobody has."""
    if decision is None or decision.day is None:
        return None
    return Departure(child.pk, _STATUSES[decision.choice], decision.day)


def departure_question(decision: Decision | None, child: Child, asked: AskedDeparture) -> str:
    """Return what a person has to say before ``child`` is closed."""
    if decision and decision.closes:
        return _("Tulis tanggal %(name)s pindah atau meninggal.") % {"name": child.name}
    if asked.status == ChildStatus.DIED:
        return _("Baris ini menyebut %(name)s meninggal. Benarkah, dan kapan?") % {"name": child.name}
    return _(
        "Baris ini menyebut %(name)s pindah. Keluar kabupaten, dan sejak kapan? Kalau ke desa lain di "
        "kabupaten ini, catat di data anaknya, lalu lewati baris ini."
    ) % {"name": child.name}


def without_measures(row: RowRead) -> RowRead:
    """Return a row that is only asked whether its child is gone; that its values are not taken is said."""
    if row.seen is None:
        return row
    sentence = _("Nilai ukur di baris ini tidak disimpan; kalau benar, catat di data anaknya.")
    return replace(row, seen=None, notes=(*row.notes, RowNote("measures_not_taken", sentence)))


def report_departure_asked(row: RowRead, child: Child, village: Village, sentence: str) -> RowReport:
    """Return the report of a row that asks it with ``sentence``, and with its own day to begin with."""
    asked = row.departs
    code = "asks_death" if asked and asked.status == ChildStatus.DIED else "asks_moving"
    question = NeedsAnswer(code, sentence, "status", [child])
    return replace(
        report_refused(question, row.number, row.name, row.nik, keys=row.keys),
        sheet=row.sheet,
        born=row.birth_date,
        sex=row.sex.letter,
        measured_on=asked.on if asked else None,
        place=village_words(village),
        place_code=village.pk,
        notes=row.notes,
    )


def report_unknown(row: RowRead) -> RowReport:
    """Return the report of a row whose child the register does not know: it is not enrolled to be closed."""
    sentence = _("Anak ini tidak ada di register, jadi tidak didaftarkan hanya untuk ditutup.")
    return _report(row, RowOutcome.SKIPPED, "departed_unknown", sentence)


def report_not_to_close(row: RowRead, child: Child) -> RowReport | None:
    """Return the report of a row whose child cannot be closed yet, or is; None where it can."""
    if child._state.adding:
        sentence = _("Anak ini baru didaftarkan oleh berkas ini. Unggah baris ini lagi setelah disimpan.")
        return _report(row, RowOutcome.REFUSED, "departs_while_new", sentence)
    if child.is_active:
        return None
    sentence = _("%(name)s sudah tercatat %(status)s pada %(date)s.") % {
        "name": child.name,
        "status": str(child.get_status_display()).lower(),
        "date": spoken_date(child.status_date) if child.status_date else "–",
    }
    return _report(row, RowOutcome.SAME, "departed_already", sentence, child)


def report_lives_elsewhere(row: RowRead, child: Child, home: Village) -> RowReport:
    """Return the report of a row that says a child has moved, who lives elsewhere in the register."""
    sentence = _("Di register %(name)s tinggal di %(home)s, jadi tidak ditutup.")
    said = {"name": child.name, "home": village_words(home)}
    return _report(row, RowOutcome.SAME, "moved_within", sentence % said, child)


def _report(
    row: RowRead, outcome: RowOutcome, code: str, sentence: str, child: Child | None = None
) -> RowReport:
    return RowReport(
        row.number,
        outcome,
        code,
        sentence,
        row.name,
        mask_nik(row.nik),
        born=row.birth_date,
        sex=row.sex.letter,
        child_id=child.pk if child else None,
        keys=row.keys,
        notes=row.notes,
        sheet=row.sheet,
    )
