"""Recording, correcting and voiding measurements: the only code that writes them (with its bulk twin)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.loaders import get_child_for_update, get_measurement_for_update
from registry.actions.assessment import doubts_about, judged_values, regained
from registry.actions.observation import Observation, checked, observation_of, spoken_date
from registry.actions.refresh import VillageSince, refresh_figures, touched_by
from registry.db.bulk_insert import new_row
from registry.errors import Conflict, Doubtful, Invalid, NotFound
from registry.growth import Assessment, under_five
from registry.models import (
    Child,
    Measurement,
    MeasurementState,
    Residence,
    Source,
    Upload,
    User,
    Village,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored measurement. ``created`` is False when the same one was sent before."""

    measurement: Measurement
    created: bool

    @property
    def is_rival(self) -> bool:
        """Another measurement of that day is in force, and the midwife has to choose."""
        return self.measurement.is_rival

    @property
    def counts_in_rates(self) -> bool:
        """False from 60 completed months on: kept, but out of every rate."""
        return under_five(self.measurement.age_days)


def record_measurement(
    *,
    by: User,
    id: UUID,
    child_id: UUID,
    seen: Observation,
    confirmed: bool | Collection[str] = False,
    source: Source = Source.FORM,
    client_time: datetime | None = None,
    keep_rival: bool = False,
) -> Recorded:
    """Store one measurement under the id its recorder made; the same id and values again change nothing.

    ``confirmed`` is True, or the codes of the doubts somebody has looked at and confirmed. ``keep_rival``:
    when the child has other values of that day, keep these beside them, out of force, for the midwife to
    choose (:func:`registry.actions.choose_measurement`), instead of refusing what a phone has sent.

    Raises NotFound (child outside the user's area), Invalid (a value or day that cannot be), Conflict
    (the id is used for something else, or the child has a measurement that day) and Doubtful.
    """
    try:
        with transaction.atomic():
            child = get_child_for_update(by=by, child_id=child_id)
            seen = checked(seen, child)
            if known := _known(id, child, seen):
                return Recorded(known, created=False)
            village = _village_for(by, child, seen)
            sent = {"id": id, "source": source, "client_time": client_time}
            if keep_rival and (other := _of_the_day(child, seen.measured_on)):
                if observation_of(other) == seen:
                    return Recorded(other, created=False)
                rival = _kept_beside(
                    by=by, child=child, village=village, seen=seen, confirmed=confirmed, extra=sent
                )
                return Recorded(rival, created=True)
            measurement = _stored(
                by=by, child=child, village=village, seen=seen, confirmed=confirmed, extra=sent
            )
    except IntegrityError as error:
        raise _taken_meanwhile(id, error) from error
    return Recorded(measurement, created=True)


def correct_measurement(
    *,
    by: User,
    id: UUID,
    measurement_id: UUID,
    seen: Observation,
    reason: str,
    confirmed: bool | Collection[str] = False,
    source: Source = Source.FORM,
    upload: Upload | None = None,
) -> Recorded:
    """Supersede a measurement by a new one, stored under ``id``; the old one stays, out of force.

    Raises as :func:`record_measurement`; Invalid without a reason, Conflict when the measurement is no
    longer in force.
    """
    reason = checked_reason(reason)
    try:
        with transaction.atomic():
            old = get_measurement_for_update(by=by, measurement_id=measurement_id)
            child = old.child
            seen = checked(seen, child)
            if (known := _known(id, child, seen)) and known.supersedes_id == old.id:
                return Recorded(known, created=False)
            if known or id == old.id:
                raise used_id()
            must_be_in_force(old)
            must_work_at(by, old.village, observation_of(old))
            must_change(old, seen)
            Measurement.objects.filter(pk=old.pk).update(state=MeasurementState.SUPERSEDED)
            measurement = _stored(
                by=by,
                child=child,
                village=_village_for(by, child, seen),
                seen=seen,
                confirmed=confirmed,
                extra={"id": id, "source": source, "upload": upload, "supersedes": old, "reason": reason},
                also_on=old.measured_on,
            )
    except IntegrityError as error:
        raise _taken_meanwhile(id, error) from error
    return Recorded(measurement, created=True)


@transaction.atomic
def void_measurement(*, by: User, measurement_id: UUID, reason: str) -> Measurement:
    """Take a measurement out of force; it stays readable with the reason. Voiding twice changes nothing."""
    reason = checked_reason(reason)
    measurement = get_measurement_for_update(by=by, measurement_id=measurement_id)
    if measurement.state == MeasurementState.VOID:
        return measurement
    must_be_in_force(measurement)
    must_work_at(by, measurement.village, observation_of(measurement))
    measurement.state = MeasurementState.VOID
    measurement.reason = reason
    measurement.voided_by = by
    measurement.voided_at = timezone.now()
    measurement.save(update_fields=["state", "reason", "voided_by", "voided_at"])
    child = measurement.child
    refresh_figures(touched_by(child, {measurement.measured_on, *regain(child)}))
    return measurement


def regain(child: Child) -> list[date]:
    """Bring N, T, O, B of the child's measurements up to date; the days of those which that changes."""
    series = list(child.measurements.in_force().order_by("measured_on"))
    changed = regained(child, series)
    Measurement.objects.bulk_update(changed, ["gain"])
    return [m.measured_on for m in changed]


def _known(id: UUID, child: Child, seen: Observation) -> Measurement | None:
    """The measurement already stored under ``id``, if it says the same. Raises Conflict if it does not."""
    known = Measurement.objects.filter(pk=id).select_related("village").first()
    if known is None:
        return None
    if known.child_id != child.id or observation_of(known) != seen:
        raise used_id()
    return known


def used_id() -> Conflict:
    """The refusal of an id that is used for another measurement."""
    return Conflict(
        "id_used",
        _("Nomor entri ini sudah dipakai untuk pengukuran lain. Buka formulir baru dan isi lagi."),
        "id",
    )


def _taken_meanwhile(id: UUID, error: IntegrityError) -> Exception:
    """The id went to another child between our look and our write; any other violation is a fault of ours."""
    return used_id() if Measurement.objects.filter(pk=id).exists() else error


def checked_reason(reason: str) -> str:
    """``reason`` as it is kept. Raises Invalid without one."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason_missing", _("Tulis alasannya, misalnya “salah ketik berat”."), "reason")
    return reason[:200]


def must_be_in_force(measurement: Measurement) -> None:
    """Raises Conflict for a measurement that somebody has corrected or voided."""
    if not measurement.is_in_force:
        raise not_in_force()


def must_change(old: Measurement, seen: Observation) -> None:
    """Raises Invalid when ``seen`` is what ``old`` says already."""
    if observation_of(old) == seen:
        raise Invalid("unchanged", _("Tidak ada yang berubah. Ubah nilai yang salah, lalu simpan."))


def not_in_force() -> Conflict:
    """The refusal of a measurement that somebody has corrected or voided."""
    return Conflict(
        "not_in_force", _("Pengukuran ini sudah dikoreksi atau dibatalkan. Buka yang terbaru, lalu ulangi.")
    )


def _village_for(by: User, child: Child, seen: Observation) -> Village:
    """Where the child lived that day, which must be where ``by`` works."""
    village = child.village_on(seen.measured_on)
    must_work_at(by, village, seen)
    return village


def must_work_at(by: User, village: Village, seen: Observation) -> None:
    """Raises NotFound unless ``by`` works in ``village``, whose figures the change would change."""
    if not Village.objects.with_people_visible_to(by).filter(pk=village.pk).exists():
        raise lived_elsewhere(village, seen)


def lived_elsewhere(village: Village, seen: Observation) -> NotFound:
    """The refusal for a day on which the child lived outside the user's area."""
    return NotFound(
        "lived_elsewhere",
        _("Pada %(date)s anak ini tinggal di %(village)s. Minta petugas di sana mencatatnya.")
        % {"date": spoken_date(seen.measured_on), "village": village},
        "measured_on",
    )


def _of_the_day(child: Child, day: date) -> Measurement | None:
    return child.measurements.in_force().filter(measured_on=day).select_related("village").first()


def _kept_beside(
    *,
    by: User,
    child: Child,
    village: Village,
    seen: Observation,
    confirmed: bool | Collection[str],
    extra: dict[str, Any],
) -> Measurement:
    """Store what contradicts the day's measurement in force: judged, but in no figure."""
    before = child.measurements.in_force().filter(measured_on__lt=seen.measured_on).order_by("measured_on")
    rival = judged(child=child, village=village, seen=seen, others=list(before), confirmed=confirmed)
    for name, value in extra.items():
        setattr(rival, name, value)
    rival.recorded_by = by
    rival.state = MeasurementState.RIVAL
    rival.save(force_insert=True)
    return rival


def _stored(
    *,
    by: User,
    child: Child,
    village: Village,
    seen: Observation,
    confirmed: bool | Collection[str],
    extra: dict[str, Any],
    also_on: date | None = None,
) -> Measurement:
    """Judge, store and count; the child is locked. ``also_on``: another day on which something changed."""
    others = list(child.measurements.in_force().order_by("measured_on"))
    measurement = judged(child=child, village=village, seen=seen, others=others, confirmed=confirmed)
    for name, value in extra.items():
        setattr(measurement, name, value)
    measurement.recorded_by = by
    lived = lengthen_residence(child, seen.measured_on)
    measurement.save(force_insert=True)
    days = {seen.measured_on, also_on or seen.measured_on, *regain(child)}
    refresh_figures(touched_by(child, days), lived=lived)
    measurement.refresh_from_db(fields=["gain"])
    return measurement


def judged(
    *,
    child: Child,
    village: Village,
    seen: Observation,
    others: Sequence[Measurement],
    confirmed: bool | Collection[str],
    found: Assessment | None = None,
    id: UUID | None = None,
) -> Measurement:
    """The measurement to store under ``id``, not stored yet. ``others`` are the child's in force, oldest
    first; ``found`` is what WHO's standards say of ``seen``, where that is known already.

    Raises Conflict when the day is taken and Doubtful for what nobody has confirmed.
    """
    if any(m.measured_on == seen.measured_on for m in others):
        raise Conflict(
            "day_taken",
            _("Anak ini sudah diukur pada %(date)s. Kalau nilainya salah, koreksi pengukuran itu.")
            % {"date": spoken_date(seen.measured_on)},
            "measured_on",
        )
    values, found = judged_values(child, seen, found)
    doubts = doubts_about(child, seen, found, [m for m in others if m.measured_on < seen.measured_on])
    must_be_confirmed(doubts, confirmed)
    return built(child, village, id or uuid4(), {"confirmed_doubts": doubts, **seen.values(), **values})


def built(child: Child, village: Village, id: UUID, values: Mapping[str, Any]) -> Measurement:
    """A measurement with these columns beside its keys, not stored."""
    keys = {"id": id, "child_id": child.pk, "village_id": village.pk}
    measurement = new_row(Measurement, {**values, **keys})
    _CHILD.set_cached_value(measurement, child)
    _VILLAGE.set_cached_value(measurement, village)
    return measurement


_CHILD, _VILLAGE = Measurement._meta.get_field("child"), Measurement._meta.get_field("village")


def must_be_confirmed(doubts: list[str], confirmed: bool | Collection[str]) -> None:
    """Raises Doubtful for doubts nobody has confirmed."""
    if not doubts or confirmed is True:
        return
    if confirmed is False or set(doubts) - set(confirmed):
        raise Doubtful(
            doubts, _("Nilai ini jarang sekali terjadi. Ukur ulang, atau pastikan kalau memang benar.")
        )


def lengthen_residence(child: Child, day: date) -> list[VillageSince]:
    """A child measured before its first known residence lived there already: that one starts earlier."""
    first = child.residences.order_by("since").first()
    if first is None or first.since <= day:
        return []
    Residence.objects.filter(pk=first.pk).update(since=day)
    return [(first.village_id, day)]
