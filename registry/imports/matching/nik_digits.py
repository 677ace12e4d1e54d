"""What the digits of a NIK that can be seen say of a child, where it is masked or cut too."""

from __future__ import annotations

from registry.models import Child, Sex

_LENGTH = 16
_GIRLS_DAY = 40  # is added to the day of birth


def nik_contradicts(nik: str, child: Child) -> bool:
    """Whether ``nik`` was given to a child of another birth date or sex, or is not the one ``child`` has."""
    if len(nik) != _LENGTH:
        return False
    born, is_girl = child.birth_date, child.sex == Sex.GIRL
    day = born.day + (_GIRLS_DAY if is_girl else 0)
    expected = f"??????{day:02d}{born.month:02d}{born.year % 100:02d}????"
    if not _agree(nik, expected):
        return True
    known = child.nik
    return len(known) == _LENGTH and not _agree(nik, known)


def _agree(one: str, other: str) -> bool:
    """Whether two are the same wherever both show a digit."""
    return all(a == b or not (_is_digit(a) and _is_digit(b)) for a, b in zip(one, other, strict=True))


def _is_digit(character: str) -> bool:
    return character in "0123456789"
