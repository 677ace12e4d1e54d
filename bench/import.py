"""How long a district's quarter takes to come in, next to django-import-export; what hostile files get."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from bench._hostile import hostile_files
from bench._import_kinds import LARGE_VILLAGE, FileKind
from bench._memory import MemoryWatch, run_and_watch
from bench._table import TableLine, print_table
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench-import"
ROWS = 130_000
GOAL_SECONDS, GOAL_MB = 120, 1024  # of that many rows, looked at, checked and saved
SAME_PARENTS_ROWS = 12_000
GOAL_SAME_PARENTS = 1.5  # times what the same file takes with parents of their own
GOAL_SMALL_SECONDS = 2  # of one posyandu's month, 60 rows
HOSTILE_SECONDS, HOSTILE_MB = 5, 512
PHASES = {
    "upload": "looking at it: read once",
    "check": "checking: read, matched, judged",
    "save": "saving: stored, figures counted",
}


class Phase(NamedTuple):
    """One phase in a process of its own: how long it took, the memory, and what came of it."""

    seconds: float
    memory: MemoryWatch
    found: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help=f"rows of the file ({ROWS}; {SAME_PARENTS_ROWS})")
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--no-peer", action="store_true", help="leave django-import-export out")
    parser.add_argument("--hostile", action="store_true", help="files that must be refused, instead")
    parser.add_argument(
        "--same-parents",
        action="store_true",
        help="a village whose children all have the same parents, instead",
    )
    options = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    if options.hostile:
        measure_hostile_files()
        return
    rows = options.rows or (SAME_PARENTS_ROWS if options.same_parents else ROWS)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    if options.same_parents:
        measure_same_parents(options.database, rows)
    else:
        path, seconds = measure_file(options.database, rows)
        if not options.no_peer:
            with make_database(options.database, "peer") as url:
                measure_peer(path, url, rows, seconds)
    print(f"\nload {os.getloadavg()[0]:.1f} after")


def measure_file(database: str, rows: int, kind: FileKind = FileKind.USUAL) -> tuple[Path, float]:
    """Print what each phase of such a file takes; return the file and the seconds of all phases."""
    path = KEPT / f"eppgbm_{kind}_{rows}.xlsx"
    with make_database(database, "register") as url:
        run_phase("prepare", path, url, str(rows), kind)
        phases = {name: run_phase(name, path, url) for name in PHASES}
    print_phases(phases, rows)
    return path, sum(phase.seconds for phase in phases.values())


def measure_same_parents(database: str, rows: int) -> None:
    """Print how much longer a file takes whose villages have one text as the parents of every child."""
    usual, same = (
        measure_file(database, rows, kind)[1] for kind in (FileKind.CROWDED, FileKind.SAME_PARENTS)
    )
    print_table(
        f"The same parents in villages of {LARGE_VILLAGE:,} children",
        ("", "seconds", "rows/s", "to the usual"),
        ("parents of their own", *pace(usual, rows), ""),
        ("the same parents", *pace(same, rows), f"{same / usual:.2f} x"),
        ("goal", "", "", f"{GOAL_SAME_PARENTS} x"),
    )


@contextmanager
def make_database(kind: str, name: str) -> Iterator[str]:
    """Yield the URL of an empty database that is gone afterwards."""
    folder = KEPT / f"{kind}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        if kind == "sqlite":
            folder.mkdir()
            yield f"sqlite:///{folder}/db.sqlite3"
        else:
            with server_in(folder) as url:
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_phase(name: str, path: Path, url: str, *more: str) -> Phase:
    """Run one phase of ``_import_worker``."""
    command = [sys.executable, "-P", "-m", "bench._import_worker", name, str(path), *more]
    found, memory = run(command, url)
    return Phase(found["milliseconds"] / 1000, memory, found)


def run(command: Sequence[str], url: str) -> tuple[dict[str, Any], MemoryWatch]:
    """Run a command on that database; return the JSON it printed and its memory."""
    environment = os.environ | {"DEBUG": "0", "PYTHONPATH": str(ROOT), "DATABASE_URL": url}
    output, memory = run_and_watch(command, ROOT, environment)
    return json.loads(output), memory


def print_phases(phases: dict[str, Phase], rows: int) -> None:
    """Print what each phase took, and the goal."""
    lines: list[TableLine] = [("", "seconds", "rows/s", "peak MB", "reader MB", "together MB")]
    for name, label in PHASES.items():
        seconds, memory, _found = phases[name]
        megabytes = (f"{mb:,.0f}" for mb in (memory.own_mb, memory.child_mb, memory.together_mb))
        lines.append((label, *pace(seconds, rows), *megabytes))
    most = max(phase.memory.together_mb for phase in phases.values())
    seconds = sum(phase.seconds for phase in phases.values())
    lines.append(("all", *pace(seconds, rows), "", "", f"{most:,.0f}"))
    goal = max(GOAL_SECONDS * rows / ROWS, GOAL_SMALL_SECONDS)
    lines.append(("goal", f"{goal:,.1f} s", "", "", "", f"{GOAL_MB:,}"))
    print_table(f"The register: {rows:,} rows of 34 columns, one process a phase", *lines)
    print("Together: the process and the reader at one moment, a page they share counted once.")
    saved = phases["save"].found
    outcomes = ", ".join(f"{name} {count:,}" for name, count in saved["outcomes"].items())
    print(f"Saved: {saved['children']:,} children, {saved['measurements']:,} measurements; rows: {outcomes}")


def pace(seconds: float, rows: int) -> tuple[str, str]:
    """Return the cells for seconds and for rows a second."""
    return f"{seconds:.1f} s", f"{rows / seconds:,.0f}"


def measure_peer(path: Path, url: str, rows: int, ours: float) -> None:
    """Print what django-import-export takes for the same file, where it is installed."""
    python = os.environ.get("PEERS_PYTHON")
    if not python:
        print("\ndjango-import-export: not installed")
        return
    found, memory = run([python, "-P", str(ROOT / "bench" / "_import_peer.py"), str(path), url], url)
    if found["rows"] != rows:
        print(f"\ndjango-import-export wrote {found['rows']:,} rows of {rows:,}")
    seconds = found["milliseconds"] / 1000
    print_table(
        f"django-import-export {found['version']}, the same file",
        ("", "seconds", "rows/s", "peak MB", "ours / theirs"),
        ("read and written", *pace(seconds, rows), f"{memory.own_mb:,.0f}", f"{ours / seconds:.2g} x"),
    )
    print(
        "Theirs: one plain table of 34 columns, in bulk, batches of 1,000, no diff, no clean, no look for\n"
        "rows that are there already. It matches no village and no child, seals no NIK, judges no value,\n"
        "works out no z-score, N/T/O/B or figure, and says nothing of any row. Ours does all of that."
    )


def measure_hostile_files() -> None:
    """Print what is said of each hostile file, how soon, and the memory it took."""
    lines: list[TableLine] = [("", "MB", "sentence", "seconds", "peak MB", "reader MB", "")]
    for path in tqdm([*hostile_files(KEPT / "hostile")], unit="", disable=None):
        seconds, memory, found = run_phase("refuse", path, "sqlite://:memory:")
        over = seconds > HOSTILE_SECONDS or max(memory.own_mb, memory.child_mb) > HOSTILE_MB
        lines.append(
            (
                path.name,
                f"{path.stat().st_size / 2**20:,.1f}",
                found["code"] or "none: taken",
                f"{seconds:.1f}",
                f"{memory.own_mb:,.0f}",
                f"{memory.child_mb:,.0f}" if memory.child_mb else "-",
                "OVER" if over or not found["code"] else "",
            )
        )
    print_table(
        f"Hostile files: refused with a sentence within {HOSTILE_SECONDS} s, "
        f"the process and its reader each under {HOSTILE_MB} MB",
        *lines,
    )


if __name__ == "__main__":
    main()
