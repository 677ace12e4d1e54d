"""The weights and lengths of a row: read, cleaned of the field's habits, and proven where they are bent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions.identity import GESTATION_LIMITS
from registry.actions.observation import LIMITS
from registry.errors import Invalid
from registry.growth import Assessment, assess
from registry.growth import PositionCode as GrowthPosition
from registry.growth import SexCode as GrowthSex
from registry.growth.cells.codes import Absence, absence_of, oedema_of
from registry.growth.cells.numbers import CellNumber, is_time, number_of, read_as_time
from registry.growth.cells.text import Cell, quote, text_of, words_of
from registry.imports.report import RowNote
from registry.imports.row_notes import format_decimal
from registry.imports.tables.table_rows import SheetRow
from registry.models import Position, Sex

Z_COLUMNS = ("haz", "waz", "whz")

_WEEKS = re.compile(r"(\d{2})\s*(?:\+\s*[0-6]|(?:minggu|mgg|mg|weeks|wk)\.?(?:\s*[0-6]\s*hari)?)", re.ASCII)
_SAME_Z = 0.0201  # two programs round a z-score to two decimals; a bent decimal moves it by more
_NO_Z = 90  # 99.99 and 999.99 stand for "no z-score"
_BELIEVED_Z = 5  # within every limit of WHO's
_NOT_KNOWN = frozenset(
    map(
        Decimal,
        (
            *("8888", "888.8", "8888.8", "8888.88"),
            *("9999", "999.9", "999.99", "999", "9999.9", "9999.99", "99999"),
        ),
    )
)
# Sigizi's code for what nobody knows, and the like of other programs

# What can only be in another unit: from, to, and what it is divided by.
_OTHER_UNITS: Mapping[str, tuple[tuple[Decimal, Decimal, Decimal], ...]] = {
    "weight": ((Decimal(500), Decimal(40_000), Decimal(1000)),),  # grams
    "lenhei": (
        (Decimal("0.3"), Decimal("1.4"), Decimal("0.01")),  # metres
        (Decimal(300), Decimal(1400), Decimal(10)),  # millimetres
    ),
    "muac": ((Decimal(80), Decimal(350), Decimal(10)),),
    "head": ((Decimal(250), Decimal(650), Decimal(10)),),
}
_UNIT_NAMES: Mapping[str, str] = {"weight": "kg", "lenhei": "cm", "muac": "cm", "head": "cm"}

_LABELS: Mapping[str, Promise] = {
    "weight": gettext_lazy("Berat"),
    "lenhei": gettext_lazy("Tinggi"),
    "muac": gettext_lazy("LiLA"),
    "head": gettext_lazy("Lingkar kepala"),
    "birth_weight": gettext_lazy("Berat lahir"),
    "birth_length": gettext_lazy("Panjang lahir"),
    "gestation": gettext_lazy("Usia kehamilan"),
}

# The step kept of what was measured at birth, and its words.
_AT_BIRTH: Mapping[str, tuple[Decimal, Promise]] = {
    "birth_weight": (Decimal("0.001"), gettext_lazy("berat lahir %(value)s kg")),
    "birth_length": (Decimal("0.1"), gettext_lazy("panjang lahir %(value)s cm")),
}


@dataclass(frozen=True, slots=True)
class MeasuredPerson:
    """What a proof by z-score has to know of the child."""

    sex: Sex
    age_days: int
    position: Position


class RowMeasures:
    """The numbers of one row, with the notes they give cause for."""

    def __init__(self, line: SheetRow, *, bent_file: bool) -> None:
        self._line = line
        self._bent_file = bent_file
        self.notes: list[RowNote] = []
        self._file_z: dict[str, CellNumber] | None = None

    def file_z(self) -> dict[str, CellNumber]:
        """The z-scores the file gives, where it gives any."""
        if self._file_z is None:
            self._file_z = self._read_file_z()
        return self._file_z

    def _read_file_z(self) -> dict[str, CellNumber]:
        found = {}
        for index in Z_COLUMNS:
            try:
                number = number_of(self._line[index], bent_file=self._bent_file)
            except ValueError:  # "Outlier"
                continue
            if number.values and all(abs(value) < _NO_Z for value in number.values):
                found[index] = number
        return found

    def why_not_measured(self) -> str | None:
        """Return the words that say why nothing was measured, empty without any; None where something was."""
        cells = [self._line[field] for field in ("weight", "lenhei", "lenhei_other")]
        around = [self._line[field] for field in ("muac", "head")]
        if (
            any(words_of(cell) and not absence_of(cell) for cell in cells)
            or any(self._read_quantity(cell) is not None for cell in around)
            or oedema_of(self._line["oedema"]) is not False
        ):
            return None
        said = (*cells, *around, self._line["measured_on"], self._line["remark"])
        return next((quote(cell) for cell in said if absence_of(cell)), "")

    def weight_and_lenhei(self, person: MeasuredPerson) -> tuple[Decimal | None, Decimal | None]:
        """Kilograms and centimetres.

        Raises Invalid for words, for what is bent beyond proof, and for a weight and height that stand in
        each other's column unless the file's z-scores prove it.
        """
        self._take_one_length()
        weight, lenhei = self._number_unless_code("weight"), self._number_unless_code("lenhei")
        if weight.value and lenhei.value and are_swapped(weight.value, lenhei.value):
            return self._swap_back(person, weight.value, lenhei.value)
        file_z = self.file_z()
        return (
            self._settle("weight", weight, lambda value: _z_of(person, weight=value).waz, file_z.get("waz")),
            self._settle("lenhei", lenhei, lambda value: _z_of(person, lenhei=value).haz, file_z.get("haz")),
        )

    def _take_one_length(self) -> None:
        """Length and height may stand in two columns, of which one says a number."""
        one, other = self._line["lenhei"], self._line["lenhei_other"]
        if not words_of(other) or text_of(one) == text_of(other):
            return
        lying, standing = self._read_quantity(one), self._read_quantity(other)
        if (lying is None) != (standing is None) and absence_of(words := one if lying is None else other):
            sentence = _("%(field)s di kolom lain tertulis “%(words)s”.")
            self._say("lenhei", "not_measured", sentence, repaired=False, words=quote(words))
        if lying is None and standing is not None:
            self._line = self._line.with_cells({"lenhei": other})
        if lying is not None and standing is not None and lying != standing:
            raise Invalid(
                "two_lengths",
                _("Panjang dan tinggi badan terisi dua-duanya (%(one)s dan %(other)s). Isi salah satu.")
                % {"one": quote(one), "other": quote(other)},
                "lenhei",
            )

    def _read_quantity(self, cell: Cell) -> tuple[Decimal, ...] | str | None:
        """What a cell says was measured; None for nothing, for 0, and for words or codes that say so."""
        try:
            values = number_of(cell, bent_file=self._bent_file).values
        except ValueError:
            return None if absence_of(cell) else text_of(cell)
        return values if any(value and value not in _NOT_KNOWN for value in values) else None

    def _swap_back(self, person: MeasuredPerson, weight: Decimal, lenhei: Decimal) -> tuple[Decimal, Decimal]:
        """The height and weight that the file's own z-scores were computed from."""
        ours, file_z = _z_of(person, weight=lenhei, lenhei=weight), self.file_z()
        both = ((ours.waz, file_z.get("waz")), (ours.haz, file_z.get("haz")))
        if not all(_is_z(z, written) for z, written in both):
            sentence = _("Berat %(weight)s dan tinggi %(lenhei)s tampak tertukar. Betulkan di berkas asal.")
            raise self._error("weight", "swapped", sentence, weight=weight, lenhei=lenhei)
        sentence = _("Berat %(weight)s dan tinggi %(lenhei)s tertukar; z-score di berkas membuktikannya.")
        self._say("weight", "swapped_back", sentence, weight=weight, lenhei=lenhei)
        return lenhei, weight

    def _number_unless_code(self, field: str) -> CellNumber:
        """The number of a measure, none where a code for "not known" stands."""
        number = self._number(field)
        if number.value not in _NOT_KNOWN:
            return number
        sentence = _("%(field)s “%(written)s” adalah kode tidak diketahui, jadi dibaca tidak diukur.")
        self._say(field, "not_known", sentence)
        return CellNumber()

    def _settle(
        self,
        field: str,
        number: CellNumber,
        z_of: Callable[[Decimal], float | None],
        file_z: CellNumber | None,
    ) -> Decimal | None:
        proven = self._prove(field, number, z_of, file_z)
        if proven is not None:
            sentence = _("%(field)s “%(written)s” dibaca %(value)s; z-score di berkas membuktikannya.")
            self._say(field, "decimal_restored", sentence, value=proven)
            return proven
        if number.bent and (number.value is None or not is_time(self._line[field])):
            sentence = _(
                "%(field)s “%(written)s” telah diubah menjadi jam atau tanggal, dan z-score di berkas "
                "tidak memastikan angka aslinya. Tulis ulang angkanya."
            )
            raise self._error(field, "decimal_unclear", sentence)
        if number.value == 0:
            sentence = _("%(field)s 0 dibaca sebagai tidak diukur.")
            self._say(field, "not_measured", sentence)
        converted = in_unit(field, number.value) if number.value else None
        if converted is not None and self._is_believed(z_of(converted), file_z):
            self._say_unit(field, converted)
            return converted
        self._say_only_one(field, number)
        return number.value or None

    def _prove(
        self,
        field: str,
        number: CellNumber,
        z_of: Callable[[Decimal], float | None],
        file_z: CellNumber | None,
    ) -> Decimal | None:
        """The one value of a time that the file's z-score was computed from.

        None for any other number, and for one that is what it seems to be.
        """
        maybe = number if number.bent else read_as_time(self._line[field])
        if file_z is None or not maybe.bent:
            return None
        fits = [value for value in maybe.values if _is_z(z_of(value), file_z)]
        return fits[0] if len(fits) == 1 and (number.bent or fits[0] != number.value) else None

    def _say_only_one(self, field: str, number: CellNumber) -> None:
        """Of a number that was turned into a time and can only have been one."""
        if number.bent and number.value:
            sentence = _("%(field)s “%(written)s” ditulis seperti jam; angkanya hanya mungkin %(value)s.")
            self._say(field, "decimal_restored", sentence, value=number.value)

    @staticmethod
    def _is_believed(z: float | None, file_z: CellNumber | None) -> bool:
        """WHO believes the value in its new unit, and a z-score of the file that could be right agrees."""
        if z is None:
            return True  # past five: there is no z-score, and the limits of the register decide
        if abs(z) > _BELIEVED_Z:
            return False
        likely = file_z is not None and all(abs(written) <= _BELIEVED_Z for written in file_z.values)
        return not likely or _is_z(z, file_z)

    def _say_unit(self, field: str, value: Decimal) -> None:
        sentence = _("%(field)s “%(written)s” ditulis dalam satuan lain; dibaca %(value)s %(unit)s.")
        self._say(field, f"{field}_unit", sentence, value=value, unit=_UNIT_NAMES[field])

    def around(self, field: str) -> Decimal | None:
        """Centimetres; 0 is not measured, and what is bent is left out, since nothing proves it."""
        number = self._number_unless_code(field)
        if len(number.values) > 1:
            self._leave_out(field)
        if number.value and (converted := in_unit(field, number.value)):
            self._say_unit(field, converted)
            return converted
        self._say_only_one(field, number)
        return number.value or None

    def birth_weight(self) -> Decimal | None:
        """Kilograms. Grams are turned into kilograms; what no newborn weighs is left out, with a note."""
        value = self._at_birth("birth_weight")
        if value is not None and Decimal(300) <= value <= Decimal(7000):
            value /= 1000
            sentence = _("Berat lahir “%(written)s” dibaca gram: %(value)s kg.")
            self._say("birth_weight", "birth_weight_grams", sentence, value=value)
        return self._round_as_kept(
            "birth_weight", self._within("birth_weight", value, Decimal("0.3"), Decimal(7))
        )

    def birth_length(self) -> Decimal | None:
        """Centimetres; what no newborn measures is left out, with a note."""
        value = self._within("birth_length", self._at_birth("birth_length"), Decimal(20), Decimal(70))
        return self._round_as_kept("birth_length", value)

    def gestation_weeks(self) -> int | None:
        """Completed weeks of pregnancy, also of "36+4" or "36 minggu"; any other is left out, with a note."""
        if written := _WEEKS.fullmatch(words_of(self._line["gestation"]).casefold()):
            value: Decimal | None = Decimal(written[1])
        else:
            value = self._at_birth("gestation")
        low, high = GESTATION_LIMITS
        weeks = self._within("gestation", value, Decimal(low), Decimal(high + 1) - Decimal("0.1"))
        return None if weeks is None else int(weeks)

    def _round_as_kept(self, field: str, value: Decimal | None) -> Decimal | None:
        """As fine as the register is, rounded as what is measured later."""
        if value is None:
            return None
        step, words = _AT_BIRTH[field]
        kept = value.quantize(step, ROUND_HALF_UP)
        if kept == value:
            return value
        written, stored = (str(words) % {"value": format_decimal(one)} for one in (value, kept))
        self._say(
            field, "rounded", _("Di berkas %(written)s; dicatat %(kept)s."), written=written, kept=stored
        )
        return kept

    def _at_birth(self, field: str) -> Decimal | None:
        try:
            number = self._number(field)
        except Invalid:
            self._leave_out(field)
            return None
        if len(number.values) > 1:
            self._leave_out(field)
        if number.value == 0 or number.value in _NOT_KNOWN:
            sentence = _("%(field)s “%(written)s” berarti tidak diketahui, jadi dikosongkan.")
            self._say(field, f"{field}_unknown", sentence)
            return None
        self._say_only_one(field, number)
        return number.value

    def _within(self, field: str, value: Decimal | None, low: Decimal, high: Decimal) -> Decimal | None:
        if value is None or low <= value <= high:
            return value
        self._leave_out(field)
        return None

    def _number(self, field: str) -> CellNumber:
        try:
            return number_of(self._line[field], bent_file=self._bent_file)
        except ValueError:
            # A mark of a letter or two beside a number may be one that nobody could read.
            is_said = len(words_of(self._line[field])) > 2
            if is_said and absence_of(self._line[field]) is Absence.NOT_MEASURED:
                self._say(field, "not_measured", _("%(field)s tidak diukur: %(written)s."), repaired=False)
                return CellNumber()
            raise self._error(field, "not_a_number", _("%(field)s “%(written)s” bukan angka.")) from None

    def _leave_out(self, field: str) -> None:
        sentence = _("%(field)s “%(written)s” tidak mungkin atau tidak jelas, jadi dikosongkan.")
        self._say(field, f"{field}_left_out", sentence)

    def _say(
        self, field: str, code: str, sentence: str, *, repaired: bool = True, **values: Decimal | str
    ) -> None:
        self.notes.append(RowNote(code, sentence % self._words(field, values), repaired))

    def _error(self, field: str, code: str, sentence: str, **values: Decimal | str) -> Invalid:
        return Invalid(code, sentence % self._words(field, values), field)

    def _words(self, field: str, values: Mapping[str, Decimal | str]) -> dict[str, str]:
        """Return what a sentence about a measure may name: its title, its cell and ``values``."""
        said = {
            name: value if isinstance(value, str) else format_decimal(value) for name, value in values.items()
        }
        return {"field": str(_LABELS[field]), "written": quote(self._line[field]), **said}


def in_unit(field: str, value: Decimal) -> Decimal | None:
    """A value that can only be grams, metres or millimetres, in the register's unit; None for any other."""
    for low, high, by in _OTHER_UNITS[field]:
        if low <= value <= high:
            return value / by
    return None


def _is_z(ours: float | None, written: CellNumber | None) -> bool:
    """Whether a z-score of ours is the one the file has written."""
    if ours is None or written is None:
        return False
    return any(abs(ours - float(value)) <= _SAME_Z for value in written.values)


def are_swapped(weight: Decimal, lenhei: Decimal) -> bool:
    """Neither can be what its column says, and each can be what the other's says."""
    return (
        _can_be("lenhei_cm", weight)
        and not _can_be("weight_kg", weight)
        and _can_be("weight_kg", lenhei)
        and not _can_be("lenhei_cm", lenhei)
    )


def _can_be(measure: str, value: Decimal) -> bool:
    low, high, _step = LIMITS[measure]
    return low <= value <= high


def _z_of(
    person: MeasuredPerson, *, weight: Decimal | None = None, lenhei: Decimal | None = None
) -> Assessment:
    return assess(
        sex=GrowthSex(person.sex),
        age_days=person.age_days,
        weight_kg=None if weight is None else float(weight),
        lenhei_cm=None if lenhei is None else float(lenhei),
        position=GrowthPosition(str(person.position)),
    )
