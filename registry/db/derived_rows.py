"""Tables whose rows follow from other rows, so that they hold nothing that could be lost."""

from __future__ import annotations

from django.db.models import Model


def is_derived(model: type[Model]) -> bool:
    """Return whether the rows of a table are made again from others whenever those change."""
    return getattr(model, "is_derived", False)
