"""The buttons of the pages of services, read into entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from kpm.convergence_actions import ConditionEntry, ServiceEntry, record_condition, record_service
from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.errors import Invalid
from registry.models import User


@dataclass(frozen=True, slots=True)
class ServiceTick:
    """What a button says: ``child:<uuid>:counselling``, ``beneficiary:<uuid>:latrine:yes``."""

    value: str
    kind: str
    person_id: UUID
    what: ScoredService | LivingCondition
    is_met: bool = True

    @classmethod
    def read(cls, value: str) -> ServiceTick:
        """Return what a button says. Raises ValueError."""
        kind, pk, what, *answer = value.split(":")
        if kind not in ("child", "beneficiary") or answer not in ([], ["yes"], ["no"]):
            raise ValueError(value)
        found = LivingCondition(what) if answer else ScoredService(what)
        return cls(value, kind, UUID(pk), found, answer != ["no"])

    @property
    def words(self) -> str:
        """Return what was recorded."""
        if isinstance(self.what, ScoredService):
            return str(SERVICE_WORDS[self.what])
        answer = _("ya") if self.is_met else _("tidak")
        return f"{CONDITION_WORDS[self.what]}: {answer}"


def record_tick(
    *, by: User, form_id: UUID, tick: ServiceTick, on: date, quantity: int | None, held: int | None
) -> None:
    """Store what a button says of a day; another button of the same form is another entry. Raises Refused."""
    key: dict[str, Any] = {"id": uuid5(form_id, tick.value), "on": on, f"{tick.kind}_id": tick.person_id}
    if isinstance(tick.what, LivingCondition):
        record_condition(by=by, entry=ConditionEntry(condition=tick.what, is_met=tick.is_met, **key))
        return
    is_lessons = tick.what is ScoredService.LESSONS
    if is_lessons and (held is None or quantity is None):
        raise Invalid("lessons_missing", _("Tulis berapa kali hadir, dan berapa kali PAUD dibuka."), "held")
    if tick.what is not ScoredService.IRON_TABLETS and not is_lessons:
        quantity = 1
    record_service(
        by=by,
        entry=ServiceEntry(
            service=tick.what,
            quantity=30 if quantity is None else quantity,
            out_of=held if is_lessons else None,
            **key,
        ),
    )
