"""Which children a file or list of names leaves out since their parents have withdrawn consent.

The one place of that rule (docs/adr/0014). Their carers keep them, whatever counts counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from registry.access.query import BadQuery
from registry.models import Child, Consent, Role, User
from registry.models.consent import ConsentQuerySet

CARERS = frozenset({Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS})
"""Who cares for the children of a village: what they take stays in its village and puskesmas."""

Row = TypeVar("Row")


def list_withheld(user: User | None) -> ConsentQuerySet:
    """Return the withdrawals of the children that ``user`` gets in no file or list; None: another system."""
    withdrawn = Consent.objects.withdrawn()
    if user is None:
        return withdrawn
    return withdrawn.exclude(user.area(roles=CARERS).as_q("child__village__"))


def require_shared(user: User, child: Child) -> None:
    """Raise BadQuery where no file about ``child`` is given to ``user``."""
    if list_withheld(user).filter(child=child).exists():
        raise BadQuery(_("Orang tua anak ini mencabut persetujuan: datanya tidak diunduh sebagai berkas."))


def leave_out_withheld(
    user: User, rows: Iterable[Row], child_id: Callable[[Row], UUID]
) -> tuple[list[Row], int]:
    """Return the ``rows`` that a file for ``user`` may have, and how many children it leaves out."""
    found = list(rows)
    out = set(list_withheld(user).filter(child__in={child_id(row) for row in found}).values_list("child"))
    gone = {child for (child,) in out}
    return [row for row in found if child_id(row) not in gone], len(gone)
