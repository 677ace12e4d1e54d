"""How a benchmark times: work by the clock, several turns, and the 95th percentile of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Result = TypeVar("Result")


def time_ms(work: Callable[[], Result], at_least_ms: float = 0.0) -> tuple[float, Result]:
    """Return the milliseconds of ``work`` and its result.

    The work is done again until ``at_least_ms`` have passed.
    """
    times, start = 0, time.perf_counter()
    while True:
        result = work()
        times += 1
        took = (time.perf_counter() - start) * 1000
        if took >= at_least_ms:
            return took / times, result


def take_turns(
    works: Mapping[str, Callable[[], object]], turns: int, at_least_ms: float = 0.0
) -> dict[str, list[float]]:
    """Return the milliseconds of each work at every turn.

    One after the other, so that a slow moment of the machine slows all of them.
    """
    took: dict[str, list[float]] = {name: [] for name in works}
    for _turn in range(turns):
        for name, work in works.items():
            took[name].append(time_ms(work, at_least_ms)[0])
    return took


def percentile(values: Sequence[float], number: int) -> float:
    """Return a percentile, 1 to 99, of at least one value."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[number - 1]


def percentile_95(values: Sequence[float]) -> float:
    """Return the 95th percentile of at least one value."""
    return percentile(values, 95)
