"""Clocks: one core, warmed up, several turns; and what a fresh process takes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench._children import Child
from bench._scorers import Scorer

ROOT = Path(__file__).resolve().parent.parent

Turn = Callable[[], float]
"""Does the work and says how many rows a second it did."""


def pin_to_one_core() -> str:
    """Keep this process and its children on one core, where the system can; says which."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned to a core"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core}"


def turn(scorer: Scorer, children: Sequence[Child], at_least: float) -> Turn:
    """A turn of a package over these children, its input and its tables ready."""
    prepared = scorer.prepare(children)
    scorer.run(prepared)
    return turn_of(lambda: scorer.run(prepared), len(children), at_least)


def turn_of(work: Callable[[], object], rows: int, at_least: float) -> Turn:
    """A turn that does the work once, and again until at_least seconds have passed."""

    def once() -> float:
        times, start = 0, time.perf_counter()
        while True:
            work()
            times += 1
            took = time.perf_counter() - start
            if took >= at_least:
                return rows * times / took

    return once


def take_turns(turns: Mapping[str, Turn], repeats: int) -> dict[str, list[float]]:
    """Rows a second of each at every repeat. One after the other, so that a slow moment slows all."""
    rates: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(repeats):
        for name, once in turns.items():
            rates[name].append(once())
    return rates


_FIRST_USE = """
import json, sys, time
start = time.perf_counter()
import numpy
with_numpy = time.perf_counter()
from registry import growth
imported = time.perf_counter()
child = {"sex": 1, "age_days": 500, "weight_kg": 9.8, "lenhei_cm": 77.4, "position": "L", "muac_cm": 14.1,
         "head_cm": 46.2, "triceps_mm": 8.1, "subscapular_mm": 6.3}
again = time.perf_counter()
if sys.argv[1] == "assess":
    growth.assess(**child)
else:
    growth.assess_batch(**{name: [value] for name, value in child.items()})
used = time.perf_counter()
print(json.dumps({"numpy": with_numpy - start, "import": imported - with_numpy, "use": used - again}))
"""

_FILES_READ = """
import json, sys
opened = set()
sys.addaudithook(lambda event, args: event == "open" and opened.add(str(args[0])))
from registry import growth
def tables():
    return sum("by_day" in path and "__init__" not in path for path in opened)
before = tables()
growth.assess(sex=1, age_days=500, weight_kg=9.8, lenhei_cm=77.4)
print(json.dumps([before, tables()]))
"""


def first_use(kernel: str, repeats: int) -> dict[str, float]:
    """Medians of seconds in fresh processes: numpy's import, ours after it, a kernel's first child."""
    runs: list[dict[str, float]] = [_fresh(_FIRST_USE, kernel) for _ in range(repeats)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def table_files_read() -> tuple[int, int]:
    """How many files of WHO's tables a fresh process has opened: at import, and after its first child."""
    at_import, after_use = _fresh(_FILES_READ)
    return at_import, after_use


def _fresh(code: str, *arguments: str) -> Any:
    command = [sys.executable, "-c", code, *arguments]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
