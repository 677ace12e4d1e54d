"""From what WHO's standards say of a child to words and to what to do next. Pure: touches no database.

The next steps follow the KIA book and Permenkes 2/2020: T, 2T, BGM, gizi buruk and stunting go to the
midwife or puskesmas; a value nobody believes is measured again before anything else is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.growth import (
    LABEL_OF,
    LABELS,
    Label,
    PositionCode,
    expected_position,
    is_believed,
    label_muac,
    under_five,
)
from registry.growth.labels import ACT_AT_ONCE
from registry.models import Gain, Measurement

KINDS = ("good", "watch", "act", "now")  # by a label's severity; also the names of the chips' colours
INDICES = ("haz", "whz", "waz")


class Step(StrEnum):
    """What to do next, most urgent first."""

    MEASURE_AGAIN = "measure_again"
    REFER_TODAY = "refer_today"
    REFER = "refer"
    COUNSEL = "counsel"
    KEEP_ON = "keep_on"
    COMPLETE = "complete"


class ResultHeading(StrEnum):
    """What stands above the result where no class of Permenkes does."""

    GOOD = "good"
    NOT_GAINED = "not_gained"
    AGAIN = "again"
    NONE = "none"


class AdviceNote(StrEnum):
    """What the register did with the values, where the cadre should know."""

    DISBELIEVED = "disbelieved"
    ADDED = "added"
    SUBTRACTED = "subtracted"
    PAST_FIVE = "past_five"


@dataclass(frozen=True, slots=True)
class Finding:
    """One index in words: ``name`` of the index, ``word`` of its class, ``z`` for who wants the detail."""

    name: str
    word: str
    kind: str
    z: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a cadre reads after weighing. ``kind`` is one of KINDS or "again" or "none"."""

    kind: str
    word: str
    findings: tuple[Finding, ...]
    gain: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """Return the next steps in words."""
        return [step_words(step) for step in self.steps]

    @property
    def chip(self) -> str:
        """Return the kind as the chips have it."""
        return "watch" if self.kind == "again" else self.kind


def advise(measurement: Measurement, *, twice_not_gained: bool = False) -> Advice:
    """Return words and next steps for one measurement; ``twice_not_gained`` is 2T (T twice in a row)."""
    doubted = has_flag(measurement)
    findings = findings_of(measurement)
    severity = max((KINDS.index(f.kind) for f in findings if f.kind in KINDS), default=-1)
    if doubted:
        kind, word = "again", heading_words(ResultHeading.AGAIN)
    elif severity < 0:
        kind, word = "none", heading_words(ResultHeading.NONE)
    elif severity == 0 and measurement.gain == Gain.NOT_ROSE:
        kind, word = ("act" if twice_not_gained else "watch"), heading_words(ResultHeading.NOT_GAINED)
    else:
        kind, word = KINDS[severity], _headline(findings, severity)
    return Advice(
        kind=kind,
        word=word,
        findings=findings,
        gain="" if doubted else gain_words(measurement.gain, twice_not_gained),
        steps=_steps(measurement, severity, doubted, twice_not_gained),
        notes=tuple(note_words(note) for note in _notes(measurement)),
    )


def heading_words(heading: ResultHeading) -> str:
    return {
        ResultHeading.GOOD: _("Pertumbuhan baik"),
        ResultHeading.NOT_GAINED: _("Berat tidak naik"),
        ResultHeading.AGAIN: _("Perlu ukur ulang"),
        ResultHeading.NONE: _("Belum bisa dinilai"),
    }[heading]


def has_flag(measurement: Measurement) -> bool:
    """Return whether WHO's limits say that one of the values is not a child's."""
    return any(getattr(measurement, f"{index}_flag") for index in ("haz", "waz", "whz", "baz"))


def label_words(label: Label) -> str:
    """Return the official term of a class in the reader's language."""
    return label.en if get_language() == "en" else label.id


def index_words(index: str, *, lying: bool) -> str:
    """Return the field's name of an index: PB is length (lying), TB is height (standing)."""
    return {
        "haz": _("Panjang menurut umur (PB/U)") if lying else _("Tinggi menurut umur (TB/U)"),
        "whz": _("Berat menurut panjang (BB/PB)") if lying else _("Berat menurut tinggi (BB/TB)"),
        "waz": _("Berat menurut umur (BB/U)"),
        "muac": _("Lingkar lengan atas (LiLA)"),
        "oedema": _("Edema kedua punggung kaki"),
    }[index]


def findings_of(measurement: Measurement) -> tuple[Finding, ...]:
    """Return what each index says, height first: stunting is what the register is for."""
    lying = expected_position(measurement.age_days) == PositionCode.LYING
    found = []
    for index in INDICES:
        z, flag = getattr(measurement, index), getattr(measurement, f"{index}_flag")
        name = index_words(index, lying=lying)
        if flag:
            found.append(Finding(name, flagged_words(), "again", z))
        elif is_believed(z, flag) and (label := LABEL_OF[index](z)):
            found.append(Finding(name, label_words(label), KINDS[label.severity], z))
    muac = None if measurement.muac_cm is None else float(measurement.muac_cm)
    if label := label_muac(muac, measurement.age_days):
        found.append(
            Finding(index_words("muac", lying=lying), label_words(label), KINDS[label.severity], None)
        )
    if measurement.oedema:
        name, worst = index_words("oedema", lying=lying), LABELS["severely_wasted"]
        found.append(Finding(name, label_words(worst), KINDS[ACT_AT_ONCE], None))
    return tuple(found)


def flagged_words() -> str:
    """Return the word next to an index that WHO's limits do not believe."""
    return _("Tidak masuk akal, ukur ulang")


def _headline(findings: tuple[Finding, ...], severity: int) -> str:
    """Return the worst class in words; when nothing is wrong, that."""
    if severity == 0:
        return heading_words(ResultHeading.GOOD)
    words = dict.fromkeys(f.word for f in findings if f.kind == KINDS[severity])
    return ", ".join(words)


def gain_words(gain: str, twice: bool = False) -> str:
    """Return N, T, O, B in a sentence; empty when the child was not weighed."""
    if gain == Gain.NOT_ROSE and twice:
        return _("Berat tidak naik dua kali berturut-turut (2T).")
    return {
        "": "",
        Gain.ROSE: _("Berat naik cukup (N)."),
        Gain.NOT_ROSE: _("Berat tidak naik cukup (T)."),
        Gain.NOT_BEFORE: _(
            "Kenaikan berat belum bisa dinilai (O): tidak ada berat kira-kira sebulan lalu sebagai "
            "pembanding."
        ),
        Gain.FIRST: _("Pertama kali ditimbang (B)."),
    }[gain]


def _steps(m: Measurement, severity: int, doubted: bool, twice: bool) -> tuple[Step, ...]:
    if doubted:
        return (Step.MEASURE_AGAIN,)
    steps = []
    not_gained = m.gain == Gain.NOT_ROSE
    if severity >= ACT_AT_ONCE:
        steps.append(Step.REFER_TODAY)
    elif severity == 2 or not_gained or twice:
        steps.append(Step.REFER)
    if severity >= 1 or not_gained or m.gain == Gain.NOT_BEFORE:
        steps.append(Step.COUNSEL)
    if severity >= 0:
        steps.append(Step.KEEP_ON)
    if m.weight_kg is None or m.lenhei_cm is None:
        steps.append(Step.COMPLETE)
    return tuple(steps)


def step_words(step: Step) -> str:
    """Return a next step as a sentence to a cadre."""
    return {
        Step.MEASURE_AGAIN: _("Ukur ulang hari ini juga: periksa alat, posisi anak, satuan dan komanya."),
        Step.REFER_TODAY: _(
            "Rujuk hari ini ke bidan desa atau puskesmas, dan pastikan anak benar-benar sampai."
        ),
        Step.REFER: _("Rujuk ke bidan desa atau puskesmas minggu ini untuk diperiksa."),
        Step.COUNSEL: _(
            "Beri konseling: makan sesuai umur dengan lauk hewani, dan tanyakan apakah anak sakit."
        ),
        Step.KEEP_ON: _("Timbang dan ukur lagi bulan depan."),
        Step.COMPLETE: _("Berat atau panjang/tinggi belum diukur. Lengkapi kalau anak masih di posyandu."),
    }[step]


def _notes(m: Measurement) -> list[AdviceNote]:
    notes = []
    if m.position_disbelieved:
        notes.append(AdviceNote.DISBELIEVED)
    elif m.lenhei_cm is not None and m.clenhei_cm is not None and m.clenhei_cm != m.lenhei_cm:
        notes.append(AdviceNote.ADDED if m.clenhei_cm > m.lenhei_cm else AdviceNote.SUBTRACTED)
    if not under_five(m.age_days):
        notes.append(AdviceNote.PAST_FIVE)
    return notes


def note_words(note: AdviceNote) -> str:
    return {
        AdviceNote.DISBELIEVED: _(
            "Anak di bawah 9 bulan belum bisa berdiri: nilainya dianggap diukur berbaring."
        ),
        AdviceNote.ADDED: _("Diukur berdiri sebelum 2 tahun: 0,7 cm ditambahkan untuk penilaian."),
        AdviceNote.SUBTRACTED: _("Diukur berbaring setelah 2 tahun: 0,7 cm dikurangkan untuk penilaian."),
        AdviceNote.PAST_FIVE: _("Sudah genap 60 bulan: tercatat, tetapi tidak dihitung dalam angka balita."),
    }[note]
