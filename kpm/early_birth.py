"""A child born early: its corrected age and z-scores beside those of its age from birth. Pure.

They are computed when shown and never stored: WHO's rates take the age from birth. The phone says the same
(``static/js/workspace/children.js``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from kpm.advice import flagged_words, label_words
from kpm.value_words import age, zscore
from registry.growth import (
    LABEL_OF,
    Assessment,
    PositionCode,
    SexCode,
    assess,
    corrected_age_days,
    is_believed,
)
from registry.growth.labels import ACT
from registry.models import Child, Measurement

INDICES = ("haz", "waz")
"""The indices that an age changes, of those on the pages."""


@dataclass(frozen=True, slots=True)
class CorrectedScores:
    """What a measurement says by the corrected age, which ``assessment`` has too."""

    gestation_weeks: int
    age_days: int
    assessment: Assessment

    def z(self, index: str) -> float | None:
        value: float | None = getattr(self.assessment, index)
        return value

    @property
    def haz(self) -> float | None:
        return self.assessment.haz

    @property
    def waz(self) -> float | None:
        return self.assessment.waz


@dataclass(frozen=True, slots=True)
class CorrectionMark:
    """A chart's point again at the corrected age, and from which x a line leads to it."""

    from_x: float
    x: float
    y: float
    words: str


class DrawnPoint(Protocol):
    """What has to be known of a chart's point to draw it again."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def age_days(self) -> int: ...
    @property
    def corrected_z(self) -> float | None: ...


def correction_marks(
    index: str,
    points: Iterable[DrawnPoint],
    early: Mapping[int, CorrectedScores],
    to_x: Callable[[float], float],
    first: float,
) -> list[CorrectionMark]:
    """Return the marks of a chart's points, none left of its ``first`` day; ``early``: by age in days."""
    words = early_words()
    marks = []
    for point in points:
        corrected = early.get(point.age_days)
        if corrected is None or corrected.age_days < first:
            continue
        said = _("Umur koreksi %(age)s") % {"age": age(corrected.age_days)}
        score = f"{words[index]} {zscore(point.corrected_z)}"
        marks.append(CorrectionMark(point.x, to_x(corrected.age_days), point.y, f"{said}, {score}"))
    return marks


def corrected_scores(child: Child, m: Measurement) -> CorrectedScores | None:
    """Return z-scores by the corrected age; None of a child not born early, or past 24 months of that age."""
    days = corrected_age_days(m.age_days, child.gestation_weeks)
    if days is None or child.gestation_weeks is None:
        return None
    found = assess(
        sex=SexCode(child.sex),
        age_days=days,
        weight_kg=None if m.weight_kg is None else float(m.weight_kg),
        lenhei_cm=None if m.lenhei_cm is None else float(m.lenhei_cm),
        position=PositionCode(m.position),
        oedema=m.oedema,
    )
    return CorrectedScores(child.gestation_weeks, days, found)


def corrected_by_age(child: Child, measurements: Iterable[Measurement]) -> dict[int, CorrectedScores]:
    """Return the corrected scores of the measurements that have any, by age in days from birth."""
    found = ((m.age_days, corrected_scores(child, m)) for m in measurements)
    return {age_days: corrected for age_days, corrected in found if corrected}


def corrected_notes(m: Measurement, corrected: CorrectedScores) -> list[str]:
    """Return what is said of the corrected age next to the advice, which stays as it is."""
    words = early_words()
    said = [words["born"] % {"weeks": corrected.gestation_weeks, "age": age(corrected.age_days)}]
    scores = [
        words["score"]
        % {"index": words[index], "z": zscore(z), "word": _class_words(index, corrected.assessment)}
        for index in INDICES
        if (z := corrected.z(index)) is not None
    ]
    if scores:
        said.append(words["scores"] % {"scores": ", ".join(scores)})
    said.append(words["rates"])
    notes = [" ".join(said)]
    if bad := [words[index] for index in INDICES if _is_bad_by_birth_only(index, m, corrected.assessment)]:
        notes.append(words["both"] % {"indices": ", ".join(bad)})
    return notes


def early_words() -> dict[str, str]:
    """Return the sentences of a child born early, for pages and for the phone."""
    return {
        "born": _("Lahir pada kehamilan %(weeks)s minggu: umur koreksi %(age)s."),
        "scores": _("Menurut umur koreksi: %(scores)s."),
        "score": _("%(index)s %(z)s (%(word)s)"),
        "haz": _("PB/U"),
        "waz": _("BB/U"),
        "rates": _("Kategori dan angka tetap memakai umur sejak lahir (aturan WHO)."),
        "both": _(
            "Menurut umur koreksi %(indices)s tidak di bawah −2. Tetap lakukan langkah di atas, dan "
            "sampaikan keduanya kepada petugas."
        ),
    }


def _class_words(index: str, found: Any) -> str:
    label = None if getattr(found, f"{index}_flag") else LABEL_OF[index](getattr(found, index))
    return label_words(label) if label else flagged_words()


def _is_bad_by_birth_only(index: str, m: Measurement, corrected: Any) -> bool:
    """Return whether a class that asks for action by the age from birth is none by the corrected age."""
    by_birth, by_due = (
        LABEL_OF[index](getattr(of, index))
        if is_believed(getattr(of, index), getattr(of, f"{index}_flag"))
        else None
        for of in (m, corrected)
    )
    return bool(by_birth and by_due and by_birth.severity >= ACT > by_due.severity)
