"""Any text in any field of any form of the admin is stored as it was typed, or refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.forms import BaseForm, CharField
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.models import District, Role, User
from tests.factories import make_cadre, make_posyandu, make_puskesmas, make_user, make_village
from tests.kpm.test_any_text import HOSTILE, TEXT

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EVERY = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def office(client: Client) -> Client:
    """An administrator who may do all that the admin offers, and a row or more in many tables."""
    village = make_village()
    make_posyandu(village, "Melati I")
    make_puskesmas("Kesugihan I")
    make_cadre(village)
    make_user(Role.ADMIN, District.objects.get(), username="kantor")
    User.objects.filter(username="kantor").update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(username="kantor"))
    return client


def list_pages(client: Client, model: type[Model]) -> dict[str, BaseForm]:
    """Return the forms by their address that may be sent for a table: a new row, and one that is there."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    addresses = [reverse(f"{name}_add")]
    rows = (
        model._default_manager.exclude(username="kantor") if model is User else model._default_manager.all()
    )
    if row := rows.first():
        addresses.append(reverse(f"{name}_change", args=[row.pk]))
        if model is User:
            addresses.append(reverse("admin:auth_user_password_change", args=[row.pk]))
    found = {}
    for address in addresses:
        answer = client.get(address)
        form = answer.context and answer.context.get("form" if "password" in address else "adminform")
        may_be_sent = "password" in address or b'name="_save"' in answer.content
        if answer.status_code == 200 and form and may_be_sent:
            found[address] = getattr(form, "form", form)
    return found


def read_filled(form: BaseForm) -> dict[str, Any]:
    """Return what a browser would send of a form that nobody has changed, its inline forms empty."""
    return {
        name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], False)
    }


def send(client: Client, address: str, data: dict[str, Any], inlines: dict[str, str]) -> HttpResponse:
    """Send a form; it is stored, or shown again with what is wrong."""
    answer = client.post(address, data | inlines)
    assert answer.status_code in (200, 302), (address, answer.status_code)
    if answer.status_code == 200:
        assert b"errornote" in answer.content, address
    return answer


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_a_form_of_the_admin_stores_what_was_typed_or_refuses_it(model: type[Model], office: Client) -> None:
    for address, form in list_pages(office, model).items():
        check_form(office, address, form)


def check_form(client: Client, address: str, form: BaseForm) -> None:
    """Send each hostile text in all fields at once, and any text in one field of a form else right."""
    inlines = {
        hidden.html_name: str(hidden.value())
        for formset in client.get(address).context.get("inline_admin_formsets") or ()
        for hidden in formset.formset.management_form
    }
    fields, filled = list(form.fields), read_filled(form)

    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(fields), TEXT)
    def check(field: str, text: str) -> None:
        typed = encodable(text)
        answer = send(client, address, filled | {field: typed}, inlines)
        is_text = type(form.fields[field]) is CharField
        if answer.status_code == 302 and is_text and address.endswith("/change/"):
            stored = client.get(address).context["adminform"].form[field].value()
            assert stored in (typed, typed.strip(), None if not typed.strip() else typed), (address, field)

    for text in HOSTILE:
        send(client, address, dict.fromkeys(fields, encodable(text)), inlines)
    if fields:
        check()


def encodable(text: str) -> str:
    """Return the text as it can be sent at all."""
    return text.encode("utf-8", "replace").decode()
