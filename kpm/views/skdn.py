"""The village's weighing report of a month (SKDN): one A4 page for the posyandu's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpm.access import month_asked, village_asked, villages_for
from kpm.templatetags.site import percent
from registry.figures import add_months, current_month
from registry.figures.skdn import Skdn, SkdnLine, skdn
from registry.pages import people_required, user_of

LETTERS = ("S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "D/S", "N/D")
"""The columns of the report's tables."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name and its cells, in the order of LETTERS; None is left for the pen."""

    name: str
    cells: list[str | None]
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
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """``?village=CODE&month=YYYY-MM``: the report; whoever has several villages and names none chooses."""
    month, village = month_asked(request), village_asked(request)
    context: dict[str, Any] = {"month": month, "village": village, "today": timezone.localdate()}
    if village is None:
        context["villages"] = villages_for(request).order_by("kecamatan__name", "kecamatan_id", "name")
        return render(request, "kpm/skdn.html", context)
    found = skdn(village, month, user_of(request))
    context |= {
        "report": found,
        "letters": LETTERS,
        "groups": list(_groups(found)),
        "posyandu": [
            Row(str(part.posyandu or _("Tanpa posyandu")), _cells(part.line, found.total))
            for part in found.posyandu
        ],
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
        Row(_("L"), _cells(boys, total)),
        Row(_("P"), _cells(girls, total)),
        Row(_("L+P"), _cells(both, total), is_sum=True),
    ]


def _cells(line: SkdnLine, total: SkdnLine) -> list[str | None]:
    c = line.counts
    counted = [c.gained, c.not_gained, c.not_before, c.first, line.twice_not_gained, line.below_red_line]
    return [
        _count(c.registered),
        _count(line.books) if _books_asked(total) else None,
        _count(c.weighed),
        *map(_count, counted),
        percent(c.weighed, c.registered),
        percent(c.gained, c.weighed),
    ]


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
