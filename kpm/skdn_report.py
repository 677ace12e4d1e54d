"""The village's weighing report (SKDN) as its page and its files show it. Pure, but for what is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kpm.exports_children import skdn_followed_list
from kpm.exports_staff import percent_of
from kpm.templatetags.site import percent
from registry.exports.page_table import ExportTable, PageTables, list_columns
from registry.figures.skdn import Skdn, SkdnLine
from registry.models import User

LETTERS = ("S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "D/S", "N/D")
"""The columns of the report's tables."""

NOT_RECORDED = "–"
"""What stands for a number of a month in which nobody was weighed: nothing is known, and not that it is 0."""


@dataclass(frozen=True, slots=True)
class SkdnRow:
    """A line of a table: its name and its numbers, in the order of LETTERS, as shown and as they are.

    A cell that is None is left for the pen.
    """

    name: str
    cells: list[str | None]
    numbers: list[int | float | None]
    is_sum: bool = False

    @property
    def is_waiting(self) -> bool:
        """Return whether no weighing has been recorded, so that D and what follows are dashes."""
        return self.numbers[LETTERS.index("D")] is None


@dataclass(frozen=True, slots=True)
class SkdnGroup:
    """The lines of an age group, under one heading."""

    name: str
    rows: list[SkdnRow]


@dataclass(frozen=True, slots=True)
class SkdnNumber:
    """A number of the summary with how it is counted."""

    label: str
    value: str
    definition: str
    note: str = ""


def has_books(total: SkdnLine) -> bool:
    """Return whether of any child it is known if it has a growth book; else K is left for the pen."""
    return total.books_unknown < total.counts.registered


def has_weighing(place: SkdnLine) -> bool:
    """Return whether anybody of a place was weighed that month; else D, N and the like are not known."""
    return place.counts.has_weighing


def skdn_groups(found: Skdn) -> Iterator[SkdnGroup]:
    total = found.total
    for ages in found.ages:
        yield SkdnGroup(str(ages.age_group.label), _by_sex(ages.boys, ages.girls, ages.both, total))
    yield SkdnGroup(_("Semua umur"), _by_sex(found.boys, found.girls, total, total))


def _by_sex(boys: SkdnLine, girls: SkdnLine, both: SkdnLine, total: SkdnLine) -> list[SkdnRow]:
    return [
        _row(_("L"), boys, total),
        _row(_("P"), girls, total),
        _row(_("L+P"), both, total, is_sum=True),
    ]


def _row(
    name: str, line: SkdnLine, total: SkdnLine, *, place: SkdnLine | None = None, is_sum: bool = False
) -> SkdnRow:
    """Return a line of a table. ``place``: whose weighing its children come to; that of the village."""
    c = line.counts
    books = line.books if has_books(total) else None
    start = [c.registered, books]
    shown = [_count(c.registered), None if books is None else _count(books)]
    if not has_weighing(place or total):
        rest = len(LETTERS) - len(start)
        return SkdnRow(name, [*shown, *[NOT_RECORDED] * rest], [*start, *[None] * rest], is_sum)
    weighed = [
        *(c.weighed, c.gained, c.not_gained, c.not_before, c.first),
        *(line.twice_not_gained, line.below_red_line),
    ]
    shares = [(c.weighed, c.registered), (c.gained, c.weighed)]
    return SkdnRow(
        name,
        [*shown, *map(_count, weighed), *(percent(*share) for share in shares)],
        [*start, *weighed, *(percent_of(*share) for share in shares)],
        is_sum,
    )


def posyandu_rows(found: Skdn) -> list[SkdnRow]:
    """Return the line of each posyandu: it has a day of its own, so its numbers may be still to come."""
    return [
        _row(str(p.posyandu or _("Tanpa posyandu")), p.line, found.total, place=p.line)
        for p in found.posyandu
    ]


def skdn_tables(user: User, found: Skdn) -> PageTables:
    """Return the tables of the report, and the children it names."""
    return {
        "ages": lambda: _ages_table(found),
        "posyandu": lambda: _counts_table("posyandu", found, [_("Posyandu")], [], posyandu_rows(found)),
        "followed": lambda: skdn_followed_list(user, found),
    }


def _ages_table(found: Skdn) -> ExportTable:
    groups = list(skdn_groups(found))
    names = [group.name for group in groups for _row in group.rows]
    rows = [row for group in groups for row in group.rows]
    return _counts_table("ages", found, [_("Umur"), _("Jenis kelamin")], names, rows)


def _counts_table(
    key: str, found: Skdn, headings: list[str], before: list[str], rows: list[SkdnRow]
) -> ExportTable:
    """Return a table of the report, with every number of its total line on the sheet behind.

    D/S and N/D are in per cent. ``before``: what stands in front of the name of each row.
    """
    shares = [f"{letter} (%)" if "/" in letter else letter for letter in LETTERS]
    made = [[*([before[line]] if before else []), row.name, *row.numbers] for line, row in enumerate(rows)]
    explained = [
        (n.label, f"{n.value} ({n.note}). {n.definition}" if n.note else f"{n.value}. {n.definition}")
        for n in skdn_numbers(found.total)
    ]
    return ExportTable(
        f"skdn-{key}",
        list_columns([*headings, *shares], naming=len(headings) - 1),
        made,
        part=found.village.pk,
        month=found.month,
        about=[
            (_("Desa/kelurahan"), f"{found.village.name} ({found.village.pk})"),
            (_("Bulan"), date_format(found.month, "F Y")),
            *explained,
        ],
    )


def _count(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def _of(part: int, whole: int) -> str:
    return _("%(part)s dari %(whole)s") % {"part": _count(part), "whole": _count(whole)}


def _books(line: SkdnLine) -> SkdnNumber:
    unknown = _("%(count)s anak belum ditanya") % {"count": _count(line.books_unknown)}
    asked = has_books(line)
    return SkdnNumber(
        _("K: memiliki buku KIA"),
        _count(line.books) if asked else "–",
        _(
            "Anak dari S yang memiliki buku KIA, menurut data anaknya hari ini. Kalau belum ada yang "
            "ditanya, kotaknya kosong untuk diisi dengan tangan."
        ),
        (unknown if line.books_unknown else "") if asked else _("belum ditanya, isi dengan tangan"),
    )


def skdn_numbers(line: SkdnLine) -> list[SkdnNumber]:
    """Return every number of the total line with how it is counted, in the order of the form."""
    c = line.counts
    return [
        SkdnNumber(
            _("S: semua balita (terdaftar)"),
            _count(c.registered),
            _(
                "Anak di bawah lima tahun yang tinggal di desa ini pada hari terakhir bulan itu, atau "
                "yang terakhir diukur di sini bulan itu. Yang meninggal, pindah keluar kabupaten atau "
                "genap 60 bulan tidak dihitung lagi. Umur dihitung pada hari diukur, atau pada akhir "
                "bulan kalau tidak diukur."
            ),
        ),
        _books(line),
        *(one if has_weighing(line) else _unknown(one) for one in _weighing_numbers(line)),
    ]


def _unknown(number: SkdnNumber) -> SkdnNumber:
    return replace(number, value=NOT_RECORDED, note=_("belum ada penimbangan bulan ini"))


def _weighing_numbers(line: SkdnLine) -> list[SkdnNumber]:
    """Return the numbers that nobody knows where nobody was weighed."""
    weighed = SkdnNumber(
        _("D: ditimbang"),
        _count(line.counts.weighed),
        _("Anak dari S yang ditimbang paling sedikit sekali bulan itu. D = N + T + O + B."),
    )
    return [weighed, *_gain_numbers(line), *_share_numbers(line)]


def _gain_numbers(line: SkdnLine) -> list[SkdnNumber]:
    c = line.counts
    return [
        SkdnNumber(
            _("N: naik"),
            _count(c.gained),
            _("Beratnya naik sekurangnya kenaikan berat minimum (KBM) di KMS sejak penimbangan bulan lalu."),
        ),
        SkdnNumber(
            _("T: tidak naik"),
            _count(c.not_gained),
            _("Ditimbang juga bulan lalu, tetapi beratnya tidak naik atau naik kurang dari KBM."),
        ),
        SkdnNumber(
            _("O: bulan lalu tidak ditimbang"),
            _count(c.not_before),
            _(
                "Ditimbang bulan ini dan pernah ditimbang, tetapi tidak ada berat valid kira-kira sebulan "
                "lalu sebagai pembanding."
            ),
        ),
        SkdnNumber(
            _("B: baru"),
            _count(c.first),
            _("Bulan ini pertama kali ditimbang. Diputuskan berurutan: B, O, N, T."),
        ),
        SkdnNumber(
            _("2T: tidak naik 2 bulan berturut-turut"),
            _count(line.twice_not_gained),
            _("T bulan ini dan T juga bulan lalu. Sudah termasuk dalam T."),
        ),
        SkdnNumber(
            _("BGM: bawah garis merah atau edema"),
            _count(line.below_red_line),
            _(
                "Berat Badan menurut Umur (BB/U) di bawah −3 SD, yaitu di bawah garis merah KMS, atau "
                "bengkak (edema) di kedua punggung kaki. Dari nilai terakhir yang valid bulan itu."
            ),
        ),
    ]


def _share_numbers(line: SkdnLine) -> list[SkdnNumber]:
    c = line.counts
    return [
        SkdnNumber(
            _("D/S: partisipasi"),
            percent(c.weighed, c.registered),
            _("Yang ditimbang (D) dibagi yang terdaftar (S)."),
            _of(c.weighed, c.registered),
        ),
        SkdnNumber(
            _("N/D: keberhasilan"),
            percent(c.gained, c.weighed),
            _("Yang naik (N) dibagi semua yang ditimbang (D)."),
            _of(c.gained, c.weighed),
        ),
        SkdnNumber(
            _("N/D′"),
            percent(c.gained, line.compared),
            _(
                "Yang naik (N) dibagi D′: anak yang ditimbang bulan ini dan bulan lalu (D tanpa O dan B, "
                "sama dengan N + T). Sebagian kantor melaporkan angka ini sebagai keberhasilan."
            ),
            _of(c.gained, line.compared),
        ),
    ]
