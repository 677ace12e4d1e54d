"""Phones, officers and programs in front of a site: locust with a plan, and what each was answered."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._table import TableLine
from bench._timing import percentile

ROOT = Path(__file__).resolve().parent.parent
BATCH_PATH = "/api/v1/measurements/batch/"
MORE_SECONDS = 90  # for phones that still wait for an answer when the time is over


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered; status 0 for a connection that was refused or broke."""

    at: float
    ms: float
    kind: str
    status: int
    retry_after: str = ""
    text: str = ""
    stored: list[str] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what. ``whole``: a phone also asks for its session and its roster, as each sending does."""

    phones: list[dict[str, Any]]
    seconds: float
    officers: list[dict[str, Any]] = field(default_factory=list)
    programs: list[dict[str, Any]] = field(default_factory=list)
    whole: bool = True
    retry: float = 15.0

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """Return every entry by its id."""
        batches = (batch for phone in self.phones for batch in phone["batches"])
        return {item["id"]: item for batch in batches for item in batch["items"]}


class Crowd:
    """A locust that follows a plan; in a ``with``, so that it never outlives the bench."""

    def __init__(self, plan: Plan, address: str, folder: Path) -> None:
        self._log = folder / "answers.jsonl"
        self._plan = plan
        self._log.unlink(missing_ok=True)
        self._log.touch()
        path = folder / "plan.json"
        names = ("phones", "seconds", "officers", "programs", "whole", "retry")
        said = {name: getattr(plan, name) for name in names} | {"log": str(self._log), "batch": BATCH_PATH}
        path.write_text(json.dumps(said))
        people = len(plan.phones) + len(plan.officers) + len(plan.programs)
        self._output = (folder / "locust.txt").open("w+")
        self._process = subprocess.Popen(
            [
                *(peers_python(), "-P", "-m", "locust", "-f", str(ROOT / "bench" / "_load_peer.py")),
                *("--headless", "--host", address, "--users", str(people), "--spawn-rate", str(people)),
                *("--run-time", f"{plan.seconds + MORE_SECONDS:.0f}s", "--exit-code-on-error", "0"),
                *("--only-summary", "--skip-log-setup"),
            ],
            env=os.environ | {"REGISTER_LOAD": str(path)},
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def wait(self) -> list[Answer]:
        """Return all answers once everybody is through. SystemExit when locust failed."""
        if self._process.wait():
            self._output.seek(0)
            raise SystemExit(f"locust ended with {self._process.returncode}:\n{self._output.read()[-3000:]}")
        return self.answers()

    def answers(self) -> list[Answer]:
        """Return the answers until now."""
        lines = self._log.read_text().splitlines()
        return [Answer(**json.loads(line)) for line in lines if line.endswith("}")]


def peers_python() -> str:
    """Return the Python that has locust. SystemExit where it is not installed."""
    found = os.environ.get("PEERS_PYTHON")
    if not found:
        raise SystemExit("locust: not installed")
    return found


def list_acknowledged(answers: Sequence[Answer]) -> set[str]:
    """Return the ids that a phone was told are stored."""
    return {one for answer in answers for one in answer.stored}


def time_lines(answers: Sequence[Answer]) -> list[TableLine]:
    """Return a line for each kind of request: how many, how long, and what failed."""
    lines: list[TableLine] = [("", "requests", "p50 ms", "p95 ms", "p99 ms", "longest ms", "not 200")]
    for kind in dict.fromkeys(answer.kind for answer in answers):
        those = [answer for answer in answers if answer.kind == kind]
        took = [answer.ms for answer in those]
        times = (*(percentile(took, number) for number in (50, 95, 99)), max(took))
        failed = Counter(answer.status for answer in those if answer.status != 200)
        told = ", ".join(f"{count} x {status or 'no answer'}" for status, count in sorted(failed.items()))
        lines.append((kind, f"{len(those):,}", *(f"{time:,.0f}" for time in times), told or "0"))
    return lines
