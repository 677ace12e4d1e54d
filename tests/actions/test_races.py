"""Two at once, on PostgreSQL with real threads: one row, right figures, and a sentence for the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from kpm.case_actions import rebuild_cases
from registry.actions import (
    Entry,
    Identity,
    close_child,
    correct_measurement,
    enrol_child,
    move_child,
    record_measurement,
    record_measurements,
    update_child,
    void_measurement,
)
from registry.actions.identity_merge import drawn_state
from registry.actions.refresh import open_month, rebuild_month
from registry.actions.village_code import change_village_code
from registry.errors import Refused
from registry.models import Child, ChildStatus, CountedMonth, Measurement, Role, Sex, Village, VillageMonth
from tests.actions.figures import counted, wrong_figures
from tests.factories import make_cadre, make_child, make_user, make_village, measure, seen

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)
DAY = date(2024, 6, 12)
NIK = "3301025403220001"
ROUNDS = 4  # a race that is lost one time in two is noticed fifteen times in sixteen

Action = Callable[[], object]


def at_once(*actions: Action) -> list[object]:
    """Begin ``actions`` together, each in a thread and connection of its own; what each gave or raised."""
    start = Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(number: int, action: Action) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            results[number] = action()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)]
    assert not unexpected, unexpected
    return results


def codes(results: list[object]) -> list[str]:
    """Codes of those that were refused."""
    return [result.code for result in results if isinstance(result, Refused)]


def test_the_same_entry_sent_twice_at_once_is_one_row() -> None:
    for _round in range(ROUNDS):
        child, sent = make_child(), uuid4()
        results = at_once(*[
            lambda child=child, sent=sent: record_measurement(
                by=child.created_by, id=sent, child_id=child.pk, observation=seen(DAY, "11.0", "84.0")
            )
        ] * 3)  # fmt: skip
        assert sorted(r.created for r in results) == [False, False, True]  # type: ignore[attr-defined]
        assert child.measurements.count() == 1
    assert not wrong_figures()


def test_one_id_for_two_children_at_once_is_one_row_and_a_conflict() -> None:
    for _round in range(ROUNDS):
        cadre, sent = make_cadre(), uuid4()
        children = [make_child(by=cadre), make_child(by=cadre)]
        results = at_once(*[
            lambda child=child, sent=sent: record_measurement(
                by=child.created_by, id=sent, child_id=child.pk, observation=seen(DAY, "11.0")
            )
            for child in children
        ])  # fmt: skip
        assert codes(results) == ["id_used"]
        assert Measurement.objects.filter(pk=sent).count() == 1
    assert not wrong_figures()


def test_two_different_values_of_one_day_at_once_are_one_row_and_a_conflict() -> None:
    for _round in range(ROUNDS):
        child = make_child()
        results = at_once(*[lambda child=child, kg=kg: measure(child, DAY, kg) for kg in ("11.0", "11.2")])
        assert codes(results) == ["day_taken"]
        assert child.measurements.count() == 1


def test_children_of_one_village_measured_at_once_are_all_counted() -> None:
    measure(make_child(), DAY, "11.0")  # June is counted already
    children = [make_child() for _number in range(4)]
    at_once(*[lambda child=child: measure(child, DAY, "11.0", "84.0") for child in children])
    assert counted(make_village(), JUNE, "measured", "haz_believed") == (5, 4)
    assert not wrong_figures()


def test_a_month_opened_by_several_at_once_is_opened_once_and_counts_all() -> None:
    cadres = [make_cadre(make_village(f"33.01.02.200{n}", f"Desa {n}")) for n in range(1, 5)]
    children = [make_child(by=cadre, village=cadre.memberships.get().village) for cadre in cadres]
    at_once(
        *[lambda child=child: measure(child, DAY, "11.0") for child in children],
        lambda: open_month(JUNE),
        lambda: open_month(JUNE),
    )
    assert CountedMonth.objects.count() == 1
    assert sum(VillageMonth.objects.values_list("measured", flat=True)) == 4
    assert not wrong_figures()


def test_two_months_opened_at_once_in_any_order_do_not_block_each_other() -> None:
    for _round in range(ROUNDS):
        first, second = make_child(), make_child()
        entries = [
            [Entry(uuid4(), child, seen(day, "11.0")) for day in (date(2024, 5, 8), DAY, date(2024, 7, 10))]
            for child in (first, second)
        ]
        officer = make_user(Role.DISTRICT)
        at_once(
            lambda by=officer, entries=entries[0]: record_measurements(by=by, entries=entries),
            lambda by=officer, entries=entries[1][::-1]: record_measurements(by=by, entries=entries),
            lambda: open_month(JULY),
        )
        assert not wrong_figures()
        assert Measurement.objects.count() == 6
        Measurement.objects.all().delete()
        VillageMonth.objects.all().delete()
        CountedMonth.objects.all().delete()
        rebuild_cases()  # no action has taken the measurements away


def test_a_child_enrolled_while_a_month_is_being_opened_is_registered_in_it() -> None:
    cadre = make_cadre()
    for _round in range(ROUNDS):
        at_once(
            lambda: open_month(JUNE),
            *[lambda: make_child(by=cadre, village=make_village()) for _number in range(3)],
        )
        assert not wrong_figures()
        CountedMonth.objects.all().delete()
        VillageMonth.objects.all().delete()


@pytest.mark.parametrize("opening", ["by the clock", "by a measurement"])
def test_a_child_not_committed_yet_when_a_month_is_opened_is_counted_in_it(opening: str) -> None:
    """The worst moment, held still: whoever opens the month must wait for the village of the child."""
    cadre, elsewhere = make_cadre(), make_child(village=make_village("33.01.02.2003", "Kesugihan"))
    opener = {
        "by the clock": lambda: open_month(JUNE),
        "by a measurement": lambda: measure(elsewhere, DAY, "11.0"),
    }
    stored, may_commit = Barrier(2), Barrier(2)

    def enrol_slowly() -> None:
        with transaction.atomic():
            make_child(by=cadre)
            stored.wait(timeout=20)
            may_commit.wait(timeout=20)

    def open_meanwhile() -> None:
        stored.wait(timeout=20)
        thread = Thread(target=_in_own_connection, args=[opener[opening]])
        thread.start()
        thread.join(timeout=0.5)
        may_commit.wait(timeout=20)
        thread.join(timeout=20)

    at_once(enrol_slowly, open_meanwhile)
    assert counted(make_village(), JUNE) == (1, 0)


def _in_own_connection(action: Action) -> None:
    try:
        action()
    finally:
        connections.close_all()


def test_a_measurement_and_a_rebuild_at_once_leave_right_figures() -> None:
    for _round in range(ROUNDS):
        child = make_child()
        at_once(lambda child=child: measure(child, DAY, "11.0"), lambda: rebuild_month(JUNE))
        assert not wrong_figures()


def test_one_nik_enrolled_twice_at_once_is_one_child_and_a_conflict() -> None:
    for number in range(ROUNDS):
        cadre, nik = make_cadre(), f"330102540322{number + 1:04d}"
        results = at_once(*[
            lambda cadre=cadre, nik=nik, name=name: make_child(by=cadre, name=name, nik=nik)
            for name in ("Anak Satu", "Anak Dua")
        ])  # fmt: skip
        assert codes(results) == ["nik_used"]
        assert Child.objects.filter(name__in=["Anak Satu", "Anak Dua"]).count() == number + 1


def test_one_child_sent_twice_at_once_is_enrolled_once() -> None:
    cadre = make_cadre()
    identity = Identity(name="Siti Contoh", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik=NIK)
    for _round in range(ROUNDS):
        sent = uuid4()
        results = at_once(*[
            lambda sent=sent: enrol_child(by=cadre, id=sent, village_code="33.01.02.2016", identity=identity)
        ] * 2)  # fmt: skip
        assert sorted(r.created for r in results) == [False, True]  # type: ignore[attr-defined]
        Child.objects.get().residences.all().delete()
        Child.objects.all().delete()


def test_one_nik_written_to_two_children_at_once_is_kept_by_one() -> None:
    for number in range(ROUNDS):
        cadre, nik = make_cadre(), f"330102540322{number + 1:04d}"
        identity = Identity(name="Siti Contoh", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik=nik)
        children = [make_child(by=cadre), make_child(by=cadre)]
        results = at_once(*[
            lambda child=child, cadre=cadre, identity=identity: update_child(
                by=cadre, child_id=child.pk, identity=identity
            )
            for child in children
        ])  # fmt: skip
        assert codes(results) == ["nik_used"]


def test_two_edits_of_one_child_at_once_keep_both_or_refuse_the_later() -> None:
    cadre = make_cadre()
    base = Identity(name="Siti Contoh", sex=Sex.GIRL, birth_date=date(2022, 3, 14), nik=None)
    for _round in range(ROUNDS):
        child = make_child(by=cadre)
        drawn = drawn_state(child)
        edits = [replace(base, rt="01", parent_name="Bu A"), replace(base, rw="02", parent_name="Bu B")]
        results = at_once(*[
            lambda child=child, edit=edit, drawn=drawn: update_child(
                by=cadre, child_id=child.pk, identity=edit, drawn=drawn
            )
            for edit in edits
        ])  # fmt: skip
        assert codes(results) == ["changed_meanwhile"]
        apart = [replace(base, name="Sitti", parent_name="Bu C"), replace(base, address="Dusun I")]
        child.refresh_from_db()
        drawn = drawn_state(child)
        kept = {"rt": child.rt, "rw": child.rw}
        results = at_once(*[
            lambda child=child, edit=edit, drawn=drawn: update_child(
                by=cadre, child_id=child.pk, identity=edit, drawn=drawn
            )
            for edit in (replace(apart[0], **kept), replace(apart[1], **kept, parent_name=child.parent_name))
        ])  # fmt: skip
        assert codes(results) == []
        child.refresh_from_db()
        assert (child.name, child.parent_name, child.address) == ("Sitti", "Bu C", "Dusun I")


def test_a_correction_and_a_void_at_once_leave_one_of_them() -> None:
    for _round in range(ROUNDS):
        old = measure(make_child(), DAY, "11.0", "84.0").measurement
        results = at_once(
            lambda old=old: correct_measurement(
                by=old.recorded_by,
                id=uuid4(),
                measurement_id=old.pk,
                observation=seen(DAY, "11.0", "85.0"),
                reason="salah baca",
            ),
            lambda old=old: void_measurement(by=old.recorded_by, measurement_id=old.pk, reason="anak lain"),
        )
        assert codes(results) == ["not_in_force"]
        assert not wrong_figures()


def test_a_move_and_a_measurement_at_once_count_the_child_in_one_village() -> None:
    officer, there = make_user(Role.DISTRICT), make_village("33.01.02.2003", "Kesugihan")
    for _round in range(ROUNDS):
        child = make_child(by=officer)
        at_once(
            lambda child=child: measure(child, date(2024, 6, 25), "11.0"),
            lambda child=child: move_child(
                by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 6, 20)
            ),
        )
        assert not wrong_figures()
        assert child.measurements.get().village == there


def test_a_file_and_cadres_at_once_leave_right_figures() -> None:
    officer = make_user(Role.DISTRICT)
    children = [make_child(by=officer) for _number in range(12)]
    entries = [
        Entry(uuid4(), child, seen(day, "11.0")) for child in children for day in (DAY, date(2024, 7, 10))
    ]
    results = at_once(
        lambda: record_measurements(by=officer, entries=entries),
        *[lambda child=child: measure(child, DAY, "11.0") for child in children[:3]],
        lambda: close_child(
            by=officer, child_id=children[11].pk, status=ChildStatus.DIED, on=date(2024, 8, 1)
        ),
    )
    assert set(codes(results)) <= {"day_taken"}
    assert Measurement.objects.in_force().count() == 24
    assert not wrong_figures()


def test_a_village_gets_another_code_while_its_children_are_measured_enrolled_and_moved_there() -> None:
    district, far = make_user(Role.DISTRICT), make_village("33.01.02.2001", "Slarang")
    village, lost = make_village(), 0
    for number in range(ROUNDS):
        old, new = village.pk, f"33.01.02.30{number:02}"
        child, mover = make_child(district, village), make_child(district, far)
        measured_on = date(2024, 6, 12 + number)
        results = at_once(
            lambda old=old, new=new: change_village_code(
                by=district, village_code=old, new_code=new, changed_on=DAY, reason="Kepmendagri"
            ),
            lambda child=child, day=measured_on: measure(child, day, "11.0", by=district),
            lambda village=village: make_child(district, village, name="Budi Baru"),
            lambda mover=mover, old=old: move_child(
                by=district, child_id=mover.pk, village_code=old, moved_on=DAY
            ),
        )
        lost += len(codes(results))
        village = Village.objects.get(pk=new)
        assert not wrong_figures()
    assert lost < 2 * ROUNDS
    assert Measurement.objects.filter(village=village).count() == ROUNDS
