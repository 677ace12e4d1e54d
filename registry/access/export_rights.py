"""Who may take which children away, and who with their NIK."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from registry.access.visible_places import Place, can_see_place, villages_of
from registry.errors import Invalid, NotFound
from registry.models import District, Kecamatan, Puskesmas, Role, User, Village
from registry.models.access import ROLES_WITH_PEOPLE, Area
from registry.places.match import dotted_code

MAY_SEE_NIK = frozenset({Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN})
"""Who feeds the national system, which knows children by their NIK. Nobody else needs it whole in a file."""

LEAST_REASON = 10
"""Characters of a reason that says anything."""

_LONGEST_REASON = 200
_PUSKESMAS = re.compile(r"puskesmas-(\d{1,9})", re.ASCII)


def place_code(place: Place) -> str:
    """Kemendagri's code; a puskesmas has none and is ``puskesmas-`` with its number here."""
    return f"puskesmas-{place.pk}" if isinstance(place, Puskesmas) else str(place.pk)


def place_at(code: str, user: User) -> Place:
    """The place of :func:`place_code`, where ``user`` sees all children by name; without a code the one place
    where they work. Raises NotFound, for a place outside the area as for none at all.
    """
    place = _place(code) if code else _only_place(user)
    if place is None:
        raise _not_there()
    must_hold(place, user)
    return place


def must_hold(place: Place, user: User) -> None:
    """Raises NotFound unless ``user`` sees all children of ``place`` by name."""
    if not can_see_place(place, user, people=True):
        raise _not_there()


def _not_there() -> NotFound:
    return NotFound("place_not_found", _("Wilayah ini tidak ada di daerah kerja Anda."), "place")


def _place(code: str) -> Place | None:
    if match := _PUSKESMAS.fullmatch(code):
        return Puskesmas.objects.select_related("kecamatan__district").filter(pk=int(match[1])).first()
    if len(code) == 5:
        return District.objects.filter(pk=code).first()
    if len(code) == 8:
        return Kecamatan.objects.select_related("district").filter(pk=code).first()
    return Village.objects.select_related("kecamatan__district").filter(pk=dotted_code(code) or code).first()


def _only_place(user: User) -> Place | None:
    held = user.memberships.filter(role__in=ROLES_WITH_PEOPLE)
    places = {membership.place for membership in held}
    if len(places) > 1:
        raise Invalid("place_missing", _("Anda bekerja di lebih dari satu wilayah. Pilih satu."), "place")
    return next(iter(places), None)


def widest_place(user: User) -> Place | None:
    """The widest place where ``user`` works with children; None for somebody who works nowhere."""
    area = user.area(people=True)
    if area.districts:
        return District.objects.get(pk=min(area.districts))
    if area.kecamatan:
        return Kecamatan.objects.select_related("district").get(pk=min(area.kecamatan))
    if area.puskesmas:
        return Puskesmas.objects.select_related("kecamatan__district").get(pk=min(area.puskesmas))
    villages = Village.objects.select_related("kecamatan__district", "puskesmas")
    return villages.get(pk=min(area.villages)) if area.villages else None


def may_ever_see_nik(user: User) -> bool:
    """Whether it makes sense to offer the NIK whole: a role that needs it is held anywhere."""
    return user.is_active and user.memberships.filter(role__in=MAY_SEE_NIK).exists()


def may_see_nik(user: User, place: Place) -> bool:
    """Whether a role that needs the NIK whole is held over all of ``place``: what somebody is elsewhere does
    not count here.
    """
    held = [m for m in user.memberships.all() if m.role in MAY_SEE_NIK] if user.is_active else []
    area = Area(
        districts=frozenset(m.district_id for m in held if m.district_id),
        puskesmas=frozenset(m.puskesmas_id for m in held if m.puskesmas_id),
    )
    inside = Village.objects.filter(area.as_q("")).values("pk")
    return bool(held) and not villages_of(place).exclude(pk__in=inside).exists()


def reason_for_nik(user: User, place: Place, reason: str) -> str:
    """The reason as it is logged. Raises Invalid for who may not see NIK whole, and for no real reason."""
    if not may_see_nik(user, place):
        raise Invalid(
            "nik_not_allowed",
            _(
                "NIK utuh hanya untuk petugas puskesmas, petugas kabupaten dan administrator wilayah ini. "
                "Ambil berkas dengan NIK disamarkan."
            ),
            "unmasked",
        )
    written = " ".join(reason.split())
    if len(written) < LEAST_REASON:
        raise Invalid(
            "reason_missing",
            _("Tulis untuk apa NIK utuh diperlukan, paling sedikit %(least)d huruf; alasan ini dicatat.")
            % {"least": LEAST_REASON},
            "reason",
        )
    return written[:_LONGEST_REASON]
