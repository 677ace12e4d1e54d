"""How long each page of figures takes in a small and a ten times larger district, beside the ORM on raw rows.

On a PostgreSQL of its own. Each round opens every page of the one district and then of the other, so that a
slow moment of the machine meets both. With --keep the loaded districts stay in var/bench-dashboard.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg2

from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench-dashboard"
GOAL_P95_MS, GOAL_COLD_MS, GOAL_RATIO = 80, 1000, 1.2


def environment(url: str) -> dict[str, str]:
    """Return our environment with that database and a password for the demo's people."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    own = {"DATABASE_URL": url, "DEBUG": "0", "DEMO_PASSWORD": "only-for-the-bench", "PYTHONPATH": paths}
    return os.environ | {"LOG_LEVEL": "ERROR"} | own


def run(url: str, *command: str) -> str:
    """Run Python on that database and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-P", *command],
        cwd=ROOT,
        env=environment(url),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def run_sql(url: str, statement: str) -> list[Any]:
    """Run a statement outside a transaction and return its rows."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def load_district(server: str, children: int, months: int) -> str:
    """Return the URL of a database with that demo district; it is loaded unless it was kept."""
    name = f"district_{children}_{months}"
    address, _mark, options = server.partition("?")
    base, query = address.rpartition("/")[0], f"?{options}" if options else ""
    if (name,) not in run_sql(server, "SELECT datname FROM pg_database"):
        run_sql(server, "DROP DATABASE IF EXISTS loading")
        run_sql(server, "CREATE DATABASE loading")
        loading = f"{base}/loading{query}"
        run(loading, "script/prepare.py")
        print(run(loading, "manage.py", "demo", f"--children={children}", f"--months={months}"), flush=True)
        run_sql(loading, "VACUUM (ANALYZE)")
        # Only now, so that a load that was broken off is not taken for a whole one.
        run_sql(server, f"ALTER DATABASE loading RENAME TO {name}")
    return f"{base}/{name}{query}"


def join_rounds(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one result of several rounds over the same district."""
    joined = rounds[0]
    for other in rounds[1:]:
        for label, page in other["pages"].items():
            joined["pages"][label]["warm"] += page["warm"]
            joined["pages"][label]["cold"] = min(joined["pages"][label]["cold"], page["cold"])
        for way in ("stored", "raw"):
            joined["comparison"][way] += other["comparison"][way]
    return joined


def percentile_95(values: list[float]) -> float:
    """Return the 95th percentile of at least one value."""
    return quantiles(values, n=100, method="inclusive")[94] if len(values) > 1 else values[0]


def print_pages(small: dict[str, Any], large: dict[str, Any]) -> None:
    """Print a line for each page, the slowest first, and how it stands against the goals."""
    print(
        f"\n{small['measurements']:,} and {large['measurements']:,} measurements; milliseconds of the larger"
    )
    print(
        f"{'page':32} {'cold':>7} {'p50':>7} {'p95':>7} {'queries':>7} {'bytes':>7} {'p95 large/small':>16}"
    )
    rows = []
    for label, page in large["pages"].items():
        p95 = percentile_95(page["warm"])
        rows.append((p95, p95 / percentile_95(small["pages"][label]["warm"]), label, page))
    for p95, ratio, label, page in sorted(rows, key=lambda row: -row[0]):
        print(
            f"{label:32} {page['cold']:7.0f} {median(page['warm']):7.1f} {p95:7.1f} {page['queries']:7} "
            f"{page['bytes']:7} {ratio:16.2f}"
        )
    print(
        f"slowest p95 {max(row[0] for row in rows):.0f} ms (goal {GOAL_P95_MS}), coldest "
        f"{max(row[3]['cold'] for row in rows):.0f} ms (goal {GOAL_COLD_MS}), ratio of p95: median "
        f"{median(row[1] for row in rows):.2f} (goal {GOAL_RATIO})"
    )


def print_comparison(result: dict[str, Any]) -> None:
    """Print how long the same rate takes from stored figures and from the raw rows."""
    found = result["comparison"]
    stored, raw = median(found["stored"]), median(found["raw"])
    print(
        f"{result['measurements']:,} measurements: the rate from stored figures p50 {stored:.1f} ms, "
        f"from raw rows by the ORM {raw:.0f} ms: {raw / stored:.1f} times as long; "
        f"{'the same numbers' if found['same'] else 'NOT the same numbers'}"
    )


def main() -> None:
    """Load both districts, open their pages in turns, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=165_000, help="of the larger district")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--repeats", type=int, default=10, help="warm openings of each page a round (10)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the districts in var/bench-dashboard")
    options = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    try:
        with server_in(KEPT / "postgres", keep=options.keep) as server:
            sizes = (options.children // 10, options.children)
            urls = [load_district(server, size, options.months) for size in sizes]
            rounds: list[list[dict[str, Any]]] = [[], []]
            for _round in range(options.rounds):
                for results, url in zip(rounds, urls, strict=True):
                    results.append(
                        json.loads(run(url, "-m", "bench._dashboard_worker", str(options.repeats)))
                    )
    finally:
        if not options.keep:
            shutil.rmtree(KEPT, ignore_errors=True)
    small, large = (join_rounds(results) for results in rounds)
    print_pages(small, large)
    for result in (small, large):
        print_comparison(result)


if __name__ == "__main__":
    main()
