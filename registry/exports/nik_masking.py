"""Reads the NIK of a row: masked, unless a reason was given."""

from __future__ import annotations

from registry.errors import Conflict
from registry.nik import InvalidToken, mask_nik, unseal

_UNREADABLE = "*" * 16


class NikReader:
    """Opens sealed NIK, each once where a child's rows follow one another."""

    def __init__(self, *, unmasked: bool) -> None:
        self._unmasked = unmasked
        self._last = ("", "")

    def read(self, sealed: str) -> str:
        """Return the text of the cell; empty for a child without NIK.

        Raises Conflict where a whole NIK is wanted and its key is lost: an empty cell would say it has none.
        """
        if sealed != self._last[0]:
            self._last = (sealed, self._open(sealed))
        return self._last[1]

    def _open(self, sealed: str) -> str:
        try:
            nik = unseal(sealed)
        except InvalidToken:
            if self._unmasked:
                raise Conflict.of("nik_unreadable", "unmasked") from None
            return _UNREADABLE
        return nik if self._unmasked else mask_nik(nik)
