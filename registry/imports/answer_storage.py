"""What people answer where a file leaves something open: kept with it or, of who is who, for all files.

Read as :class:`registry.imports.answers.ImportAnswers`; kept as plain words, since a file may wait for days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from registry.imports.answers import Decision, ImportAnswers, RowKeys
from registry.imports.report import TAKEN, Report
from registry.imports.tables.dates import Order, Orders
from registry.models import Child, Residence, RowChoice, RowDecision, Upload, User, Village
from registry.name_similarity import name_key


def answers_of(upload: Upload) -> ImportAnswers:
    """All that is answered of ``upload``. A village that is no longer the user's is as if never chosen."""
    kept = upload.answers
    code = kept.get("village")
    writable = Village.objects.with_people_visible_to(upload.user).select_related("kecamatan")
    orders = kept.get("orders", {})
    day = kept.get("measured_on")
    return ImportAnswers(
        village=writable.filter(pk=code).first() if code else None,
        orders=Orders(_order(orders.get("born")), _order(orders.get("measured"))),
        measured_on=date.fromisoformat(day) if day else None,
        mapping=kept.get("mapping"),
        header_row=kept.get("header_row"),
        sheet=kept.get("sheet", ""),
        decisions=decisions_for(upload.user),
    )


def _order(kept: str | None) -> Order | None:
    return Order(kept) if kept else None


def decisions_for(user: User) -> dict[str, Decision]:
    """What is decided about rows, by key."""
    rows = RowDecision.objects.usable_by(user).values_list("key", "choice", "child")
    return {key: Decision(RowChoice(choice), child) for key, choice, child in rows}


def decide(*, by: User, keys: RowKeys, decision: Decision | None) -> None:
    """Remember what ``by`` has decided about a row, or forget it for None.

    A row that is left out is this very row, for whoever leaves it out; who a child is holds for every row
    that writes it so, and for everybody: whoever meets it can change or withdraw it. Which of twins of one
    name a row means is known of this very row.
    """
    if decision is not None and decision.choice == RowChoice.SKIP:
        skip = {"choice": decision.choice, "child": None}
        RowDecision.objects.update_or_create(user=by, key=keys.row, defaults=skip)
        return
    # Who a child is has one answer: the latest, whoever gave it. And it is not left out any more.
    of_row = Q(key=keys.row) & (Q(user=by) | ~Q(choice=RowChoice.SKIP))
    RowDecision.objects.filter(Q(key=keys.who) | of_row).delete()
    if decision is None:
        return
    said = {"user": by, "choice": decision.choice, "child": decision.child}
    RowDecision.objects.bulk_create(RowDecision(key=key, **said) for key in _kept_under(keys, decision))


def _kept_under(keys: RowKeys, decision: Decision) -> set[str]:
    """The row where its child has a twin of the same name; whoever is written so where it has not; and both
    where another of that name may be meant in a file without birth dates, where it moves not for the first
    time, or where nobody can say yet.
    """
    if decision.child is None:
        return {keys.who}
    if decision.choice == RowChoice.MOVED:
        has_moved = Residence.objects.filter(child=decision.child, until__isnull=False).exists()
        return {keys.row, keys.who} if has_moved else {keys.who}
    child = Child.objects.filter(pk=decision.child).first()
    if child is None:  # an earlier row of the file brings it
        return {keys.row, keys.who}
    is_near = Q(village=child.village_id) | Q(birth_date=child.birth_date, sex=child.sex)
    near = Child.objects.filter(is_near).exclude(pk=child.pk).order_by()
    near_ones = near.values_list("name", "village", "birth_date", "sex")
    named_so = [rest for name, *rest in near_ones if name_key(name) == name_key(child.name)]
    if [child.village_id, child.birth_date, child.sex] in named_so:
        return {keys.row}
    return {keys.row, keys.who} if named_so else {keys.who}


def part_of(report: Report, outcomes: Sequence[str], places: Sequence[str]) -> frozenset[str]:
    """The keys of the rows to take in that have one of ``outcomes`` in one of the villages ``places``, by
    code; of all where none is named. A child whose own row is not among them is not enrolled by another one.
    """
    chosen = {outcome for outcome in TAKEN if str(outcome) in outcomes} if outcomes else TAKEN
    rows = [row for row in report.rows if row.outcome in chosen and (not places or row.place_code in places)]
    new = {row.child_id for row in report.rows if row.enrols}
    enrolled = {row.child_id for row in rows if row.enrols}
    return frozenset(row.keys.row for row in rows if row.child_id not in new - enrolled)


def with_answers(kept: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """``kept`` with ``changes``; an answer that is None is withdrawn."""
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}
