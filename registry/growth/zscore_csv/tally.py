"""What became of the rows of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ScoreTally:
    """Counts of rows. A row can be used and have a reason: one bad cell does not lose the others.

    rows: below the header, without blank lines. used: with at least one z-score. with_reason: with something
    that could not be read or computed. flagged: with a z-score outside WHO's limits.
    """

    rows: int = 0
    used: int = 0
    with_reason: int = 0
    flagged: int = 0

    def add(self, other: ScoreTally) -> None:
        """Count the rows of another part of the file in."""
        self.rows += other.rows
        self.used += other.used
        self.with_reason += other.with_reason
        self.flagged += other.flagged
