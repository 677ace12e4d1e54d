"""The form of a decree that names lokus villages, and what each of its pasted lines means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpm.forms.fields import DayField, PlainForm
from registry.models import Village
from registry.places.match import VillageIndex, VillageNotFound

_CODE = re.compile(r"\b\d{2}\.?\d{2}\.?\d{2}\.?\d{4}\b", re.ASCII)
_BETWEEN = re.compile(r"[\t;,/]")


class LokusForm(PlainForm):
    """Year, decree and the villages, a line each; sent once more to confirm."""

    year = forms.IntegerField(
        label=gettext_lazy("Tahun"),
        min_value=2000,
        max_value=2100,
        error_messages={"required": gettext_lazy("Tulis tahunnya, misalnya 2024.")},
    )
    decree_number = forms.CharField(
        label=gettext_lazy("Nomor SK"),
        max_length=60,
        error_messages={"required": gettext_lazy("Tulis nomor SK.")},
    )
    decree_date = DayField(label=gettext_lazy("Tanggal SK"))
    lines = forms.CharField(
        label=gettext_lazy("Desa lokus, satu baris satu desa"),
        help_text=gettext_lazy(
            "Kode desa (33.01.02.2009), atau kecamatan dan desa dipisah koma: Kesugihan, Kuripan."
        ),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": "8", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Tempelkan daftar desanya.")},
    )


class LokusRemovalForm(PlainForm):
    """Why a village is lokus no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Misalnya: salah catat, atau SK perubahan nomor sekian."),
        max_length=200,
        error_messages={"required": gettext_lazy("Tulis mengapa desa ini bukan lokus lagi.")},
    )


@dataclass(frozen=True, slots=True)
class LokusLine:
    """A pasted line: the village it means, the villages it may mean, or why there is none."""

    text: str
    village: Village | None = None
    choices: Sequence[Village] = ()
    problem: str = ""


def read_lokus_lines(text: str, index: VillageIndex, sent: Mapping[str, str]) -> list[LokusLine]:
    """Return what each line that is not empty means; ``sent`` holds the code of an answer as ``choice-1``."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_read_line(line, index, sent.get(f"choice-{n}", "")) for n, line in enumerate(lines, start=1)]


def _read_line(text: str, index: VillageIndex, answer: str) -> LokusLine:
    code = _CODE.search(text)
    rest = _CODE.sub("", text).strip("\t;,/ -.")
    parts = [part.strip() for part in _BETWEEN.split(rest) if part.strip()]
    if len(parts) < 2 and not code:
        return _read_name(text, index, answer)
    kecamatan, name = parts[:2] if len(parts) > 1 else ("", "")
    found = index.find(code[0] if code else "", kecamatan, name)
    if isinstance(found, VillageNotFound) and not code:
        turned = index.find("", name, kecamatan)
        found = turned if isinstance(turned, Village) else found
    if isinstance(found, VillageNotFound):
        return LokusLine(text, problem=found.reason)
    return LokusLine(text, found)


def _read_name(text: str, index: VillageIndex, answer: str) -> LokusLine:
    """Read a line with one name: sure where the kabupaten has one village called so, else asked about."""
    named = index.find_all(text)
    if len(named) == 1:
        return LokusLine(text, named[0])
    if not named:
        found = index.find("", "", text)
        return LokusLine(text, problem=found.reason if isinstance(found, VillageNotFound) else "")
    chosen = next((village for village in named if village.pk == answer), None)
    problem = _("Beberapa desa bernama ini: pilih kecamatannya.")
    return LokusLine(text, chosen) if chosen else LokusLine(text, choices=named, problem=problem)
