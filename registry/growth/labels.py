"""Permenkes 2/2020: the class of a z-score, and the single definitions of what counts.

Every limit is on the z-score already rounded to two decimals: -2.00 is normal, -3.00 is stunted
and not severely so. The predicates take values that are believed; `is_believed` says which are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from registry.growth.rules import completed_months

FINE, WATCH, ACT, ACT_AT_ONCE = 0, 1, 2, 3
"""Severity of a label: what it asks of the one who reads it."""

MUAC_SEVERE_CM, MUAC_MODERATE_CM = 11.5, 12.5
MUAC_MONTHS = range(6, 60)


@dataclass(frozen=True, slots=True)
class Label:
    """A class of Permenkes 2/2020.

    code: stable English name. id: the official Indonesian term. en: WHO's term. severity: FINE to
    ACT_AT_ONCE. index: the index it was given for (haz, waz, whz, baz, muac).
    """

    code: str
    id: str
    en: str
    severity: int
    index: str


_HAZ = (
    Label("severely_stunted", "Sangat pendek", "Severely stunted", ACT, "haz"),
    Label("stunted", "Pendek", "Stunted", ACT, "haz"),
    Label("normal_height", "Normal", "Normal height", FINE, "haz"),
    Label("tall", "Tinggi", "Tall", FINE, "haz"),
)
_WAZ = (
    Label("severely_underweight", "Berat badan sangat kurang", "Severely underweight", ACT_AT_ONCE, "waz"),
    Label("underweight", "Berat badan kurang", "Underweight", ACT, "waz"),
    Label("normal_weight", "Berat badan normal", "Normal weight", FINE, "waz"),
    Label("risk_overweight", "Risiko berat badan lebih", "Risk of overweight", WATCH, "waz"),
)
_WHZ, _BAZ = (
    (
        Label("severely_wasted", "Gizi buruk", "Severely wasted", ACT_AT_ONCE, index),
        Label("wasted", "Gizi kurang", "Wasted", ACT, index),
        Label("normal", "Gizi baik", "Normal", FINE, index),
        Label("possible_risk_overweight", "Berisiko gizi lebih", "Possible risk of overweight", WATCH, index),
        Label("overweight", "Gizi lebih", "Overweight", ACT, index),
        Label("obese", "Obesitas", "Obese", ACT, index),
    )
    for index in ("whz", "baz")
)
_MUAC = (
    Label("severely_wasted", "Gizi buruk", "Severe acute malnutrition", ACT_AT_ONCE, "muac"),
    Label("wasted", "Gizi kurang", "Wasted", ACT, "muac"),
    Label("normal", "Gizi baik", "Normal", FINE, "muac"),
)

CLASSES = {"haz": _HAZ, "waz": _WAZ, "whz": _WHZ, "baz": _BAZ, "muac": _MUAC}
"""The classes of each index, from the least value to the greatest."""

BELOW = (-3, -2)
ABOVE: dict[str, tuple[int, ...]] = {"haz": (3,), "waz": (1,), "whz": (1, 2, 3), "baz": (1, 2, 3)}
"""The z-scores between two classes. One of ``BELOW`` is in the class above it, one of ``ABOVE`` below it."""

LABELS: dict[str, Label] = {label.code: label for label in (*_HAZ, *_WAZ, *_WHZ)}
"""Every class by its code. BMI for age and arm circumference share the codes of weight for height."""


ODD_HEAD_BEYOND = 2
"""A z-score of head circumference further from 0 is looked at by the puskesmas (KIA book, SDIDTK)."""


def label_haz(z: float | None) -> Label | None:
    """Return the class of length or height for age (PB/U, TB/U)."""
    return _class_of(z, "haz")


def label_waz(z: float | None) -> Label | None:
    """Return the class of weight for age (BB/U)."""
    return _class_of(z, "waz")


def label_whz(z: float | None) -> Label | None:
    """Return the class of weight for length or height (BB/PB, BB/TB)."""
    return _class_of(z, "whz")


def label_baz(z: float | None) -> Label | None:
    """Return the class of BMI for age (IMT/U)."""
    return _class_of(z, "baz")


LABEL_OF = {"haz": label_haz, "waz": label_waz, "whz": label_whz, "baz": label_baz}
"""What gives the class of a z-score, by its index."""


def label_muac(muac_cm: float | None, age_days: int | None) -> Label | None:
    """Return the class of arm circumference (LiLA) in cm; None outside 6 to 59 completed months."""
    if muac_cm is None or age_days is None or completed_months(age_days) not in MUAC_MONTHS:
        return None
    severe, moderate, normal = _MUAC
    if muac_cm < MUAC_SEVERE_CM:
        return severe
    return moderate if muac_cm < MUAC_MODERATE_CM else normal


def _class_of(z: float | None, index: str) -> Label | None:
    if z is None:
        return None
    return CLASSES[index][bisect_right(BELOW, z) + bisect_left(ABOVE[index], z)]


def is_believed(z: float | None, flag: bool) -> bool:
    """Return whether a z-score may enter a rate: computed, and not flagged by WHO's limits."""
    return z is not None and not flag


def is_stunted(haz: float | None) -> bool:
    """Return whether a child is pendek or sangat pendek."""
    return haz is not None and haz < -2


def is_severely_stunted(haz: float | None) -> bool:
    """Return whether a child is sangat pendek."""
    return haz is not None and haz < -3


def is_underweight(waz: float | None, oedema: bool = False) -> bool:
    """Return whether a child has berat badan kurang or sangat kurang; with oedema it counts as severely."""
    return oedema or (waz is not None and waz < -2)


def is_severely_underweight(waz: float | None, oedema: bool = False) -> bool:
    """Return whether a child has berat badan sangat kurang (BGM), or oedema."""
    return oedema or (waz is not None and waz < -3)


def is_wasted(whz: float | None, oedema: bool = False) -> bool:
    """Return whether a child has gizi kurang or gizi buruk; with oedema it counts as severely wasted."""
    return oedema or (whz is not None and whz < -2)


def is_severely_wasted(whz: float | None, oedema: bool = False) -> bool:
    """Return whether a child has gizi buruk, or oedema."""
    return oedema or (whz is not None and whz < -3)


def is_odd_head(hcz: float | None) -> bool:
    """Return whether a head is outside the lines -2 and +2 of the KIA book; one beyond WHO's limits too."""
    return hcz is not None and abs(hcz) > ODD_HEAD_BEYOND


def is_overweight(whz: float | None) -> bool:
    """Return whether a child has gizi lebih or obesitas."""
    return whz is not None and whz > 2
