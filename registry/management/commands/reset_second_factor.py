"""``manage.py reset_second_factor NAME``: let somebody whose phone is lost set up another second factor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.actions.second_factor import reset_second_factor
from registry.models import User


class Command(BaseCommand):
    help = (
        "Menghapus langkah kedua seorang pengguna yang kehilangan HP dan kode cadangannya, dan mengakhiri "
        "sesinya. Pastikan dulu bahwa benar dia yang meminta."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="nama pengguna")
        parser.add_argument("--reason", default="", help="alasan, masuk ke catatan perubahan")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        user = User.objects.find_by_name(name)
        if user is None:
            raise CommandError(_("Tidak ada pengguna bernama %(name)s.") % {"name": name})
        if not reset_second_factor(user, by=None, reason=options["reason"]):
            raise CommandError(_("%(name)s tidak punya langkah kedua.") % {"name": user.username})
        done = _("Langkah kedua %(name)s dihapus dan sesinya diakhiri. Dia menyiapkannya lagi saat masuk.")
        self.stdout.write(done % {"name": user.username})
