"""Writing an invented district into the register, through the register's own actions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from demo.arrival import draw_arrival_times
from demo.bulk_load import Entries, record_entries
from demo.case_steps import load_cases
from demo.district import Demo
from demo.invented_names import posyandu_names
from demo.people import NEVER
from demo.programme import load_programme
from demo.services import load_services
from registry.actions import (
    Identity,
    NewChild,
    close_child,
    correct_measurement,
    move_child,
    record_measurements,
    void_measurement,
)
from registry.actions.grade import grade_month
from registry.actions.identity import build_child
from registry.actions.observation import observation_of
from registry.actions.refresh import rebuild_month
from registry.db.bulk_insert import insert_rows
from registry.models import (
    ChildStatus,
    Consent,
    ConsentKind,
    ConsentMethod,
    ConsentText,
    Measurement,
    Membership,
    ParentRelation,
    Posyandu,
    Role,
    Sex,
    Source,
    User,
    Village,
)
from registry.places.names import posyandu_key

Progress = Callable[[str, int], Callable[[int], object]]
"""Takes what comes next and how many of it; gives what to call with the number done since."""

# One slip of the hand in this many is put right later, and one taken out of force; in a large district of
# the last ones only, since each recounts its village.
_CORRECTED_EVERY, _VOIDED_EVERY, _SLIPS_NOTICED = 4, 9, 300

_ENROLLED_AT_ONCE = 5000
_IDENTITIES, _ARRIVALS = 2, 4  # what the demo's random numbers are for, next to the district's own


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written. ``true_rates`` as of the invented district, by month."""

    children: int
    measurements: int
    true_rates: dict[date, float]


@transaction.atomic
def load(demo: Demo, by: User, progress: Progress) -> Loaded:
    """Write the district, its places and people in the name of ``by``: all of it or, on any error, nothing.

    Children first, then their moves and departures, then the measurements, so that each counts where its
    child lived; then each month is counted once and its quality graded. Each village's cadre records it.
    """
    ids = random.Random(demo.shape.seed)  # noqa: S311  ids only, so that the same seed gives the same ids
    villages = Village.objects.in_bulk([place.code for place in demo.places])
    homes = [villages[place.code] for place in demo.places]
    children = _enrol(demo, by, ids, homes, progress)
    _move_and_close(demo, by, children, homes, progress)
    count, slips = _measure(demo, by, ids, children, homes, progress)
    _for_each_month(demo, progress(_("Menghitung"), demo.shape.months), rebuild_month)
    _put_right(slips[-_SLIPS_NOTICED:], by, ids)
    _follow_cases(demo, by, homes, progress)
    _for_each_month(demo, progress(_("Mutu data"), demo.shape.months), grade_month)
    return Loaded(len(children), count, demo.true_rates)


def _follow_cases(demo: Demo, by: User, homes: Sequence[Village], progress: Progress) -> None:
    recorders = {home.pk: user for home, user in zip(homes, _recorders(homes, by), strict=True)}
    midwife = User.objects.filter(memberships__role=Role.MIDWIFE).first() or by
    done = progress(_("Kasus"), len(demo.people))
    load_cases(demo.shape.today, recorders, midwife, demo.shape.seed, done)
    done = progress(_("Layanan keluarga"), Village.objects.count())
    load_services(demo.shape.today, recorders, by, demo.shape.seed, done)
    load_programme(demo.shape.today, by, demo.shape.seed)


def _for_each_month(demo: Demo, done: Callable[[int], object], action: Callable[[date], object]) -> None:
    for month in demo.shape.all_months:
        action(month)
        done(1)


def _enrol(
    demo: Demo, by: User, ids: random.Random, homes: Sequence[Village], progress: Progress
) -> list[UUID]:
    """Enrol everybody, some thousands at a time."""
    done = progress(_("Anak"), len(demo.people))
    enrolled: list[UUID] = []
    new: list[NewChild] = []
    for child in _new_children(demo, by, ids, homes):
        new.append(child)
        enrolled.append(child.child.pk)
        if len(new) == _ENROLLED_AT_ONCE or len(enrolled) == len(demo.people):
            record_measurements(by=by, entries=[], new_children=new, source=Source.DEMO)
            _agree(new)
            done(len(new))
            new = []
    return enrolled


def _agree(new: Sequence[NewChild]) -> None:
    """Let the parents of nine children in ten have signed the first text when the child was enrolled."""
    text = ConsentText.objects.last()
    insert_rows(
        [
            Consent(
                child=one.child,
                kind=ConsentKind.GIVEN,
                text=text,
                on=one.since,
                person_name=one.child.parent_name,
                relation=ParentRelation.MOTHER,
                method=ConsentMethod.SIGNED,
                recorded_by=one.child.created_by,
            )
            for one in new
            if text and one.since >= text.since and one.child.pk.int % 10
        ]
    )


def _new_children(demo: Demo, by: User, ids: random.Random, homes: Sequence[Village]) -> Iterator[NewChild]:
    posyandu = _make_posyandu(demo, homes)
    people, rng = demo.people, demo.random(_IDENTITIES, 0)
    rt, rw = rng.integers(1, 7, len(people)), rng.integers(1, 13, len(people))
    weight = np.clip(np.round(rng.normal(3.1, 0.42, len(people)), 1), 1.2, 5.2)
    length = np.clip(np.round(rng.normal(48.8, 1.9, len(people)), 0), 40, 56)
    for i, village in enumerate(people.village.tolist()):
        identity = Identity(
            name=people.name[i],
            sex=Sex.GIRL if people.girl[i] else Sex.BOY,
            birth_date=_day(people.birth[i]),
            nik=people.nik[i],
            birth_weight_kg=Decimal(str(weight[i])),
            birth_length_cm=Decimal(str(length[i])),
            parent_name=people.parent[i],
            rt=f"{rt[i]:03d}",
            rw=f"{rw[i]:03d}",
        )
        child = build_child(by=by, id=_uuid(ids), village=homes[village], identity=identity)
        child.posyandu = posyandu[village][int(people.posyandu[i])]
        yield NewChild(child, since=_day(people.since[i]))


def _make_posyandu(demo: Demo, homes: Sequence[Village]) -> list[list[Posyandu]]:
    """Return the posyandu of each village: those it has already, and then new ones up to its number."""
    known: dict[str, list[Posyandu]] = {}
    opens = (demo.weighing_days + 1).tolist()
    for post in Posyandu.objects.filter(village__in=homes):
        known.setdefault(post.village_id, []).append(post)
    by_village, made = [], []
    for home, count, days in zip(homes, demo.villages.posyandu.tolist(), opens, strict=True):
        posts = known.get(home.pk, [])
        keys = {post.key for post in posts}
        for name in posyandu_names(count):
            if len(posts) < count and posyandu_key(name) not in keys:
                day = days[len(posts)]
                posts.append(Posyandu(village=home, name=name, key=posyandu_key(name), day_of_month=day))
                made.append(posts[-1])
        by_village.append(posts)
    Posyandu.objects.bulk_create(made)
    return by_village


def _move_and_close(
    demo: Demo, by: User, children: Sequence[UUID], homes: Sequence[Village], progress: Progress
) -> None:
    people = demo.people
    moved = np.flatnonzero(people.moved_on < NEVER).tolist()
    left = np.flatnonzero(people.left_on < NEVER).tolist()
    done = progress(_("Pindah"), len(moved) + len(left))
    for i in moved:
        village = homes[int(people.moved_to[i])]
        move_child(by=by, child_id=children[i], village_code=village.pk, moved_on=_day(people.moved_on[i]))
        done(1)
    for i in left:
        status = ChildStatus.DIED if people.died[i] else ChildStatus.MOVED
        close_child(by=by, child_id=children[i], status=status, on=_day(people.left_on[i]))
        done(1)


@dataclass(frozen=True, slots=True)
class _Slip:
    """A measurement whose height is a slip of the hand, and what it should have been."""

    measurement: UUID
    right_cm: Decimal


def _measure(
    demo: Demo,
    by: User,
    ids: random.Random,
    children: Sequence[UUID],
    homes: Sequence[Village],
    progress: Progress,
) -> tuple[int, list[_Slip]]:
    """Record all measurements; return how many, and the slips of the hand in the order of time."""
    visits, now = demo.visits, timezone.now()
    village = demo.people.village_on(visits.day, visits.child)
    came = np.empty(len(visits), "datetime64[s]")
    for number, rows in enumerate(demo.rows_by_month):
        late = demo.villages.late[village[rows]]
        came[rows] = draw_arrival_times(demo.random(_ARRIVALS, number), visits.day[rows], late, now)
    entries = Entries(visits, homes, _recorders(homes, by), village, came)
    done = progress(_("Pengukuran"), len(visits))
    slips = record_entries(entries, children, lambda: _uuid(ids), done)
    return len(visits), [_Slip(slips[row], Decimal(f"{visits.right_cm[row]:.1f}")) for row in sorted(slips)]


def _recorders(homes: Sequence[Village], by: User) -> list[User]:
    """Return who records in each village: its first cadre, else ``by``."""
    cadres = Membership.objects.filter(role=Role.CADRE).select_related("user").order_by("-user")
    first = {membership.village_id: membership.user for membership in cadres}
    return [first.get(home.pk, by) for home in homes]


def _put_right(slips: Sequence[_Slip], by: User, ids: random.Random) -> None:
    """Correct some slips of the hand that were noticed afterwards."""
    for number, slip in enumerate(slips):
        if number % _CORRECTED_EVERY == 0:
            _correct(slip, by, ids)
        elif number % _VOIDED_EVERY == 0:
            void_measurement(by=by, measurement_id=slip.measurement, reason="Salah catat anak")


def _correct(slip: _Slip, by: User, ids: random.Random) -> None:
    stored = Measurement.objects.get(pk=slip.measurement)
    correct_measurement(
        by=by,
        id=_uuid(ids),
        measurement_id=stored.pk,
        observation=replace(observation_of(stored), lenhei_cm=slip.right_cm),
        reason="Salah baca papan ukur",
        confirmed=True,
        source=Source.DEMO,
    )


def _day(ordinal: np.int64) -> date:
    return date.fromordinal(int(ordinal))


def _uuid(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)
