"""Work that a second processor does at the same time, for files that take one of them long."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, NoReturn, TypeVar

from django.db import connections

FEWEST_ROWS = 4_000
"""Of fewer, starting a process takes longer than it saves."""

_LONGEST_SECONDS = 120
"""With its own half done, nobody waits longer for the other: it takes about as long."""

T = TypeVar("T")


def is_worth(rows: int) -> bool:
    """Return whether two processes read so many rows sooner, and this one may be divided.

    It may be divided where no other thread of it can be in the middle of something when the main one is busy
    with a file.
    """
    is_main = threading.current_thread() is threading.main_thread()
    return rows >= FEWEST_ROWS and is_main and _processors() > 1 and _divides()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _divides() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


class ForkedTask(Generic[T]):
    """``work`` in a process that begins as a copy of this one, while this one goes on.

    It fails where it asks the database: the connection is this process's. What it returns, and that is never
    None, is sent back whole.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._answer, answer = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.get_context("fork").Process(
            target=_do, args=(work, answer), daemon=True
        )
        with warnings.catch_warnings():  # of threads, of which none of ours is at work: see is_worth
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        answer.close()

    def result(self) -> T | None:
        """What ``work`` returned.

        None where it has failed or its process was ended, or takes too long: who waits for it does it then,
        and meets what it has met.
        """
        try:
            found: T | None = self._answer.recv() if self._answer.poll(_LONGEST_SECONDS) else None
        except EOFError:
            found = None
        finally:
            self._answer.close()
            self._process.kill()  # of no effect on one that has ended
            self._process.join()
        return found


def _do(work: Callable[[], T], answer: Connection) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # the other may end as it wants, this one at once
        signal.signal(number, signal.SIG_DFL)
    for database in connections.all(initialized_only=True):
        database.execute_wrappers.append(_not_here)
    with suppress(Exception):  # the other knows whom to tell
        answer.send(work())


def _not_here(*_args: object) -> NoReturn:
    raise RuntimeError("the connection is of another process")
