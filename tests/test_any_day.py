"""What is done on the day of the run, which ``script/test --on`` makes any day, stands in its month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from registry.calendar_months import add_months, month_of
from registry.errors import Invalid
from registry.figures import summary
from registry.models import Child, Role, User, Village
from registry.validation_messages import spoken_date
from tests.dashboard.data import text_of
from tests.factories import make_child, make_district, make_user, make_village, measure, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_day]


@pytest.fixture
def village() -> Village:
    return make_village()


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village)


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, birth_date=timezone.localdate() - timedelta(days=400))


def test_a_child_born_today_is_weighed_today(cadre: User, village: Village) -> None:
    today = timezone.localdate()
    newborn = make_child(cadre, village, birth_date=today)
    assert measure(newborn, today, "3.1", "49.0").measurement.age_days == 0
    roster = signed_in(cadre).get("/work/roster.json").json()
    assert roster["month"] == month_of(today).isoformat()
    assert [seen["on"] for seen in roster["children"][0]["seen"]] == [today.isoformat()]


def test_today_is_counted_in_this_month_and_yesterday_in_its_own(child: Child) -> None:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    measure(child, yesterday, "9.0", "75.0")
    measure(child, today, "9.0", "75.1", confirmed=True)
    officer = make_user(Role.DISTRICT)
    for day in (yesterday, today):
        assert summary(make_district(), month_of(day), officer).counts.measured == 1
        page = signed_in(officer).get("/dashboard/", {"month": f"{day:%Y-%m}"})
        assert "1 dengan tinggi yang dapat dinilai, dari 1 terdaftar" in text_of(page)
        assert f"Data sampai {spoken_date(today)}" in text_of(page)


def test_tomorrow_and_the_month_after_are_yet_to_come(child: Child) -> None:
    today = timezone.localdate()
    with pytest.raises(Invalid):
        measure(child, today + timedelta(days=1), "9.0", "75.0")
    after = {"month": f"{add_months(month_of(today), 1):%Y-%m}"}
    assert signed_in(make_user(Role.DISTRICT)).get("/dashboard/", after).status_code == 400


def test_every_page_of_a_child_opens(child: Child, cadre: User) -> None:
    measured = measure(child, timezone.localdate(), "9.0", "75.0").measurement
    for path in ("", "card/", "edit/", "move/", "close/", "measure/"):
        assert signed_in(cadre).get(f"/children/{child.pk}/{path}").status_code == 200, path
    for path in (f"/measurements/{measured.pk}/", "/children/", "/follow-up/", "/skdn/"):
        assert signed_in(cadre).get(path).status_code == 200, path


def test_whoever_turns_five_today_is_still_waited_for_this_month(cadre: User, village: Village) -> None:
    make_child(cadre, village, birth_date=timezone.localdate() - timedelta(days=1826))
    assert len(signed_in(cadre).get("/work/roster.json").json()["children"]) == 1


@pytest.mark.parametrize("moment", ["2027-03-01T00:30+07:00", "2028-02-29T23:59+07:00"])
def test_a_child_born_on_29_february_has_its_pages(moment: str, cadre: User, village: Village) -> None:
    with time_machine.travel(moment):
        born = make_child(cadre, village, birth_date=date(2024, 2, 29))
        measure(born, timezone.localdate(), "14.0", "95.0")
        for path in ("", "card/"):
            assert signed_in(cadre).get(f"/children/{born.pk}/{path}").status_code == 200
