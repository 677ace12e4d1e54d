"""A page is drawn once for each version of its figures: never an old one, never another reader's."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from kpm.lokus_actions import declare_lokus, remove_lokus
from kpm.models import LokusVillage
from registry.actions import correct_measurement
from registry.actions.grade import grade_month
from registry.models import Child, ChildStatus, District, Membership, Role, Survey, User, Village
from tests.dashboard.data import counted, make_survey, make_target, text_of
from tests.factories import make_child, make_measured, make_user, make_village, measure, seen, signed_in

pytestmark = pytest.mark.django_db

OVERVIEW = "/dashboard/?month=2024-08"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def village() -> Village:
    return make_village("33.01.02.2016", "Kesugihan Kidul")


def shown(user: User, address: str = OVERVIEW) -> str:
    client = signed_in(user)
    return text_of(client.get(address))


def test_a_page_is_not_drawn_again_while_nothing_changes(
    officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(village, stunted=10, believed=100)
    first = shown(officer)
    monkeypatch.setattr("dashboard.page_cache._draw", lambda page: pytest.fail("drawn again"))
    assert shown(officer) == first


def test_a_measurement_and_its_correction_are_seen_at_once(officer: User, village: Village) -> None:
    with time_machine.travel("2024-08-15T03:00:00Z"):
        child = make_child(officer, village)
        assert "1 dengan tinggi yang dapat dinilai, dari 1" not in shown(officer)
        taken = measure(child, date(2024, 8, 5), "9.5", "76.0", confirmed=True).measurement
        assert "1 dengan tinggi yang dapat dinilai, dari 1 terdaftar" in shown(officer)
        assert "Prevalensi stunting menurut register 100,0%" in shown(officer)
        correct_measurement(
            by=officer,
            id=uuid4(),
            measurement_id=taken.pk,
            observation=seen(date(2024, 8, 5), "12.5", "90.0"),
            reason="salah ketik",
        )
        assert "Prevalensi stunting menurut register 0,0%" in shown(officer)


def test_a_month_without_measurements_is_kept_for_a_minute_and_ends_with_a_child_or_a_measurement(
    officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel("2024-08-15T03:00:10Z", tick=False) as clock:
        first = make_child(officer, village)
        assert "bulan ini, 1 terdaftar" in shown(officer)
        make_child(officer, village)
        assert "bulan ini, 2 terdaftar" in (both := shown(officer))
        with monkeypatch.context() as patched:
            patched.setattr("dashboard.page_cache._draw", lambda page: pytest.fail("drawn again"))
            clock.shift(45)
            assert shown(officer) == both
        # By now one has left, which gives nobody a new home.
        Child.objects.filter(pk=first.pk).update(status=ChildStatus.MOVED, status_date=date(2024, 8, 2))
        assert "bulan ini, 2 terdaftar" in shown(officer)
        clock.shift(5)
        assert "bulan ini, 1 terdaftar" in shown(officer)


def test_a_village_that_is_lokus_or_no_longer_is_seen_at_once_in_its_year_alone(
    officer: User, village: Village
) -> None:
    where = "/dashboard/where/?month=2024-08"
    counted(village, stunted=10, believed=100)
    assert "lokus 2024" not in shown(officer, where)
    declare_lokus(
        by=officer,
        year=2024,
        village_codes=[village.pk],
        decree_number="12/2024",
        decree_date=date(2024, 1, 5),
    )
    assert "Kesugihan Kidul lokus 2024" in shown(officer, where)
    assert "lokus" not in shown(officer, "/dashboard/where/?month=2023-08")
    remove_lokus(by=officer, lokus_id=LokusVillage.objects.get().pk, reason="salah catat")
    assert "lokus 2024" not in shown(officer, where)


def test_a_new_target_and_survey_are_seen_at_once(
    officer: User, district: District, village: Village
) -> None:
    counted(village, stunted=10, believed=100)
    assert "target 14" not in shown(officer)
    make_target(district)
    assert "target 14" in shown(officer)
    make_survey(district, 2023, "18.50", Survey.SKI)
    assert "Survei SKI 2023" in shown(officer)


def test_each_language_has_its_own(officer: User, village: Village) -> None:
    counted(village, stunted=10, believed=100)
    shown(officer)
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    assert "Kabupaten Cilacap: batang" not in text_of(client.get(OVERVIEW))


def test_what_only_the_district_may_see_is_kept_for_the_district(officer: User, village: Village) -> None:
    with time_machine.travel("2024-08-15T03:00:00Z"):
        cadre = make_user(Role.CADRE, village, "sumarni")
        heights = [seen(date(2024, 8, 5), f"11.{n % 10}", f"{82 + n % 12}.{n % 10}") for n in range(30)]
        make_measured(cadre, village, [({}, [one]) for one in heights])
        grade_month(date(2024, 8, 1))
        address = "/dashboard/villages/33.01.02.2016/quality/?month=2024-08"
        assert "sumarni" in shown(officer, address)
        assert "sumarni" not in shown(make_user(Role.MIDWIFE, village), address)


def test_who_may_not_see_a_place_gets_nothing_that_is_kept(officer: User, village: Village) -> None:
    counted(village, stunted=10, believed=100)
    address = "/dashboard/kecamatan/33.01.02/?month=2024-08"
    assert "Kesugihan Kidul" in shown(officer, address)
    stranger = make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"))
    assert "Kesugihan Kidul" not in shown(stranger, address)


def test_a_reader_of_figures_alone_gets_no_small_count_that_an_officer_may_see(
    officer: User, district: District, village: Village
) -> None:
    counted(village, stunted=3, believed=100)
    other = make_village("33.01.01.2001", "Tambakreja")
    counted(other, stunted=30, believed=100)
    address = "/dashboard/kecamatan/33.01.02/where/?month=2024-08"
    assert "3,0%" in shown(officer, address)
    both = make_user(Role.CADRE, other)
    Membership.objects.create(user=both, role=Role.CLIENT, district=district)
    for hidden in (address, address.replace("where", "priority"), "/dashboard/where/?by=villages&format=csv"):
        assert "3,0%" not in (text := shown(both, hidden)) and "Kesugihan Kidul" not in text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_is_written_once_for_each_version(
    officer: User, village: Village, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    counted(village, stunted=10, believed=100)
    client = signed_in(officer)
    address = f"/dashboard/where/?month=2024-08&format={form}&table="
    first = client.get(f"{address}kecamatan")
    other = client.get(f"{address}villages")
    monkeypatch.setattr("registry.exports.response.table_bytes", lambda *asked: b"made again")
    assert client.get(f"{address}kecamatan").content == first.content
    assert client.get(f"{address}villages").content == other.content != first.content
    assert "kecamatan-" in first.headers["Content-Disposition"]
    counted(make_village("33.01.01.2001", "Tambakreja"), stunted=1, believed=9)
    assert client.get(f"{address}kecamatan").content == b"made again"
