"""Every kind of page, looked at as machines can: accessible, quiet, and no wider than a small phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from kpm.convergence_actions import ServiceEntry, record_service, register_beneficiary
from kpm.models import Beneficiary, Cadre, CaseAudit, Event, EventDecision
from kpm.scorecard.indicators import ScoredService
from registry.actions.grade import grade_month
from registry.calendar_months import month_of
from registry.imports import workflow
from registry.models import Child, Posyandu, Role, UploadStep, User, Village
from registry.places.load import load_places
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_child, make_posyandu, make_user, measure
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"width": 320, "height": 640}
PRINTED_ACROSS = 1032
"""CSS pixels between the margins of an A4 sheet that lies across."""
CADRE_PAGES = (
    "/roster/",
    "/roster/services/?group=pregnant",
    "/roster/events/",
    "/roster/services/?group=young_child&lack=weighing",
    "/children/new/",
    "/grid/",
    "/outbox/",
    "/sign-out/",
    "/follow-up/",
    "/moves/",
    "/follow-up/visits/",
    "/children/",
    "/skdn/",
    "/children/{child}/",
    "/children/{child}/card/",
    "/children/{child}/measure/",
    "/children/{child}/edit/",
    "/children/{child}/move/",
    "/measurements/{measurement}/",
    "/children/{child}/measure/?corrects={measurement}",
    "/measurements/{measurement}/void/",
    "/children/{child}/close/",
    "/cases/",
    "/children/{child}/steps/",
    "/convergence/?group=pregnant",
    "/convergence/?group=young_child",
    "/convergence/?group=preschool_child",
    "/convergence/new/",
    "/convergence/files/",
    "/convergence/people/{mother}/",
    "/convergence/people/{mother}/end/",
    "/children/{child}/services/",
    "/scorecard/?group=pregnant",
    "/desa/{village}/",
    "/reminders/",
    "/villages/{village}/posyandu-days/",
    "/children/{child}/reminder/",
    "/cadres/me/",
    "/events/",
    "/events/new/",
    "/events/{event}/",
    "/events/{event}/print/",
    "/events/{event}/edit/",
    "/events/{event}/decisions/",
    "/events/{event}/materials/",
    "/import/",
    "/export/",
)
OFFICER_PAGES = (
    "/dashboard/",
    "/dashboard/where/",
    "/dashboard/groups/",
    "/dashboard/coverage/?by=villages",
    "/dashboard/quality/",
    "/dashboard/priority/",
    "/dashboard/cases/",
    "/dashboard/convergence/",
    "/dashboard/kecamatan/33.01.08/",
    "/dashboard/kecamatan/33.01.08/where/",
    "/dashboard/villages/33.01.08.2004/",
    "/dashboard/villages/33.01.08.2004/where/",
    "/dashboard/villages/33.01.08.2004/priority/",
    "/dashboard/villages/33.01.08.2004/quality/",
    "/dashboard/posyandu/{posyandu}/",
    "/cadres/",
    "/lokus/",
    "/audits/{audit}/",
    "/audits/{audit}/causes/",
    "/audits/{audit}/decisions/",
    "/cadres/training/",
    "/cadres/{term}/",
    "/cadres/{term}/papers/",
    "/cadres/{term}/end/",
    "/events/",
    "/events/new/",
    "/events/{event}/",
    "/import/",
    "/export/",
)


@pytest.fixture
def cadre() -> User:
    """The cadre of a village. Few others are there, since axe reads each row; one has the longest name."""
    load_places()
    longest = max(Village.objects.all(), key=lambda village: len(village.name))
    Village.objects.exclude(kecamatan__in=("33.01.08", longest.kecamatan_id)).delete()
    return make_user(Role.CADRE, Village.objects.get(pk="33.01.08.2004"))


@pytest.fixture
def child(cadre: User) -> Child:
    """A stunted child of two years, measured last month and this."""
    today = timezone.localdate()
    village = cadre.memberships.get().village
    post = make_posyandu(village)
    child = make_child(cadre, village, birth_date=today - timedelta(days=760), posyandu_id=post.pk)
    measure(child, today - timedelta(days=31), "9.4", "77.5")
    measure(child, today, "9.3", "78")
    grade_month(today.replace(day=1))
    hold_events(village, today)
    return child


def hold_events(village: Village, today: date) -> None:
    """A musdes that asks for a decision of an earlier one, a KPM, and a training to come."""
    Cadre.objects.create(village=village, full_name="Sumarni", term_start=today - timedelta(days=900))
    for days in (90, 5):
        musdes = {"kind": "musdes", "date": today - timedelta(days=days), "village": village}
        event = Event.objects.create(title="Musyawarah desa", agenda="Pembukaan", **musdes)
        EventDecision.objects.create(event=event, text="Sumur", responsible="Kepala desa", due_on=event.date)
    Event.objects.create(kind="training", title="Pelatihan", date=today + timedelta(days=10))


def choose_case(child: Child) -> CaseAudit:
    """An audit with a cause and a decision."""
    by, day = child.created_by, date(2024, 8, 1)
    audit = CaseAudit.objects.create(child=child, kind="stunting", found_on=day, chosen_on=day, by=by)
    audit.causes.create(package="kia", contributes=True, note="ANC dua kali", by=by)
    audit.decisions.create(text="Jamban", responsible="Kepala desa", due_on=day, by=by)
    return audit


def register_mother(child: Child) -> Beneficiary:
    """A woman in her fifth month, at risk, with a service."""
    last_period = timezone.localdate() - timedelta(days=140)
    person: dict[str, Any] = {"by": child.created_by, "village_code": child.village_id, "name": "Wati Contoh"}
    mother = register_beneficiary(id=uuid4(), last_period=last_period, **person)
    entry: dict[str, Any] = {"on": last_period + timedelta(days=90), "beneficiary_id": mother.pk}
    record_service(
        by=child.created_by, entry=ServiceEntry(id=uuid4(), service=ScoredService.CHECK_UP, **entry)
    )
    return mother


def addresses(child: Child) -> list[str]:
    """A cadre's pages, those of one child filled in."""
    measurement = child.measurements.latest("measured_on").pk
    event = Event.objects.filter(kind="musdes").latest("date").pk
    known = {"child": child.pk, "measurement": measurement, "event": event, "village": child.village_id}
    known["mother"] = register_mother(child).pk
    Village.objects.filter(pk=child.village_id).update(has_community_page=True)
    return [path.format(**known) for path in CADRE_PAGES]


@pytest.mark.parametrize("viewport", [SMALL, DESK], ids=["320", "1280"])
def test_a_cadres_pages_are_accessible(
    new_context: Callable[..., BrowserContext],
    cadre: User,
    child: Child,
    viewport: dict[str, int],
) -> None:
    look_at(new_context(viewport, user=cadre), addresses(child))


@pytest.mark.parametrize("viewport", [SMALL, DESK], ids=["320", "1280"])
def test_an_officers_pages_are_accessible(
    new_context: Callable[..., BrowserContext],
    child: Child,
    viewport: dict[str, int],
) -> None:
    term, event = Cadre.objects.get().pk, Event.objects.get(kind="training").pk
    known = {"posyandu": child.posyandu_id, "term": term, "event": event, "audit": choose_case(child).pk}
    paths = [path.format(**known) for path in OFFICER_PAGES]
    look_at(new_context(viewport, user=make_user(Role.DISTRICT)), paths)


@pytest.mark.parametrize("viewport", [SMALL, DESK], ids=["320", "1280"])
def test_the_pages_of_a_file_are_accessible(
    new_context: Callable[..., BrowserContext],
    child: Child,
    viewport: dict[str, int],
) -> None:
    """One that asks who a child is and how dates are written, one of unknown columns, one taken in."""
    officer, home = make_user(Role.DISTRICT), child.village
    place = {"Kec": home.kecamatan.name, "Desa/Kel": home.name, "Nama Ortu": child.parent_name}
    like = row(Nama=f"{child.name}h", Tgl_Lahir=child.birth_date.isoformat(), **place)
    asks = csv_file(like, row(Nama="BUDI", JK="L", Tanggal_Pengukuran="6/7/2024", **place))
    unknown = b"Anak;Lhr;Kilo\nSITI CONTOH;14-03-2022;11,4\nBUDI;20-02-2022;12,1\n"
    paths = []
    for content in (asks, unknown, csv_file(row(Nama="CITRA", **place), row(Berat="x", **place))):
        upload = workflow.create_upload(by=officer, file_name="balita.csv", content=content)
        workflow.check(upload)
        paths.append(f"/import/{upload.pk}/")
    workflow.transition(by=officer, upload_id=upload.pk, to=UploadStep.QUEUED)
    workflow.commit(by=officer, upload_id=upload.pk)
    look_at(new_context(viewport, user=officer), paths)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
def test_a_cadres_pages_can_be_read_at_twice_the_size(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child, viewport: dict[str, int]
) -> None:
    """Nothing is cut off or runs out of the screen; tables scroll within themselves."""
    page = new_context(viewport, user=cadre).new_page()
    too_wide = []
    for path in addresses(child):
        page.goto(path)
        expect(page.locator("h1").first).to_be_visible()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(path)
    assert too_wide == []


def test_a_child_can_be_recorded_with_the_keyboard_alone(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    page = new_context(DESK, user=cadre).new_page()
    page.goto(f"/children/{child.pk}/measure/")
    page.get_by_label("Tanggal ukur").fill(yesterday.isoformat())
    page.get_by_label("Berat badan").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("9,5")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("78,4")
    page.keyboard.press("Enter")
    expect(page.locator(".just-saved")).to_contain_text("9,5")
    page.get_by_role("button", name="Kirim sekarang").press("Enter")
    expect(page.locator("#sync-words")).to_contain_text("Semua terkirim")
    assert str(child.measurements.get(measured_on=yesterday).weight_kg) == "9.500"


def look_at(context: BrowserContext, paths: list[str]) -> None:
    """Open each page; collect what axe finds, what the console says and what is too wide."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("h1").first).to_be_visible()
        complaints += _broken_rules(path, Axe().run(page).response)
        page.emulate_media(color_scheme="dark")  # which changes colours and nothing else
        # The page has axe by now.
        complaints += _broken_rules(f"{path} dark", page.evaluate("axe.run", RULES_OF_COLOURS))
        page.emulate_media(color_scheme="light")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            complaints.append(f"{path}: wider than the screen")
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" else []


RULES_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}


def _broken_rules(where: str, response: dict[str, Any]) -> list[str]:
    found = response["violations"]
    return [f"{where}: {rule['id']} {node['target']}" for rule in found for node in rule["nodes"]]


def sheets(page: Page, path: str) -> int:
    """How many A4 sheets the page takes on paper."""
    page.goto(path)
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True)))


def test_a_page_that_goes_on_paper_has_a_button_for_it(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    page = new_context(PHONE, user=cadre).new_page()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    of_child = (f"/children/{child.pk}/{name}/" for name in ("card", "record", "consent/sheet"))
    lists = ("/children/", "/follow-up/", "/follow-up/visits/", "/convergence/?group=preschool_child")
    for path in (*of_child, *lists, "/scorecard/", "/skdn/", "/dashboard/"):
        page.goto(path)
        page.get_by_role("button", name="Cetak", exact=True).click()
        assert page.evaluate("window.printed") == 1, path


def test_the_list_of_children_lies_across_its_sheets_with_all_its_columns(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    page = new_context({"width": PRINTED_ACROSS, "height": 718}, user=cadre).new_page()
    page.goto("/children/")
    assert re.search(rb"/MediaBox\s*\[\s*0 0 84[12]", page.pdf(format="A4", prefer_css_page_size=True))
    page.emulate_media(media="print")
    table = "document.querySelector('.table').getBoundingClientRect().right"
    assert page.evaluate(table) <= PRINTED_ACROSS


def test_the_familys_card_and_the_skdn_report_are_one_sheet_each(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    today = timezone.localdate()
    # A thin girl of four and a half, weighed now and then: the most words that a card has had.
    thin = make_child(
        cadre, child.village, birth_date=today - timedelta(days=1660), posyandu_id=child.posyandu_id
    )
    series = (
        "13.2 101.4, 13.1 101.6, 13.5 103, 13.7 103.5, 14 105.1, 14.1 106, 14.6 107.5, 14.5 107.7, 15.2 108.2"
    )
    for back, values in enumerate(
        reversed(f"{series}, 15 109.3, 15.5 109.8, 15.9 110.9, 16.1 112.1".split(", "))
    ):
        on = today - timedelta(days=31 * back + (31 if back > 5 else 0))
        measure(thin, on, *values.split(), confirmed=True)
    page = new_context(DESK, user=cadre).new_page()
    for one in (child, thin):
        assert sheets(page, f"/children/{one.pk}/card/") == 1
    assert sheets(page, f"/skdn/?month={today:%Y-%m}") == 1


def test_the_poster_of_a_village_is_one_sheet_and_can_be_read_from_two_metres(
    new_context: Callable[..., BrowserContext], cadre: User, child: Child
) -> None:
    last_month = (month_of(timezone.localdate()) - timedelta(days=1)).replace(day=15)
    for number in range(40):
        one = make_child(cadre, child.village, birth_date=last_month - timedelta(days=400))
        measure(one, last_month, "9.0", "66.0" if number < 10 else "76.0", position="L", confirmed=True)
    for number in range(13):
        make_posyandu(child.village, f"Bougenville {number}")
    Posyandu.objects.update(day_of_month=20)
    Village.objects.update(has_community_page=True)
    page = new_context(DESK).new_page()
    assert sheets(page, f"/desa/{child.village_id}/") == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("Dari 10 balita yang diukur")).to_be_visible()
    words = page.locator(".community :is(h1, h2, li, dt, dd, p):not(.community__code *)")
    sizes = words.evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert len(sizes) == 40
    assert min(sizes) > 21  # 16 points, letters of 4 mm
