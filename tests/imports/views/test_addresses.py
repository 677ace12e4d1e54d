"""Every page of a file is at an address that can be opened, reloaded and shared between tabs."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Upload, User, Village
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in, text
from tests.imports.views.test_answering import NO_DAY, fields_of, page_of, similar

pytestmark = pytest.mark.django_db

ONLY_POSTED = ["commit", "check", "answers", "decisions", "take-back", "discard"]


@pytest.mark.parametrize("deed", ONLY_POSTED)
def test_an_address_that_only_takes_a_form_leads_to_the_page_of_the_file(browser: Client, deed: str) -> None:
    address = hand_in(browser, csv_file(row()))
    assert browser.get(f"{address}{deed}/")["Location"] == address
    assert browser.put(f"{address}{deed}/").status_code == 405
    assert Upload.objects.count() == 1


def test_a_wrong_answer_is_told_on_the_page_of_the_file_and_what_was_typed_is_there(
    browser: Client, home: Village
) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_DAY))
    browser.post(f"{address}answers/", {"village": home.pk})
    answer = browser.post(
        f"{address}answers/", {"village": home.pk, "measured_on": "2999-01-01"}, follow=True
    )
    assert answer.request["PATH_INFO"] == address
    page = answer.content.decode()
    assert "Tanggal ini tidak boleh setelah hari ini." in page
    assert 'value="2999-01-01"' in page
    assert 'href="?outcome=ask#rows"' in page
    # Read again in another language, the page is still there with what was typed.
    again = browser.get(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"])
    assert 'value="2999-01-01"' in again.content.decode()


def test_whoever_decides_among_some_rows_comes_back_to_those(
    browser: Client, officer: User, home: Village
) -> None:
    similar(officer, home)
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    page = page_of(browser, f"{address}?outcome=ask")
    [field] = fields_of(page)
    sent = {field: "new", "outcome": "ask", "page": "1"}
    for deed, more in (("decisions", {"check": "1"}), ("check", {}), ("commit", {})):
        answer = browser.post(f"{address}{deed}/", {**sent, f"was-{field}": "-", **more})
        assert answer["Location"].startswith(f"{address}?outcome=ask&page=1")
    assert "Tidak ada baris seperti ini lagi." in page_of(browser, f"{address}?outcome=ask")


def test_a_forged_way_back_leads_nowhere_else(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    answer = browser.post(f"{address}check/", {"outcome": "//elsewhere.example", "page": "\r\nX: y"})
    assert answer["Location"].startswith(f"{address}?outcome=%2F%2Felsewhere.example&page=%0D%0AX")


def test_the_page_of_a_file_at_work_keeps_what_was_asked_for(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    Upload.objects.update(step="checking")
    assert 'href="?outcome=ask&amp;page=2"' in page_of(browser, f"{address}?outcome=ask&page=2")
    assert "Lihat kemajuannya" in text(browser.get(address).content)
