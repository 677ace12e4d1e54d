"""``manage.py recompute_gain``: N, T, O and B of all children again, by a changed table of gains (KBM)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from registry.actions.gain import recompute_village_gains
from registry.models import Village


class Command(BaseCommand):
    help = (
        "Menghitung ulang N, T, O dan B semua anak menurut tabel kenaikan berat minimum (KBM), "
        "beserta angkanya. Dijalankan setelah tabel itu berubah; aman diulang."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        villages = Village.objects.order_by("pk")
        changed = sum(map(recompute_village_gains, tqdm(villages, unit=_("desa"), disable=None)))
        self.stdout.write(_("%(count)d kode N/T/O/B berubah.") % {"count": changed})
