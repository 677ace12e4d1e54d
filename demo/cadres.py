"""The KPM of the demo: one appointed in every desa, the meetings they came to, and what was decided.

The meetings of the district were held, but for the last training; who came and what they decided is invented,
as the people are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from demo.district import TOUR_VILLAGE, was_retrained
from demo.invented_names import GIRLS_FIRST
from demo.signins import cadre_username
from kpm.actions import appoint_cadre
from kpm.event_actions import add_decision, hold_event, set_attendance, settle_decision
from kpm.models import Cadre, EventKind
from registry.models import Sex, User, Village, VillageKind

_FIRST_MUSYAWARAH = date(2023, 1, 9)
_TERM_START = date(2023, 3, 1)  # before the training of June, so that everybody trained was in office
_EVENTS: tuple[tuple[int, dict[str, Any]], ...] = (
    (
        1,
        {
            "kind": EventKind.TRAINING,
            "title": "Pelatihan Kader Pembangunan Manusia",
            "on": date(2023, 6, 5),
            "end_date": date(2023, 6, 7),
            "place": "Cilacap",
            "topic": "Pendataan 1000 HPK dan konvergensi pencegahan stunting di desa",
            "agenda": "Tugas KPM\nPendataan 1000 HPK\nMengukur panjang dan tinggi badan\nPraktik",
        },
    ),
    (
        3,  # a meeting of officers to which some KPM are asked
        {
            "kind": EventKind.REMBUK,
            "title": "Rembuk Stunting Kabupaten Cilacap",
            "on": date(2024, 6, 26),
            "place": "Pendopo Kabupaten",
            "topic": "Rencana kerja konvergensi dan komitmen bersama",
        },
    ),
    (
        1,
        {
            "kind": EventKind.RAKOR,
            "title": "Rapat Koordinasi Paguyuban KPM",
            "on": date(2024, 8, 9),
            "place": "Pendopo Kabupaten",
            "topic": "Target stunting 14% tahun 2024 dan penguatan peran KPM",
            "agenda": "Pembukaan\nAngka stunting per kecamatan\nPelatihan KPM\nPenutup",
        },
    ),
)
"""Each event, and every how many-th KPM came to it."""
_RETRAINING: dict[str, Any] = {
    "kind": EventKind.TRAINING,
    "title": "Pelatihan Ulang Pengukuran",
    "place": "Cilacap",
    "topic": "Membaca papan ukur dan timbangan sampai angka di belakang koma",
    "agenda": "Mutu data tiap desa\nMengukur panjang dan tinggi badan\nPraktik",
}
_MUSDES: tuple[dict[str, Any], ...] = (
    {"title": "Musyawarah Desa Dana Desa 2024", "on": date(2024, 2, 12)},
    {
        "title": "Musyawarah Desa RKP 2025",
        "on": date(2024, 7, 15),
        "agenda": "Pembukaan\nAngka stunting desa\nUsulan kegiatan dana desa\nPenutup",
    },
)
"""Of the village where the people of the demo work. Its KPM came to each."""
_DECISIONS = (
    (date(2024, 2, 12), "Pasang daftar posyandu di balai desa", "Sekretaris desa", date(2024, 3, 31)),
    (date(2024, 2, 12), "Beli tiga alat ukur panjang badan", "Kepala desa", date(2024, 6, 30)),
    (date(2024, 8, 9), "Usulkan pelatihan ulang pengukuran", "Dispermades", date(2024, 12, 31)),
)
"""By the day of the event. The first was done; the second was overdue at the next musdes, asked there."""


def load_cadres(by: User, retrained_on: date, progress: Callable[[str, int], Callable[[int], object]]) -> int:
    """Appoint one KPM in each desa in the name of ``by`` and record the meetings; how many there are."""
    villages = Village.objects.filter(kind=VillageKind.DESA).order_by("pk")
    users = User.objects.in_bulk([cadre_username(village.pk) for village in villages], field_name="username")
    done = progress(_("Kader"), len(villages))
    cadres = []
    for number, village in enumerate(villages):
        cadres.append(_appoint(by, village, users[cadre_username(village.pk)], number))
        done(1)
    for every, event in _EVENTS:
        _hold(by, cadres[::every], **event)
    retrained = [pk for pk, village in zip(cadres, villages, strict=True) if was_retrained(village.pk)]
    _hold(by, retrained, on=retrained_on, **_RETRAINING)
    of_tour = Cadre.objects.filter(village=TOUR_VILLAGE).values_list("pk", flat=True)
    for event in _MUSDES:
        _hold(by, of_tour, kind=EventKind.MUSDES, village_code=TOUR_VILLAGE, place="Balai desa", **event)
    return len(cadres)


def _hold(by: User, came: Collection[int], **values: Any) -> None:
    """Record an event, who came and what it decided, and that the first decision of all is done."""
    event = hold_event(by=by, id=uuid4(), **values)
    set_attendance(by=by, event_id=event.pk, cadre_ids=came)
    for number, (day, text, responsible, due_on) in enumerate(_DECISIONS):
        if event.date == day:
            decision = add_decision(
                by=by, event_id=event.pk, id=uuid4(), text=text, responsible=responsible, due_on=due_on
            )
            if number == 0:
                settle_decision(by=by, decision_id=decision.pk, done_on=due_on, outcome="Sudah dipasang")


def _appoint(by: User, village: Village, user: User, number: int) -> int:
    """Appoint the KPM whose sign-in ``user`` is; villages deliberated on the working days of six weeks."""
    deliberated = _FIRST_MUSYAWARAH + timedelta(days=7 * (number % 6) + number % 5)
    decree = deliberated + timedelta(days=7)
    cadre = appoint_cadre(
        by=by,
        village_code=village.pk,
        full_name=user.full_name,
        sex=Sex.GIRL if user.full_name.split()[0] in GIRLS_FIRST else Sex.BOY,
        phone=f"0800-0000-{number + 1:04d}",
        user=user,
        musyawarah_desa_date=deliberated,
        decree_number=f"141/{number + 1:03d}/{decree:%m}/{decree:%Y}",
        decree_date=decree,
        term_start=_TERM_START,
    )
    return cadre.pk
