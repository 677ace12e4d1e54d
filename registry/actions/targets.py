"""Sets what the district wants to reach, and logs what it was before."""

from __future__ import annotations

from django.db import transaction

from registry.actions.change_log import FieldChange, log_changes
from registry.models import ChangeSubject, Target, User

_LOGGED = ("district_id", "year", "indicator", "percent", "source")


@transaction.atomic
def store_target(*, by: User, target: Target) -> None:
    """Store a target that was checked, new or changed."""
    before = Target.objects.filter(pk=target.pk).first()
    target.save()
    _log(by, target.pk, before, Target.objects.get(pk=target.pk))


@transaction.atomic
def delete_target(*, by: User, target: Target) -> None:
    """Delete a target."""
    _log(by, target.pk, target, None)
    target.delete()


def _log(by: User, number: int, before: Target | None, after: Target | None) -> None:
    changes = [
        FieldChange(
            ChangeSubject.TARGET,
            number,
            name.removesuffix("_id"),
            *("" if one is None else str(getattr(one, name)) for one in (before, after)),
        )
        for name in _LOGGED
    ]
    log_changes(changes, by=by)
