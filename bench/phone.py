"""How long a cadre waits on a slow line: for her roster, for it once more, and for an entry to be saved.

In a real Chromium, 400 kbit/s and 400 ms a round trip, files as installed, a village of 45 children.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from bench._table import print_table
from bench._timing import time_ms
from registry.models import User
from tests.browser.conftest import QUIET, find_chromium
from tests.browser.served import Served
from tests.browser.slow_line import SlowLine, fill_village, open_roster, open_slow_phone, wait_for_install

GOALS_MS = {"roster, first time": 5_000, "roster, again": 2_500, "save an entry": 100}
SAVE = """() => new Promise((done) => {
    const began = performance.now();
    new MutationObserver(() => document.querySelector(".just-saved") && done(performance.now() - began))
        .observe(document.getElementById("work"), { childList: true, subtree: true });
    document.querySelector("button[value=next]").click();
})"""


def save_entry(page: Page) -> float:
    """Return the milliseconds from the tap on the button until the page says that the entry is saved."""
    page.locator("#todo + ul a").first.click()
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=lenhei_cm]").fill("76,5")
    return float(page.evaluate(SAVE))


def take_turn(chromium: Browser, line: SlowLine, cadre: User) -> list[float]:
    """Return what a phone that has nothing of the site yet takes, in the order of the goals."""
    context = open_slow_phone(chromium, line, cadre)
    page = context.new_page()
    first, _result = time_ms(lambda: open_roster(page))
    wait_for_install(page)
    again, _result = time_ms(lambda: open_roster(page))
    saved = save_entry(page)
    context.close()
    return [first, again, saved]


def measure(folder: Path, turns: int) -> None:
    """Print what each step took."""
    cadre, served = fill_village(), Served()
    served.start(static=folder / "static")
    line = SlowLine(served.port)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        took = list(zip(*(take_turn(chromium, line, cadre) for _turn in range(turns)), strict=True))
        chromium.close()
    line.close()
    served.kill()
    lines = [
        (name, f"{statistics.median(one):,.0f} ms", f"{max(one):,.0f} ms", f"{goal:,} ms")
        for (name, goal), one in zip(GOALS_MS.items(), took, strict=True)
    ]
    print_table("A phone on a slow line", ("", "median", "longest", "goal"), *lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="phones that start with nothing (5)")
    options = parser.parse_args()
    if find_chromium() is None:
        raise SystemExit("no Chromium here: apt-get install chromium")
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), options.turns)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
