"""How far the work on a file is, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import caches
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import Upload

_CACHED_SECONDS = 24 * 60 * 60


class Stage(models.TextChoices):
    READING = "reading", gettext_lazy("berkas dibaca")
    MATCHING = "matching", gettext_lazy("anak dicocokkan dengan register")
    JUDGING = "judging", gettext_lazy("pengukuran dinilai")
    WRITING = "writing", gettext_lazy("disimpan")
    LEAVING = "leaving", gettext_lazy("ditarik kembali")
    COUNTING = "counting", gettext_lazy("angka dihitung ulang")


STAGES_OF_CHECK = (Stage.READING, Stage.MATCHING, Stage.JUDGING)
STAGES_OF_COMMIT = (*STAGES_OF_CHECK, Stage.WRITING, Stage.COUNTING)
STAGES_OF_REVERT = (Stage.LEAVING, Stage.COUNTING)


class Progress:
    """Counts the rows of the present stage. This one shows it to nobody; a subclass overrides ``show``."""

    stage: Stage | None = None
    rows = 0
    done: int | None = None

    def begin(self, stage: Stage, rows: int = 0, done: int | None = None) -> None:
        """Start a stage of ``rows`` rows, 0 where that is not known; ``done`` where the stage counts them."""
        self.stage, self.rows, self.done = stage, rows, done
        self.show()

    def advance(self, count: int) -> None:
        """Add ``count`` rows to those that are done."""
        self.done = (self.done or 0) + count
        self.show()

    def count_months(self, months: int, done: int) -> None:
        """Say that the figures of ``done`` of so many months are counted."""
        self.begin(Stage.COUNTING, months, done)

    def show(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class ProgressState:
    """How far a step is: its ``stage``, the ``number``-th of ``of``, and how many of its ``rows`` are done.

    ``rows`` is 0 where it is not known, and months where figures are counted. ``done`` is None in a stage
    that does not count.
    """

    stage: Stage
    number: int
    of: int
    rows: int = 0
    done: int | None = None

    @property
    def share(self) -> float:
        """Of the whole step, from 0 to 1."""
        inside = self.done / self.rows if self.done and self.rows else 0
        return (self.number - 1 + inside) / self.of

    @property
    def words(self) -> str:
        """As "Langkah 2 dari 3: anak dicocokkan dengan register, 45.000 baris"."""
        words = str(self.stage.label)
        if self.stage is Stage.COUNTING:
            months = {"stage": words, "done": self.done or 0, "months": self.rows}
            words = _("%(stage)s, %(done)d dari %(months)d bulan") % months
        elif self.done is not None:
            done, rows = intcomma(self.done), intcomma(self.rows)
            words = _("%(stage)s, %(done)s dari %(rows)s baris") % {
                "stage": words,
                "done": done,
                "rows": rows,
            }
        elif self.rows:
            counted = ngettext("%(stage)s, %(rows)s baris", "%(stage)s, %(rows)s baris", self.rows)
            words = counted % {"stage": words, "rows": intcomma(self.rows)}
        step = {"number": self.number, "of": self.of, "stage": words}
        return _("Langkah %(number)d dari %(of)d: %(stage)s") % step


class UploadProgress(Progress):
    """Shows the progress on the page of an upload.

    It is kept in a cache and not in the database: a step holds one transaction until its end.
    """

    def __init__(self, upload: Upload, stages: Sequence[Stage]) -> None:
        self._key, self._stages = _cache_key(upload.pk), stages
        self.begin(stages[0])

    def show(self) -> None:
        """Store the present state for the page."""
        if self.stage is not None:
            number = self._stages.index(self.stage) + 1
            state = ProgressState(self.stage, number, len(self._stages), self.rows, self.done)
            caches["progress"].set(self._key, state, _CACHED_SECONDS)


def find_progress(upload: Upload) -> ProgressState | None:
    """Return how far the present step of ``upload`` is; None where that is not known."""
    found = caches["progress"].get(_cache_key(upload.pk))
    return found if isinstance(found, ProgressState) else None


def _cache_key(upload_id: UUID) -> str:
    return f"upload-{upload_id}"
