"""Which dates a row means, and in which order a column of dates is written.

A cell has meanings: figures have two, a named month one. A stored date (a true date, ISO, a serial number) is
itself, and a program may have turned it. A row's evidence is its whole NIK for the birth, its age for the
pair, and a day above 12 for its own cell. Where that leaves one order of a cell it is a proof of its column.

- A column has an order when all its proofs agree. One row against two others or more is asked about.
- Without an order a row is read by its own evidence, else somebody is asked.
- Stored dates stand unless two rows at least say that they were turned, and none that they were not.
- No row is read against its column, and no date because a visit must come after the birth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice, product
from typing import NamedTuple

from registry.growth.cells.ages import WrittenAge, day_of_age, days_off, fits_age
from registry.growth.cells.dates import DateCell, Order, Orders, WrittenDate
from registry.growth.cells.text import Cell

_PROOF = 2  # rows that say alike that a program has turned a column
_RUNNING = (1, -1)  # by how many months ages are off that count the month that runs, or leave one out
_YEAR = 365.25

Pair = tuple[date, ...]
"""A day of birth and a day of a visit."""


class RowEvidence(NamedTuple):
    """What a row says of its dates besides them: a whole NIK, or an empty one, and an age."""

    nik: str = ""
    age: WrittenAge | None = None

    def to_the_day(self) -> RowEvidence:
        """Return what of it tells a day: many an age in months is that of another day."""
        return self if self.age and self.age.days is not None else RowEvidence(self.nik)

    def proves_exactly(self, which: int) -> bool:
        """Return whether it tells the day of a birth (0) or a visit (1)."""
        nik, age = self.to_the_day()
        return age is not None or (which == 0 and bool(nik))


class AllowedPairs(NamedTuple):
    """The pairs of a row that its evidence allows. ``is_proven``: it says something of them.

    ``is_doubted``: its NIK or its age fits none of them, or they fit different ones.
    """

    pairs: Sequence[Pair]
    is_proven: bool = False
    is_doubted: bool = False

    def find_only(self, which: int) -> date | None:
        """Return the first or second day where the evidence leaves a single one, else None."""
        days = {pair[which] for pair in self.pairs} if self.is_proven else ()
        return next(iter(days)) if len(days) == 1 else None


def allowed_pairs(pairs: Sequence[Pair], evidence: RowEvidence) -> AllowedPairs:
    """Return the ``pairs`` that the NIK and the age of a row allow. What fits none of them says nothing."""
    nik, age = evidence
    by_nik = [pair for pair in pairs if fits_nik(nik, pair[0])] if nik else []
    by_age = [pair for pair in by_nik or pairs if fits_age(age, *pair)] if age else []
    if by_nik and age and not by_age and any(fits_age(age, *pair) for pair in pairs):
        return AllowedPairs(pairs, is_doubted=True)  # the age is of one reading and the NIK of another
    is_doubted = bool((nik and not by_nik) or (age and not by_age))
    return AllowedPairs(by_age or by_nik or pairs, bool(by_age or by_nik), is_doubted)


def fits_nik(nik: str, born: date) -> bool:
    """Return whether a whole NIK is of a child ``born`` then."""
    return (int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])) == (born.day, born.month, born.year % 100)


class RowDates(NamedTuple):
    """The two dates of a row and its evidence."""

    born: WrittenDate
    measured: WrittenDate
    evidence: RowEvidence = RowEvidence()

    @property
    def cells(self) -> tuple[WrittenDate, WrittenDate]:
        return self.born, self.measured

    @property
    def is_open(self) -> bool:
        """Return whether one of its dates may be two days."""
        return len(self.born.meanings) > 1 or len(self.measured.meanings) > 1

    def find_allowed(self, *, if_turned: bool = False) -> AllowedPairs:
        """Return the pairs of its meanings that its evidence allows; with what stored dates are if turned.

        A year of two digits stands where the birth is in no later year than the visit.
        """
        pairs = list(product(*(_ways(cell) if if_turned else cell.meanings for cell in self.cells)))
        if self.born.year_first or self.measured.year_first:
            pairs = [pair for pair in pairs if pair[0].year <= pair[1].year] or pairs
        return allowed_pairs(pairs, self.evidence)

    def says_turned(self, which: int) -> AllowedPairs | None:
        """Return what its evidence allows where it says that the first or second stored date was turned."""
        turned = _turned_day(self.cells[which])
        found = self.find_allowed(if_turned=True) if turned and not self._says_nothing_was_turned() else None
        return found if found and found.find_only(which) == turned else None

    def says_stands(self, which: int) -> bool:
        """Return whether its evidence says that the first or second stored date was not turned."""
        cell = self.cells[which]
        found = self.find_allowed(if_turned=True) if _turned_day(cell) else None
        return found is not None and not found.is_doubted and found.find_only(which) == cell.stored

    def _says_nothing_was_turned(self) -> bool:
        """Return True at once for most rows: their NIK and age fit the dates as they stand, or are empty."""
        nik, age = self.evidence
        born, measured = self.born.meanings[0], self.measured.meanings[0]
        fits = (not nik or fits_nik(nik, born)) and (not age or fits_age(age, born, measured))
        return fits and not self.is_open


def _turned_day(cell: WrittenDate) -> date | None:
    """Return the other meaning of a stored date; None where it has none, or is open already."""
    return cell.turned if len(cell.meanings) == 1 else None


def _ways(cell: WrittenDate) -> tuple[date, ...]:
    turned = _turned_day(cell)
    return (*cell.meanings, turned) if turned else cell.meanings


def dated_rows(
    born: Sequence[DateCell], measured: Sequence[DateCell], evidence: Sequence[RowEvidence]
) -> list[RowDates]:
    """Return the rows that have both dates."""
    return [
        RowDates(b, m, row)
        for b, m, row in zip(born, measured, evidence, strict=True)
        if isinstance(b, WrittenDate) and isinstance(m, WrittenDate)
    ]


def trust_ages(
    born: Sequence[DateCell], measured: Sequence[DateCell], evidence: Sequence[RowEvidence]
) -> Sequence[RowEvidence]:
    """Return ``evidence`` without the ages that are of other days than its dates.

    None counts where more differ from every reading than fit one. Completed months do not where more are off
    by the same one: those count the month that runs.
    """
    fits: Counter[bool] = Counter()
    off_by: Counter[int] = Counter()
    for row in dated_rows(born, measured, evidence):
        age = row.evidence.age
        if age is None:
            continue
        pairs = list(product(row.born.meanings, row.measured.meanings))
        found = (off for off in (0, *_RUNNING) if _fits_any(age, pairs, off))
        offs = list(found if row.is_open else islice(found, 1))
        if age.days is None and len(offs) == 1:
            off_by[offs[0]] += 1
        alone = row._replace(evidence=RowEvidence(age=age))
        fits[0 in offs or alone.find_allowed(if_turned=True).is_proven] += 1
    if fits[False] > fits[True]:
        return [row._replace(age=None) for row in evidence]
    if max(off_by[off] for off in _RUNNING) > off_by[0]:
        return [row._replace(age=None) if row.age and row.age.days is None else row for row in evidence]
    return evidence


def _fits_any(age: WrittenAge, pairs: Sequence[Pair], off: int) -> bool:
    if off:
        if age.days is not None:
            return False
        age = age._replace(months=age.months - off)
    return any(fits_age(age, *pair) for pair in pairs)


def open_beside_text(column: Sequence[DateCell]) -> Sequence[DateCell]:
    """Return ``column`` with its stored dates open beside text that reads in one order only.

    A spreadsheet program of the other order may have read it and turned what it could: nothing above 12.
    Such a program leaves no month in letters, which is in no order.
    """
    dates = [cell for cell in column if isinstance(cell, WrittenDate)]
    is_named = any(not cell.stored and cell.day_first == cell.month_first for cell in dates)
    text = _text_orders(column)
    if not text or is_named or not all(_is_low(cell) for cell in dates if cell.stored):
        return column
    return _open(column, text)


def open_like(
    column: Sequence[DateCell], cells: Sequence[Cell], other: Sequence[DateCell]
) -> Sequence[DateCell]:
    """Return ``column``, of ``cells``, with its true dates open where ``other`` was opened beside text.

    Any text in it or a day above 12 shows that the program has read this column rightly, or not at all.
    """
    text = _text_orders(other)
    was_opened = any(isinstance(cell, WrittenDate) and cell.stored and not _is_single(cell) for cell in other)
    filled = [(cell, day) for cell, day in zip(cells, column, strict=True) if day is not None]
    if len(text) != 1 or not was_opened or any(isinstance(c, str) or not _is_low(d) for c, d in filled):
        return column
    return _open(column, text)


def open_turned(
    born: Sequence[DateCell], measured: Sequence[DateCell], evidence: Sequence[RowEvidence]
) -> tuple[Sequence[DateCell], Sequence[DateCell]]:
    """Return both columns, with the stored dates open where rows say that they were turned.

    Where fewer than two say so by a NIK or an age to the day, only somebody's answer reads them.
    """
    rows = dated_rows(born, measured, evidence)
    return _open_turned(born, rows, 0), _open_turned(measured, rows, 1)


def _open_turned(column: Sequence[DateCell], rows: Sequence[RowDates], which: int) -> Sequence[DateCell]:
    said = [row for row in rows if (found := row.says_turned(which)) and not found.is_doubted]
    if not said:  # at once in nearly every file
        return column
    exactly, text = sum(row.evidence.proves_exactly(which) for row in said), _text_orders(column)
    stored = [cell for cell in column if isinstance(cell, WrittenDate) and cell.stored]
    against = sum(not _is_low(cell) for cell in stored) + sum(row.says_stands(which) for row in rows)
    is_alone = sum(cell.turned is not None for cell in stored) < _PROOF and not text
    if is_alone or len(said) <= against or not (exactly or len(said) >= _PROOF):
        return column
    return _open(column, text, needs_answer=exactly < _PROOF)


def _open(column: Sequence[DateCell], text: set[Order], *, needs_answer: bool = False) -> list[DateCell]:
    day_first = text != {Order.MONTH_FIRST}
    return [
        cell.open(day_first=day_first, needs_answer=needs_answer) if isinstance(cell, WrittenDate) else cell
        for cell in column
    ]


def _text_orders(column: Sequence[DateCell]) -> set[Order]:
    """Return the orders that texts of the column can only be read in."""
    texts = (cell for cell in column if isinstance(cell, WrittenDate) and not cell.stored)
    return {order for text in texts if (order := text.forces)}


def _is_low(cell: DateCell) -> bool:
    """Return whether a stored date stands as it is and has no day above 12."""
    stored = cell.stored if isinstance(cell, WrittenDate) and _is_single(cell) else None
    return stored is not None and stored.day <= 12


def _is_single(cell: WrittenDate) -> bool:
    return len(cell.meanings) == 1


def orders_of(rows: Iterable[RowDates]) -> Orders:
    """Return the order of each column that its proofs agree on."""
    rows = list(rows)
    found = [(row, row.find_allowed()) for row in rows if row.is_open]
    return Orders(_order(rows, found, 0), _order(rows, found, 1))


def _order(
    rows: Sequence[RowDates], found: Sequence[tuple[RowDates, AllowedPairs]], which: int
) -> Order | None:
    """Return the one order that all proofs agree on, but for one row against two or more.

    Open stored dates need a proof of their own, and none against it.
    """
    column = [row.cells[which] for row in rows]
    if any(cell.needs_answer for cell in column):
        return None
    days = Counter(order for cell in column if (order := cell.forces))
    own, of_stored = Counter[Order](), any(cell.stored and not _is_single(cell) for cell in column)
    has_own = not of_stored
    for row, allowed in found:
        cell, day = row.cells[which], None if allowed.is_doubted else allowed.find_only(which)
        if day and not _is_single(cell):
            own.update(order for order in Order if cell.read(order) == day)
            has_own |= cell.stored is not None
    proofs = (days + own).most_common()
    if len(proofs) == 1:
        return proofs[0][0] if has_own else None
    is_one_against = len(proofs) == 2 and proofs[0][1] > 1 == proofs[1][1] and own[proofs[1][0]] == 1
    return proofs[0][0] if is_one_against and not of_stored else None


class DecidedDates(NamedTuple):
    """The two dates of a row."""

    born: date
    measured: date


class DatesAgainstColumn(NamedTuple):
    """A row whose evidence speaks against its column. ``which``: its birth (0) or its visit (1).

    ``by_column`` and ``by_evidence`` are what that date is then.
    """

    which: int
    by_column: date
    by_evidence: date


def decide_dates(row: RowDates, orders: Orders) -> DecidedDates | DatesAgainstColumn | None:
    """Return the dates of a row; None where they may be more than one pair and nothing says which."""
    for which in (0, 1):
        if found := row.says_turned(which):
            return DatesAgainstColumn(which, row.cells[which].meanings[0], found.pairs[0][which])
    if not row.is_open:
        return DecidedDates(row.born.meanings[0], row.measured.meanings[0])
    columns = (row.born, orders.born), (row.measured, orders.measured)
    if any(cell.needs_answer for cell in row.cells):
        if any(cell.needs_answer and not order and not _is_single(cell) for cell, order in columns):
            return None
        row = row._replace(evidence=row.evidence.to_the_day())
    allowed = row.find_allowed().pairs
    in_order = [
        pair
        for pair in allowed
        if all(_is_in_order(day, *column) for day, column in zip(pair, columns, strict=True))
    ]
    if in_order:
        return DecidedDates(*in_order[0]) if len(in_order) == 1 else None
    which = next(i for i in (0, 1) if not _is_in_order(allowed[0][i], *columns[i]))
    cell, order = columns[which]
    by_column = cell.read(order) if order else None
    return DatesAgainstColumn(which, by_column or allowed[0][which], allowed[0][which])


def _is_in_order(day: date, cell: WrittenDate, order: Order | None) -> bool:
    return order is None or day == cell.year_first or cell.read(order) in (day, None)


def years_off(dates: DecidedDates, nik: str, age: WrittenAge, *, is_trusted: bool) -> int:
    """Return by how many years the dates say more than the age, where they differ by whole years; else 0.

    ``is_trusted``: the ages of the file are those of its dates. Otherwise the NIK must agree with the age.
    """
    years = round(days_off(age, *dates) / _YEAR)
    born = day_of_age(dates.born, years * 12)
    if not years or not fits_age(age, born, dates.measured):
        return 0
    return years if is_trusted or (nik and fits_nik(nik, born)) else 0
