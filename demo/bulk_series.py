"""Judging many measurements at once, month after month: the twin of ``judge`` in columns of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from demo.bulk_growth import (
    NEVER,
    gain_code_batch,
    grams,
    length_steady,
    month_numbers,
    weight_steady,
)
from registry.actions.assessment import doubt_codes
from registry.growth import BatchAssessment, Measured, assess_batch
from registry.growth.tables import FloatArray

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
TextArray = npt.NDArray[np.str_]

_DOUBTED = ("haz_flag", "waz_flag", "whz_flag", "baz_flag")  # flags of which ``plausibility_flags`` asks


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Observations in columns, one entry each, by child and then by day.

    ``child``: its place among the children. ``day``: ordinal. ``position``: codes of ``growth.batch``.
    Kilograms and centimetres; NaN where something was not measured.
    """

    child: IntArray
    day: IntArray
    weight_kg: FloatArray
    lenhei_cm: FloatArray
    position: IntArray
    muac_cm: FloatArray
    head_cm: FloatArray
    oedema: BoolArray

    def __len__(self) -> int:
        return len(self.child)

    def part(self, rows: IntArray | slice) -> Seen:
        """Some of the observations."""
        return Seen(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Judged:
    """What the standards and the measurements before say of each: ``gain`` is N, T, O, B or empty.

    ``doubts``: the codes by number of the entry, for those that have any.
    """

    age_days: IntArray
    found: BatchAssessment
    gain: TextArray
    doubts: dict[int, list[str]]


class Series:
    """What is known of each child's last measurements, while all are judged in the order of time.

    ``sex``: WHO's codes; ``birth``: ordinal days; one entry a child.
    """

    def __init__(self, sex: IntArray, birth: IntArray) -> None:
        count = len(sex)
        self.sex, self.birth = sex, birth
        self.last_day = np.zeros(count, np.int64)
        # Weight and length of the last time each was measured, for the jumps between two measurements.
        self._weighed_age, self._weight_kg = np.zeros(count, np.int64), np.full(count, np.nan)
        self._length_age, self._clenhei_cm = np.zeros(count, np.int64), np.full(count, np.nan)
        # The last weighing, and the last one of a calendar month before that one's, for N, T, O and B.
        self._month, self._month_g = np.full(count, NEVER), np.zeros(count, np.int64)
        self._before_month, self._before_g = np.full(count, NEVER), np.zeros(count, np.int64)

    def judge(self, seen: Seen) -> Judged:
        """Judge ``seen`` and remember it. ValueError unless each child's days come after those known."""
        age_days = seen.day - self.birth[seen.child]
        found = assess_batch(
            sex=self.sex[seen.child],
            age_days=age_days,
            weight_kg=seen.weight_kg,
            lenhei_cm=seen.lenhei_cm,
            position=seen.position,
            muac_cm=seen.muac_cm,
            head_cm=seen.head_cm,
            oedema=seen.oedema,
        )
        judged = Judged(age_days, found, np.full(len(seen), "", "<U1"), {})
        months = month_numbers(seen.day)
        for rows in _turns(seen.child):
            if (seen.day[rows] <= self.last_day[seen.child[rows]]).any():
                raise ValueError("measurements are judged in the order of their days, one a child and day")
            self._set_doubts(rows, seen, judged)
            self._set_gain(rows, seen, judged, months)
            self._remember(rows, seen, judged)
        return judged

    def _set_gain(self, rows: IntArray, seen: Seen, judged: Judged, months: IntArray) -> None:
        rows = rows[~np.isnan(seen.weight_kg[rows])]
        child, month, weight_g = seen.child[rows], months[rows], grams(seen.weight_kg[rows])
        # Twice in a month: both are compared with the last weighing of the months before.
        later = self._month[child] < month
        self._before_month[child[later]] = self._month[child[later]]
        self._before_g[child[later]] = self._month_g[child[later]]
        judged.gain[rows] = gain_code_batch(
            sex=self.sex[child],
            age_days=judged.age_days[rows],
            month=month,
            weight_g=weight_g,
            before_month=self._before_month[child],
            before_g=self._before_g[child],
        )
        self._month[child], self._month_g[child] = month, weight_g

    def _set_doubts(self, rows: IntArray, seen: Seen, judged: Judged) -> None:
        """Ask the rule itself about each that is flagged or changed by more than is plausible at any age."""
        child, age = seen.child[rows], judged.age_days[rows]
        weight_kg, clenhei_cm = seen.weight_kg[rows], judged.found.clenhei_cm[rows]
        asked = np.zeros(len(rows), np.bool_)
        for name in _DOUBTED:
            asked |= getattr(judged.found, name)[rows]
        both = ~np.isnan(weight_kg) & ~np.isnan(self._weight_kg[child])
        asked[both] |= ~weight_steady(grams(self._weight_kg[child[both]]), grams(weight_kg[both]))
        both = ~np.isnan(clenhei_cm) & ~np.isnan(self._clenhei_cm[child])
        asked[both] |= ~length_steady(
            self._clenhei_cm[child[both]], self._length_age[child[both]], clenhei_cm[both], age[both]
        )
        for row in rows[asked].tolist():
            codes = doubt_codes(
                judged.found.row(row),
                weight_kg=_float_or_none(seen.weight_kg[row]),
                age_days=int(judged.age_days[row]),
                previous=self._previous(int(seen.child[row])),
            )
            if codes:
                judged.doubts[row] = codes

    def _previous(self, child: int) -> list[Measured | None]:
        weight_kg, clenhei_cm = (
            _float_or_none(self._weight_kg[child]),
            _float_or_none(self._clenhei_cm[child]),
        )
        return [
            None if weight_kg is None else Measured(int(self._weighed_age[child]), weight_kg, None),
            None if clenhei_cm is None else Measured(int(self._length_age[child]), None, clenhei_cm),
        ]

    def _remember(self, rows: IntArray, seen: Seen, judged: Judged) -> None:
        child, age = seen.child[rows], judged.age_days[rows]
        self.last_day[child] = seen.day[rows]
        given = ~np.isnan(seen.weight_kg[rows])
        self._weighed_age[child[given]] = age[given]
        self._weight_kg[child[given]] = seen.weight_kg[rows][given]
        clenhei_cm = judged.found.clenhei_cm[rows]
        given = ~np.isnan(clenhei_cm)
        self._length_age[child[given]] = age[given]
        self._clenhei_cm[child[given]] = clenhei_cm[given]


def _turns(child: IntArray) -> Iterator[IntArray]:
    """The rows that are each child's first, then those that are its second, and so on."""
    starts = np.flatnonzero(np.r_[True, child[1:] != child[:-1]])
    lengths = np.diff(np.r_[starts, len(child)])
    turn = np.arange(len(child)) - np.repeat(starts, lengths)
    for number in range(int(lengths.max(initial=0)) if len(child) else 0):
        yield np.flatnonzero(turn == number)


def _float_or_none(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
