"""What a file brings, counted in children and measurements: the one way for pages, lists and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.imports.report import TAKEN, Report, RowOutcome
from registry.models import Upload

Counts = Mapping[str, int]

_CHILDREN: Mapping[str, str | Promise] = {
    "children_new": gettext_lazy("Anak baru"),
    "children_matched": gettext_lazy("Anak yang sudah terdaftar"),
    "measurements_new": gettext_lazy("Pengukuran baru"),
}
"""What the page shows large, with the words of each."""

_ROWS: Mapping[str, RowOutcome] = {
    "completed": RowOutcome.COMPLETED,
    "measurements_same": RowOutcome.SAME,
    "ask": RowOutcome.ASK,
    "refused": RowOutcome.REFUSED,
    "skipped": RowOutcome.SKIPPED,
}
"""What becomes of the rows that bring neither a child nor a measurement."""

_PART = {"children_new": "children_new_doubtful", "measurements_new": "measurements_doubtful"}


@dataclass(frozen=True, slots=True)
class CountLine:
    """A number with its words; ``note`` says which part of it is doubtful."""

    words: str
    count: int
    note: str = ""


def counts_of(report: Report) -> dict[str, int]:
    """Return what a report brings by the names that programs know; doubtful ones are a part of the others."""
    rows = report.counts
    return {
        "children_new": report.children_new,
        "children_new_doubtful": report.children_new_doubtful,
        "children_matched": report.children_matched,
        "children_departed": report.children_departed,
        "measurements_new": report.measurements_new,
        "measurements_doubtful": rows[RowOutcome.DOUBTFUL],
        **{name: rows[outcome] for name, outcome in _ROWS.items()},
    }


def stored_counts(upload: Upload) -> Counts:
    """Return what an upload brought; empty before it is saved, and of one saved before December 2026."""
    counts: Counts = upload.summary.get("counts", {}) if upload.committed_at else {}
    return counts


def children_lines(counts: Counts) -> list[CountLine]:
    """Return the children and measurements, also where there are none."""
    return [_line(words, counts, name) for name, words in _CHILDREN.items()]


def taken_lines(report: Report) -> list[CountLine]:
    """Return the rows that are stored, of a file of another kind than measurements."""
    return [
        CountLine(str(one.words), report.counts[one])
        for one in RowOutcome
        if report.counts[one] and one in TAKEN
    ]


def row_lines(counts: Counts) -> list[CountLine]:
    """Return the rows that bring neither, but no kind of which there is none."""
    return [CountLine(str(one.words), counts[name]) for name, one in _ROWS.items() if counts[name]]


def _line(words: str | Promise, counts: Counts, name: str) -> CountLine:
    doubtful = counts.get(_PART.get(name, ""), 0)
    note = _("termasuk %(count)s meragukan") % {"count": intcomma(doubtful)} if doubtful else ""
    return CountLine(str(words), counts.get(name, 0), note)


def undated_sentence(names: Sequence[str]) -> str:
    """Return which months or sheets wait for the day they were measured; empty where none does."""
    sentence = _("Belum bisa disimpan, karena tanggal pengukurannya belum dijawab: %(names)s.")
    return sentence % {"names": ", ".join(names)} if names else ""


def effect_sentence(counts: Counts) -> str:
    """Return ``7 anak baru, 9 pengukuran baru (termasuk 1 meragukan).``, without what is none."""
    departed = counts.get("children_departed", 0)  # none of an upload saved before these were counted
    said = {
        "children_new": ngettext("%(count)s anak baru", "%(count)s anak baru", counts["children_new"]),
        "children_matched": ngettext(
            "%(count)s anak yang sudah terdaftar",
            "%(count)s anak yang sudah terdaftar",
            counts["children_matched"],
        ),
        "children_departed": ngettext(
            "%(count)s anak tercatat pindah keluar atau meninggal",
            "%(count)s anak tercatat pindah keluar atau meninggal",
            departed,
        ),
        "measurements_new": ngettext(
            "%(count)s pengukuran baru", "%(count)s pengukuran baru", counts["measurements_new"]
        ),
    }
    parts = [words % {"count": intcomma(counts[name])} for name, words in said.items() if counts.get(name)]
    if not parts:
        return _("Tidak ada anak atau pengukuran baru.")
    note = _line("", counts, "measurements_new").note
    return ", ".join(parts) + (f" ({note})." if note else ".")
