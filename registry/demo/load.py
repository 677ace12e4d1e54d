"""Writing an invented district into the register, through the register's own actions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from registry.actions import (
    Entry,
    Identity,
    NewChild,
    Observation,
    Outcome,
    OutcomeKind,
    close_child,
    correct_measurement,
    move_child,
    record_measurements,
    void_measurement,
)
from registry.actions.children import built_child
from registry.demo.district import Demo
from registry.demo.growth import Visits
from registry.demo.names import posyandu_names
from registry.demo.people import NEVER, FloatArray
from registry.growth.batch import LYING, STANDING, UNKNOWN
from registry.models import Child, ChildStatus, Measurement, Position, Posyandu, Sex, Source, User, Village
from registry.places.names import posyandu_key

Progress = Callable[[str, int], Callable[[int], object]]
"""Told what comes next and how many of it; gives what to call with the number done since."""

_POSITIONS = {UNKNOWN: Position.UNKNOWN, LYING: Position.LYING, STANDING: Position.STANDING}
# One slip of the hand in this many is put right later, and one taken out of force.
_CORRECTED_EVERY, _VOIDED_EVERY = 4, 9


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written. ``true_rates`` as of the invented district, by month."""

    children: int
    measurements: int
    true_rates: dict[date, float]


class NotTaken(RuntimeError):
    """The register refused something of the demo: a fault of the demo or of a rule."""


@transaction.atomic
def load(demo: Demo, by: User, progress: Progress) -> Loaded:
    """Write the district in the name of ``by``: all of it or, on any error, nothing.

    Children first, then their moves and departures, then the measurements, so that each counts where its
    child lived and the figures of each month are counted once, at the end.
    """
    ids = random.Random(demo.shape.seed)  # noqa: S311  ids only, so that the same seed gives the same ids
    villages = Village.objects.in_bulk([place.code for place in demo.places])
    homes = [villages[place.code] for place in demo.places]
    children = _enrol(demo, by, ids, homes, progress)
    _move_and_close(demo, by, children, homes)
    outcomes = _record(demo.visits, by, ids, children, progress)
    _put_right(demo.visits, outcomes, by, ids)
    return Loaded(len(children), len(outcomes), demo.true_rates)


def _enrol(
    demo: Demo, by: User, ids: random.Random, homes: Sequence[Village], progress: Progress
) -> list[Child]:
    posyandu = _make_posyandu(demo, homes)
    people = demo.people
    done = progress(_("Anak"), len(people))
    rng = np.random.default_rng([demo.shape.seed, 2])
    rt, rw = rng.integers(1, 7, len(people)).tolist(), rng.integers(1, 13, len(people)).tolist()
    weight = np.clip(np.round(rng.normal(3.1, 0.42, len(people)), 1), 1.2, 5.2).tolist()
    length = np.clip(np.round(rng.normal(48.8, 1.9, len(people)), 0), 40, 56).tolist()
    new = []
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
        child = built_child(by=by, id=_uuid(ids), village=homes[village], identity=identity)
        child.posyandu = posyandu[village][int(people.posyandu[i])]
        new.append(NewChild(child, since=_day(people.since[i])))
        done(1)
    record_measurements(by=by, entries=[], new_children=new, source=Source.DEMO)
    return [n.child for n in new]


def _make_posyandu(demo: Demo, homes: Sequence[Village]) -> list[list[Posyandu]]:
    """The posyandu of each village: those it has already, and then new ones up to its number."""
    known: dict[str, list[Posyandu]] = {}
    for post in Posyandu.objects.filter(village__in=homes):
        known.setdefault(post.village_id, []).append(post)
    by_village, made = [], []
    for home, count in zip(homes, demo.villages.posyandu.tolist(), strict=True):
        posts = known.get(home.pk, [])
        keys = {post.key for post in posts}
        for name in posyandu_names(count):
            if len(posts) < count and posyandu_key(name) not in keys:
                posts.append(Posyandu(village=home, name=name, key=posyandu_key(name)))
                made.append(posts[-1])
        by_village.append(posts)
    Posyandu.objects.bulk_create(made)
    return by_village


def _move_and_close(demo: Demo, by: User, children: Sequence[Child], homes: Sequence[Village]) -> None:
    people = demo.people
    for i in np.flatnonzero(people.moved_on < NEVER).tolist():
        village = homes[int(people.moved_to[i])]
        move_child(by=by, child_id=children[i].pk, village_code=village.pk, moved_on=_day(people.moved_on[i]))
    for i in np.flatnonzero(people.left_on < NEVER).tolist():
        status = ChildStatus.DIED if people.died[i] else ChildStatus.MOVED
        close_child(by=by, child_id=children[i].pk, status=status, on=_day(people.left_on[i]))


def _record(
    visits: Visits, by: User, ids: random.Random, children: Sequence[Child], progress: Progress
) -> list[Outcome]:
    """Record every visit; whoever measured has looked twice at what is unlikely."""
    judged = progress(_("Menilai"), len(visits))
    stored = progress(_("Menyimpan"), len(visits))
    entries = [
        Entry(_uuid(ids), children[child], seen, confirmed=True)
        for child, seen in zip(visits.child.tolist(), _observations(visits), strict=True)
    ]
    outcomes = record_measurements(
        by=by, entries=entries, source=Source.DEMO, judging=judged, progress=stored
    )
    for outcome in outcomes:
        if outcome.kind != OutcomeKind.NEW:
            raise NotTaken(f"{outcome.entry.seen}: {outcome.error}")
    return outcomes


def _put_right(visits: Visits, outcomes: Sequence[Outcome], by: User, ids: random.Random) -> None:
    """Some slips of the hand were noticed afterwards."""
    for number, i in enumerate(np.flatnonzero(~np.isnan(visits.right_cm)).tolist()):
        stored = outcomes[i].measurement
        if stored is None:
            continue
        if number % _CORRECTED_EVERY == 0:
            _correct(stored, outcomes[i].entry, _decimal(visits.right_cm[i]), by, ids)
        elif number % _VOIDED_EVERY == 0:
            void_measurement(by=by, measurement_id=stored.pk, reason="Salah catat anak")


def _correct(
    stored: Measurement, entry: Entry, right_cm: Decimal | None, by: User, ids: random.Random
) -> None:
    seen = entry.seen
    correct_measurement(
        by=by,
        id=_uuid(ids),
        measurement_id=stored.pk,
        seen=Observation(**{**seen.values(), "lenhei_cm": right_cm}),
        reason="Salah baca papan ukur",
        confirmed=True,
        source=Source.DEMO,
    )


def _observations(visits: Visits) -> Iterator[Observation]:
    columns = (
        visits.day.tolist(),
        _decimals(visits.weight_kg),
        _decimals(visits.lenhei_cm),
        visits.position.tolist(),
        _decimals(visits.muac_cm),
        _decimals(visits.head_cm),
        visits.oedema.tolist(),
    )
    for day, weight, lenhei, position, muac, head, oedema in zip(*columns, strict=True):
        yield Observation(
            measured_on=date.fromordinal(day),
            weight_kg=weight,
            lenhei_cm=lenhei,
            position=_POSITIONS[position],
            muac_cm=muac,
            head_cm=head,
            oedema=oedema,
        )


def _decimals(values: FloatArray) -> list[Decimal | None]:
    return [_decimal(value) for value in values.tolist()]


def _decimal(value: float) -> Decimal | None:
    """One decimal place, as scales and boards show; None for NaN."""
    return Decimal(f"{value:.1f}") if value == value else None


def _day(ordinal: np.int64) -> date:
    return date.fromordinal(int(ordinal))


def _uuid(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)
