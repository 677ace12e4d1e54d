"""What a cell says, as the number that the growth kernel takes, or a sentence that says why it is none.

Every reader is a function from the text of a cell to a float: NaN for an empty cell, the sentence (a ``str``,
Indonesian / English) for one that cannot be read. They return sentences rather than raise because a file says
the same few thousand texts over and over, and a returned value can be kept in a cache.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from math import nan

from registry.growth import days_from_months
from registry.growth.batch import POSITION_CODES, UNKNOWN
from registry.growth.cells.codes import position_of, sex_of
from registry.growth.cells.dates import Order, written_date
from registry.growth.cells.numbers import number_of
from registry.growth.cells.text import plain, words_of
from registry.growth.indices import LEAST, MOST
from registry.growth.zscore_csv.writing_style import WritingStyle

Read = Callable[[str], float | str]

_CACHED = 1 << 14  # texts a column; the weights, heights and birth dates of a district are fewer

# A decimal that no program can have turned into a time: those begin with a 0 (05.06). R writes 15 digits.
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:[.,]\d{1,20})?", re.ASCII)

_YES_NO = {
    **dict.fromkeys(("Y", "YES", "YA", "1", "TRUE"), 1.0),
    **dict.fromkeys(("N", "NO", "TIDAK", "TDK", "0", "FALSE", ""), 0.0),
}


@dataclass(frozen=True, slots=True)
class FieldReader:
    """How one field is read. ``unread``: the number that stands in for a cell that cannot be read."""

    read: Read
    unread: float = nan


def readers(manner: WritingStyle) -> dict[str, FieldReader]:
    """Return the reader of every field, each with a cache of its own.

    Lengths come in cm, weights in kg, skinfolds in mm, ages in days, dates as days of the calendar
    (``date.toordinal``), the rest in the codes of ``assess_batch``. A cell about oedema that cannot be read
    counts as oedema, because nothing that depends on it may then be computed.
    """
    measure = partial(_measure, bent=manner.bent)
    own: dict[str, FieldReader] = {
        "sex": FieldReader(_sex, 0),
        "age_days": FieldReader(_whole_days),
        "age_months": FieldReader(_months_in_days),
        "birth_date": FieldReader(partial(_day, order=manner.orders.born)),
        "measured_on": FieldReader(partial(_day, order=manner.orders.measured)),
        "position": FieldReader(_position, UNKNOWN),
        "weight_kg": FieldReader(partial(measure, unit="kg", zero_is_empty=False)),
        "lenhei_cm": FieldReader(partial(measure, unit="cm", zero_is_empty=False)),
        "muac_mm": FieldReader(partial(measure, unit="mm", divisor=10)),
        "muac_cm": FieldReader(partial(measure, unit="cm")),
        "head_cm": FieldReader(partial(measure, unit="cm")),
        "triceps_mm": FieldReader(partial(measure, unit="mm")),
        "subscapular_mm": FieldReader(partial(measure, unit="mm")),
        "oedema": FieldReader(_oedema, 1),
    }
    return {name: FieldReader(lru_cache(_CACHED)(one.read), one.unread) for name, one in own.items()}


def _text(cell: str) -> str:
    """Return the text of a cell, empty for what says that there is nothing; NA is how R says it."""
    text = words_of(cell)
    return "" if text == "NA" else text


def _sex(cell: str) -> float | str:
    sex = sex_of(_text(cell))
    if sex is not None:
        return int(sex)
    return "jenis kelamin tidak dikenal, tulis L atau P / unknown sex, write L or P (or 1 or 2)"


def _position(cell: str) -> float | str:
    position = position_of(_text(cell))
    if position is not None:
        return POSITION_CODES[position]
    return "cara ukur tidak dikenal, jadi tanpa koreksi / unknown position, so not corrected"


def _oedema(cell: str) -> float | str:
    answer = _YES_NO.get(plain(_text(cell).removesuffix(".0")))
    if answer is not None:
        return answer
    return "bukan ya atau tidak, jadi tanpa zwei, zwfl, zbmi / neither yes nor no, so no zwei, zwfl, zbmi"


def _day(cell: str, *, order: Order | None) -> float | str:
    try:
        written = written_date(_text(cell))
    except ValueError:
        return "bukan tanggal, tulis seperti 2024-06-12 / not a date, write it like 2024-06-12"
    if written is None:
        return nan
    days = (written.read(order),) if order else written.meanings
    if len(days) > 1:
        return "bisa berarti dua hari; pakai --dates dmy atau mdy / may be two days; use --dates dmy or mdy"
    [day] = days
    if day is None:
        return "hari dan bulannya lain urutan dari kolom ini / day and month in another order than its column"
    return day.toordinal()


def _whole_days(cell: str) -> float | str:
    days = _number(cell)
    if isinstance(days, float) and days % 1 > 0:
        return "umur dalam hari harus bulat / an age in days must be a whole number"
    return days


def _months_in_days(cell: str) -> float | str:
    months = _number(cell)
    if isinstance(months, str) or months != months:
        return months
    # Halves are rounded up in WHO's formula, which would take a little before birth for the birth.
    return days_from_months(months) if months >= 0 else min(-1, days_from_months(months))


def _measure(
    cell: str, *, unit: str, bent: bool, divisor: int = 1, zero_is_empty: bool = True
) -> float | str:
    """Return a measure in the kernel's unit. e-PPGBM writes 0 where arm or head was not measured."""
    value = _number(cell, unit, bent=bent)
    if isinstance(value, str) or value != value:
        return value
    if value == 0 and zero_is_empty:
        return nan
    if not LEAST <= value / divisor <= MOST:
        return "bukan ukuran yang mungkin, jadi dikosongkan / not a possible measure, so left out"
    return value / divisor


def _number(cell: str, unit: str = "", *, bent: bool = False) -> float | str:
    text = _text(cell)
    if unit and text.lower().endswith(unit):
        text = text[: -len(unit)].rstrip()
    if not bent and _DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    try:
        # Another unit than the column's would be stripped below and believed.
        number = number_of(text if not text[-1:].isalpha() else "?", bent_file=bent)
    except ValueError:
        return "bukan angka / not a number"
    if number.values and number.value is None:
        return "angka yang diubah menjadi jam, tulis ulang / a number turned into a time, write it again"
    return nan if number.value is None else float(number.value)
