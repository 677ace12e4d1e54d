from __future__ import annotations

import re
from datetime import date
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dashboard.definitions import (
    coverage_definition,
    participation_definition,
    rate_definition,
    success_definition,
)
from registry.access.visible_places import PlaceName
from registry.figures import Counts
from registry.figures.prevalence import rate_from
from registry.models import Indicator

QUOTED = re.findall(
    r"\| `([\w.]+)` \|$", Path("docs/definitions.md").read_text(encoding="utf-8"), re.MULTILINE
)
COUNTS = Counts(
    registered=120,
    measured=100,
    haz_believed=98,
    stunted=14,
    waz_believed=99,
    underweight=11,
    whz_believed=97,
    wasted=6,
    overweight=3,
    gained=50,
    not_gained=20,
    not_before=6,
    first=4,
)


def thing_called(name: str) -> Any:
    """What a dotted name stands for: looked up in the longest part of it that is a module."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            module = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[end:], module)
    raise LookupError(name)


@pytest.mark.parametrize("name", QUOTED)
def test_the_function_that_holds_a_definition_is_where_the_page_says(name: str) -> None:
    held = thing_called(name)
    assert callable(held) or isinstance(held, property)


def test_every_definition_names_its_function() -> None:
    rows = [
        line
        for line in Path("docs/definitions.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| Term")
    ]
    assert len(rows) == len(QUOTED) > 25


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator"),
    [
        (Indicator.STUNTED, "14", "98"),
        (Indicator.WASTED, "6", "97"),
        (Indicator.UNDERWEIGHT, "11", "99"),
        (Indicator.OVERWEIGHT, "3", "97"),
    ],
)
def test_a_rates_definition_has_its_own_numerator_and_denominator(
    indicator: Indicator, numerator: str, denominator: str
) -> None:
    found = rate_from(PlaceName("village", "33.01.02.2009", "X"), date(2024, 8, 1), COUNTS, indicator)
    text = rate_definition(found)
    assert f": {numerator}, dibagi" in text
    assert f"valid: {denominator}, sama dengan" in text


def test_coverage_participation_and_success_show_their_counts() -> None:
    place = PlaceName("village", "33.01.02.2009", "X")
    text = coverage_definition(rate_from(place, date(2024, 8, 1), COUNTS, Indicator.STUNTED))
    assert "TB/U-nya valid: 98, dibagi anak yang terdaftar: 120, sama dengan 81,7" in text
    assert "paling sedikit sekali: 100." in text
    assert (
        "(D = N + T + O + B): 80, dibagi anak terdaftar (S): 120, sama dengan 66,7"
        in participation_definition(COUNTS)
    )
    assert "(N): 50, dibagi anak yang ditimbang (D): 80, sama dengan 62,5" in success_definition(COUNTS)


def test_each_number_of_the_first_look_has_its_definition(client: Any, officer: Any) -> None:
    from tests.dashboard.data import counted, make_survey, make_target
    from tests.factories import make_district, make_village

    counted(make_village(), stunted=100, believed=1000)
    make_target(make_district())
    make_survey(make_district(), 2023, "18.50")
    client.force_login(officer)
    page = client.get("/dashboard/").content.decode()
    for of in (
        "Prevalensi stunting menurut register",
        "Cakupan pengukuran",
        "Survei SKI 2023",
        "Partisipasi (D/S)",
    ):
        assert f'Bagaimana ini dihitung?<span class="hidden-text"> ({of})</span>' in page
