"""``manage.py demo``: an invented district to look around in, or who may sign in to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from tqdm import tqdm

from demo.cadres import load_cadres
from demo.district import FULL, SMALL, Shape, invent
from demo.load import Loaded, load
from demo.people import Place
from demo.signins import SIGN_INS, WRITER, cadre_username, make_users, names_taken
from registry.models import Child, Measurement, Source, User, Village, VillageKind
from registry.places.load import load_places


class Command(BaseCommand):
    help = (
        "Memuat kabupaten contoh: anak-anak karangan di semua desa Cilacap, dengan angka stunting sebenarnya "
        "yang diketahui. Hanya ke register yang masih kosong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--full",
            action="store_true",
            help="kabupaten sebesar yang sebenarnya: sekitar 130.000 balita, 24 bulan, hampir tiga juta "
            "pengukuran; perlu beberapa menit dan 3 GB, sebaiknya di PostgreSQL",
        )
        parser.add_argument("--children", type=int, help="jumlah anak selama bulan-bulan itu (6000)")
        parser.add_argument("--months", type=int, help="jumlah bulan sampai bulan ini (18)")
        parser.add_argument("--seed", type=int, default=2024, help="benih acak: benih sama, anak sama")
        parser.add_argument("--sign-ins", action="store_true", help="hanya tampilkan siapa yang dapat masuk")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demo. Raises CommandError on real data, or without a password for its people."""
        if options["sign_ins"]:
            self._show_sign_ins()
        elif is_loaded():
            self.stdout.write(_("Contoh sudah dimuat; tidak ada yang berubah."))
        else:
            _refuse_where_it_has_no_place()
            self._tell(load_demo(_shape_of(options)))

    def _tell(self, loaded: Loaded) -> None:
        self.stdout.write(
            _("Contoh dimuat: %(children)s anak, %(measurements)s pengukuran.")
            % {
                "children": number_format(loaded.children, use_l10n=True, force_grouping=True),
                "measurements": number_format(loaded.measurements, use_l10n=True, force_grouping=True),
            }
        )
        months = sorted(loaded.true_rates)
        for month in dict.fromkeys((months[0], months[-1])):
            self.stdout.write(
                _("Stunting yang sebenarnya di kabupaten contoh ini, %(month)s: %(rate)s%%")
                % {
                    "month": f"{month:%Y-%m}",
                    "rate": number_format(round(loaded.true_rates[month] * 100, 1), use_l10n=True),
                }
            )

    def _show_sign_ins(self) -> None:
        if not is_loaded():
            self.stdout.write(_("Register ini tidak berisi contoh."))
            return
        a_desa = Village.objects.filter(kind=VillageKind.DESA).order_by("pk").first()
        example = cadre_username(a_desa.pk) if a_desa else "kpm.KODEDESA"
        rows = [(s.username, str(s.role.label), str(s.what)) for s in SIGN_INS]
        rows.append((example, _("KPM"), _("satu per desa, menurut kode desanya")))
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.stdout.write(_("Masuk sebagai:"))
        for username, role, what in rows:
            self.stdout.write(f"  {username:{widths[0]}}  {role:{widths[1]}}  {what}")
        self.stdout.write(_password_in_words())
        self.stdout.write(_second_factor_in_words())


def _second_factor_in_words() -> str:
    """Return whether the officers of the demo are asked for a second factor."""
    if settings.SECOND_FACTOR:
        return _(
            "Petugas kecamatan, kabupaten dan administrator menyiapkan langkah kedua saat pertama masuk."
        )
    return _("Tanpa langkah kedua: SECOND_FACTOR=0 di .env, hanya untuk mencoba di komputer ini.")


def is_loaded() -> bool:
    """Say whether the demo is here; one loaded on the first of its only month has children alone."""
    writer = next(s for s in SIGN_INS if s.username == WRITER)
    invented = Child.objects.filter(created_by__username=WRITER, created_by__full_name=writer.full_name)
    return Measurement.objects.filter(source=Source.DEMO).exists() or invented.exists()


@transaction.atomic
def load_demo(shape: Shape) -> Loaded:
    """Load the places, the people who sign in, the KPM and the children of ``shape``, or nothing."""
    load_places()
    writer = make_users(settings.DEMO_PASSWORD, shape.seed)
    load_cadres(writer, shape.retrained_on, _progress)
    villages = Village.objects.select_related("kecamatan").order_by("pk")
    return load(invent([Place(v.pk, v.kecamatan.name) for v in villages], shape), writer, _progress)


def _progress(what: str, total: int) -> Callable[[int], object]:
    """Return what moves a bar that appears with the first of ``total`` and ends with the last."""
    bars: list[tqdm[Any]] = []

    def advance(count: int) -> None:
        if not bars:
            bars.append(tqdm(total=total, desc=f"{what:10}", unit="", disable=None))
        bars[0].update(count)
        if bars[0].n >= total:
            bars[0].close()

    return advance


def _shape_of(options: dict[str, Any]) -> Shape:
    """Return the size asked for: that of the demo or of the full district, changed by the options."""
    usual = FULL if options["full"] else SMALL
    children, months = (
        usual_size if options[name] is None else options[name]
        for name, usual_size in zip(("children", "months"), usual, strict=True)
    )
    return Shape(
        timezone.localdate(),
        children=_in_range("--children", children, 1, 300_000),
        months=_in_range("--months", months, 1, 60),
        seed=_in_range("--seed", options["seed"], 0, 2**32),
    )


def _refuse_where_it_has_no_place() -> None:
    if not settings.DEMO_PASSWORD:
        raise CommandError(
            _("DEMO_PASSWORD masih kosong. Isi di berkas .env; semua pengguna contoh memakai kata sandi itu.")
        )
    if Child.objects.exists():
        raise CommandError(
            _("Register ini sudah berisi anak sungguhan. Contoh hanya dimuat ke register yang kosong.")
        )
    if taken := names_taken():
        raise CommandError(
            _("Nama pengguna contoh sudah dipakai: %(names)s. Contoh tidak mengubah akun yang sudah ada.")
            % {"names": ", ".join(taken[:5])}
        )


def _in_range(name: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise CommandError(
            _("%(name)s harus %(low)d sampai %(high)d.") % {"name": name, "low": low, "high": high}
        )
    return value


def _password_in_words() -> str:
    """Return the password in words, unless that in the settings is no longer the demo's."""
    writer = User.objects.filter(username=WRITER).first()
    if writer and settings.DEMO_PASSWORD and writer.check_password(settings.DEMO_PASSWORD):
        return _("Kata sandi semuanya: %(password)s") % {"password": settings.DEMO_PASSWORD}
    return _("Kata sandinya DEMO_PASSWORD saat contoh dimuat; sekarang sudah berbeda.")
