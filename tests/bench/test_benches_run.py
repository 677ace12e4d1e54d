"""Each benchmark runs to its end on a few children. Its figures say nothing here; that it works does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import find_chromium

ROOT = Path(__file__).parent.parent.parent
SMALL = {
    "dashboard": ["--children=100", "--months=2", "--pages=district .", "--repeats=1", "--rounds=1"],
    "faults": ["--seconds=3", "--children=1500", "--only=worker"],
    "import": ["--rows=60", "--database=sqlite", "--no-peer"],  # makes its own database
    "import of the same parents": ["--rows=60", "--database=sqlite", "--same-parents"],
    "load": ["--cadres=3", "--minutes=0.05", "--children=600", "--phones=2", "--open-seconds=1"],
    "phone": ["--turns=1"],
    "record": ["--children=100", "--months=1", "--many=11", "--turns=1"],
}

NEED_LOCUST = {"faults", "load"}


def test_every_benchmark_is_run_here_or_has_tests_of_its_own() -> None:
    benches = {path.stem for path in (ROOT / "bench").glob("[!_]*.py")}
    assert benches == {*(case.split()[0] for case in SMALL), "growth"}


@pytest.mark.parametrize("case", SMALL)
def test_a_benchmark_of_a_few_children_runs_to_its_end(case: str, tmp_path: Path) -> None:
    name = case.split()[0]
    if name == "phone" and find_chromium() is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    locust = ROOT / "var" / "bench-venv" / "bin" / "locust"
    if name in NEED_LOCUST and not locust.exists():
        pytest.skip("no locust here: script/bench load installs it")
    of_the_tests = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {key: value for key, value in os.environ.items() if key not in of_the_tests}
    if name == "record":
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/bench.sqlite3"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-P", f"bench/{name}.py", *SMALL[case]],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT), "PEERS_PYTHON": str(locust.with_name("python"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert " ms" in run.stdout or " s" in run.stdout, run.stdout
    if case == "import of the same parents":
        assert re.search(r"^the same parents .* \d\.\d\d x$", run.stdout, re.MULTILINE), run.stdout
    if name == "faults":
        assert len(re.findall(r"  0        0 .*  ok$", run.stdout, re.MULTILINE)) == 2, run.stdout
    if name == "load":
        assert run.stdout.count(" 0 lost, 0 doubled; figures differ from a recount in 0 cells") == 2, (
            run.stdout
        )
        assert " 0 acknowledged" not in run.stdout
