"""Whatever a page gives away as a file brings nothing new when somebody hands it in again.

The pages are found by following links, so that a list that is added later is tried as well.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from kpm.actions import appoint_cadre
from kpm.audit_actions import choose_case
from kpm.event_actions import hold_event, set_attendance
from kpm.lokus_actions import declare_lokus
from kpm.models import Case, EventKind
from registry.errors import Refused
from registry.imports import workflow
from registry.imports.answers import ImportAnswers
from registry.imports.commit import plan_tables, preview
from registry.imports.known_places import KnownPlaces
from registry.imports.readers.read_file import read_sheets
from registry.imports.report import TAKEN, Report, RowOutcome
from registry.imports.tables.column_guess import suggest_mapping
from registry.imports.tables.find_tables import find_tables
from registry.models import LAYOUTS, ExportForm, ExportKind, Position, Role, Sex, User, Village
from tests.dashboard.data import make_survey
from tests.exports.conftest import KIDUL
from tests.exports.files import exported, sheets_of
from tests.factories import (
    make_child,
    make_district,
    make_posyandu,
    make_user,
    make_village,
    measure,
    signed_in,
)
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

TODAY = date(2024, 8, 20)
NIK = "3301024103230001"


@dataclass
class Team:
    cadre: User
    officer: User
    village: Village

    @property
    def answers(self) -> ImportAnswers:
        return ImportAnswers(village=self.village)


@pytest.fixture
def team() -> Iterator[Team]:
    """A village with a child of every kind: measured this month, before, never, with oedema, without names
    of parents.
    """
    with time_machine.travel(datetime(2024, 8, 20, 2, tzinfo=UTC), tick=True):
        village = make_village(KIDUL)
        cadre = make_user(Role.CADRE, village, "sumarni")
        officer = make_user(Role.DISTRICT, username="dinas")
        make_village("33.01.02.2001", "Karangkandri")
        make_survey(make_district(), 2023, "18.5")
        _children(cadre, village)
        _files(cadre)
        one = appoint_cadre(
            by=officer, village_code=village.pk, full_name="Sumarni", term_start=date(2023, 1, 1)
        )
        event = hold_event(
            by=officer, id=uuid4(), kind=EventKind.RAKOR, title="Rakor", on=date(2024, 8, 9), place="Aula"
        )
        set_attendance(by=officer, event_id=event.pk, cadre_ids=[one.pk])
        decree = {"decree_number": "12/2024", "decree_date": date(2024, 1, 5)}
        declare_lokus(by=officer, year=2024, village_codes=[village.pk], **decree)
        case = Case.objects.filter(child__name="Ani Contoh", opened_on__lte=TODAY).latest("pk")
        choose_case(by=officer, case_id=case.pk, reason="belum membaik")
        call_command("rebuild_figures", "--open", stdout=StringIO())
        yield Team(cadre, officer, village)


def _files(cadre: User) -> None:
    """One that waits for a look at its rows, one taken in that has left a row."""
    waiting = workflow.create_upload(
        by=cadre, file_name="juli.csv", content=csv_file(row(Nama="BARU CONTOH"))
    )
    workflow.check(waiting)
    content = csv_file(row(Nama="LAIN CONTOH"), row(Nama="TANPA CONTOH", Berat="berat"))
    workflow.import_at_once(by=cadre, file_name="juni.csv", content=content)


def _children(cadre: User, village: Village) -> None:
    melati = make_posyandu(village).pk
    common: dict[str, Any] = {"by": cadre, "village": village, "parent_name": "Ibu Contoh", "rt": "001"}
    thin = make_child(name="Ani Contoh", birth_date=date(2023, 3, 14), posyandu_id=melati, **common)
    measure(thin, date(2024, 7, 4), "7.0", "77.5", position=Position.LYING, confirmed=True)
    measure(thin, date(2024, 8, 5), "6.8", "78.5", position=Position.LYING, confirmed=True)
    missed = make_child(name="Budi Contoh", sex=Sex.BOY, birth_date=date(2022, 3, 14), nik=NIK, **common)
    measure(missed, date(2024, 5, 6), "11.9", "86", position=Position.STANDING)
    swollen = make_child(name="Cici Contoh", birth_date=date(2023, 1, 2), posyandu_id=melati, **common)
    measure(swollen, date(2024, 8, 5), "9.9", "79.1", oedema=True, confirmed=True)
    heavy = make_child(name="Dodi Contoh", sex=Sex.BOY, birth_date=date(2023, 1, 2), **common)
    measure(heavy, date(2024, 8, 6), "10.2", position=Position.UNKNOWN)
    make_child(name="Eka Contoh", birth_date=date(2024, 6, 1), **common)


@dataclass(frozen=True)
class Taken:
    """A list of a page: where it stands and how it is asked for."""

    address: str
    table: str
    posted: bool

    def get(self, browser: Client, form: str) -> bytes:
        if self.posted:
            answer = browser.post(self.address, {"table": self.table, "format": form})
        else:
            joined = "&" if "?" in self.address else "?"
            answer = browser.get(f"{self.address}{joined}table={self.table}&format={form}")
        assert answer.status_code == 200, (self, answer.content[:500])
        return answer.content


NOT_FOLLOWED = ("/admin", "/accounts", "/i18n", "/static", "/api")


def lists_of(browser: Client, *starts: str, below: str = "/") -> set[Taken]:
    """The lists of every kind of page ``below`` an address that links lead to, each kind looked at once;
    every file handed in is a kind of its own.
    """
    waiting, seen, found = deque(starts), set[object](), set[Taken]()
    while waiting:
        address = waiting.popleft()
        parts = urlsplit(address)
        try:
            match = resolve(parts.path)
        except Resolver404:
            continue
        which = match.kwargs.get("section") or match.kwargs.get("upload_id")
        kind = (match.view_name, which, "village=" in parts.query)
        if kind in seen or parts.path.startswith(NOT_FOLLOWED) or not parts.path.startswith(below):
            continue
        seen.add(kind)
        answer = browser.get(address)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        links = [unescape(link) for link in re.findall(r'href="([^"#]+)"', text)]
        found |= {
            Taken(address, key, False)
            for link in links
            if "format=csv" in link
            for key in re.findall(r"[?&]table=([\w-]+)", link)
        }
        found |= {Taken(address, key, True) for key in re.findall(r'name="table" value="([\w-]+)"', text)}
        waiting += [urljoin(address, link) for link in links if link[0] in "/?" and "format=" not in link]
    return found


def handed_in(content: bytes, user: User, village: Village) -> Iterator[Report]:
    """What the file would do as it is, and with the columns that the page of columns suggests; each with
    every answer that somebody may give.
    """
    sheets, places = read_sheets(content), KnownPlaces.of_user(user)
    tries = [ImportAnswers(village=village, measured_on=TODAY)]
    for sheet in sheets:
        guess = suggest_mapping(sheet)
        mapped = replace(tries[0], mapping=guess.columns, header_row=guess.row, sheet=sheet.name)
        tries += [mapped] if guess.columns else []
    for answers in tries:
        try:
            yield plan_tables(find_tables(sheets, answers), user, answers, places=places)[0]
        except Refused:
            continue


def brought(report: Report) -> list[tuple[str, str, str]]:
    return [(row.outcome, row.name, row.sentence) for row in report.rows if row.outcome in TAKEN]


STARTS = ("/", "/follow-up/", "/skdn/", "/dashboard/", "/cadres/", "/events/", "/export/", "/import/")
WITH_NAMES = {
    *("audits", "beneficiaries", "cases"),
    *("roster", "follow-up", "followed", "measurements", "waz", "haz", "whz", "card", "priority-children"),
    *(
        "posyandu-children",
        "appointed",
        "training-needs",
        "names",
        "rows",
        "left",
        "record",
        "services",
        "people",
    ),
}
COUNTS = {
    *("cascade", "lokus", "open-cases", "stunted-flow"),
    *("recap", "scorecard-quarters", "scorecards", "village"),
    *("ages", "counts", "coverage", "events", "groups", "indicators", "kecamatan", "posyandu", "priority"),
    *("quality", "recorders", "skdn", "spread", "surveys", "taken", "trend", "uploads", "vacant", "villages"),
}


@pytest.mark.parametrize(("language", "tables"), [("id", WITH_NAMES | COUNTS), ("en", WITH_NAMES)])
def test_no_table_of_a_page_is_taken_in_as_something_it_is_not(
    team: Team, language: str, tables: set[str]
) -> None:
    tried = set()
    roster = f"/children/?village={KIDUL}&month=2024-08"
    served = f"/convergence/?village={KIDUL}&group=young_child"
    files = f"/convergence/files/?village={KIDUL}"
    for user in (team.cadre, team.officer):
        browser = signed_in(user)
        browser.cookies["django_language"] = language
        for taken in lists_of(browser, roster, served, files, f"/dashboard/villages/{KIDUL}/", *STARTS):
            if language != "id" and not taken.posted:
                continue  # only words differ, and counts name nobody
            tried.add(taken.table)
            for form in ("csv", "xlsx"):
                for report in handed_in(taken.get(browser, form), team.cadre, team.village):
                    assert brought(report) == [], (taken, form)
    assert tried == tables


def test_the_list_of_the_month_is_known_again_row_by_row(team: Team) -> None:
    """Values stand beside the day they are of, so that they are there already; who was never measured is
    known again without a day.
    """
    browser = signed_in(team.cadre)
    address = "/children/?month=2024-08"
    for form in ("csv", "xlsx"):
        report = preview(Taken(address, "roster", True).get(browser, form), team.cadre, answers=team.answers)
        assert not report.questions
        found = {row.name: (row.outcome, row.code, row.measured_on) for row in report.rows}
        assert found.pop("Eka Contoh")[:2] == (RowOutcome.SAME, "child_known")
        assert {outcome for outcome, _code, _day in found.values()} == {RowOutcome.SAME}
        assert found["Budi Contoh"][2] == date(2024, 5, 6)
        assert len(found) == 5


@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("form", ExportForm)
def test_no_layout_of_the_field_is_taken_in_as_something_it_is_not(
    team: Team, kind: ExportKind, form: ExportForm
) -> None:
    _made, content = exported(team.officer, kind, KIDUL, form=form)
    for report in handed_in(content, team.cadre, team.village):
        assert brought(report) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_excel_of_figures_has_no_word_that_its_page_has_not(team: Team, language: str) -> None:
    browser = signed_in(team.officer)
    browser.cookies["django_language"] = language
    tried = set()
    for taken in lists_of(browser, "/dashboard/", f"/dashboard/villages/{KIDUL}/", below="/dashboard/"):
        if taken.posted:
            continue
        tried.add(taken.table)
        page = browser.get(taken.address).content.decode()
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).casefold()
        head, *rows = next(iter(sheets_of(taken.get(browser, "xlsx")).values()))
        assert not [name for name in head if re.search(r"_|\(\w*[a-z]\w*\)", name) and name != "Dari (SD)"]
        cells = {cell for row in rows for cell in row if isinstance(cell, str) and not cell[:2].isdigit()}
        assert not {cell for cell in cells if " ".join(cell.split()).casefold() not in words}, taken
    assert tried >= {"kecamatan", "villages", "groups", "indicators", "quality", "coverage", "trend"}
