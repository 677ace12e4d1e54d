"""What is said of a measurement wherever it is shown: confirmed, flagged, oedema, position assumed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpm.advice import advise
from registry.imports.row_notes import notes_of
from registry.models import Measurement, Position
from registry.remarks import Remark, remark_words, remarks_of, remarks_words


def seen(**values: Any) -> Measurement:
    """A child of 14 months, measured lying, of whom nothing has to be said unless told."""
    base = {
        "measured_on": date(2024, 5, 14),
        "age_days": 426,
        "weight_kg": Decimal("9.5"),
        "lenhei_cm": Decimal("76"),
        "clenhei_cm": Decimal("76"),
        "position": Position.LYING,
        "haz": -0.5,
        "waz": -0.5,
        "whz": -0.3,
        "gain": "N",
    }
    return Measurement(**(base | values))


@pytest.mark.parametrize(
    ("values", "remarks"),
    [
        ({}, []),
        ({"confirmed_doubts": ["weight_jump"]}, ["confirmed"]),
        ({"haz": -7.0, "haz_flag": True, "confirmed_doubts": ["haz_flag"]}, ["confirmed", "flagged"]),
        ({"baz_flag": True}, ["flagged"]),
        ({"oedema": True, "waz": None, "whz": None}, ["oedema_severe"]),
        ({"position": Position.UNKNOWN}, ["assumed_lying"]),
        ({"position": Position.UNKNOWN, "age_days": 730}, ["assumed_lying"]),
        ({"position": Position.UNKNOWN, "age_days": 731}, ["assumed_standing"]),
        ({"position": Position.UNKNOWN, "lenhei_cm": None, "clenhei_cm": None}, []),
        ({"position": Position.STANDING, "age_days": 200, "position_disbelieved": True}, ["disbelieved"]),
    ],
)
def test_what_has_to_be_said_of_a_measurement(values: dict[str, Any], remarks: list[str]) -> None:
    m = seen(**values)
    assert list(remarks_of(m)) == remarks
    sentences = [remark_words(Remark(remark)) for remark in remarks]
    assert remarks_words(m) == " ".join(sentences)
    assert list(advise(m).notes) == sentences


def test_a_file_says_that_oedema_counts_as_severe() -> None:
    [note] = notes_of(seen(oedema=True, waz=None, whz=None))
    assert (note.code, note.sentence) == (
        "oedema_severe",
        "Bengkak (edema) di kedua punggung kaki: dihitung gizi buruk.",
    )
