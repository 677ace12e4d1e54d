"""In which order a column writes day and month, and which dates a row has.

A column is read in one order only when something proves it: a day above 12, or rows whose age in words or
NIK fit one order and not the other. What nothing proves is not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

from registry.growth.cells.ages import Age, fits_age
from registry.growth.cells.dates import Order, Orders, WrittenDate


@dataclass(slots=True, unsafe_hash=True)
class RowDates:
    """The two dates of a row and what the row has to prove them with: an age, and a whole NIK or none."""

    born: WrittenDate
    measured: WrittenDate
    age: Age | None
    nik: str

    @property
    def is_open(self) -> bool:
        """Return whether one of its dates may be two days."""
        return len(self.born.meanings) > 1 or len(self.measured.meanings) > 1

    def sayings(self) -> Iterator[Callable[[date, date], bool]]:
        """Return what its age and its NIK have to say to a pair of dates."""
        age, nik = self.age, self.nik
        if age is not None:
            yield lambda born, measured: fits_age(born, measured, age)
        if nik:
            yield lambda born, _measured: fits_nik(born, nik)


def orders_of(rows: Iterable[RowDates]) -> Orders:
    """Return the order of each column that its days above 12 and the rows with a proof agree on."""
    rows = list(rows)
    read = [(row, _readings(row)) for row in rows if row.is_open]
    born, measured = [row.born for row in rows], [row.measured for row in rows]
    return Orders(
        _order(born, [_Witness(row.born, day, r) for row, r in read if (day := r.only(0))]),
        _order(measured, [_Witness(row.measured, day, r) for row, r in read if (day := r.only(1))]),
        born_days=_order_of_days(born),
        measured_days=_order_of_days(measured),
    )


class _Witness(NamedTuple):
    """A date that is sure because of the rest of its row."""

    written: WrittenDate
    day: date
    readings: _Readings


def _order(column: Sequence[WrittenDate], witnesses: Sequence[_Witness]) -> Order | None:
    """Return the one order that everything agrees on. Dates that may be turned need a proof of their own.

    Rows that only a birth before its measurement proves count where nothing better does, and more than one:
    one wrong birth date is no reason to read a whole column in its way. Neither is one NIK a reason to doubt
    one whose days above 12 say how it is written, nor are more where as many speak for it.
    """
    if any(written.doubted for written in column):
        return None
    heard = [witness for witness in witnesses if len(witness.written.meanings) > 1]
    used = [witness for witness in heard if witness.readings.by_itself]
    if days := _order_of_days(column):
        against = sum(_orders_of([witness]) == {days.other} for witness in used)
        return days if against <= max(1, sum(_orders_of([witness]) == {days} for witness in used)) else None
    orders = {order for written in column if (order := written.forces)} | _orders_of(used)
    if not orders and len({witness.readings.pairs[0][0] for witness in heard}) > 1:
        used, orders = heard, _orders_of(heard)
    if len(orders) != 1:
        return None
    if any(written.turned for written in column) and not any(witness.written.turned for witness in used):
        return None
    return orders.pop()


def _order_of_days(column: Sequence[WrittenDate]) -> Order | None:
    """Return the one order that days above 12 are written in. They say nothing of turned dates."""
    if any(written.turned for written in column):
        return None
    orders = {order for written in column if (order := written.forces)}
    return orders.pop() if len(orders) == 1 else None


def _orders_of(witnesses: Iterable[_Witness]) -> set[Order]:
    return {order for w in witnesses for order in Order if w.written.read(order) == w.day}


@dataclass(slots=True, unsafe_hash=True)
class _Readings:
    """The pairs of dates a row may mean.

    ``by_itself``: its age or NIK says so. ``contradicted``: its age or NIK fits none of them, or they fit
    different ones.
    """

    pairs: list[tuple[date, date]]
    by_itself: bool = False
    contradicted: bool = False

    def only(self, which: int) -> date | None:
        """Return the first or second day where all pairs have the same one, else None.

        It is None as well where something contradicts it. The day may prove something of other rows.
        """
        days = {pair[which] for pair in self.pairs}
        return days.pop() if len(days) == 1 and not self.contradicted else None


def _readings(row: RowDates) -> _Readings:
    """Return the pairs of dates that the age in words and the NIK leave possible.

    Neither is believed alone: where it fits no pair, it says nothing.
    """
    pairs = [pair for pair in product(row.born.meanings, row.measured.meanings) if pair[0] <= pair[1]]
    if row.born.doubted or row.measured.doubted:
        return _Readings(pairs, contradicted=True)
    said, contradicted = [], False
    for fits in row.sayings():
        fitting = [pair for pair in pairs if fits(*pair)]
        contradicted |= not fitting
        if fitting:
            said.append(fitting)
    if not said:
        return _Readings(pairs, contradicted=contradicted)
    agreed = [pair for pair in pairs if all(pair in fitting for fitting in said)]
    if not agreed:  # the age fits one reading and the NIK another
        return _Readings(pairs, contradicted=True)
    return _Readings(agreed, by_itself=True, contradicted=contradicted)


def fits_nik(born: date, nik: str) -> bool:
    """Return whether a whole NIK is of a child ``born`` then."""
    return (int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])) == (born.day, born.month, born.year % 100)


@dataclass(slots=True, unsafe_hash=True)
class DecidedDates:
    """The two dates of a row. ``against_column``: the row's own proof overrules the order of its column."""

    born: date
    measured: date
    against_column: bool = False


def decide_dates(row: RowDates, orders: Orders) -> DecidedDates | None:
    """Return the dates of a row, None when they could be more than one pair."""
    if not row.is_open:
        return _by_columns(row, orders)
    found = _readings(row)
    in_order = [pair for pair in found.pairs if _in_order(pair, row, orders)]
    if len(found.pairs) == 1 and found.by_itself:
        pair = found.pairs[0]
        # A NIK alone may be wrong itself: where days above 12 prove its column, that is believed.
        if row.nik and orders.born and _is_against(orders.born_days, row.born, pair[0]):
            return decide_dates(replace(row, nik=""), orders)
        against_days = (orders.born_days, row.born, pair[0]), (orders.measured_days, row.measured, pair[1])
        against = not in_order or any(_is_against(*one) for one in against_days)
        return DecidedDates(*pair, against_column=against)
    # That the other reading were before birth proves a row only where nothing speaks against it: its birth
    # date may be wrong. The actions then say in their own sentence that it was measured before it was born.
    if not in_order or (len(found.pairs) == 1 and found.contradicted):
        return _by_columns(row, orders)
    return DecidedDates(*in_order[0]) if len(in_order) == 1 else None


def _is_against(order: Order | None, written: WrittenDate, day: date) -> bool:
    """Return whether it is read in the other order than the days above 12 of its column."""
    return order is not None and written.read(order) != day == written.read(order.other)


def _in_order(pair: tuple[date, date], row: RowDates, orders: Orders) -> bool:
    return all(
        order is None or day == written.year_first or written.read(order) in (day, None)
        for order, written, day in (
            (orders.born, row.born, pair[0]),
            (orders.measured, row.measured, pair[1]),
        )
    )


def _by_columns(row: RowDates, orders: Orders) -> DecidedDates | None:
    born, measured = _single(row.born, orders.born), _single(row.measured, orders.measured)
    return DecidedDates(born, measured) if born and measured else None


def _single(written: WrittenDate, order: Order | None) -> date | None:
    if len(written.meanings) == 1:
        return written.meanings[0]
    return written.read(order) if order and written.year_first is None else None
