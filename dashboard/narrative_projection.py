"""When the target is met if the trend goes on, in words that say how little is known of it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from dashboard.formatting import interval, month_name, percent, short_percent, with_sign
from registry.statistics.projection import ProjectionOutcome, TargetProjection


def projection_text(found: TargetProjection, percent_target: Decimal) -> str:
    """Return a few sentences on ``found`` and the target, in per cent."""
    if found.outcome is ProjectionOutcome.TOO_LITTLE:
        return _(
            "Belum cukup bulan untuk membaca kecenderungan: perlu enam bulan dengan paling sedikit 30 "
            "anak dalam dua belas bulan terakhir."
        )
    parts = {
        "target": short_percent(percent_target),
        "rate": percent(found.rate_now),
        "interval": interval(found.rate_low, found.rate_high),
        "slope": with_sign(found.slope_points_per_month or 0.0, 2),
        "low": with_sign(found.slope_low or 0.0, 2),
        "high": with_sign(found.slope_high or 0.0, 2),
    }
    trend = (
        _(
            "Garis kecenderungan dua belas bulan terakhir, bukan hanya bulan ini, sekarang di %(rate)s "
            "(%(interval)s) dan berubah %(slope)s poin persen tiap bulan (%(low)s sampai %(high)s)."
        )
        % parts
    )
    outcome = _outcome_text(found, float(percent_target) / 100) % (parts | _month_texts(found))
    return f"{trend} {outcome} {_not_a_forecast()}"


def _outcome_text(found: TargetProjection, target: float) -> str:
    if found.outcome is ProjectionOutcome.MET and found.rate_high is not None and found.rate_high > target:
        return _(
            "Garis itu sudah di target %(target)s atau di bawahnya, tetapi selang kepercayaannya masih "
            "melewatinya."
        )
    if found.outcome is ProjectionOutcome.MET:
        return _("Target %(target)s sudah tercapai.")
    if found.outcome is ProjectionOutcome.NOT_IN_SIGHT:
        return _("Dengan kecenderungan ini target %(target)s belum terlihat kapan tercapai.")
    if found.latest is None:
        return _(
            "Dengan kecenderungan ini target %(target)s tercapai sekitar %(month)s, paling cepat "
            "%(earliest)s; kecenderungannya belum cukup pasti untuk mengatakan paling lambat kapan."
        )
    return _(
        "Dengan kecenderungan ini target %(target)s tercapai sekitar %(month)s (antara %(earliest)s dan "
        "%(latest)s)."
    )


def _month_texts(found: TargetProjection) -> dict[str, str]:
    known = {"month": found.month, "earliest": found.earliest, "latest": found.latest}
    return {name: "" if at is None else month_name(at) for name, at in known.items()}


def _not_a_forecast() -> str:
    return _(
        "Ini perpanjangan garis, bukan ramalan: program baru, musim, dan siapa yang datang dapat mengubahnya."
    )
