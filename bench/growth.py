"""How fast the growth engine is: children a second, one at a time and many at once."""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc

import numpy as np

from registry.growth import Position, Sex, assess, assess_batch


def children(count: int) -> dict[str, np.ndarray]:
    """Children under five of every age, with plausible weights and lengths."""
    rng = np.random.default_rng(1)
    age = rng.integers(0, 1827, count)
    length = np.round(50 + 60 * (age / 1826) ** 0.6 + rng.normal(0, 3, count), 1)
    return {
        "sex": rng.integers(1, 3, count),
        "age_days": age,
        "weight_kg": np.round(np.maximum(2.0, 3.3 + 13 * (age / 1826) ** 0.7 + rng.normal(0, 0.8, count)), 1),
        "lenhei_cm": length,
        "position": np.where(age < 731, "L", "H"),
        "muac_cm": np.round(rng.normal(14.5, 1, count), 1),
        "head_cm": np.round(rng.normal(46, 2, count), 1),
    }


def one_at_a_time(columns: dict[str, np.ndarray]) -> None:
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    for sex, age, weight, length, position, muac, head in rows:
        assess(
            sex=Sex(sex),
            age_days=age,
            weight_kg=weight,
            lenhei_cm=length,
            position=Position(position),
            muac_cm=muac,
            head_cm=head,
        )


def seconds(action: object, *arguments: object, **named: object) -> float:
    start = time.perf_counter()
    action(*arguments, **named)  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singly", type=int, default=20_000, help="children one at a time (20000)")
    parser.add_argument("--at-once", type=int, default=1_000_000, help="children at once (1000000)")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}; six indices of each child")
    few, many = children(options.singly), children(options.at_once)
    print(f"first child, reading the tables  {seconds(one_at_a_time, children(1)) * 1000:9.1f} ms")
    took = min(seconds(one_at_a_time, few) for _time in range(3))
    print(f"one at a time                    {took / options.singly * 1e6:9.1f} us a child")
    assess_batch(**few)  # builds its own tables
    took = min(seconds(assess_batch, **many) for _time in range(3))
    print(f"at once ({options.at_once:,})             {took / options.at_once * 1e6:9.3f} us a child")
    print(f"                                 {options.at_once / took / 1e6:9.2f} million children a second")
    tracemalloc.start()
    assess_batch(**many)
    print(f"memory at most                   {tracemalloc.get_traced_memory()[1] / 2**20:9.0f} MB")


if __name__ == "__main__":
    main()
