"""Any text in any field of any form is taken or refused with a sentence; nothing else is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm, FileField, Form
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from kpm.forms.audit import AuditCausesForm
from kpm.forms.cadre import AppointmentForm
from kpm.forms.case import CaseStepForm
from kpm.forms.child import ChildForm, MoveForm
from kpm.forms.convergence import BeneficiaryForm, EndBeneficiaryForm, HouseholdForm, ServiceTickForm
from kpm.forms.edit_child import EditChildForm
from kpm.forms.event import EditEventForm, EventForm, InvitationForm
from kpm.forms.fields import PlainForm
from kpm.forms.posyandu_days import PosyanduDaysForm
from kpm.forms.village_code import VillagePuskesmasForm
from kpm.models import BeneficiaryGroup, CaseAudit, Event
from kpm.scorecard.periods import Period
from registry.accounts.password_form import OwnPasswordForm, PasswordAgainForm
from registry.accounts.second_factor import CodeForm, FirstCodeForm, PasskeyAnswerForm, PasskeyForm
from registry.exports.forms import ExportRequestForm
from registry.imports.report import Question, QuestionKind
from registry.imports.views.forms import AnswersForm
from registry.models import Role, User, Village
from tests.factories import make_child, make_user, make_village

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script>",
    "\u202eanak\u200f",
    "a\0b",
    "a" * 10_000,
    "9" * 10_000,
    "=cmd|' /C calc'!A0",
    "{{7*7}}%s%(x)s",
    "👶🏽",
    "'; DROP TABLE--",
    "\ud800",
    "NaN",
    "-Infinity",
    "1e999999",
    "٣١/١٢/٢٠٢٤",
    "00/00/0000",
    "[" * 100_000,
    '{"name": [], "sex": {}, "birth_date": 1}',
    "[]",
    "1" * 4301,
)
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.sampled_from(("1", "12,5", "2024-02-29")))


PRODUCT = ("registry", "kpm", "dashboard", "demo")
IN_THE_ADMIN = ("registry.admin", "kpm.admin")
"""Sent through its pages by tests/admin/test_any_text.py, which walks all of them."""

ASK_FOR_A_SESSION = {FirstCodeForm, PasskeyForm, PasskeyAnswerForm}
"""What they check lies in the session that began it: tests/accounts sends them through their pages."""


def list_form_classes() -> list[type[Form]]:
    """Every form of the product's pages: one that is new is tested, or fails for want of arguments."""
    for package in map(import_module, PRODUCT):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and "__main__" not in module.name:
                import_module(module.name)
    found, pending = set(), [BaseForm]
    while pending:
        below = pending.pop().__subclasses__()
        pending += below
        found |= {form for form in below if form.__module__.split(".")[0] in PRODUCT}
    found -= {PlainForm, *ASK_FOR_A_SESSION}
    found = {form for form in found if not form.__module__.startswith(IN_THE_ADMIN)}
    return sorted(found, key=lambda form: form.__name__)


def make_arguments(form: type[Form], village: Village) -> dict[str, Any]:
    """What a form is made with, besides what was typed."""
    user = make_user(Role.DISTRICT, village.kecamatan.district)
    if form in (CaseStepForm, ExportRequestForm, OwnPasswordForm, PasswordAgainForm, CodeForm):
        return {"user": user}
    if form in (AppointmentForm, MoveForm):
        return {"villages": [village]}
    if form in (ChildForm, EditChildForm, VillagePuskesmasForm, PosyanduDaysForm):
        return {"village": village}
    return ARGUMENTS[form](village, user) if form in ARGUMENTS else {}


def make_audit(village: Village, user: User) -> dict[str, Any]:
    day = date(2024, 8, 5)
    child = make_child(village=village)
    audit = CaseAudit.objects.create(child=child, kind="gain", found_on=day, chosen_on=day, by=user)
    return {"audit": audit}


ARGUMENTS: dict[type[Form], Callable[[Village, User], dict[str, Any]]] = {
    AnswersForm: lambda village, user: {
        "user": user,
        "questions": [Question(kind) for kind in QuestionKind],
        "kept": {},
        "needs_village": True,
    },
    InvitationForm: lambda village, user: {"events": [], "cadres": []},
    EventForm: lambda village, user: {"villages": [village], "of_district": True},
    EditEventForm: lambda village, user: {"event": Event(kind="rakor", title="Rakor", date=date(2024, 8, 9))},
    AuditCausesForm: make_audit,
    ServiceTickForm: lambda village, user: {
        "days": Period(date(2024, 8, 1), date(2024, 8, 20)),
        "on": date(2024, 8, 20),
    },
    BeneficiaryForm: lambda village, user: {"groups": list(BeneficiaryGroup)},
    EndBeneficiaryForm: lambda village, user: {"is_pregnant": True},
    HouseholdForm: lambda village, user: {"children": [make_child(village=village)]},
}


def fill_in(form: type[Form], data: dict[str, str], arguments: dict[str, Any]) -> Form:
    """Return the form with what was typed; a file is named as the text says, and holds it."""
    sent = QueryDict(mutable=True)
    # Django reads half a surrogate of a request as U+FFFD; what hashes a password cannot read one.
    is_password = form in (OwnPasswordForm, PasswordAgainForm)
    for name, text in data.items():
        sent[name] = text.encode("utf-8", "replace").decode() if is_password else text
    content = {
        name: SimpleUploadedFile(f"{text}.csv", text.encode("utf-8", "replace"))
        for name, text in data.items()
        if isinstance(form.base_fields.get(name), FileField)
    }
    return form(data=sent, **({"files": content} if content else {}), **arguments)


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    """A request, which allauth counts the tries of a code by."""
    request = RequestFactory().post("/accounts/login/")
    request.session = {}
    request.user = AnonymousUser()
    with request_context(request):
        yield


def require_answer(form: Form) -> None:
    """Read the form and write out its refusals."""
    assert form.is_valid() == (not form.errors)
    str(form.errors)


@pytest.mark.any_day
@pytest.mark.parametrize("form_class", list_form_classes(), ids=lambda form: form.__name__)
def test_a_form_takes_any_text_or_says_what_is_wrong(form_class: type[Form]) -> None:
    arguments = make_arguments(form_class, make_village())
    fields = list(form_class(data=None, **arguments).fields)

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, TEXT)))
    def check(data: dict[str, str]) -> None:
        require_answer(fill_in(form_class, data, arguments))

    for text in HOSTILE:
        require_answer(fill_in(form_class, dict.fromkeys(fields, text), arguments))
    check()


@pytest.mark.any_day
def test_a_changed_child_is_read_from_any_text() -> None:
    child = make_child()
    fields = list(EditChildForm(village=child.village).fields)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, TEXT)), st.sampled_from(fields))
    def check(data: dict[str, str], conflict: str) -> None:
        posted = QueryDict(mutable=True)
        posted.update(data | {"conflict": conflict, f"pick_{conflict}": "theirs"})
        require_answer(EditChildForm.from_post(posted, child))

    for text in HOSTILE:
        check.hypothesis.inner_test(dict.fromkeys(fields, text), "name")
    check()
