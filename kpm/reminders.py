"""Posyandu days to come: as a calendar, and as texts to paste into WhatsApp. Nothing is sent from here.

The texts go to families and cadres, so they are Indonesian whatever the language of the page; a calendar and
the text for a village's group name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.utils import timezone, translation
from django.utils.formats import date_format
from icalendar import Calendar, Event

from kpm.card import family_steps
from kpm.follow_up import FollowUpRow
from kpm.history import history_of, latest_advice
from registry.calendar_months import add_months, current_month, month_of, posyandu_day
from registry.figures import public_summary
from registry.figures.counts import SMALL_COUNT
from registry.figures.disclosure import suppress_small_counts
from registry.growth import age_in_days
from registry.models import Child, Posyandu, Village
from registry.places.match import find_by_code

_MONTHS_AHEAD = 12
_SALT = "kpm.calendar"


@dataclass(frozen=True, slots=True)
class PosyanduDays:
    """A posyandu, its days to come, and the token of its calendar."""

    posyandu: Posyandu
    days: Sequence[date]
    token: str

    @property
    def next_day(self) -> date | None:
        return self.days[0] if self.days else None


def list_posyandu_days(village: Village, today: date) -> list[PosyanduDays]:
    """Return the posyandu of ``village`` with their days of the next twelve months, by name."""
    return [
        PosyanduDays(one, _days_of(one, today), sign_calendar(village, one))
        for one in village.posyandu.order_by("name")
    ]


def _days_of(posyandu: Posyandu, today: date) -> list[date]:
    months = [add_months(month_of(today), ahead) for ahead in range(_MONTHS_AHEAD + 1)]
    days = [posyandu_day(month, posyandu.day_of_month, posyandu.nth_weekday) for month in months]
    return [day for day in days if day and day >= today][:_MONTHS_AHEAD]


def sign_calendar(village: Village, posyandu: Posyandu | None = None) -> str:
    """Return the token by which the calendar of a village, or of one posyandu, is read without signing in."""
    said = [village.pk, posyandu.pk if posyandu else 0, village.calendar_serial]
    return signing.Signer(salt=_SALT).sign_object(said)


def read_calendar(token: str) -> tuple[Village, list[Posyandu]] | None:
    """Return the village of a token and the posyandu of its calendar; None for one that holds no longer."""
    try:
        code, number, serial = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    village = find_by_code(Village.objects.all(), code)
    if village is None or village.calendar_serial != serial:
        return None
    found = list(village.posyandu.filter(pk=number) if number else village.posyandu.order_by("name"))
    return (village, found) if found or not number else None


def write_calendar(village: Village, posyandu: Iterable[Posyandu], today: date) -> bytes:
    """Return the posyandu days of the next twelve months (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Register balita//Posyandu//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Posyandu {village.name}")
    for one in posyandu:
        for day in _days_of(one, today):
            event = Event()
            # The same day keeps its id, so that a reader replaces it and adds none.
            event.add("uid", f"posyandu-{one.pk}-{day:%Y-%m}@register-balita")
            event.add("dtstamp", timezone.now())
            event.add("dtstart", day)
            event.add("summary", f"Posyandu {one.name}")
            event.add("location", village.name)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def village_text(village: Village, days: Iterable[PosyanduDays]) -> str:
    """Return the text for a village's group: days and places, and how many wait where that may be shown."""
    known = [f"- {one.posyandu.name}: {_spoken(one.next_day)}" for one in days if one.next_day]
    coming = ["Posyandu berikutnya:", *known] if known else ["Hari posyandu akan diberitahukan kader."]
    lines = [f"Yth. Bapak/Ibu warga {village.name}.", "", *coming]
    if waiting := count_waiting(village):
        lines += ["", f"{waiting} anak belum ditimbang bulan ini."]
    lines += [
        "",
        "Mari bawa balita ke posyandu untuk ditimbang dan diukur. Jangan lupa buku KIA. Terima kasih.",
    ]
    return "\n".join(lines)


def count_waiting(village: Village) -> int | None:
    """Return how many registered children nobody has weighed this month, as anybody may see it, else None."""
    seen = suppress_small_counts(public_summary(village, current_month()))
    if seen.registered is None or seen.weighed is None:
        return None
    waiting = seen.registered - seen.weighed
    return waiting if waiting >= SMALL_COUNT else None


def cadre_text(
    village: Village, rows: Sequence[FollowUpRow], days: Iterable[PosyanduDays], today: date
) -> str:
    """Return the list for a cadre of the village: who needs somebody, why, and what to do. With names."""
    with translation.override("id"):
        lines = [f"Daftar kader {village.name}, {_spoken(today)}. Berisi nama anak: jangan diteruskan.", ""]
        lines += [f"Posyandu {one.posyandu.name}: {_spoken(one.next_day)}" for one in days if one.next_day]
        for number, row in enumerate(rows, start=1):
            where = f" ({row.child.posyandu})" if row.child.posyandu else ""
            why = "; ".join(standing.word for standing in row.reasons)
            lines.append(f"{number}. {row.child.name}{where}: {why}. {' '.join(row.next_steps)}")
    return "\n".join(lines if rows else [*lines, "Tidak ada anak yang perlu ditindaklanjuti."])


def family_text(child: Child, today: date) -> str:
    """Return the text for the family of a child: its next posyandu day, and what is to be done until then."""
    days = _days_of(child.posyandu, today) if child.posyandu else []
    name = f"Posyandu {child.posyandu.name}" if child.posyandu else "Posyandu"
    when = _spoken(days[0]) if days else "harinya akan diberitahukan kader"
    lines = [f"Yth. Ibu/Bapak dari {child.name}.", "", f"{name} berikutnya: {when}."]
    with translation.override("id"):
        advice = latest_advice(history_of(child))
        steps = family_steps(advice.steps, age_in_days(child.birth_date, today)) if advice else []
    if steps:
        lines += ["", "Sampai hari itu:", *(f"- {step}" for step in steps)]
    return "\n".join([*lines, "", "Jangan lupa buku KIA. Terima kasih, sampai bertemu di posyandu."])


def _spoken(day: date | None) -> str:
    with translation.override("id"):
        return date_format(day, "l, j F Y") if day else "belum ditentukan"
