"""``manage.py rotate_keys``: seal and hash everything under the keys that ``.env`` names first now."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from registry.actions.key_rotation import RotatedColumn, rehash_niks, reseal_columns


class Command(BaseCommand):
    help = (
        "Menyandikan ulang NIK dan semua yang tersandi dengan kunci pertama di NIK_KEYS, dan menghitung "
        "ulang penanda NIK dengan NIK_HASH_KEY. Aman dijalankan saat situs dipakai, dan aman diulang."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = 0
        for one in chain(reseal_columns(), [rehash_niks()]):
            self._say(one)
            unreadable += one.unreadable
        done = _("Semua memakai kunci baru. Kunci lama boleh keluar dari .env; simpan untuk cadangan lama.")
        left = _("Ada yang tidak terbuka dengan kunci mana pun. Tambahkan kunci lamanya ke NIK_KEYS, ulangi.")
        self.stdout.write(left if unreadable else done)

    def _say(self, one: RotatedColumn) -> None:
        said = {"column": f"{one.table}.{one.column}", "anew": one.changed, "unreadable": one.unreadable}
        self.stdout.write(_("%(column)s: %(anew)d diganti, %(unreadable)d tidak terbaca") % said)
