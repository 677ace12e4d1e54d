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
    RankedRate,
    funnel_chart,
    map_chart,
    ranking_chart,
)
from dashboard.formatting import number, rate_with_interval, short_percent
from dashboard.narrative import long_note
from dashboard.pages.base import FigurePage, FigureTables
from dashboard.ranked_tables import EstimateAndChange, ranked_table
from dashboard.sections import Section
from dashboard.tables import FigureTable, posyandu_table, with_lokus
from registry.access.visible_places import can_see_place
from registry.calendar_months import add_months
from registry.figures import (
    PlaceFigures,
    PlaceRows,
    Prevalence,
    Verdict,
    change_between,
    kecamatan_sums,
    outlines_of,
    verdict,
    village_rows,
)
from registry.figures.posyandu import posyandu_rows
from registry.figures.version import Version, is_counted
from registry.models import Boundary, District, Kecamatan, Village
from registry.statistics.empirical_bayes import Shrunk, shrunk_rates
from registry.statistics.funnel import FAR, NEAR, Dispersion, curve, dispersion, side_of

MONTHS_BACK = 6
"""Between which month and this one the change is shown."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot and what its limits mean for these places, in words."""

    chart: Chart
    meaning: str


class RankingPage(FigurePage):
    """The places inside a place, side by side."""

    section = Section.WHERE

    @property
    def months_shown(self) -> list[date]:
        return [add_months(self.month, -MONTHS_BACK), self.month]

    def version(self) -> Version | None:
        """Return None for a village, whose posyandu are counted each time; of outlines the number counts."""
        if isinstance(self.place, Village):
            return None
        return (super().version(), Boundary.objects.count())

    @cached_property
    def villages(self) -> list[PlaceFigures[Village]]:
        return village_rows(self.place, self.month, self.user)

    @cached_property
    def villages_before(self) -> list[PlaceFigures[Village]]:
        """Return the same six months before; none for a month without figures."""
        before = add_months(self.month, -MONTHS_BACK)
        return village_rows(self.place, before, self.user) if is_counted(before) else []

    @cached_property
    def kecamatan(self) -> list[PlaceFigures[Kecamatan]]:
        """Return the kecamatan of the district; none below it."""
        return kecamatan_sums(self.villages) if isinstance(self.place, District) else []

    @property
    def compared_rows(self) -> PlaceRows:
        """Return what the ranking shows: kecamatan of the district, else villages."""
        return self.kecamatan or self.villages

    @property
    def target_percent(self) -> float | None:
        return None if self.target is None else float(self.target.percent)

    @property
    def has_places(self) -> bool:
        """Return whether there are places to draw: a village has only its posyandu, in a table."""
        return not isinstance(self.place, Village)

    @cached_property
    def ranking_chart(self) -> Chart | None:
        ranked = []
        for row in self.compared_rows:
            estimate = self.compared_estimates.get(row.place.pk)
            drawn = _ranked_rate(row, estimate, verdict(row.stunted, self.target).value)
            ranked += [drawn] if drawn else []
        return ranking_chart(ranked, self.target_percent, self.title)

    @cached_property
    def compared_estimates(self) -> dict[str, Shrunk]:
        return _estimates(self.compared_rows)

    @property
    def all_alike_note(self) -> str:
        """Return that the estimates of the ranking are all the same, and why; empty where they differ."""
        return _all_alike_note(self.compared_estimates)

    @cached_property
    def funnels(self) -> list[Funnel]:
        """Return those of kecamatan, if any, and of villages: small places hide what large ones show."""
        if self.stunting.rate is None or not self.stunting.is_judged:
            return []
        made = [
            _funnel(self.kecamatan, self.stunting.rate, self.title, of_kecamatan=True),
            _funnel(self.villages, self.stunting.rate, self.title, of_kecamatan=False),
        ]
        return [funnel for funnel in made if funnel]

    @cached_property
    def map_chart(self) -> Chart | None:
        """Return circles at the villages, as large as the children measured, split at the target."""
        circles = [
            Circle(
                latitude=row.place.latitude,
                longitude=row.place.longitude,
                measured=row.stunted.measured,
                side=self._side(row.stunted),
                words=_place_text(row.place.name, row.stunted),
            )
            for row in self.villages
            if row.place.latitude is not None and row.place.longitude is not None
        ]
        labels = _kecamatan_labels(self.villages) if isinstance(self.place, District) else []
        return map_chart(circles, outlines_of(self.place), self.target_percent, self.title, labels=labels)

    def _side(self, found: Prevalence) -> str:
        said = verdict(found, self.target)
        if said is Verdict.NO_TARGET:  # a rate without a side
            return Verdict.UNCLEAR.value
        return "none" if said in (Verdict.NO_DATA, Verdict.RUNNING, Verdict.THIN) else said.value

    @cached_property
    def tables(self) -> FigureTables:
        if isinstance(self.place, Village):
            seen = can_see_place(self.place, self.user, people=True)
            return {"posyandu": self.posyandu_table} if seen else {}
        found: FigureTables = {"kecamatan": self.kecamatan_table} if self.kecamatan else {}
        return found | {"villages": self.village_table}

    @property
    def place_tables(self) -> list[FigureTable]:
        return [make() for make in self.tables.values()]

    def posyandu_table(self) -> FigureTable:
        """Return the posyandu of a village."""
        rows = posyandu_rows(self.place, self.month, self.user) if isinstance(self.place, Village) else []
        return posyandu_table(rows, month=self.month, target=self.target)

    def kecamatan_table(self) -> FigureTable:
        before = kecamatan_sums(self.villages_before)
        return self._ranked_table("kecamatan", self.kecamatan, before, self.compared_estimates)

    def village_table(self) -> FigureTable:
        estimates = _estimates(self.villages)
        # Below the district the ranking above has said it of the same villages.
        notes = (_all_alike_note(estimates),) if self.kecamatan else ()
        table = self._ranked_table("villages", self.villages, self.villages_before, estimates, notes)
        return with_lokus(table, self.lokus)

    def _ranked_table(
        self,
        name: str,
        rows: PlaceRows,
        before: PlaceRows,
        estimates: Mapping[str, Shrunk],
        notes: Sequence[str] = (),
    ) -> FigureTable:
        return ranked_table(
            name,
            rows,
            month=self.month,
            target=self.target,
            sort=self.options.sort,
            estimates=_with_changes(rows, before, estimates),
            notes=notes,
        )


def _estimates(rows: PlaceRows) -> dict[str, Shrunk]:
    """Return the empirical Bayes estimate of each place with a rate, by code; none without others."""
    known = [row for row in rows if row.stunted.rate is not None and row.stunted.is_judged]
    shrunk = shrunk_rates([(row.stunted.numerator or 0, row.stunted.denominator) for row in known])
    return {} if shrunk is None else dict(zip((r.place.pk for r in known), shrunk, strict=True))


def _all_alike_note(estimates: Mapping[str, Shrunk]) -> str:
    """Return that places are estimated not to differ at all: nothing of their own is in any estimate."""
    if not estimates or any(found.weight > 0 for found in estimates.values()):
        return ""
    return _(
        "Perkiraannya sama untuk semua tempat di sini: angkanya tidak berbeda lebih daripada yang dibuat "
        "kebetulan (ragam antartempat diperkirakan nol), jadi tempat-tempat ini belum dapat dibedakan."
    )


def _with_changes(
    rows: PlaceRows, before: PlaceRows, estimates: Mapping[str, Shrunk]
) -> dict[str, EstimateAndChange]:
    """Return the estimate and the change of each place, by code."""
    earlier = {row.place.pk: row.stunted for row in before}
    return {
        row.place.pk: EstimateAndChange(
            estimates.get(row.place.pk),
            change_between(earlier[row.place.pk], row.stunted) if row.place.pk in earlier else None,
        )
        for row in rows
    }


def _ranked_rate(
    row: PlaceFigures[Village] | PlaceFigures[Kecamatan], estimate: Shrunk | None, side: str
) -> RankedRate | None:
    found = row.stunted
    if found.rate is None or found.low is None or found.high is None or not found.is_judged:
        return None
    return RankedRate(
        name=row.place.name,
        rate=found.rate,
        low=found.low,
        high=found.high,
        shrunk=estimate.rate if estimate and found.denominator else None,
        pale=found.pale,
        words=_place_text(row.place.name, found),
        side=side,
        low_coverage=found.low_coverage,
    )


def _funnel(places: PlaceRows, share: float, where: str, *, of_kecamatan: bool) -> Funnel | None:
    """Return each place against what chance makes of the common rate; None where nothing can differ."""
    counted = [row for row in places if row.stunted.rate is not None and row.stunted.is_judged]
    if not 0 < share < 1 or len(counted) < 2:
        return None
    pairs = [(row.stunted.numerator or 0, row.stunted.denominator) for row in counted]
    spread = dispersion(pairs, share)
    points = [
        FunnelPoint(row.place.name, size, part / size, side_of(part, size, share, spread.widening).value)
        for row, (part, size) in zip(counted, pairs, strict=True)
    ]
    curves = _curves(share, max(size for _part, size in pairs), spread.widening)
    title = (
        _("Prevalensi kecamatan menurut banyaknya anak")
        if of_kecamatan
        else _("Prevalensi desa dan kelurahan menurut banyaknya anak")
    )
    chart = funnel_chart(points, curves, share, where, title=title, widening=spread.widening)
    return None if chart is None else Funnel(chart, _limits_text(spread))


def _limits_text(spread: Dispersion) -> str:
    """Return what it means to lie within and outside the limits, and how many do outside by chance alone."""
    parts = {
        "near": short_percent(NEAR * 100),
        "far": short_percent(round(FAR * 100, 1)),
        "count": number(spread.places),
        "outside_near": _expected_text(spread.places * (1 - NEAR)),
        "outside_far": _expected_text(spread.places * (1 - FAR)),
        "times": number(spread.widening, 1),
    }
    inside = (
        _(
            "Tiap titik satu tempat. Di dalam garis putus-putus (%(near)s): tidak menonjol dari sebaran "
            "tempat-tempat ini, walaupun angkanya bisa berbeda dari rata-rata."
        )
        if spread.significant
        else _(
            "Tiap titik satu tempat. Di dalam garis putus-putus (%(near)s): tidak dapat dibedakan dari "
            "rata-rata, dan itu bukan bukti bahwa sama."
        )
    )
    said = [
        inside,
        _(
            "Di antara garis putus-putus dan garis luar (%(far)s): mungkin berbeda, lihat lagi bulan "
            "berikutnya. Di luar garis luar: jarang karena kebetulan, tetapi tidak mustahil."
        ),
        _(
            "Karena kebetulan saja, dari %(count)s tempat %(outside_near)s ada di luar garis putus-putus dan "
            "%(outside_far)s di luar garis luar (Spiegelhalter 2005)."
        ),
    ]
    if spread.significant:
        said.append(
            _(
                "Tempat-tempat ini memang berbeda lebih dari kebetulan, jadi batasnya dilebarkan %(times)s "
                "kali: yang di luarnya berbeda juga dari tempat lain pada umumnya."
            )
        )
    return " ".join(sentence % parts for sentence in said)


def _expected_text(expected: float) -> str:
    """Return an expected number of places, which is seldom a whole one."""
    if expected < 0.1:
        return _("kurang dari %(count)s") % {"count": number(0.1, 1)}
    return _("kira-kira %(count)s") % {"count": number(expected, 1 if expected < 10 else 0)}


def _place_text(name: str, found: Prevalence) -> str:
    note = long_note(found)
    if found.rate is None:
        return f"{name}: {note}"
    children = _("%(count)s anak") % {"count": number(found.denominator)}
    said = f"{name}: {rate_with_interval(found)}, {children}"
    return f"{said}, {note}" if note else said


def _curves(share: float, most: int, widening: float) -> FunnelCurves:
    """Return the limits of chance from a handful of children to the largest village."""
    steps = 60
    sizes = sorted({max(5, round(most * 1.05 * (i / steps) ** 1.6)) for i in range(1, steps + 1)})
    near, far = (curve(share, sizes, level, widening) for level in (NEAR, FAR))
    return FunnelCurves(sizes, near, far)


def _kecamatan_labels(rows: Sequence[PlaceFigures[Village]]) -> list[MapLabel]:
    """Return the name of each kecamatan in the middle of its villages."""
    inside: dict[str, list[Village]] = defaultdict(list)
    for row in rows:
        if row.place.latitude is not None and row.place.longitude is not None:
            inside[row.place.kecamatan.name].append(row.place)
    return [
        MapLabel(name, mean(v.latitude or 0 for v in found), mean(v.longitude or 0 for v in found))
        for name, found in inside.items()
    ]
