"""The only code that writes which moves are asked for and their answers. Atomic; refuses in a sentence."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.models import MoveAnswer, MoveRequest
from registry.access.loaders import get_child_for_update
from registry.actions import receive_child, require_possible_move
from registry.db.locks import lock_children
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Child, User, Village


def list_destinations(child: Child) -> QuerySet[Village]:
    """Return the other villages of the kabupaten, where a child may move to."""
    inside = Village.objects.filter(kecamatan__district=child.village.kecamatan.district_id)
    return inside.exclude(pk=child.village_id)


@transaction.atomic
def ask_for_move(*, by: User, child_id: UUID, village_code: str, moved_on: date) -> MoveRequest:
    """Ask the people of another village to take a child over that lives there now.

    The same again changes nothing; another village or day takes the earlier request back. Raises NotFound
    (a child outside the area), Invalid (no such village in this district, a day that cannot be).
    """
    child = get_child_for_update(by=by, child_id=child_id)
    home = child.village
    village = list_destinations(child).filter(pk=village_code).first()
    if village is None or not child.is_active:
        raise Invalid("village_unknown", _("Pilih desa tujuannya."), "village")
    require_possible_move(child, moved_on)
    waiting = MoveRequest.objects.select_for_update().filter(child=child, answer="").first()
    if waiting and (waiting.from_village, waiting.to_village, waiting.moved_on) == (home, village, moved_on):
        return waiting
    if waiting:
        _store_answer(waiting, MoveAnswer.WITHDRAWN, by)
    return MoveRequest.objects.create(
        child=child, from_village=home, to_village=village, moved_on=moved_on, by=by
    )


@transaction.atomic
def answer_move_request(*, by: User, request_id: int, answer: MoveAnswer) -> MoveRequest:
    """Store the answer; when it is accepted the child lives in the other village from the day asked for.

    Who works in the other village accepts or declines, who works in the child's withdraws. The same answer
    again changes nothing. Raises NotFound (not of the user's villages, or not the user's to answer) and
    Conflict (answered otherwise meanwhile, or the child has left by another way).
    """
    side = "from_village__" if answer == MoveAnswer.WITHDRAWN else "to_village__"
    theirs = MoveRequest.objects.filter(by.area(people=True).as_q(side), pk=request_id)
    child_id = theirs.values_list("child", flat=True).first()
    if child_id is None:
        raise NotFound("move_request_not_found", _("Permintaan pindah ini tidak ada di wilayah kerja Anda."))
    lock_children([child_id])
    found = MoveRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if found.answer == answer:
        return found
    if found.answer:
        sentence = _("Permintaan ini sudah dijawab: %(answer)s.")
        raise Conflict("move_request_answered", sentence % {"answer": found.get_answer_display()})
    if answer == MoveAnswer.ACCEPTED:
        if not MoveRequest.objects.awaiting_answer().filter(pk=found.pk).exists():
            sentence = _("Permintaan ini tidak berlaku lagi: anak sudah tidak tercatat di desa asalnya.")
            raise Conflict("move_request_void", sentence)
        day, village = found.moved_on, found.to_village_id
        receive_child(by=by, child_id=child_id, village_code=village, moved_on=day)
    _store_answer(found, answer, by)
    return found


def _store_answer(request: MoveRequest, answer: MoveAnswer, by: User) -> None:
    request.answer, request.answered_by, request.answered_at = answer, by, timezone.now()
    request.save(update_fields=["answer", "answered_by", "answered_at"])
