"""Whom to see first: children by reason and place, and by name for those who work with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.definitions import Definition
from dashboard.formatting import month_name
from dashboard.links import place_url
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.sections import Section
from dashboard.tables import FigureTable, count_cell, place_cell, place_column
from registry.access.visible_places import Place, can_see_place
from registry.access.withheld import leave_out_withheld
from registry.exports.page_table import (
    DataSubjects,
    ExportTable,
    PageRow,
    PageTables,
    TableColumn,
    list_columns,
    withheld_note,
)
from registry.figures import PlaceRows, Summary, kecamatan_sums, village_rows
from registry.figures.priority import Priority, PriorityList, children_with, priority_children
from registry.figures.version import Version
from registry.models import Child, User, Village

CHIPS = {
    Priority.SEVERELY_WASTED: "now",
    Priority.WASTED: "act",
    Priority.SEVERELY_STUNTED: "now",
    Priority.STUNTED: "act",
    Priority.TWICE_NOT_GAINED: "act",
    Priority.MISSED_TWICE: "none",
}


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child of a list: what stands under its name, and its reasons as words and as chips."""

    child_id: UUID
    name: str
    url: str
    note: str
    reasons: tuple[Priority, ...]
    chips: tuple[SafeString, ...]


def child_lines(children: Iterable[tuple[Child, str, tuple[Priority, ...]]]) -> list[ChildLine]:
    """Return the lines of children, each with its note and its reasons."""
    # The chip of each reason is drawn once for a page with hundreds of them, and the address of a child made
    # from that of another: working each out took as long as finding the children.
    chips = {
        reason: render_to_string("components/chip.html", {"kind": kind, "word": priority_words(reason)})
        for reason, kind in CHIPS.items()
    }
    someone = UUID(int=0)
    address = reverse("kpm:child", args=[someone])
    return [
        ChildLine(
            child.pk,
            child.name,
            address.replace(str(someone), str(child.pk)),
            note,
            reasons,
            tuple(chips[reason] for reason in reasons),
        )
        for child, note, reasons in children
    ]


def child_table(
    name: str,
    note_heading: str,
    lines: Sequence[ChildLine],
    *,
    user: User,
    place: Place,
    part: str,
    title: str,
    month: date,
    definitions: Iterable[Definition] = (),
) -> ExportTable:
    """Return the lines as ``user`` may take them away, with their reasons in words."""
    shared, withheld = leave_out_withheld(user, lines, lambda line: line.child_id)
    rows = [
        (line.name, line.note, ", ".join(priority_words(reason) for reason in line.reasons))
        for line in shared
    ]
    return ExportTable(
        name,
        list_columns((_("Nama anak"), note_heading, _("Alasan"))),
        rows,
        part=part,
        month=month,
        about=[
            (_("Wilayah"), title),
            (_("Bulan"), month_name(month)),
            *((str(d.term), str(d.text)) for d in definitions),
            *withheld_note(withheld),
        ],
        subjects=DataSubjects(place, len(rows), withheld),
    )


class PriorityPage(FigurePage):
    """Counts by place; in a village the children themselves for those who work with them."""

    section = Section.PRIORITY

    def version(self) -> Version | None:
        """Return None for a village: which of its children may be named is asked each time."""
        return None if isinstance(self.place, Village) else super().version()

    @cached_property
    def priority_list(self) -> PriorityList | None:
        """Return the children of a village for those who work with them; None elsewhere."""
        place = self.place
        if isinstance(place, Village) and can_see_place(place, self.user, people=True):
            return priority_children(place, self.month, self.user)
        return None

    @cached_property
    def children(self) -> list[ChildLine]:
        """Return the children of a village by name, the most urgent reason first."""
        found = self.priority_list.children if self.priority_list else []
        return child_lines(
            (row.child, row.child.posyandu.name if row.child.posyandu else "", row.reasons) for row in found
        )

    @property
    def files(self) -> PageTables:
        """Return the children of a village, elsewhere the counts."""
        return {"priority-children": self.children_list} if self.priority_list else super().files

    @property
    def names_shown(self) -> bool:
        return bool(self.children)

    def children_list(self) -> ExportTable:
        return child_table(
            "priority-children",
            _("Posyandu"),
            self.children,
            user=self.user,
            place=self.place,
            part=str(self.place.pk),
            title=self.title,
            month=self.month,
            definitions=_definitions(),
        )

    @property
    def hidden_count(self) -> int:
        return self.priority_list.hidden if self.priority_list else 0

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Return how each count is made; a page with a table says it there."""
        return () if self.tables else _definitions()

    @cached_property
    def totals(self) -> list[tuple[str, str, str]]:
        """Return each reason with its kind of chip and its count at the place."""
        return [
            (CHIPS[r], priority_words(r), count_cell(self._count(self.summary, r)).text) for r in Priority
        ]

    def _count(self, found: Summary, reason: Priority) -> int | None:
        return children_with(found.counts, reason, is_running=found.stunted.is_running)

    @cached_property
    def tables(self) -> FigureTables:
        return {} if isinstance(self.place, Village) else {"priority": self.count_table}

    def count_table(self) -> FigureTable:
        """Return children by reason: kecamatan of the district (villages when asked for), else villages."""
        rows = village_rows(self.place, self.month, self.user)
        found: PlaceRows = kecamatan_sums(rows) if self.by == "kecamatan" else rows
        places = [(row.place, [self._count(row.summary, r) for r in Priority]) for row in found]
        label = _("Kecamatan") if self.by == "kecamatan" else _("Desa/kelurahan")
        columns = (
            place_column(label),
            *(TableColumn(reason, priority_words(reason)) for reason in Priority),
        )
        # Most of the most urgent first.
        places.sort(key=lambda pair: ([-(count or 0) for count in pair[1]], pair[0].name))
        drawn = tuple(
            PageRow(
                (place_cell(place), *map(count_cell, counts)),
                place_url(place, self.month, Section.PRIORITY),
            )
            for place, counts in places
        )
        table = FigureTable("priority", columns, drawn, _("Anak yang perlu didahulukan"), _definitions())
        return self.with_lokus_of_villages(table)


def priority_words(reason: Priority) -> str:
    """Return a reason as its chip and its column say it."""
    return {
        Priority.SEVERELY_WASTED: _("Gizi buruk"),
        Priority.WASTED: _("Gizi kurang"),
        Priority.SEVERELY_STUNTED: _("Sangat pendek"),
        Priority.STUNTED: _("Pendek"),
        Priority.TWICE_NOT_GAINED: _("Berat tidak naik 2 bulan berturut-turut (2T)"),
        Priority.MISSED_TWICE: _("Dua bulan tidak diukur"),
    }[reason]


def _definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Gizi buruk, gizi kurang"),
            _("BB/TB di bawah −3 SD (atau bengkak di kedua punggung kaki), dan −3 sampai di bawah −2 SD."),
        ),
        Definition(_("Sangat pendek, pendek"), _("TB/U di bawah −3 SD, dan −3 sampai di bawah −2 SD.")),
        Definition(
            _("Berat tidak naik 2 bulan berturut-turut (2T)"),
            _(
                "Berat badan tidak naik atau kurang dari KBM bulan ini dan bulan lalu, menurut "
                "penimbangan terakhir tiap bulan."
            ),
        ),
        Definition(
            _("Dua bulan tidak diukur"),
            _(
                "Terdaftar, dan tidak diukur bulan ini dan bulan lalu: dua bulan penuh. Bulan yang masih "
                "berjalan belum dihitung."
            ),
        ),
        Definition(
            _("Tanda –"),
            _("Belum diketahui: belum ada anak dengan nilai itu, atau bulannya belum selesai. Bukan nol."),
        ),
        Definition(
            _("Satu anak, beberapa sebab"),
            _("Seorang anak dengan dua sebab dihitung di kedua kolom; jumlah kolom bukan jumlah anak."),
        ),
    )
