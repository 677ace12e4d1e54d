"""What is worked out once for each name, each NIK and each note of parents of a file."""

from __future__ import annotations

from registry.name_similarity import ParentWords, name_key
from registry.nik import nik_hash


class NormalisationCache:
    """Knows nothing of who uses it, so that all of that is gone as soon as nobody needs it."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}
        self._digests: dict[str, str | None] = {}
        self._parents: dict[str, ParentWords] = {}

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

    def parents(self, note: str) -> ParentWords:
        """The words of a note of the parents' names."""
        found = self._parents.get(note)
        if found is None:
            found = self._parents[note] = ParentWords(note)
        return found
