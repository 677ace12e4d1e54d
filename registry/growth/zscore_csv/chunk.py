"""Some thousand rows of a CSV at once: their cells read, the children scored, the new cells written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from registry.growth import LABEL_OF, BatchAssessment, Label, assess_batch, label_muac
from registry.growth.cells.text import quote
from registry.growth.indices import INDICES
from registry.growth.rules import LAST_DAY
from registry.growth.zscore_csv.cell_values import readers
from registry.growth.zscore_csv.headings import MEASURES, ColumnPlace
from registry.growth.zscore_csv.writing_style import Cells, WritingStyle

Floats = npt.NDArray[np.float64]

_CACHED = 1 << 14  # rounded scores, of which believed ones have some thousand values

_NO_AGE = "tanpa umur hanya zwfl yang bisa dihitung / without an age only zwfl can be computed"
_BEFORE_BIRTH = "tanggal ukur sebelum lahir / measured before birth"
_NEGATIVE_AGE = "umur negatif / negative age"
_FIVE = "umur lima tahun atau lebih / aged five or older"
_NO_MEASURE = "tidak ada ukuran / no measure"
_NO_INDEX = "tidak ada indeks untuk umur dan ukuran ini / no index for this age and these measures"
_TOO_MANY = "terlalu banyak sel, {0} untuk {1} kolom / too many cells, {0} for {1} columns: '{2}'"
_EMPTY_ROW = "baris kosong / empty row"


@dataclass(slots=True)
class ScoreTally:
    """Counts of rows. A row can be used and have a reason: one bad cell does not lose the others.

    rows: below the header, without blank lines. used: with at least one z-score. with_reason: with something
    that could not be read or computed. flagged: with a z-score outside WHO's limits.
    """

    rows: int = 0
    used: int = 0
    with_reason: int = 0
    flagged: int = 0

    def add(self, other: ScoreTally) -> None:
        """Count the rows of another part of the file in."""
        self.rows += other.rows
        self.used += other.used
        self.with_reason += other.with_reason
        self.flagged += other.flagged


class ChunkScorer:
    """Scores chunks of rows of one file.

    columns: where the fields stand, from ``find_columns``. width: number of columns of the header. words:
    which words of a label are written, an attribute of ``Label``.
    """

    def __init__(
        self, columns: Mapping[str, ColumnPlace], width: int, *, words: str, manner: WritingStyle
    ) -> None:
        self._columns = columns
        self._width = width
        self._readers = readers(manner)
        mark = "," if manner.decimal_comma else "."
        # A file says the same scores and classes over and over: each is put into words once.
        self._score = lru_cache(_CACHED)(lambda z: f"{z:.2f}".replace(".", mark))
        self._length = lru_cache(_CACHED)(lambda cm: f"{cm:.15g}".replace(".", mark))
        self._class = {name: lru_cache(_CACHED)(_in_words(of, words)) for name, of in LABEL_OF.items()}
        self._words = words

    def score(self, rows: Sequence[Cells]) -> tuple[list[Cells], ScoreTally]:
        """Return the rows with the cells of ``OURS`` behind each, and their counts."""
        shaped, refused = self._shape_rows(rows)
        nothing = [""] * self._width
        reasons: defaultdict[int, list[str]] = defaultdict(list)
        given = self._read([nothing if i in refused else row for i, row in enumerate(shaped)], reasons)
        ages = _ages(given, reasons)
        batch = _assess(given, ages)
        self._explain(given, batch, reasons)
        said = ["; ".join(reasons[i]) if i in reasons else "" for i in range(len(rows))]
        for i, reason in refused.items():
            said[i] = reason
        cells = zip(*self._cells(given, batch), said, strict=True)
        result = [[*row, *ours] for row, ours in zip(shaped, cells, strict=True)]
        return result, _tally(batch, said)

    def _shape_rows(self, rows: Sequence[Cells]) -> tuple[list[Cells], dict[int, str]]:
        """Return every row as wide as the header, and why some cannot be believed at all."""
        width, shaped, refused = self._width, [], {}
        for i, row in enumerate(rows):
            if len(row) != width:
                beyond = "', '".join(quote(cell) for cell in row[width:] if cell.strip())
                if beyond:
                    refused[i] = _TOO_MANY.format(len(row), width, beyond)
                row = row[:width] + [""] * (width - len(row))
            if i not in refused and not any(map(str.strip, row)):
                refused[i] = _EMPTY_ROW
            shaped.append(row)
        return shaped, refused

    def _read(self, rows: Sequence[Cells], reasons: defaultdict[int, list[str]]) -> dict[str, Floats]:
        """Return the numbers of each field; what cannot be read goes into the reasons of its row."""
        given = {}
        for field, place in self._columns.items():
            reader, index = self._readers[field], place.index
            values = [reader.read(row[index]) for row in rows]
            for i, value in enumerate(values):
                if isinstance(value, str):
                    reasons[i].append(f"{place.heading} '{quote(rows[i][index])}': {value}")
                    values[i] = reader.unread
            given[field] = np.array(values, np.float64)
        return given

    def _explain(
        self, given: Mapping[str, Floats], batch: BatchAssessment, reasons: defaultdict[int, list[str]]
    ) -> None:
        """Say of the rows that still have no reason why they have no score."""
        measured = np.zeros(len(batch), np.bool_)
        for field in given.keys() & MEASURES:
            measured |= ~np.isnan(given[field])
        for i in np.flatnonzero(~_has_score(batch)).tolist():
            if i not in reasons:
                reasons[i].append(_NO_INDEX if measured[i] else _NO_MEASURE)

    def _cells(self, given: Mapping[str, Floats], batch: BatchAssessment) -> list[list[str]]:
        """Return the columns of ``OURS`` but the last, as text."""
        columns = [[self._length(cm) if cm == cm else "" for cm in batch.clenhei_cm.tolist()]]
        for index in INDICES:
            scores = getattr(batch, index.name).tolist()
            flags = getattr(batch, f"{index.name}_flag").tolist()
            columns.append([self._score(z) if z == z else "" for z in scores])
            columns.append(
                ["" if z != z else "1" if flag else "0" for z, flag in zip(scores, flags, strict=True)]
            )
        for name, class_of in self._class.items():
            scores = np.where(getattr(batch, f"{name}_flag"), np.nan, getattr(batch, name)).tolist()
            columns.append([class_of(z) if z == z else "" for z in scores])
        return [*columns, self._muac_classes(_muac_cm(given), batch)]

    def _muac_classes(self, muac_cm: Floats | None, batch: BatchAssessment) -> list[str]:
        if muac_cm is None:
            return [""] * len(batch)
        pairs = zip(muac_cm.tolist(), batch.age_days.tolist(), strict=True)
        return [
            _word(label_muac(muac, int(age)), self._words) if muac == muac and age == age else ""
            for muac, age in pairs
        ]


def _in_words(label_of: Callable[[float | None], Label | None], words: str) -> Callable[[float], str]:
    return lambda z: _word(label_of(z), words)


def _word(label: Label | None, words: str) -> str:
    return str(getattr(label, words)) if label else ""


def _muac_cm(given: Mapping[str, Floats]) -> Floats | None:
    return given.get("muac_cm", given.get("muac_mm"))


def _ages(given: Mapping[str, Floats], reasons: defaultdict[int, list[str]]) -> Floats:
    """Return the age in days of every row: as given, else by dates, else by months; NaN where none is."""
    ages = np.full(len(given["sex"]), np.nan)
    dated = np.zeros(len(ages), np.bool_)
    for by_dates, source in _age_sources(given):
        known = np.isnan(ages) & ~np.isnan(source)
        ages[known] = source[known]
        dated |= known & by_dates
    for i in np.flatnonzero(np.isnan(ages)).tolist():
        reasons[i].append(_NO_AGE)
    for i in np.flatnonzero(ages < 0).tolist():
        reasons[i].append(_BEFORE_BIRTH if dated[i] else _NEGATIVE_AGE)
    for i in np.flatnonzero(ages > LAST_DAY).tolist():
        reasons[i].append(_FIVE)
    return ages


def _age_sources(given: Mapping[str, Floats]) -> list[tuple[bool, Floats]]:
    """Yield each way in which the file tells the age, in days, the best first; and whether it is by dates."""
    sources = []
    if "age_days" in given:
        sources.append((False, given["age_days"]))
    if "birth_date" in given and "measured_on" in given:
        sources.append((True, given["measured_on"] - given["birth_date"]))
    if "age_months" in given:
        sources.append((False, given["age_months"]))
    return sources


def _assess(given: Mapping[str, Floats], ages: Floats) -> BatchAssessment:
    position = given.get("position")
    return assess_batch(
        sex=given["sex"],
        age_days=ages,
        weight_kg=given.get("weight_kg"),
        lenhei_cm=given.get("lenhei_cm"),
        position=None if position is None else position.astype(np.int64),
        muac_cm=_muac_cm(given),
        head_cm=given.get("head_cm"),
        triceps_mm=given.get("triceps_mm"),
        subscapular_mm=given.get("subscapular_mm"),
        oedema=given.get("oedema"),
    )


def _has_score(batch: BatchAssessment) -> npt.NDArray[np.bool_]:
    scored = np.zeros(len(batch), np.bool_)
    for index in INDICES:
        scored |= ~np.isnan(getattr(batch, index.name))
    return scored


def _tally(batch: BatchAssessment, said: Sequence[str]) -> ScoreTally:
    flagged = np.zeros(len(batch), np.bool_)
    for index in INDICES:
        flagged |= getattr(batch, f"{index.name}_flag")
    return ScoreTally(
        rows=len(said),
        used=int(_has_score(batch).sum()),
        with_reason=sum(map(bool, said)),
        flagged=int(flagged.sum()),
    )
