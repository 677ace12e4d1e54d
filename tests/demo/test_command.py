"""``manage.py demo``: a running register with a district in it, or a sentence why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from demo.district import TOUR_VILLAGE, Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import SIGN_INS, cadre_username, make_users
from kpm.models import Attendance, Cadre, Event
from registry import figures
from registry.errors import Invalid
from registry.figures.count import LATE_DAYS
from registry.models import (
    Child,
    ChildStatus,
    District,
    Measurement,
    Source,
    User,
    Village,
    VillageKind,
    VillageMonth,
)
from registry.places.load import load_places
from tests.factories import make_child, make_user

pytestmark = pytest.mark.django_db


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **({"children": 200, "months": 3} | options))
    return out.getvalue()


def stored() -> list[tuple[object, ...]]:
    columns = (
        "id",
        "child__name",
        "village",
        "measured_on",
        "weight_kg",
        "lenhei_cm",
        "haz",
        "gain",
        "state",
    )
    return list(Measurement.objects.order_by("id").values_list(*columns))


def test_it_loads_children_measurements_places_and_cadres() -> None:
    assert "200" in demo()
    assert Child.objects.count() == 200
    assert Village.objects.count() == 284
    assert set(Measurement.objects.values_list("source", flat=True)) == {Source.DEMO}
    assert set(Measurement.objects.dates("measured_on", "month")) <= set(
        Shape(timezone.localdate(), months=3).all_months
    )
    assert Cadre.objects.count() == 269


def test_the_stored_figures_equal_a_full_recount() -> None:
    demo()
    assert VillageMonth.objects.exists()
    call_command("rebuild_figures", check=True, stdout=StringIO())


def test_no_measurement_is_of_a_day_that_is_yet_to_come() -> None:
    demo()
    assert not Measurement.objects.filter(measured_on__gt=timezone.localdate()).exists()


def test_each_village_is_recorded_by_its_cadre_and_a_kelurahan_by_the_officer() -> None:
    demo()
    at_first = Measurement.objects.filter(supersedes=None).order_by()
    recorded = at_first.values_list("village__kind", "village", "recorded_by__username").distinct()
    by_village = {village: (kind, username) for kind, village, username in recorded}
    assert len(by_village) == recorded.count()
    for village, (kind, username) in by_village.items():
        expected = cadre_username(village) if kind == VillageKind.DESA else "kabupaten"
        assert username == ("kader" if village == TOUR_VILLAGE else expected)


def test_entries_arrive_within_days_some_weeks_later_and_none_before_its_day() -> None:
    demo(children=400)
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


def test_the_same_seed_stores_the_same_numbers() -> None:
    sid = transaction.savepoint()
    demo()
    first = stored()
    transaction.savepoint_rollback(sid)
    demo()
    assert stored() == first


def test_the_rate_that_officers_see_is_near_the_true_rate() -> None:
    load_places()
    writer = make_users("only-for-tests-demo", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    loaded = load(
        invent(places, Shape(timezone.localdate(), children=1200, months=2)),
        writer,
        lambda what, total: lambda done: None,
    )
    month = min(loaded.true_rates)
    seen = figures.prevalence(District.objects.get(), month, writer)
    assert seen.denominator > 600
    assert seen.rate == pytest.approx(loaded.true_rates[month], abs=0.04)


def test_those_who_died_or_left_have_the_day() -> None:
    demo(children=1500)
    gone = Child.objects.exclude(status=ChildStatus.ACTIVE)
    assert gone.exists()
    assert not gone.filter(status_date__isnull=True).exists()


def test_who_moved_was_measured_where_it_lived() -> None:
    demo(children=1500, months=6)
    movers = [
        c for c in Child.objects.prefetch_related("residences", "measurements") if c.residences.count() > 1
    ]
    assert movers
    for child in movers:
        assert all(m.village_id == child.village_on(m.measured_on).pk for m in child.measurements.all())


def test_the_rakor_and_the_training_had_all_269_cadres() -> None:
    demo()
    came = {e.date: e.attendances.count() for e in Event.objects.all()}
    assert came[date(2024, 8, 9)] == 269
    assert came[date(2023, 6, 5)] == 269
    assert 0 < came[date(2024, 6, 26)] < 269
    assert Attendance.objects.values("cadre__village").distinct().count() == 269


def test_everybody_on_the_list_can_sign_in() -> None:
    demo()
    for username in [*(s.username for s in SIGN_INS), "kpm.3301022016"]:
        assert Client().login(username=username, password="only-for-tests-demo"), username


def test_only_the_admin_may_open_the_admin() -> None:
    demo()
    assert list(User.objects.filter(is_staff=True).values_list("username", flat=True)) == ["admin"]


def test_a_second_time_changes_nothing() -> None:
    demo()
    before = stored()
    assert "tidak ada yang berubah" in demo(seed=5)
    assert stored() == before


def test_real_children_are_not_mixed_with_invented_ones() -> None:
    make_child()
    with pytest.raises(CommandError, match="anak sungguhan"):
        demo()
    assert Child.objects.count() == 1


@override_settings(DEMO_PASSWORD="")
def test_without_a_password_there_is_no_demo() -> None:
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        demo()
    assert not User.objects.exists()


def test_a_real_account_does_not_become_one_of_the_demo() -> None:
    admin = make_user(username="admin")
    with pytest.raises(CommandError, match="admin"):
        demo()
    assert not Child.objects.exists()
    assert User.objects.get().password == admin.password


@pytest.mark.parametrize("options", [{"children": 0}, {"months": 61}, {"seed": -1}])
def test_a_size_that_cannot_be_is_refused_with_its_limits(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="sampai"):
        demo(**options)


def test_a_measurement_that_the_register_refuses_leaves_nothing_behind() -> None:
    load_places()
    writer = make_users("only-for-tests-demo", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    district = invent(places, Shape(timezone.localdate(), children=30, months=2))
    giants = replace(district.latent, haz=np.full(30, 40.0))
    with pytest.raises(Invalid, match="140"):
        load(replace(district, latent=giants), writer, lambda what, total: lambda done: None)
    assert not Child.objects.exists()


def test_sign_ins_are_listed_with_the_password() -> None:
    demo()
    text = demo(sign_ins=True)
    assert all(s.username in text for s in SIGN_INS)
    assert "kpm.3301012001" in text
    assert "only-for-tests-demo" in text


def test_a_password_that_is_not_the_demos_is_not_shown() -> None:
    demo()
    with override_settings(DEMO_PASSWORD="changed-meanwhile"):
        assert "changed-meanwhile" not in demo(sign_ins=True)


def test_a_register_without_a_demo_lists_nobody() -> None:
    assert "tidak berisi contoh" in demo(sign_ins=True)
