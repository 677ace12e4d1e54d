"""What is asked before a child's identity is stored: possible, but it would do harm if it were a slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from registry import nik as niks
from registry.actions.identity_changes import is_judged_anew
from registry.actions.observation import age_on
from registry.actions.reclassification import TurnedClass, turned_classes
from registry.errors import Refused
from registry.growth import completed_months
from registry.identity_messages import classes_turn_message
from registry.models import Child, Measurement, Sex, User
from registry.validation_messages import nik_question_message, refusal_message

CLASSES_TURN = "classes_turn"
LEAVES_AREA = "leaves_area"


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """A question in words. ``key``: of exactly this question; of other values it has another one."""

    code: str
    message: str
    key: str
    turned: tuple[TurnedClass, ...] = ()


class IdentityDoubtful(Refused):
    """Possible but perhaps a slip: look again, or confirm the code or key of each question.

    ``lacks_reason``: confirmed, it would still be refused for want of a reason, which is said at once.
    """

    lacks_reason = False

    def __init__(self, questions: Sequence[IdentityQuestion]) -> None:
        super().__init__("identity_doubtful", " ".join(one.message for one in questions))
        self.questions = tuple(questions)


def require_sure(
    new: Child,
    old: Child | None = None,
    rows: Sequence[Measurement] = (),
    *,
    confirmed: bool | Collection[object],
) -> None:
    """Raise IdentityDoubtful for what is odd about ``new`` and nobody has confirmed.

    ``old`` is the child as it is stored, ``rows`` are its measurements in force.
    """
    if confirmed is not True:
        _require_confirmed([*_classes_question(new, old, rows), *_nik_questions(new, old)], confirmed)


def _require_confirmed(questions: Sequence[IdentityQuestion], confirmed: bool | Collection[object]) -> None:
    sure = confirmed if not isinstance(confirmed, bool) else ()
    if open_ones := [one for one in questions if one.code not in sure and one.key not in sure]:
        raise IdentityDoubtful(open_ones)


def require_sure_to_leave(child: Child, *, by: User, confirmed: bool | Collection[object]) -> None:
    """Raise IdentityDoubtful, unless confirmed, for a child whom ``by`` does not reach by now."""
    if confirmed is True or Child.objects.reachable_by(by).filter(pk=child.pk).exists():
        return
    home = child.residences.latest("since")
    message = refusal_message("leaves_area", name=child.name, village=home.village, since=home.since)
    _require_confirmed([_question(LEAVES_AREA, message, child)], confirmed)


def _classes_question(
    new: Child, old: Child | None, rows: Sequence[Measurement]
) -> Iterator[IdentityQuestion]:
    if old is None or not is_judged_anew(old, new):
        return
    turned = tuple(turned_classes(new, rows))
    if not turned:
        return
    today = max(timezone.localdate(), old.birth_date)
    message = classes_turn_message(
        months=(
            (completed_months(age_on(old, today)), completed_months(age_on(new, today)))
            if old.birth_date != new.birth_date
            else None
        ),
        sex=str(Sex(new.sex).label) if old.sex != new.sex else "",
        counts=Counter((one.index, one.new) for one in turned),
    )
    yield _question(CLASSES_TURN, message, new, turned)


def _nik_questions(new: Child, old: Child | None) -> Iterator[IdentityQuestion]:
    if new.nik_hash is None or (old and old.nik_hash == new.nik_hash):
        return
    for warning in niks.nik_questions(new.nik, birth_date=new.birth_date):
        message = nik_question_message(warning, is_on_record=bool(old and old.nik_sealed))
        yield _question(f"nik_{warning}", message, new)


def _question(code: str, message: str, new: Child, turned: tuple[TurnedClass, ...] = ()) -> IdentityQuestion:
    asked = f"{code} {message} {new.birth_date} {new.sex} {new.nik_hash}"
    return IdentityQuestion(code, message, f"{code}:{niks.keyed_hash(asked)[:16]}", turned)
