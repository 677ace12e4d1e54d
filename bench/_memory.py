"""Peak memory of a process and of its children, from Linux's /proc.

Not ``getrusage``: what it says of a child begins with the memory of the parent that started it.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

_EVERY_SECONDS = 0.02
"""Linux keeps the most there was, so only the growth of a last moment is missed; to look more often would
take time from what is measured.
"""
_TOGETHER_EVERY_SECONDS = 0.25  # what all have together is added up page by page


def peak_mb(pid: int | str = "self") -> float:
    """The most memory a process has had at once, in MB; nothing of one that has ended."""
    return _megabytes(pid, "status", "VmHWM:")


def shared_out_mb(pid: int) -> float:
    """What a process has in memory, in MB, each page divided by the processes that have it; nothing of one
    that has ended.
    """
    return _megabytes(pid, "smaps_rollup", "Pss:")


def _megabytes(pid: int | str, part: str, name: str) -> float:
    try:
        said = Path(f"/proc/{pid}/{part}").read_text()
    except OSError:
        return 0.0
    kilobytes = [line.split()[1] for line in said.splitlines() if line.startswith(name)]
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command printed, how it ended, the peak of itself and of its largest child, and of all of them
    at one moment, in MB.
    """

    output: str
    code: int
    seconds: float
    own_mb: float
    child_mb: float
    together_mb: float


class Watch:
    """Looks at a process and its children again and again until it is told to stop."""

    def __init__(self, pid: int) -> None:
        self.own_mb = self.child_mb = self.together_mb = 0.0
        self._pid = pid
        self._stopped = False
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._thread.join()

    def _look(self) -> None:
        others: set[int] = set()  # a child that has not begun its own program has the memory of its parent
        added_up = 0.0
        while not self._stopped:
            self.own_mb = max(self.own_mb, peak_mb(self._pid))
            for child in children_of(self._pid):
                if child in others or _command(child) != _command(self._pid):
                    others.add(child)
                    self.child_mb = max(self.child_mb, peak_mb(child))
            if time.monotonic() - added_up > _TOGETHER_EVERY_SECONDS:
                all_of_them = [self._pid, *children_of(self._pid)]
                self.together_mb = max(self.together_mb, sum(map(shared_out_mb, all_of_them)))
                added_up = time.monotonic()
            time.sleep(_EVERY_SECONDS)


def watched(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Watched:
    """Run a command to its end and watch it. Its standard error is shown."""
    start = time.perf_counter()
    process = subprocess.Popen(
        list(command), cwd=folder, env=dict(environment), stdout=subprocess.PIPE, text=True
    )
    watch = Watch(process.pid)
    output, _nothing = process.communicate()
    watch.stop()
    took = time.perf_counter() - start
    return Watched(output, process.returncode, took, watch.own_mb, watch.child_mb, watch.together_mb)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:  # the thread has ended
            continue
    return found
