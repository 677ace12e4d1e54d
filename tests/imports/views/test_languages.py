"""What a check has found is said in the language it was made in; a reader of another one is told."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.imports import workflow
from registry.models import User
from tests.imports.conftest import Looking
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in
from tests.imports.views.test_answering import NO_PLACE, page_of

pytestmark = pytest.mark.django_db

OTHER = "This file was checked in another language"
AGAIN = "Check again in this language"


@pytest.fixture
def english(browser: Client) -> Client:
    """The same person, who reads English now."""
    english = Looking(headers={"accept-language": "en"})
    english.force_login(User.objects.get())
    return english


def test_rows_in_another_language_say_so_and_can_be_checked_in_this_one(
    browser: Client, english: Client
) -> None:
    address = hand_in(browser, csv_file(row(), row(Berat="seratus")))
    assert "bahasa lain" not in page_of(browser, address)
    page = page_of(english, address)
    assert OTHER in page
    assert AGAIN in page
    assert '<span lang="id">Berat “seratus” bukan angka.</span>' in page
    english.post(f"{address}check/")
    page = page_of(english, address)
    assert OTHER not in page
    assert "bukan angka" not in page
    assert 'lang="en">Weight' in page_of(browser, address)


def test_a_refusal_of_the_whole_file_does_too(browser: Client, english: Client) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_PLACE))
    page = page_of(english, address)
    assert OTHER in page
    assert '<div lang="id">' in page
    english.post(f"{address}check/")
    assert OTHER not in page_of(english, address)
    assert "Berkas ini tidak menyebut desanya." not in page_of(english, address)


def test_unknown_columns_do_too(browser: Client, english: Client) -> None:
    address = hand_in(browser, b"a;b;c\n1;2;3\n4;5;6\n")
    page = page_of(english, f"{address}columns/")
    assert OTHER in page
    english.post(f"{address}check/")
    assert OTHER not in page_of(english, f"{address}columns/")


def test_what_was_not_saved_is_in_one_language_and_says_which(browser: Client, english: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", Berat="seratus")))
    english.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"]})
    assert '<span lang="id">Berat “seratus” bukan angka.</span>' in page_of(english, address)
    assert 'lang="id">Berat' not in page_of(browser, address)


def test_why_a_file_could_not_be_saved_says_its_language(
    browser: Client, english: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = hand_in(browser, csv_file(row()))
    refused = workflow.Conflict("changed_meanwhile", "Belum ada yang tersimpan; coba lagi.")
    monkeypatch.setattr(workflow, "commit", lambda **what: (_ for _ in ()).throw(refused))
    browser.post(f"{address}commit/")
    assert '<div lang="id">' in page_of(english, address)
    assert '<div lang="id">' not in page_of(browser, address)
