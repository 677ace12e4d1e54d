"""Seals a file in pieces under BACKUP_KEY, so that one which is cut, changed or foreign does not open.

A header (mark and salt), then pieces of AES-256-GCM: a nonce holds the number and whether it is the last.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"stunting-backup-1\n"
SALT, PIECE, TAG = 16, 1 << 20, 16


class NotOurBackup(Exception):
    """The file is broken, cut, foreign, or sealed under another key."""


class WeakKey(Exception):
    """The key is not 32 bytes or more in base64."""


def read_key(key: str) -> bytes:
    """Return the bytes of a key in base64 for addresses; raise WeakKey for what is none."""
    try:
        secret = base64.b64decode(key, altchars=b"-_", validate=True)
    except ValueError as error:
        raise WeakKey from error
    if len(secret) < 32:
        raise WeakKey
    return secret


def seal_file(source: Path, target: Path, key: str) -> None:
    """Write ``source`` sealed to ``target``, which appears when it is whole; 0600."""
    header = MARK + os.urandom(SALT)
    part = target.with_name(target.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as plain, os.fdopen(descriptor, "wb") as sealed:
        os.fchmod(sealed.fileno(), 0o600)
        sealed.write(header)
        cipher = _cipher(key, header)
        for number, piece, last in _pieces(plain, PIECE):
            sealed.write(cipher.encrypt(_nonce(number, last), piece, header))
        sealed.flush()
        os.fsync(sealed.fileno())
    part.replace(target)


def unseal_file(source: Path, target: Path, key: str) -> None:
    """Write what ``source`` holds to ``target``; raise NotOurBackup unless all of it is whole."""
    with source.open("rb") as sealed, target.open("wb") as plain:
        header = sealed.read(len(MARK) + SALT)
        if not header.startswith(MARK):
            raise NotOurBackup
        cipher = _cipher(key, header)
        for number, piece, last in _pieces(sealed, PIECE + TAG):
            try:
                plain.write(cipher.decrypt(_nonce(number, last), piece, header))
            except (InvalidTag, ValueError) as error:
                raise NotOurBackup from error


def _pieces(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    number, piece = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: str, header: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=header[len(MARK) :], info=MARK).derive(read_key(key)))
