"""``manage.py load_boundaries FILE``: the outlines of kecamatan and villages for the map."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.places.boundaries import BoundariesReport, LeftOut, load_boundaries
from registry.places.geojson import BadGeoJson

SHOWN = 20
"""Of a list that a person is to go through, so much is printed; a province's file has thousands."""


class Command(BaseCommand):
    help = (
        "Memuat garis batas desa dan kecamatan untuk peta dari berkas GeoJSON (Polygon atau MultiPolygon, "
        "WGS 84) yang fiturnya memuat kode Kemendagri. Batas dengan kode yang sama diganti; bila berkasnya "
        "rusak tidak ada yang berubah. Lintang dan bujur yang tertukar ditukar kembali."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas GeoJSON")
        parser.add_argument(
            "--property", default="", help="properti yang berisi kode; bawaan: dicari dari isinya"
        )
        parser.add_argument("--source", default="", help="asal berkas; bawaan: nama berkasnya")
        parser.add_argument(
            "--tolerance",
            type=float,
            default=30,
            metavar="METER",
            help="berapa meter garis boleh bergeser saat disederhanakan; bawaan: 30, 0 untuk tidak",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not options["tolerance"] >= 0:
            raise CommandError(_("--tolerance harus 0 atau lebih."))
        try:
            report = load_boundaries(
                file.read_bytes(),
                source=options["source"] or file.name,
                property_name=options["property"],
                tolerance_m=options["tolerance"],
            )
        except OSError as error:
            raise CommandError(
                _("%(file)s tidak bisa dibuka: %(why)s.") % {"file": file, "why": error.strerror}
            ) from None
        except BadGeoJson as bad:
            raise CommandError(bad.message) from None
        for line in _lines(report):
            self.stdout.write(line)
        if not report.loaded:
            raise CommandError(_("Tidak ada garis batas yang dimuat."))


def _lines(report: BoundariesReport) -> Iterable[str]:
    yield _("Kode dibaca dari properti %(name)s.") % {"name": report.property_name}
    if report.swapped:
        yield _("Lintang dan bujur tertukar pada %(count)d fitur; sudah ditukar kembali.") % {
            "count": report.swapped
        }
    yield from _left_out_lines(report.left_out)
    yield from _notes(report)
    if report.loaded:
        yield _(
            "Dimuat: %(villages)d batas desa/kelurahan dan %(kecamatan)d batas kecamatan, %(replaced)d di "
            "antaranya mengganti yang lama. %(before)d titik disederhanakan menjadi %(after)d (%(size)d KB)."
        ) % {
            "villages": report.villages,
            "kecamatan": report.kecamatan,
            "replaced": report.replaced,
            "before": report.corners[0],
            "after": report.corners[1],
            "size": (report.size + 1023) // 1024,
        }


def _left_out_lines(left_out: list[LeftOut]) -> Iterable[str]:
    ordered = sorted(left_out, key=lambda item: (item.reason, item.number))
    for reason, group in groupby(ordered, key=lambda item: item.reason):
        features = [
            _("fitur %(number)d (%(code)s)") % {"number": item.number, "code": item.code} for item in group
        ]
        yield _("Tidak dimuat, %(reason)s: %(features)s.") % {"reason": reason, "features": _some(features)}


def _notes(report: BoundariesReport) -> Iterable[str]:
    """Yield what was loaded, or not loaded, and should be looked at."""
    for code, numbers in sorted(report.repeated.items())[:SHOWN]:
        yield _("Kode %(code)s ada di fitur %(numbers)s; dibaca sebagai satu wilayah.") % {
            "code": code,
            "numbers": ", ".join(map(str, numbers)),
        }
    if report.far:
        yield _("Jauh dari titik desanya, periksa kodenya: %(codes)s.") % {"codes": _some(report.far)}
    if report.missing and report.villages:
        yield _("Desa/kelurahan yang belum punya garis batas: %(villages)s.") % {
            "villages": _some([f"{village.code} {village.name}" for village in report.missing])
        }


def _some(items: list[str]) -> str:
    if len(items) <= SHOWN:
        return ", ".join(items)
    return _("%(items)s dan %(more)d lagi") % {
        "items": ", ".join(items[:SHOWN]),
        "more": len(items) - SHOWN,
    }
