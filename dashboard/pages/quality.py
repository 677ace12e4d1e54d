"""How good the measurements are, written as help: who would gain from which training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from dashboard.definitions import Definition
from dashboard.formatting import number
from dashboard.links import place_url
from dashboard.narrative_quality import TOPICS, Topic, reason_words
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.sections import Section
from dashboard.tables import FigureTable, count_cell, place_cell, place_column, text_cell, with_lokus
from kpm.value_words import grade_words
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.figures.quality import SEES_RECORDERS, GradedRow, grades_of
from registry.figures.version import Version, grades_version
from registry.models import Village
from registry.statistics import Level
from registry.statistics.quality import GRADES
from registry.validation_messages import spoken_date

CHIPS = {
    Level.EXCELLENT: "good",
    Level.GOOD: "good",
    Level.ACCEPTABLE: "watch",
    Level.PROBLEMATIC: "act",
    Level.TOO_FEW: "none",
}
NAMED = 12
"""Places named next to a topic; the table has them all."""


@dataclass(frozen=True, slots=True)
class Training:
    """A topic and the villages that would gain most from it, as (name, address)."""

    topic: Topic
    count: str
    places: tuple[tuple[str, str], ...]
    more: int


class QualityPage(FigurePage):
    """The grades of a month, worst first, and what would mend them."""

    section = Section.QUALITY

    def version(self) -> Version:
        """Return the version of grades and lokus, and the reader where only the own recorder is named."""
        reader = None if self.user.has_role(*SEES_RECORDERS) else self.user.pk
        return (grades_version(self.place, self.month), self.lokus.version, reader)

    @cached_property
    def rows(self) -> list[GradedRow]:
        return grades_of(self.place, self.month, self.user)

    @property
    def villages(self) -> list[GradedRow]:
        return [r for r in self.rows if r.stored.posyandu is None and r.stored.recorder is None]

    @property
    def graded_on(self) -> str:
        days = [row.stored.graded_at for row in self.rows]
        return spoken_date(max(days)) if days else ""

    @cached_property
    def totals(self) -> list[tuple[str, str, str]]:
        """Return each grade with its chip and how many villages have it; none for a single village."""
        if isinstance(self.place, Village):
            return []
        counts = Counter(row.grade for row in self.villages)
        return [(CHIPS[g], grade_words(g), number(counts[g])) for g in (*GRADES, Level.TOO_FEW)]

    @cached_property
    def trainings(self) -> list[Training]:
        """Return the topics by how many villages need them."""
        found = []
        for topic in TOPICS:
            needing = [r for r in self.villages if any(name in topic.checks for name, _value in r.reasons)]
            if needing:
                villages = [row.stored.village for row in needing[:NAMED]]
                places = tuple((v.name, place_url(v, self.month, Section.QUALITY)) for v in villages)
                more = max(0, len(needing) - NAMED)
                found.append((len(needing), Training(topic, number(len(needing)), places, more)))
        return [training for _count, training in sorted(found, key=lambda pair: -pair[0])]

    @cached_property
    def tables(self) -> FigureTables:
        found: FigureTables = {"quality": self.village_table}
        if any(row.stored.posyandu for row in self.rows) and isinstance(self.place, Village):
            found["posyandu"] = self.posyandu_table
        if any(row.stored.recorder for row in self.rows):
            found["recorders"] = self.recorder_table
        return found

    @property
    def shown_tables(self) -> list[FigureTable]:
        return [make() for make in self.tables.values()] if self.rows else []

    def village_table(self) -> FigureTable:
        columns = (
            place_column(_("Desa/kelurahan")),
            TableColumn("kecamatan", _("Kecamatan"), is_number=False),
        )
        rows = [
            PageRow(
                (place_cell(row.stored.village), text_cell(row.stored.village.kecamatan.name), *_cells(row)),
                place_url(row.stored.village, self.month, Section.QUALITY),
            )
            for row in self.villages
        ]
        table = _quality_table("quality", _("Mutu data tiap desa"), columns, rows)
        return with_lokus(table, self.lokus)

    def posyandu_table(self) -> FigureTable:
        columns = (TableColumn("name", _("Posyandu"), is_number=False, names_row=True),)
        found = [row for row in self.rows if row.stored.posyandu is not None]
        rows = [PageRow((text_cell(str(row.stored.posyandu)), *_cells(row))) for row in found]
        return _quality_table("posyandu", _("Mutu data tiap posyandu"), columns, rows)

    def recorder_table(self) -> FigureTable:
        columns = (
            TableColumn("name", _("Dicatat oleh"), is_number=False, names_row=True),
            TableColumn("village", _("Desa/kelurahan"), is_number=False),
        )
        rows = [
            PageRow((text_cell(str(row.stored.recorder)), text_cell(row.stored.village.name), *_cells(row)))
            for row in self.rows
            if row.stored.recorder is not None
        ]
        return _quality_table("recorders", _("Mutu data tiap pencatat"), columns, rows)


def _cells(row: GradedRow) -> tuple[PageCell, ...]:
    stored = row.stored
    reasons = [reason_words(name, value) for name, value in row.reasons]
    grade = grade_words(row.grade)
    points = _("%(points)s dari %(possible)s") % {
        "points": number(stored.points),
        "possible": number(stored.possible),
    }
    return (
        count_cell(stored.count),
        PageCell(grade, (grade,), style=f"grade grade--{CHIPS[row.grade]}"),
        PageCell(points, (stored.points, stored.possible)),
        text_cell("; ".join(reasons) or _("tidak ada")),
    )


def _quality_table(
    name: str, caption: str, names: Sequence[TableColumn], rows: Sequence[PageRow]
) -> FigureTable:
    """Return a table of those in ``names``, with the columns of :func:`_cells`."""
    columns = (
        *names,
        TableColumn("count", _("Anak")),
        TableColumn("grade", _("Mutu"), is_number=False),
        TableColumn("points", _("Poin"), ("points", "possible")),
        TableColumn("reasons", _("Sebab"), is_number=False),
    )
    return FigureTable(name, columns, rows, caption, _definitions())


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Mutu"),
            _(
                "Menurut pemeriksaan kewajaran ENA for SMART dan ukuran WHO/UNICEF 2019: sebaran nilai, "
                "angka di belakang koma, nilai di luar batas wajar, umur dan jenis kelamin. Makin "
                "sedikit poin, makin baik mutunya, dihitung dari yang dapat dinilai; kelompok kecil "
                "tidak dinilai rendah karena kebetulan. Ukuran WHO/UNICEF tidak berpoin, tetapi dapat "
                "menurunkan tingkat mutu: karena itu tingkat mutu dapat lebih rendah daripada poinnya; "
                "sebabnya tertulis di sebelahnya."
            ),
        ),
        Definition(
            _("Untuk apa"),
            _(
                "Untuk membantu: mutu rendah biasanya berarti alat yang perlu ditera atau cara mengukur "
                "yang perlu dilatih lagi. Tingkat mutu tiap pencatat hanya terlihat oleh kabupaten dan "
                "oleh pencatat itu sendiri."
            ),
        ),
    )
