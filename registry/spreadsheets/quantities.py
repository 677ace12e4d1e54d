"""The weights and lengths of a row: read, cleaned of the field's habits, and proven where they are bent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions import Invalid
from registry.growth import Assessment, assess
from registry.growth import Position as GrowthPosition
from registry.growth import Sex as GrowthSex
from registry.models import Position, Sex
from registry.spreadsheets.layout import Line
from registry.spreadsheets.numbers import Number, number_of
from registry.spreadsheets.report import Note
from registry.spreadsheets.words import quoted, spoken

NUMERIC = ("weight", "lenhei", "muac", "head", "birth_weight", "birth_length", "waz", "haz", "whz")
Z_COLUMNS = ("haz", "waz", "whz")

_SAME_Z = 0.0201  # two programs round a z-score to two decimals; a bent decimal moves it by more
_NO_Z = 90  # 99.99 and 999.99 stand for "no z-score"
_NOT_KNOWN = Decimal("8888")  # Sigizi's code for a birth weight or length nobody knows

_LABELS: Mapping[str, Promise] = {
    "weight": gettext_lazy("Berat"),
    "lenhei": gettext_lazy("Tinggi"),
    "muac": gettext_lazy("LiLA"),
    "head": gettext_lazy("Lingkar kepala"),
    "birth_weight": gettext_lazy("Berat lahir"),
    "birth_length": gettext_lazy("Panjang lahir"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """What a proof by z-score has to know of the child."""

    sex: Sex
    age_days: int
    position: Position


class Quantities:
    """The numbers of one row, with the notes they give cause for."""

    def __init__(self, line: Line, *, bent_file: bool) -> None:
        self._line = line
        self._bent_file = bent_file
        self.notes: list[Note] = []

    def file_z(self) -> dict[str, Number]:
        """The z-scores the file gives, where it gives any."""
        found = {}
        for index in Z_COLUMNS:
            try:
                number = number_of(self._line[index], bent_file=self._bent_file)
            except ValueError:  # "Outlier"
                continue
            if number.values and all(abs(value) < _NO_Z for value in number.values):
                found[index] = number
        return found

    def weight_and_lenhei(self, person: Person) -> tuple[Decimal | None, Decimal | None]:
        """Kilograms and centimetres. Raises Invalid for words, for what is bent beyond proof, and for a
        weight and height that stand in each other's column.
        """
        weight, lenhei = self._number("weight"), self._number("lenhei")
        if weight.value and lenhei.value and are_swapped(weight.value, lenhei.value):
            raise Invalid(
                "swapped",
                _("Berat %(weight)s dan tinggi %(lenhei)s tampak tertukar. Betulkan di berkas asalnya.")
                % {"weight": spoken(weight.value), "lenhei": spoken(lenhei.value)},
                "weight",
            )
        file_z = self.file_z()
        return (
            self._measured(
                "weight", weight, lambda value: _z_of(person, weight=value).waz, file_z.get("waz")
            ),
            self._measured(
                "lenhei", lenhei, lambda value: _z_of(person, lenhei=value).haz, file_z.get("haz")
            ),
        )

    def _measured(
        self, field: str, number: Number, z_of: Callable[[Decimal], float | None], file_z: Number | None
    ) -> Decimal | None:
        if not number.bent:
            if number.value == 0:
                self._say(
                    "not_measured", _("%(field)s 0 dibaca sebagai tidak diukur.") % self._named(field), True
                )
            return number.value or None
        fits = [
            value
            for value in number.values
            if (z := z_of(value)) is not None
            and file_z is not None
            and any(abs(z - float(written)) <= _SAME_Z for written in file_z.values)
        ]
        if len(fits) != 1:
            raise Invalid(
                "decimal_unclear",
                _(
                    "%(field)s “%(written)s” telah diubah menjadi jam, dan z-score di berkas tidak "
                    "memastikan angka aslinya. Tulis ulang angkanya."
                )
                % self._named(field),
                field,
            )
        self._say(
            "decimal_restored",
            _("%(field)s “%(written)s” dibaca %(value)s; z-score di berkas membuktikannya.")
            % {**self._named(field), "value": spoken(fits[0])},
            True,
        )
        return fits[0]

    def around(self, field: str) -> Decimal | None:
        """Centimetres; 0 is not measured, and what is bent is left out, since nothing proves it."""
        number = self._number(field)
        if len(number.values) > 1:
            self._leave_out(field)
        return number.value or None

    def birth_weight(self) -> Decimal | None:
        """Kilograms. Grams are turned into kilograms; what no newborn weighs is left out, with a note."""
        value = self._at_birth("birth_weight")
        if value is not None and Decimal(300) <= value <= Decimal(7000):
            value /= 1000
            self._say(
                "birth_weight_grams",
                _("Berat lahir “%(written)s” dibaca gram: %(value)s kg.")
                % {**self._named("birth_weight"), "value": spoken(value)},
                True,
            )
        return self._within("birth_weight", value, Decimal("0.3"), Decimal(7))

    def birth_length(self) -> Decimal | None:
        """Centimetres; what no newborn measures is left out, with a note."""
        return self._within("birth_length", self._at_birth("birth_length"), Decimal(20), Decimal(70))

    def _at_birth(self, field: str) -> Decimal | None:
        try:
            number = self._number(field)
        except Invalid:
            self._leave_out(field)
            return None
        if len(number.values) > 1:
            self._leave_out(field)
        return None if number.value in (None, 0, _NOT_KNOWN) else number.value

    def _within(self, field: str, value: Decimal | None, low: Decimal, high: Decimal) -> Decimal | None:
        if value is None or low <= value <= high:
            return value
        self._leave_out(field)
        return None

    def _number(self, field: str) -> Number:
        try:
            return number_of(self._line[field], bent_file=self._bent_file)
        except ValueError:
            raise Invalid(
                "not_a_number", _("%(field)s “%(written)s” bukan angka.") % self._named(field), field
            ) from None

    def _named(self, field: str) -> dict[str, str]:
        return {"field": str(_LABELS[field]), "written": quoted(self._line[field])}

    def _leave_out(self, field: str) -> None:
        self._say(
            f"{field}_left_out",
            _("%(field)s “%(written)s” tidak mungkin atau tidak jelas, jadi dikosongkan.")
            % self._named(field),
            True,
        )

    def _say(self, code: str, sentence: str, repaired: bool) -> None:
        self.notes.append(Note(code, sentence, repaired))


def are_swapped(weight: Decimal, lenhei: Decimal) -> bool:
    """Neither can be what its column says, and each can be what the other's says."""
    return _is_lenhei(weight) and not _is_weight(weight) and _is_weight(lenhei) and not _is_lenhei(lenhei)


def _is_weight(value: Decimal) -> bool:
    return Decimal("0.5") <= value <= 40


def _is_lenhei(value: Decimal) -> bool:
    return 30 <= value <= 140


def _z_of(person: Person, *, weight: Decimal | None = None, lenhei: Decimal | None = None) -> Assessment:
    return assess(
        sex=GrowthSex(person.sex),
        age_days=person.age_days,
        weight_kg=None if weight is None else float(weight),
        lenhei_cm=None if lenhei is None else float(lenhei),
        position=GrowthPosition(str(person.position)),
    )
