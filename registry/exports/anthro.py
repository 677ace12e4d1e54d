"""For WHO's survey analyser and ENA for SMART: ENA's columns and codes, which WHO's program lets one map.

No name, no NIK. ``CLUSTER`` is a number, the village's code inside its kabupaten, since both programs want
one and a whole code is too long for it. ``ID`` tells the children of the file apart, so that a period with
more than one row a child can be cut down to one.

What WHO's analyser takes is read from its source (github.com/WorldHealthOrganization/anthro-analyzer-web,
``modules/upload.R``, ``code/input-variable-mapping.R``, ``code/functions-helper.R``, seen in 2026): a CSV in
UTF-8 with commas, whose name has letters, digits, ``-`` and ``_`` only; dates as dd/mm/yyyy, its default, or
mm/dd/yyyy; sex 1, 2, m or f; ``l`` or ``h``; oedema y, n, 1 or 2; a cluster without decimals.

ENA's codes are those of its own data sheet: sex m or f, oedema y or n, MUAC in millimetres (as in the surveys
of github.com/tomaszaba/ipccheckr, ``R/data.R``), ``MEASURE`` l or h beside its twelve columns, by which it
adds or takes 0.7 cm where a child was measured against the rule for its age
(smartmethodology.org/forum/topic/analysis-using-ena). In which order ENA reads day and month was not found
written anywhere; ``MONTHS`` and ``AGE_DAYS`` hold whatever becomes of the dates.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from registry.exports.cell_formatting import Value, number
from registry.exports.queries import Person, Places, Seen
from registry.models import Sex

HEADER = (
    *("SURVDATE", "CLUSTER", "TEAM", "ID", "HH", "SEX", "BIRTHDAT", "MONTHS", "WEIGHT", "HEIGHT"),
    *("EDEMA", "MUAC", "MEASURE", "AGE_DAYS", "VILLAGE"),
)
_DAY_FIRST = "%d/%m/%Y"
_DAYS_IN_MONTH = 30.4375  # WHO's
_SEXES = {Sex.BOY: "m", Sex.GIRL: "f"}


class Numbers:
    """Children by the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[UUID, int] = {}

    def of(self, child: UUID) -> int:
        return self._known.setdefault(child, len(self._known) + 1)


def row(person: Person, seen: Seen, places: Places, numbers: Numbers) -> tuple[Value, ...]:
    return (
        seen.measured_on.strftime(_DAY_FIRST),
        _cluster(seen.village),
        "",
        numbers.of(person.id),
        "",
        _SEXES[Sex(person.sex)],
        person.birth_date.strftime(_DAY_FIRST),
        Decimal(f"{seen.age_days / _DAYS_IN_MONTH:.2f}"),
        number(seen.weight_kg),
        number(seen.lenhei_cm),
        "y" if seen.oedema else "n",
        None if seen.muac_cm is None else number(seen.muac_cm * 10),
        seen.position.lower(),
        seen.age_days,
        places.home(seen.village).village,
    )


def _cluster(code: str) -> int:
    """33.01.02.2016 is 22016."""
    return int(code.replace(".", "")[4:])
