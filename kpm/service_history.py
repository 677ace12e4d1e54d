"""All that was typed of one person: services and conditions, with day and who, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from kpm.models import Beneficiary, ConditionRecord, HouseholdChild, ServiceRecord
from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.scorecard.indicators import LivingCondition, ScoredService
from kpm.scored_people import load_homes
from registry.models import Child, User


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A service or an answer as its page tells it; ``key``: how the button to take it back names it."""

    key: str
    words: str
    record: ServiceRecord | ConditionRecord


def list_typed(person: Child | Beneficiary) -> list[TypedLine]:
    """Return the services of somebody, and the answers about her and her household: three queries at most."""
    if isinstance(person, Child):
        own = Q(child=person)
        home = load_homes([person.pk]).get(person.pk)
    else:
        own, home = Q(beneficiary=person), person.household_id
    services = ServiceRecord.objects.filter(own).select_related("by", "taken_back_by")
    answers = ConditionRecord.objects.filter(own | Q(household=home, household__isnull=False))
    lines = [TypedLine(f"service:{one.pk}", service_words(one), one) for one in services]
    for answer in answers.select_related("by", "taken_back_by"):
        lines.append(TypedLine(f"condition:{answer.pk}", condition_words(answer), answer))
    return sorted(lines, key=lambda line: (line.record.on, line.record.recorded_at), reverse=True)


def service_words(record: ServiceRecord) -> str:
    """Return a service with its number: tablets, or lessons attended of those held."""
    words = str(SERVICE_WORDS[ScoredService(record.service)])
    if record.out_of is not None:
        numbers = {"had": record.quantity, "needed": record.out_of}
        share = _("%(had)d dari %(needed)d") % numbers
        return f"{words} ({share})"
    return f"{words} ({record.quantity})" if record.quantity > 1 else words


def condition_words(record: ConditionRecord) -> str:
    """Return what was asked with its answer."""
    answer = _("ya") if record.is_met else _("tidak")
    return f"{CONDITION_WORDS[LivingCondition(record.condition)]}: {answer}"


def list_possible_births(user: User, mother: Beneficiary, on: date) -> list[Child]:
    """Return the children of her village born within a day of ``on`` who are of no recorded pregnancy."""
    born = Child.objects.visible_to(user).filter(
        village=mother.village_id, birth_date__range=(on - timedelta(days=1), on + timedelta(days=1))
    )
    known = HouseholdChild.objects.filter(born_of__isnull=False).values("child")
    return list(born.exclude(pk__in=known).order_by("sort_name", "pk"))
