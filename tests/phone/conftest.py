"""Runs the phone's rules in node, as Python runs its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import {{ readFileSync }} from "node:fs";
const names = "zscores children plausibility duplicates identity standing cases services".split(" ");
const modules = await Promise.all(names.map((name) => import(`{root}/static/js/workspace/${{name}}.js`)));
const phone = Object.assign({{}}, ...modules);
const growth = new phone.Growth(JSON.parse(readFileSync("{root}/static/js/growth-tables.json", "utf8")));
const answer = ({function})(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(answer));
"""

RunOnPhone = Callable[..., Any]


@pytest.fixture(scope="session")
def run_on_phone() -> RunOnPhone:
    """Calls a JavaScript function, which knows `phone` (all rules) and `growth`, with one argument."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here: apt-get install nodejs")

    def run(function: str, argument: Any = None) -> Any:
        script = SCRIPT.format(root=ROOT.as_posix(), function=function)
        done = subprocess.run(
            [node, "--input-type=module", "--eval", script],
            input=json.dumps(argument),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
