"""``manage.py load_places``: the kecamatan, villages, puskesmas, target and surveys of Cilacap."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from registry.places.load import load_places


class Command(BaseCommand):
    help = "Memuat wilayah, target dan hasil survei Kabupaten Cilacap. Aman dijalankan berkali-kali."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_places()
        if report.changed_nothing:
            self.stdout.write(_("Wilayah sudah lengkap; tidak ada yang berubah."))
            return
        for model in report.tables:
            self.stdout.write(
                _("%(what)s: %(added)d baru, %(changed)d berubah.")
                % {
                    "what": model._meta.verbose_name,
                    "added": report.added[model],
                    "changed": report.changed[model],
                }
            )
