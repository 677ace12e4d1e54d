"""The village's weighing report of a month (SKDN): one A4 page for the posyandu's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.exports_children import skdn_followed_list
from kpm.exports_staff import percent_of, villages_list
from kpm.templatetags.site import percent
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, list_villages
from registry.access.query import find_month
from registry.calendar_months import add_months, current_month
from registry.exports.page_table import ExportTable, PageTables, list_columns
from registry.exports.response import export_response
from registry.figures.default_month import default_month_of_workspace
from registry.figures.skdn import Skdn, SkdnLine, skdn

LETTERS = ("S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "D/S", "N/D")
"""The columns of the report's tables."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name and its numbers, in the order of LETTERS, as shown and as they are; a cell
    that is None is left for the pen.
    """

    name: str
    cells: list[str | None]
    numbers: list[int | float | None]
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of an age group, under one heading."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the summary with how it is counted."""

    label: str
    value: str
    definition: str
    note: str = ""


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """``?village=CODE&month=YYYY-MM``: the report; whoever has several villages and names none chooses."""
    month, village = find_month(request.GET) or default_month_of_workspace(), find_village(request)
    context: dict[str, Any] = {"month": month, "village": village, "today": timezone.localdate()}
    if village is None:
        villages = list_villages(user_of(request)).order_by("kecamatan__name", "kecamatan_id", "name")
        if file := export_response(request, {"villages": lambda: villages_list(villages)}):
            return file
        context["villages"] = villages
        return render(request, "kpm/skdn.html", context)
    found = skdn(village, month, user_of(request))
    if file := export_response(request, _lists(found)):
        return file
    context |= {
        "report": found,
        "query": f"village={village.pk}&month={month:%Y-%m}&",
        "letters": LETTERS,
        "groups": list(_groups(found)),
        "posyandu": _posyandu(found),
        "books_asked": _books_asked(found.total),
        "numbers": _numbers(found.total),
        "before": add_months(month, -1),
        "after": add_months(month, 1) if month < current_month() else None,
    }
    return render(request, "kpm/skdn.html", context)


def _books_asked(total: SkdnLine) -> bool:
    """Whether of any child it is known if it has a growth book; else K is left for the pen."""
    return total.books_unknown < total.counts.registered


def _groups(found: Skdn) -> Iterator[Group]:
    total = found.total
    for ages in found.ages:
        yield Group(str(ages.age_group.label), _by_sex(ages.boys, ages.girls, ages.both, total))
    yield Group(_("Semua umur"), _by_sex(found.boys, found.girls, total, total))


def _by_sex(boys: SkdnLine, girls: SkdnLine, both: SkdnLine, total: SkdnLine) -> list[Row]:
    return [
        _row(_("L"), boys, total),
        _row(_("P"), girls, total),
        _row(_("L+P"), both, total, is_sum=True),
    ]


def _row(name: str, line: SkdnLine, total: SkdnLine, *, is_sum: bool = False) -> Row:
    c = line.counts
    counts = [
        c.registered,
        line.books if _books_asked(total) else None,
        *(c.weighed, c.gained, c.not_gained, c.not_before, c.first),
        *(line.twice_not_gained, line.below_red_line),
    ]
    shares = [(c.weighed, c.registered), (c.gained, c.weighed)]
    shown = [None if count is None else _count(count) for count in counts]
    return Row(
        name,
        [*shown, *(percent(*share) for share in shares)],
        [*counts, *(percent_of(*share) for share in shares)],
        is_sum,
    )


def _posyandu(found: Skdn) -> list[Row]:
    return [_row(str(p.posyandu or _("Tanpa posyandu")), p.line, found.total) for p in found.posyandu]


def _lists(found: Skdn) -> PageTables:
    """The tables of the report, and the children it names."""
    return {
        "ages": lambda: _ages_list(found),
        "posyandu": lambda: _counts_list("posyandu", found, [_("Posyandu")], [], _posyandu(found)),
        "followed": lambda: skdn_followed_list(found),
    }


def _ages_list(found: Skdn) -> ExportTable:
    groups = list(_groups(found))
    names = [group.name for group in groups for _row in group.rows]
    rows = [row for group in groups for row in group.rows]
    return _counts_list("ages", found, [_("Umur"), _("Jenis kelamin")], names, rows)


def _counts_list(key: str, found: Skdn, heads: list[str], before: list[str], rows: list[Row]) -> ExportTable:
    """A table of the report, with every number of its total line on the sheet behind. D/S and N/D are in per
    cent; ``before``: what stands in front of the name of each row.
    """
    shares = [f"{letter} (%)" if "/" in letter else letter for letter in LETTERS]
    made = [[*([before[line]] if before else []), row.name, *row.numbers] for line, row in enumerate(rows)]
    said = [
        (n.label, f"{n.value} ({n.note}). {n.definition}" if n.note else f"{n.value}. {n.definition}")
        for n in _numbers(found.total)
    ]
    return ExportTable(
        name=f"skdn-{key}",
        columns=list_columns([*heads, *shares], naming=len(heads) - 1),
        rows=made,
        part=found.village.pk,
        month=found.month,
        about=[
            (_("Desa/kelurahan"), f"{found.village.name} ({found.village.pk})"),
            (_("Bulan"), date_format(found.month, "F Y")),
            *said,
        ],
    )


def _count(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def _of(part: int, whole: int) -> str:
    return _("%(part)s dari %(whole)s") % {"part": _count(part), "whole": _count(whole)}


def _books(line: SkdnLine) -> Number:
    unknown = _("%(count)s anak belum ditanya") % {"count": _count(line.books_unknown)}
    asked = _books_asked(line)
    return Number(
        _("K: punya buku KIA/KMS"),
        _count(line.books) if asked else "–",
        _(
            "Anak dari S yang punya buku KIA/KMS, menurut data anaknya hari ini. Kalau belum ada yang "
            "ditanya, kotaknya kosong untuk diisi dengan tangan."
        ),
        (unknown if line.books_unknown else "") if asked else _("belum ditanya, isi dengan tangan"),
    )


def _numbers(line: SkdnLine) -> list[Number]:
    """Every number of the total line with how it is counted, in the order of the form."""
    c = line.counts
    return [
        Number(
            _("S: terdaftar"),
            _count(c.registered),
            _(
                "Anak di bawah lima tahun yang tinggal di desa ini pada hari terakhir bulan itu, atau yang "
                "terakhir diukur di sini bulan itu. Yang meninggal, pindah keluar kabupaten atau genap 60 "
                "bulan tidak dihitung lagi. Umurnya umur pada hari diukur; kalau tidak diukur, pada akhir "
                "bulan."
            ),
        ),
        _books(line),
        Number(
            _("D: ditimbang"),
            _count(c.weighed),
            _("Anak dari S yang ditimbang paling sedikit sekali bulan itu. D = N + T + O + B."),
        ),
        Number(
            _("N: naik"),
            _count(c.gained),
            _("Beratnya naik sekurangnya kenaikan berat minimum (KBM) di KMS sejak timbangan bulan lalu."),
        ),
        Number(
            _("T: tidak naik"),
            _count(c.not_gained),
            _("Ditimbang juga bulan lalu, tetapi beratnya tidak naik atau naik kurang dari KBM."),
        ),
        Number(
            _("O: bulan lalu tidak ditimbang"),
            _count(c.not_before),
            _("Ditimbang bulan ini dan pernah ditimbang, tetapi tidak bulan lalu."),
        ),
        Number(
            _("B: baru"),
            _count(c.first),
            _("Bulan ini pertama kali ditimbang. Diputuskan berurutan: B, O, N, T."),
        ),
        Number(
            _("2T: dua kali tidak naik"),
            _count(line.twice_not_gained),
            _("T bulan ini dan T juga bulan lalu. Sudah termasuk dalam T."),
        ),
        Number(
            _("BGM: bawah garis merah"),
            _count(line.below_red_line),
            _(
                "Berat menurut umur (BB/U) di bawah −3 SD, atau edema di kedua punggung kaki. Dari nilai "
                "terakhir yang dipercaya bulan itu."
            ),
        ),
        Number(
            _("D/S: partisipasi"),
            percent(c.weighed, c.registered),
            _("Yang ditimbang (D) dibagi yang terdaftar (S)."),
            _of(c.weighed, c.registered),
        ),
        Number(
            _("N/D: keberhasilan"),
            percent(c.gained, c.weighed),
            _("Yang naik (N) dibagi semua yang ditimbang (D)."),
            _of(c.gained, c.weighed),
        ),
        Number(
            _("N/(D−O−B)"),
            percent(c.gained, line.compared),
            _(
                "Yang naik (N) dibagi anak yang bisa dibandingkan dengan bulan lalu: D tanpa O dan B, "
                "sama dengan N + T. Sebagian kantor melaporkan angka ini sebagai keberhasilan."
            ),
            _of(c.gained, line.compared),
        ),
    ]
