"""After 300 random actions of all kinds every figure, class and letter is what the raw rows say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from registry.actions import (
    MERGE_FIELDS,
    Identity,
    LifeCourse,
    LifeEvent,
    Observation,
    choose_measurement,
    close_child,
    correct_measurement,
    enrol_child,
    list_doubles,
    merge_children,
    move_child,
    record_measurement,
    redate_event,
    reopen_child,
    return_child,
    undo_event,
    undo_merge,
    update_child,
    void_measurement,
)
from registry.actions.assessment import computed_columns
from registry.actions.observation import observation_of
from registry.actions.village_code import change_village_code
from registry.errors import Refused
from registry.growth import SexCode
from registry.growth.gain import Weighing, gain_code
from registry.models import (
    Child,
    ChildStatus,
    Measurement,
    MeasurementState,
    MergedChild,
    Role,
    Sex,
    Village,
)
from tests.actions.figures import wrong_figures
from tests.factories import make_district, make_user, make_village, seen, send_other_values
from tests.independent_recount import list_differences

pytestmark = pytest.mark.django_db

TODAY = date(2024, 8, 15)
ACTIONS = 300


class Register:
    """People who do at random what the register lets them do, most of it sensible."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.villages = [make_village(f"33.01.02.20{n:02}", f"Desa {n}") for n in (1, 2, 3)]
        self.villages.append(make_village("33.01.01.2001", "Desa Jauh"))
        self.officer = make_user(Role.DISTRICT, make_district())
        self.done: Counter[str] = Counter()

    def make_id(self) -> UUID:
        """An id from the seed, so that what is picked by id is the same in every run."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def pick_child(self) -> Child:
        return self.random.choice(list(Child.objects.order_by("pk")))

    def pick_measurement(self, *states: MeasurementState) -> Measurement:
        rows = Measurement.objects.filter(state__in=states or list(MeasurementState)).order_by("pk")
        return self.random.choice(list(rows))

    def pick_village(self) -> Village:
        return self.random.choice(self.villages)

    def pick_day(self, first: date = date(2024, 2, 1)) -> date:
        return first + timedelta(days=self.random.randrange(max((TODAY - first).days, 1)))

    def pick_observation(self, child: Child) -> Observation:
        day = max(self.pick_day(), child.birth_date)
        months = (day - child.birth_date).days / 30.4
        weight = 3.2 + 0.45 * min(months, 12) + 0.17 * max(months - 12, 0) + self.random.gauss(0, 0.9)
        height = 50 + 2.1 * min(months, 12) + 0.9 * max(months - 12, 0) + self.random.gauss(0, 4)
        if self.random.random() < 0.05:
            height *= 1.4  # what WHO's limits do not believe
        values = {"weight_kg": f"{max(weight, 1):.1f}", "lenhei_cm": f"{height:.1f}"}
        if self.random.random() < 0.2:
            values.pop(self.random.choice(list(values)))
        return seen(day, oedema=self.random.random() < 0.03, **values)  # type: ignore[arg-type]

    # --- What can happen ------------------------------------------------------------------------------

    def enrol(self) -> None:
        born = date(2019, 6, 1) + timedelta(days=self.random.randrange(1850))
        identity = Identity(
            name=f"Anak {self.random.randrange(10_000)}",
            sex=self.random.choice([Sex.BOY, Sex.GIRL]),
            birth_date=born,
        )
        since = self.random.choice([None, born, self.pick_day()])
        enrol_child(
            by=self.officer,
            id=self.make_id(),
            village_code=self.pick_village().pk,
            identity=identity,
            since=since,
        )

    def measure(self) -> None:
        child = self.pick_child()
        record_measurement(
            by=self.officer,
            id=self.make_id(),
            child_id=child.pk,
            observation=self.pick_observation(child),
            confirmed=True,
        )

    def send_rival(self) -> None:
        old = self.pick_measurement(MeasurementState.IN_FORCE)
        weight = (old.weight_kg or Decimal(9)) + Decimal("0.4")
        what = seen(old.measured_on, str(weight), "71.0")
        send_other_values(self.officer, old.child_id, what, self.make_id())

    def choose(self) -> None:
        if not Measurement.objects.filter(state=MeasurementState.PENDING_CHOICE).exists():
            self.send_rival()
        choose_measurement(
            by=self.officer, measurement_id=self.pick_measurement(MeasurementState.PENDING_CHOICE).pk
        )

    def correct(self) -> None:
        old = self.pick_measurement(MeasurementState.IN_FORCE)
        correct_measurement(
            by=self.officer,
            id=self.make_id(),
            measurement_id=old.pk,
            observation=self.pick_observation(old.child),
            reason="salah baca",
            confirmed=True,
        )

    def void(self) -> None:
        void_measurement(by=self.officer, measurement_id=self.pick_measurement().pk, reason="anak lain")

    def change_birth_or_sex(self) -> None:
        child = self.pick_child()
        identity = Identity(
            name=child.name,
            sex=self.random.choice([Sex.BOY, Sex.GIRL]),
            birth_date=child.birth_date + timedelta(days=self.random.randrange(-200, 200)),
            nik=None,
        )
        update_child(
            by=self.officer, child_id=child.pk, identity=identity, reason="sesuai akta", confirmed=True
        )

    def move(self) -> None:
        move_child(
            by=self.officer,
            child_id=self.pick_child().pk,
            village_code=self.pick_village().pk,
            moved_on=self.pick_day(),
        )

    def close(self) -> None:
        status = self.random.choice([ChildStatus.DIED, ChildStatus.MOVED])
        close_child(by=self.officer, child_id=self.pick_child().pk, status=status, on=self.pick_day())

    def reopen(self) -> None:
        gone = list(Child.objects.exclude(status=ChildStatus.ACTIVE).order_by("pk"))
        reopen_child(by=self.officer, child_id=self.random.choice(gone).pk)

    def come_back(self) -> None:
        gone = list(Child.objects.filter(status=ChildStatus.MOVED).order_by("pk"))
        return_child(by=self.officer, child_id=self.random.choice(gone).pk, on=self.pick_day())

    def pick_event(self) -> tuple[Child, LifeEvent]:
        found = [
            (child, event)
            for child in Child.objects.order_by("pk")
            for event in LifeCourse.of(child).events()
        ]
        return self.random.choice(found)

    def undo(self) -> None:
        child, event = self.pick_event()
        undo_event(by=self.officer, child_id=child.pk, kind=event.kind, on=event.on)

    def redate(self) -> None:
        child, event = self.pick_event()
        days = timedelta(days=self.random.randrange(-20, 20))
        redate_event(
            by=self.officer, child_id=child.pk, kind=event.kind, on=event.on, new_day=event.on + days
        )

    def change_village_code(self) -> None:
        village = self.pick_village()
        kecamatan = self.random.choice(["33.01.01", "33.01.02"])
        code = f"{kecamatan}.{self.random.randrange(3000, 9999)}"
        changed = change_village_code(
            by=self.officer, village_code=village.pk, new_code=code, changed_on=TODAY, reason="Kepmendagri"
        )
        self.villages[self.villages.index(village)] = changed

    def merge(self) -> None:
        kept, merged = self.pick_child(), self.pick_child()
        taken = {name for name in MERGE_FIELDS if self.random.random() < 0.5}
        chosen = [other.pk for _own, other in list_doubles(kept, merged) if self.random.random() < 0.5]
        merge_children(by=self.officer, kept_id=kept.pk, merged_id=merged.pk, taken=taken, chosen=chosen)

    def part(self) -> None:
        merges = list(MergedChild.objects.order_by("pk"))
        undo_merge(by=self.officer, merged_id=self.random.choice(merges).pk)

    def act(self) -> None:
        """Do one thing. What the register refuses changes nothing."""
        what = self.random.choice(KINDS)
        try:
            what(self)
        except (Refused, IndexError):  # IndexError: nothing to choose from yet
            self.done["refused"] += 1
        else:
            self.done[what.__name__] += 1


KINDS: list[Callable[[Register], None]] = [
    *[Register.enrol] * 3,
    *[Register.measure] * 8,
    *[Register.send_rival] * 2,
    Register.choose,
    *[Register.correct] * 2,
    *[Register.void] * 2,
    *[Register.change_birth_or_sex] * 2,
    *[Register.move] * 2,
    *[Register.close] * 2,
    Register.reopen,
    *[Register.come_back] * 2,
    Register.undo,
    *[Register.redate] * 2,
    Register.change_village_code,
    *[Register.merge] * 2,
    Register.part,
]


@pytest.mark.parametrize("seed", [1, 3])
def test_the_register_is_right_after_300_actions_at_random(seed: int) -> None:
    register = Register(seed)
    for number in range(1, ACTIONS + 1):
        register.act()
        if number % 100 == 0:
            assert list_differences() == [], (seed, number)
    assert set(register.done) >= {kind.__name__ for kind in KINDS}, register.done
    assert register.done["refused"] < ACTIONS / 3, register.done
    assert wrong_figures() == []
    assert list_misjudged() == []
    assert list_in_a_wrong_village() == []


def list_misjudged() -> list[str]:
    """Measurements whose z-scores or letter are not those of the child's birth date, sex and series."""
    found = []
    for child in Child.objects.all():
        before: list[Weighing] = []
        for m in child.measurements.filter(state=MeasurementState.IN_FORCE).order_by("measured_on"):
            values, _found = computed_columns(child, observation_of(m))
            clenhei_cm = m.clenhei_cm and float(m.clenhei_cm)
            held = {name: getattr(m, name) for name in values} | {"clenhei_cm": clenhei_cm}
            wrong = {name: held[name] for name in values if held[name] != values[name]}
            letter = ""
            if m.weight_kg is not None:
                now = Weighing(m.measured_on, float(m.weight_kg), not m.waz_flag)
                letter = gain_code(SexCode(child.sex), child.birth_date, now, before)
                before.append(now)
            if wrong or letter != m.gain:
                found.append(f"{child.pk} {m.measured_on}: {wrong} {m.gain} for {letter}")
    return found


def list_in_a_wrong_village() -> list[str]:
    """Measurements that do not stand where the child lived on their day."""
    rows = Measurement.objects.select_related("child").order_by("pk")
    elsewhere = (m for m in rows if m.child.village_on(m.measured_on).pk != m.village_id)
    return [f"{m.pk} {m.measured_on} {m.village_id}" for m in elsewhere]
