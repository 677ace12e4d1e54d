"""The children that rows of a file close, as somebody has decided, on a day that can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import LifeCourse, MeasurementPlan, OutcomeKind
from registry.actions.life_course import Departure
from registry.actions.residences import require_possible
from registry.errors import Invalid
from registry.imports.matching.departures import report_departure_asked
from registry.imports.matching.matcher import MatchedRow
from registry.imports.report import RowOutcome, RowReport
from registry.imports.row_reports import report_row
from registry.models import ChildStatus
from registry.validation_messages import spoken_date

_CLOSED: Mapping[ChildStatus, tuple[str, Promise]] = {
    ChildStatus.DIED: ("died_by_choice", gettext_lazy("Tercatat meninggal pada %(date)s.")),
    ChildStatus.MOVED: (
        "left_by_choice",
        gettext_lazy("Tercatat pindah keluar kabupaten pada %(date)s."),
    ),
}


class DeparturePlanner:
    """Closes each child once, beside the ``measurements`` of the same file."""

    def __init__(self, measurements: MeasurementPlan) -> None:
        self._moving = measurements.moving
        self._last_day: dict[UUID, date] = {}  # of each child with a measurement to be stored
        for outcome in measurements.outcomes:
            if outcome.kind == OutcomeKind.NEW:
                pk, day = outcome.entry.child.id, outcome.entry.observation.measured_on
                self._last_day[pk] = max(day, self._last_day.get(pk, day))
        self._departures: dict[UUID, Departure] = {}

    def all(self) -> list[Departure]:
        """Return those of the rows that were reported."""
        return list(self._departures.values())

    def report(self, m: MatchedRow, departure: Departure) -> RowReport:
        """Return what becomes of a row that closes its child; a day that cannot be is asked for again."""
        if m.child.id in self._departures:
            sentence = _("Baris lain berkas ini sudah menutup anak ini.")
            return report_row(m, RowOutcome.SAME, "same_in_file", sentence)
        if m.child.id in self._moving:
            sentence = _("Anak ini pindah desa menurut berkas ini. Unggah baris ini lagi setelah disimpan.")
            return report_row(m, RowOutcome.REFUSED, "departs_while_moving", sentence)
        last = self._last_day.get(m.child.id)
        try:
            require_possible(m.child, departure.close(LifeCourse.of(m.child)), [last] if last else ())
        except Invalid as invalid:
            return report_departure_asked(m.row, m.child, m.village, invalid.message)
        self._departures[m.child.id] = departure
        code, words = _CLOSED[departure.status]
        return report_row(m, RowOutcome.COMPLETED, code, words % {"date": spoken_date(departure.on)})
