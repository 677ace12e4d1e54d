"""What has to be known of a stored measurement wherever it is shown: on a page, by the API, on the phone.

The phone works it out itself (``static/js/workspace/children.js``); tests/phone compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from django.utils.translation import gettext as _

from registry.growth import PositionCode, expected_position
from registry.models import Measurement, Position

INDICES = ("haz", "waz", "whz", "baz")


class Remark(StrEnum):
    """What was taken for granted, or is not counted. The values are for programs and never change."""

    CONFIRMED = "confirmed"
    FLAGGED = "flagged"
    OEDEMA = "oedema_severe"
    DISBELIEVED = "disbelieved"
    ASSUMED_LYING = "assumed_lying"
    ASSUMED_STANDING = "assumed_standing"


def remarks_of(m: Measurement) -> Iterator[Remark]:
    """Yield what has to be said of a measurement, in the order in which it is said."""
    if m.confirmed_doubts:
        yield Remark.CONFIRMED
    if any(getattr(m, f"{index}_flag") for index in INDICES):
        yield Remark.FLAGGED
    if m.oedema:
        yield Remark.OEDEMA
    if m.position_disbelieved:
        yield Remark.DISBELIEVED
    elif m.lenhei_cm is not None and m.position == Position.UNKNOWN:
        lies = expected_position(m.age_days) == PositionCode.LYING
        yield Remark.ASSUMED_LYING if lies else Remark.ASSUMED_STANDING


def remark_words(remark: Remark) -> str:
    """Return a remark as a sentence."""
    return {
        Remark.CONFIRMED: _("Nilai tidak biasa, dicatat setelah dipastikan atau dari berkas."),
        Remark.FLAGGED: _("Ada nilai di luar batas WHO: tercatat, tidak dihitung dalam angka."),
        Remark.OEDEMA: _("Bengkak (edema) di kedua punggung kaki: dihitung gizi buruk."),
        Remark.DISBELIEVED: _(
            "Anak di bawah 9 bulan belum bisa berdiri: nilainya dianggap diukur telentang."
        ),
        Remark.ASSUMED_LYING: _("Cara ukur tidak dicatat: dianggap telentang."),
        Remark.ASSUMED_STANDING: _("Cara ukur tidak dicatat: dianggap berdiri."),
    }[remark]


def remarks_words(m: Measurement) -> str:
    """Return all remarks of a measurement as one text; empty without any."""
    return " ".join(remark_words(remark) for remark in remarks_of(m))
