"""Opens every page, file and answer over rows whose texts try to become markup, a script or a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import pytest
import xlwt  # type: ignore[import-untyped]
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField, Model, TextField
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kpm.audit_actions import choose_case
from kpm.models import (
    Beneficiary,
    Case,
    CaseAudit,
    Event,
    EventDecision,
    EventMaterial,
    Household,
    LokusVillage,
    MoveRequest,
)
from kpm.reminders import sign_calendar
from registry.actions.change_log import FieldChange, log_changes
from registry.exports.csv import write_rows
from registry.models import (
    LAYOUTS,
    ChangeSubject,
    Child,
    ChildStatus,
    ExportForm,
    Measurement,
    Upload,
    User,
    Village,
)
from registry.observability import heartbeat
from tests.access.test_pages import BY_NAME, RULES
from tests.edges.conftest import VILLAGE, SignIn
from tests.edges.crawl import walk
from tests.edges.test_files import first_pages, pages_of_somebody

# Each makes an element or an attribute named zqx, or calls it, where it is not escaped.
SHORT = "<zqx>"  # fits RT
TEXTS = (
    "<script>zqx()</script>",
    '"><img src=x onerror=zqx()>',
    "</script><script>zqx()</script>",
    "' onfocus='zqx()' zqx='",
    "--></title></textarea></style><zqx>",
    "]]><svg/onload=zqx()>",
    "javascript:zqx()",
    "\u202eanak zqx\u200f\u2066",
    "=cmd|' /C calc'!A0 zqx",
    "+1+1 zqx",
    "-1+1 zqx",
    "@SUM(1) zqx",
    "nama;=1+1 zqx",
    "{{7*7}}{% zqx %}${7*7}",
    "%s %(name)s %d zqx",
    "👶🏽 zqx \"'`\\",
    "zqx" + "a" * 197,
)
FIELDS = {
    "registry.Child": ("name", "parent_name", "rt", "rw", "address"),
    "registry.Measurement": ("reason",),
    "registry.District": ("name",),
    "registry.Kecamatan": ("name",),
    "registry.Puskesmas": ("name",),
    "registry.Village": ("name",),
    "registry.Posyandu": ("name",),
    "registry.User": ("full_name",),
    "registry.Upload": ("file_name", "problem"),
    "registry.ExportLog": ("reason", "page"),
    "registry.ReadLog": ("reason",),
    "registry.ChangeLog": ("reason",),
    "kpm.Beneficiary": ("name", "rt", "rw"),
    "kpm.Cadre": ("full_name", "phone", "decree_number", "handover_note"),
    "kpm.Event": ("title", "place", "topic", "agenda"),
    "kpm.EventDecision": ("text", "responsible", "outcome"),
    "kpm.EventMaterial": ("file_name",),
    "kpm.LokusVillage": ("decree_number",),
    "kpm.CaseAudit": ("reason",),
    "kpm.AuditCause": ("note",),
    "kpm.AuditDecision": ("text", "responsible"),
}
PEOPLE = ("kader", "bidan", "puskesmas", "kecamatan", "kabupaten", "admin", "klien")
BEGINS_FORMULA = re.compile(r"[\s\u00a0]*[=+\-@]|[\t\r\n]")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def fill_with_hostile_texts(model: type[Model], fields: tuple[str, ...]) -> None:
    """Write to every row, past the forms and actions; each text that has to be unique gets a number."""
    rows, texts, numbers = list(model._default_manager.all()), cycle(TEXTS), count(1)
    for row in rows:
        for name in fields:
            field = model._meta.get_field(name)
            assert isinstance(field, CharField | TextField)
            length, text = field.max_length or 0, next(texts)
            text = f"{text[: length - 4]} {next(numbers)}" if field.unique else text
            setattr(row, name, text[:length] if length > len(SHORT) else SHORT)
        next(texts)  # or a field would meet only some texts
    model._default_manager.bulk_update(rows, fields)


class Markup(HTMLParser):
    """Notes what a hostile text became other than text."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.script = ""
        self.is_script = self.is_json = self.is_hostile = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        runs = any("zqx" in value for name, value in values.items() if name.startswith("on"))
        leads = any(values.get(name, "").startswith("javascript:") for name in ("href", "src", "action"))
        if runs or leads or any("zqx" in name for name in (tag, *values)):
            self.wrong.append(self.get_starttag_text() or tag)
        self.is_hostile |= "zqx" in "".join(values.values())
        self.is_script |= tag == "script"
        if tag == "script":
            self.script, self.is_json = "", values.get("type") == "application/json"

    def handle_endtag(self, tag: str) -> None:
        if tag != "script":
            return
        if self.is_json:
            json.loads(self.script)
        elif "zqx" in self.script:
            self.wrong.append(self.script)
        self.is_script = False

    def handle_data(self, data: str) -> None:
        self.is_hostile |= "zqx" in data
        if self.is_script:
            self.script += data


def holds_formula_records(book: bytes) -> bool:
    """Return whether a record of xlwt's stream, which begins at its first sector, is a formula."""
    at = 512
    while at + 4 <= len(book) and (kind := int.from_bytes(book[at : at + 2], "little")):
        if kind == 0x0006:
            return True
        at += 4 + int.from_bytes(book[at + 2 : at + 4], "little")
    return False


def list_formulas(content: bytes) -> list[str]:
    """Return what a spreadsheet would run of a file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [name for name in book.namelist() if "worksheets/" in name]
            return [name for name in sheets if b"<f>" in book.read(name) or b"<hyperlink" in book.read(name)]
    if content.startswith(b"\xd0\xcf"):
        return ["formula"] if holds_formula_records(content) else []
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    cells = [part for row in rows for cell in row for part in cell.split(";")]
    return [cell for cell in cells if BEGINS_FORMULA.match(cell) and not NUMBER.fullmatch(cell)]


class WatchedClient:
    """Looks at every answer of a client and remembers which addresses showed a hostile text."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.wrong: list[str] = []
        self.hostile: set[str] = set()

    def get(self, address: str, *arguments: Any, **more: Any) -> Any:
        return self.look(address, self.client.get(address, *arguments, **more))

    def post(self, address: str, *arguments: Any, **more: Any) -> Any:
        return self.look(address, self.client.post(address, *arguments, **more))

    def look(self, address: str, answer: Any) -> Any:
        content = b"".join(answer) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 500:
            self.wrong.append(f"{address}: {answer.status_code}")
        elif kind.startswith("text/html"):
            page = Markup()
            page.feed(content.decode())
            page.close()
            self.wrong += [f"{address}: {part[:200]}" for part in page.wrong]
            if page.is_hostile:
                self.hostile.add(address)
        elif "json" in kind:
            json.loads(content)
        elif "attachment" in answer.headers.get("Content-Disposition", ""):
            self.wrong += [f"{address}: {cell[:200]}" for cell in list_formulas(content)]
        return answer


@pytest.fixture
def hostile(district: None) -> None:
    """Give each table rows, and each of their texts a hostile one."""
    by = User.objects.get(username="kabupaten")
    for child in Child.objects.filter(village=VILLAGE):
        log_changes([FieldChange(ChangeSubject.CHILD, child.pk, "name", TEXTS[0], TEXTS[1])], by=by)
    Beneficiary.objects.create(
        id=uuid4(),
        group="pregnant",
        name="Wati",
        last_period=date(2024, 3, 1),
        village_id=VILLAGE,
        household=Household.objects.create(village_id=VILLAGE),
        created_by=by,
    )
    Event.objects.create(kind="rakor", title="Rakor", date=date(2024, 8, 9))
    event = Event.objects.create(kind="musdes", title="Musdes", date=date(2024, 8, 9), village_id=VILLAGE)
    for done_on in (None, date(2024, 8, 12)):
        EventDecision.objects.create(
            event=event, text="Air", responsible="Kades", done_on=done_on, outcome="Sudah"
        )
    EventMaterial.objects.create(event=event, file_name="a.pdf", size=1, uploaded_by=by)
    # The demo's own would be looked at in their place.
    LokusVillage.objects.all().delete()
    CaseAudit.objects.all().delete()
    MoveRequest.objects.create(
        child=Child.objects.filter(village=VILLAGE, status="active").latest("pk"),
        from_village_id=VILLAGE,
        to_village=Village.objects.exclude(pk=VILLAGE).latest("pk"),
        moved_on=date(2024, 8, 9),
        by=by,
    )
    LokusVillage.objects.create(
        year=2024, village_id=VILLAGE, decree_number="1", decree_date=date(2024, 1, 5)
    )
    case = Case.objects.filter(lives_in=VILLAGE, opened_on__lte=date(2024, 8, 20)).latest("pk")
    audit = choose_case(by=by, case_id=case.pk, reason="belum membaik")
    audit.causes.create(package="kia", contributes=True, by=by)
    audit.decisions.create(text="Jamban", responsible="Desa", due_on=date(2024, 9, 1), by=by)
    for username in PEOPLE:
        Upload.objects.create(user=User.objects.get(username=username), file_name="a.csv", sha256="0" * 64)
    for label, fields in FIELDS.items():
        fill_with_hostile_texts(apps.get_model(label), fields)


def list_objects(username: str) -> dict[str, Any]:
    """Return an object for each place of an address, such as the user may see."""
    children = Child.objects.filter(village=VILLAGE)
    measured = Measurement.objects.filter(village=VILLAGE, child__in=children, state="in_force")
    measured = measured.order_by("-measured_on")
    audit = CaseAudit.objects.get()
    return {
        "calendar": sign_calendar(Village.objects.get(pk=VILLAGE)),
        "community": VILLAGE,
        "lokus": LokusVillage.objects.get().pk,
        "move_request": MoveRequest.objects.get().pk,
        "audit": audit.pk,
        "audit_decision": audit.decisions.get().pk,
        "case": Case.objects.filter(child=audit.child_id, kind=audit.kind).latest("pk").pk,
        "child": measured[0].child_id,
        "gone": children.exclude(pk=measured[0].child_id)[0].pk,
        "left": "left-2024-07-03",
        "measurement": measured[0].pk,
        "kecamatan": VILLAGE[:8],
        "village": VILLAGE,
        "puskesmas": apps.get_model("registry", "Puskesmas").objects.filter(kecamatan=VILLAGE[:8])[0].pk,
        "posyandu": apps.get_model("registry", "Posyandu").objects.filter(village=VILLAGE)[0].pk,
        "section": "where",
        "rest": "no/such/",
        "person": User.objects.get(username="kader").pk,
        "cadre": apps.get_model("kpm", "Cadre").objects.filter(village=VILLAGE)[0].pk,
        "event": (event := Event.objects.filter(village=VILLAGE)[0]).pk,
        "decision": event.decisions.all()[0].pk,
        "beneficiary": Beneficiary.objects.filter(village=VILLAGE)[0].pk,
        "upload": Upload.objects.filter(user__username=username)[0].pk,
    }


def list_addresses(username: str) -> Iterator[str]:
    """Give each address that has a rule and may be read."""
    objects = list_objects(username)
    for name, rule in RULES.items():
        if "GET" in rule.methods:
            yield BY_NAME[name].url({place: objects[thing] for place, thing in rule.objects.items()})


@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_or_file_lets_a_text_out(
    sign_in: SignIn, hostile: None, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = WatchedClient(sign_in(username))
    monkeypatch.setattr(heartbeat, "DEAD_AFTER", 3600)  # without a worker /ready/ answers 503
    heartbeat.beat("one")
    for address in list_addresses(username):
        watched.get(address)
    for file in walk(watched, [*first_pages(), *pages_of_somebody()]):  # type: ignore[arg-type]
        if file.data is None:
            watched.get(file.address)
        else:
            watched.post(file.address, file.data)
    assert watched.wrong == []
    assert len(watched.hostile) > 15


def test_no_layout_holds_a_formula(sign_in: SignIn, hostile: None) -> None:
    watched = WatchedClient(sign_in("kabupaten"))
    asked = {"place": VILLAGE, "month_from": "2024-08", "month_to": "2024-08"}
    for kind in LAYOUTS:
        for form in ExportForm.values:
            answer = watched.post(reverse("registry:export"), {**asked, "kind": kind, "form": form})
            assert (answer.status_code, "attachment" in answer.headers["Content-Disposition"]) == (200, True)
    assert watched.wrong == []


def test_an_import_of_hostile_rows_shows_them_as_text(sign_in: SignIn, hostile: None) -> None:
    watched = WatchedClient(sign_in("kader"))
    text = io.StringIO()
    columns = ("Nama Anak", "JK", "Tgl Lahir", "Nama Ortu", "Tanggal Pengukuran", "Berat", "<zqx>")
    rows = [(name, "L", "2023-01-02", name, "2024-08-05", "9,1", f"{name} lain") for name in TEXTS]
    write_rows(text, [columns, *rows])
    file = SimpleUploadedFile('"><img src=x onerror=zqx()>.csv', text.getvalue().encode(), "text/csv")
    address = watched.post(reverse("registry:import"), {"file": file})["Location"]
    for file_of_page in walk(watched, [address, f"{address}columns/"]):  # type: ignore[arg-type]
        watched.post(file_of_page.address, file_of_page.data or {})
    watched.get(f"{address}columns/")
    assert watched.wrong == []
    assert address in watched.hostile


def test_no_page_of_the_admin_lets_a_text_out(sign_in: SignIn, hostile: None) -> None:
    watched = WatchedClient(sign_in("admin"))
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        watched.get(reverse(f"{names}_changelist"))
        for row in model._default_manager.order_by("pk")[:20]:
            for page in ("change", "history", "delete"):
                with suppress(NoReverseMatch):
                    watched.get(reverse(f"{names}_{page}", args=[row.pk]))
    assert watched.wrong == []
    assert len(watched.hostile) > 15


def test_the_api_says_each_text_as_it_is(sign_in: SignIn, hostile: None) -> None:
    client = sign_in("kader")
    for child in Child.objects.filter(village=VILLAGE, status=ChildStatus.ACTIVE)[:20]:
        said = client.get(reverse("api:child", args=[child.pk])).json()
        for name in ("name", "parent_name", "address", "rt", "rw"):
            assert said[name] == getattr(child, name)


def test_a_formula_in_a_file_is_found() -> None:
    book, file = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "=1+1")
    book.save(file)
    assert list_formulas(file.getvalue()) == []
    sheet.write(1, 0, xlwt.Formula("1+1"))
    book.save(file := io.BytesIO())
    assert list_formulas(file.getvalue()) == ["formula"]
    assert list_formulas(b"a,=1+1,-2.5,b;@x\r\n") == ["=1+1", "@x"]


def test_a_text_that_became_markup_is_found() -> None:
    for text in TEXTS[:3]:
        page = Markup()
        page.feed(f"<p>{text}</p>")
        assert page.wrong
