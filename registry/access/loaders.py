"""Load what a user asks for, or say that it is not there: the one way to people's data.

Outside the user's area nothing exists: a page and the API answer 404, a write raises NotFound. No sentence
says whether the row exists elsewhere.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.decorators import user_of
from registry.access.periods import no_access
from registry.access.reading import note_child
from registry.access.visible_places import Place, PlaceNotVisible, can_see_place
from registry.db.locks import lock_children, lock_for_key_share
from registry.errors import Conflict, Invalid, NotFound
from registry.models import (
    Child,
    Consent,
    District,
    Kecamatan,
    Measurement,
    MergedChild,
    Posyandu,
    Puskesmas,
    Residence,
    Upload,
    User,
    Village,
)
from registry.models.access import ROLES_WITH_PEOPLE
from registry.places.match import find_by_code

M = TypeVar("M", bound=Model)

_PUSKESMAS_CODE = re.compile(r"puskesmas-(\d{1,9})", re.ASCII)


# People and their villages, to read: Http404.


def get_or_404(rows: QuerySet[M], **lookup: Any) -> M:
    """Return the one row. Raises Http404."""
    # Nothing has a code with a NUL in it, and PostgreSQL would fail instead of finding nothing.
    if any("\0" in value for value in lookup.values() if isinstance(value, str)):
        raise Http404
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def get_village_or_404(villages: QuerySet[Village], code: str) -> Village:
    """Return the village that has the code or had it before. Raises Http404."""
    found = None if "\0" in code else find_by_code(villages, code)
    if found is None:
        raise Http404
    return found


def get_child(user: User, child_id: UUID) -> Child:
    """Return the child with its village and posyandu, and whether it has moved. Raises Http404."""
    children = Child.objects.reachable_by(user).select_related("village__kecamatan", "posyandu")
    moved = Residence.objects.filter(child=OuterRef("pk"), until__isnull=False)
    merged = MergedChild.objects.filter(kept=OuterRef("pk"))
    consents = Consent.objects.filter(child=OuterRef("pk"))
    children = children.annotate(  # type: ignore[no-redef]
        has_moved=Exists(moved), has_merged=Exists(merged), has_consent=Exists(consents)
    )
    child = children.filter(pk=child_id).first() or get_or_404(children, merged=child_id)
    note_child(child.pk)
    return child


def get_measurement(user: User, measurement_id: UUID) -> Measurement:
    """Return the measurement with its child. Raises Http404."""
    measurements = Measurement.objects.reachable_by(user).select_related(
        "child__village__kecamatan", "village", "recorded_by"
    )
    measurement = get_or_404(measurements, pk=measurement_id)
    note_child(measurement.child_id)
    return measurement


def list_villages(user: User) -> QuerySet[Village]:
    """Return the villages whose children the user works with."""
    return Village.objects.with_people_visible_to(user).select_related("kecamatan")


def find_village(request: HttpRequest) -> Village | None:
    """Return the village of ``?village=CODE``, else the only one; None when there are several to choose from.

    Raises Http404 for a village outside the area, and for a user who works in none.
    """
    villages = list_villages(user_of(request))
    if code := request.GET.get("village", ""):
        return get_village_or_404(villages, code)
    some = list(villages[:2])
    if not some:
        raise Http404
    return some[0] if len(some) == 1 else None


# Places of figures: PlaceNotVisible. Whether the user may see the place, the figures themselves check.


def get_kecamatan(code: str) -> Kecamatan:
    """Return the kecamatan. Raises PlaceNotVisible when there is none."""
    return _get_place(Kecamatan.objects.select_related("district"), code)


def get_puskesmas(number: int) -> Puskesmas:
    """Return the puskesmas. Raises PlaceNotVisible when there is none."""
    return _get_place(Puskesmas.objects.select_related("kecamatan__district"), number)


def get_village(code: str) -> Village:
    """Return the village. Raises PlaceNotVisible when there is none."""
    found = find_by_code(Village.objects.select_related("kecamatan__district", "puskesmas"), code)
    if found is None:
        raise PlaceNotVisible
    return found


def get_posyandu(number: int) -> Posyandu:
    """Return the posyandu with its village. Raises PlaceNotVisible when there is none."""
    rows = Posyandu.objects.select_related("village__kecamatan__district", "village__puskesmas")
    return _get_place(rows, number)


def _get_place(rows: QuerySet[M], key: str | int) -> M:
    found = rows.filter(pk=key).first()
    if found is None:
        raise PlaceNotVisible
    return found


def get_start_place(user: User) -> Place:
    """Return the widest place where the user works. Raises PlaceNotVisible for a user who works nowhere."""
    if place := find_widest_place(user):
        return place
    raise no_access(user)


def find_widest_place(user: User) -> Place | None:
    """Return the widest place where ``user`` works with children; None for a user who works nowhere."""
    area = user.area(people=True)
    if area.districts:
        return District.objects.get(pk=min(area.districts))
    if area.kecamatan:
        return Kecamatan.objects.select_related("district").get(pk=min(area.kecamatan))
    if area.puskesmas:
        return Puskesmas.objects.select_related("kecamatan__district").get(pk=min(area.puskesmas))
    villages = Village.objects.select_related("kecamatan__district", "puskesmas")
    return villages.get(pk=min(area.villages)) if area.villages else None


# Places of files that name children: NotFound.


def get_place(code: str, user: User) -> Place:
    """Return the place of that code, where ``user`` sees all children by name.

    ``code`` is that of ``place_code``; for an empty one it is the one place where the user works.
    Raises NotFound for a place outside the area or none at all, Invalid for an empty code and several places.
    """
    place = _find_place(code) if code else _find_only_place(user)
    if place is None:
        raise NotFound.of("place_not_found", "place")
    require_people_of(place, user)
    return place


def require_people_of(place: Place, user: User) -> None:
    """Raise NotFound unless ``user`` sees all children of ``place`` by name."""
    if not can_see_place(place, user, people=True):
        raise NotFound.of("place_not_found", "place")


def _find_place(code: str) -> Place | None:
    if match := _PUSKESMAS_CODE.fullmatch(code):
        return Puskesmas.objects.select_related("kecamatan__district").filter(pk=int(match[1])).first()
    if len(code) == 5:
        return District.objects.filter(pk=code).first()
    if len(code) == 8:
        return Kecamatan.objects.select_related("district").filter(pk=code).first()
    return find_by_code(Village.objects.select_related("kecamatan__district"), code)


def _find_only_place(user: User) -> Place | None:
    held = user.memberships.held_on(timezone.localdate()).filter(role__in=ROLES_WITH_PEOPLE)
    places = {membership.place for membership in held}
    if len(places) > 1:
        raise Invalid.of("place_missing", "place")
    return next(iter(places), None)


# To write: NotFound, and locked until the transaction ends.


def get_child_for_update(*, by: User, child_id: UUID) -> Child:
    """Return the child, locked. Children are always locked before figures. Raises NotFound."""
    # First the lock, then the question where it lives. Both in one query would not find a child that moves
    # meanwhile, since PostgreSQL looks at the moved row with the village that it had before.
    lock_children([child_id])
    child = Child.objects.reachable_by(by).filter(pk=child_id).first()
    if child is None:
        child = _find_merged_child(by, child_id)
    if child is None:
        raise NotFound.of("child_not_found", "child")
    require_changeable(child)
    return child


def require_changeable(child: Child) -> None:
    """Raise Conflict for a record whose term is over: it no longer says who the child is."""
    if child.pseudonymised_at:
        raise Conflict(
            "pseudonymised", _("Masa simpan catatan ini sudah lewat: tidak bisa diubah lagi."), "child"
        )


def _find_merged_child(by: User, child_id: UUID) -> Child | None:
    """Return the child, locked, into whose record that of ``child_id`` was merged."""
    merge = MergedChild.objects.filter(pk=child_id).first()
    if merge is None:
        return None
    lock_children([merge.kept_id])
    return Child.objects.reachable_by(by).filter(merged=child_id).first()


def get_measurement_for_update(*, by: User, measurement_id: UUID) -> Measurement:
    """Return the measurement with its child, the child locked. Raises NotFound."""
    measurement = Measurement.objects.filter(pk=measurement_id).order_by().first()
    if measurement is None:
        raise NotFound.of("measurement_not_found", "id")
    try:
        child = get_child_for_update(by=by, child_id=measurement.child_id)
    except NotFound as error:
        raise NotFound.of("measurement_not_found", "id") from error
    # Again, since it may have changed while we waited for the child.
    measurement = Measurement.objects.select_related("village").get(pk=measurement_id)
    measurement.child = child
    return measurement


def get_upload_for_update(*, by: User, upload_id: UUID) -> Upload:
    """Return the file that ``by`` uploaded, locked. Raises NotFound."""
    upload = Upload.objects.visible_to(by).select_for_update().filter(pk=upload_id).first()
    if upload is None:
        raise NotFound.of("upload_not_found")
    return upload


def get_writable_village(*, by: User, code: str) -> Village:
    """Return the village of that code, with Kemendagri's dots or without. Raises NotFound."""
    village = find_by_code(Village.objects.with_people_visible_to(by), code)
    # It may get another code at this very moment.
    if village is None or not lock_for_key_share(Village.objects.filter(pk=village.pk)):
        raise NotFound.of("village_not_found", "village")
    return village


def find_posyandu_of(village: Village, posyandu_id: int | None) -> Posyandu | None:
    """Return the posyandu of the village, locked against deletion; None for None. Raises Invalid."""
    if posyandu_id is None:
        return None
    # An import that made it may be reverted at this very moment.
    of_the_village = Posyandu.objects.filter(pk=posyandu_id, village=village)
    posyandu = of_the_village.first() if lock_for_key_share(of_the_village) else None
    if posyandu is None:
        raise Invalid.of("posyandu_elsewhere", "posyandu", village=village)
    return posyandu
