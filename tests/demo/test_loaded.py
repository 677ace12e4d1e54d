"""What is in a register into which ``manage.py demo`` has loaded a district; each test reads the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import NamedTuple

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from demo.district import TOUR_VILLAGE, Shape
from demo.signins import SIGN_INS, cadre_username
from kpm.models import Attendance, Cadre, CaseAudit, CaseStep, Event, EventDecision, LokusVillage, Scorecard
from kpm.scorecard.periods import quarter_of
from registry import figures
from registry.figures.count import LATE_DAYS
from registry.models import (
    Child,
    ChildStatus,
    District,
    Measurement,
    Posyandu,
    Source,
    User,
    Village,
    VillageKind,
    VillageMonth,
)
from tests.dashboard.data import text_of
from tests.demo.test_first_of_month import open_every_page
from tests.factories import signed_in
from tests.once import kept_for_the_module

pytestmark = [pytest.mark.any_day, pytest.mark.django_db]


def printed(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


class Loaded(NamedTuple):
    at: datetime
    said: str


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """Load the district, which takes no time by the clock; when, and what the command prints."""
    with kept_for_the_module(django_db_blocker):
        at = timezone.now()
        with time_machine.travel(at, tick=False):
            said = printed(children=1500, months=6)
        yield Loaded(at, said)


@pytest.fixture(autouse=True)
def _just_loaded(loaded: Loaded) -> Iterator[None]:
    with time_machine.travel(loaded.at):
        yield


def test_it_loads_children_measurements_places_and_cadres(loaded: Loaded) -> None:
    assert "1.500 anak" in loaded.said
    assert Child.objects.count() == 1500
    assert Village.objects.count() == 284
    assert set(Measurement.objects.values_list("source", flat=True)) == {Source.DEMO}
    assert set(Measurement.objects.dates("measured_on", "month")) <= set(
        Shape(timezone.localdate(), months=6).all_months
    )
    assert Cadre.objects.count() == 269


def test_the_stored_figures_equal_a_full_recount() -> None:
    assert VillageMonth.objects.exists()
    call_command("rebuild_figures", check=True, stdout=StringIO())


def test_no_measurement_is_of_a_day_that_is_yet_to_come() -> None:
    assert not Measurement.objects.filter(measured_on__gt=timezone.localdate()).exists()


def test_each_village_is_recorded_by_its_cadre_and_a_kelurahan_by_the_officer() -> None:
    at_first = Measurement.objects.filter(supersedes=None).order_by()
    recorded = at_first.values_list("village__kind", "village", "recorded_by__username").distinct()
    by_village = {village: (kind, username) for kind, village, username in recorded}
    assert len(by_village) == recorded.count()
    for village, (kind, username) in by_village.items():
        expected = cadre_username(village) if kind == VillageKind.DESA else "kabupaten"
        assert username == ("kader" if village == TOUR_VILLAGE else expected)


def test_entries_arrive_within_days_some_weeks_later_and_none_before_its_day() -> None:
    waited = [
        (timezone.localdate(received) - measured_on).days
        for received, measured_on in Measurement.objects.filter(supersedes=None).values_list(
            "received_at", "measured_on"
        )
    ]
    assert min(waited) == 0
    assert max(waited) <= 20
    assert 0.01 < sum(days > LATE_DAYS for days in waited) / len(waited) < 0.15
    assert not Measurement.objects.filter(received_at__gt=timezone.now()).exists()


def test_the_rate_that_officers_see_is_near_the_true_rate(loaded: Loaded) -> None:
    said = re.search(r"(\d{4})-(\d\d): ([0-9,]+)%", loaded.said)
    assert said
    month, true_rate = date(int(said[1]), int(said[2]), 1), float(said[3].replace(",", ".")) / 100
    officer = User.objects.get(username="kabupaten")
    seen = figures.summary(District.objects.get(), month, officer).stunted
    assert seen.denominator > 600
    assert seen.rate == pytest.approx(true_rate, abs=0.04)


def test_those_who_died_or_left_have_the_day() -> None:
    gone = Child.objects.exclude(status=ChildStatus.ACTIVE)
    assert gone.exists()
    assert not gone.filter(status_date__isnull=True).exists()


def test_who_moved_was_measured_where_it_lived() -> None:
    movers = [
        c for c in Child.objects.prefetch_related("residences", "measurements") if c.residences.count() > 1
    ]
    assert movers
    for child in movers:
        assert all(m.village_id == child.village_on(m.measured_on).pk for m in child.measurements.all())


def test_the_rakor_and_the_training_had_all_269_cadres() -> None:
    came = {e.date: e.attendances.count() for e in Event.objects.all()}
    assert came[date(2024, 8, 9)] == 269
    assert came[date(2023, 6, 5)] == 269
    assert 0 < came[date(2024, 6, 26)] < 269
    assert Attendance.objects.values("cadre__village").distinct().count() == 269
    assert [e.attendances.count() for e in Event.objects.filter(village="33.01.02.2016")] == [1, 1]
    again = Event.objects.get(title="Pelatihan Ulang Pengukuran")
    assert 150 < again.attendances.count() < 200
    assert again.date < timezone.localdate() - timedelta(days=6 * 30)


def test_of_the_decisions_one_is_done_one_overdue_and_one_open() -> None:
    july = Event.objects.get(kind="musdes", date=date(2024, 7, 15))
    (asked,) = EventDecision.objects.asked_at(july)
    assert asked.is_overdue(july.date)
    assert EventDecision.objects.get(done_on=date(2024, 3, 31)).outcome
    (of_the_rakor,) = EventDecision.objects.filter(event__kind="rakor")
    assert (of_the_rakor.due_on, of_the_rakor.done_on) == (date(2024, 12, 31), None)


def shown_to(username: str, address: str) -> str:
    return text_of(signed_in(User.objects.get(username=username)).get(address))


def test_of_two_years_forty_villages_are_lokus_and_officers_see_which() -> None:
    year = timezone.localdate().year
    of_year = {
        one: set(LokusVillage.objects.filter(year=one).values_list("village", flat=True))
        for one in (year - 1, year)
    }
    assert [len(codes) for codes in of_year.values()] == [40, 40]
    assert len(of_year[year] - of_year[year - 1]) == 15
    assert TOUR_VILLAGE in of_year[year] & of_year[year - 1]
    chip = re.search(r"Kesugihan Kidul lokus (\d{4})", shown_to("kabupaten", "/dashboard/where/"))
    assert chip
    assert int(chip[1]) in of_year


def test_audits_stand_in_every_state_and_are_read_by_those_who_audit() -> None:
    today, audits = timezone.localdate(), CaseAudit.objects.all()
    assert not audits.filter(chosen_on__gt=today).exists()
    states = {
        (
            audit.causes.count(),
            bool(audit.concluded_on),
            *(
                "done" if one.done_on else "late" if one.due_on < today else "open"
                for one in audit.decisions.order_by("due_on")
            ),
        )
        for audit in audits
    }
    assert states == {
        (0, False),
        (5, False),
        (5, False, "open"),
        (5, False, "done", "late"),
        (5, True, "done", "done"),
    }
    assert audits.filter(child__village=TOUR_VILLAGE, by__username="kecamatan").exists()
    assert "lewat batas" in shown_to("kecamatan", f"/audits/?place={TOUR_VILLAGE}")


def test_each_posyandu_opens_on_the_day_on_which_it_weighs() -> None:
    opens = dict(Posyandu.objects.values_list("pk", "day_of_month"))
    assert len(opens) > 2_000
    stayed = Measurement.objects.filter(child__posyandu__village=F("village"), supersedes=None)
    after = [day.day - opens[pk] for pk, day in stayed.values_list("child__posyandu", "measured_on")]
    assert min(after) == 0
    assert max(after) <= 8  # five days late, and weighed again after three more
    assert "belum ditentukan" not in shown_to("kader", f"/reminders/?village={TOUR_VILLAGE}")


def test_most_villages_have_closed_the_two_quarters_that_are_over() -> None:
    over = [quarter_of(timezone.localdate()).add_quarters(back) for back in (-2, -1)]
    closed = [Scorecard.objects.filter(year=one.year, quarter=one.number).count() for one in over]
    assert closed == [272, 248]
    assert Scorecard.objects.count() == 520
    shown = shown_to("kabupaten", "/dashboard/convergence/")
    assert "272 dari 284" in shown


def test_the_page_of_one_village_is_open_to_everybody() -> None:
    assert Client().get(f"/desa/{TOUR_VILLAGE}/").status_code == 200


def test_everybody_on_the_list_can_sign_in() -> None:
    for username in [*(s.username for s in SIGN_INS), "kpm.3301022016"]:
        assert Client().login(username=username, password="only-for-tests-demo"), username


def test_only_the_admin_may_open_the_admin() -> None:
    assert list(User.objects.filter(is_staff=True).values_list("username", flat=True)) == ["admin"]


def test_every_page_opens() -> None:
    """Which ``script/test --on`` tries on any day."""
    open_every_page()


def test_a_second_time_changes_nothing() -> None:
    before = list(Measurement.objects.order_by("id").values())
    assert "tidak ada yang berubah" in printed(seed=5)
    assert list(Measurement.objects.order_by("id").values()) == before


def test_sign_ins_are_listed_with_the_password() -> None:
    text = printed(sign_ins=True)
    assert all(s.username in text for s in SIGN_INS)
    assert "kpm.3301012001" in text
    assert "only-for-tests-demo" in text


def test_a_sign_in_that_is_listed_opens_the_register_at_once() -> None:
    for name in ("kader", "kabupaten", "kpm.3301012001"):
        browser = Client()
        answer = browser.post("/accounts/login/", {"username": name, "password": "only-for-tests-demo"})
        assert answer.status_code == 302
        assert "/accounts/password/" not in browser.get("/")["Location"]
    assert not User.objects.filter(must_change_password=True).exists()


def test_a_password_that_is_not_the_demos_is_not_shown() -> None:
    with override_settings(DEMO_PASSWORD="changed-meanwhile"):
        assert "changed-meanwhile" not in printed(sign_ins=True)


def test_each_step_of_a_case_was_recorded_on_its_own_day(loaded: Loaded) -> None:
    steps = list(CaseStep.objects.values_list("on", "recorded_at"))
    assert len({on for on, _at in steps}) > 30
    assert [on for on, _at in steps] == [timezone.localdate(at) for _on, at in steps]
    assert max(at for _on, at in steps) < loaded.at + timedelta(seconds=1)
