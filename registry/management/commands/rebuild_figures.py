"""``manage.py rebuild_figures``: count the figures again, or prove that the stored ones are right."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from registry.actions.grade import grade_month
from registry.actions.refresh import Difference, differences, months_in_use, open_month, rebuild_month
from registry.calendar_months import InvalidMonth, current_month, months_back, parse_month
from registry.figures.count import HALF_SDS
from registry.models.month import COUNTERS
from registry.observability.marks import FIGURES_CHECK, note_done

SPREAD = ("haz_count", "haz_total", "haz_squares", *(f"haz_{i / 2 - 6:g}" for i in range(HALF_SDS)))
_SHOWN = 50  # differences written out; a broken register has thousands, and the first tell what is wrong


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except InvalidMonth as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = (
        "Menghitung ulang angka desa per bulan dari pengukuran. "
        "--check hanya membandingkan dan gagal bila ada yang berbeda."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="bandingkan saja, tidak menulis apa pun")
        what.add_argument(
            "--open",
            action="store_true",
            help="hanya buka bulan ini bila belum dibuka, dan nilai mutu data bulan ini dan bulan lalu",
        )
        parser.add_argument("--month", type=_month, help="satu bulan saja, misalnya 2024-08")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError when ``--check`` finds a difference, so that the exit code says it."""
        month: date | None = options["month"]
        if options["open"]:
            open_month(month or current_month())
            for at in [month] if month else months_back(current_month(), 2):
                grade_month(at)
        elif options["check"]:
            self._check([month] if month else months_in_use(), is_whole=not month)
        else:
            self._rebuild([month] if month else sorted({*months_in_use(), current_month()}))

    def _rebuild(self, months: Sequence[date]) -> None:
        for month in tqdm(months, desc=_("Menghitung"), unit=_("bulan"), disable=None):
            rebuild_month(month)
            grade_month(month)
        self.stdout.write(
            ngettext("%(count)d bulan dihitung ulang.", "%(count)d bulan dihitung ulang.", len(months))
            % {"count": len(months)}
        )

    def _check(self, months: Sequence[date], *, is_whole: bool) -> None:
        found = 0
        for month in tqdm(months, desc=_("Memeriksa"), unit=_("bulan"), disable=None):
            for difference in differences(month):
                found += 1
                if found <= _SHOWN:
                    self.stdout.write(_in_words(difference))
        if is_whole:
            note_done(FIGURES_CHECK, found)
        if found:
            raise CommandError(
                _("%(count)d angka berbeda dari hitungan ulang. Jalankan: manage.py rebuild_figures")
                % {"count": found}
            )
        self.stdout.write(
            _("%(count)d bulan diperiksa; semua angka sama dengan hitungan ulang.") % {"count": len(months)}
        )


def _in_words(difference: Difference) -> str:
    """Return a line such as ``2024-08 33.01.02.2009 2 12-23: measured 4 -> 5``, stored and then counted."""
    names = COUNTERS if difference.cell.sex else SPREAD
    nothing = (0,) * len(names)
    pairs = zip(names, difference.stored or nothing, difference.counted or nothing, strict=True)
    what = ", ".join(f"{name} {stored} -> {counted}" for name, stored, counted in pairs if stored != counted)
    cell = difference.cell
    where = f"{difference.month:%Y-%m} {cell.village_id} {cell.sex} {cell.age_group}"
    empty = _("baris kosong yang seharusnya tidak ada")
    return f"{where}: {what or empty}"
