"""What is said of a row that was judged: doubts, differences from the file's z-scores, values in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import Observation
from registry.actions.observation import LIMITS
from registry.growth import Assessment, under_five
from registry.growth.cells.numbers import CellNumber
from registry.imports.report import RowNote, ZDifference
from registry.models import Measurement, Position
from registry.remarks import Remark, remark_words, remarks_of
from registry.validation_messages import doubts_in_file_message

_SAME_Z = 0.0101  # both are rounded to two decimals, and half a hundredth may round either way

_VALUE_WORDS: Mapping[str, Promise] = {
    "weight_kg": gettext_lazy("berat %(value)s kg"),
    "lenhei_cm": gettext_lazy("panjang/tinggi %(value)s cm"),
    "muac_cm": gettext_lazy("LiLA %(value)s cm"),
    "head_cm": gettext_lazy("lingkar kepala %(value)s cm"),
    "position": gettext_lazy("cara ukur %(value)s"),
    "oedema": gettext_lazy("bengkak (edema) di kedua punggung kaki"),
}


def notes_of(measurement: Measurement) -> Iterator[RowNote]:
    """Yield what the register finds noteworthy in a measurement it is to store."""
    if measurement.confirmed_doubts:
        yield RowNote("doubts", doubts_in_file_message(measurement.confirmed_doubts))
    if measurement.oedema:
        yield RowNote(Remark.OEDEMA, remark_words(Remark.OEDEMA))
    if not under_five(measurement.age_days):
        yield RowNote("five_or_older", _("Sudah 5 tahun atau lebih: dicatat, tetapi di luar angka stunting."))
    if measurement.position_disbelieved:
        yield RowNote(
            "position_disbelieved",
            _("Bayi di bawah 9 bulan tidak diukur berdiri: panjangnya dihitung sebagai telentang."),
        )


def assumed_position_notes(measurement: Measurement) -> Iterator[RowNote]:
    """Yield how a length without a position is taken."""
    for remark in remarks_of(measurement):
        if remark in (Remark.ASSUMED_LYING, Remark.ASSUMED_STANDING):
            yield RowNote(remark, remark_words(remark))


def rounding_notes(seen: Observation, measurement: Measurement) -> Iterator[RowNote]:
    """Where the file is finer than the register."""
    for name in LIMITS:
        value, kept = getattr(seen, name), getattr(measurement, name)
        if value is not None and value != kept:
            words = {"written": value_words(name, value), "kept": value_words(name, kept)}
            yield RowNote("rounded", _("Di berkas %(written)s; dicatat %(kept)s.") % words, repaired=True)


def z_differences(
    file_z: Mapping[str, CellNumber], judged: Measurement | Assessment
) -> Iterator[ZDifference]:
    """Yield where the file's z-scores are not WHO's for the values in its own row."""
    for index, number in file_z.items():
        ours = getattr(judged, index)
        if ours is None:
            yield ZDifference(index, float(number.values[0]), None)
            continue
        values = [float(value) for value in number.values]
        nearest = values[0] if len(values) == 1 else min(values, key=lambda z: abs(z - ours))
        if abs(nearest - ours) > _SAME_Z:
            yield ZDifference(index, nearest, ours)


def value_words(name: str, value: Decimal | Position | bool | None) -> str:
    """``berat 12,1 kg``, ``cara ukur berdiri``, ``edema``."""
    if isinstance(value, bool):
        return str(_VALUE_WORDS[name])
    said = format_decimal(value) if isinstance(value, Decimal) else str(Position(value or "").label)
    return str(_VALUE_WORDS[name]) % {"value": said}


def format_decimal(value: Decimal) -> str:
    """12.100 is 12,1 in Indonesian and 12.1 in English."""
    plain = value.normalize()
    return number_format(plain, decimal_pos=max(0, -int(plain.as_tuple().exponent)))
