"""Events of these days as the phone keeps them, to tick who came without a network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kpm.figures import attendance_lists
from kpm.models import Event
from registry.models import User, Village

DAYS_NEAR = timedelta(days=7)
"""So long before and after it an event travels with the roster."""


def events_json(user: User, village: Village) -> list[dict[str, Any]]:
    """Return the events near today of ``village``, and the district's of who sees them: four queries."""
    today = timezone.localdate()
    near = Q(date__range=(today - DAYS_NEAR, today + DAYS_NEAR))
    events = Event.objects.visible_to(user).filter(near, Q(village=village) | Q(village=None))
    lists = attendance_lists(user=user, events=events.order_by("date", "title", "pk"))
    return [
        {
            "id": str(event.pk),
            "title": event.title,
            "on": event.date.isoformat(),
            "people": [
                {"id": one.cadre.pk, "name": one.cadre.full_name, "village": one.cadre.village.name}
                | ({"came": True} if one.came else {})
                for one in people
            ],
        }
        for event, people in lists.items()
        if people
    ]
