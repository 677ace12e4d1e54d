"""``manage.py export_file FILE``: children and measurements as the files of the field."""

from __future__ import annotations

import json
import os
import shutil
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.access.loaders import get_place
from registry.calendar_months import InvalidMonth, parse_month
from registry.errors import Refused
from registry.exports.export_data import ExportedFile, export
from registry.exports.page_table import withheld_note
from registry.management.output import open_replacement
from registry.management.users import get_acting_user
from registry.models import LAYOUTS, ExportForm, ExportKind

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Menulis anak dan pengukuran ke berkas csv, xlsx atau xls, menurut akhiran nama berkasnya, dan "
        "mencatat siapa yang mengambilnya. NIK disamarkan, kecuali dengan --nik dan --reason. "
        "Keluar dengan 0, atau 2 bila ditolak."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas hasil: .csv, .xlsx atau .xls")
        parser.add_argument(
            "--layout", required=True, choices=[kind.value for kind in LAYOUTS], help="isi berkas"
        )
        parser.add_argument(
            "--place", default="", help="kode wilayah, atau puskesmas-NOMOR; bawaan: wilayah kerja pengguna"
        )
        parser.add_argument("--from", dest="first", default="", metavar="YYYY-MM", help="bulan pertama")
        parser.add_argument("--to", dest="last", default="", metavar="YYYY-MM", help="bulan terakhir")
        parser.add_argument(
            "--as", dest="username", default="", help="yang mengambil; bawaan: administrator satu-satunya"
        )
        parser.add_argument("--nik", action="store_true", help="NIK utuh; perlu --reason; tidak untuk anthro")
        parser.add_argument(
            "--reason",
            default="",
            help="untuk apa: perlu untuk lebih dari satu desa dan untuk NIK utuh; dicatat",
        )
        parser.add_argument("--force", action="store_true", help="timpa berkas yang sudah ada")
        parser.add_argument("--json", action="store_true", dest="as_json", help="hasil satu baris JSON")

    def handle(self, *args: Any, file: Path, force: bool, as_json: bool, **options: Any) -> None:
        form = _form(file)
        if file.exists() and not (force and file.is_file()):
            raise _refusal(_("%(file)s sudah ada. Pilih nama lain, atau tambahkan --force.") % {"file": file})
        months = _month(options["first"]), _month(options["last"])
        ask = _(
            "Tulis siapa yang mengunduh berkas: --as NAMA_PENGGUNA. (Administrator kabupaten tidak tepat "
            "satu.)"
        )
        user = get_acting_user(options["username"], ask=ask, returncode=REFUSED)
        try:
            exported = export(
                user,
                ExportKind(options["layout"]),
                get_place(options["place"], user),
                months,
                form,
                options["nik"],
                options["reason"],
            )
        except Refused as refused:
            raise _refusal(refused.message) from None
        with exported.file:
            _put(exported, file)
        self._say(file, exported, as_json)

    def _say(self, file: Path, exported: ExportedFile, as_json: bool) -> None:
        if as_json:
            said: dict[str, Any] = {"rows": exported.rows, "children": exported.children}
            said |= {"withheld": exported.withheld}
            said |= {"masked": exported.masked, "has_nik": exported.has_nik}
            self.stdout.write(json.dumps({"file": str(file), **said}))
            return
        self.stdout.write(
            _("%(file)s: %(rows)d baris, %(children)d anak.")
            % {"file": file, "rows": exported.rows, "children": exported.children}
        )
        for _term, note in withheld_note(exported.withheld):
            self.stdout.write(note)
        if not exported.has_nik:
            self.stdout.write(_("Berkas ini tidak memuat NIK."))
        elif exported.masked:
            self.stdout.write(_("NIK tidak utuh di berkas ini; berkas dengan NIK perlu --nik dan --reason."))


def _refusal(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=REFUSED)


def _form(file: Path) -> ExportForm:
    try:
        return ExportForm(file.suffix[1:].lower())
    except ValueError:
        raise _refusal(_("Nama berkas harus berakhir dengan .csv, .xlsx atau .xls.")) from None


def _month(text: str) -> date | None:
    try:
        return parse_month(text) if text else None
    except InvalidMonth as error:
        raise _refusal(str(error)) from None


def _put(exported: ExportedFile, file: Path) -> None:
    """Write the file, readable by nobody else."""
    try:
        with open_replacement(file, mode="xb", opener=_for_me_alone) as target:
            shutil.copyfileobj(exported.file, target)
    except OSError as error:
        raise _refusal(
            _("%(file)s tidak bisa ditulis: %(why)s.") % {"file": file, "why": error.strerror}
        ) from None


def _for_me_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
