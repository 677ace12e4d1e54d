"""What must be so before a measurement is stored, corrected or voided, and the sentence that refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from registry.actions.observation import Observation, observation_of, spoken_date
from registry.errors import Conflict, Doubtful, Invalid, NotFound
from registry.models import Measurement, User, Village


def require_reason(reason: str) -> str:
    """Return ``reason`` as it is stored. Raises Invalid without one."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason_missing", _("Tulis alasannya, misalnya “salah ketik berat”."), "reason")
    return reason[:200]


def require_in_force(measurement: Measurement) -> None:
    """Raise Conflict for a measurement that somebody has corrected or voided."""
    if not measurement.is_in_force:
        raise not_in_force()


def require_change(old: Measurement, observation: Observation) -> None:
    """Raise Invalid when ``observation`` is what ``old`` says already."""
    if observation_of(old) == observation:
        raise Invalid("unchanged", _("Tidak ada yang berubah. Ubah nilai yang salah, lalu simpan."))


def require_work_at(by: User, village: Village, day: date) -> None:
    """Raise NotFound unless ``by`` works in ``village``, whose figures the change would change."""
    if not Village.objects.with_people_visible_to(by).filter(pk=village.pk).exists():
        raise lived_elsewhere(village, day)


def require_confirmed(doubts: list[str], confirmed: bool | Collection[str]) -> None:
    """Raise Doubtful for doubts that nobody has confirmed."""
    if not doubts or confirmed is True:
        return
    if confirmed is False or set(doubts) - set(confirmed):
        raise Doubtful(
            doubts, _("Nilai ini jarang sekali terjadi. Ukur ulang, atau pastikan kalau memang benar.")
        )


def used_id() -> Conflict:
    """Return the refusal of an id that is used for another measurement."""
    return Conflict(
        "id_used",
        _("Nomor entri ini sudah dipakai untuk pengukuran lain. Buka formulir baru dan isi lagi."),
        "id",
    )


def day_taken(day: date) -> Conflict:
    """Return the refusal of a day on which the child has a measurement in force."""
    return Conflict(
        "day_taken",
        _("Anak ini sudah diukur pada %(date)s. Kalau nilainya salah, koreksi pengukuran itu.")
        % {"date": spoken_date(day)},
        "measured_on",
    )


def not_in_force() -> Conflict:
    """Return the refusal of a measurement that somebody has corrected or voided."""
    return Conflict(
        "not_in_force", _("Pengukuran ini sudah dikoreksi atau dibatalkan. Buka yang terbaru, lalu ulangi.")
    )


def lived_elsewhere(village: Village, day: date) -> NotFound:
    """Return the refusal of a day on which the child lived outside the user's area."""
    return NotFound(
        "lived_elsewhere",
        _("Pada %(date)s anak ini tinggal di %(village)s. Minta petugas di sana mencatatnya.")
        % {"date": spoken_date(day), "village": village},
        "measured_on",
    )
