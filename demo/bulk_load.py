"""Recording a whole district in columns of numbers, into a register without measurements.

The same checks, the same assessment and the same rows as ``registry.actions.record_measurements``, which a
test compares; but no object for each row: a demo of two hundred thousand rows takes seconds, not minutes.
It fills and never adds: what is in the register already is for the actions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import repeat
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils import timezone

from demo.bulk_series import BoolArray, IntArray, Judged, Seen, Series, TextArray
from registry.actions.assessment import INDICES
from registry.actions.observation import LIMITS, Observation, validate_observation
from registry.actions.requirements import require_work_at
from registry.db.bulk_insert import analyze, check_references_at_once
from registry.growth.batch import LYING, STANDING, UNKNOWN
from registry.growth.tables import FloatArray
from registry.models import Child, Measurement, MeasurementState, Position, Residence, Source, User, Village

ROWS = 10_000
"""Rows of one COPY, so that their texts take little memory."""

_POSITIONS = {UNKNOWN: Position.UNKNOWN, LYING: Position.LYING, STANDING: Position.STANDING}
_NEVER = date.max.toordinal()
_ObjectArray = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Recording:
    """Who entered each of the observations, under which id and when.

    ``by`` is a place among the recorders. ``received_at`` is a time in UTC to the second.
    """

    ids: Sequence[UUID]
    by: IntArray
    received_at: npt.NDArray[np.datetime64]


class MeasurementCopy:
    """Fills a register of ``children``, who are enrolled but not measured. In one transaction of the caller.

    :meth:`add` as often as needed, in the order of time, then :meth:`finish`; counting the months
    (``refresh.rebuild_month``) is left to the caller, once all is in. ValueError where there are
    measurements, and for a child that is not enrolled.
    """

    def __init__(self, *, children: Sequence[UUID], recorders: Sequence[User], source: Source) -> None:
        if Measurement.objects.exists():
            raise ValueError("only a register without measurements can be filled in columns")
        self._ids, self._recorders, self._source = children, recorders, source
        places = {child_id: place for place, child_id in enumerate(children)}
        sex, birth, self._left = _children(places)
        self._homes = _Homes(places)
        self._series = Series(sex, birth)
        self._villages = np.array(self._homes.villages, object)
        self._child_texts = np.array([child_id.hex for child_id in children], object)
        self._recorder_texts = np.array([str(user.pk) for user in recorders], object)
        self._may: set[tuple[int, int]] = set()
        check_references_at_once()

    def add(self, seen: Seen, recording: Recording) -> None:
        """Check, judge and store ``seen``, by child and then by day, later than all that came before.

        Raises Refused, as ``record_measurement`` would, for the first that cannot be; ValueError for one
        out of order. Doubts are stored as confirmed.
        """
        if not len(seen):  # a month that is running, in which no posyandu has weighed yet
            return
        village = self._homes.on(seen.child, seen.day)
        self._check(seen)
        self._must_work_there(seen, recording, village)
        judged = self._series.judge(seen)
        columns = {
            **_columns_observed(seen),
            **_worked_out(judged),
            "child_id": self._child_texts[seen.child],
            "village_id": self._villages[village],
            "recorded_by_id": self._recorder_texts[recording.by],
            "received_at": _times(recording.received_at),
        }
        for start in range(0, len(seen), ROWS):
            rows = slice(start, start + ROWS)
            self._store(recording.ids[rows], {name: values[rows] for name, values in columns.items()})

    def finish(self) -> None:
        """Call it after the last :meth:`add`."""
        analyze(Measurement, Child, Residence)

    def _store(self, ids: Sequence[UUID], columns: Mapping[str, _ObjectArray]) -> None:
        always = {"source": str(self._source), "state": str(MeasurementState.IN_FORCE), "reason": ""}
        texts: dict[str, list[str | None]] = {"id": [row_id.hex for row_id in ids]}
        texts |= {name: values.tolist() for name, values in columns.items()}
        texts |= {name: list(repeat(value, len(ids))) for name, value in always.items()}
        _insert(texts)

    def _check(self, seen: Seen) -> None:
        """Let the rule for one observation look at each that could break it, and say so in its words."""
        today = timezone.localdate().toordinal()
        odd = (seen.day > today) | (seen.day > self._left[seen.child])
        odd |= seen.day < self._homes.since[seen.child]
        given = np.zeros(len(seen), np.bool_)
        for name, (low, high, _step) in LIMITS.items():
            values = getattr(seen, name)
            known = ~np.isnan(values)
            given |= known
            odd |= known & ~((values >= float(low)) & (values <= float(high)))
        for row in np.flatnonzero(odd | ~given).tolist():
            child = Child.objects.get(pk=self._ids[seen.child[row]])
            validate_observation(_observation(seen, row), child)
            if seen.day[row] < self._homes.since[seen.child[row]]:
                raise ValueError(f"{child.pk} is measured before it is known to live anywhere")

    def _must_work_there(self, seen: Seen, recording: Recording, village: IntArray) -> None:
        """As for one measurement, once for each recorder and village."""
        pairs = recording.by * len(self._villages) + village
        for pair, row in zip(*(part.tolist() for part in np.unique(pairs, return_index=True)), strict=True):
            who, where = divmod(pair, len(self._villages))
            if (who, where) not in self._may:
                home = Village.objects.get(pk=self._villages[where])
                require_work_at(self._recorders[who], home, date.fromordinal(int(seen.day[row])))
                self._may.add((who, where))


def _insert(columns: Mapping[str, list[str | None]]) -> None:
    """Insert measurements, given column by column as texts that the database reads; None is NULL."""
    quote = connection.ops.quote_name
    table, names = quote(Measurement._meta.db_table), ", ".join(map(quote, columns))
    rows = zip(*columns.values(), strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # None of the texts holds a tab, a line's end or a backslash.
            lines = ["\t".join(r"\N" if value is None else value for value in row) for row in rows]
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", StringIO("\n".join([*lines, ""])))
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names of our own model, not what somebody sent.
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def _children(places: Mapping[UUID, int]) -> tuple[IntArray, IntArray, IntArray]:
    """Sex, day of birth, and the last day a child can be measured: that on which it died or left."""
    sex, birth, left = (np.zeros(len(places), np.int64) for _ in range(3))
    rows = Child.objects.order_by().values_list("pk", "sex", "birth_date", "status_date")
    for child_id, code, born, gone in rows.iterator():
        if (place := places.get(child_id)) is not None:
            sex[place], birth[place] = code, born.toordinal()
            left[place] = gone.toordinal() if gone else _NEVER
    if (sex == 0).any():
        raise ValueError("not every child is enrolled")
    return sex, birth, left


class _Homes:
    """Where each child lives when. ``since``: the first day known, of each child."""

    def __init__(self, places: Mapping[UUID, int]) -> None:
        rows = Residence.objects.order_by().values_list("child_id", "since", "village_id")
        known = sorted(
            (places[child_id], since.toordinal(), code)
            for child_id, since, code in rows.iterator()
            if child_id in places
        )
        self.villages = sorted({code for _place, _since, code in known})
        numbers = {code: number for number, code in enumerate(self.villages)}
        self._keys = np.array([place * _NEVER + since for place, since, _code in known], np.int64)
        self._village = np.array([numbers[code] for _place, _since, code in known], np.int64)
        self._first = np.searchsorted(self._keys, np.arange(len(places)) * _NEVER)
        self.since = self._keys[self._first] % _NEVER

    def on(self, child: IntArray, day: IntArray) -> IntArray:
        """The number of the village where each child lived on a day, as ``home_on`` finds it."""
        last = np.searchsorted(self._keys, child * _NEVER + day, side="right") - 1
        found: IntArray = self._village[np.maximum(last, self._first[child])]
        return found


def _observation(seen: Seen, row: int) -> Observation:
    measured = {name: float(getattr(seen, name)[row]) for name in LIMITS}
    return Observation(
        measured_on=date.fromordinal(int(seen.day[row])),
        position=_POSITIONS[int(seen.position[row])],
        oedema=bool(seen.oedema[row]),
        **{name: None if np.isnan(value) else Decimal(repr(value)) for name, value in measured.items()},
    )


def _columns_observed(seen: Seen) -> dict[str, _ObjectArray]:
    """The columns of what was seen, in the register's precision."""
    return {
        "measured_on": _texts_of(seen.day, lambda day: date.fromordinal(day).isoformat()),
        "position": _texts_of(seen.position, lambda code: _POSITIONS[code].value),
        "oedema": _flags(seen.oedema),
        **{name: _numbers(getattr(seen, name), _decimals(step)) for name, (_l, _h, step) in LIMITS.items()},
    }


def _decimals(step: Decimal) -> int:
    """Decimal places of a step: 3 of 0.001."""
    return -int(step.as_tuple().exponent)


def _worked_out(judged: Judged) -> dict[str, _ObjectArray]:
    """The columns that ``computed_columns``, ``gain_codes_of`` and ``doubts_about`` fill for one."""
    found = judged.found
    doubts = np.full(len(found), json.dumps([]), object)
    for row, codes in judged.doubts.items():
        doubts[row] = json.dumps(codes)
    return {
        "age_days": _texts_of(judged.age_days, str),
        "clenhei_cm": _numbers(found.clenhei_cm, 2),
        "position_disbelieved": _flags(found.position_disbelieved),
        **{index: _numbers(getattr(found, index), 2) for index in INDICES},
        **{f"{index}_flag": _flags(getattr(found, f"{index}_flag")) for index in INDICES},
        "gain": judged.gain.astype(object),
        "confirmed_doubts": doubts,
    }


def _texts_of(values: IntArray, write: Any) -> _ObjectArray:
    """Each whole number as ``write`` writes it, written once for each that occurs."""
    if not len(values):
        return np.empty(0, object)
    low = int(values.min())
    table = np.empty(int(values.max()) - low + 1, object)
    for value in np.unique(values).tolist():
        table[value - low] = write(value)
    texts: _ObjectArray = table[values - low]
    return texts


def _numbers(values: FloatArray, decimals: int) -> _ObjectArray:
    """Decimal numbers as text, None for NaN."""
    known = ~np.isnan(values)
    steps = np.rint(values[known] * 10**decimals).astype(np.int64)
    texts = np.full(len(values), None, object)
    texts[known] = _texts_of(steps, lambda step: f"{step / 10**decimals:.{decimals}f}")
    return texts


def _flags(values: BoolArray) -> _ObjectArray:
    return np.array(["0", "1"], object)[values.astype(np.int64)]


def _times(values: npt.NDArray[np.datetime64]) -> _ObjectArray:
    written: TextArray = np.char.replace(np.datetime_as_string(values, unit="s"), "T", " ")
    return written.astype(object)
