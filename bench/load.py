"""How many measurements a second the site takes in, how long pages take meanwhile, and that none is lost.

On a PostgreSQL of its own that writes through to the disk, and gunicorn as docs/deploy.md starts it. Phones,
officers and programs are locust's, on the same machine. Traffic goes to 127.0.0.1 only.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from bench._crowd import Answer, Plan, list_acknowledged, peers_python, time_lines
from bench._memory import MemoryWatch
from bench._site import Site, open_site, temporary_folder
from bench._table import TableLine, print_table
from bench._timing import percentile_95, time_ms
from script.with_postgres import server_in

GOAL_P95_MS, GOAL_RATE = 500, 150
CADRES, MINUTES, EACH = 269, 10.0, 6  # measurements of a cadre in a minute: 60 in ten
OFFICERS, PROGRAMS, SIGN_INS = 8, 10, 20
PASSWORD = "only-for-the-bench"  # noqa: S105  of bench/_register.py


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cadres", type=int, default=CADRES)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--children", type=int, default=30_000, help="of the district (30,000)")
    parser.add_argument("--quick", action="store_true", help="one minute of the load")
    parser.add_argument("--open", action="store_true", help="only the highest rate")
    parser.add_argument(
        "--phones", type=int, nargs="+", default=[4, 16], help="at once, for that rate (4 16)"
    )
    parser.add_argument("--open-seconds", type=float, default=30, help="of each of those (30)")
    options = parser.parse_args()
    options.minutes = min(options.minutes, 1.0) if options.quick else options.minutes
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    peers_python()
    with (
        temporary_folder("bench-load") as folder,
        server_in(folder / "postgres", is_durable=True) as url,
        open_site(url, folder, options.children) as site,
    ):
        from bench import _field

        cadres = _field.Cadres(max([0 if options.open else options.cadres, *options.phones]))
        if not options.open:
            print_sign_ins(site, [user.username for user in cadres.users[:SIGN_INS]])
            measure_morning(site, folder, cadres, options)
        measure_rates(site, folder, cadres, options.phones, options.open_seconds)


def print_sign_ins(site: Site, names: list[str]) -> None:
    """Print what signing in at once takes: Argon2 takes time and memory on purpose."""
    watch = MemoryWatch(site.pid)
    time.sleep(0.5)
    before = watch.together_mb
    with ThreadPoolExecutor(len(names)) as pool:
        took = list(pool.map(lambda name: time_ms(lambda: sign_in(site, name))[0], names))
    watch.stop()
    print_table(
        f"{len(names)} sign-ins at once, by name and password",
        ("", "first s", "last s", "MB before", "MB at most"),
        (
            "",
            f"{min(took) / 1000:.1f}",
            f"{max(took) / 1000:.1f}",
            f"{before:,.0f}",
            f"{watch.together_mb:,.0f}",
        ),
    )


def sign_in(site: Site, name: str) -> None:
    """Sign in through the page. SystemExit when it is refused."""
    jar = HTTPCookieProcessor()
    opener = build_opener(jar)
    page = f"{site.address}/accounts/login/"
    opener.open(page, timeout=60).read()
    token = next(cookie.value for cookie in jar.cookiejar if cookie.name == "csrftoken")
    sent = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token or ""}
    opener.open(Request(page, urlencode(sent).encode()), timeout=60).read()  # noqa: S310  of 127.0.0.1
    if not any(cookie.name == "sessionid" for cookie in jar.cookiejar):
        raise SystemExit(f"{name} could not sign in")


def measure_morning(site: Site, folder: Path, cadres: Any, options: argparse.Namespace) -> None:
    """Print how the site bears a morning: every cadre sends, officers and programs read."""
    from bench import _field

    seconds = options.minutes * 60
    batches = max(1, round(EACH * options.minutes / _field.BATCH_ITEMS))
    plan = Plan(
        phones=cadres.phones(options.cadres, batches, seconds / batches),
        seconds=seconds + 60,  # for what waits to be sent again
        officers=_field.list_officers(OFFICERS),
        programs=_field.list_programs(PROGRAMS),
    )
    if len(plan.items) < options.cadres * batches * _field.BATCH_ITEMS:
        raise SystemExit("some villages have too few children for so many measurements: take more --children")
    answers, found = _field.run(plan, site, folder)
    print_table(
        f"{options.cadres} cadres x {batches * _field.BATCH_ITEMS} measurements in {options.minutes:g} min, "
        f"{OFFICERS} officers reloading every {_field.OFFICER_PAUSE:g} s, "
        f"{PROGRAMS} programs every {_field.PROGRAM_PAUSE:g} s",
        *time_lines(answers),
    )
    print_found(plan, answers, found)


def measure_rates(site: Site, folder: Path, cadres: Any, phones: list[int], seconds: float) -> None:
    """Print the highest rate with some phones that each send batch after batch, and nobody else."""
    from bench import _field

    lines: list[TableLine] = [
        ("phones at once", "measurements/s", "p50 ms", "p95 ms", "longest ms", "not 200")
    ]
    for count in phones:
        batches = max(3, round(seconds * 2 * GOAL_RATE / count / _field.BATCH_ITEMS))
        plan = Plan(phones=cadres.phones(count, batches, 0), seconds=seconds, whole=False, retry=0.1)
        answers, found = _field.run(plan, site, folder)
        batch = time_lines([answer for answer in answers if answer.kind == "batch"])[1]
        lines.append((str(count), f"{sustained_rate(answers):.0f}", batch[2], batch[3], batch[5], batch[6]))
        print_found(plan, answers, found)
    print_table(
        f"Open throttle, {seconds:g} s each (goal {GOAL_RATE} measurements/s, p95 {GOAL_P95_MS} ms)", *lines
    )


def sustained_rate(answers: list[Answer]) -> float:
    """Return the acknowledged measurements a second, from the first batch sent to the last answered."""
    batches = [answer for answer in answers if answer.kind == "batch"]
    took = max(one.at + one.ms / 1000 for one in batches) - min(one.at for one in batches)
    return len(list_acknowledged(batches)) / took


def print_found(plan: Plan, answers: list[Answer], found: Any) -> None:
    """Print what became of the entries, and how the run stands against the goals."""
    refused = [code for answer in answers for _id, code in answer.refused]
    why = f" ({', '.join(sorted(set(refused)))})" if refused else ""
    p95 = percentile_95([answer.ms for answer in answers if answer.kind == "batch"])
    print(
        f"{len(plan.items):,} entries to send, {len(list_acknowledged(answers)):,} acknowledged, "
        f"{len(refused)} refused{why}, {found.stored:,} stored: {found.lost} lost, {found.doubled} doubled; "
        f"figures differ from a recount in {found.differences} cells\n"
        f"{sustained_rate(answers):.1f} measurements/s (goal {GOAL_RATE} at full throttle), p95 of a batch "
        f"{p95:,.0f} ms (goal {GOAL_P95_MS} ms)",
        flush=True,
    )


if __name__ == "__main__":
    main()
