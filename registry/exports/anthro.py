"""For WHO's survey analyser and ENA for SMART: ENA's columns and codes, which WHO's program lets one map.

No name, no NIK. ``CLUSTER`` is a number, the village's code inside its kabupaten, since both programs want
one and a whole code is too long for it. ``ID`` tells the children of the file apart, so that a period with
more than one row a child can be cut down to one.

What WHO's analyser takes is read from its source (github.com/WorldHealthOrganization/anthro-analyzer-web,
``modules/upload.R``, ``code/input-variable-mapping.R``, ``code/functions-helper.R``, seen in 2026): a CSV in
UTF-8 with commas, whose name has letters, digits, ``-`` and ``_`` only; dates as dd/mm/yyyy, its default, or
mm/dd/yyyy; sex 1, 2, m or f; ``l`` or ``h``; oedema y, n, 1 or 2; a cluster without decimals.

ENA's codes are those of its own data sheet: sex m or f, oedema y or n, MUAC in millimetres (as in the surveys
of github.com/tomaszaba/ipccheckr, ``R/data.R``), ``MEASURE`` l or h next to its twelve columns, by which it
adds or takes 0.7 cm where a child was measured against the rule for its age
(smartmethodology.org/forum/topic/analysis-using-ena). In which order ENA reads day and month was not found
written anywhere; ``MONTHS`` and ``AGE_DAYS`` hold whatever becomes of the dates.
"""

from __future__ import annotations

from decimal import Decimal

from registry.exports.cell_formatting import number
from registry.exports.layout import MeasurementColumns, no_value
from registry.models import Sex

_DAY_FIRST = "%d/%m/%Y"
_DAYS_IN_MONTH = 30.4375  # WHO's
_SEXES = {Sex.BOY: "m", Sex.GIRL: "f"}

COLUMNS: MeasurementColumns = (
    ("SURVDATE", lambda row: row.measured.measured_on.strftime(_DAY_FIRST)),
    ("CLUSTER", lambda row: _cluster_number(row.measured.village)),
    ("TEAM", no_value),
    ("ID", lambda row: row.sources.children[row.child.id]),
    ("HH", no_value),
    ("SEX", lambda row: _SEXES[Sex(row.child.sex)]),
    ("BIRTHDAT", lambda row: row.child.birth_date.strftime(_DAY_FIRST)),
    ("MONTHS", lambda row: Decimal(f"{row.measured.age_days / _DAYS_IN_MONTH:.2f}")),
    ("WEIGHT", lambda row: number(row.measured.weight_kg)),
    ("HEIGHT", lambda row: number(row.measured.lenhei_cm)),
    ("EDEMA", lambda row: "y" if row.measured.oedema else "n"),
    ("MUAC", lambda row: None if row.measured.muac_cm is None else number(row.measured.muac_cm * 10)),
    ("MEASURE", lambda row: row.measured.position.lower()),
    ("AGE_DAYS", lambda row: row.measured.age_days),
    ("VILLAGE", lambda row: row.home.village),
)


def _cluster_number(code: str) -> int:
    """Return 22016 for 33.01.02.2016."""
    return int(code.replace(".", "")[4:])
