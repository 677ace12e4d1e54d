"""Which files script/bench import makes."""

from __future__ import annotations

from enum import StrEnum

LARGE_VILLAGE = 2_000
"""Children under five of a village; the largest of the district have about as many."""


class FileKind(StrEnum):
    """Which children a file has: of the whole district, or crowded into a few large villages."""

    USUAL = "usual"
    CROWDED = "crowded"
    SAME_PARENTS = "same_parents"  # crowded, and all of a village have one text as their parents
