"""What is done with a file, one after the other, while its page waits."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import UploadStep


class Stage(StrEnum):
    READING = "reading"
    MATCHING = "matching"
    JUDGING = "judging"
    WRITING = "writing"
    LEAVING = "leaving"

    @property
    def words(self) -> str | Promise:
        return _WORDS[self]


_WORDS = {
    Stage.READING: _("berkas dibaca"),
    Stage.MATCHING: _("anak dicocokkan dengan register"),
    Stage.JUDGING: _("pengukuran dinilai"),
    Stage.WRITING: _("disimpan"),
    Stage.LEAVING: _("ditarik kembali"),
}

OF_A_CHECK = (Stage.READING, Stage.MATCHING, Stage.JUDGING)
OF_WRITING = (*OF_A_CHECK, Stage.WRITING)
OF_LEAVING = (Stage.LEAVING,)

Told = Callable[[Stage, int], object]
"""Called when a stage begins, with the rows that it is about; 0 where that is not known yet."""


def nobody(stage: Stage, rows: int) -> None:
    """Nobody waits."""


WORKING = frozenset(
    {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.QUEUED, UploadStep.WRITING, UploadStep.LEAVING}
)
"""Steps in which something is done with a file, or waits to be."""
