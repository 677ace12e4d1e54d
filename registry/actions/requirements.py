"""What must be so before a measurement is stored, corrected or voided, and the sentence that refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from registry.actions.observation import Observation, observation_of
from registry.errors import Doubtful, Invalid, NotFound, NotInForce
from registry.models import Child, Measurement, User, Village


def require_reason(reason: str, sentence: str = "reason_missing") -> str:
    """Return ``reason`` as it is stored. Raises Invalid, with that sentence, where there is none."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid.of("reason_missing", "reason", sentence=sentence)
    return reason[:200]


def require_in_force(measurement: Measurement) -> None:
    """Raise NotInForce for a measurement that somebody has corrected or voided."""
    if not measurement.is_in_force:
        raise NotInForce(measurement)


def require_change(old: Measurement, observation: Observation) -> None:
    """Raise Invalid when ``observation`` is what ``old`` says already."""
    if observation_of(old) == observation:
        raise Invalid.of("unchanged")


def require_work_on(by: User, measurement: Measurement) -> None:
    """Raise NotFound unless ``by`` works in the village whose figures a change would change.

    A child that moved out of her area today is still hers to put right, where it lives now.
    """
    child, village = measurement.child, measurement.village
    if Village.objects.with_people_visible_to(by).filter(pk=village.pk).exists():
        return
    is_reached = Child.objects.reachable_by(by).filter(pk=child.pk, village=village).exists()
    if not is_reached or measurement.measured_on != timezone.localdate():
        raise lived_elsewhere(village, measurement.measured_on)


def require_confirmed(doubts: list[str], confirmed: bool | Collection[str]) -> None:
    """Raise Doubtful for doubts that nobody has confirmed."""
    if not doubts or confirmed is True:
        return
    if confirmed is False or set(doubts) - set(confirmed):
        raise Doubtful(doubts)


def lived_elsewhere(village: Village, day: date) -> NotFound:
    """Return the refusal of a day on which the child lived outside the user's area."""
    return NotFound.of("lived_elsewhere", "measured_on", date=day, village=village)
