"""``manage.py rebuild_cases``: derive all cases again, or prove that the stored ones are right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from kpm.case_actions import differing_cases, rebuild_cases
from registry.models import Child

_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Menurunkan lagi semua kasus dari pengukuran, riwayat hidup dan langkah. "
        "--check hanya membandingkan dan gagal bila ada yang berbeda."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="bandingkan saja, tidak menulis apa pun")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError when ``--check`` finds a difference, so that the exit code says it."""
        if options["check"]:
            self._check()
            return
        with tqdm(total=Child.objects.count(), desc=_("Kasus"), unit=_("anak"), disable=None) as bar:
            changed = rebuild_cases(bar.update)
        self.stdout.write(_("%(count)d baris kasus berubah.") % {"count": changed})

    def _check(self) -> None:
        found = differing_cases()
        for line in found[:_SHOWN]:
            self.stdout.write(line)
        if found:
            raise CommandError(
                _("%(count)d kasus berbeda dari turunannya. Jalankan: manage.py rebuild_cases")
                % {"count": len(found)}
            )
        self.stdout.write(_("Semua kasus sama dengan turunannya."))
