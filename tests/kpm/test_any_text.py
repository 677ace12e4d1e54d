"""Any text in any field of any form is taken or refused with a sentence; nothing else is raised."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.forms import Form
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

import kpm.forms
from kpm.forms.edit_child import EditChildForm
from kpm.forms.fields import PlainForm
from registry.exports.forms import ExportRequestForm
from registry.models import Role, Village
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


def list_form_classes() -> list[type[Form]]:
    """Every form of the cadre's and officers' pages, and that of exports."""
    for module in iter_modules(kpm.forms.__path__):
        import_module(f"kpm.forms.{module.name}")
    found: list[type[Form]] = [ExportRequestForm]
    pending = [PlainForm]
    while pending:
        pending += (below := pending.pop().__subclasses__())
        found += below
    return sorted(set(found), key=lambda form: form.__name__)


def make_arguments(form: type[Form], village: Village) -> dict[str, Any]:
    """What a form is made with, besides what was typed."""
    if form is ExportRequestForm:
        return {"user": make_user(Role.DISTRICT, village.kecamatan.district)}
    names = {"AppointmentForm": "villages", "MoveForm": "villages", "ChildForm": "village"}
    names |= {"EditChildForm": "village", "VillagePuskesmasForm": "village"}
    name = names.get(form.__name__)
    return {name: [village] if name == "villages" else village} if name else {}


def require_answer(form: Form) -> None:
    """Read the form and write out its refusals."""
    assert form.is_valid() == (not form.errors)
    str(form.errors)


@pytest.mark.any_day
@pytest.mark.parametrize("form_class", list_form_classes(), ids=lambda form: form.__name__)
def test_a_form_takes_any_text_or_says_what_is_wrong(form_class: type[Form]) -> None:
    arguments = make_arguments(form_class, make_village())
    fields = list(form_class(**arguments).fields)

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, TEXT)))
    def check(data: dict[str, str]) -> None:
        require_answer(form_class(data, **arguments))

    for text in HOSTILE:
        require_answer(form_class(dict.fromkeys(fields, text), **arguments))
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
