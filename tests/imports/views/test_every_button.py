"""Answers and choices of a page go along with every button of it, and each button says what it did."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from registry.models import Child, RowDecision, Upload, Village
from tests.imports.files import csv_file, row, sample
from tests.imports.test_views import hand_in, text
from tests.imports.views.test_answering import NO_DAY, NO_PLACE, fields_of, page_of

pytestmark = pytest.mark.django_db

FIRST_CHECKED = "Belum ada yang disimpan: pilihan Anda berubah, jadi berkas ini diperiksa lagi dulu."


class _Sent(HTMLParser):
    """What a browser without scripts sends with a button: the fields of the form it belongs to."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self._form, self._inside, self._select = form, False, ""
        self.sent: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = has.get("id") == self._form
        name, mine = (
            has.get("name", ""),
            has.get("form") == self._form or (self._inside and "form" not in has),
        )
        if tag == "select":
            self._select = name if mine else ""
        if tag == "option" and self._select and ("selected" in has or self._select not in self.sent):
            self.sent[self._select] = has.get("value", "")
        is_picked = has.get("type") not in ("radio", "checkbox") or "checked" in has
        if tag == "input" and mine and name and is_picked:
            self.sent[name] = has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def sent_by(page: str, form: str = "rows-form") -> dict[str, str]:
    return _Sent(page, form).sent


@pytest.fixture
def slarang(home: Village) -> Village:
    return Village.objects.get(name="Slarang")


@pytest.fixture
def answered(browser: Client, home: Village) -> str:
    """The page of a file that names no village, after it was answered and checked."""
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L"), header=NO_PLACE))
    browser.post(f"{address}answers/", {"village": home.pk})
    return address


# --- Answers ------------------------------------------------------------------------------------------------


def test_an_answer_changed_beside_the_button_that_saves_is_checked_before_anything_is_saved(
    browser: Client, answered: str, slarang: Village
) -> None:
    sent = {**sent_by(page_of(browser, answered)), "village": slarang.pk}
    answer = browser.post(f"{answered}commit/", sent, follow=True)
    assert not Child.objects.exists()
    assert Upload.objects.get().answers["village"] == slarang.pk
    page = text(answer.content)
    assert FIRST_CHECKED in page
    assert "Simpan 2 baris" in page
    browser.post(f"{answered}commit/", sent_by(page_of(browser, answered)))
    assert {child.village for child in Child.objects.all()} == {slarang}


@pytest.mark.parametrize("button", ["commit", "check", "decisions", "answers"])
def test_every_button_takes_answers_and_ticks_along(
    browser: Client, answered: str, slarang: Village, button: str
) -> None:
    page = page_of(browser, answered)
    sent = {**sent_by(page), "village": slarang.pk, fields_of(page)[0]: "skip", "check": "1"}
    browser.post(f"{answered}{button}/", sent)
    assert Upload.objects.get().answers["village"] == slarang.pk
    assert RowDecision.objects.count() == 1
    assert "Dilewati atas pilihan Anda." in page_of(browser, answered)
    assert not Child.objects.exists()


def test_a_page_that_shows_an_older_answer_does_not_bring_it_back(
    browser: Client, answered: str, slarang: Village
) -> None:
    old = sent_by(page_of(browser, answered))
    browser.post(f"{answered}answers/", {"village": slarang.pk})
    answer = browser.post(f"{answered}commit/", old, follow=True)
    assert Upload.objects.get().answers["village"] == slarang.pk
    assert "Berkas ini diperiksa lagi sejak halaman itu dibuka." in text(answer.content)
    assert not Child.objects.exists()


def test_a_wrong_answer_beside_the_button_that_saves_is_shown_and_no_tick_is_lost(
    browser: Client, home: Village
) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_DAY))
    browser.post(f"{address}answers/", {"village": home.pk})
    browser.post(f"{address}answers/", {"village": home.pk, "measured_on": "2024-06-12"})
    page = page_of(browser, address)
    sent = {**sent_by(page), "measured_on": "2999-01-01", fields_of(page)[0]: "skip"}
    answer = browser.post(f"{address}commit/", sent)
    assert answer["Location"].endswith("#answers")
    assert "Tanggal ini tidak boleh setelah hari ini." in page_of(browser, answer["Location"])
    assert RowDecision.objects.count() == 1
    assert not Child.objects.exists()


def test_a_question_left_open_does_not_keep_the_other_rows_from_being_saved(browser: Client) -> None:
    rows = [row(Nama="BUDI", JK="L"), row(Tanggal_Pengukuran="6/12/2024")]
    address = hand_in(browser, csv_file(*rows))
    page = page_of(browser, address)
    assert 'name="measured_order"' in page
    browser.post(f"{address}commit/", sent_by(page))
    assert [child.name for child in Child.objects.all()] == ["BUDI"]


def test_one_order_that_is_answered_keeps_the_other(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(Tgl_Lahir="6/7/2022", Tanggal_Pengukuran="8/9/2024")))
    browser.post(f"{address}answers/", {"born_order": "day_first", "measured_order": "day_first"})
    browser.post(f"{address}check/", {"born_order": "month_first", "was-born_order": "day_first"})
    assert Upload.objects.get().answers["orders"] == {"born": "month_first", "measured": "day_first"}


def test_a_row_left_out_before_stays_left_out_when_the_village_turns_out_to_be_another(
    browser: Client, answered: str, slarang: Village
) -> None:
    page = page_of(browser, answered)
    browser.post(f"{answered}check/", {**sent_by(page), fields_of(page)[0]: "skip"})
    browser.post(f"{answered}answers/", {**sent_by(page_of(browser, answered)), "village": slarang.pk})
    assert "Dilewati atas pilihan Anda." in page_of(browser, answered)
    browser.post(f"{answered}commit/")
    assert [child.name for child in Child.objects.all()] == ["BUDI"]


# --- The page where the village is needed -------------------------------------------------------------------


def test_where_the_village_is_needed_there_is_one_way_on_and_the_name_of_the_file(
    browser: Client, slarang: Village
) -> None:
    address = hand_in(browser, sample("09"), "melati.xlsx")
    page = page_of(browser, address)
    assert "melati.xlsx" in text(page.encode())
    ways = re.findall(r'formaction="[^"]*/(check|answers|commit)/"', page)
    assert ways == ["answers"]
    assert not re.search(r'<form[^>]*action="[^"]*/check/"', page)
    browser.post(f"{address}check/", {**sent_by(page), "village": slarang.pk})
    assert Upload.objects.get().answers["village"] == slarang.pk


def test_checking_in_another_language_keeps_the_village_that_is_chosen(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_PLACE))
    page = browser.get(address, headers={"accept-language": "en"}).content.decode()
    assert re.search(r'form="rows-form" formaction="[^"]*/check/">Check again in this language', page)
    assert "village" in sent_by(page)


# --- What a button did, where the reader lands --------------------------------------------------------------


def test_a_choice_beside_the_button_that_saves_is_checked_at_once_and_said_above(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    page = page_of(browser, address)
    answer = browser.post(f"{address}commit/", {**sent_by(page), fields_of(page)[0]: "skip"}, follow=True)
    shown = answer.content.decode()
    assert shown.index(FIRST_CHECKED) < shown.index("<h1>")
    assert "Dilewati atas pilihan Anda." in shown
    assert "Simpan 1 baris" in text(answer.content)


def test_it_is_said_while_the_check_runs_too(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    page = page_of(browser, address)
    answer = browser.post(f"{address}commit/", {**sent_by(page), fields_of(page)[0]: "skip"})
    Upload.objects.update(step="checking")
    assert FIRST_CHECKED in page_of(browser, answer["Location"].partition("#")[0])


def test_choices_kept_for_later_are_said_at_the_rows(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    page = page_of(browser, address)
    sent = {**sent_by(page), fields_of(page)[0]: "skip"}
    answer = browser.post(f"{address}decisions/", sent, follow=True)
    assert answer.redirect_chain[-1][0].endswith("#rows")
    shown = answer.content.decode()
    assert shown.index('id="rows"') < shown.index("1 pilihan diingat.")
    assert shown.count("1 pilihan diingat.") == 1


def test_a_page_without_a_changed_choice_says_so(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    answer = browser.post(f"{address}decisions/", sent_by(page_of(browser, address)), follow=True)
    assert "Tidak ada pilihan yang berubah." in text(answer.content)
    assert "Simpan 1 baris" in text(answer.content)


# --- Throwing away ------------------------------------------------------------------------------------------


UNKNOWN = b"a;b;c\n1;2;3\n4;5;6\n"


@pytest.mark.parametrize("content", [csv_file(row()), csv_file(row(), header=NO_PLACE), UNKNOWN])
def test_throwing_the_file_away_is_asked_about_first(browser: Client, content: bytes) -> None:
    address = hand_in(browser, content)
    page = browser.get(address, follow=True).content.decode()
    answers = re.findall(
        r"<details[^>]*>\s*<summary>Hapus berkas ini</summary>.*?</details>", page, re.DOTALL
    )
    assert answers
    assert all("Ya, hapus berkas ini" in one and "/discard/" in one for one in answers)
    assert page.count("/discard/") == len(answers)


# --- A part -------------------------------------------------------------------------------------------------


def test_after_a_part_the_page_says_that_it_was_one_and_where_the_rest_is(
    browser: Client, slarang: Village
) -> None:
    rows = [
        row(),
        row(Nama="BUDI", JK="L", **{"Desa/Kel": "SLARANG"}),
        row(Nama="CITRA", Nama_Ortu="IBU CITRA", Tgl_Lahir="2022-05-01"),
        row(Nama="EKO", Nama_Ortu="IBU EKO", Tgl_Lahir="2022-06-01"),
    ]
    address = hand_in(browser, csv_file(*rows))
    browser.post(f"{address}decisions/", {fields_of(page_of(browser, address))[3]: "skip", "check": "1"})
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"], "places": [slarang.pk]})
    page = text(browser.get(address).content)
    assert "Yang disimpan 1 dari 4 baris; 2 tidak dicentang. Unggah berkas ini lagi untuk sisanya." in page
    assert "Tidak dicentang 2" in page
    assert "Dilewati 1" in page


def test_a_file_that_is_saved_whole_says_nothing_of_a_part(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}commit/")
    assert "dicentang" not in text(browser.get(address).content)
