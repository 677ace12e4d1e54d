"""Whom to see first: children by reason and place, and by name for those who work with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.definitions import Definition
from dashboard.formatting import month_name, number
from dashboard.links import place_url
from dashboard.pages.base import FigurePage, FigureTables, PlaceRows
from dashboard.sections import Section
from dashboard.tables import FigureTable, count_cell, place_cell, place_column
from registry.access.visible_places import can_see_place
from registry.exports.page_table import (
    DataSubjects,
    ExportTable,
    PageRow,
    PageTables,
    TableColumn,
    list_columns,
)
from registry.figures import kecamatan_sums, village_rows
from registry.figures.priority import Priority, PriorityList, children_with, priority_children
from registry.figures.version import Version
from registry.models import Village

CHIPS = {
    Priority.SEVERELY_WASTED: "now",
    Priority.WASTED: "act",
    Priority.SEVERELY_STUNTED: "now",
    Priority.STUNTED: "act",
    Priority.TWICE_NOT_GAINED: "act",
    Priority.MISSED_TWICE: "none",
}


@dataclass(frozen=True, slots=True)
class PriorityChildLine:
    """A child of the list: where its page is, and its reasons as chips."""

    name: str
    url: str
    posyandu: str
    reasons: tuple[SafeString, ...]


class PriorityPage(FigurePage):
    """Counts by place; in a village the children themselves for whoever works with them."""

    section = Section.PRIORITY

    def version(self) -> Version | None:
        """Children are named anew each time: who may be named is asked for each of them."""
        return None if isinstance(self.place, Village) else super().version()

    @cached_property
    def priority_list(self) -> PriorityList | None:
        """The children of a village for whoever works with them; None elsewhere."""
        place = self.place
        if isinstance(place, Village) and can_see_place(place, self.user, people=True):
            return priority_children(place, self.month, self.user)
        return None

    @cached_property
    def children(self) -> list[PriorityChildLine]:
        """The children of a village by name, the most urgent reason first."""
        chips = draw_chips()
        return [
            PriorityChildLine(
                row.child.name,
                reverse("kpm:child", args=[row.child.pk]),
                row.child.posyandu.name if row.child.posyandu else "",
                tuple(chips[reason] for reason in row.reasons),
            )
            for row in (self.priority_list.children if self.priority_list else [])
        ]

    @property
    def files(self) -> PageTables:
        """Return the children of a village, elsewhere the counts."""
        return {"priority-children": self.children_list} if self.priority_list else super().files

    @property
    def names_shown(self) -> bool:
        return bool(self.children)

    def children_list(self) -> ExportTable:
        """As they stand on the page, with their reasons in words."""
        children = self.priority_list.children if self.priority_list else []
        rows = [
            (
                row.child.name,
                row.child.posyandu.name if row.child.posyandu else "",
                ", ".join(priority_words(reason) for reason in row.reasons),
            )
            for row in children
        ]
        return ExportTable(
            "priority-children",
            list_columns((_("Nama anak"), _("Posyandu"), _("Alasan"))),
            rows,
            part=str(self.place.pk),
            month=self.month,
            about=[
                (_("Wilayah"), self.title),
                (_("Bulan"), month_name(self.month)),
                *((d.term, d.text) for d in _definitions()),
            ],
            subjects=DataSubjects(self.place, len(rows)),
        )

    @property
    def hidden_count(self) -> int:
        return self.priority_list.hidden if self.priority_list else 0

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """How each count is made; a page with a table says it there."""
        return () if self.tables else _definitions()

    @cached_property
    def totals(self) -> list[tuple[str, str, str]]:
        """Each reason with its kind of chip and its count at the place."""
        counts = self.summary.counts
        return [(CHIPS[r], priority_words(r), number(children_with(counts, r))) for r in Priority]

    @cached_property
    def tables(self) -> FigureTables:
        return {} if isinstance(self.place, Village) else {"priority": self.count_table}

    def count_table(self) -> FigureTable:
        """Children by reason: kecamatan of the district (villages when asked for), else villages."""
        rows = village_rows(self.place, self.month, self.user)
        found: PlaceRows = kecamatan_sums(rows) if self.by == "kecamatan" else rows
        places = [(row.place, row.summary.counts) for row in found]
        label = _("Kecamatan") if self.by == "kecamatan" else _("Desa/kelurahan")
        columns = (
            place_column(label),
            *(TableColumn(reason, priority_words(reason), (reason.value,)) for reason in Priority),
        )
        # Most of the most urgent first.
        places.sort(key=lambda pair: ([-children_with(pair[1], r) for r in Priority], pair[0].name))
        drawn = tuple(
            PageRow(
                (
                    place_cell(place),
                    *(count_cell(n) for n in (children_with(counts, r) for r in Priority)),
                ),
                place_url(place, self.month, Section.PRIORITY),
            )
            for place, counts in places
        )
        return FigureTable("priority", columns, drawn, _("Anak yang perlu didahulukan"), _definitions())


def priority_words(reason: Priority) -> str:
    """A reason as its chip and its column say it."""
    return {
        Priority.SEVERELY_WASTED: _("Gizi buruk"),
        Priority.WASTED: _("Gizi kurang"),
        Priority.SEVERELY_STUNTED: _("Sangat pendek"),
        Priority.STUNTED: _("Pendek"),
        Priority.TWICE_NOT_GAINED: _("Tidak naik dua kali (2T)"),
        Priority.MISSED_TWICE: _("Dua bulan tidak diukur"),
    }[reason]


def draw_chips() -> dict[Priority, SafeString]:
    """The chip of each reason: drawn once for a page with hundreds of them."""
    return {
        reason: render_to_string("components/chip.html", {"kind": kind, "word": priority_words(reason)})
        for reason, kind in CHIPS.items()
    }


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Gizi buruk, gizi kurang"),
            _("BB/TB di bawah −3 SD (atau bengkak di kedua kaki), dan −3 sampai di bawah −2 SD."),
        ),
        Definition(_("Sangat pendek, pendek"), _("TB/U di bawah −3 SD, dan −3 sampai di bawah −2 SD.")),
        Definition(
            _("Tidak naik dua kali (2T)"),
            _("Berat badan tidak naik bulan ini dan bulan lalu, menurut timbangan terakhir tiap bulan."),
        ),
        Definition(
            _("Dua bulan tidak diukur"),
            _(
                "Terdaftar, dan tidak diukur bulan ini dan bulan lalu. Bulan yang belum selesai ikut "
                "dihitung."
            ),
        ),
        Definition(
            _("Satu anak, beberapa sebab"),
            _("Seorang anak dengan dua sebab dihitung di kedua kolom; jumlah kolom bukan jumlah anak."),
        ),
    )
