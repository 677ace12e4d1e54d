"""Remembers when a job last ended and with what number, for whoever watches: no row of the database.

In the cache of the progress, which the worker, the night job and the site share.
"""

from __future__ import annotations

import time

from django.core.cache import caches

BACKUP = "backup"
FIGURES_CHECK = "figures-check"
"""Its number: differences found."""

_REMEMBERED = 400 * 24 * 60 * 60  # seconds


def note_done(job: str, number: int = 0) -> None:
    """Remember that the job has just ended."""
    caches["progress"].set(f"done-{job}", (time.time(), number), _REMEMBERED)


def find_done(job: str) -> tuple[float, int] | None:
    """Return when the job last ended, in seconds since 1970, and its number; None where nobody knows."""
    found: tuple[float, int] | None = caches["progress"].get(f"done-{job}")
    return found
