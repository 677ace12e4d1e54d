"""What is worked out once for each name and each NIK of a file."""

from __future__ import annotations

from registry.alike import name_key
from registry.nik import nik_hash


class Once:
    """Knows nothing of who uses it, so that all of that is gone as soon as nobody needs it."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}
        self._digests: dict[str, str | None] = {}

    def fold(self, name: str) -> str:
        """As ``name_key``."""
        found = self._folded.get(name)
        if found is None:
            found = self._folded[name] = name_key(name)
        return found

    def digest(self, nik: str) -> str | None:
        """As ``nik_hash``."""
        if nik not in self._digests:
            self._digests[nik] = nik_hash(nik)
        return self._digests[nik]
