"""What must be so before a measurement is stored, corrected or voided, and the sentence that refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from registry.actions.observation import Observation, observation_of, spoken_date
from registry.errors import Conflict, Doubtful, Invalid, NotFound
from registry.models import Measurement, User, Village
from registry.validation_messages import refusal_message


def require_reason(reason: str) -> str:
    """Return ``reason`` as it is stored. Raises Invalid without one."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason_missing", refusal_message("reason_missing"), "reason")
    return reason[:200]


def require_in_force(measurement: Measurement) -> None:
    """Raise Conflict for a measurement that somebody has corrected or voided."""
    if not measurement.is_in_force:
        raise not_in_force()


def require_change(old: Measurement, observation: Observation) -> None:
    """Raise Invalid when ``observation`` is what ``old`` says already."""
    if observation_of(old) == observation:
        raise Invalid("unchanged", refusal_message("unchanged"))


def require_work_at(by: User, village: Village, day: date) -> None:
    """Raise NotFound unless ``by`` works in ``village``, whose figures the change would change."""
    if not Village.objects.with_people_visible_to(by).filter(pk=village.pk).exists():
        raise lived_elsewhere(village, day)


def require_confirmed(doubts: list[str], confirmed: bool | Collection[str]) -> None:
    """Raise Doubtful for doubts that nobody has confirmed."""
    if not doubts or confirmed is True:
        return
    if confirmed is False or set(doubts) - set(confirmed):
        raise Doubtful(doubts, refusal_message("needs_confirmation"))


def used_id() -> Conflict:
    """Return the refusal of an id that is used for another measurement."""
    return Conflict("id_used", refusal_message("id_used"), "id")


def day_taken(day: date) -> Conflict:
    """Return the refusal of a day on which the child has a measurement in force."""
    return Conflict("day_taken", refusal_message("day_taken", date=spoken_date(day)), "measured_on")


def not_in_force() -> Conflict:
    """Return the refusal of a measurement that somebody has corrected or voided."""
    return Conflict("not_in_force", refusal_message("not_in_force"))


def lived_elsewhere(village: Village, day: date) -> NotFound:
    """Return the refusal of a day on which the child lived outside the user's area."""
    sentence = refusal_message("lived_elsewhere", date=spoken_date(day), village=village)
    return NotFound("lived_elsewhere", sentence, "measured_on")
