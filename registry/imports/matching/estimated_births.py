"""Rows whose birth date is an estimate, settled on the birth date of the child they are about.

An estimate differs from row to row and from what the register has. The child of that NIK, or the only one of
that name and sex, who may be born then, is the row's; else the first such row of the file says the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.db.batches import chunks
from registry.imports.report import RowReport
from registry.imports.tables.row_read import RowRead
from registry.models import BirthDateBasis, Child, User
from registry.name_similarity import name_key
from registry.nik import nik_hash

_APART = timedelta(days=16)
"""Half a month, by which the middle of a month of birth may be wrong, and a day."""


@dataclass(frozen=True, slots=True)
class _KnownBirth:
    sex: int
    birth_date: date
    nik_hash: str | None


def settle_estimates(user: User, rows: list[RowRead | RowReport]) -> list[RowRead | RowReport]:
    """Return ``rows``, those with an estimate born when the child is that they are about."""
    if not any(_is_estimated(row) for row in rows):
        return rows
    known = _known_births(user, [row for row in rows if isinstance(row, RowRead)])
    settled = []
    for row in rows:
        if isinstance(row, RowRead):
            if _is_estimated(row) and (birth := _birth_of(row, known[name_key(row.name)])):
                row = replace(row, birth_date=birth.birth_date)
            known[name_key(row.name)].append(
                _KnownBirth(int(row.sex), row.birth_date, nik_hash(row.nik) if row.nik else None)
            )
        settled.append(row)
    return settled


def _is_estimated(row: RowRead | RowReport) -> bool:
    return isinstance(row, RowRead) and row.birth_date_basis != BirthDateBasis.DAY


def _known_births(user: User, rows: Sequence[RowRead]) -> defaultdict[str, list[_KnownBirth]]:
    """Return by name who of the register may be born on the estimated days: two queries for each 500."""
    estimated = [row for row in rows if _is_estimated(row)]
    days = sorted({row.birth_date + timedelta(days=n) for row in estimated for n in _range_of_days()})
    known: defaultdict[str, list[_KnownBirth]] = defaultdict(list)
    for chunk in chunks(days):
        children = Child.objects.visible_to(user).filter(birth_date__in=chunk)
        for name, sex, born, digest in children.values_list("name", "sex", "birth_date", "nik_hash"):
            known[name_key(name)].append(_KnownBirth(sex, born, digest))
    return known


def _range_of_days() -> Iterable[int]:
    return range(-_APART.days, _APART.days + 1)


def _birth_of(row: RowRead, namesakes: Sequence[_KnownBirth]) -> _KnownBirth | None:
    """Return the birth of the child of that name that the row is about; None where none or several may be."""
    may_be = list(_may_be(row, namesakes))
    if any(birth.birth_date == row.birth_date for birth in may_be):
        return None  # born just then: nothing to settle
    days = {birth.birth_date for birth in may_be}
    digest = nik_hash(row.nik) if row.nik else None
    same_nik = [birth for birth in may_be if digest and birth.nik_hash == digest]
    if same_nik:
        return same_nik[0]
    return may_be[0] if len(days) == 1 else None


def _may_be(row: RowRead, namesakes: Sequence[_KnownBirth]) -> Iterator[_KnownBirth]:
    for birth in namesakes:
        if birth.sex == row.sex and abs(birth.birth_date - row.birth_date) <= _APART:
            yield birth
