"""Who may open what: every address of the site x every role, and the objects of other places.

A new address fails here until ``RULES`` says who it is for. Add one line: its name, the roles that get it,
how it is asked, and which object stands in it. Then:

- nobody signed in is sent to sign in (a page) or gets 401 (the API, and the workspace's JSON);
- a role that is not named gets 404, and so does every role for an object of another district;
- a role that works at one village, puskesmas or kecamatan gets 404 for an object of its neighbour.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from kpm.models import (
    Beneficiary,
    Cadre,
    Case,
    CaseAudit,
    CaseStep,
    Event,
    EventDecision,
    EventMaterial,
    Household,
    LokusVillage,
    MoveRequest,
)
from kpm.reminders import sign_calendar
from registry.actions import close_child
from registry.models import Child, ChildStatus, District, Kecamatan, Puskesmas, Role, Upload, User, Village
from registry.nik import seal_bytes
from registry.observability.heartbeat import beat
from tests.accounts.codes import give_app
from tests.factories import (
    PASSWORD,
    make_child,
    make_district,
    make_kecamatan,
    make_posyandu,
    make_puskesmas,
    make_user,
    make_village,
    measure,
)
from tests.once import kept_for_the_module

pytestmark = pytest.mark.django_db

PEOPLE = frozenset(Role) - {Role.CLIENT}
OFFICERS = frozenset({Role.KECAMATAN, Role.DISTRICT, Role.ADMIN})
AUDITORS = OFFICERS | {Role.PUSKESMAS}
WIDE = frozenset({Role.DISTRICT, Role.ADMIN, Role.CLIENT})  # their area is the whole district
ALL = frozenset(Role)


@dataclass(frozen=True)
class Rule:
    """Who gets an address. ``objects``: what stands in its places, by the name of the place."""

    roles: frozenset[Role]
    methods: tuple[str, ...] = ("GET",)
    objects: dict[str, str] = field(default_factory=dict)
    anybody_signed_in: bool = False  # also a user without a role
    public: bool = False

    @property
    def about_a_place(self) -> bool:
        """Its object belongs to a place, so that the place beside it and another district have one too."""
        return bool(set(self.objects.values()) - {"section", "calendar", "community"})


def rule(roles: frozenset[Role], *methods: str, **objects: str) -> Rule:
    return Rule(roles, methods or ("GET",), objects)


def signed_in(*methods: str) -> Rule:
    return Rule(ALL, methods or ("GET",), anybody_signed_in=True)


def public(*methods: str) -> Rule:
    return Rule(ALL, methods or ("GET",), anybody_signed_in=True, public=True)


RULES: dict[str, Rule] = {
    "login": public("GET", "POST"),
    "account_login": public("GET", "POST"),
    # One's own second factor. A visitor in the middle of signing in types a code.
    "mfa_authenticate": public("GET", "POST"),
    "account_reauthenticate": rule(OFFICERS, "GET", "POST"),
    "mfa_index": rule(OFFICERS),
    "mfa_activate_totp": rule(OFFICERS, "GET", "POST"),
    "mfa_add_webauthn": rule(OFFICERS, "GET", "POST"),
    "remove_factor": rule(OFFICERS, "POST"),
    "mfa_view_recovery_codes": rule(OFFICERS),
    "mfa_generate_recovery_codes": rule(OFFICERS, "GET", "POST"),
    "logout": public("POST"),
    "password_change": signed_in("GET", "POST"),
    "set_language": public("POST"),
    "home": signed_in(),
    # The cadre's work
    "kpm:roster": rule(PEOPLE),
    "kpm:roster_cases": rule(PEOPLE),
    "kpm:roster_services": rule(PEOPLE),
    "kpm:roster_events": rule(PEOPLE),
    "kpm:children": rule(PEOPLE, "GET", "POST"),
    "kpm:enrol": rule(PEOPLE),
    "kpm:grid": rule(PEOPLE),
    # Whose term has ended still saves what waits on her phone.
    "kpm:outbox": signed_in(),
    "kpm:follow_up": rule(PEOPLE, "GET", "POST"),
    "kpm:home_visits": rule(PEOPLE),
    "kpm:sign_out": public(),
    "kpm:shell": public(),
    "kpm:session": rule(PEOPLE),
    "kpm:roster_json": rule(PEOPLE),
    "kpm:service_worker": public(),
    "kpm:manifest": public(),
    "kpm:child": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:card": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:skdn": rule(PEOPLE, "GET", "POST"),
    "kpm:measure": rule(PEOPLE, child_id="child"),
    "kpm:edit": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:move": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:close": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:reopen": rule(PEOPLE, "POST", child_id="child"),
    "kpm:duplicates": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:merge": rule(PEOPLE, "GET", "POST", child_id="child", other_id="gone"),
    "kpm:unmerge": rule(PEOPLE, "POST", child_id="child", merged_id="gone"),
    "kpm:come_back": rule(PEOPLE, "GET", "POST", child_id="gone"),
    "kpm:life_event": rule(PEOPLE, "GET", "POST", child_id="gone", key="left"),
    "kpm:consent": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:audits": rule(AUDITORS, "GET", "POST"),
    "kpm:audit": rule(AUDITORS, audit_id="audit"),
    "kpm:audit_causes": rule(AUDITORS, "GET", "POST", audit_id="audit"),
    "kpm:audit_decision_new": rule(AUDITORS, "GET", "POST", audit_id="audit"),
    "kpm:audit_decision": rule(AUDITORS, "GET", "POST", audit_id="audit", decision_id="audit_decision"),
    "kpm:audit_conclude": rule(AUDITORS, "GET", "POST", audit_id="audit"),
    "kpm:audit_take_back": rule(AUDITORS, "POST", audit_id="audit"),
    "kpm:audit_choose": rule(AUDITORS, "GET", "POST", case_id="case"),
    "kpm:case_list": rule(PEOPLE, "GET", "POST"),
    "kpm:case_step": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:case_step_take_back": rule(PEOPLE, "POST", child_id="child", step_id="case_step"),
    "kpm:consent_withdraw": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:consent_sheet": rule(PEOPLE, child_id="child"),
    "kpm:record": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:measurement": rule(PEOPLE, measurement_id="measurement"),
    "kpm:void": rule(PEOPLE, "GET", "POST", measurement_id="measurement"),
    "kpm:choose": rule(PEOPLE, "POST", measurement_id="measurement"),
    "kpm:cadres": rule(OFFICERS, "GET", "POST"),
    "kpm:outbox_file": rule(frozenset({Role.DISTRICT, Role.ADMIN}), "GET", "POST"),
    "kpm:cadre_new": rule(OFFICERS, "GET", "POST"),
    "kpm:cadre": rule(OFFICERS, cadre_id="cadre"),
    "kpm:cadre_end": rule(OFFICERS, "GET", "POST", cadre_id="cadre"),
    "kpm:cadre_papers": rule(OFFICERS, "GET", "POST", cadre_id="cadre"),
    "kpm:training_needs": rule(OFFICERS, "GET", "POST"),
    "kpm:own_work": rule(frozenset({Role.CADRE})),
    "kpm:cadre_account": rule(OFFICERS, "POST", cadre_id="cadre"),
    "kpm:village_code": rule(frozenset({Role.DISTRICT, Role.ADMIN}), "GET", "POST", code="village"),
    "kpm:village_puskesmas": rule(frozenset({Role.DISTRICT, Role.ADMIN}), "POST", code="village"),
    "kpm:reminders": rule(PEOPLE),
    "kpm:posyandu_days": rule(PEOPLE, "GET", "POST", code="village"),
    "kpm:calendar_renew": rule(PEOPLE, "POST", code="village"),
    "kpm:family_reminder": rule(PEOPLE, child_id="child"),
    # Who has the address reads it: programs that read calendars do not sign in.
    "kpm:calendar": Rule(ALL, objects={"token": "calendar"}, anybody_signed_in=True, public=True),
    # Of a village whose page is switched on; of others it is a 404 (tests/kpm/test_community.py).
    "kpm:community": Rule(ALL, objects={"code": "community"}, anybody_signed_in=True, public=True),
    "kpm:community_switch": rule(
        frozenset({Role.PUSKESMAS, Role.DISTRICT, Role.ADMIN}), "POST", code="village"
    ),
    "kpm:lokus": rule(frozenset({Role.DISTRICT, Role.ADMIN}), "GET", "POST"),
    "kpm:lokus_remove": rule(frozenset({Role.DISTRICT, Role.ADMIN}), "GET", "POST", lokus_id="lokus"),
    "kpm:move_requests": rule(PEOPLE),
    "kpm:move_answer": rule(PEOPLE, "POST", request_id="move_request"),
    "kpm:people": rule(OFFICERS | {Role.PUSKESMAS}, "GET", "POST"),
    "kpm:renew": rule(OFFICERS | {Role.PUSKESMAS}, "GET", "POST", user_id="person"),
    "kpm:scorecard": rule(PEOPLE, "GET", "POST"),
    "kpm:scorecard_publish": rule(PEOPLE, "POST"),
    "kpm:services": rule(PEOPLE, "GET", "POST"),
    "kpm:child_services": rule(PEOPLE, "GET", "POST", child_id="child"),
    "kpm:beneficiary_files": rule(PEOPLE, "GET", "POST"),
    "kpm:beneficiary_new": rule(PEOPLE, "GET", "POST"),
    "kpm:beneficiary": rule(PEOPLE, "GET", "POST", beneficiary_id="beneficiary"),
    "kpm:beneficiary_edit": rule(PEOPLE, "GET", "POST", beneficiary_id="beneficiary"),
    "kpm:beneficiary_end": rule(PEOPLE, "GET", "POST", beneficiary_id="beneficiary"),
    "kpm:beneficiary_births": rule(PEOPLE, "POST", beneficiary_id="beneficiary"),
    "kpm:beneficiary_reopen": rule(PEOPLE, "GET", "POST", beneficiary_id="beneficiary"),
    "kpm:beneficiary_move": rule(PEOPLE, "GET", "POST", beneficiary_id="beneficiary"),
    "kpm:events": rule(PEOPLE),
    "kpm:event_new": rule(PEOPLE - {Role.KECAMATAN}, "GET", "POST"),
    # Of a village. The district's are its officers' alone: tests/kpm/test_events.py.
    "kpm:event": rule(PEOPLE, "GET", "POST", event_id="event"),
    "kpm:event_pack": rule(PEOPLE, event_id="event"),
    "kpm:event_edit": rule(PEOPLE - {Role.KECAMATAN}, "GET", "POST", event_id="event"),
    "kpm:event_decide": rule(PEOPLE - {Role.KECAMATAN}, "GET", "POST", event_id="event"),
    "kpm:event_settle": rule(
        PEOPLE - {Role.KECAMATAN}, "GET", "POST", event_id="event", decision_id="decision"
    ),
    "kpm:event_material_new": rule(PEOPLE - {Role.KECAMATAN}, "GET", "POST", event_id="event"),
    "kpm:event_material": rule(PEOPLE, "POST", event_id="event", material_id="material"),
    "kpm:event_material_take_back": rule(
        PEOPLE - {Role.KECAMATAN}, "POST", event_id="event", material_id="material"
    ),
    # What officers look at
    "dashboard:district": rule(PEOPLE),
    "dashboard:kecamatan": rule(WIDE - {Role.CLIENT} | {Role.KECAMATAN}, code="kecamatan"),
    "dashboard:puskesmas": rule(WIDE - {Role.CLIENT} | {Role.KECAMATAN, Role.PUSKESMAS}, number="puskesmas"),
    "dashboard:village": rule(PEOPLE, "GET", "POST", code="village"),
    "dashboard:district_section": rule(PEOPLE, section="section"),
    "dashboard:kecamatan_section": rule(
        WIDE - {Role.CLIENT} | {Role.KECAMATAN}, code="kecamatan", section="section"
    ),
    "dashboard:puskesmas_section": rule(
        WIDE - {Role.CLIENT} | {Role.KECAMATAN, Role.PUSKESMAS}, number="puskesmas", section="section"
    ),
    "dashboard:village_section": rule(PEOPLE, "GET", "POST", code="village", section="section"),
    "dashboard:posyandu": rule(PEOPLE, "GET", "POST", number="posyandu"),
    # Files coming in
    "registry:import": rule(PEOPLE, "GET", "POST"),
    "registry:import-file": rule(PEOPLE, upload_id="upload"),
    "registry:import-commit": rule(PEOPLE, "POST", upload_id="upload"),
    "registry:import-discard": rule(PEOPLE, "POST", upload_id="upload"),
    "registry:import-state": rule(PEOPLE, upload_id="upload"),
    "registry:import-check": rule(PEOPLE, "POST", upload_id="upload"),
    "registry:import-answers": rule(PEOPLE, "POST", upload_id="upload"),
    "registry:import-decide": rule(PEOPLE, "POST", upload_id="upload"),
    "registry:import-columns": rule(PEOPLE, upload_id="upload"),
    "registry:import-take-back": rule(PEOPLE, "POST", upload_id="upload"),
    # Files going out
    "registry:export": rule(PEOPLE, "GET", "POST"),
    # What a monitor asks
    "registry:health": public(),
    "registry:ready": public(),
    "registry:metrics": Rule(frozenset()),  # for a monitor with a token; there is none here
    # REST, version 1
    "api:token": public("POST"),
    "api:schema": public(),
    "api:unknown": rule(frozenset(), rest="rest"),
    "api:villages": signed_in(),
    "api:village": rule(ALL, code="village"),
    "api:village_summary": rule(ALL, code="village"),
    "api:kecamatan_summary": rule(WIDE | {Role.KECAMATAN}, code="kecamatan"),
    "api:district_summary": rule(WIDE),
    "api:summaries": signed_in(),
    "api:children": rule(PEOPLE, "GET", "POST"),
    "api:child_search": rule(PEOPLE, "POST"),
    "api:child": rule(PEOPLE, id="child"),
    "kpm_api:cadres": rule(PEOPLE),
    "kpm_api:events": rule(PEOPLE),
    "kpm_api:event_attendance": rule(PEOPLE, "POST"),
    "kpm_api:scorecards": signed_in(),
    "kpm_api:services": rule(PEOPLE, "POST"),
    "kpm_api:conditions": rule(PEOPLE, "POST"),
    "kpm_api:cases": rule(PEOPLE),
    "kpm_api:case_steps": rule(PEOPLE, "POST"),
    "kpm_api:case_step_take_back": rule(PEOPLE, "POST", id="case_step"),
    "api:child_measurements": rule(PEOPLE, id="child"),
    "api:measurements": rule(PEOPLE, "POST"),
    "api:measurement": rule(PEOPLE, id="measurement"),
    "api:correct": rule(PEOPLE, "POST", id="measurement"),
    "api:void": rule(PEOPLE, "POST", id="measurement"),
    "api:measurements_batch": rule(PEOPLE, "POST"),
    "api:choose": rule(PEOPLE, "POST", id="measurement"),
}
IN_THE_API = ("api:", "kpm_api:")
JSON_PAGES = {"kpm:session", "kpm:roster_json"}  # answer a phone, which must never take a page for an answer
# The admin is one room: for administrators, everybody else is sent to the site's sign-in.
ADMIN_ROOM = "admin/"


@dataclass(frozen=True)
class Address:
    name: str
    pattern: URLPattern
    route: str

    def url(self, objects: dict[str, Any]) -> str:
        """The address with ``objects`` in its places."""
        path = self.route
        for place in self.pattern.pattern.converters:
            start = path.rfind("<", 0, path.index(f"{place}>"))
            path = path[:start] + str(objects[place]) + path[path.index(f"{place}>") + len(place) + 1 :]
        return "/" + path


def addresses(resolver: Any = None, route: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        below = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(
                pattern, below, (*spaces, pattern.namespace) if pattern.namespace else spaces
            )
        else:
            yield Address(":".join((*spaces, pattern.name or "")), pattern, below)


SITE = [a for a in addresses() if not a.route.startswith(ADMIN_ROOM)]
ADMIN = [a for a in addresses() if a.route.startswith(ADMIN_ROOM)]
BY_NAME = {a.name: a for a in SITE}


@dataclass
class Corner:
    """A village with what it lies in and who lives there."""

    district: District
    kecamatan: Kecamatan
    puskesmas: Puskesmas
    village: Village
    objects: dict[str, Any]


def make_corner(district: District, code: str, name: str) -> Corner:
    kecamatan = make_kecamatan(code[:8], f"Kecamatan {name}")
    Kecamatan.objects.filter(pk=kecamatan.pk).update(district=district)
    kecamatan.refresh_from_db()
    puskesmas = make_puskesmas(f"Puskesmas {name}", kecamatan)
    village = make_village(code, name, kecamatan)
    village.puskesmas = puskesmas
    village.save()
    child = make_child(village=village, birth_date=date(2023, 3, 14))
    seen = measure(child, date(2024, 8, 5), "10.2", "76.0", confirmed=True).measurement
    gone = make_child(village=village, birth_date=date(2023, 3, 14))
    close_child(by=gone.created_by, child_id=gone.pk, status=ChildStatus.MOVED, on=date(2024, 7, 3))
    audit = CaseAudit.objects.create(
        child=child,
        kind="stunting",
        found_on=date(2024, 8, 5),
        chosen_on=date(2024, 8, 6),
        by=child.created_by,
    )
    Village.objects.filter(pk=village.pk).update(has_community_page=True)
    objects = {
        "audit": audit.pk,
        "audit_decision": audit.decisions.create(
            text="Jamban", responsible="Kepala desa", due_on=date(2024, 9, 1), by=child.created_by
        ).pk,
        "case": Case.objects.filter(child=child).values_list("pk", flat=True).first(),
        "gone": gone.pk,
        "left": "left-2024-07-03",
        "kecamatan": kecamatan.pk,
        "puskesmas": puskesmas.pk,
        "village": village.pk,
        "child": child.pk,
        "measurement": seen.pk,
        "case_step": CaseStep.objects.create(
            id=uuid4(), child=child, action="visited", on=date(2024, 8, 6), by=child.created_by
        ).pk,
        "rest": "no/such/address/",
        "section": "where",
        "posyandu": make_posyandu(village).pk,
        "person": make_user(Role.CADRE, village).pk,
        "calendar": sign_calendar(village),
        "community": village.pk,
        "lokus": LokusVillage.objects.create(
            year=2024, village=village, decree_number="12/2024", decree_date=date(2024, 1, 5)
        ).pk,
        "move_request": MoveRequest.objects.create(
            child=child,
            from_village=village,
            to_village=make_village(f"{code[:12]}9", "Tujuan", kecamatan),
            moved_on=date(2024, 8, 6),
            by=child.created_by,
        ).pk,
        "cadre": Cadre.objects.create(village=village, full_name="Sumarni", term_start=date(2023, 1, 1)).pk,
    }
    objects["beneficiary"] = Beneficiary.objects.create(
        id=uuid4(),
        group="pregnant",
        name="Wati",
        last_period=date(2024, 3, 1),
        village=village,
        household=Household.objects.create(village=village),
        created_by=child.created_by,
    ).pk
    event = Event.objects.create(kind="musdes", title="Musdes", date=date(2024, 8, 9), village=village)
    objects["event"] = event.pk
    objects["decision"] = EventDecision.objects.create(event=event, text="Air", responsible="Kades").pk
    objects["material"] = EventMaterial.objects.create(
        event=event,
        file_name="a.pdf",
        size=1,
        content_sealed=seal_bytes(b"%PDF-"),
        uploaded_by=child.created_by,
    ).pk
    return Corner(district, kecamatan, puskesmas, village, objects)


def make_upload(user: User) -> Upload:
    return Upload.objects.create(user=user, file_name="a.csv", sha256=hashlib.sha256(b"").hexdigest())


@dataclass
class Scene:
    """A place, its neighbour, one in another district; somebody of each role in the first and one without."""

    here: Corner
    neighbour: Corner
    far: Corner
    uploads: dict[Role | None, Upload]
    sessions: dict[Role | None, str]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Make it once: whatever is asked here is taken back."""
    with kept_for_the_module(django_db_blocker):
        here = make_corner(make_district(), "33.01.02.2016", "Kesugihan Kidul")
        places = {
            Role.CADRE: here.village,
            Role.MIDWIFE: here.village,
            Role.PUSKESMAS: here.puskesmas,
            Role.KECAMATAN: here.kecamatan,
            Role.DISTRICT: here.district,
            Role.ADMIN: here.district,
            Role.CLIENT: here.district,
        }
        people = {role: make_user(role, place) for role, place in places.items()} | {None: make_user()}
        yield Scene(
            here,
            make_corner(make_district(), "33.01.01.2001", "Tambakreja"),
            make_corner(District.objects.create(code="33.02", name="Banyumas"), "33.02.01.2001", "Lumbir"),
            {role: make_upload(user) for role, user in people.items()},
            {role: start_session(user) for role, user in people.items()},
        )


def start_session(user: User) -> str:
    """Sign a user in; returns the key of the session."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(session: str, method: str, url: str) -> HttpResponse:
    """The answer, and whatever it wrote taken back. No session: nobody is signed in."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        body = {"data": "{}", "content_type": "application/json"} if url.startswith("/api/") else {}
        answer = client.get(url) if method == "GET" else client.post(url, **body)
        transaction.set_rollback(True)
    return answer


def sends_to(answer: HttpResponse, url: str) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(url)


def opened(answer: HttpResponse) -> bool:
    """Let in: the page, its form with errors, or a step on; no sign-in, no refusal, no fault of ours."""
    refused = answer.status_code in {401, 403, 404, 405} or answer.status_code >= 500
    return not refused and not sends_to(answer, reverse(settings.LOGIN_URL))


def url_for(name: str, objects: dict[str, Any]) -> str:
    rule = RULES[name]
    return BY_NAME[name].url({place: objects[thing] for place, thing in rule.objects.items()})


def wrong(name: str, scene: Scene, corner: Corner, allowed: Callable[[Role | None], bool]) -> list[str]:
    """Where the answers of ``name`` are not what ``allowed(role)`` says, in words."""
    found = []
    for role, session in scene.sessions.items():
        url = url_for(name, corner.objects | {"upload": scene.uploads[role].pk})
        for method in RULES[name].methods:
            answer = ask(session, method, url)
            fits = opened(answer) if allowed(role) else answer.status_code == 404
            if not fits:
                found.append(f"{role}: {method} -> {answer.status_code}, allowed: {allowed(role)}")
    return found


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert {a.name for a in SITE} == set(RULES)
    assert len(BY_NAME) == len(SITE)


CLOSED = [name for name, rule in RULES.items() if not rule.public]
OF_FILES = [name for name, rule in RULES.items() if "upload" in rule.objects.values()]
PLACED = [name for name, rule in RULES.items() if rule.about_a_place and name not in OF_FILES]


@pytest.mark.parametrize("name", sorted({*CLOSED} - {"registry:metrics"}))
def test_the_user_is_asked_to_sign_in(name: str, scene: Scene) -> None:
    url = url_for(name, scene.here.objects | {"upload": scene.uploads[None].pk})
    for method in RULES[name].methods:
        answer = ask("", method, url)
        if name.startswith(IN_THE_API) or name in JSON_PAGES:
            assert answer.status_code == 401
        elif method == "GET":
            assert sends_to(answer, reverse(settings.LOGIN_URL))
        else:  # the page to sign in, with what was sent
            assert answer.status_code == 401
            assert f'action="{reverse(settings.LOGIN_URL)}"' in answer.content.decode()


@pytest.mark.parametrize("name", sorted(RULES.keys() - CLOSED))
def test_what_is_public_opens_for_everybody(name: str, scene: Scene) -> None:
    beat("one")  # without a worker /ready/ answers 503
    for session in ("", *scene.sessions.values()):
        for method in RULES[name].methods:
            assert ask(session, method, url_for(name, scene.here.objects)).status_code in {200, 302, 400}


@pytest.mark.parametrize("name", CLOSED)
def test_each_role_gets_what_the_rule_says(name: str, scene: Scene) -> None:
    rule = RULES[name]
    assert wrong(name, scene, scene.here, lambda role: role in rule.roles or rule.anybody_signed_in) == []


@pytest.mark.parametrize("name", PLACED)
def test_what_belongs_to_a_neighbouring_place_is_not_there(name: str, scene: Scene) -> None:
    assert wrong(name, scene, scene.neighbour, lambda role: role in RULES[name].roles & WIDE) == []


@pytest.mark.parametrize("name", PLACED)
def test_what_belongs_to_another_district_is_there_for_nobody(name: str, scene: Scene) -> None:
    assert wrong(name, scene, scene.far, lambda role: False) == []


@pytest.mark.parametrize("name", OF_FILES)
def test_a_file_is_there_only_for_the_one_who_handed_it_in(name: str, scene: Scene) -> None:
    upload = make_upload(make_user(Role.DISTRICT))
    for session in scene.sessions.values():
        for method in RULES[name].methods:
            assert ask(session, method, url_for(name, {"upload": upload.pk})).status_code == 404


SETTING_UP = {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
BEFORE_SECOND_FACTOR = {"password_change", "registry:metrics", *SETTING_UP}


@pytest.mark.parametrize("name", [name for name in CLOSED if name not in BEFORE_SECOND_FACTOR])
def test_an_officer_without_a_second_factor_gets_nothing(name: str, scene: Scene, settings: Settings) -> None:
    settings.SECOND_FACTOR = True
    url = url_for(name, scene.here.objects | {"upload": scene.uploads[Role.ADMIN].pk})
    for role, method in product(sorted(OFFICERS), RULES[name].methods):
        answer = ask(scene.sessions[role], method, url)
        if name.startswith(IN_THE_API):
            assert answer.status_code == 403
            assert json.loads(answer.content)["code"] == "second_factor_not_set_up"
        else:
            assert sends_to(answer, reverse("mfa_activate_totp"))


@pytest.mark.parametrize("name", CLOSED)
def test_nothing_opens_between_the_password_and_the_code(name: str, scene: Scene) -> None:
    """Is asked to sign in, as a visitor is."""
    url = url_for(name, scene.here.objects | {"upload": scene.uploads[None].pk})
    with transaction.atomic():
        officer = make_user(Role.DISTRICT)
        give_app(officer)
        pending = Client()
        pending.post(reverse("login"), {"username": officer.username, "password": PASSWORD})
        session = pending.cookies[settings.SESSION_COOKIE_NAME].value
        for method in RULES[name].methods:
            assert not opened(ask(session, method, url))
        transaction.set_rollback(True)


def test_the_admin_opens_nothing_without_a_second_factor(scene: Scene, settings: Settings) -> None:
    settings.SECOND_FACTOR = True
    answers = [ask(scene.sessions[Role.ADMIN], "GET", url) for url in admin_urls()]
    assert [answer for answer in answers if not sends_to(answer, reverse("mfa_activate_totp"))] == []


def admin_urls() -> list[str]:
    made_up = {"object_id": 1, "id": 1, "content_type_id": 0, "app_label": "registry", "url": "nothing/"}
    urls = []
    for address in ADMIN:
        if address.route in {"admin/login/", "admin/logout/"}:
            continue
        if "^" in address.route:
            urls.append("/admin/registry/" if "app_label" in address.route else "/admin/nothing/")
        else:
            urls.append(address.url(made_up))
    return urls


def shown_in_the_admin(session: str) -> set[str]:
    """The admin addresses that answer with a page of their own: neither a sign-in nor "not there"."""
    answers = {url: ask(session, "GET", url) for url in admin_urls()}
    return {
        url
        for url, answer in answers.items()
        if answer.status_code != 404 and not sends_to(answer, "/admin/login/")
    }


@pytest.mark.parametrize("role", [None, *sorted(ALL - {Role.ADMIN})])
def test_the_admin_opens_for_no_other_role(role: Role | None, scene: Scene) -> None:
    assert shown_in_the_admin(scene.sessions[role]) <= {"/admin/jsi18n/"}  # the admin's own words, no data


def test_the_admin_sends_others_to_its_sign_in() -> None:
    assert shown_in_the_admin("") <= {"/admin/jsi18n/"}


def test_the_admins_way_back_to_the_site_is_closed(scene: Scene) -> None:
    child_type = ContentType.objects.get_for_model(Child).pk
    assert ask(scene.sessions[Role.ADMIN], "GET", f"/admin/r/{child_type}/not-a-uuid/").status_code == 404


def test_the_admin_opens_for_administrators_without_a_fault(scene: Scene) -> None:
    for url in admin_urls():
        answer = ask(scene.sessions[Role.ADMIN], "GET", url)
        assert answer.status_code < 500, url
        assert not sends_to(answer, "/admin/login/"), url
