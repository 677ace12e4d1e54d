"""Why the register refuses something, in a sentence the person at the phone can act on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from registry.nik import InvalidToken
from registry.validation_messages import refusal_message

if TYPE_CHECKING:
    from registry.models import Child, Measurement

logger = logging.getLogger(__name__)


class Refused(Exception):
    """Nothing was written.

    ``code`` is for programs and never changes; ``message`` is for people, in their language; ``field``
    names the input it is about, if one.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        if code == "id_used":  # whose sentence does not say why: its reader can only begin again
            logger.warning("a number is used twice: %s", field)
        self.code = code
        self.message = message
        self.field = field

    @classmethod
    def of(cls, code: str, field: str | None = None, /, *, sentence: str = "", **values: object) -> Self:
        """Return the refusal with its sentence of ``validation_messages``, named as ``code`` unless given."""
        return cls(code, refusal_message(sentence or code, **values), field)


class Invalid(Refused):
    """The input cannot be right; somebody has to change it."""


class NotFound(Refused):
    """There is no such child, measurement or place where this user works."""


class Conflict(Refused):
    """The input may be right, but the register already holds something that contradicts it."""


class NikUsed(Conflict):
    """Another child has this NIK: ``children`` is that one where the user may see it, else empty."""

    def __init__(self, child: Child | None) -> None:
        message = refusal_message("nik_used_elsewhere")
        if child is not None:
            message = refusal_message("nik_used", name=child.name, born=child.birth_date)
        super().__init__("nik_used", message, "nik")
        self.children = (child,) if child is not None else ()


class NotInForce(Conflict):
    """Somebody has corrected or voided ``measurement`` since it was read."""

    def __init__(self, measurement: Measurement) -> None:
        super().__init__("not_in_force", refusal_message("not_in_force"))
        self.measurement = measurement


class Doubtful(Refused):
    """Possible but unlikely: measure again, or confirm. ``doubts``: codes of ``growth.PlausibilityFlag``."""

    def __init__(self, doubts: Sequence[str]) -> None:
        super().__init__("needs_confirmation", refusal_message("needs_confirmation"))
        self.doubts = tuple(doubts)


class PossibleDuplicate(Refused):
    """Perhaps enrolled already: ``children`` are alike, with the ``DuplicateQuestion`` asked of each."""

    def __init__(self, questions: Mapping[Child, str]) -> None:
        is_twin = set(questions.values()) == {"twin"}
        sentence = "perhaps_twin" if is_twin else "perhaps_enrolled"
        super().__init__("perhaps_enrolled", refusal_message(sentence))
        self.questions = questions
        self.children = tuple(questions)


@contextmanager
def refusing_unreadable() -> Iterator[None]:
    """Raise Conflict where the keys of this site do not open what is needed; there is no way without it."""
    try:
        yield
    except InvalidToken:
        raise Conflict.of("sealed_unreadable") from None
