"""How fast the growth engine is, and how near to WHO's software, beside other packages."""

from __future__ import annotations

import argparse
import platform
import statistics
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench._agreement import TOLERANCE, agreement
from bench._children import Child, invented, one_by_one
from bench._r import r_anthro
from bench._scorers import ALL, PEERS, Scorer, ours
from bench._table import Line, table
from bench._timing import (
    Turn,
    first_use,
    pin_to_one_core,
    table_files_read,
    take_turns,
    turn,
    turn_of,
)
from registry.growth import assess_batch

PROMISED_AT_ONCE = 2_500_000
"""Children a second for `assess_batch`, all eight indices and flags, on one core."""

PROMISED_SINGLY_US = 25
"""Microseconds a child for `assess`, all eight indices and flags."""

PROMISED_FIRST_USE_MS = 150


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: children one at a time, at once, and beside the peers; turns; seconds a turn."""

    singly: int
    at_once: int
    beside: int
    repeats: int
    at_least: float


FULL = Size(singly=20_000, at_once=1_000_000, beside=10_000, repeats=5, at_least=0.1)
QUICK = Size(singly=200, at_once=2_000, beside=100, repeats=2, at_least=0.0)


def main() -> None:
    size = _size()
    python, core = platform.python_version(), pin_to_one_core()
    print(f"Python {python}, numpy {np.__version__}, {platform.machine()}, {core}")
    installed = {name: _ready(name) for name in PEERS}
    _speed(size)
    _first_use(size)
    _beside_peers(installed, size)
    _beside_who([scorer for scorer in installed.values() if scorer])


def _size() -> Size:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singly", type=int, help=f"children one at a time ({FULL.singly})")
    parser.add_argument("--at-once", type=int, help=f"children at once ({FULL.at_once})")
    parser.add_argument(
        "--quick", action="store_true", help="a few children: shows that it runs, not how fast"
    )
    options = parser.parse_args()
    base = QUICK if options.quick else FULL
    return replace(base, singly=options.singly or base.singly, at_once=options.at_once or base.at_once)


def _ready(name: str) -> Scorer | None:
    try:
        return PEERS[name]()
    except ImportError:
        return None


def _speed(size: Size) -> None:
    many, few = invented(size.at_once), one_by_one(invented(size.singly))
    _batch, single = ours()
    assess_batch(**{name: column[:1] for name, column in many.items()})  # reads its tables
    turns = {
        "at once": turn_of(lambda: assess_batch(**many), size.at_once, size.at_least),
        "singly": turn(single, few, size.at_least),
    }
    rates = take_turns(turns, size.repeats)
    took_us = [1e6 / rate for rate in rates["singly"]]
    tracemalloc.start()
    assess_batch(**many)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    table(
        f"Ours: all eight indices with flags, {size.repeats} turns",
        ("", "median", "best", "promised"),
        (
            f"assess_batch, {size.at_once:,} children at once: rows/s",
            f"{statistics.median(rates['at once']):,.0f}",
            f"{max(rates['at once']):,.0f}",
            f"{PROMISED_AT_ONCE:,} or more",
        ),
        (
            f"assess, {size.singly:,} children one by one: us a child",
            f"{statistics.median(took_us):.2f}",
            f"{min(took_us):.2f}",
            f"under {PROMISED_SINGLY_US}",
        ),
        (f"memory of {size.at_once:,} at once, results and scratch: MB", f"{peak / 2**20:,.0f}"),
    )


def _first_use(size: Size) -> None:
    took = {kernel: first_use(kernel, size.repeats) for kernel in ("assess", "assess_batch")}
    at_import, after_use = table_files_read()
    limit = f"under {PROMISED_FIRST_USE_MS}"
    table(
        f"First use: {size.repeats} fresh processes each",
        ("", "median", "promised"),
        ("import numpy: ms", _ms(took["assess"]["numpy"])),
        ("import registry.growth after it: ms", _ms(took["assess"]["import"])),
        ("first assess, which reads the tables: ms", _ms(took["assess"]["use"]), limit),
        ("first assess_batch, which reads the tables: ms", _ms(took["assess_batch"]["use"]), limit),
        ("table files opened by the import", str(at_import), "0"),
        ("table files opened by the first child", str(after_use - at_import)),
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _beside_peers(installed: dict[str, Scorer | None], size: Size) -> None:
    children = one_by_one(invented(size.beside))
    lines: list[Line] = []
    for name, scorer in installed.items():
        if scorer is None:
            lines.append((f"{name}: not installed",))
        else:
            theirs = turn(scorer, children, size.at_least)
            lines += _beside(scorer.name, scorer.indices, theirs, children, size)
    with r_anthro(children) as present:
        if present is None:
            lines.append(("R anthro: not present",))
        else:
            version, theirs = present
            lines += _beside(f"R anthro {version}", ALL, theirs, children, size)
    table(
        f"Beside others: the same {size.beside:,} children and indices in {size.repeats} turns each, rows/s",
        ("", "median", "best", "ours faster", "at least"),
        *lines,
    )


def _beside(
    name: str, indices: Sequence[str], theirs: Turn, children: Sequence[Child], size: Size
) -> list[Line]:
    """A peer, and our two kernels given the same children and only the measures its indices need."""
    kernels = ours(indices)
    turns = {name: theirs, **{kernel.name: turn(kernel, children, size.at_least) for kernel in kernels}}
    rates = take_turns(turns, size.repeats)
    more = [index for index in kernels[0].indices if index not in indices]
    which = " ".join(indices) + (f" (ours {' '.join(more)} too)" if more else "")
    lines: list[Line] = [(f"{name}: {which}", *_median_and_best(rates[name]))]
    for kernel in kernels:
        ratios = [our / their for our, their in zip(rates[kernel.name], rates[name], strict=True)]
        faster = (_times(statistics.median(ratios)), _times(min(ratios)))
        lines.append((f"  {kernel.name}", *_median_and_best(rates[kernel.name]), *faster))
    return lines


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.1f} x"


def _median_and_best(rates: Sequence[float]) -> tuple[str, str]:
    return f"{statistics.median(rates):,.0f}", f"{max(rates):,.0f}"


def _beside_who(peers: Sequence[Scorer]) -> None:
    lines: list[Line] = []
    for scorer in (*ours(), *peers):
        found = agreement(scorer)
        lines.append(
            (
                scorer.name,
                f"{found.compared:,}",
                str(found.differing),
                f"{found.largest:.2f}",
                str(found.missing),
            )
        )
    table(
        "Beside WHO's software: z-scores of its R package anthro 1.1.0 in tests/data/growth/golden.csv",
        ("", "compared", f"off by > {TOLERANCE}", "largest, SD", "not given"),
        *lines,
    )
    print("Six hundred children, a third of them on the edge of a rule. Not given: WHO's software gives")
    print("a z-score and the package does not, of an index that it knows.")


if __name__ == "__main__":
    main()
