"""``script/test --on MOMENT``: the moment the tests run at."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.moment import VARIABLE, BadMoment, parse_moment


def test_a_moment_has_its_offset() -> None:
    assert parse_moment("2026-12-01T00:30+07:00") == datetime(2026, 11, 30, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-12-01T00:30", "2027-02-29T00:30+07:00", "2024-08-08T00:30+07:00"]
)
def test_a_bad_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadMoment, match=r"misalnya --on 2026-(.|\n)*such as --on 2026-"):
        parse_moment(text)


def test_a_test_begins_at_the_moment_of_the_run() -> None:
    if text := os.environ.get(VARIABLE):
        assert timedelta() <= timezone.now() - parse_moment(text) < timedelta(seconds=30)


def test_pytest_runs_at_the_moment_that_it_is_given() -> None:
    this = f"{__file__}::{test_a_test_begins_at_the_moment_of_the_run.__name__}"
    on = ["--on", "2028-02-29T00:30+07:00"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *on, this]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_the_script_is_answered_with_a_sentence() -> None:
    command = [sys.executable, "-m", "tests.moment", "2027-02-29T00:30+07:00"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "tidak dapat dipakai" in run.stderr
    assert "Traceback" not in run.stderr
