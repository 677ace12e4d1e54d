"""Reads the reference files of tests/data/growth and turns their rows into arguments."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from registry.growth import Assessment, BatchAssessment, PositionCode, SexCode, assess, assess_batch

DATA = Path(__file__).parent.parent / "data" / "growth"

Row = dict[str, str]

WHO_NAMES = {
    "haz": "len",
    "waz": "wei",
    "whz": "wfl",
    "baz": "bmi",
    "hcz": "hc",
    "acz": "ac",
    "tsz": "ts",
    "ssz": "ss",
}


def rows(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return float(text) if text else None


def child(row: Row) -> dict[str, Any]:
    """The arguments of `assess` for a row of golden.csv, prev_in.csv or golden_months.csv."""
    days = row.get("age_days", row.get("age_days_used", ""))
    muac_mm = number(row.get("muac_mm", ""))
    return {
        "sex": SexCode(int(row["sex"])),
        "age_days": int(days) if days else None,
        "weight_kg": number(row["weight_kg"]),
        "lenhei_cm": number(row["lenhei_cm"]),
        "position": PositionCode(row["measure"]),
        "muac_cm": None if muac_mm is None else muac_mm / 10,
        "head_cm": number(row.get("headc_cm", "")),
        "triceps_mm": number(row.get("triskin_mm", "")),
        "subscapular_mm": number(row.get("subskin_mm", "")),
        "oedema": row.get("oedema") == "y",
    }


def assess_all(children: Sequence[dict[str, Any]], **options: int) -> BatchAssessment:
    """`assess_batch` over the arguments of many `assess`."""
    columns: dict[str, Any] = {
        name: [np.nan if one[name] is None else one[name] for one in children] for name in children[0]
    }
    return assess_batch(**columns, **options)


def assess_each(name: str) -> list[tuple[Row, Assessment]]:
    return [(row, assess(**child(row))) for row in rows(name)]


def differences(row: Row, got: Assessment) -> dict[str, tuple[object, object]]:
    """What WHO's software gave otherwise: field -> (ours, WHO's). Empty when all is equal."""
    expected: dict[str, object] = {
        "clenhei_cm": number(row["clenhei"]),
        "position_disbelieved": row["c9mo_flag"] == "1",
    }
    if "cbmi" in row:
        expected["bmi"] = number(row["cbmi"])
    for index, who in WHO_NAMES.items():
        if f"z{who}" in row:
            expected[index] = number(row[f"z{who}"])
            expected[f"{index}_flag"] = row[f"f{who}"] == "1"
    return {
        field: (getattr(got, field), value)
        for field, value in expected.items()
        if not _equal(field, getattr(got, field), value)
    }


def _equal(field: str, ours: Any, whos: Any) -> bool:
    if field in ("bmi", "clenhei_cm") and ours is not None and whos is not None:
        # Written by R with 15 digits.
        return bool(abs(ours - whos) < 1e-9)
    return bool(ours == whos)
