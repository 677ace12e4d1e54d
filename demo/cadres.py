"""The KPM of the demo: one appointed in every desa, and the meetings they came to.

The meetings were held; who came is invented, as the people are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from demo.invented_names import GIRLS_FIRST
from demo.signins import cadre_username
from kpm.actions import appoint_cadre
from kpm.event_actions import hold_event, set_attendance
from kpm.models import EventKind
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
            "topic": "Target stunting 14 % tahun 2024 dan penguatan peran KPM",
        },
    ),
)
"""Each event, and every how many-th KPM came to it."""


def load_cadres(by: User, progress: Callable[[str, int], Callable[[int], object]]) -> int:
    """Appoint one KPM in each desa in the name of ``by`` and record the meetings; how many there are."""
    villages = Village.objects.filter(kind=VillageKind.DESA).order_by("pk")
    users = User.objects.in_bulk([cadre_username(village.pk) for village in villages], field_name="username")
    done = progress(_("Kader"), len(villages))
    cadres = []
    for number, village in enumerate(villages):
        cadres.append(_appoint(by, village, users[cadre_username(village.pk)], number))
        done(1)
    for every, event in _EVENTS:
        held = hold_event(by=by, id=uuid4(), **event)
        set_attendance(by=by, event_id=held.pk, cadre_ids=cadres[::every])
    return len(cadres)


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
