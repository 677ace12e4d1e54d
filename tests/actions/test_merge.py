"""Two records of one child become one, and for 30 days two again. Today is 15 August 2024.

Siti was born on 14 March 2022. Her second record says 15 March.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from registry.actions import (
    HOME,
    Identity,
    close_child,
    correct_measurement,
    enrol_child,
    fields_to_take,
    merge_children,
    move_child,
    undo_merge,
    update_child,
)
from registry.actions.village_code import change_village_code
from registry.errors import Conflict, Invalid, NotFound
from registry.models import (
    ChangeLog,
    Child,
    ChildStatus,
    Measurement,
    MeasurementState,
    MergedChild,
    Residence,
    Sex,
    User,
    Village,
    VillageMonth,
)
from tests.actions.figures import counted, wrong_figures
from tests.factories import (
    make_cadre,
    make_child,
    make_posyandu,
    make_village,
    measure,
    seen,
    send_other_values,
)

pytestmark = pytest.mark.django_db

JUNE, JULY, AUGUST = date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1)
NIK = "3301025403220001"
SITI = {"name": "Siti Aminah", "birth_date": date(2022, 3, 14), "parent_name": "Ibu Rini", "rt": "01"}


@pytest.fixture
def kept(cadre: User) -> Child:
    """Measured in June and July."""
    child = make_child(cadre, **SITI)  # type: ignore[arg-type]
    measure(child, date(2024, 6, 5), "11.0", "85.0")
    measure(child, date(2024, 7, 5), "11.3", "86.0")
    return child


@pytest.fixture
def double(cadre: User) -> Child:
    """Measured on the same day of July, with other values, and in August."""
    child = make_child(
        cadre,
        name="Siti Aminnah",
        birth_date=date(2022, 3, 15),
        nik=NIK,
        birth_weight_kg=Decimal("3.1"),
        posyandu_id=make_posyandu(make_village()).pk,
    )
    measure(child, date(2024, 7, 5), "11.4", "86.5")
    measure(child, date(2024, 8, 5), "11.6", "87.0")
    return child


def everything() -> list[Any]:
    """Every row that a merge can touch, with all its columns but the keys of residences."""
    residences = [f.attname for f in Residence._meta.concrete_fields if not f.primary_key]
    return [
        list(Child.objects.order_by("pk").values()),
        list(Residence.objects.order_by("child_id", "since").values(*residences)),
        list(Measurement.objects.order_by("pk").values()),
        sorted(
            VillageMonth.objects.values_list("village", "month", "sex", "age_group", "registered", "measured")
        ),
    ]


def in_force(child: Child) -> list[tuple[date, str]]:
    rows = child.measurements.in_force().order_by("measured_on")
    return [(m.measured_on, f"{m.weight_kg:.1f}") for m in rows]


def of_both(by: User, kept: Child, double: Child, **more: Any) -> Child:
    return merge_children(by=by, kept_id=kept.pk, merged_id=double.pk, **more)


# --- One record ---------------------------------------------------------------------------------------


def test_one_child_stands_where_two_did_and_figures_fall_by_one(
    cadre: User, kept: Child, double: Child
) -> None:
    before = [counted(kept.village, month) for month in (JUNE, JULY, AUGUST)]
    of_both(cadre, kept, double)
    assert before == [(2, 1), (2, 2), (2, 1)]
    assert [counted(kept.village, month) for month in (JUNE, JULY, AUGUST)] == [(1, 1), (1, 1), (1, 1)]
    assert list(Child.objects.all()) == [kept]
    assert not wrong_figures()


def test_measurements_come_together_and_of_two_of_a_day_the_kept_ones_counts(
    cadre: User, kept: Child, double: Child
) -> None:
    of_both(cadre, kept, double)
    july = date(2024, 7, 5)
    assert in_force(kept) == [(date(2024, 6, 5), "11.0"), (july, "11.3"), (date(2024, 8, 5), "11.6")]
    out = kept.measurements.get(state=MeasurementState.VOID)
    assert (out.measured_on, out.voided_by, "ganda" in out.reason) == (july, cadre, True)
    # N of August is worked out from July: 11.3 to 11.6 is 300 g, and 200 g are asked of two years.
    assert [m.gain for m in kept.measurements.in_force().order_by("measured_on")] == ["B", "N", "N"]


def test_the_other_of_two_of_a_day_can_be_chosen(cadre: User, kept: Child, double: Child) -> None:
    chosen = double.measurements.get(measured_on=date(2024, 7, 5))
    of_both(cadre, kept, double, chosen=[chosen.pk])
    assert in_force(kept)[1] == (date(2024, 7, 5), "11.4")
    assert not wrong_figures()


def test_what_the_kept_record_lacks_is_filled_and_what_is_taken_is_taken(
    cadre: User, kept: Child, double: Child
) -> None:
    assert fields_to_take(kept, double) == {"nik", "birth_weight_kg"}
    child = of_both(cadre, kept, double)
    child.refresh_from_db()
    assert (child.name, child.birth_date, child.nik, child.birth_weight_kg) == (
        "Siti Aminah",
        date(2022, 3, 14),
        NIK,
        Decimal("3.1"),
    )
    assert (child.rt, str(child.posyandu)) == ("01", "Melati 1")


def test_another_birth_date_judges_the_measurements_of_both_again(
    cadre: User, kept: Child, double: Child
) -> None:
    child = of_both(cadre, kept, double, taken={"name", "birth_date"})
    assert (child.name, child.birth_date, child.nik) == ("Siti Aminnah", date(2022, 3, 15), "")
    ages = {m.measured_on: m.age_days for m in child.measurements.in_force()}
    assert ages[date(2024, 6, 5)] == (date(2024, 6, 5) - date(2022, 3, 15)).days
    assert not wrong_figures()


def test_both_ids_keep_answering(cadre: User, kept: Child, double: Child) -> None:
    of_both(cadre, kept, double)
    taken = measure(double, date(2024, 8, 12), "11.7", by=cadre)
    assert taken.measurement.child_id == kept.pk
    waits = send_other_values(cadre, double.pk, seen(date(2024, 8, 12), "11.9"))
    assert (waits.measurement.child_id, waits.is_pending_choice) == (kept.pk, True)
    closed = close_child(by=cadre, child_id=double.pk, status=ChildStatus.MOVED, on=date(2024, 8, 14))
    assert closed.pk == kept.pk
    assert not wrong_figures()


def test_the_entry_that_enrolled_the_merged_record_sent_again_is_the_kept_child(
    cadre: User, kept: Child
) -> None:
    sent = Identity(name="Siti A", sex=Sex.GIRL, birth_date=date(2022, 3, 14))
    entry = uuid4()

    def enrol(identity: Identity) -> tuple[UUID, bool]:
        code = make_village().pk
        enrolled = enrol_child(by=cadre, id=entry, village_code=code, identity=identity)
        return enrolled.child.pk, enrolled.created

    assert enrol(sent) == (entry, True)
    merge_children(by=cadre, kept_id=kept.pk, merged_id=entry)
    assert enrol(sent) == (kept.pk, False)
    with pytest.raises(Conflict):
        enrol(Identity(name="Dewi", sex=Sex.GIRL, birth_date=date(2022, 3, 14)))


def test_the_history_of_both_says_who_merged_what_and_why(cadre: User, kept: Child, double: Child) -> None:
    of_both(cadre, kept, double, reason="KK sama")
    logged = {
        (row.subject_id, row.field): (*row.values, row.by, row.reason) for row in ChangeLog.objects.all()
    }
    assert logged[str(kept.pk), "merged"] == ("", str(double.pk), cadre, "KK sama")
    assert logged[str(double.pk), "merged_into"] == ("", str(kept.pk), cadre, "KK sama")
    assert logged[str(kept.pk), "nik"][:2] == ("", NIK)


# --- Where it lived -----------------------------------------------------------------------------------


@pytest.fixture
def there() -> Village:
    return make_village("33.01.02.2003", "Slarang")


def test_a_child_enrolled_anew_where_it_moved_lived_in_both_villages(
    officer: User, kept: Child, there: Village
) -> None:
    """Her record here ended nowhere; there she lives since 20 July."""
    second = make_child(village=there, since=date(2024, 7, 20), **SITI)  # type: ignore[arg-type]
    measure(second, date(2024, 8, 5), "11.6")
    here = kept.village
    child = of_both(officer, kept, second, taken={HOME})
    assert list(child.residences.order_by("since").values_list("village", "since", "until")) == [
        (here.pk, date(2022, 3, 14), date(2024, 7, 20)),
        (there.pk, date(2024, 7, 20), None),
    ]
    assert child.village == there
    assert [counted(there, month) for month in (JULY, AUGUST)] == [(0, 0), (1, 1)]
    assert [counted(here, month) for month in (JULY, AUGUST)] == [(1, 1), (0, 0)]
    assert not wrong_figures()


def test_kept_at_home_her_measurements_elsewhere_count_here(
    officer: User, kept: Child, there: Village
) -> None:
    second = make_child(village=there, since=date(2024, 7, 20), **SITI)  # type: ignore[arg-type]
    taken = measure(second, date(2024, 8, 5), "11.6").measurement
    of_both(officer, kept, second, taken=set())
    taken.refresh_from_db()
    assert (taken.village, counted(there, AUGUST)) == (kept.village, (0, 0))
    assert not wrong_figures()


def test_a_record_that_left_takes_the_home_of_the_one_that_is_here(officer: User, kept: Child) -> None:
    close_child(by=officer, child_id=kept.pk, status=ChildStatus.MOVED, on=date(2024, 7, 10))
    second = make_child(since=date(2024, 8, 1), **SITI)  # type: ignore[arg-type]
    child = of_both(officer, kept, second)
    assert child.is_active
    assert list(child.residences.order_by("since").values_list("since", "until")) == [
        (date(2022, 3, 14), date(2024, 7, 10)),
        (date(2024, 8, 1), None),
    ]
    assert not wrong_figures()


# --- What cannot be -----------------------------------------------------------------------------------


def test_who_does_not_see_both_merges_nobody(cadre: User, kept: Child, there: Village) -> None:
    second = make_child(village=there, **SITI)  # type: ignore[arg-type]
    for pair in ((kept.pk, second.pk), (second.pk, kept.pk), (kept.pk, uuid4())):
        with pytest.raises(NotFound):
            merge_children(by=cadre, kept_id=pair[0], merged_id=pair[1])
    assert Child.objects.count() == 2


def test_a_merge_that_cannot_be_is_refused_and_changes_nothing(
    cadre: User, kept: Child, double: Child
) -> None:
    measure(kept, date(2022, 3, 14), "3.0")
    before = everything()
    with pytest.raises(Invalid) as born:
        of_both(cadre, kept, double, taken={"birth_date"})
    assert born.value.code == "born_after_measured"
    with pytest.raises(Invalid) as itself:
        of_both(cadre, kept, kept)
    assert itself.value.code == "merge_with_itself"
    assert everything() == before


def test_the_same_merge_sent_again_changes_nothing(cadre: User, kept: Child, double: Child) -> None:
    for _time in range(2):
        assert of_both(cadre, kept, double).pk == kept.pk
    assert MergedChild.objects.count() == 1


# --- Undone -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taken", [None, set(), {"name", "sex", "birth_date", "nik", HOME}])
def test_undone_everything_is_as_it_was(
    cadre: User, kept: Child, double: Child, taken: set[str] | None
) -> None:
    before = everything()
    chosen = double.measurements.get(measured_on=date(2024, 7, 5)).pk
    of_both(cadre, kept, double, taken=taken, chosen=[chosen] if taken else [])
    assert everything() != before
    assert undo_merge(by=cadre, merged_id=double.pk).pk == double.pk
    assert everything() == before
    assert not wrong_figures()
    assert not MergedChild.objects.exists()


def test_undone_across_villages_everything_is_as_it_was(officer: User, kept: Child, there: Village) -> None:
    second = make_child(village=there, since=date(2024, 7, 20), **SITI)  # type: ignore[arg-type]
    measure(second, date(2024, 8, 5), "11.6")
    before = everything()
    of_both(officer, kept, second, taken={HOME})
    undo_merge(by=officer, merged_id=second.pk)
    assert everything() == before
    assert not wrong_figures()


def test_what_was_recorded_since_stays_with_the_kept_record(cadre: User, kept: Child, double: Child) -> None:
    moved = double.measurements.get(measured_on=date(2024, 8, 5))
    of_both(cadre, kept, double)
    measure(kept, date(2024, 8, 12), "11.7")
    correct_measurement(
        by=cadre,
        id=uuid4(),
        measurement_id=moved.pk,
        observation=seen(date(2024, 8, 5), "11.5", "87.0"),
        reason="salah ketik",
    )
    update_child(
        by=cadre,
        child_id=kept.pk,
        identity=Identity(name="Siti Baru", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik=None),
    )
    move_on = kept.residences.get().since
    undo_merge(by=cadre, merged_id=double.pk)
    kept.refresh_from_db()
    assert (kept.name, kept.nik, kept.residences.get().since) == ("Siti Baru", "", move_on)
    assert in_force(kept)[-1] == (date(2024, 8, 12), "11.7")
    assert in_force(double) == [(date(2024, 7, 5), "11.4"), (date(2024, 8, 5), "11.5")]
    assert not wrong_figures()


def test_a_later_move_stays_when_the_merge_is_undone(
    officer: User, kept: Child, double: Child, there: Village
) -> None:
    of_both(officer, kept, double)
    move_child(by=officer, child_id=kept.pk, village_code=there.pk, moved_on=date(2024, 8, 1))
    undo_merge(by=officer, merged_id=double.pk)
    kept.refresh_from_db()
    double.refresh_from_db()
    assert (kept.village, double.village) == (there, make_village())
    assert {m.village for m in double.measurements.all()} == {make_village()}
    assert not wrong_figures()


def test_a_village_that_got_another_code_since_is_the_home_again(
    officer: User, kept: Child, double: Child
) -> None:
    of_both(officer, kept, double)
    village = change_village_code(
        by=officer,
        village_code=kept.village_id,
        new_code="33.01.02.3016",
        changed_on=date(2024, 8, 15),
        reason="Kepmendagri",
    )
    undone = undo_merge(by=officer, merged_id=double.pk)
    assert {home.village for child in (kept, undone) for home in child.residences.all()} == {village}
    assert undone.village == village
    assert not wrong_figures()


def test_of_two_merges_the_later_is_undone_first(cadre: User, kept: Child, double: Child) -> None:
    third = make_child(cadre, **SITI)  # type: ignore[arg-type]
    before = everything()
    of_both(cadre, kept, double)
    with time_machine.travel(datetime(2024, 8, 15, 4, 0, tzinfo=UTC)):
        of_both(cadre, kept, third)
        with pytest.raises(Conflict) as later:
            undo_merge(by=cadre, merged_id=double.pk)
        assert later.value.code == "undo_later_first"
        undo_merge(by=cadre, merged_id=third.pk)
        undo_merge(by=cadre, merged_id=double.pk)
    assert everything() == before


def test_an_id_merged_twice_leads_to_the_last(cadre: User, kept: Child, double: Child) -> None:
    third = make_child(cadre, **SITI)  # type: ignore[arg-type]
    of_both(cadre, double, third)
    of_both(cadre, kept, double)
    assert measure(third, date(2024, 8, 12), "11.7", by=cadre).measurement.child_id == kept.pk
    undo_merge(by=cadre, merged_id=double.pk)
    assert MergedChild.objects.get(pk=third.pk).kept_id == double.pk


def test_after_thirty_days_a_merge_stays_and_what_it_changed_is_forgotten(
    cadre: User, kept: Child, double: Child
) -> None:
    of_both(cadre, kept, double)
    with time_machine.travel(datetime(2024, 9, 14, 3, 1, tzinfo=UTC)):
        with pytest.raises(Conflict) as old:
            undo_merge(by=cadre, merged_id=double.pk)
        assert old.value.code == "merge_too_old"
        of_both(cadre, kept, make_child(cadre, **SITI))  # type: ignore[arg-type]
    assert bytes(MergedChild.objects.get(pk=double.pk).snapshot_sealed) == b""


def test_nobody_undoes_a_merge_elsewhere(cadre: User, kept: Child, double: Child, there: Village) -> None:
    of_both(cadre, kept, double)
    for by, pk in ((make_cadre(there), double.pk), (cadre, uuid4())):
        with pytest.raises(NotFound):
            undo_merge(by=by, merged_id=pk)


def test_nothing_of_a_merge_stands_readable(cadre: User, kept: Child, double: Child) -> None:
    of_both(cadre, kept, double)
    stored = bytes(MergedChild.objects.get().snapshot_sealed)
    assert stored
    assert b"Siti" not in stored
