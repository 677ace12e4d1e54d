"""Numbers, months and places as the reader's language writes them: 14,2% and 1.234, 14.2% and 1,234."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from registry.access.visible_places import Place
from registry.exports.page_table import DASH
from registry.figures import Prevalence
from registry.models import District, Kecamatan, Puskesmas, VillageKind


def number(value: float | Decimal, places: int = 0) -> str:
    """Return ``value`` rounded to ``places`` decimals and grouped by thousands."""
    # Not formats.number_format: that one cuts the digits off instead of rounding them.
    separators = {",": str(get_format("THOUSAND_SEPARATOR")), ".": str(get_format("DECIMAL_SEPARATOR"))}
    return "".join(separators.get(sign, sign) for sign in f"{value:,.{places}f}")


def number_or_dash(value: int | None) -> str:
    """Return a count; a dash for one that is not known, which is not 0."""
    return DASH if value is None else number(value)


def percent(fraction: float | None) -> str:
    """Return a share of 0 to 1 in per cent with one decimal; a dash for no data, which is not 0%."""
    if fraction is None:
        return DASH
    return f"{number(fraction * 100, 1)}%"


def short_percent(value: float | Decimal) -> str:
    """Return a percentage as it was set, without a decimal that is zero: 14%, 18,5%, 23,18%."""
    given = Decimal(str(value)).normalize()
    return f"{number(given, max(0, -int(given.as_tuple().exponent)))}%"


def zscore(value: float, places: int = 2) -> str:
    """Return a z-score with a true minus sign: −1,24."""
    return number(value, places).replace("-", "\N{MINUS SIGN}")


def with_sign(value: float, places: int = 1) -> str:
    """Return a difference with its sign: +1,2 or −0,4."""
    digits = number(abs(value), places)
    return digits if float(f"{value:.{places}f}") == 0 else ("+" if value > 0 else "\N{MINUS SIGN}") + digits


def interval(low: float | None, high: float | None) -> str:
    """Return both ends in per cent, without the sign: 13,1–15,4."""
    if low is None or high is None:
        return DASH
    return f"{number(low * 100, 1)}–{number(high * 100, 1)}"


def rate_with_interval(found: Prevalence) -> str:
    """Return 14,2% (13,1–15,4)."""
    return f"{percent(found.rate)} ({interval(found.low, found.high)})"


def month_name(month: date) -> str:
    """Return Agustus 2024."""
    return date_format(month, "F Y")


def month_short(month: date) -> str:
    """Return Agu 2024."""
    return date_format(month, "M Y")


def place_title(place: Place) -> str:
    """Return a place with its kind: Kecamatan Kesugihan."""
    name = {"name": place.name}
    if isinstance(place, District):
        return _("Kabupaten %(name)s") % name
    if isinstance(place, Kecamatan):
        return _("Kecamatan %(name)s") % name
    if isinstance(place, Puskesmas):
        return _("Puskesmas %(name)s") % name
    if place.kind == VillageKind.KELURAHAN:
        return _("Kelurahan %(name)s") % name
    return _("Desa %(name)s") % name
