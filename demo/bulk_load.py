"""Recording the measurements of a whole invented district, child by child.

Each is judged by the functions that ``registry.actions.record_measurements`` uses, and a test compares the
rows. It locks, matches and counts nothing, for nobody else is there yet: so a demo starts within a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from itertools import groupby, pairwise
from uuid import UUID

import numpy as np
import numpy.typing as npt

from demo.child_growth import Visits
from demo.people import IntArray
from registry.actions.assessment import assess_and_validate, assess_many, recompute_gain
from registry.actions.observation import LIMITS, Observation, validate_observation
from registry.db.bulk_insert import analyze, check_references_at_once, insert_rows
from registry.growth.batch import LYING, STANDING, UNKNOWN
from registry.models import Child, Measurement, Position, Residence, Source, User, Village

_CHILDREN_AT_ONCE = 500
_POSITIONS = {UNKNOWN: Position.UNKNOWN, LYING: Position.LYING, STANDING: Position.STANDING}


@dataclass(frozen=True, slots=True)
class Entries:
    """Visits as they were entered, one entry each: where the child lived, who entered them and when (UTC)."""

    visits: Visits
    villages: Sequence[Village]
    recorders: Sequence[User]  # of each village
    village: IntArray
    received_at: npt.NDArray[np.datetime64]


def record_entries(
    entries: Entries, children: Sequence[UUID], make_id: Callable[[], UUID], done: Callable[[int], object]
) -> dict[int, UUID]:
    """Store the measurements of enrolled children; return the id of each row of the visits that is a slip.

    Counting the months is left to the caller. Doubts are stored as confirmed. Raises: Refused, as
    ``record_measurement`` would, for what no child can have.
    """
    visits = entries.visits
    check_references_at_once()
    order = np.lexsort((visits.day, visits.child))
    firsts = range(0, len(children), _CHILDREN_AT_ONCE)
    starts = np.searchsorted(visits.child[order], firsts).tolist()
    slips: dict[int, UUID] = {}
    for start, end in pairwise([*starts, len(order)]):
        rows = order[start:end].tolist()
        stored = list(_build_measurements(entries, children, rows, make_id))
        insert_rows(stored)
        slips |= {row: m.pk for row, m in zip(rows, stored, strict=True) if visits.right_cm[row] > 0}
        done(len(rows))
    analyze(Measurement, Child, Residence)
    return slips


def _build_measurements(
    entries: Entries, children: Sequence[UUID], rows: Sequence[int], make_id: Callable[[], UUID]
) -> Iterator[Measurement]:
    """Yield the measurements of some children, by child and then by day."""
    visits = entries.visits
    ids = [children[number] for number in visits.child[rows].tolist()]
    known = Child.objects.in_bulk(set(ids))
    seen = [
        (known[child_id], validate_observation(_observation_of(visits, row), known[child_id]))
        for child_id, row in zip(ids, rows, strict=True)
    ]
    judged = zip(rows, seen, assess_many(seen), strict=True)
    for child, of_child in groupby(judged, key=lambda one: one[1][0]):
        series: list[Measurement] = []
        for row, (_child, observation), assessment in of_child:
            village = int(entries.village[row])
            measurement = assess_and_validate(
                child=child,
                village=entries.villages[village],
                observation=observation,
                others=series,
                confirmed=True,
                id=make_id(),
                assessment=assessment,
            )
            measurement.recorded_by, measurement.source = entries.recorders[village], Source.DEMO
            measurement.received_at = entries.received_at[row].item().replace(tzinfo=UTC)
            series.append(measurement)
        recompute_gain(child, series)
        yield from series


def _observation_of(visits: Visits, row: int) -> Observation:
    return Observation(
        measured_on=date.fromordinal(int(visits.day[row])),
        position=_POSITIONS[int(visits.position[row])],
        oedema=bool(visits.oedema[row]),
        **{name: _decimal_of(float(getattr(visits, name)[row])) for name in LIMITS},
    )


def _decimal_of(value: float) -> Decimal | None:
    return None if value != value else _exact_decimal(value)


@cache
def _exact_decimal(value: float) -> Decimal:
    """Return the Decimal of a number. Cached: a scale shows few weights, a district has millions."""
    return Decimal(repr(value))
