"""The write side of the one door: load and lock what this user may change, or say it is not there."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions.errors import Invalid, NotFound
from registry.models import Child, Measurement, Posyandu, User, Village


def writable_child(*, by: User, child_id: UUID) -> Child:
    """The child, locked until the transaction ends. Children are always locked before figures.

    Raises :class:`NotFound` for a child outside the user's area: whether it exists is not told.
    """
    child = Child.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=child_id).first()
    if child is None:
        raise NotFound("child_not_found", _("Anak ini tidak ada di wilayah Anda."), "child")
    return child


def writable_measurement(*, by: User, measurement_id: UUID) -> Measurement:
    """The measurement with its child locked."""
    found = Measurement.objects.visible_to(by).filter(pk=measurement_id).values_list("child_id").first()
    if found is None:
        raise NotFound("measurement_not_found", _("Pengukuran ini tidak ada di wilayah Anda."), "id")
    child = writable_child(by=by, child_id=found[0])
    measurement = Measurement.objects.select_related("village").get(pk=measurement_id)
    measurement.child = child
    return measurement


def writable_village(*, by: User, code: str) -> Village:
    village = Village.objects.with_people_visible_to(by).filter(pk=code).first()
    if village is None:
        raise NotFound("village_not_found", _("Desa ini tidak ada di wilayah Anda."), "village")
    return village


def posyandu_of(village: Village, posyandu_id: int | None) -> Posyandu | None:
    """The posyandu, which must belong to the village."""
    if posyandu_id is None:
        return None
    posyandu = Posyandu.objects.filter(pk=posyandu_id, village=village).first()
    if posyandu is None:
        raise Invalid(
            "posyandu_elsewhere",
            _("Posyandu itu bukan milik desa %(village)s. Pilih posyandu dari daftar.")
            % {"village": village},
            "posyandu",
        )
    return posyandu
