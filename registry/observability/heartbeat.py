"""Tells whether a worker runs: each one says so every few seconds.

In the cache of the progress and not in the database, whose one writer on SQLite may be busy for minutes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.core.cache import caches

BEAT_SECONDS = 3
DEAD_AFTER = 15
"""Seconds. A slow worker that is thought dead loses nothing: who takes its file up waits for its locks."""

_ANY_WORKER = "worker"
_REMEMBERED = 7 * 24 * 60 * 60  # seconds, so that a monitor can say since when none runs

logger = logging.getLogger(__name__)


def beat(worker_id: str) -> None:
    """Say that this worker runs."""
    now = time.time()
    caches["progress"].set_many({_ANY_WORKER: now, f"{_ANY_WORKER}-{worker_id}": now}, _REMEMBERED)


def is_alive(worker_id: str) -> bool:
    """Return whether the worker of that id runs."""
    return _is_recent(caches["progress"].get(f"{_ANY_WORKER}-{worker_id}"))


def is_any_alive() -> bool:
    """Return whether any worker runs."""
    return _is_recent(find_last_beat())


def find_last_beat() -> float | None:
    """Return when a worker last said that it runs, in seconds since 1970; None where none did for a week."""
    last: float | None = caches["progress"].get(_ANY_WORKER)
    return last


def _is_recent(last: float | None) -> bool:
    return last is not None and time.time() - last < DEAD_AFTER


@contextmanager
def beating(worker_id: str) -> Iterator[None]:
    """Say that this worker runs for as long as the block does, also in the middle of a long task."""
    ended = Event()
    thread = Thread(target=_keep_beating, args=(worker_id, ended), daemon=True)
    beat(worker_id)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_beating(worker_id: str, ended: Event) -> None:
    while not ended.wait(BEAT_SECONDS):
        try:
            beat(worker_id)
        except Exception:  # a full disk, say; the worker works on
            logger.exception("the heartbeat of the worker could not be stored")
