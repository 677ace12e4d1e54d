"""How long a cadre waits on a slow line: for her roster, for it again, for a search, for a save.

In a real Chromium, 400 kbit/s and 400 ms a round trip, files as installed; villages of 40, 400 and 2,000
children, the two larger ones with ten posyandu, of which she has chosen one.
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
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench._table import print_table
from bench._timing import time_ms
from registry.models import User
from tests.browser.conftest import QUIET, find_chromium
from tests.browser.served import Served
from tests.browser.slow_line import SlowLine, fill_village, open_roster, open_slow_phone, wait_for_install
from tests.factories import make_village

GOALS_MS = {"roster, first time": 5_000, "roster, again": 2_500, "search a child": 100, "save an entry": 100}
POSYANDU = {40: 0, 400: 10, 2_000: 10}
"""How many posyandu a village of so many children has."""
SEARCH = """(input) => new Promise((done) => {
    const began = performance.now();
    input.value = "anak 0033";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""
SAVE = """() => new Promise((done) => {
    const began = performance.now();
    new MutationObserver(() => document.querySelector(".just-saved") && done(performance.now() - began))
        .observe(document.getElementById("work"), { childList: true, subtree: true });
    document.querySelector("button[value=next]").click();
})"""


def search_child(page: Page) -> float:
    """Return the milliseconds from the last letter until the found are painted."""
    search = page.get_by_role("searchbox")
    took = float(search.evaluate(SEARCH))
    expect(page.locator("#work section li").first).to_contain_text("Anak 0033")
    search.fill("")
    return took


def save_entry(page: Page) -> float:
    """Return the milliseconds from the tap on the button until the page says that the entry is saved."""
    page.locator("#todo + ul a").first.click()
    page.locator("[name=weight_kg]").fill("8,4")
    page.locator("[name=lenhei_cm]").fill("76,5")
    return float(page.evaluate(SAVE))


def take_turn(chromium: Browser, port: int, cadre: User) -> list[float]:
    """Return what a phone that has nothing of the site yet takes, in the order of the goals."""
    line = SlowLine(port)  # its own: what a phone before it has asked for would still come down
    context = open_slow_phone(chromium, line, cadre)
    page = context.new_page()
    first, _result = time_ms(lambda: open_roster(page))
    wait_for_install(page)
    choice = page.get_by_role("button", name="Melati 01")
    if choice.is_visible():
        choice.click()
    again, _result = time_ms(lambda: open_roster(page))
    searched, saved = search_child(page), save_entry(page)
    context.close()
    line.close()
    return [first, again, searched, saved]


def measure(folder: Path, turns: int) -> None:
    """Print what each step took, by the size of the village."""
    cadres = {
        children: fill_village(children, posyandu, make_village(f"33.01.02.20{n:02d}", f"Desa {n}"))
        for n, (children, posyandu) in enumerate(POSYANDU.items(), 1)
    }
    served = Served()
    served.start(static=folder / "static")
    took: dict[int, list[list[float]]] = {children: [] for children in cadres}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        for _turn in range(turns):
            for children, cadre in cadres.items():
                took[children].append(take_turn(chromium, served.port, cadre))
        chromium.close()
    served.kill()
    for children, each in took.items():
        lines = [
            (name, f"{statistics.median(one):,.0f} ms", f"{max(one):,.0f} ms", f"{goal:,} ms")
            for (name, goal), one in zip(GOALS_MS.items(), zip(*each, strict=True), strict=True)
        ]
        print_table(f"A village of {children:,} children", ("", "median", "longest", "goal"), *lines)


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
