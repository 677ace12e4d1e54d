"""Where it is worst, named fairly: ranked with intervals, a funnel that knows chance, and a map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import mean

from django.utils.translation import gettext as _

from dashboard.charts import (
    Chart,
    Circle,
    FunnelCurves,
    FunnelPoint,
    MapLabel,
    Outline,
    RankedRate,
    funnel_chart,
    map_chart,
    ranking_chart,
)
from dashboard.pages.base import Page, Tables
from dashboard.sections import Section
from dashboard.tables import More, Table, kecamatan_table, posyandu_table, village_table
from dashboard.verdicts import note_of
from dashboard.words import number, rate_with_interval
from registry.figures import (
    KecamatanRow,
    Prevalence,
    Verdict,
    VillageRow,
    add_months,
    can_see,
    change_between,
    kecamatan_sums,
    outlines_of,
    verdict,
    village_rows,
)
from registry.figures.funnel import FAR, NEAR, Dispersion, curve, dispersion, side_of
from registry.figures.posyandu import posyandu_rows
from registry.figures.shrinkage import Shrunk, shrunk_rates
from registry.figures.version import Version, is_counted
from registry.models import Boundary, District, Kecamatan, Village

MONTHS_BACK = 6
"""Between which month and this one the change is told."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A kecamatan or village with its rate."""

    place: Village | Kecamatan
    found: Prevalence


class WherePage(Page):
    """The places inside a place, side by side."""

    section = Section.WHERE

    @property
    def months_shown(self) -> list[date]:
        return [add_months(self.month, -MONTHS_BACK), self.month]

    def version(self) -> Version | None:
        """A village's posyandu are counted anew each time; outlines are told by how many there are."""
        figures = None if isinstance(self.place, Village) else super().version()
        return None if figures is None else (*figures, Boundary.objects.count())

    @cached_property
    def villages(self) -> list[VillageRow]:
        return village_rows(self.place, self.month, self.user)

    @cached_property
    def villages_before(self) -> list[VillageRow]:
        """The same six months before; none for a month without figures."""
        before = add_months(self.month, -MONTHS_BACK)
        return village_rows(self.place, before, self.user) if is_counted(before) else []

    @cached_property
    def kecamatan(self) -> list[KecamatanRow]:
        """The kecamatan of the district; none below it."""
        return kecamatan_sums(self.villages) if isinstance(self.place, District) else []

    @property
    def compared(self) -> Sequence[KecamatanRow | VillageRow]:
        """What the ranking shows: kecamatan of the district, else villages."""
        return self.kecamatan or self.villages

    @property
    def target_percent(self) -> float | None:
        return None if self.target is None else float(self.target.percent)

    @property
    def has_places(self) -> bool:
        """A village has no village inside it: its posyandu are told instead, without charts."""
        return not isinstance(self.place, Village)

    @cached_property
    def ranking_chart(self) -> Chart | None:
        rows = _places(self.compared)
        estimates = _estimates(rows)
        ranked = [r for row in rows if (r := _ranked(row, estimates.get(row.place.pk)))]
        return ranking_chart(ranked, self.target_percent, self.title)

    @cached_property
    def counted(self) -> list[_Place]:
        """The villages with a rate to show."""
        return [row for row in _places(self.villages) if row.found.rate is not None]

    @cached_property
    def dispersion(self) -> Dispersion:
        """How much more the villages differ than by chance."""
        pairs = [(row.found.numerator or 0, row.found.denominator) for row in self.counted]
        return dispersion(pairs, self.stunted.rate or 0.0)

    @cached_property
    def funnel_chart(self) -> Chart | None:
        """Each village against what chance alone would make of the common rate."""
        share, widening = self.stunted.rate, self.dispersion.widening
        if share is None or not 0 < share < 1 or len(self.counted) < 2:
            return None
        points = [
            FunnelPoint(
                name=row.place.name,
                size=row.found.denominator,
                rate=row.found.rate or 0.0,
                side=side_of(row.found.numerator or 0, row.found.denominator, share, widening).value,
            )
            for row in self.counted
        ]
        most = max(row.found.denominator for row in self.counted)
        return funnel_chart(points, _curves(share, most, widening), share, self.title)

    @property
    def widened(self) -> str:
        """Why the limits of the funnel are wider than by chance, in a sentence; empty when not."""
        if self.dispersion.widening == 1.0:
            return ""
        return _(
            "Desa-desa di sini memang berbeda lebih dari kebetulan, jadi batasnya dilebarkan %(times)s kali: "
            "yang di luarnya berbeda juga dari desa-desa lain pada umumnya."
        ) % {"times": number(self.dispersion.widening, 1)}

    @cached_property
    def map_chart(self) -> Chart | None:
        """Circles at the villages, as large as the children measured, split at the target."""
        circles = [
            Circle(
                name=row.village.name,
                latitude=row.village.latitude,
                longitude=row.village.longitude,
                measured=row.summary.stunted.measured,
                rate=row.summary.stunted.rate,
                side=self._side(row.summary.stunted),
                words=_words(row.village.name, row.summary.stunted),
            )
            for row in self.villages
            if row.village.latitude is not None and row.village.longitude is not None
        ]
        outlines = [Outline(code, "", geometry) for code, geometry in outlines_of(self.place).items()]
        labels = _kecamatan_labels(self.villages) if isinstance(self.place, District) else []
        return map_chart(circles, outlines, self.target_percent, self.title, labels=labels)

    def _side(self, found: Prevalence) -> str:
        said = verdict(found, self.target)
        return said.value if said in (Verdict.BELOW, Verdict.ABOVE, Verdict.UNCLEAR) else "none"

    @cached_property
    def tables(self) -> Tables:
        if isinstance(self.place, Village):
            seen = can_see(self.place, self.user, people=True)
            return {"posyandu": self.posyandu_table} if seen else {}
        found: Tables = {"kecamatan": self.kecamatan_table} if self.kecamatan else {}
        return found | {"villages": self.village_table}

    @property
    def place_tables(self) -> list[Table]:
        return [make() for make in self.tables.values()]

    def posyandu_table(self) -> Table:
        """The posyandu of a village."""
        rows = posyandu_rows(self.place, self.month, self.user) if isinstance(self.place, Village) else []
        return posyandu_table(rows, month=self.month, target=self.target)

    def kecamatan_table(self) -> Table:
        before = {r.kecamatan.pk: r.summary.stunted for r in kecamatan_sums(self.villages_before)}
        more = _more(_places(self.kecamatan), before)
        return kecamatan_table(
            self.kecamatan, month=self.month, target=self.target, sort=self.sort, more=more
        )

    def village_table(self) -> Table:
        before = {r.village.pk: r.summary.stunted for r in self.villages_before}
        more = _more(_places(self.villages), before)
        several = len({r.village.kecamatan_id for r in self.villages}) > 1
        return village_table(
            self.villages,
            month=self.month,
            target=self.target,
            sort=self.sort,
            with_kecamatan=several,
            more=more,
        )


def _places(rows: Sequence[KecamatanRow | VillageRow]) -> list[_Place]:
    return [
        _Place(row.kecamatan if isinstance(row, KecamatanRow) else row.village, row.summary.stunted)
        for row in rows
    ]


def _estimates(rows: Sequence[_Place]) -> dict[str, Shrunk]:
    """The empirical Bayes estimate of each place with a rate, by code; none with nothing to borrow from."""
    known = [row for row in rows if row.found.rate is not None]
    shrunk = shrunk_rates([(row.found.numerator or 0, row.found.denominator) for row in known])
    return {} if shrunk is None else dict(zip((r.place.pk for r in known), shrunk, strict=True))


def _more(rows: Sequence[_Place], before: Mapping[str, Prevalence]) -> dict[str, More]:
    """The estimate and the change of each place, by code."""
    estimates = _estimates(rows)
    return {
        row.place.pk: More(
            estimates.get(row.place.pk),
            change_between(before[row.place.pk], row.found) if row.place.pk in before else None,
        )
        for row in rows
    }


def _ranked(row: _Place, estimate: Shrunk | None) -> RankedRate | None:
    found = row.found
    if found.rate is None or found.low is None or found.high is None:
        return None
    return RankedRate(
        name=row.place.name,
        rate=found.rate,
        low=found.low,
        high=found.high,
        shrunk=estimate.rate if estimate and found.denominator else None,
        pale=found.pale,
        words=_words(row.place.name, found),
    )


def _words(name: str, found: Prevalence) -> str:
    note = note_of(found)
    if found.rate is None:
        return f"{name}: {note}"
    children = _("%(count)s anak") % {"count": number(found.denominator)}
    said = f"{name}: {rate_with_interval(found)}, {children}"
    return f"{said}, {note}" if note else said


def _curves(share: float, most: int, widening: float) -> FunnelCurves:
    """The limits of chance from a handful of children to the largest village."""
    steps = 60
    sizes = sorted({max(5, round(most * 1.05 * (i / steps) ** 1.6)) for i in range(1, steps + 1)})
    near, far = curve(share, sizes, NEAR, widening), curve(share, sizes, FAR, widening)
    return FunnelCurves(
        sizes=sizes,
        low95=[low for low, _high in near],
        high95=[high for _low, high in near],
        low998=[low for low, _high in far],
        high998=[high for _low, high in far],
    )


def _kecamatan_labels(rows: Sequence[VillageRow]) -> list[MapLabel]:
    """The name of each kecamatan in the middle of its villages."""
    inside: dict[str, list[Village]] = defaultdict(list)
    for row in rows:
        if row.village.latitude is not None and row.village.longitude is not None:
            inside[row.village.kecamatan.name].append(row.village)
    return [
        MapLabel(name, mean(v.latitude or 0 for v in found), mean(v.longitude or 0 for v in found))
        for name, found in inside.items()
    ]
