"""Put the places, the target and the surveys that come with the register into the database.

Loading again is harmless: it never deletes, and it never changes what an admin may have decided. Names and
kinds follow the file, because they are Kemendagri's; coordinates and the puskesmas of a village are filled
only where empty; a kecamatan that has any puskesmas keeps what it has; target and survey rows are only added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models, transaction

from registry.models import (
    District,
    FormerVillageCode,
    Indicator,
    Kecamatan,
    Puskesmas,
    Survey,
    SurveyEstimate,
    Target,
    Village,
)
from registry.places.data import DISTRICT_CODE, DISTRICT_NAME, PlaceRow, puskesmas_names, read_places

# Year, percent of children under five stunted, source.
TARGETS = [(2024, Decimal("14.0"), "Perpres 72/2021")]
SURVEYS = [
    (2018, Survey.RISKESDAS, Decimal("32.10"), "Riskesdas 2018"),
    (2019, Survey.SSGBI, Decimal("23.18"), "SSGBI 2019"),
    (2021, Survey.SSGI, Decimal("17.90"), "SSGI 2021"),
    (2022, Survey.SSGI, Decimal("17.60"), "SSGI 2022"),
    (2023, Survey.SKI, Decimal("18.50"), "SKI 2023"),
]


@dataclass
class LoadReport:
    """How many rows of each table were added and changed."""

    added: Counter[type[models.Model]] = field(default_factory=Counter)
    changed: Counter[type[models.Model]] = field(default_factory=Counter)

    @property
    def tables(self) -> list[type[models.Model]]:
        """Return the tables in which anything was added or changed, in the order they were loaded."""
        return [model for model in self.added if self.added[model] or self.changed[model]]

    @property
    def changed_nothing(self) -> bool:
        return not self.tables


@transaction.atomic
def load_places() -> LoadReport:
    """Add the places, target and surveys of Cilacap that are missing, all or none of them."""
    report = LoadReport()
    former = set(FormerVillageCode.objects.values_list("code", flat=True))
    rows = [row for row in read_places() if row.code not in former]
    _sync(report, District, [District(code=DISTRICT_CODE, name=DISTRICT_NAME)], follow=["name"])
    _sync(report, Kecamatan, _kecamatan(rows), follow=["name"])
    _load_puskesmas(report, rows)
    _sync(
        report,
        Village,
        _villages(rows),
        follow=["name", "kind"],
        fill=["latitude", "longitude", "puskesmas_id"],
    )
    _load_targets(report)
    return report


def _kecamatan(rows: Iterable[PlaceRow]) -> list[Kecamatan]:
    names = {row.kecamatan_code: row.kecamatan for row in rows}
    return [
        Kecamatan(code=code, name=name, district_id=DISTRICT_CODE) for code, name in sorted(names.items())
    ]


def _load_puskesmas(report: LoadReport, rows: Iterable[PlaceRow]) -> None:
    """Name the puskesmas of each kecamatan that has none yet, since an admin may have renamed the others."""
    known = dict(Puskesmas.objects.values_list("name", "kecamatan_id"))
    served = set(known.values())
    unserved = {row.kecamatan_code: row.kecamatan for row in rows if row.kecamatan_code not in served}
    missing = [
        Puskesmas(name=name, kecamatan_id=code)
        for code, kecamatan in sorted(unserved.items())
        for name in puskesmas_names(kecamatan)
        if name not in known
    ]
    report.added[Puskesmas] += len(Puskesmas.objects.bulk_create(missing))


def _villages(rows: Iterable[PlaceRow]) -> list[Village]:
    """Return the villages, with the puskesmas where a kecamatan has only one."""
    serving: dict[str, list[int]] = defaultdict(list)
    for pk, kecamatan in Puskesmas.objects.values_list("pk", "kecamatan_id"):
        serving[kecamatan].append(pk)
    only = {kecamatan: pks[0] for kecamatan, pks in serving.items() if len(pks) == 1}
    return [
        Village(
            code=row.code,
            name=row.name,
            kind=row.kind,
            kecamatan_id=row.kecamatan_code,
            puskesmas_id=only.get(row.kecamatan_code),
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in rows
    ]


def _load_targets(report: LoadReport) -> None:
    for year, percent, source in TARGETS:
        _, added = Target.objects.get_or_create(
            district_id=DISTRICT_CODE,
            year=year,
            indicator=Indicator.STUNTED,
            defaults={"percent": percent, "source": source},
        )
        report.added[Target] += added
    for year, survey, percent, source in SURVEYS:
        _, added = SurveyEstimate.objects.get_or_create(
            district_id=DISTRICT_CODE,
            year=year,
            survey=survey,
            indicator=Indicator.STUNTED,
            defaults={"percent": percent, "source": source},
        )
        report.added[SurveyEstimate] += added


def _sync(
    report: LoadReport,
    model: type[models.Model],
    wanted: Sequence[models.Model],
    *,
    follow: Sequence[str],
    fill: Sequence[str] = (),
) -> None:
    """Add what is missing of ``wanted``; in the rest change only ``follow``, and ``fill`` where empty."""
    known = model._default_manager.in_bulk()
    missing = [row for row in wanted if row.pk not in known]
    report.added[model] += len(model._default_manager.bulk_create(missing))
    changed = [
        known[row.pk] for row in wanted if row.pk in known and _take_over(known[row.pk], row, follow, fill)
    ]
    if changed:
        model._default_manager.bulk_update(changed, [*follow, *fill])
    report.changed[model] += len(changed)


def _take_over(known: models.Model, wanted: models.Model, follow: Sequence[str], fill: Sequence[str]) -> bool:
    """Change ``known`` to what the file says where it may; True when anything did change."""
    different = [name for name in follow if getattr(known, name) != getattr(wanted, name)]
    different += [name for name in fill if getattr(known, name) is None and getattr(wanted, name) is not None]
    for name in different:
        setattr(known, name, getattr(wanted, name))
    return bool(different)
