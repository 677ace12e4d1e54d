"""The moment the tests run at: that of the clock, or another one that ``--on`` names.

``python -m tests.moment MOMENT`` says whether it can be one, for script/test.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

VARIABLE = "TEST_MOMENT"
"""What a process that a test starts reads its moment from."""

EXAMPLE = "2026-12-01T00:30+07:00"
_YEARS = range(2025, 2100)  # the demo's meetings of 2024 have been held


class BadMoment(ValueError):
    """A text that is no moment; its message says in Indonesian and English how to write one."""


def parse_moment(text: str) -> datetime:
    """Return the moment that ``text`` names. Raises BadMoment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise BadMoment(
            f"Waktu “{text}” tidak dapat dipakai. Tulis tanggal, jam dan selisih waktu, tahun {_YEARS[0]} "
            f"sampai {_YEARS[-1]}, misalnya --on {EXAMPLE}\n"
            f"(“{text}” cannot be used as a moment. Write date, time and offset, from {_YEARS[0]} to "
            f"{_YEARS[-1]}, such as --on {EXAMPLE})"
        )
    return moment.astimezone(UTC)


class TestClock:
    """The clock of this process, set to the moment in the environment, from which it goes on."""

    __test__ = False

    def __init__(self) -> None:
        """Set the clock, where there is such a moment. Raises BadMoment."""
        text = os.environ.get(VARIABLE)
        self.moment = parse_moment(text) if text else None
        if self.moment:
            import time_machine

            self._traveller = time_machine.travel(self.moment, tick=True)
            self._set = self._traveller.start()

    def set_back(self) -> None:
        """Set the clock to the moment once more, so that a test of a last minute is not in the next year."""
        if self.moment:
            self._set.move_to(self.moment)

    def stop(self) -> None:
        """Let the clock of this process be right again."""
        if self.moment:
            self._traveller.stop()


if __name__ == "__main__":
    try:
        parse_moment(sys.argv[1])
    except BadMoment as reason:
        sys.exit(f"\n{reason}")
