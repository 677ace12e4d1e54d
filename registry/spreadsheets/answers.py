"""What people answer where a file leaves something open: kept with it or, of who is who, for all files.

Read as :class:`registry.spreadsheets.asked.Asked`; kept as plain words, since a file may wait for days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from registry.models import RowChoice, RowDecision, Upload, User, Village
from registry.spreadsheets.asked import Asked, Decision, Keys
from registry.spreadsheets.report import TAKEN, Report
from registry.spreadsheets.tables.dates import Order, Orders


def asked_of(upload: Upload) -> Asked:
    """All that is answered of ``upload``. A village that is no longer the user's is as if never chosen."""
    kept = upload.answers
    code = kept.get("village")
    writable = Village.objects.with_people_visible_to(upload.user).select_related("kecamatan")
    orders = kept.get("orders", {})
    day = kept.get("measured_on")
    return Asked(
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


def decide(*, by: User, keys: Keys, decision: Decision | None) -> None:
    """Remember what ``by`` has decided about a row, or forget it for None.

    A row that is left out is this very row, for whoever leaves it out; who a child is holds for every row
    that writes it so, and for everybody: whoever meets it can change or withdraw it.
    """
    if decision is not None and decision.choice == RowChoice.SKIP:
        skip = {"choice": decision.choice, "child": None}
        RowDecision.objects.update_or_create(user=by, key=keys.row, defaults=skip)
        return
    # Who a child is has one answer: the latest, whoever gave it. And it is not left out any more.
    RowDecision.objects.filter(Q(key=keys.who) | Q(key=keys.row, user=by)).delete()
    if decision is not None:
        RowDecision.objects.create(user=by, key=keys.who, choice=decision.choice, child=decision.child)


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
