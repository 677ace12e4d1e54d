"""``manage.py demo``: a running register with a district in it, or a sentence why not."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from registry.errors import Invalid
from registry.models import Child, Measurement, User, Village
from registry.places.load import load_places
from tests.factories import make_child, make_user

pytestmark = pytest.mark.django_db


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **({"children": 30, "months": 2} | options))
    return out.getvalue()


def stored() -> list[tuple[object, ...]]:
    columns = (
        "id",
        "child__name",
        "village",
        "measured_on",
        "weight_kg",
        "lenhei_cm",
        "haz",
        "gain",
        "state",
    )
    return list(Measurement.objects.order_by("id").values_list(*columns))


def test_the_same_seed_stores_the_same_numbers() -> None:
    sid = transaction.savepoint()
    demo()
    first = stored()
    transaction.savepoint_rollback(sid)
    demo()
    assert stored() == first


def test_real_children_are_not_mixed_with_invented_ones() -> None:
    make_child()
    with pytest.raises(CommandError, match="anak sungguhan"):
        demo()
    assert Child.objects.count() == 1


@override_settings(DEMO_PASSWORD="")
def test_without_a_password_there_is_no_demo() -> None:
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        demo()
    assert not User.objects.exists()


def test_a_real_account_does_not_become_one_of_the_demo() -> None:
    admin = make_user(username="admin")
    with pytest.raises(CommandError, match="admin"):
        demo()
    assert not Child.objects.exists()
    assert User.objects.get().password == admin.password


@pytest.mark.parametrize("options", [{"children": 0}, {"months": 61}, {"seed": -1}])
def test_a_size_that_cannot_be_is_refused_with_its_limits(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="sampai"):
        demo(**options)


@pytest.mark.any_day
def test_a_measurement_that_the_register_refuses_leaves_nothing_behind() -> None:
    load_places()
    writer = make_users("only-for-tests-demo", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    district = invent(places, Shape(timezone.localdate(), children=30, months=2))
    giants = replace(district.latent, haz=np.full(30, 40.0))
    with pytest.raises(Invalid, match="140"):
        load(replace(district, latent=giants), writer, lambda what, total: lambda done: None)
    assert not Child.objects.exists()


def test_a_register_without_a_demo_lists_nobody() -> None:
    assert "tidak berisi contoh" in demo(sign_ins=True)
