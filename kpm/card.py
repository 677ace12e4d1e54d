"""The family's growth card: the charts, the newest measurements and the next steps, said to the family.

Pure: reads what :func:`kpm.history.history_of` has loaded, touches no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpm.advice import (
    Advice,
    check_head_words,
    danger_words,
    feed_on_the_way_words,
    lighter_food_words,
    look_at_feeding_words,
    milk_no_less_words,
    milk_on_the_way_words,
    milk_to_2_words,
    vitamin_a_words,
)
from kpm.advice_rules import Step
from kpm.chart import GrowthChart, draw_charts
from kpm.early_birth import corrected_by_age
from kpm.history import History, latest_advice
from registry.growth import SexCode, under_five
from registry.models import Child, Measurement

NEWEST = 12
"""Measurements in the card's table: a year of weighing, and what one page holds."""
# The KMS is a weight chart: it comes first and large.
ORDER = ("waz", "haz", "whz")


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
        draw_charts(SexCode(child.sex), in_force, near=True, corrected=corrected_by_age(child, in_force)),
        key=lambda chart: ORDER.index(chart.key),
    )
    advice = latest_advice(history)
    rows = [_row(history, m) for m in reversed(in_force[-NEWEST:])]
    steps = family_steps(advice.steps, age_days) if advice and child.is_active else []
    if steps and advice and advice.has_weight_aim and charts[0].aim and under_five(age_days):
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
    return [family_words(step) for step in steps if step is not Step.KEEP_ON or under_five(age_days)]


def family_words(step: Step) -> str:
    """Return a next step as a sentence to a child's family."""
    return {
        Step.MEASURE_AGAIN: _("Ada hasil yang perlu dipastikan. Minta kader posyandu mengukur sekali lagi."),
        Step.REFER_TODAY: _("Bawa anak ke puskesmas hari ini. Bawa buku KIA."),
        Step.REFER: _("Bawa anak ke bidan desa atau puskesmas minggu ini. Bawa buku KIA."),
        Step.DANGER_SIGNS: danger_words(),
        Step.LOOK_AT_FEEDING: look_at_feeding_words(),
        Step.CHECK_HEAD: check_head_words(),
        Step.MILK_ON_THE_WAY: milk_on_the_way_words(),
        Step.FEED_ON_THE_WAY: feed_on_the_way_words(),
        Step.MILK_ONLY: _(
            "Beri ASI saja, sesering bayi mau, siang dan malam. Jangan beri makanan atau minuman lain "
            "sebelum 6 bulan."
        ),
        Step.FOOD_FROM_6: _(
            "Teruskan ASI sampai 2 tahun. Beri makan 2-3 kali sehari, sampai setengah mangkuk, dengan telur, "
            "ikan, ayam, daging atau hati."
        ),
        Step.FOOD_FROM_9: _(
            "Teruskan ASI sampai 2 tahun. Beri makan 3-4 kali sehari dan 1-2 kali selingan, dengan telur, "
            "ikan, ayam, daging atau hati."
        ),
        Step.FOOD_FROM_24: _(
            "Beri makan 3 kali sehari dan 2 kali selingan, dengan telur, ikan, ayam, daging atau hati."
        ),
        Step.MILK_TO_2: milk_to_2_words(),
        Step.MILK_NO_LESS: milk_no_less_words(),
        Step.LIGHTER_FOOD: lighter_food_words(),
        Step.ASK_EXTRA_FOOD: _("Tanyakan makanan tambahan (PMT) kepada petugas gizi puskesmas."),
        Step.VITAMIN_A_BLUE: vitamin_a_words(Step.VITAMIN_A_BLUE),
        Step.VITAMIN_A_RED: vitamin_a_words(Step.VITAMIN_A_RED),
        Step.COME_EACH_MONTH: _("Datang setiap bulan, supaya kenaikan berat anak bisa dinilai."),
        Step.KEEP_CONTROL: _("Ikuti jadwal kontrol puskesmas."),
        Step.KEEP_ON: _("Datang lagi ke posyandu bulan depan untuk ditimbang dan diukur."),
        Step.COMPLETE: _("Berat atau panjang/tinggi belum diukur. Minta kader posyandu melengkapinya."),
    }[step]


def _row(history: History, m: Measurement) -> CardRow:
    advice = history.advice_on(m)
    return CardRow(measurement=m, gain=_gain(history, m), kind=advice.chip, word=advice.word)


def _gain(history: History, m: Measurement) -> str:
    words = _("belum sebulan") if history.days_since_last_month(m) else m.get_gain_display()
    return f"{words} ({m.gain})" if m.gain else ""
