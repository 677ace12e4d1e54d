"""The NIK (16-digit citizen number): reading it from people and files, keeping it unreadable at rest.

Structure (Permendagri 73/2022 and the civil registry's practice): 6 digits region, day (girls + 40),
month and year of birth, 4 digits serial. It never changes when people move. A wrong date, sex or serial
is only a warning: about one real row in nine differs.
"""

from __future__ import annotations

import hmac
import re
from datetime import date
from enum import StrEnum
from functools import cache
from typing import AnyStr

from cryptography.fernet import Fernet, MultiFernet
from cryptography.fernet import InvalidToken as InvalidToken  # for those who unseal
from django.conf import settings

from registry.growth.cells.text import INVISIBLE

_NOT_PART_OF_A_NIK = re.compile(rf"[\s\u00a0{INVISIBLE}'`’.\-]")
_SHOWN = 5  # digits
_SIXTEEN_DIGITS = re.compile(r"\d{16}", re.ASCII)
_RUN = re.compile(r"(\d)\1{7}", re.ASCII)  # 1111...: more of one digit than a date and a serial share
PARENT_AGES = range(15, 51)
"""By how many years a parent is older than the child."""


class NikWarning(StrEnum):
    """What looks odd about a NIK that has its 16 digits."""

    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SERIAL = "serial"
    REGION = "region"
    IMPOSSIBLE = "impossible"
    PARENT = "parent"


def clean_nik(raw: object) -> str:
    """Return a NIK without blanks, apostrophes and dots that people and programs put around it."""
    return _NOT_PART_OF_A_NIK.sub("", str(raw or ""))


def is_whole(nik: str) -> bool:
    """Return True for exactly 16 digits; a masked or rounded NIK (3.30E+15) is not whole."""
    return bool(_SIXTEEN_DIGITS.fullmatch(nik))


def is_possible(nik: str) -> bool:
    """Return whether a whole NIK can be one at all: of a region, with a day and month of birth.

    9999999999999999, 1111111111111111 and their like stand for one that nobody knows, and say nothing of who
    a child is.
    """
    if _RUN.search(nik):
        return False
    day, month = int(nik[6:8]), int(nik[8:10])  # of a girl the day is 40 more
    born = (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12
    return born and "00" not in (nik[:2], nik[2:4], nik[4:6])


def nik_questions(nik: str, *, birth_date: date) -> list[NikWarning]:
    """Return what has to be confirmed before a whole NIK is noted as that of a child born on that day."""
    if not is_possible(nik):
        return [NikWarning.IMPOSSIBLE]
    older = (birth_date.year - int(nik[10:12])) % 100
    return [NikWarning.PARENT] if older in PARENT_AGES else []


def nik_warnings(nik: str, *, birth_date: date, is_girl: bool) -> list[NikWarning]:
    """Return how a whole NIK differs from the child's record. Never a reason to refuse."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    found = []
    if (day % 40, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100):
        found.append(NikWarning.BIRTH_DATE)
    if (day > 40) != is_girl:
        found.append(NikWarning.SEX)
    if nik[12:] == "0000":
        found.append(NikWarning.SERIAL)
    if not 11 <= int(nik[:2]) <= 99 or nik[2:4] == "00" or nik[4:6] == "00":
        found.append(NikWarning.REGION)
    asked = nik_questions(nik, birth_date=birth_date)
    return found + [one for one in asked if one == NikWarning.PARENT or not found]


def mask_nik(nik: str) -> str:
    """Return ``33010***********``, which may be shown: the first five digits, as e-PPGBM does.

    More digits beside a birth date and sex would give the number away. A NIK that is not whole shows none.
    """
    shown = _SHOWN if is_whole(nik) else 0
    return nik[:shown] + "*" * (len(nik) - shown)


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt with the first key of ``NIK_KEYS`` (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(tuple(settings.NIK_KEYS)).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Decrypt what :func:`seal` made, with any key of ``NIK_KEYS``.

    Raises ``cryptography.fernet.InvalidToken`` when no key fits.
    """
    return _fernet(tuple(settings.NIK_KEYS)).decrypt(sealed.encode()).decode() if sealed else ""


def seal_bytes(content: bytes) -> bytes:
    """Encrypt as :func:`seal` does, for a whole file that names people."""
    return _fernet(tuple(settings.NIK_KEYS)).encrypt(content)


def unseal_bytes(sealed: bytes | str) -> bytes:
    """Decrypt what :func:`seal_bytes` made. Raises ``InvalidToken`` when no key fits."""
    return _fernet(tuple(settings.NIK_KEYS)).decrypt(sealed)


def reseal(sealed: AnyStr) -> AnyStr | None:
    """Seal anew under the first key what an older key of ``NIK_KEYS`` sealed; None where the first one did.

    Raises ``InvalidToken`` when no key fits.
    """
    first, *_older = settings.NIK_KEYS
    try:
        _fernet((first,)).decrypt(sealed)
    except InvalidToken:
        anew = _fernet(tuple(settings.NIK_KEYS)).rotate(sealed)
        return anew.decode() if isinstance(sealed, str) else anew
    return None


def hash_key_fingerprint() -> str:
    """Return what tells ``NIK_HASH_KEY`` from another key, and nothing of the key."""
    return keyed_hash("NIK_HASH_KEY")


def nik_hash(nik: str) -> str | None:
    """Return the keyed hash (HMAC-SHA256, hex) a whole NIK is found by; None when it is not whole."""
    return keyed_hash(nik) if is_whole(nik) else None


def keyed_hash(text: str) -> str:
    """Return the HMAC-SHA256 of a text under ``NIK_HASH_KEY``, in hex: equal for equal texts."""
    made = _begin_hmac(settings.NIK_HASH_KEY).copy()
    made.update(text.encode())
    return made.hexdigest()


@cache
def _begin_hmac(key: str) -> hmac.HMAC:
    """Return an HMAC that has read the key, which takes longer than a text."""
    return hmac.new(key.encode(), digestmod="sha256")
