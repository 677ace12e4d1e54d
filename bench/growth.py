"""How fast the growth engine is, and how near to WHO's software, next to other packages."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench._children import BenchChild, as_children, invent_columns, judged_by_who
from bench._scorers import PEERS, Scorer, our_kernels
from bench._table import TableLine, print_table
from bench._timing import take_turns
from registry.growth import assess_batch

ROOT = Path(__file__).resolve().parent.parent

PROMISED_AT_ONCE = 2_500_000
"""Children a second for `assess_batch`, all eight indices and flags, on one core."""

PROMISED_SINGLY_US = 25
"""Microseconds a child for `assess`, all eight indices and flags."""

PROMISED_FIRST_USE_MS = 150

TOLERANCE = 0.005
"""Half of the last digit that WHO's software prints."""


@dataclass(frozen=True, slots=True)
class BenchSize:
    """How much is measured."""

    singly: int  # children, one at a time
    at_once: int
    with_peers: int
    turns: int
    at_least_ms: float


FULL = BenchSize(singly=20_000, at_once=1_000_000, with_peers=10_000, turns=5, at_least_ms=100)
QUICK = BenchSize(singly=200, at_once=2_000, with_peers=100, turns=2, at_least_ms=0)


def main() -> None:
    size = read_size()
    python, core = platform.python_version(), pin_to_one_core()
    print(f"Python {python}, numpy {np.__version__}, {platform.machine()}, {core}")
    installed = {name: load_peer(name) for name in PEERS}
    measure_speed(size)
    measure_first_use(size)
    measure_peers(installed, size)
    compare_with_who([scorer for scorer in installed.values() if scorer])


def read_size() -> BenchSize:
    """Return how much the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singly", type=int, help=f"children one at a time ({FULL.singly})")
    parser.add_argument("--at-once", type=int, help=f"children at once ({FULL.at_once})")
    parser.add_argument(
        "--quick", action="store_true", help="a few children: shows that it runs, not how fast"
    )
    options = parser.parse_args()
    base = QUICK if options.quick else FULL
    return replace(base, singly=options.singly or base.singly, at_once=options.at_once or base.at_once)


def pin_to_one_core() -> str:
    """Keep this process and its children on one core, where the system can; return which."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned to a core"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core}"


def load_peer(name: str) -> Scorer | None:
    """Return a package of the peers; None where it is not installed."""
    try:
        return PEERS[name]()
    except ImportError:
        return None


def measure_speed(size: BenchSize) -> None:
    """Print how fast both kernels are."""
    many, few = invent_columns(size.at_once), as_children(invent_columns(size.singly))
    works = {"at once": lambda: assess_batch(**many), "singly": prepare_turn(our_kernels()[1], few)}
    assess_batch(**{name: column[:1] for name, column in many.items()})  # reads its tables
    took = take_turns(works, size.turns, size.at_least_ms)
    rates = [size.at_once * 1000 / ms for ms in took["at once"]]
    took_us = [ms * 1000 / size.singly for ms in took["singly"]]
    print_table(
        f"Ours: all eight indices with flags, {size.turns} turns",
        ("", "median", "best", "promised"),
        (
            f"assess_batch, {size.at_once:,} children at once: rows/s",
            *median_and_best(rates),
            f"{PROMISED_AT_ONCE:,} or more",
        ),
        (
            f"assess, {size.singly:,} children one by one: us a child",
            f"{statistics.median(took_us):.2f}",
            f"{min(took_us):.2f}",
            f"under {PROMISED_SINGLY_US}",
        ),
    )


_FIRST_USE = """
import json, sys, time
from registry import growth
child = {"sex": 1, "age_days": 500, "weight_kg": 9.8, "lenhei_cm": 77.4, "position": "L", "muac_cm": 14.1,
         "head_cm": 46.2, "triceps_mm": 8.1, "subscapular_mm": 6.3}
start = time.perf_counter()
if sys.argv[1] == "assess":
    growth.assess(**child)
else:
    growth.assess_batch(**{name: [value] for name, value in child.items()})
print(json.dumps((time.perf_counter() - start) * 1000))
"""


def measure_first_use(size: BenchSize) -> None:
    """Print how long the first child takes in fresh processes."""
    lines: list[TableLine] = [("", "median", "promised")]
    for kernel in ("assess", "assess_batch"):
        command = [sys.executable, "-c", _FIRST_USE, kernel]
        took = [
            float(json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout))
            for _turn in range(size.turns)
        ]
        label = f"first {kernel}, which reads the tables: ms"
        lines.append((label, f"{statistics.median(took):.1f}", f"under {PROMISED_FIRST_USE_MS}"))
    print_table(f"First use: {size.turns} fresh processes each", *lines)


def measure_peers(installed: dict[str, Scorer | None], size: BenchSize) -> None:
    """Print how fast each peer is, and our kernels on the same children and indices."""
    children = as_children(invent_columns(size.with_peers))
    lines: list[TableLine] = []
    for name, scorer in installed.items():
        lines += compare_speed(scorer, children, size) if scorer else [(f"{name}: not installed",)]
    print_table(
        f"Others: the same {size.with_peers:,} children and indices in {size.turns} turns each, rows/s",
        ("", "median", "best", "ours faster", "at least"),
        *lines,
    )


def compare_speed(peer: Scorer, children: Sequence[BenchChild], size: BenchSize) -> list[TableLine]:
    """Return the lines of a peer and of our two kernels, given only the measures that its indices need."""
    kernels = our_kernels(peer.indices)
    works = {scorer.name: prepare_turn(scorer, children) for scorer in (peer, *kernels)}
    took = take_turns(works, size.turns, size.at_least_ms)
    rates = {name: [len(children) * 1000 / ms for ms in times] for name, times in took.items()}
    more = [index for index in kernels[0].indices if index not in peer.indices]
    which = " ".join(peer.indices) + (f" (ours {' '.join(more)} too)" if more else "")
    lines: list[TableLine] = [(f"{peer.name}: {which}", *median_and_best(rates[peer.name]))]
    for kernel in kernels:
        ratios = [our / their for our, their in zip(rates[kernel.name], rates[peer.name], strict=True)]
        faster = (format_times(ratio) for ratio in (statistics.median(ratios), min(ratios)))
        lines.append((f"  {kernel.name}", *median_and_best(rates[kernel.name]), *faster))
    return lines


def prepare_turn(scorer: Scorer, children: Sequence[BenchChild]) -> Callable[[], object]:
    """Return the work of a package over these children, its input and its tables ready."""
    prepared = scorer.prepare(children)
    scorer.run(prepared)
    return lambda: scorer.run(prepared)


def format_times(ratio: float) -> str:
    return f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.1f} x"


def median_and_best(rates: Sequence[float]) -> tuple[str, str]:
    return f"{statistics.median(rates):,.0f}", f"{max(rates):,.0f}"


@dataclass(frozen=True, slots=True)
class ScorerAgreement:
    """Of the z-scores that WHO's software gives for the indices a package knows.

    compared: given by both. differing: by more than TOLERANCE. largest: the largest difference in
    SD. missing: given by WHO's software alone.
    """

    compared: int
    differing: int
    largest: float
    missing: int


def find_agreement(scorer: Scorer) -> ScorerAgreement:
    """Return how a package stands to WHO's scores, which are rounded to as many decimals as the package's."""
    children, given_by_who = judged_by_who()
    given = scorer.read(scorer.run(scorer.prepare(children)))
    differences: list[float] = []
    missing = 0
    for scores, whos in zip(given, given_by_who, strict=True):
        for index, z in zip(scorer.indices, scores, strict=True):
            if index not in whos:
                continue
            if z is None:
                missing += 1
            else:
                differences.append(abs(z - round(whos[index], scorer.decimals)))
    return ScorerAgreement(
        compared=len(differences),
        differing=sum(difference > TOLERANCE for difference in differences),
        largest=max(differences, default=0.0),
        missing=missing,
    )


def compare_with_who(peers: Sequence[Scorer]) -> None:
    """Print how far each package is from WHO's software."""
    lines: list[TableLine] = []
    for scorer in (*our_kernels(), *peers):
        found = find_agreement(scorer)
        cells = f"{found.compared:,}", str(found.differing), f"{found.largest:.2f}", str(found.missing)
        lines.append((scorer.name, *cells))
    print_table(
        "WHO's software: z-scores of its R package anthro 1.1.0 in tests/data/growth/golden.csv",
        ("", "compared", f"off by > {TOLERANCE}", "largest, SD", "not given"),
        *lines,
    )
    print("Six hundred children, a third of them on the edge of a rule. Not given: WHO's software gives")
    print("a z-score and the package does not, of an index that it knows.")


if __name__ == "__main__":
    main()
