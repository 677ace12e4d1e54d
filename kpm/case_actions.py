"""The only code that writes cases and their steps. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.cases.course import CaseCourse, CaseOutcome, ChildCourse, derive_cases
from kpm.cases.standing import FollowUpMeasurement
from kpm.last_steps import load_steps
from kpm.models import MAY_ANSWER, TREATMENT_STEPS, Case, CaseStep, ReferredTo, StepAction, case_id
from registry.access.loaders import get_child_for_update
from registry.db.batches import chunks
from registry.db.bulk_insert import insert_rows
from registry.db.locks import lock_children
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Child, ChildStatus, Measurement, MeasurementState, Residence, User

_ANSWERS = frozenset({StepAction.ARRIVED, StepAction.TREATED, StepAction.REFUSED, StepAction.MOVED})
_FIRST_DAYS = {
    StepAction.VISITED: "visited_on",
    StepAction.REFERRED: "referred_on",
    StepAction.ARRIVED: "arrived_on",
    StepAction.TREATED: "treated_on",
}
_OF_A_CHILD = ("birth_date", "created_at", "status", "status_date", "village")
_COLUMNS = [field.attname for field in Case._meta.concrete_fields if not field.primary_key]


@dataclass(frozen=True, slots=True)
class CaseStepEntry:
    """A step as somebody has typed it, under an id that the typing device made."""

    id: UUID
    child_id: UUID
    action: StepAction
    on: date
    kind: str = ""
    referred_to: str = ""
    note: str = ""


@transaction.atomic
def record_case_step(*, by: User, entry: CaseStepEntry, recorded_by: User | None = None) -> CaseStep:
    """Store what was done for a child; the same entry again changes nothing.

    ``recorded_by``: in whose name ``by`` records it; by default in his own. Raises NotFound (a child outside
    the area), Invalid (a day to come or before the birth, a referral to nobody, an answer by somebody who
    does not treat) and Conflict (the id is used for something else).
    """
    child = get_child_for_update(by=by, child_id=entry.child_id)
    if known := CaseStep.objects.filter(pk=entry.id).first():
        return _same_step_or_conflict(known, child, entry)
    _require_possible(child, entry)
    if entry.action in TREATMENT_STEPS:
        _require_answerer(by, recorded_by)
    step = CaseStep.objects.create(
        id=entry.id,
        child=child,
        kind=entry.kind,
        action=entry.action,
        referred_to=entry.referred_to,
        on=entry.on,
        note=" ".join(entry.note.split())[:200],
        by=recorded_by or by,
    )
    refresh_cases([child.pk])
    return step


@transaction.atomic
def take_back_case_step(*, by: User, step_id: UUID) -> CaseStep:
    """Mark a mistaken step as taken back; it stays readable. Raises NotFound outside the area."""
    found = CaseStep.objects.filter(pk=step_id).first()
    if found is None:
        raise NotFound("step_not_found", _("Langkah ini tidak ada di wilayah kerja Anda."), "step")
    child = get_child_for_update(by=by, child_id=found.child_id)
    if found.taken_back_at is None:
        found.taken_back_by, found.taken_back_at = by, timezone.now()
        found.save(update_fields=["taken_back_by", "taken_back_at"])
        refresh_cases([child.pk])
    return found


def forget_notes(children: Collection[UUID]) -> None:
    """Empty the notes about children whose records no longer say who they are."""
    CaseStep.objects.filter(child__in=children).exclude(note="").update(note="")


def _same_step_or_conflict(known: CaseStep, child: Child, entry: CaseStepEntry) -> CaseStep:
    same = (known.child_id, known.action, known.on) == (child.pk, entry.action, entry.on)
    if not same:
        raise Conflict("id_used", _("Ada gangguan. Catat sekali lagi."), "id")
    return known


def _require_possible(child: Child, entry: CaseStepEntry) -> None:
    if entry.on > timezone.localdate():
        raise Invalid("future", _("Tanggal langkah tidak boleh setelah hari ini. Periksa tanggalnya."), "on")
    if entry.on < child.birth_date:
        raise Invalid("before_birth", _("Tanggal langkah sebelum anak lahir. Periksa tanggalnya."), "on")
    if (entry.action == StepAction.REFERRED) != (entry.referred_to in ReferredTo.values):
        raise Invalid(
            "referred_to_nobody", _("Pilih dirujuk ke mana: bidan desa, puskesmas atau RS."), "referred_to"
        )


def _require_answerer(by: User, recorded_by: User | None) -> None:
    """Raise Invalid unless who typed it treats children, or did before the account was closed."""
    if recorded_by:
        can_answer = recorded_by.memberships.filter(role__in=MAY_ANSWER).exists()
    else:
        can_answer = bool(by.roles & MAY_ANSWER)
    if not can_answer:
        sentence = _("Hanya bidan desa dan petugas gizi puskesmas yang mencatat anak sampai dan ditangani.")
        raise Invalid("may_not_answer", sentence, "action")


def refresh_cases(children: Collection[UUID]) -> int:
    """Derive the cases of these locked children again; return how many rows that has changed.

    In the caller's transaction.
    """
    return sum(_store(build_cases(chunk), chunk) for chunk in chunks(sorted(children)))


def rebuild_cases(done: Callable[[int], object] = lambda count: None) -> int:
    """Derive the cases of all children again; return how many rows were wrong, which is none."""
    changed = 0
    ids = list(Child.objects.order_by("pk").values_list("pk", flat=True))
    for chunk in chunks(ids):
        with transaction.atomic():
            lock_children(chunk)
            changed += _store(build_cases(chunk), chunk)
        done(len(chunk))
    return changed


def differing_cases(children: Sequence[UUID] | None = None) -> list[str]:
    """Return what stored cases say otherwise than derived ones, a line each; of all children by default."""
    found = []
    ids = list(Child.objects.order_by("pk").values_list("pk", flat=True)) if children is None else children
    for chunk in chunks(ids):
        stored = {case.pk: case for case in Case.objects.filter(child__in=chunk)}
        derived = {case.pk: case for case in build_cases(chunk)}
        for pk in stored.keys() | derived.keys():
            said = [_values(case) if case else None for case in (stored.get(pk), derived.get(pk))]
            if said[0] != said[1]:
                found.append(f"{pk}: {said[0]} is {said[1]}")
    return found


def _store(derived: Iterable[Case], children: Sequence[UUID]) -> int:
    wanted = {case.pk: case for case in derived}
    stored = {case.pk: case for case in Case.objects.filter(child__in=children)}
    wrong = [pk for pk, case in stored.items() if pk not in wanted or _values(case) != _values(wanted[pk])]
    # Nothing refers to a case, and rows are deleted and inserted in a fraction of the time of an update.
    for some in chunks(wrong):
        Case.objects.filter(pk__in=some)._raw_delete(Case.objects.db)
    replaced = set(wrong)
    new = [case for pk, case in wanted.items() if pk not in stored or pk in replaced]
    if new:
        insert_rows(new)
    return len(replaced.union(case.pk for case in new))


def _values(case: Case) -> tuple[Any, ...]:
    return tuple(getattr(case, name) for name in _COLUMNS)


def build_cases(children: Sequence[UUID]) -> Iterator[Case]:
    """Yield the cases of these children as they are to be stored, derived from all that is stored of them."""
    series = _load_series(children)
    homes = _load_homes(children)
    steps = load_steps(children)
    for child in Child.objects.filter(pk__in=children).only(*_OF_A_CHILD):
        for course in derive_cases(course_of(child), series.get(child.pk, [])):
            yield _build_case(child, course, homes.get(child.pk, []), steps.get(child.pk, []))


def course_of(child: Child) -> ChildCourse:
    """Return what the cases of a child depend on besides its measurements."""
    return ChildCourse(
        born=child.birth_date,
        enrolled_on=max(child.birth_date, timezone.localdate(child.created_at)),
        left_on=None if child.is_active else child.status_date,
        left_by=CaseOutcome.DIED if child.status == ChildStatus.DIED else CaseOutcome.LEFT,
    )


def _build_case(
    child: Child, course: CaseCourse, homes: Sequence[tuple[date, str]], steps: Sequence[CaseStep]
) -> Case:
    lived = [village for since, village in homes if since <= course.opened_on]
    case = Case(
        id=case_id(child.pk, course.kind, course.opened_on),
        child=child,
        village_id=lived[-1] if lived else homes[0][1],
        lives_in_id=child.village_id,
        kind=course.kind.value,
        reason=course.reason.value,
        worst=course.worst.value,
        urgency=course.urgency.value,
        since=course.since,
        opened_on=course.opened_on,
        closed_on=course.closed_on,
        outcome=course.outcome.value,
        found_on=course.found_on,
        spell=course.spell,
    )
    for step in steps:
        count_step(case, step)
    return case


def count_step(case: Case, step: CaseStep) -> None:
    """Note in the case what a step of it has done; another step leaves it as it is. Oldest first."""
    if not case.counts(step):
        return
    action = StepAction(step.action)
    if (name := _FIRST_DAYS.get(action)) and getattr(case, name) is None:
        setattr(case, name, step.on)
    if action == StepAction.REFERRED:
        case.waiting_since, case.waiting_for = step.on, step.referred_to
    elif action in _ANSWERS:
        case.waiting_since, case.waiting_for = None, ""


def _load_series(children: Sequence[UUID]) -> Mapping[UUID, list[FollowUpMeasurement]]:
    rows = Measurement.objects.filter(child__in=children, state=MeasurementState.IN_FORCE)
    seen: dict[UUID, list[FollowUpMeasurement]] = defaultdict(list)
    for row in rows.order_by("measured_on").values_list(*FollowUpMeasurement._fields):
        m = FollowUpMeasurement(*row)
        seen[m.child_id].append(m)
    return seen


def _load_homes(children: Sequence[UUID]) -> Mapping[UUID, list[tuple[date, str]]]:
    rows = Residence.objects.filter(child__in=children).order_by("since")
    homes: dict[UUID, list[tuple[date, str]]] = defaultdict(list)
    for child, since, village in rows.values_list("child_id", "since", "village_id"):
        homes[child].append((since, village))
    return homes
