"""The NIK: what is whole, what looks odd, what may be shown, and that it is unreadable at rest."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django.fixtures import Settings

from registry import nik as niks
from registry.models import Child
from tests.factories import make_child

GIRL_BORN_14_MARCH_2022 = "3301025403220001"  # day 14 + 40


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("'3301110305240001", "3301110305240001"),
        ("`3301115102240003", "3301115102240003"),
        (" 3301 0214 0322 0001\u00a0", "3301021403220001"),
        ("330102.140322.0001", "3301021403220001"),
        (None, ""),
    ],
)
def test_what_programs_put_around_a_nik_is_taken_off(raw: str | None, cleaned: str) -> None:
    assert niks.clean_nik(raw) == cleaned


@pytest.mark.parametrize(
    "text", ["330102410923000", "33011**********", "3.30E+15", "33010214032200011", "", "٣٣٠١٠٢١٤٠٣٢٢٠٠٠١"]
)
def test_only_sixteen_digits_are_a_whole_nik(text: str) -> None:
    assert not niks.is_whole(text)


def test_a_nik_that_agrees_with_the_child_raises_no_warning() -> None:
    assert niks.nik_warnings(GIRL_BORN_14_MARCH_2022, birth_date=date(2022, 3, 14), is_girl=True) == []


def test_a_nik_of_another_day_another_sex_and_an_empty_serial_is_only_warned_about() -> None:
    found = niks.nik_warnings("3301021503220000", birth_date=date(2022, 3, 14), is_girl=True)
    assert found == [niks.NikWarning.BIRTH_DATE, niks.NikWarning.SEX, niks.NikWarning.SERIAL]


def test_a_region_that_does_not_exist_is_warned_about() -> None:
    found = niks.nik_warnings("0001025403220001", birth_date=date(2022, 3, 14), is_girl=True)
    assert found == [niks.NikWarning.REGION]


def test_a_nik_is_shown_with_its_birth_date_hidden() -> None:
    assert niks.mask_nik("3301021403220001") == "33010***********"


def test_a_nik_that_is_not_whole_shows_nothing() -> None:
    assert niks.mask_nik("330102410923000") == "***************"


@pytest.mark.django_db
def test_the_database_never_holds_a_readable_nik() -> None:
    child = make_child(nik=GIRL_BORN_14_MARCH_2022)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik_sealed, nik_hash FROM registry_child")
        sealed, hashed = cursor.fetchone()
    assert GIRL_BORN_14_MARCH_2022 not in sealed + hashed
    assert Child.objects.get(nik_hash=niks.nik_hash(GIRL_BORN_14_MARCH_2022)) == child
    assert child.nik == GIRL_BORN_14_MARCH_2022


def test_the_same_nik_is_sealed_differently_each_time_and_hashed_alike() -> None:
    assert niks.seal(GIRL_BORN_14_MARCH_2022) != niks.seal(GIRL_BORN_14_MARCH_2022)
    assert niks.nik_hash(GIRL_BORN_14_MARCH_2022) == niks.nik_hash(GIRL_BORN_14_MARCH_2022)


def test_a_new_first_key_still_reads_what_the_old_one_sealed(settings: Settings) -> None:
    sealed = niks.seal(GIRL_BORN_14_MARCH_2022)
    settings.NIK_KEYS = [Fernet.generate_key().decode(), *settings.NIK_KEYS]
    assert niks.unseal(sealed) == GIRL_BORN_14_MARCH_2022
    settings.NIK_KEYS = settings.NIK_KEYS[:1]
    with pytest.raises(niks.InvalidToken):
        niks.unseal(sealed)
