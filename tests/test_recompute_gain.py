"""``manage.py recompute_gain``: stored N, T, O and B follow a table of gains that came later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command

from registry.growth.gain import KBM_TABLES, series_gain_codes
from registry.models import Child, VillageMonth
from tests.factories import make_child, measure

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NINE_HUNDRED = (900,) * len(KBM_TABLES[-1].from_months)
LATER = replace(KBM_TABLES[-1], valid_from=date(2024, 8, 1), boys_g=NINE_HUNDRED, girls_g=NINE_HUNDRED)


def recompute() -> str:
    out = StringIO()
    call_command("recompute_gain", stdout=out)
    return out.getvalue().strip()


def codes(child: Child) -> list[str]:
    return list(child.measurements.order_by("measured_on").values_list("gain", flat=True))


@pytest.fixture
def gaining() -> Child:
    """A girl of two years who gains 300 g in July and in August 2024; she needs 200."""
    child = make_child()
    for month, weight in ((6, "11.0"), (7, "11.3"), (8, "11.6")):
        measure(child, date(2024, month, 12), weight, "84.0")
    return child


@pytest.fixture
def _later_table(monkeypatch: pytest.MonkeyPatch, gaining: Child) -> None:
    """A table that asks for 900 g, from August 2024 on, comes when all is recorded."""
    later = partial(series_gain_codes, tables=(*KBM_TABLES, LATER))
    monkeypatch.setattr("registry.actions.assessment.series_gain_codes", later)


def test_without_a_new_table_nothing_changes(gaining: Child) -> None:
    assert recompute() == "0 kode N/T/O/B berubah."
    assert codes(gaining) == ["B", "N", "N"]


@pytest.mark.usefixtures("_later_table")
def test_a_new_table_judges_weighings_from_its_first_day_on_and_only_once(gaining: Child) -> None:
    assert recompute() == "1 kode N/T/O/B berubah."
    assert codes(gaining) == ["B", "N", "T"]
    assert recompute() == "0 kode N/T/O/B berubah."


@pytest.mark.usefixtures("_later_table")
def test_the_figures_follow(gaining: Child) -> None:
    august = VillageMonth.objects.filter(village=gaining.village, month=date(2024, 8, 1))
    assert august.values_list("gained", "not_gained").get(gained=1) == (1, 0)
    recompute()
    assert august.values_list("gained", "not_gained").get(not_gained=1) == (0, 1)
    call_command("rebuild_figures", check=True, stdout=StringIO())
