"""The write side of the one door: load and lock what this user may change, or say it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.db.batches import chunks
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


def lock_children(ids: Iterable[UUID]) -> None:
    """Lock many children until the transaction ends, always in one order, so that two of us queue."""
    wanted = sorted(set(ids))
    for chunk in chunks(wanted):
        rows = Child.objects.select_for_update().filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk", flat=True))


def kept(rows: QuerySet[Any]) -> set[Any]:
    """The keys of ``rows``. Until the transaction ends nobody can delete them; others can use and keep them
    as well, without waiting for each other. On SQLite only one writes at a time.
    """
    keys = rows.order_by("pk").values_list("pk")
    if connection.vendor != "postgresql":
        return {pk for (pk,) in keys}
    try:
        sql, params = keys.query.sql_with_params()
    except EmptyResultSet:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR KEY SHARE", params)  # of which the ORM knows nothing
        return {pk for (pk,) in cursor.fetchall()}


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
    posyandu = of_the_village.first() if kept(of_the_village) else None
    if posyandu is None:
        raise Invalid(
            "posyandu_elsewhere",
            _("Posyandu itu bukan milik desa %(village)s. Pilih posyandu dari daftar.")
            % {"village": village},
            "posyandu",
        )
    return posyandu
