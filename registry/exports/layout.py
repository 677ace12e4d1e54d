"""What the columns of a layout are made from: a child, a measurement, and the names around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from registry.exports.nik_masking import NikReader
from registry.exports.page_table import Value
from registry.exports.queries import ExportedChild, ExportedMeasurement, VillageNames


@dataclass(frozen=True, slots=True)
class LayoutSources:
    """Where a row finds what is not stored with it. ``children``: their numbers, in the order they come."""

    niks: NikReader
    villages: Mapping[str, VillageNames]
    posyandu: Mapping[int, str]
    histories: Mapping[UUID, str]
    children: defaultdict[UUID, int]


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child in a file. ``number``: of the row, from 1."""

    number: int
    child: ExportedChild
    sources: LayoutSources

    @property
    def nik(self) -> str:
        return self.sources.niks.read(self.child.nik_sealed)

    @property
    def posyandu(self) -> str:
        return self.sources.posyandu.get(self.child.posyandu or 0, "")


@dataclass(frozen=True, slots=True)
class MeasurementRow(ChildRow):
    """A measurement in a file, with its child as it is stored today."""

    measured: ExportedMeasurement

    @property
    def home(self) -> VillageNames:
        """Return the village where the child lived that day."""
        return self.sources.villages[self.measured.village]

    @property
    def is_at_home(self) -> bool:
        """Return whether the child still lives there."""
        return self.child.village == self.measured.village

    @property
    def residence_history(self) -> str:
        return self.sources.histories.get(self.child.id, "")


ChildColumns = Sequence[tuple[str, Callable[[ChildRow], Value]]]
MeasurementColumns = Sequence[tuple[str, Callable[[MeasurementRow], Value]]]
"""Each heading with what makes its value."""


def no_value(_row: ChildRow) -> Value:
    """Return nothing, for a column that the register does not keep."""
    return ""
