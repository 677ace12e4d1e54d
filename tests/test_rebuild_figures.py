"""``manage.py rebuild_figures``: the stored figures are those of a recount, and it can be proven."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.calendar_months import current_month
from registry.models import AgeGroup, CountedMonth, VillageMonth
from tests.factories import make_child, make_village, measure

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

JUNE = date(2024, 6, 1)


def rebuild(**options: object) -> str:
    out = StringIO()
    call_command("rebuild_figures", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def _measured() -> None:
    """A girl of 27 months, measured once in June 2024."""
    measure(make_child(), date(2024, 6, 12), "11.0", "84.0")


@pytest.mark.usefixtures("_measured")
def test_check_finds_nothing_after_ordinary_work() -> None:
    assert "1 bulan diperiksa" in rebuild(check=True)


@pytest.mark.usefixtures("_measured")
def test_check_tells_the_cell_and_both_counts_and_fails() -> None:
    VillageMonth.objects.update(stunted=7, haz_believed=9)
    out = StringIO()
    with pytest.raises(CommandError, match="1 angka berbeda"):
        call_command("rebuild_figures", check=True, stdout=out)
    assert out.getvalue().strip() == "2024-06 33.01.02.2016 2 24-35: haz_believed 9 -> 1, stunted 7 -> 0"


@pytest.mark.usefixtures("_measured")
def test_check_notices_a_cell_that_is_missing() -> None:
    VillageMonth.objects.all().delete()
    with pytest.raises(CommandError):
        rebuild(check=True)


@pytest.mark.usefixtures("_measured")
def test_check_notices_a_cell_that_should_not_be() -> None:
    VillageMonth.objects.create(village=make_village(), month=JUNE, sex=1, age_group=AgeGroup.M00_05)
    with pytest.raises(CommandError):
        rebuild(check=True)


@pytest.mark.usefixtures("_measured")
def test_check_notices_a_measured_month_that_was_never_counted() -> None:
    VillageMonth.objects.all().delete()
    CountedMonth.objects.all().delete()
    with pytest.raises(CommandError):
        rebuild(check=True)


@pytest.mark.usefixtures("_measured")
def test_check_writes_nothing() -> None:
    VillageMonth.objects.update(stunted=7)
    with pytest.raises(CommandError):
        rebuild(check=True)
    assert VillageMonth.objects.get().stunted == 7


@pytest.mark.usefixtures("_measured")
def test_rebuilding_puts_wrong_figures_right() -> None:
    VillageMonth.objects.update(stunted=7)
    rebuild()
    assert VillageMonth.objects.get(month=JUNE).stunted == 0
    rebuild(check=True)


@pytest.mark.usefixtures("_measured")
def test_rebuilding_right_figures_changes_nothing() -> None:
    columns = [f.name for f in VillageMonth._meta.fields if f.name != "id"]
    before = list(VillageMonth.objects.filter(month=JUNE).values_list(*columns))
    rebuild()
    assert list(VillageMonth.objects.filter(month=JUNE).values_list(*columns)) == before


@pytest.mark.usefixtures("_measured")
def test_one_month_leaves_the_others_alone() -> None:
    VillageMonth.objects.update(stunted=7)
    rebuild(month=date(2024, 7, 1))
    assert VillageMonth.objects.get(month=JUNE).stunted == 7


def test_open_counts_this_month_once_and_no_other() -> None:
    make_child(birth_date=current_month())
    rebuild(open=True)
    rebuild(open=True)
    assert list(CountedMonth.objects.values_list("month", flat=True)) == [current_month()]
    assert VillageMonth.objects.get().registered == 1


def test_a_month_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(CommandError, match="2024-08"):
        call_command("rebuild_figures", "--month=agustus")
