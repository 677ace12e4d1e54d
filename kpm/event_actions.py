"""The only code that writes events: who came, decisions, files. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.material_kinds import MOST_FILES, require_material
from kpm.models import OF_A_VILLAGE, Attendance, Cadre, Event, EventDecision, EventKind, EventMaterial
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.requirements import require_reason
from registry.errors import Conflict, Invalid, NotFound
from registry.models import ChangeSubject, Role, User, Village
from registry.nik import seal_bytes
from registry.validation_messages import spoken_date

HOLDERS = (Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN)
"""Who holds events: the district its own, who works in a village those of the village."""


@transaction.atomic
def hold_event(
    *,
    by: User,
    id: UUID,
    kind: EventKind,
    title: str,
    on: date,
    end_date: date | None = None,
    place: str = "",
    topic: str = "",
    agenda: str = "",
    village_code: str = "",
) -> Event:
    """Store a meeting under the id its recorder made; the same id and event again change nothing.

    Raises NotFound (a user who holds none there), Invalid (no title, days out of order, a kind that is not
    held there), Conflict (a used id).
    """
    village = _find_village(by, village_code)
    typed = {
        "title": title,
        "date": on,
        "end_date": end_date,
        "place": place,
        "topic": topic,
        "agenda": agenda,
    }
    values = _require_event(village, kind, typed)
    key = {name: values[name] for name in ("kind", "title", "date")} | {"village": village}
    event, created = Event.objects.get_or_create(id=id, defaults=values | key)
    if not created and any(getattr(event, name) != value for name, value in key.items()):
        raise Conflict("id_used", _("Ada gangguan. Buka formulir baru dan isi lagi."))
    return event


@transaction.atomic
def correct_event(
    *, by: User, event_id: UUID, kind: EventKind, reason: str, values: Mapping[str, Any]
) -> Event:
    """Put right what was written of an event, with the reason in the change log.

    ``values``: title, date, end_date, place, topic, agenda. Raises NotFound (no such event, or not one's own
    to write) and Invalid (as :func:`hold_event`, no reason, a day that does not fit who came and what was
    decided).
    """
    event = _get_event_for_update(by, event_id)
    reason = require_reason(reason)
    after = _require_event(event.village, kind, values)
    _require_fitting_day(event, after["date"])
    changes = [
        FieldChange(ChangeSubject.EVENT, event.pk, name, _text(getattr(event, name)), _text(value))
        for name, value in after.items()
    ]
    for name, value in after.items():
        setattr(event, name, value)
    event.save(update_fields=list(after))
    log_changes(changes, by=by, reason=reason)
    return event


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _require_event(village: Village | None, kind: EventKind, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of an event as it was typed. Raises Invalid."""
    _require_kind_of_place(kind, village)
    title = " ".join(typed["title"].split())[:160]
    if not title:
        raise Invalid("title_missing", _("Tulis judul kegiatan."), "title")
    if typed["end_date"] and typed["end_date"] < typed["date"]:
        raise Invalid("days_order", _("Tanggal selesai tidak boleh sebelum tanggal mulai."), "end_date")
    words = {
        name: typed[name].strip()[:most] for name, most in (("place", 120), ("topic", 300), ("agenda", 2000))
    }
    return {"kind": kind, "title": title, "date": typed["date"], "end_date": typed["end_date"], **words}


def _require_fitting_day(event: Event, on: date) -> None:
    """Raise Invalid for a day to come of an event that people came to, or after what it decided was due."""
    if on > timezone.localdate() and event.attendances.exists():
        sentence = _("Sudah ada KPM yang tercatat hadir, jadi tanggalnya tidak boleh setelah hari ini.")
        raise Invalid("attended", sentence, "on")
    if event.decisions.filter(Q(due_on__lt=on) | Q(done_on__lt=on)).exists():
        sentence = _("Ada keputusan kegiatan ini yang batas waktunya atau selesainya sebelum tanggal itu.")
        raise Invalid("decided_before", sentence, "on")


def _find_village(by: User, code: str) -> Village | None:
    """Return the village that holds an event; None for the district's. Raises NotFound."""
    if code and by.has_role(*HOLDERS):
        if village := Village.objects.with_people_visible_to(by).filter(pk=code).first():
            return village
        raise NotFound("village_not_found", _("Desa ini tidak ada di wilayah kerja Anda."), "village")
    if not by.has_role(Role.DISTRICT, Role.ADMIN):
        raise NotFound("not_yours", _("Kegiatan dicatat oleh petugas kabupaten."))
    return None


def _require_kind_of_place(kind: EventKind, village: Village | None) -> None:
    """Raise Invalid for a *musdes* without a village, and for a kind that no village holds."""
    if village is None and kind == EventKind.MUSDES:
        raise Invalid("village_missing", _("Pilih desa yang bermusyawarah."), "village")
    if village is not None and kind not in OF_A_VILLAGE:
        raise Invalid(
            "kind_of_district",
            _("Desa mencatat rembuk stunting dan musyawarah desa. Yang lain dicatat petugas kabupaten."),
            "kind",
        )


def can_keep(user: User, event: Event) -> bool:
    """Return whether ``user``, who sees the event, writes its decisions and files."""
    return user.has_role(*(HOLDERS if event.village_id else (Role.DISTRICT, Role.ADMIN)))


def _get_event_for_update(by: User, event_id: UUID, *, to_keep: bool = True) -> Event:
    """Return the event, locked. Raises NotFound; ``to_keep``: also for who only sees it."""
    event = Event.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=event_id).first()
    if event is None or (to_keep and not can_keep(by, event)):
        raise NotFound("event_not_found", _("Kegiatan ini tidak ada."))
    return event


@transaction.atomic
def set_attendance(
    *, by: User, event_id: UUID, cadre_ids: Collection[int], drawn: Collection[int] | None = None
) -> int:
    """Set which of the cadres that ``by`` may see came, and return how many. Others' ticks stay as they are.

    ``drawn``: who was ticked on the page before it was filled in. Only what differs from that is written, so
    that an older page wipes nothing of a newer one; None: ``cadre_ids`` are all that came.

    Raises NotFound (no such event, a cadre outside the area) and Invalid (an event that is yet to come).
    """
    event = _get_event_for_update(by, event_id, to_keep=False)
    if event.date > timezone.localdate():
        raise Invalid(
            "not_yet",
            _("Kegiatan ini baru pada %(date)s. Isi kehadiran setelah itu.")
            % {"date": spoken_date(event.date)},
        )
    mine = Cadre.objects.visible_to(by)
    came = set(mine.filter(pk__in=cadre_ids).values_list("pk", flat=True))
    if came != set(cadre_ids):
        raise NotFound("cadre_not_found", _("KPM ini tidak ada di wilayah kerja Anda."), "cadre")
    ticked_now = event.attendances.filter(cadre__in=mine)
    unticked = ticked_now.exclude(cadre_id__in=came)
    if drawn is not None:
        unticked, came = unticked.filter(cadre_id__in=drawn), came - set(drawn)
    unticked.delete()
    Attendance.objects.bulk_create(
        [Attendance(event=event, cadre_id=pk) for pk in sorted(came)], ignore_conflicts=True
    )
    return ticked_now.count()


def mark_attendance(*, by: User, event_id: UUID, cadre_id: int, present: bool) -> None:
    """Store whether one cadre came, whatever was stored before; raises as :func:`set_attendance`."""
    if not Cadre.objects.visible_to(by).filter(pk=cadre_id).exists():
        raise NotFound("cadre_not_found", _("KPM ini tidak ada di wilayah kerja Anda."), "cadre")
    came, unticked = ([cadre_id], []) if present else ([], [cadre_id])
    set_attendance(by=by, event_id=event_id, cadre_ids=came, drawn=unticked)


@transaction.atomic
def invite_cadres(
    *, by: User, event_id: UUID, cadre_ids: Collection[int], shown_ids: Collection[int]
) -> Event:
    """Call to an event those of ``shown_ids`` that are ``cadre_ids``; others stay invited or not.

    Raises NotFound (no such event, or not one's own to write) and Invalid (one that is over).
    """
    event = _get_event_for_update(by, event_id)
    if event.date < timezone.localdate():
        raise Invalid("event_over", _("Kegiatan ini sudah lewat."), "event_id")
    mine = Cadre.objects.visible_to(by)
    event.invited.remove(*mine.filter(pk__in=shown_ids))
    event.invited.add(*mine.filter(pk__in=cadre_ids))
    return event


@transaction.atomic
def add_decision(
    *, by: User, event_id: UUID, id: UUID, text: str, responsible: str, due_on: date | None = None
) -> EventDecision:
    """Store what an event decided; the same id again changes nothing.

    Raises NotFound (no such event, or not one's own to write), Invalid (nothing decided, nobody who does it,
    a last day before the event) and Conflict (a used id).
    """
    event = _get_event_for_update(by, event_id)
    text, responsible = require_decision(text, responsible, 500)
    if due_on and due_on < event.date:
        raise Invalid("due_order", _("Batas waktunya tidak boleh sebelum kegiatan ini."), "due_on")
    decision, created = EventDecision.objects.get_or_create(
        id=id, defaults={"event": event, "text": text, "responsible": responsible, "due_on": due_on}
    )
    if not created and (decision.event_id, decision.text) != (event.pk, text):
        raise Conflict("id_used", _("Ada gangguan. Buka formulir baru dan isi lagi."))
    return decision


def require_decision(text: str, responsible: str, longest: int) -> tuple[str, str]:
    """Return what was decided, up to ``longest`` letters, and who does it. Raises Invalid for neither."""
    text, responsible = " ".join(text.split())[:longest], " ".join(responsible.split())[:120]
    if not text:
        raise Invalid("decision_missing", _("Tulis apa yang diputuskan."), "text")
    if not responsible:
        raise Invalid("responsible_missing", _("Tulis siapa yang mengerjakannya."), "responsible")
    return text, responsible


@transaction.atomic
def settle_decision(*, by: User, decision_id: UUID, done_on: date | None, outcome: str = "") -> EventDecision:
    """Store that a decision was done on ``done_on`` and what came of it; None opens it again.

    Raises NotFound (no such decision, or not one's own to write) and Invalid (no outcome, a day to come or
    before the event).
    """
    decision = EventDecision.objects.filter(pk=decision_id).first()
    if decision is None:
        raise NotFound("decision_not_found", _("Keputusan ini tidak ada."))
    event = _get_event_for_update(by, decision.event_id)
    outcome = " ".join(outcome.split())[:300] if done_on else ""
    if done_on and not outcome:
        raise Invalid("outcome_missing", _("Tulis apa hasilnya."), "outcome")
    if done_on and not event.date <= done_on <= timezone.localdate():
        raise Invalid(
            "done_order",
            _("Hari selesainya dari hari kegiatan sampai hari ini, tidak di luar itu."),
            "done_on",
        )
    decision.done_on, decision.outcome = done_on, outcome
    decision.save(update_fields=["done_on", "outcome"])
    return decision


@transaction.atomic
def add_material(*, by: User, event_id: UUID, id: UUID, file_name: str, content: bytes) -> EventMaterial:
    """Store a file of an event, sealed; the same id again changes nothing.

    Raises NotFound (no such event, or not one's own to write) and Invalid (another kind of file, too large,
    too many).
    """
    event = _get_event_for_update(by, event_id)
    if known := event.materials.filter(pk=id).first():
        return known
    require_material(file_name, content)
    if event.materials.count() >= MOST_FILES:
        raise Invalid("materials_many", _("Satu kegiatan paling banyak memuat 10 berkas."), "file")
    return EventMaterial.objects.create(
        id=id,
        event=event,
        file_name=file_name[-200:],
        size=len(content),
        content_sealed=seal_bytes(content),
        uploaded_by=by,
    )


@transaction.atomic
def take_back_material(*, by: User, event_id: UUID, material_id: UUID) -> None:
    """Take a file back that was handed in by mistake: its content goes, who brought it stays on record.

    Raises NotFound (no such file, or not one's own to write).
    """
    event = _get_event_for_update(by, event_id)
    material = event.materials.filter(pk=material_id).first()
    if material is None:
        raise NotFound("material_not_found", _("Berkas ini tidak ada."))
    material.content_sealed, material.taken_back_at = b"", timezone.now()
    material.save(update_fields=["content_sealed", "taken_back_at"])
