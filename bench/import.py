"""How long a district's quarter takes to come in, beside django-import-export; what hostile files get."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from tqdm import tqdm

from bench._hostile import hostile_files
from bench._import_site import hand_in, site
from bench._memory import Watched, watched
from bench._table import Line, table
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench-import"
ROWS = 130_000
GOAL_SECONDS = {"postgres": 120, "sqlite": 120}
GOAL_MB = 1024
HOSTILE_SECONDS, HOSTILE_MB = 5, 512
THROUGH_THE_SITE = (
    *("200 MB.xlsx", "200 MB.csv", "10 GB of zeros.xlsx", "550 MB of blanks.xlsx", "8 million texts.csv"),
    *("a long string in 4 million cells.xlsx", "7 million numbers.xlsx", "10 million empty rows.xlsx"),
)
PHASES = {
    "read": "reading (read_sheets), as the site does when the file is handed in",
    "check": "checking (preview): read again, matched, judged",
    "write": "writing (take_in): read and judged again, stored, figures counted",
}


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase as it was measured, the peak of the process that reads the file, and of all at one moment."""

    seconds: float
    own_mb: float
    reader_mb: float
    together_mb: float
    said: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows of the file ({ROWS})")
    parser.add_argument("--database", choices=[*GOAL_SECONDS], default="postgres")
    parser.add_argument("--no-peer", action="store_true", help="leave django-import-export out")
    parser.add_argument("--once", action="store_true", help="each row of another child, who is new")
    parser.add_argument("--known", action="store_true", help="the same a month later: all of them are known")
    parser.add_argument("--hostile", action="store_true", help="files that must be refused, instead")
    options = parser.parse_args()
    if options.hostile:
        tell_hostile()
        tell_site()
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    path = the_file(options.rows, "second" if options.known else "first" if options.once else "")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; "
        f"{options.database}; {path.relative_to(ROOT)}, {options.rows:,} rows of 34 columns, "
        f"{path.stat().st_size / 2**20:.1f} MB",
        flush=True,
    )
    with database(options.database, "register") as url:
        phase("places", path, url)
        if options.known:
            phase("write", the_file(options.rows, "first"), url)
            if options.database == "postgres":
                _analyze(url)
        phases = {name: phase(name, path, url) for name in PHASES}
    tell_phases(phases, options.rows, options.database)
    if not options.no_peer:
        with database(options.database, "peer") as url:
            tell_peer(peer(path, url), phases, options.rows)
    print(f"\nload {os.getloadavg()[0]:.1f} after")


def tell_hostile() -> None:
    """Each hostile file handed in, in a process of its own; what was said, how soon, and the memory of it."""
    lines: list[Line] = [("", "MB", "sentence", "seconds", "peak MB", "reader MB", "")]
    for path in tqdm([*hostile_files(KEPT / "hostile")], unit="", disable=None):
        done = phase("refuse", path, "sqlite://:memory:")
        over = done.seconds > HOSTILE_SECONDS or max(done.own_mb, done.reader_mb) > HOSTILE_MB
        lines.append(
            (
                path.name,
                f"{path.stat().st_size / 2**20:,.1f}",
                done.said["code"] or "none: taken",
                f"{done.seconds:.1f}",
                f"{done.own_mb:,.0f}",
                f"{done.reader_mb:,.0f}" if done.reader_mb else "-",
                "OVER" if over or not done.said["code"] else "",
            )
        )
    table(
        f"Hostile files: refused with a sentence within {HOSTILE_SECONDS} s, "
        f"the process and its reader each under {HOSTILE_MB} MB",
        *lines,
    )


def tell_site() -> None:
    """The largest and the slowest of them through the site itself, as a browser hands them in."""
    lines: list[Line] = [("", "status", "seconds", "site MB", "reader MB", "")]
    said: list[str] = []
    with database("sqlite", "site") as url:
        _run([sys.executable, "script/prepare.py"], url)  # its pages need the static files
        phase("places", KEPT, url)
        to = phase("session", KEPT, url).said
        for path in hostile_files(KEPT / "hostile", THROUGH_THE_SITE):
            with site(url) as (port, worker):  # a new one each time: what a process has had at most stays
                found = hand_in(port, worker, to["session"], to["page"], path)
            over = found.seconds > HOSTILE_SECONDS or max(found.own_mb, found.reader_mb) > HOSTILE_MB
            reader = f"{found.reader_mb:,.0f}" if found.reader_mb else "-"
            own = f"{found.own_mb:,.0f}"
            lines.append(
                (path.name, str(found.status), f"{found.seconds:.1f}", own, reader, "OVER" if over else "")
            )
            said.append(f"{path.name}: {found.sentence or 'no sentence'}")
    table("Through the site: gunicorn with one worker", *lines)
    print("\n".join(said))


def the_file(rows: int, months: str = "") -> Path:
    """Made in a process of its own, so that its memory is not ours."""
    make = [sys.executable, "-P", "-m", "bench._import_worker", "make", str(KEPT), str(rows)]
    made = _run([*make, months] if months else make, "")
    return Path(json.loads(made.output)["path"])


@contextmanager
def database(kind: str, name: str) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if kind == "sqlite":
        path = KEPT / f"{name}.sqlite3"
        _remove(path)
        yield f"sqlite:///{path}"
        _remove(path)
        return
    folder = KEPT / f"postgres-{name}"
    try:
        with server_in(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def phase(name: str, path: Path, url: str) -> Phase:
    """One phase in a process of its own."""
    done = _run([sys.executable, "-P", "-m", "bench._import_worker", name, str(path)], url)
    said = json.loads(done.output)
    if name == "places" and url.startswith("postgres"):
        _analyze(url)
    return Phase(said["seconds"], said["peak_mb"], done.child_mb, done.together_mb, said)


def _analyze(url: str) -> None:
    """As autovacuum does within a minute of the places being loaded; the bench's server has none."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _run(command: Sequence[str], url: str) -> Watched:
    environment = (
        os.environ | {"DEBUG": "0", "PYTHONPATH": str(ROOT)} | ({"DATABASE_URL": url} if url else {})
    )
    done = watched(command, ROOT, environment)
    if done.code:
        sys.exit(f"{' '.join(command)} ended with {done.code}; its reason is above")
    return done


def peer(path: Path, url: str) -> dict[str, Any] | None:
    """What django-import-export took; None where it is not installed."""
    python = os.environ.get("PEERS_PYTHON")
    if not python:
        return None
    done = _run([python, "-P", str(ROOT / "bench" / "_import_peer.py"), str(path), url], "")
    return dict(json.loads(done.output))


def tell_phases(phases: dict[str, Phase], rows: int, kind: str) -> None:
    lines: list[Line] = [("", "seconds", "rows/s", "peak MB", "reader MB", "together MB")]
    for name, label in PHASES.items():
        of = phases[name]
        megabytes = (f"{mb:,.0f}" for mb in (of.own_mb, of.reader_mb, of.together_mb))
        lines.append((label, *_pace(of.seconds, rows), *megabytes))
    seconds = sum(of.seconds for of in phases.values())
    most = max(of.together_mb for of in phases.values())
    lines.append(("all three", *_pace(seconds, rows), "", "", f"{most:,.0f}"))
    lines.append(("goal", f"{GOAL_SECONDS[kind] * rows / ROWS:,.1f}", "", "", "", f"{GOAL_MB:,}"))
    table("The register: one process a phase", *lines)
    print("Together: the process, the reader and the second process at one moment, a page they share once.")
    written = phases["write"].said
    print(
        f"Written: {written['children']:,} children, {written['measurements']:,} measurements; rows: "
        + ", ".join(f"{name} {count:,}" for name, count in written["outcomes"].items())
    )


def _pace(seconds: float, rows: int) -> tuple[str, str]:
    return f"{seconds:.1f}", f"{rows / seconds:,.0f}"


def tell_peer(found: dict[str, Any] | None, phases: dict[str, Phase], rows: int) -> None:
    if found is None:
        print("\ndjango-import-export: not installed")
        return
    if found["rows"] != rows:
        print(f"\ndjango-import-export wrote {found['rows']:,} rows of {rows:,}")
    reading, writing = found["read_seconds"], found["write_seconds"]
    ours = {name: of.seconds for name, of in phases.items()}
    table(
        f"Beside django-import-export {found['version']}, the same file",
        ("", "seconds", "rows/s", "peak MB", "ours", "theirs / ours"),
        _beside("reading", reading, rows, found["read_mb"], ours["read"]),
        _beside("reading and writing", reading + writing, rows, found["peak_mb"], ours["write"]),
    )
    print(
        "Theirs: one plain table of 34 columns, in bulk, batches of 1,000, no diff, no clean, no look for\n"
        "rows that are there already. It matches no village and no child, seals no NIK, judges no value,\n"
        "works out no z-score, N/T/O/B or figure, and says nothing of any row. Ours does all of that."
    )


def _beside(label: str, seconds: float, rows: int, peak: float, ours: float) -> Line:
    return label, *_pace(seconds, rows), f"{peak:,.0f}", f"{ours:.1f}", f"{seconds / ours:.2g} x"


if __name__ == "__main__":
    main()
