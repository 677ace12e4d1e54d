"""Peak memory of a process and of its children, from Linux's /proc.

Not ``getrusage``: what it says of a child begins with the memory of the parent that started it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

_EVERY_SECONDS = 0.02
"""Linux keeps the most there was, so only the growth of a last moment is missed. To look more often would
take time from what is measured.
"""
_TOGETHER_EVERY_SECONDS = 0.25  # what all have together is added up page by page


def read_megabytes(pid: int, part: str, name: str) -> float:
    """Return a figure of /proc in MB; 0 for a process that has ended.

    VmHWM of status is the most it had, Pss of smaps_rollup its share of the pages that it has now.
    """
    lines = _read(pid, part).decode().splitlines()
    kilobytes = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    threads = (path.name for path in Path(f"/proc/{pid}/task").glob("*"))
    return [int(child) for thread in threads for child in _read(pid, f"task/{thread}/children").split()]


def _read(pid: int, part: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{part}").read_bytes()
    except OSError:  # it has ended
        return b""


class MemoryWatch:
    """Looks at a process and its children again and again until it is stopped.

    ``own_mb`` is the peak of the process, ``child_mb`` that of its largest child, ``together_mb`` the most
    that all of them had at one moment.
    """

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
            self.own_mb = max(self.own_mb, read_megabytes(self._pid, "status", "VmHWM"))
            children = children_of(self._pid)
            for child in children:
                if child in others or _read(child, "cmdline") != _read(self._pid, "cmdline"):
                    others.add(child)
                    self.child_mb = max(self.child_mb, read_megabytes(child, "status", "VmHWM"))
            if time.monotonic() - added_up > _TOGETHER_EVERY_SECONDS:
                together = sum(read_megabytes(pid, "smaps_rollup", "Pss") for pid in [self._pid, *children])
                self.together_mb = max(self.together_mb, together)
                added_up = time.monotonic()
            time.sleep(_EVERY_SECONDS)


def run_and_watch(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[str, MemoryWatch]:
    """Run a command and return what it printed and its memory. Its standard error is shown.

    Raises: SystemExit when the command fails.
    """
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        watch = MemoryWatch(process.pid)
        output, _nothing = process.communicate()
        watch.stop()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}; its reason is above")
    return output, watch
