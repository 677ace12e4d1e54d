"""How often somebody may be told that a NIK is on record out of sight: that answer confirms a guessed NIK."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from registry.errors import Conflict
from registry.models import ReadLog, ReadSubject, User

TRIES_A_DAY = 20
"""So many NIK of children elsewhere a user may send in a day, one by one or in a small file."""

_SHARE_OF_ROWS = 50
"""In a file one row in so many may have such a NIK: families move, and lists of a border are mixed."""

_IN_FILES_A_DAY = 200

FILE_PATH = "/import/"


def require_few_nik_tries(by: User) -> None:
    """Raise Conflict for any NIK, right or wrong, once ``by`` has met too many out of sight today.

    ``registry.access.reading`` has them noted and logged, also where the entry is refused.
    """
    count = _tried_today(by).exclude(path=FILE_PATH).count()
    if count >= TRIES_A_DAY:
        raise Conflict.of("nik_tries", "nik", count=count)


def require_few_niks_elsewhere(by: User, count: int, rows: int) -> None:
    """Raise Conflict for a file of so many ``rows`` of which ``count`` have a NIK of a child out of sight.

    Also for the files of a day together. They are logged before.
    """
    of_day = _tried_today(by).filter(path=FILE_PATH).count()
    if count > max(TRIES_A_DAY, rows // _SHARE_OF_ROWS) or of_day > max(_IN_FILES_A_DAY, count):
        raise Conflict.of("nik_tries_of_file", count=max(count, of_day))


def _tried_today(by: User) -> QuerySet[ReadLog]:
    return ReadLog.objects.filter(user=by, day=timezone.localdate(), subject=ReadSubject.NIK)
