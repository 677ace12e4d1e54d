"""Cases of a place: which are open, what became of those of a month, and the stunted who come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboard.definitions import Definition
from dashboard.formatting import month_name
from dashboard.links import place_url
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.sections import Section
from dashboard.tables import FigureTable, count_cell, place_cell, place_column, text_cell
from kpm.case_figures import (
    NO_CASES,
    CaseCascade,
    CaseState,
    OpenCases,
    StuntedFlow,
    cases_version,
    count_cascade,
    count_open_cases,
    count_stunted_flow,
    sum_open_cases,
)
from kpm.models.case import KIND_WORDS
from registry.access.visible_places import Place, place_code, villages_of
from registry.calendar_months import month_of
from registry.exports.page_table import PageCell, PageRow, TableColumn
from registry.figures.version import Version, is_counted
from registry.models import Kecamatan, Village


class CasesPage(FigurePage):
    """Counts and days by place; names stand on the follow-up list of each village."""

    section = Section.CASES

    @property
    def months_shown(self) -> list[date]:
        """Return the current month as well once anything is counted in it: it closes and opens cases."""
        now = month_of(self.today)
        return [self.month, now] if is_counted(now) else [self.month]

    def version(self) -> Version:
        """Return the version of the figures; a step and a day change it as well."""
        return (super().version(), cases_version(self.today))

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def tables(self) -> FigureTables:
        below = {} if isinstance(self.place, Village) else {"open-cases": self.open_table}
        return below | {"cascade": self.cascade_table, "stunted-flow": self.flow_table}

    @cached_property
    def totals(self) -> list[tuple[str, str]]:
        """Return what is open at the place today, each number with its words."""
        found = sum_open_cases(self.place, self.today)
        return [
            (heading, cell.text)
            for heading, cell in zip(_open_headings(), self._open_cells(self.place, found), strict=True)
        ]

    @property
    def follow_up_url(self) -> str:
        """Return the list with the names of a village; empty above one."""
        place = self.place
        return f"{reverse('kpm:follow_up')}?village={place.pk}" if isinstance(place, Village) else ""

    def open_table(self) -> FigureTable:
        """Return the open cases of kecamatan (of the district, unless villages are asked for) or villages."""
        found = count_open_cases(self.place, self.today, by=self.by)
        villages = villages_of(self.place).select_related("kecamatan").order_by("name", "pk")
        places: list[Kecamatan | Village] = list(villages)
        if self.by == "kecamatan":
            kecamatan = {village.kecamatan_id: village.kecamatan for village in villages}
            places = sorted(kecamatan.values(), key=lambda one: one.name)
        counted = [(place, found.get(place.pk, NO_CASES)) for place in places]
        counted.sort(key=lambda pair: (-pair[1].urgent, -pair[1].overdue, -pair[1].cases, pair[0].name))
        label = _("Kecamatan") if self.by == "kecamatan" else _("Desa/kelurahan")
        columns = (place_column(label), *(TableColumn("", heading) for heading in _open_headings()))
        rows = tuple(
            PageRow(
                (place_cell(place), *self._open_cells(place, cases)),
                place_url(place, self.month, self.section),
            )
            for place, cases in counted
        )
        table = FigureTable("open-cases", columns, rows, _("Kasus terbuka hari ini"), _open_definitions())
        return self.with_lokus_of_villages(table)

    def _open_cells(self, place: Place, found: OpenCases) -> tuple[PageCell, ...]:
        days = (self.today - found.oldest).days if found.oldest else None
        return (
            count_cell(found.children),
            _cell_of_cases(found.cases, place, CaseState.ALL),
            _cell_of_cases(found.urgent, place, CaseState.URGENT),
            _cell_of_cases(found.unvisited, place, CaseState.UNVISITED),
            _cell_of_cases(found.overdue, place, CaseState.OVERDUE),
            count_cell(days),
        )

    def cascade_table(self) -> FigureTable:
        """Return what became of the cases found in the month, a kind a row."""
        headings = (_("Ditemukan"), _("Dikunjungi"), _("Dirujuk"), _("Sampai"), _("Ditangani"), _("Membaik"))
        columns = (
            TableColumn("kind", _("Kasus"), is_number=False, names_row=True),
            *(TableColumn("", heading) for heading in headings),
        )
        found = count_cascade(self.place, self.month, self.today)
        rows = tuple(PageRow((text_cell(_kind_words(one)), *self._cascade_cells(one))) for one in found)
        caption = _("Kasus yang ditemukan %(month)s, sampai hari ini") % {"month": month_name(self.month)}
        return FigureTable("cascade", columns, rows, caption, _cascade_definitions())

    def _cascade_cells(self, found: CaseCascade) -> tuple[PageCell, ...]:
        of_month = {"kind": found.kind.value, "found": f"{self.month:%Y-%m}"}
        counts = (
            (found.found, CaseState.ALL),
            (found.visited, CaseState.VISITED),
            (found.referred, CaseState.REFERRED),
            (found.arrived, CaseState.ARRIVED),
            (found.treated, CaseState.TREATED),
            (found.recovered, CaseState.RECOVERED),
        )
        return tuple(_cell_of_cases(count, self.place, state, **of_month) for count, state in counts)

    def flow_table(self) -> FigureTable:
        """Return where the stunted children of the month come from and go to."""
        counts = count_stunted_flow(self.place, self.month)
        columns = (
            TableColumn("flow", _("Anak stunting"), is_number=False, names_row=True),
            TableColumn("", _("Anak")),
        )
        rows = tuple(PageRow((text_cell(_flow_words(way)), count_cell(counts[way]))) for way in StuntedFlow)
        caption = _("Anak stunting: masuk dan keluar, %(month)s") % {"month": month_name(self.month)}
        return FigureTable("stunted-flow", columns, rows, caption, _flow_definitions())


def _cell_of_cases(count: int, place: Place, state: CaseState, **of_month: str) -> PageCell:
    """Return a number that leads to its cases; nothing leads to none."""
    if not count:
        return count_cell(count)
    asked = {"place": place_code(place), "state": state.value} | of_month
    return replace(count_cell(count), url=f"{reverse('kpm:case_list')}?{urlencode(asked)}")


def _kind_words(found: CaseCascade) -> str:
    return capfirst(str(KIND_WORDS[found.kind]))


def _open_headings() -> tuple[str, ...]:
    return (
        _("Anak"),
        _("Kasus"),
        _("Rujuk hari ini"),
        _("Belum dikunjungi"),
        _("Rujukan tanpa jawaban 7 hari"),
        _("Hari terbuka terlama"),
    )


def _flow_words(way: StuntedFlow) -> str:
    return {
        StuntedFlow.BEFORE: _("stunting sebelum bulan ini"),
        StuntedFlow.NEW: _("+ baru"),
        StuntedFlow.BACK: _("+ diukur lagi setelah dua bulan tidak diukur"),
        StuntedFlow.CAME: _("+ pindah masuk"),
        StuntedFlow.RECOVERED: _("− membaik"),
        StuntedFlow.FIVE: _("− genap lima tahun"),
        StuntedFlow.LEFT: _("− pindah keluar"),
        StuntedFlow.DIED: _("− meninggal"),
        StuntedFlow.LOST: _("− dua bulan tidak diukur"),
        StuntedFlow.STAY: _("= stunting di akhir bulan"),
    }[way]


def _open_definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Kasus"),
            _(
                "Satu alasan seorang anak perlu ditindaklanjuti, sejak ditemukan sampai selesai. Anak dengan "
                "dua alasan punya dua kasus."
            ),
        ),
        Definition(
            _("Rujukan tanpa jawaban 7 hari"),
            _(
                "Dirujuk tujuh hari lalu atau lebih, dan belum ada yang mencatat anak sampai, ditangani, "
                "keluarga menolak atau pindah."
            ),
        ),
    )


def _cascade_definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Ditemukan"),
            _(
                "Kasus yang dibuka di bulan ini, di desa tempat anak tinggal hari itu. Angka lain: berapa di "
                "antaranya yang langkahnya tercatat sampai hari ini."
            ),
        ),
        Definition(
            _("Membaik"),
            _("Ditutup oleh pengukuran berikutnya; yang kambuh dihitung di bulan pertama ditemukan."),
        ),
    )


def _flow_definitions() -> tuple[Definition, ...]:
    return (
        Definition(
            _("Jumlahnya"),
            _(
                "Sebelum bulan ini ditambah yang masuk sama dengan yang keluar ditambah yang masih di akhir "
                "bulan. Seorang anak keluar satu kali, lewat jalan yang pertama."
            ),
        ),
        Definition(
            _("Dua bulan tidak diukur"),
            _("Tidak ada kabar selama dua bulan kalender penuh; anak kembali saat diukur lagi."),
        ),
    )
