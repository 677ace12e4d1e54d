"""Erases files and merged records whose time is over. The night job calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.actions.merge import erase_old_snapshots
from registry.actions.uploads import discard_all_old_uploads


class Command(BaseCommand):
    help = "Menghapus berkas yang tidak diimpor sesudah 7 hari dan isi catatan ganda sesudah 30 hari."

    def handle(self, *args: Any, **options: Any) -> None:
        discard_all_old_uploads()
        erase_old_snapshots()
