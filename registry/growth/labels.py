"""Permenkes 2/2020: the class of a z-score, and the single definitions of what counts.

Every limit is on the z-score already rounded to two decimals: -2.00 is normal, -3.00 is stunted
and not severely so. The predicates take values that are believed; `is_believed` says which are.
"""

from __future__ import annotations

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
    Label("severely_stunted", "Sangat pendek", "Severely stunted", ACT_AT_ONCE, "haz"),
    Label("stunted", "Pendek", "Stunted", ACT, "haz"),
    Label("normal_height", "Normal", "Normal height", FINE, "haz"),
    Label("tall", "Tinggi", "Tall", WATCH, "haz"),
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
    Label("severely_wasted", "Gizi buruk", "Severely wasted", ACT_AT_ONCE, "muac"),
    Label("wasted", "Gizi kurang", "Wasted", ACT, "muac"),
    Label("normal", "Gizi baik", "Normal", FINE, "muac"),
)

LABELS: dict[str, Label] = {label.code: label for label in (*_HAZ, *_WAZ, *_WHZ)}
"""Every class by its code. BMI for age and arm circumference share the codes of weight for height."""


def label_haz(z: float | None) -> Label | None:
    """Class of length or height for age (PB/U, TB/U)."""
    return _class_of(z, _HAZ, above=(3,))


def label_waz(z: float | None) -> Label | None:
    """Class of weight for age (BB/U)."""
    return _class_of(z, _WAZ, above=(1,))


def label_whz(z: float | None) -> Label | None:
    """Class of weight for length or height (BB/PB, BB/TB)."""
    return _class_of(z, _WHZ, above=(1, 2, 3))


def label_baz(z: float | None) -> Label | None:
    """Class of BMI for age (IMT/U)."""
    return _class_of(z, _BAZ, above=(1, 2, 3))


def label_muac(muac_cm: float | None, age_days: int | None) -> Label | None:
    """Class of arm circumference (LiLA) in cm; None outside 6 to 59 completed months."""
    if muac_cm is None or age_days is None or completed_months(age_days) not in MUAC_MONTHS:
        return None
    severe, moderate, normal = _MUAC
    if muac_cm < MUAC_SEVERE_CM:
        return severe
    return moderate if muac_cm < MUAC_MODERATE_CM else normal


def _class_of(z: float | None, labels: tuple[Label, ...], above: tuple[float, ...]) -> Label | None:
    """The label of a z-score: below -3, below -2, up to the first of `above`, and beyond each of it."""
    if z is None:
        return None
    if z < -2:
        return labels[0] if z < -3 else labels[1]
    return labels[2 + sum(z > limit for limit in above)]


def is_believed(z: float | None, flag: bool) -> bool:
    """Whether a z-score may enter a rate: computed, and not flagged by WHO's limits."""
    return z is not None and not flag


def is_stunted(haz: float | None) -> bool:
    """Pendek or sangat pendek."""
    return haz is not None and haz < -2


def is_severely_stunted(haz: float | None) -> bool:
    """Sangat pendek."""
    return haz is not None and haz < -3


def is_underweight(waz: float | None, oedema: bool = False) -> bool:
    """Berat badan kurang or sangat kurang. A child with oedema counts as severely underweight."""
    return oedema or (waz is not None and waz < -2)


def is_severely_underweight(waz: float | None, oedema: bool = False) -> bool:
    """Berat badan sangat kurang (BGM), or oedema."""
    return oedema or (waz is not None and waz < -3)


def is_wasted(whz: float | None, oedema: bool = False) -> bool:
    """Gizi kurang or gizi buruk. A child with oedema counts as severely wasted."""
    return oedema or (whz is not None and whz < -2)


def is_severely_wasted(whz: float | None, oedema: bool = False) -> bool:
    """Gizi buruk, or oedema."""
    return oedema or (whz is not None and whz < -3)


def is_overweight(whz: float | None) -> bool:
    """Gizi lebih or obesitas."""
    return whz is not None and whz > 2
