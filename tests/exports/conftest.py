"""A small register worked out by hand: a boy with NIK, twin girls, a child without NIK, one never measured.

The z-scores of Satu and Tiga are those that e-PPGBM itself gave for the same values in the district's files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from registry.models import Child, Position, Role, Sex, User, Village
from registry.places.load import load_places
from tests.factories import make_child, make_posyandu, make_user, measure
from tests.imports.conftest import browser, client, home, officer  # noqa: F401

KIDUL, BREBEG = "33.01.02.2016", "33.01.08.2004"
NIK_SATU = "3301021403220001"
NIK_TWIN = "3301024109230002"


@dataclass
class Register:
    officer: User
    satu: Child
    twins: tuple[Child, Child]
    tiga: Child
    never: Child


@pytest.fixture
def register() -> Register:
    load_places()
    gizi = make_user(Role.DISTRICT, username="gizi")
    kidul, brebeg = Village.objects.get(pk=KIDUL), Village.objects.get(pk=BREBEG)
    melati = make_posyandu(kidul, "Melati 1")
    satu = make_child(
        gizi,
        kidul,
        name="Contoh Satu",
        sex=Sex.BOY,
        birth_date=date(2022, 3, 14),
        nik=NIK_SATU,
        birth_weight_kg=Decimal("2.986"),
        birth_length_cm=Decimal("48"),
        parent_name="Bapak A / Ibu A",
        posyandu_id=melati.pk,
        rt="001",
        rw="03",
        address="Jl. Contoh No. 1",
        growth_book=True,
    )
    twins = tuple(
        make_child(
            gizi,
            kidul,
            name=name,
            birth_date=date(2023, 9, 1),
            nik=nik,
            parent_name="Ibu Kembar",
            since=None,
        )
        for name, nik in (("Contoh Kembar A", NIK_TWIN), ("Contoh Kembar B", ""))
    )
    tiga = make_child(gizi, brebeg, name="Contoh Tiga", sex=Sex.BOY, birth_date=date(2024, 1, 29))
    never = make_child(gizi, kidul, name="Contoh Belum Ditimbang", birth_date=date(2024, 5, 1))
    measure(satu, date(2024, 5, 14), "11.8", "85.3", position=Position.STANDING)
    measure(
        satu,
        date(2024, 6, 12),
        "12.1",
        "86",
        position=Position.STANDING,
        muac_cm=Decimal("15.2"),
        head_cm=Decimal("47.5"),
    )
    measure(twins[0], date(2024, 6, 12), "7.9", "70.5", position=Position.LYING)
    measure(twins[1], date(2024, 6, 12), "7.55", "69.5", position=Position.LYING)
    measure(tiga, date(2024, 6, 12), "5.6", "57", position=Position.LYING)
    return Register(gizi, satu, (twins[0], twins[1]), tiga, never)
