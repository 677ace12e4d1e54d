"""Publishes the score of a village and quarter, and takes it back. Atomic; refuses in a sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.models import STEERING, Scorecard
from kpm.scorecard.periods import Quarter
from kpm.scorecard.score import count_answers
from kpm.scored_people import list_scored_by_village, write_cells
from registry.access.loaders import get_writable_village
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.requirements import require_reason
from registry.errors import Invalid, NotFound
from registry.models import ChangeSubject, User


def publish_scorecard(*, by: User, village_code: str, quarter: Quarter) -> Scorecard:
    """Keep the score of a village and quarter as it is now; a published one stays as it was.

    Raises NotFound (a village outside the area) and Invalid (a quarter that is not over).
    """
    [card] = publish_scorecards(by=by, village_codes=[village_code], quarter=quarter)
    return card


@transaction.atomic
def publish_scorecards(*, by: User, village_codes: Sequence[str], quarter: Quarter) -> list[Scorecard]:
    """Publish the scores of some villages as :func:`publish_scorecard` does each: all or none."""
    villages = [get_writable_village(by=by, code=code) for code in village_codes]
    key = {"year": quarter.year, "quarter": quarter.number}
    cards = {card.village_id: card for card in Scorecard.objects.filter(village__in=villages, **key)}
    new = [village for village in villages if village.pk not in cards]
    today = timezone.localdate()
    if new and (quarter.period.last is None or today <= quarter.period.last):
        raise Invalid("quarter_running", _("Triwulan ini belum selesai, jadi belum bisa ditutup."))
    scored = list_scored_by_village(new, quarter) if new else {}
    for village in new:
        rows = scored[village.pk]
        cells = write_cells(count_answers(row.answers for row in rows))
        people = len({row.person.pk for row in rows})
        cards[village.pk] = Scorecard(
            village=village, **key, published_on=today, published_by=by, people=people, cells=cells
        )
    Scorecard.objects.bulk_create([cards[village.pk] for village in new])
    return [cards[village.pk] for village in villages]


@transaction.atomic
def withdraw_scorecard(*, by: User, village_code: str, quarter: Quarter, reason: str) -> None:
    """Take back a score that was published by mistake; the reason stays in the village's change log.

    Raises NotFound (a village outside the area, nothing published, or a user who does not steer) and Invalid
    (no reason).
    """
    village = get_writable_village(by=by, code=village_code)
    rows = Scorecard.objects.filter(village=village, year=quarter.year, quarter=quarter.number)
    found = rows.first() if by.has_role(*STEERING) else None
    if found is None:
        raise NotFound(
            "scorecard_not_found", _("Kartu skor ini belum ditutup, atau bukan wilayah kerja Anda.")
        )
    reason = require_reason(reason)
    name = f"scorecard_{quarter.year}_{quarter.number}"
    change = FieldChange(ChangeSubject.VILLAGE, village.pk, name, json.dumps(found.cells), "")
    rows.delete()
    log_changes([change], by=by, reason=reason)
