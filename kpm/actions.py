"""The only code that writes who is a cadre, and until when. Atomic; refuses in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpm.models import STEERING, Cadre
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.drawn_rows import require_as_drawn
from registry.actions.memberships import delete_membership, store_membership
from registry.actions.passwords import create_account
from registry.actions.requirements import require_reason
from registry.errors import Conflict, Invalid, NotFound
from registry.models import ChangeSubject, Membership, Role, Sex, User, Village
from registry.validation_messages import spoken_date


@transaction.atomic
def appoint_cadre(
    *,
    by: User,
    village_code: str,
    full_name: str,
    term_start: date,
    term_end: date | None = None,
    sex: Sex | None = None,
    phone: str = "",
    user: User | None = None,
    musyawarah_desa_date: date | None = None,
    decree_number: str = "",
    decree_date: date | None = None,
) -> Cadre:
    """Return the KPM of a village from ``term_start`` on; the same appointment again changes nothing.

    ``user`` may work in the village from the first to the last day of the term. Raises NotFound (village
    outside the area, or a user who does not appoint), Invalid (no name, an end before the start), Conflict
    (overlap).
    """
    _require_steering(by)
    village = _lock_village(by, village_code)
    full_name = _require_name(full_name)
    known = Cadre.objects.filter(village=village, term_start=term_start, full_name=full_name).first()
    if known and known.term_end == term_end:
        return known
    check_term(village=village, term_start=term_start, term_end=term_end)
    appointed = Cadre(
        village=village,
        full_name=full_name,
        sex=sex,
        phone=phone.strip()[:20],
        user=user,
        musyawarah_desa_date=musyawarah_desa_date,
        decree_number=decree_number.strip()[:60],
        decree_date=decree_date,
        term_start=term_start,
        term_end=term_end,
    )
    return store_cadre(by=by, cadre=appointed)


def _require_name(full_name: str) -> str:
    full_name = " ".join(full_name.split())[:120]
    if not full_name:
        raise Invalid("name_missing", _("Tulis nama lengkap KPM."), "full_name")
    return full_name


def find_account(*, by: User, username: str) -> User | None:
    """Return the account of a cadre in the user's area, or of nobody's area yet; None for an empty name.

    Raises Invalid for any other name, and does not say whether it exists elsewhere.
    """
    if not username:
        return None
    mine = Membership.objects.filter(
        role=Role.CADRE, village__in=Village.objects.with_people_visible_to(by)
    ).values("user")
    accounts = User.objects.filter(Q(memberships__isnull=True) | Q(pk__in=mine), is_active=True)
    account = accounts.filter(username__iexact=username.strip(), is_superuser=False).first()
    if account is None:
        raise Invalid(
            "account_not_found",
            _("Tidak ada akun kader bernama %(name)s di wilayah kerja Anda.") % {"name": username.strip()},
            "username",
        )
    return account


@transaction.atomic
def open_account(*, by: User, cadre_id: int) -> tuple[User, str]:
    """Make the account of a KPM who has none; return it with its first password, to be shown once.

    Raises NotFound (a KPM outside the user's area, or a user who does not appoint), Conflict (has one) and
    Invalid (a term that is over).
    """
    cadre = _get_cadre_for_update(by, cadre_id)
    if cadre.user_id:
        raise Conflict("account_known", _("KPM ini sudah punya akun."))
    require_not_over(cadre)
    cadre.user, password = create_account(
        by=by, username=free_username(cadre.village_id), full_name=cadre.full_name
    )
    store_cadre(by=by, cadre=cadre)
    return cadre.user, password


def require_not_over(cadre: Cadre) -> None:
    """Raise Invalid for a term that is over: an account made for it would open nothing."""
    if cadre.term_end and cadre.term_end < timezone.localdate():
        raise Invalid(
            "term_over",
            _("Masa tugas %(name)s sudah berakhir pada %(day)s, jadi tidak dibuatkan akun.")
            % {"name": cadre.full_name, "day": spoken_date(cadre.term_end)},
            "term_end",
        )


def free_username(village_code: str) -> str:
    """Return ``kpm.3301022016`` for 33.01.02.2016, for the second KPM of the village ``kpm.3301022016.2``."""
    first = f"kpm.{village_code.replace('.', '')}"
    users = User.objects.filter(username__istartswith=first)
    taken = {name.lower() for name in users.values_list("username", flat=True)}
    names = (first, *(f"{first}.{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _get_cadre_for_update(by: User, cadre_id: int) -> Cadre:
    _require_steering(by)
    cadre = Cadre.objects.visible_to(by).filter(pk=cadre_id).first()
    if cadre is None:
        raise NotFound("cadre_not_found", _("KPM ini tidak ada di wilayah kerja Anda."), "cadre")
    _lock_village(by, cadre.village_id)
    cadre.refresh_from_db()
    return cadre


@transaction.atomic
def set_term_end(
    *,
    by: User,
    cadre_id: int,
    on: date | None,
    reason: str,
    drawn: str | None = None,
    handed_over_on: date | None = None,
    handover_note: str = "",
) -> Cadre:
    """End a term on ``on``, its last day, or let it run on (None); access of the account follows.

    ``drawn``: the last day that the page showed. ``handed_over_on``, ``handover_note``: when the work was
    handed over, to whom and what. Raises NotFound (a KPM outside the user's area, or a user who does not
    appoint), Invalid (no reason, an end before the start, a hand-over before it or to come) and Conflict (the
    next KPM is in office by then, or somebody has changed the last day meanwhile).
    """
    cadre = _get_cadre_for_update(by, cadre_id)
    reason = require_reason(reason)
    end = cadre.term_end
    require_as_drawn(drawn, end.isoformat() if end else "", spoken_date(end) if end else "–")
    check_term(village=cadre.village, term_start=cadre.term_start, term_end=on, but=cadre)
    if handed_over_on and not cadre.term_start <= handed_over_on <= timezone.localdate():
        raise Invalid(
            "handover_order", _("Serah terima dari mulai bertugas sampai hari ini."), "handed_over_on"
        )
    cadre.term_end = on
    cadre.handed_over_on, cadre.handover_note = handed_over_on, " ".join(handover_note.split())[:300]
    return store_cadre(by=by, cadre=cadre, reason=reason)


@transaction.atomic
def set_appointment_papers(
    *,
    by: User,
    cadre_id: int,
    musyawarah_desa_date: date | None,
    decree_number: str,
    decree_date: date | None,
    reason: str,
) -> Cadre:
    """Put right by which musyawarah desa and decree a KPM is appointed.

    Raises NotFound (a KPM outside the user's area, or a user who does not appoint) and Invalid (no reason).
    """
    cadre = _get_cadre_for_update(by, cadre_id)
    reason = require_reason(reason)
    cadre.musyawarah_desa_date, cadre.decree_date = musyawarah_desa_date, decree_date
    cadre.decree_number = decree_number.strip()[:60]
    return store_cadre(by=by, cadre=cadre, reason=reason)


@transaction.atomic
def store_cadre(*, by: User, cadre: Cadre, reason: str = "") -> Cadre:
    """Store a term that was checked, log what differs, and let access follow the term."""
    before = Cadre.objects.filter(pk=cadre.pk).first()
    cadre.save()
    _log_cadre(by, cadre.pk, before, cadre, reason)
    _follow_terms(by, reason, before, cadre)
    return cadre


@transaction.atomic
def delete_cadre(*, by: User, cadre: Cadre) -> None:
    """Delete a term that was entered by mistake; the access that it gave goes with it."""
    number = cadre.pk
    _log_cadre(by, number, cadre, None, "")
    cadre.delete()
    _follow_terms(by, "", cadre)


def _follow_terms(by: User, reason: str, *cadres: Cadre | None) -> None:
    """Let each account work in the village of the term on the days of its terms there, and on no other."""
    for user, village in {(c.user_id, c.village_id) for c in cadres if c and c.user_id}:
        held: dict[str, Any] = {"user_id": user, "role": Role.CADRE, "village_id": village}
        terms = Cadre.objects.filter(user=user, village=village).order_by("term_start")
        days = _join_terms(terms.values_list("term_start", "term_end"))
        for membership in Membership.objects.filter(**held).exclude(since__in=days):
            delete_membership(by=by, membership=membership, reason=reason)
        for since, until in days.items():
            found = Membership.objects.filter(since=since, **held).first() or Membership(since=since, **held)
            found.until = until
            store_membership(by=by, membership=found, reason=reason)


def _join_terms(terms: Iterable[tuple[date, date | None]]) -> dict[date, date | None]:
    """Return the last day by the first of terms, in order; two without a day between them are one."""
    joined: dict[date, date | None] = {}
    before: date | None = None
    first = date.min
    for start, end in terms:
        if before is None or start > before + timedelta(days=1):
            first = start
        joined[first] = before = end
    return joined


_LOGGED = (
    *("village_id", "full_name", "user_id", "musyawarah_desa_date", "decree_number", "decree_date"),
    *("term_start", "term_end", "handed_over_on", "handover_note"),
)


def _log_cadre(by: User, number: int, before: Cadre | None, after: Cadre | None, reason: str) -> None:
    values = [
        ["" if value is None else str(value) for value in (getattr(cadre, name, None) for name in _LOGGED)]
        for cadre in (before, after)
    ]
    changes = [
        FieldChange(ChangeSubject.APPOINTMENT, number, name.removesuffix("_id"), old, new)
        for name, old, new in zip(_LOGGED, *values, strict=True)
    ]
    log_changes(changes, by=by, reason=reason)


def check_term(
    *, village: Village, term_start: date, term_end: date | None, but: Cadre | None = None
) -> None:
    """Raise Invalid or Conflict when ``village`` has another KPM in that time; ``but`` is not looked at."""
    if term_end and term_end < term_start:
        raise Invalid(
            "term_order", _("Hari terakhir bertugas tidak boleh sebelum mulai bertugas."), "term_end"
        )
    others = Cadre.objects.filter(Q(term_end__isnull=True) | Q(term_end__gte=term_start), village=village)
    if term_end:
        others = others.filter(term_start__lte=term_end)
    if but:
        others = others.exclude(pk=but.pk)
    other = others.first()
    if other:
        raise Conflict(
            "term_taken",
            _("%(village)s sudah punya KPM, %(name)s, sejak %(since)s. Akhiri dulu masa tugasnya.")
            % {"village": village, "name": other.full_name, "since": spoken_date(other.term_start)},
            "term_start",
        )


def _require_steering(by: User) -> None:
    if not by.has_role(*STEERING):
        raise NotFound("not_yours", _("Ini dikerjakan oleh petugas kecamatan atau kabupaten."))


def _lock_village(by: User, code: str) -> Village:
    """Return the village, locked so that two appointments of it queue."""
    village = (
        Village.objects.with_people_visible_to(by).select_for_update(of=("self",)).filter(pk=code).first()
    )
    if village is None:
        raise NotFound("village_not_found", _("Desa ini tidak ada di wilayah kerja Anda."), "village")
    return village
