"""The eight WHO indices, defined once for both kernels.

Adding an index means adding a row here and its fields to the two result classes.
Source: WHO Child Growth Standards 2006, 2007 and the flags of WHO's R package anthro 1.1.0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Index:
    """How one z-score is made.

    name: field name in the results, its flag is `<name>_flag`.
    measure: the measure that is scored, a name in MEASURES.
    tables: the table by age, or the two by length (lying) and height (standing).
    restricted: beyond 3 SD, count in steps of the distance between 2 and 3 SD.
    low, high: a rounded z strictly beyond these is flagged as not believed.
    hidden_by_oedema: water is not weight, so the index is not computed for a child with oedema.
    """

    name: str
    measure: str
    tables: tuple[str, ...]
    restricted: bool
    low: float
    high: float
    hidden_by_oedema: bool = False

    @property
    def by_length(self) -> bool:
        """Return whether the tables go by length or height rather than by age."""
        return len(self.tables) == 2


MEASURES = ("clenhei_cm", "weight_kg", "bmi", "head_cm", "muac_cm", "triceps_mm", "subscapular_mm")

INDICES = (
    Index("haz", "clenhei_cm", ("lfa",), restricted=False, low=-6, high=6),
    Index("waz", "weight_kg", ("wfa",), restricted=True, low=-6, high=5, hidden_by_oedema=True),
    Index("whz", "weight_kg", ("wfl", "wfh"), restricted=True, low=-5, high=5, hidden_by_oedema=True),
    Index("baz", "bmi", ("bmifa",), restricted=True, low=-5, high=5, hidden_by_oedema=True),
    Index("hcz", "head_cm", ("hcfa",), restricted=False, low=-5, high=5),
    Index("acz", "muac_cm", ("acfa",), restricted=True, low=-5, high=5),
    Index("tsz", "triceps_mm", ("tsfa",), restricted=True, low=-5, high=5),
    Index("ssz", "subscapular_mm", ("ssfa",), restricted=True, low=-5, high=5),
)

LEAST, MOST = 0.01, 10_000.0
"""Measures outside this range, in any of our units, count as missing.

Zero and less is no measurement, and the bounds keep every power below from overflowing. What is
plausible for a child is a question for the actions, not for the kernel.
"""

UNKNOWN_LYING_BELOW_CM = 87.0
"""Without age and position, a child shorter than this is taken as lying (WHO's software)."""
