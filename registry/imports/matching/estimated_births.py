"""Rows whose birth date is an estimate, settled on the birth date of the child they are about.

An estimate differs from row to row and from what the register has. The child of that NIK, or the only one of
that name and sex, who may be born then, is the row's; else the first such row of the file says the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from registry.db.batches import chunks
from registry.imports.matching.comparison import ComparedPerson, compare
from registry.imports.report import RowReport
from registry.imports.tables.row_read import RowRead
from registry.models import BirthDateBasis, Child, User
from registry.name_similarity import Agreement, NameForms
from registry.nik import nik_hash

_APART = 16
"""Half a month, by which the middle of a month of birth may be wrong, and a day."""


def settle_estimates(user: User, rows: list[RowRead | RowReport]) -> list[RowRead | RowReport]:
    """Return ``rows``, those with an estimate born when the child is that they are about."""
    estimates = [row.birth_date for row in rows if isinstance(row, RowRead) and _is_estimated(row)]
    if not estimates:
        return rows
    known = _known_by_name(user, estimates)
    settled = []
    for row in rows:
        if isinstance(row, RowRead):
            person = ComparedPerson(
                NameForms(row.name), row.birth_date, int(row.sex), nik_hash=nik_hash(row.nik)
            )
            if _is_estimated(row) and (born := _birth_of(person, known[person.name.key])):
                row, person = replace(row, birth_date=born), person._replace(born=born)
            known[person.name.key].append(person)
        settled.append(row)
    return settled


def _is_estimated(row: RowRead) -> bool:
    return row.birth_date_basis != BirthDateBasis.DAY


def _known_by_name(user: User, estimates: Sequence[date]) -> defaultdict[str, list[ComparedPerson]]:
    """Return by name who of the register may be born on the estimated days: two queries for each 500."""
    days = {day + timedelta(days=n) for day in estimates for n in range(-_APART, _APART + 1)}
    known: defaultdict[str, list[ComparedPerson]] = defaultdict(list)
    for chunk in chunks(sorted(days)):
        children = Child.objects.visible_to(user).filter(birth_date__in=chunk)
        for name, born, sex, digest in children.values_list("name", "birth_date", "sex", "nik_hash"):
            person = ComparedPerson(NameForms(name), born, sex, nik_hash=digest)
            known[person.name.key].append(person)
    return known


def _birth_of(row: ComparedPerson, namesakes: Sequence[ComparedPerson]) -> date | None:
    """Return the birth date of the child of that name that ``row`` is about; None where many may be."""
    compared = [(known.born, compare(row, known, within=_APART)) for known in namesakes]
    may_be = [(born, found) for born, found in compared if found.birth is found.sex is Agreement.SAME]
    days = {born for born, _found in may_be}
    if row.born in days:
        return None  # born just then: nothing to settle
    same_nik = [born for born, found in may_be if found.nik is Agreement.SAME]
    return next(iter(same_nik or (days if len(days) == 1 else ())), None)
