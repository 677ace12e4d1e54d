"""``manage.py retention``: take the person out of records whose term is over, or say how many there are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils.translation import gettext as _

from registry.actions.retention import list_expired, pseudonymise_expired
from registry.management.users import get_acting_user

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Mengosongkan nama, NIK, orang tua, alamat dan catatan anak yang masa simpannya lewat "
        "(RETENTION_YEARS). Angka tetap sama. Tidak bisa dibatalkan: coba dulu dengan --dry-run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="hanya menghitung, tidak mengubah apa pun")
        parser.add_argument(
            "--as", dest="username", default="", help="yang menjalankan; bawaan: administrator satu-satunya"
        )

    def handle(self, *args: Any, dry_run: bool, username: str, **options: Any) -> None:
        expired, years = list_expired(), settings.RETENTION_YEARS
        count = expired.count()
        told = _("%(count)d anak melewati masa simpan %(years)d tahun sejak catatannya berakhir.")
        self.stdout.write(told % {"count": count, "years": years})
        if dry_run:
            by_status = expired.order_by("status").values_list("status").annotate(Count("pk"))
            for status, children in by_status:
                self.stdout.write(f"  {status}: {children}")
            self.stdout.write(_("Tidak ada yang diubah (--dry-run)."))
            return
        ask = _(
            "Tulis siapa yang menjalankan: --as NAMA_PENGGUNA. (Administrator kabupaten tidak tepat satu.)"
        )
        by = get_acting_user(username, ask=ask, returncode=REFUSED)
        done = 0
        for some in pseudonymise_expired(by=by):
            done += some
            self.stdout.write(f"  {done}/{count}")
        self.stdout.write(_("%(count)d anak dipseudonimkan.") % {"count": done})
