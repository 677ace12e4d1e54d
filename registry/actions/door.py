"""The write side of the one door: load and lock what this user may change, or say it is not there."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from registry.db.locks import lock_children, lock_for_key_share
from registry.errors import Invalid, NotFound
from registry.models import Child, Measurement, Posyandu, Upload, User, Village
from registry.places.match import dotted_code


def writable_child(*, by: User, child_id: UUID) -> Child:
    """The child, locked until the transaction ends. Children are always locked before figures.

    Raises :class:`NotFound` for a child outside the user's area: whether it exists is not told.
    """
    # First the lock, then the question where it lives: asked in one, a child that moves meanwhile would seem
    # to be nowhere, since PostgreSQL looks at the moved row with the village that it had before.
    lock_children([child_id])
    child = Child.objects.visible_to(by).filter(pk=child_id).first()
    if child is None:
        raise child_not_found()
    return child


def child_not_found() -> NotFound:
    return NotFound("child_not_found", _("Anak ini tidak ada di wilayah Anda."), "child")


def writable_measurement(*, by: User, measurement_id: UUID) -> Measurement:
    """The measurement with its child locked. Raises :class:`NotFound` as for the child."""
    measurement = Measurement.objects.filter(pk=measurement_id).order_by().first()
    if measurement is None:
        raise measurement_not_found()
    try:
        child = writable_child(by=by, child_id=measurement.child_id)
    except NotFound as error:
        raise measurement_not_found() from error
    # Again, since it may have changed while we waited for the child.
    measurement = Measurement.objects.select_related("village").get(pk=measurement_id)
    measurement.child = child
    return measurement


def measurement_not_found() -> NotFound:
    """The refusal of a measurement of no child that the user sees."""
    return NotFound("measurement_not_found", _("Pengukuran ini tidak ada di wilayah Anda."), "id")


def locked_upload(*, by: User, upload_id: UUID) -> Upload:
    """The file that ``by`` handed in, locked until the transaction ends. Raises :class:`NotFound`."""
    upload = Upload.objects.visible_to(by).select_for_update().filter(pk=upload_id).first()
    if upload is None:
        raise NotFound("upload_not_found", _("Berkas ini tidak ada, atau sudah dibuang."))
    return upload


def writable_village(*, by: User, code: str) -> Village:
    """The village of that code, with Kemendagri's dots or without. Raises :class:`NotFound`."""
    village = Village.objects.with_people_visible_to(by).filter(pk=dotted_code(code) or code).first()
    if village is None:
        raise village_not_found()
    return village


def village_not_found() -> NotFound:
    return NotFound("village_not_found", _("Desa ini tidak ada di wilayah Anda."), "village")


def posyandu_of(village: Village, posyandu_id: int | None) -> Posyandu | None:
    """The posyandu, which must belong to the village; it stays until the transaction ends."""
    if posyandu_id is None:
        return None
    # A file that made it may be taken back at this very moment.
    of_the_village = Posyandu.objects.filter(pk=posyandu_id, village=village)
    posyandu = of_the_village.first() if lock_for_key_share(of_the_village) else None
    if posyandu is None:
        raise Invalid(
            "posyandu_elsewhere",
            _("Posyandu itu bukan milik desa %(village)s. Pilih posyandu dari daftar.")
            % {"village": village},
            "posyandu",
        )
    return posyandu
