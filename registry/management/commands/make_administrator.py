"""``manage.py make_administrator NAME``: gives the district to the account that ``createsuperuser`` made."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.actions.memberships import give_role
from registry.management.users import get_acting_user
from registry.models import District, Role


class Command(BaseCommand):
    help = "Menjadikan akun dari createsuperuser administrator; tanpa peran ia tidak melihat apa pun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="nama pengguna")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Give the role at every district that is loaded. Raises CommandError where there is none."""
        user = get_acting_user(username, ask="", returncode=1)
        if not user.is_superuser:
            raise CommandError(_("%(name)s bukan akun dari createsuperuser.") % {"name": username})
        districts = District.objects.all()
        if not districts:
            raise CommandError(_("Belum ada kabupaten. Jalankan dulu: manage.py load_places"))
        for district in districts:
            give_role(by=user, user=user, role=Role.ADMIN, place=district)
            said = _("%(name)s adalah administrator %(place)s.")
            self.stdout.write(said % {"name": user.username, "place": district})
