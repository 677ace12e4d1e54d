"""Many measurements at once: the same rules as one at a time, each entry answered on its own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import connection

from registry.actions import (
    Entry,
    Identity,
    NewChild,
    Observation,
    Outcome,
    measurement_plan,
    move_child,
    record_measurement,
    record_measurements,
    store_planned,
)
from registry.actions.assessment import assess_many, assess_observation, doubts_about, gain_codes_of
from registry.actions.bulk import store
from registry.actions.identity import build_child
from registry.actions.observation import observation_of
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Child, Measurement, Sex, Source, User, Village, VillageMonth
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_village, measure, seen

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = date(2024, 5, 1), date(2024, 6, 1), date(2024, 7, 1)
DAY = date(2024, 6, 12)


@pytest.fixture
def there() -> Village:
    return make_village("33.01.02.2003", "Kesugihan")


def entry(child: Child, what: Observation, *, id: UUID | None = None, confirmed: bool = False) -> Entry:
    return Entry(id or uuid4(), child, what, confirmed)


def new_child(by: User, since: date = DAY, village: Village | None = None, nik: str = "") -> NewChild:
    child = build_child(
        by=by,
        id=uuid4(),
        village=village or make_village(),
        identity=Identity(name="Anak Baru", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik=nik),
    )
    return NewChild(child, since)


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind.value for outcome in outcomes]


def row_of(m: Measurement) -> dict[str, object]:
    """Everything the register worked out about a measurement."""
    left_out = {"id", "child", "received_at", "recorded_by", "source", "client_time"}
    return {f.name: getattr(m, f.attname) for f in Measurement._meta.fields if f.name not in left_out}


def test_it_stores_what_recording_one_by_one_stores(officer: User) -> None:
    values = [
        seen(date(2024, 5, 8), "10.6", "83.4"),
        seen(DAY, "10.9", "84.0", muac_cm=Decimal("14.5")),
        seen(date(2024, 6, 20), "10.9"),
        seen(date(2024, 7, 10), "11.0", "84.5", oedema=True),
    ]
    one, many = make_child(by=officer), make_child(by=officer)
    for what in values:
        record_measurement(by=officer, id=uuid4(), child_id=one.pk, observation=what)
    outcomes = record_measurements(by=officer, entries=[entry(many, what) for what in reversed(values)])
    assert kinds(outcomes) == ["new"] * 4
    singly = [row_of(m) for m in one.measurements.order_by("measured_on")]
    at_once = [row_of(m) for m in many.measurements.order_by("measured_on")]
    assert at_once == singly
    assert not wrong_figures()


def test_who_recorded_it_and_from_where_is_kept(officer: User) -> None:
    child = make_child()
    record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.0"))], source=Source.DEMO)
    m = child.measurements.get()
    assert (m.recorded_by, m.source) == (officer, Source.DEMO)


def test_an_entry_that_cannot_be_does_not_keep_the_others_out(officer: User) -> None:
    child = make_child()
    outcomes = record_measurements(
        by=officer,
        entries=[
            entry(child, seen(DAY, "121")),
            entry(child, seen(date(2024, 7, 10), "11.3", "85.0")),
            entry(child, seen(date(2021, 1, 1), "11.0")),
            entry(child, seen(date(2024, 8, 8), "11.5", "70.0")),
        ],
    )
    assert kinds(outcomes) == ["refused", "new", "refused", "doubtful"]
    assert [getattr(o.error, "code", None) for o in outcomes] == [
        "out_of_range",
        None,
        "before_birth",
        "needs_confirmation",
    ]
    assert child.measurements.count() == 1


def test_a_plan_says_the_same_and_writes_nothing(officer: User) -> None:
    child, baby = make_child(), new_child(officer)
    entries = [
        entry(child, seen(DAY, "11.0")),
        entry(baby.child, seen(DAY, "10.0")),
        entry(child, seen(DAY, "121")),
    ]
    assert kinds(measurement_plan(by=officer, entries=entries, new_children=[baby]).outcomes) == [
        "new",
        "new",
        "refused",
    ]
    assert not Measurement.objects.exists()
    assert Child.objects.count() == 1


def test_taking_the_same_in_again_stores_nothing(officer: User) -> None:
    child = make_child()
    record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.0", "84.0"))])
    again = record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.00", "84.0"))])
    assert kinds(again) == ["same"]
    assert again[0].measurement == child.measurements.get()


def test_the_same_row_twice_in_one_call_is_stored_once(officer: User) -> None:
    child = make_child()
    outcomes = record_measurements(
        by=officer, entries=[entry(child, seen(DAY, "11.0")) for _time in range(2)]
    )
    assert kinds(outcomes) == ["new", "same"]
    assert child.measurements.count() == 1


def test_two_values_of_one_day_are_a_conflict(officer: User) -> None:
    child = make_child()
    outcomes = record_measurements(
        by=officer, entries=[entry(child, seen(DAY, "11.0")), entry(child, seen(DAY, "11.4"))]
    )
    assert kinds(outcomes) == ["new", "refused"]
    assert isinstance(outcomes[1].error, Conflict)


def test_a_used_id_gives_the_same_row_or_a_conflict(officer: User) -> None:
    child, other, used = make_child(), make_child(), uuid4()
    record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.0"), id=used)])
    outcomes = record_measurements(
        by=officer,
        entries=[
            entry(child, seen(DAY, "11.0"), id=used),
            entry(child, seen(date(2024, 6, 13), "11.0"), id=used),
            entry(other, seen(DAY, "11.0"), id=used),
        ],
    )
    assert kinds(outcomes) == ["same", "refused", "refused"]
    assert {o.error.code for o in outcomes if o.error} == {"id_used"}
    assert Measurement.objects.count() == 1


def test_one_id_for_two_entries_of_a_call_is_a_conflict(officer: User) -> None:
    child, used = make_child(), uuid4()
    outcomes = record_measurements(
        by=officer,
        entries=[
            entry(child, seen(DAY, "11.0"), id=used),
            entry(child, seen(date(2024, 7, 10), "11.3"), id=used),
        ],
    )
    assert kinds(outcomes) == ["new", "refused"]


def test_each_entry_is_judged_against_those_before_it_in_time(officer: User) -> None:
    child = make_child()
    outcomes = record_measurements(
        by=officer,
        entries=[
            entry(child, seen(date(2024, 7, 10), "11.3", "80.0")),
            entry(child, seen(DAY, "11.0", "84.0")),
        ],
    )
    assert kinds(outcomes) == ["doubtful", "new"]


def test_a_confirmed_doubt_is_stored_with_what_was_confirmed(officer: User) -> None:
    child = make_child()
    record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.0", "60.0"), confirmed=True)])
    assert "haz_flag" in child.measurements.get().confirmed_doubts


def test_a_late_entry_changes_the_code_of_what_is_stored_already(officer: User) -> None:
    child = make_child()
    july = measure(child, date(2024, 7, 10), "11.3").measurement
    record_measurements(by=officer, entries=[entry(child, seen(DAY, "11.0"))])
    july.refresh_from_db()
    assert july.gain == "N"
    assert counted(child.village, JULY, "first", "gained") == (0, 1)
    assert not wrong_figures()


def test_a_new_child_lives_there_since_it_was_first_seen(officer: User) -> None:
    baby = new_child(officer, since=DAY)
    record_measurements(
        by=officer,
        new_children=[baby],
        entries=[entry(baby.child, seen(DAY, "11.0")), entry(baby.child, seen(date(2024, 5, 8), "10.8"))],
    )
    assert baby.child.residences.get().since == date(2024, 5, 8)
    assert [counted(make_village(), month) for month in (MAY, JUNE)] == [(1, 1), (1, 1)]
    assert not wrong_figures()


def test_a_new_child_is_registered_in_months_that_are_counted_already(officer: User) -> None:
    measure(make_child(), date(2024, 7, 3), "11.0")
    baby = new_child(officer, since=DAY)
    record_measurements(by=officer, new_children=[baby], entries=[entry(baby.child, seen(DAY, "11.0"))])
    assert counted(make_village(), JULY) == (2, 1)
    assert not wrong_figures()


def test_measured_earlier_than_known_the_child_lived_there_already(officer: User) -> None:
    child = make_child(since=date(2024, 7, 20))
    measure(make_child(), date(2024, 6, 3), "11.0")
    record_measurements(by=officer, entries=[entry(child, seen(date(2024, 5, 8), "11.0"))])
    assert child.residences.get().since == date(2024, 5, 8)
    assert counted(child.village, JUNE) == (2, 1)
    assert not wrong_figures()


def test_each_counts_where_the_child_lived_that_day(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    here = child.village
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20))
    record_measurements(
        by=officer,
        entries=[entry(child, seen(date(2024, 6, day), "11.0", "84.0")) for day in (5, 25)],
    )
    assert set(child.measurements.values_list("measured_on__day", "village_id")) == {
        (5, here.pk),
        (25, there.pk),
    }
    assert (counted(here, JUNE), counted(there, JUNE)) == ((0, 0), (1, 1))
    assert not wrong_figures()


def test_an_entry_from_before_a_move_takes_the_child_out_of_the_new_village(
    officer: User, there: Village
) -> None:
    measure(make_child(by=officer), DAY, "11.0")  # opens June
    child = make_child(by=officer)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20))
    assert counted(there, JUNE) == (1, 0)
    record_measurements(by=officer, entries=[entry(child, seen(date(2024, 6, 5), "11.0"))])
    assert counted(there, JUNE) == (0, 0)
    assert not wrong_figures()


def test_a_child_outside_the_area_is_refused(there: Village) -> None:
    child = make_child()
    outcomes = record_measurements(by=make_cadre(there), entries=[entry(child, seen(DAY, "11.0"))])
    assert kinds(outcomes) == ["refused"]
    assert isinstance(outcomes[0].error, NotFound)


def test_a_child_that_moved_away_is_no_longer_the_old_cadres(officer: User, there: Village) -> None:
    child = make_child(by=officer)
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20))
    child.refresh_from_db()
    outcomes = record_measurements(by=make_cadre(), entries=[entry(child, seen(date(2024, 6, 5), "11.0"))])
    assert [o.error and o.error.code for o in outcomes] == ["child_not_found"]


def test_a_new_child_outside_the_area_is_refused_with_everything(there: Village) -> None:
    cadre = make_cadre(there)
    baby = new_child(cadre, village=make_village())
    with pytest.raises(NotFound):
        record_measurements(by=cadre, new_children=[baby], entries=[entry(baby.child, seen(DAY, "11.0"))])
    assert not Child.objects.exists()


def test_a_day_after_the_child_left_is_refused(officer: User) -> None:
    child = make_child(by=officer)
    child.status, child.status_date = "moved", DAY
    plan = measurement_plan(by=officer, entries=[entry(child, seen(date(2024, 6, 13), "11.0"))])
    assert isinstance(plan.outcomes[0].error, Invalid)


def test_progress_counts_every_row_that_is_written(officer: User) -> None:
    child, stored = make_child(), list[int]()
    entries = [entry(child, seen(DAY, "11.0")), entry(child, seen(DAY, "121"))]
    store_planned(measurement_plan(by=officer, entries=entries), by=officer, progress=stored.append)
    assert sum(stored) == 1


def test_nothing_to_store_is_no_work(officer: User) -> None:
    assert record_measurements(by=officer, entries=[]) == []
    assert not VillageMonth.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_entries(
    officer: User, django_assert_max_num_queries: object
) -> None:
    children = [make_child(by=officer) for _number in range(20)]
    entries = [entry(child, seen(DAY, "11.0")) for child in children]
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        record_measurements(by=officer, entries=entries)


def unsealed_child(by: User) -> Child:
    return build_child(
        by=by,
        id=uuid4(),
        village=make_village(),
        identity=Identity(
            name="Anak Baru", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik="3301025403220001"
        ),
        of_file=True,
    )


def test_a_nik_that_is_not_sealed_yet_is_known_and_never_stored_so(officer: User) -> None:
    one, other = unsealed_child(officer), unsealed_child(officer)
    assert (one.nik_sealed, one.nik, one.nik_masked) == ("", "3301025403220001", "33010***********")
    record_measurements(
        by=officer, entries=[entry(one, seen(DAY, "11.0"))], new_children=[NewChild(one, DAY)]
    )
    [stored] = Child.objects.all()
    assert (stored.nik, stored.nik_hash) == ("3301025403220001", one.nik_hash)
    assert "33010254" not in stored.nik_sealed
    Child.objects.filter(pk=one.pk).update(nik_hash=None)
    other.save()
    assert Child.objects.get(pk=other.pk).nik == "3301025403220001"
    assert other.nik_unsealed is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_after_many_rows_postgresql_knows_how_many_there_are(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it looks through whole tables for each five hundred children of the file that comes next."""
    monkeypatch.setattr(store, "_MANY", 3)
    children = [make_child(by=officer) for _number in range(3)]
    for day, count in ((DAY, 3), (DAY + timedelta(days=30), 2)):
        entries = [entry(child, seen(day, "11.0"), confirmed=True) for child in children[:count]]
        record_measurements(by=officer, entries=entries)
    assert Measurement.objects.count() == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'registry_measurement'::regclass")
        assert cursor.fetchone() == (3,)  # after the first of the two


def test_a_month_added_to_a_long_series_is_judged_by_all_of_it(officer: User) -> None:
    """Of each series only as much is read as the month can need; N, T, O, B and doubts show it."""
    random = Random(100)
    for _child in range(20):
        child = make_child(by=officer, since=MAY)
        days = sorted(random.sample(range(160), k=8))
        what = [random_observation(random, MAY + timedelta(days=day)) for day in days]
        for some in (what[:5], what[5:]):  # a day is judged by those before it, and changes those after it
            record_measurements(by=officer, entries=[entry(child, one, confirmed=True) for one in some])
        series = list(child.measurements.in_force().order_by("measured_on"))
        assert {m.pk: m.gain for m in series} == gain_codes_of(child, series)
        for number, m in enumerate(series):
            observation = observation_of(m)
            found = assess_observation(child, observation)
            assert m.confirmed_doubts == doubts_about(child, observation, found, series[:number])
    assert not wrong_figures()


def random_observation(random: Random, day: date) -> Observation:
    """A child of two years, now and then lighter or shorter than it can be."""
    weight = random.choice((None, "7.5", "10.8", "11.0", "11.2", "11.4"))
    return seen(day, weight, random.choice((None, "79.0", "84.0", "84.5", "85.0")) if weight else "84.0")


def test_many_are_assessed_as_each_of_them() -> None:
    random, child = Random(7), make_child()
    days = [child.birth_date + timedelta(days=random.randrange(2200)) for _time in range(300)]
    many = [(child, random_observation(random, day)) for day in days]
    assert list(assess_many(many)) == [assess_observation(*one) for one in many]
