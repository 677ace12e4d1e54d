"""What was decided about a row, in this file or an earlier one, is shown as such and can be forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from registry.models import RowDecision, User, Village
from tests.factories import make_cadre
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in, text
from tests.imports.views.test_answering import fields_of, page_of, signed_in, similar

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 8, 11, 23, 30, tzinfo=UTC)  # 12 August in Cilacap


def decide(browser: Client, choice: str) -> str:
    """Decide so about the one row of a file, and return the address of another file that writes it so."""
    address = hand_in(browser, csv_file(row()))
    [field] = fields_of(page_of(browser, address))
    browser.post(f"{address}decisions/", {field: choice, "check": "1"})
    RowDecision.objects.update(made_at=LATE)
    return hand_in(browser, csv_file(row(Berat="11.5")))


@pytest.mark.parametrize(
    ("choice", "words"),
    [("CHILD", "anak yang sama"), ("new", "anak lain, didaftarkan baru"), ("skip", "dilewati")],
)
def test_a_decision_of_an_earlier_file_is_shown_and_forgotten(
    browser: Client, officer: User, home: Village, choice: str, words: str
) -> None:
    child = similar(officer, home)
    later = decide(browser, choice.replace("CHILD", str(child.pk)))
    page = page_of(browser, f"{later}?outcome=decided")
    assert f"Diputuskan 12 Agustus 2026 oleh {officer}: {words}." in text(page.encode())
    assert "Sudah diputuskan (1)" in text(page.encode())
    [field] = fields_of(page)
    assert "Lupakan keputusan ini" in page
    was = page.split(f'name="was-{field}" value="')[1].split('"')[0]
    browser.post(f"{later}decisions/", {field: "", f"was-{field}": was, "check": "1"})
    page = page_of(browser, later)
    assert "Diputuskan" not in page
    assert "Mirip SITI CONTOR" in page
    assert not RowDecision.objects.exists()


def test_what_another_has_decided_is_shown_with_who_it_was(
    browser: Client, officer: User, home: Village
) -> None:
    cadre = make_cadre(home)
    later = decide(signed_in(cadre), str(similar(officer, home).pk))
    assert later
    page = text(browser.get(hand_in(browser, csv_file(row()))).content)
    assert f"Diputuskan 12 Agustus 2026 oleh {cadre}: anak yang sama." in page


def test_nothing_is_shown_of_a_decision_about_a_row_that_is_not_in_the_file(
    browser: Client, officer: User, home: Village
) -> None:
    decide(browser, str(similar(officer, home).pk))
    page = page_of(browser, hand_in(browser, csv_file(row(Nama="BUDI", JK="L"))))
    assert "Diputuskan" not in page
    assert "Sudah diputuskan" not in page
