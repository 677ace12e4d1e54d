"""Why the register refuses something, in a sentence the person at the phone can act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.models import Child


class Refused(Exception):
    """Nothing was written.

    ``code`` is for programs and never changes; ``message`` is for people, in their language; ``field``
    names the input it is about, if one.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class Invalid(Refused):
    """The input cannot be right; somebody has to change it."""


class NotFound(Refused):
    """There is no such child, measurement or place where this user works."""


class Conflict(Refused):
    """The input may be right, but the register already holds something that contradicts it."""


class NikUsed(Conflict):
    """Another child has this NIK: ``children`` is that one where the user may see it, else empty."""

    def __init__(self, children: Sequence[Child], message: str) -> None:
        super().__init__("nik_used", message, "nik")
        self.children = tuple(children)


class Doubtful(Refused):
    """Possible but unlikely: measure again, or confirm. ``doubts``: codes of ``growth.PlausibilityFlag``."""

    def __init__(self, doubts: Sequence[str], message: str) -> None:
        super().__init__("needs_confirmation", message)
        self.doubts = tuple(doubts)


class PossibleDuplicate(Refused):
    """Perhaps enrolled already: ``children`` of that birth date and sex are alike. Look, or confirm."""

    def __init__(self, children: Sequence[Child], message: str) -> None:
        super().__init__("perhaps_enrolled", message)
        self.children = tuple(children)
