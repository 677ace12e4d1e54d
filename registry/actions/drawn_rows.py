"""What a page about one row was drawn from, so that an older page never wipes what a newer one has saved."""

from __future__ import annotations

from registry.errors import Conflict
from registry.models import Child
from registry.validation_messages import spoken_date


def require_as_drawn(drawn: str | None, now: str, words: str) -> None:
    """Raise Conflict where a row says something else ``now``, in ``words``, than its page was drawn from.

    ``drawn`` is None where there was no page.
    """
    if drawn is not None and drawn != now:
        raise Conflict.of("changed_meanwhile", sentence="row_changed_meanwhile", now=words)


def drawn_course(child: Child) -> str:
    """Return what a page says of where a child lives, and whether it is gone."""
    return f"{child.village_id} {child.status} {child.status_date or ''}".strip()


def course_words(child: Child) -> str:
    """Return the same for people."""
    since = f" {spoken_date(child.status_date)}" if child.status_date else ""
    return f"{child.village}, {child.get_status_display()}{since}"
