"""How long each page of the dashboard takes, in a district of 0.3 and one of 3 million measurements.

On a PostgreSQL of its own, beside the same figure counted from the raw measurements by the ORM. Nothing is
asserted: the table says it. With --keep the loaded districts stay in var/bench-dashboard for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import django
import psycopg2
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

# ruff: noqa: E402  The size of the district can be imported only now.
from demo.district import FULL
from script.with_postgres import server_in

KEPT = ROOT / "var" / "bench-dashboard"
PASSWORD = "only-for-the-bench"  # noqa: S105  of invented people in a database that nobody else reaches
TURNS = 5  # how often the small and the large district change places at a page
SECONDS_A_TURN = 5
GOAL_P95_MS, GOAL_COLD_MS, GOAL_RATIO = 80, 1000, 1.2


@dataclass
class Row:
    """What was measured of one kind of page in one district, over all its places. Milliseconds.

    ``first``: the first time in the process; ``drawn``: again with an empty cache; ``warm``: the cache full.
    """

    first: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of drawing, in our process
    db: list[float] = field(default_factory=list)  # of drawing, waiting for the database
    queries_drawn: int = 0
    queries_warm: int = 0
    bytes: int = 0
    slowest_ms: float = 0.0
    slowest: str = ""

    def take_drawn(self, answer: dict[str, Any]) -> None:
        """An opening with an empty cache."""
        (self.drawn if self.first else self.first).extend(answer["ms"])
        self.cpu += answer["cpu_ms"]
        self.db.append(answer["db_ms"])
        self.queries_drawn = max(self.queries_drawn, answer["queries"])
        self.bytes = max(self.bytes, answer["bytes"])
        if answer["slowest_ms"] > self.slowest_ms:
            self.slowest_ms, self.slowest = answer["slowest_ms"], answer["slowest"]

    def take_warm(self, answer: dict[str, Any]) -> None:
        """Some openings after it."""
        self.warm += answer["ms"]
        self.queries_warm = max(self.queries_warm, answer["queries"])

    @property
    def p95(self) -> float:
        return percentile(self.warm, 95)

    @property
    def coldest(self) -> float:
        return max(self.first + self.drawn)


Rows = dict[tuple[str, str], list[Row]]
"""By role and kind of page: a row of the small district and one of the large."""


def percentile(values: Sequence[float], percent: int) -> float:
    """A percentile of at least one value."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]


class Worker:
    """A process with one district open."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-P", "-m", "bench._dashboard_worker"],
            cwd=ROOT,
            env=environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """What it answers; the bench ends where the worker has ended."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the worker has no line to us")
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"the worker ended at {do} {what}; its reason is above")
        return dict(json.loads(line))

    def end(self) -> None:
        """Nothing more to ask."""
        self._process.communicate()


def environment(url: str) -> dict[str, str]:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "DATABASE_URL": url,
        "DEBUG": "0",
        "DEMO_PASSWORD": PASSWORD,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


# --- The districts --------------------------------------------------------------------------------------


def database(server: str, children: int, months: int) -> str:
    """The URL of a database with that district; it is loaded unless it was kept."""
    name = f"district_{children}_{months}"
    base, _slash, _name = server.partition("?")[0].rpartition("/")
    options = server[len(server.partition("?")[0]) :]
    url = f"{base}/{name}{options}"
    if (name,) not in run_sql(server, "SELECT datname FROM pg_database"):
        run_sql(server, "DROP DATABASE IF EXISTS loading", "CREATE DATABASE loading")
        fill(f"{base}/loading{options}", children, months)
        # Only now, so that a load that was broken off is not taken for a whole one.
        run_sql(server, f"ALTER DATABASE loading RENAME TO {name}")
    run(url, "script/prepare.py")
    if not run_sql(url, "SELECT 1 FROM registry_countedmonth"):  # a migration since asks to count anew
        run(url, "manage.py", "rebuild_figures")
        run_sql(url, "VACUUM (ANALYZE)")
    return url


def fill(url: str, children: int, months: int) -> None:
    run(url, "script/prepare.py")
    start = time.perf_counter()
    run(url, "manage.py", "demo", f"--children={children}", f"--months={months}")
    print(f"loaded in {time.perf_counter() - start:.0f} s", flush=True)
    run_sql(url, "VACUUM (ANALYZE)")


def run(url: str, *command: str) -> None:
    """Run a script of ours on that database."""
    subprocess.run([sys.executable, "-W", "ignore", *command], cwd=ROOT, env=environment(url), check=True)


def run_sql(url: str, *statements: str) -> list[Any]:
    """Run each outside a transaction; the rows of the last one."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@contextmanager
def postgres(keep: bool) -> Iterator[str]:
    """The bench's own server; its files go afterwards unless they are kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    try:
        with server_in(KEPT / "postgres", keep=keep) as url:
            yield url
    finally:
        if not keep:
            shutil.rmtree(KEPT, ignore_errors=True)


# --- Measuring ------------------------------------------------------------------------------------------


def measure(workers: Sequence[Worker], facts: dict[str, Any], repeats: int) -> tuple[Rows, list[float]]:
    """For each role and kind of page a row of each district; and how long the same work took meanwhile."""
    rows: Rows = defaultdict(lambda: [Row() for _worker in workers])
    noise: list[float] = []
    for role, username in facts["users"]:
        pages = pages_of(workers, role, username, facts)
        for label, path in tqdm(pages, desc=f"{role:10}", unit="", disable=None):
            noise += [fixed_work() for _turn in range(3)]
            measure_page(workers, rows[role, label], username, path, repeats)
    return {what: pair for what, pair in rows.items() if all(row.warm for row in pair)}, noise


def pages_of(
    workers: Sequence[Worker], role: str, username: str, facts: dict[str, Any]
) -> list[tuple[str, str]]:
    """Every page for the district; for the others the pages of the place where they work."""
    if role == "district":
        return [(label, path) for label, path in facts["addresses"]]
    own = []
    for label, path in facts["addresses"]:
        if not label.startswith("district") or "?" in path:
            continue
        answer = workers[0].ask("open", username=username, path=path, times=1, cold=False)
        if answer["status"] == 200:
            own.append((label, path))
        elif answer["status"] == 302:
            own.append((label.replace("district", "own place"), answer["to"]))
    return own


def measure_page(
    workers: Sequence[Worker], rows: Sequence[Row], username: str, path: str, repeats: int
) -> None:
    """With an empty cache and then warm, some times over, the districts in turns."""
    page = {"username": username, "path": path}
    for _turn in range(TURNS):
        for worker, row in zip(workers, rows, strict=True):
            answer = worker.ask("open", **page, times=1, cold=True)
            if answer["status"] != 200:
                print(f"  {path} answers {answer['status']}", flush=True)
                return
            row.take_drawn(answer)
            # A page of many seconds is slow however often it is opened.
            times = min(repeats // TURNS, int(SECONDS_A_TURN * 1000 / answer["ms"][0]))
            row.take_warm(worker.ask("open", **page, times=max(1, times), cold=False))


def fixed_work() -> float:
    """Milliseconds of work that is the same each time: what varies is the machine."""
    start = time.perf_counter()
    sum(number * number % 7 for number in range(100_000))
    return (time.perf_counter() - start) * 1000


# --- Saying it ------------------------------------------------------------------------------------------


def tell(rows: Rows, sizes: Sequence[str]) -> None:
    print(f"\nMilliseconds with {sizes[1]} measurements, then with {sizes[0]}, then the one by the other.")
    print(
        "first: the first time in the process; drawn: again with an empty cache (p50), of it our work (cpu)"
    )
    print("and the database (db); p50 and p95: warm. Queries drawn and warm; bytes gzipped.")
    head = f"{'role':10} {'page':28} {'first':>5} {'drawn':>6} {'cpu':>6} {'db':>6} {'p50':>6} {'p95':>6} "
    head += f"{'queries':>8} {'bytes':>6} | {'drawn':>6} {'p50':>6} {'p95':>6}"
    print(f"{head} | {'drawn':>5} {'p50':>5} {'p95':>5}")
    for (role, label), (small, large) in slowest_first(rows):
        large_ms, small_ms = ([median(row.drawn), median(row.warm), row.p95] for row in (large, small))
        queries = f"{large.queries_drawn}/{large.queries_warm}"
        print(
            f"{role:10} {label:28} {max(large.first):5.0f} {large_ms[0]:6.1f} {median(large.cpu):6.1f} "
            f"{median(large.db):6.1f} {large_ms[1]:6.1f} {large_ms[2]:6.1f} {queries:>8} {large.bytes:6d} | "
            + " ".join(f"{ms:6.1f}" for ms in small_ms)
            + " | "
            + " ".join(f"{a / b:5.2f}" for a, b in zip(large_ms, small_ms, strict=True))
            + _more_queries(small, large)
        )


def _more_queries(small: Row, large: Row) -> str:
    """Said where a page asks more often of a larger district."""
    few, many = (small.queries_drawn, small.queries_warm), (large.queries_drawn, large.queries_warm)
    return "" if few == many else f"  from {few[0]}/{few[1]} queries"


def slowest_first(rows: Rows) -> list[tuple[tuple[str, str], list[Row]]]:
    return sorted(rows.items(), key=lambda item: -item[1][-1].p95)


def tell_goals(rows: Rows) -> None:
    large = [pair[-1] for pair in rows.values()]
    ratios = [pair[-1].p95 / pair[0].p95 for pair in rows.values()]
    print(
        f"\nslowest p95 {max(row.p95 for row in large):.0f} ms (goal {GOAL_P95_MS}), "
        f"coldest {max(row.coldest for row in large):.0f} ms (goal {GOAL_COLD_MS}), "
        f"ratio of p95 median {median(ratios):.2f}, most {max(ratios):.2f} (goal {GOAL_RATIO})"
    )
    for goal, name in ((GOAL_P95_MS, "p95"), (GOAL_COLD_MS, "coldest")):
        over = [" ".join(what) for what, pair in rows.items() if getattr(pair[-1], name) > goal]
        print(f"over the goal of {name}, {len(over)} of {len(rows)}: {', '.join(over) or 'none'}")


def tell_slowest(rows: Rows, count: int) -> None:
    print(f"\nThe slowest statement of the {count} pages that are drawn slowest:")
    by_drawn = sorted(rows.items(), key=lambda item: -median(item[1][-1].drawn))
    for (role, label), pair in by_drawn[:count]:
        row = pair[-1]
        print(f"- {role} {label}: {row.slowest_ms:.1f} ms of {median(row.drawn):.1f}: {row.slowest[:400]}")


def tell_comparison(size: str, found: dict[str, Any]) -> None:
    stored, raw = found["stored"], found["raw"]
    p50, raw_p50 = median(stored["ms"]), median(raw["ms"])
    stunted, believed = raw["found"]
    same = "the same" if stored["found"] == raw["found"] else f"NOT the same: {stored['found']}"
    print(
        f"{size} measurements, {found['month']}: {stunted} stunted of {believed}, {same} in both;\n"
        f"  from the stored figures p50 {p50:.1f} ms, from the raw rows by the ORM p50 {raw_p50:.0f} ms, "
        f"p95 {percentile(raw['ms'], 95):.0f} ms: {raw_p50 / p50:.1f} times as long"
    )


def tell_noise(noise: Sequence[float], load_before: float) -> None:
    print(
        f"machine: {os.cpu_count()} cores, load {load_before:.1f} before and {os.getloadavg()[0]:.1f} after; "
        f"the same work took p50 {median(noise):.1f} ms, p95 {percentile(noise, 95):.1f} ms\n"
        f"  (a p95 that lies above its p50 by that share is the machine's)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=FULL.children, help="of the large district")
    parser.add_argument("--months", type=int, default=FULL.months)
    parser.add_argument("--small", action="store_true", help="a tenth of both, for a quick look")
    parser.add_argument("--repeats", type=int, default=30, help="warm openings of each page (30)")
    parser.add_argument("--slowest", type=int, default=5, help="pages whose slowest statement is shown (5)")
    parser.add_argument("--keep", action="store_true", help="keep the districts in var/bench-dashboard")
    options = parser.parse_args()
    children = options.children // 10 if options.small else options.children
    load_before = os.getloadavg()[0]
    with postgres(options.keep) as server:
        workers = [Worker(database(server, size, options.months)) for size in (children // 10, children)]
        all_facts = [worker.ask("facts") for worker in workers]
        sizes = [f"{facts['measurements']:,}" for facts in all_facts]
        for facts, size in zip(all_facts, sizes, strict=True):
            print(f"{facts['children']:,} children, {size} measurements, {facts['cells']:,} cells")
        print(f"cache {all_facts[-1]['cache']}, DEBUG {all_facts[-1]['debug']}")
        for pattern in all_facts[-1]["unknown"]:
            print(f"not opened, no place for it is known here: {pattern}")
        rows, noise = measure(workers, all_facts[-1], options.repeats)
        tell(rows, sizes)
        tell_goals(rows)
        tell_slowest(rows, options.slowest)
        print()
        for worker, size in zip(workers, sizes, strict=True):
            tell_comparison(size, worker.ask("compare", times=7))
        tell_noise(noise, load_before)
        for worker in workers:
            worker.end()


if __name__ == "__main__":
    main()
