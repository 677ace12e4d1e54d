"""What is done with a file, one after the other, while its page waits."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import UploadStep


class Stage(StrEnum):
    READING = "reading"
    MATCHING = "matching"
    JUDGING = "judging"
    WRITING = "writing"
    LEAVING = "leaving"
    COUNTING = "counting"

    @property
    def words(self) -> str | Promise:
        return _WORDS[self]


_WORDS = {
    Stage.READING: _("berkas dibaca"),
    Stage.MATCHING: _("anak dicocokkan dengan register"),
    Stage.JUDGING: _("pengukuran dinilai"),
    Stage.WRITING: _("disimpan"),
    Stage.LEAVING: _("ditarik kembali"),
    Stage.COUNTING: _("angka dihitung ulang"),
}

OF_A_CHECK = (Stage.READING, Stage.MATCHING, Stage.JUDGING)
OF_WRITING = (*OF_A_CHECK, Stage.WRITING, Stage.COUNTING)
OF_LEAVING = (Stage.LEAVING, Stage.COUNTING)


class Told(Protocol):
    """Called when a stage begins, with the rows that it is about, 0 where that is not known yet; and again
    with those that are ``done``, by stages that tell. Counting is about months.
    """

    def __call__(self, stage: Stage, rows: int = 0, done: int | None = None, /) -> object: ...


def nobody(stage: Stage, rows: int = 0, done: int | None = None, /) -> None:
    """Nobody waits."""


def counted(told: Told, stage: Stage, rows: int) -> Callable[[int], None]:
    """The stage begins; what is returned is to be called with the number of rows done since the last call."""
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        told(stage, rows, done)

    told(stage, rows)
    return more


WORKING = frozenset(
    {UploadStep.WAITING, UploadStep.CHECKING, UploadStep.QUEUED, UploadStep.WRITING, UploadStep.LEAVING}
)
"""Steps in which something is done with a file, or waits to be."""
