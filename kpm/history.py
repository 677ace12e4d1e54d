"""The measurements of one child in order, with what each one asks for. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpm.advice import Advice, advise
from kpm.early_birth import CorrectedScores, corrected_notes, corrected_scores
from registry.calendar_months import add_months, month_of
from registry.growth import GainCode, month_gain_code, twice_not_gained
from registry.models import Child, Measurement
from registry.remarks import remark_words, remarks_of


@dataclass(frozen=True, slots=True)
class History:
    """Every measurement of a child: ``rows`` newest first, ``in_force`` oldest first."""

    child: Child
    rows: Sequence[Measurement]
    in_force: Sequence[Measurement]

    @property
    def pending_choice(self) -> Measurement | None:
        """Return the newest value that waits to be chosen from; None when nothing does."""
        return next((m for m in self.rows if m.is_pending_choice), None)

    def same_day(self, measurement: Measurement) -> list[Measurement]:
        """Return the values of that day to be chosen from, the one in force first; else none."""
        pending = [m for m in self.rows if m.is_pending_choice and m.measured_on == measurement.measured_on]
        in_force = [m for m in self.in_force if m.measured_on == measurement.measured_on]
        return in_force + pending if pending else []

    def advice_on(self, measurement: Measurement) -> Advice:
        """Return what ``measurement`` asks for, knowing the months before it."""
        month = month_of(measurement.measured_on)
        last_two = [self._gain_in(add_months(month, -1)), self._gain_in(month)]
        days_since = self.days_since_last_month(measurement)
        advice = advise(measurement, twice_not_gained=twice_not_gained(last_two), days_since=days_since)
        corrected = corrected_scores(self.child, measurement)
        notes = corrected_notes(measurement, corrected) if corrected else []
        return replace(advice, notes=(*notes, *advice.notes))

    @property
    def lines(self) -> list[tuple[Measurement, CorrectedScores | None, list[str]]]:
        """Return ``rows``, each with its scores by the corrected age, if any, and its remarks in words."""
        return [
            (m, corrected_scores(self.child, m), [remark_words(remark) for remark in remarks_of(m)])
            for m in self.rows
        ]

    def days_since_last_month(self, measurement: Measurement) -> int:
        """Return how few days ago the child was weighed last month, where that makes an O; else 0."""
        if measurement.gain != GainCode.O or measurement.waz_flag:
            return 0
        month = add_months(month_of(measurement.measured_on), -1)
        days = [
            m.measured_on
            for m in self.in_force
            if m.weight_kg is not None and not m.waz_flag and month_of(m.measured_on) == month
        ]
        return (measurement.measured_on - max(days)).days if days else 0

    def _gain_in(self, month: date) -> GainCode | None:
        codes = [m.gain for m in self.in_force if m.gain and month_of(m.measured_on) == month]
        return GainCode(month_gain_code(codes)) if codes else None


def history_of(child: Child) -> History:
    """Return all measurements of ``child``: one query."""
    rows = list(
        child.measurements.select_related("recorded_by", "voided_by", "village", "superseded_by").order_by(
            "-measured_on", "-received_at"
        )
    )
    return History(child, rows=rows, in_force=[m for m in reversed(rows) if m.is_in_force])


def say_what_counts(measurement: Measurement) -> str:
    """Return which values are in force on the day of ``measurement``; if none are, the child's newest."""
    in_force = measurement.child.measurements.in_force().order_by("-measured_on")
    found = in_force.filter(measured_on=measurement.measured_on).first()
    if found:
        return _("Yang berlaku sekarang: %(values)s, %(day)s.") % _values_and_day(found)
    nothing = _("Untuk %(day)s sekarang tidak ada hasil yang berlaku.") % _values_and_day(measurement)
    newest = in_force.first()
    if newest is None:
        return nothing
    last = _("Hasil terakhir yang berlaku: %(values)s, %(day)s.") % _values_and_day(newest)
    return f"{nothing} {last}"


def _values_and_day(m: Measurement) -> dict[str, str]:
    values = unescape(render_to_string("kpm/partials/values.html", {"m": m}).strip())
    return {"values": values, "day": date_format(m.measured_on, "j F Y")}


def latest_advice(history: History) -> Advice | None:
    """Return advice on the newest measurement in force."""
    return history.advice_on(history.in_force[-1]) if history.in_force else None
