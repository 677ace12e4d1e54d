"""How long each page of figures takes in a small and a ten times larger district, and the ORM on raw rows.

On a PostgreSQL of its own. Each round opens every page of the one district and then of the other, so that a
slow moment of the machine meets both. With --keep the loaded districts stay in var/bench-dashboard.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import psycopg2

from bench._table import print_table
from bench._timing import percentile_95
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench-dashboard"
GOAL_P95_MS, GOAL_COLD_MS, GOAL_RATIO = 80, 1000, 1.2
ENVIRONMENT = {"DEBUG": "0", "LOG_LEVEL": "ERROR", "SECOND_FACTOR": "0"}


class DistrictProcess:
    """A process of its own with a demo district in a database of its own."""

    def __init__(self, server: str, children: int, months: int) -> None:
        """Begin to load the district, unless it was kept."""
        url = make_database(server, f"district_{children}_{months}")
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), set_environment, (url,))
        self._loading = self._pool.submit(call_worker, "load_district", (children, months))
        self.pages: dict[str, dict[str, Any]] = {}

    @property
    def measurements(self) -> int:
        """Return how many it has, when it is loaded."""
        return int(self._loading.result())

    def call(self, function: str, *arguments: Any) -> Any:
        """Return what a function of ``_dashboard_worker`` returns there."""
        return self._pool.submit(call_worker, function, arguments).result()

    def open_pages(self, name: str, times: int) -> None:
        """Open each page once more with an empty cache, and ``times`` with a warm one."""
        for label, page in self.call("open_pages", name, times).items():
            joined = self.pages.setdefault(label, page | {"warm": []})
            joined["warm"] += page["warm"]
            joined["cold"] = min(joined["cold"], page["cold"])

    def close(self) -> None:
        self._pool.shutdown()


def set_environment(url: str) -> None:
    """Name the database, before Django reads its settings."""
    os.environ.update(ENVIRONMENT | {"DATABASE_URL": url})


def call_worker(function: str, arguments: tuple[Any, ...]) -> Any:
    """Call a function of the worker, which is imported when its process has its environment."""
    from bench import _dashboard_worker

    return getattr(_dashboard_worker, function)(*arguments)


def make_database(server: str, name: str) -> str:
    """Return the URL of a database of that server, which is created unless it was kept."""
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    address, _mark, options = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{'?' if options else ''}{options}"


def print_pages(small: DistrictProcess, large: DistrictProcess) -> None:
    """Print a line for each page, the slowest first, and how it stands against the goals."""
    rows = []
    for label, page in large.pages.items():
        p95 = percentile_95(page["warm"])
        rows.append((p95, p95 / percentile_95(small.pages[label]["warm"]), label, page))
    print_table(
        f"{small.measurements:,} and {large.measurements:,} measurements; milliseconds of the larger",
        ("page", "cold", "p50", "p95", "queries", "bytes", "p95 large/small"),
        *(
            (
                label,
                f"{page['cold']:.0f}",
                f"{median(page['warm']):.1f}",
                f"{p95:.1f}",
                str(page["queries"]),
                str(page["bytes"]),
                f"{ratio:.2f}",
            )
            for p95, ratio, label, page in sorted(rows, key=lambda row: -row[0])
        ),
    )
    print(
        f"slowest p95 {max(row[0] for row in rows):.0f} ms (goal {GOAL_P95_MS}), coldest "
        f"{max(row[3]['cold'] for row in rows):.0f} ms (goal {GOAL_COLD_MS}), ratio of p95: median "
        f"{median(row[1] for row in rows):.2f} (goal {GOAL_RATIO})"
    )


def print_comparison(district: DistrictProcess, times: int) -> None:
    """Print how long the same rate takes from stored figures and from the raw rows."""
    same, took = district.call("compare_rate", times)
    stored, raw = median(took["stored"]), median(took["raw"])
    print(
        f"{district.measurements:,} measurements: the rate from stored figures p50 {stored:.1f} ms, "
        f"from raw rows by the ORM {raw:.0f} ms: {raw / stored:.1f} times as long; "
        f"{'the same numbers' if same else 'NOT the same numbers'}"
    )


def main() -> None:
    """Load both districts, open their pages in turns, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=165_000, help="of the larger district")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--pages", default="", help="only pages whose label begins so, such as district")
    parser.add_argument("--repeats", type=int, default=10, help="warm openings of each page a round (10)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the districts in var/bench-dashboard")
    options = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    try:
        with server_in(KEPT / "postgres", keep=options.keep) as server:
            districts = [
                DistrictProcess(server, children, options.months)
                for children in (options.children // 10, options.children)
            ]
            print(f"{sum(district.measurements for district in districts):,} measurements loaded", flush=True)
            for _round in range(options.rounds):
                for district in districts:
                    district.open_pages(options.pages, options.repeats)
            print_pages(*districts)
            for district in districts:
                print_comparison(district, options.repeats * options.rounds)
                district.close()
    finally:
        if not options.keep:
            shutil.rmtree(KEPT, ignore_errors=True)


if __name__ == "__main__":
    main()
