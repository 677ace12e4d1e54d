"""The family's growth card: the charts, the newest measurements and the next steps, said to the family.

Pure: reads what :func:`kpm.history.history_of` has loaded, touches no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpm.advice import Advice, Step
from kpm.chart import GrowthChart, draw_charts
from kpm.history import History, latest_advice
from registry.growth import SexCode, completed_months, under_five
from registry.models import Child, Measurement

NEWEST = 12
"""Measurements in the card's table: a year of weighing, and what one page holds."""
# The KMS is a weight chart: it comes first and large.
ORDER = ("waz", "haz", "whz")
# Breast milk alone until six completed months (WHO; the KIA book of Kemenkes).
FOOD_FROM_MONTH = 6


@dataclass(frozen=True, slots=True)
class CardRow:
    """One measurement of the table, its weight gain and its status in words."""

    measurement: Measurement
    gain: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the page draws. ``rows`` newest first; ``older``: measurements that no longer fit."""

    charts: Sequence[GrowthChart]
    rows: Sequence[CardRow]
    older: int
    latest: Measurement | None
    advice: Advice | None
    steps: Sequence[str]


def card_of(child: Child, history: History, age_days: int) -> Card:
    """Return the card of ``child`` at ``age_days``, today; without a measurement, an empty one."""
    in_force = history.in_force
    charts = sorted(
        draw_charts(SexCode(child.sex), in_force, near=True), key=lambda chart: ORDER.index(chart.key)
    )
    advice = latest_advice(history)
    rows = [_row(history, m) for m in reversed(in_force[-NEWEST:])]
    steps = family_steps(advice.steps, age_days) if advice and child.is_active else []
    if steps and charts[0].aim and under_five(age_days):
        steps.append(charts[0].aim)
    return Card(
        charts=charts,
        rows=rows,
        older=len(in_force) - len(rows),
        latest=in_force[-1] if in_force else None,
        advice=advice,
        steps=steps,
    )


def family_steps(steps: Sequence[Step], age_days: int) -> list[str]:
    """Return the next steps as sentences to the family; past five nobody is asked back to the posyandu."""
    return [
        family_words(step, age_days) for step in steps if step is not Step.KEEP_ON or under_five(age_days)
    ]


def family_words(step: Step, age_days: int) -> str:
    """Return a next step as a sentence to a child's family; food by its age in days."""
    food = (
        _("Beri makan sesuai umur dengan lauk hewani setiap hari, misalnya telur, ikan, ayam atau hati.")
        if completed_months(age_days) >= FOOD_FROM_MONTH
        else _("Beri ASI saja sampai umur 6 bulan, sesering anak mau.")
    )
    return {
        Step.MEASURE_AGAIN: _("Ada hasil yang perlu dipastikan. Minta kader mengukur sekali lagi."),
        Step.REFER_TODAY: _("Bawa anak hari ini juga ke bidan desa atau puskesmas."),
        Step.REFER: _("Bawa anak minggu ini ke bidan desa atau puskesmas untuk diperiksa."),
        Step.COUNSEL: food + " " + _("Kalau anak sakit atau sulit makan, ceritakan kepada bidan."),
        Step.KEEP_ON: _("Datang lagi ke posyandu bulan depan untuk ditimbang dan diukur."),
        Step.COMPLETE: _("Berat atau panjang/tinggi belum diukur. Minta kader melengkapinya."),
    }[step]


def _row(history: History, m: Measurement) -> CardRow:
    advice = history.advice_on(m)
    return CardRow(measurement=m, gain=_gain(m), kind=advice.chip, word=advice.word)


def _gain(m: Measurement) -> str:
    return f"{m.get_gain_display()} ({m.gain})" if m.gain else ""
