"""Another puskesmas serves a village: the district chooses it in the kecamatan, and it is logged."""

from __future__ import annotations

import pytest

from registry.actions.village_puskesmas import change_puskesmas
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, Puskesmas, Role, User, Village
from tests.actions.figures import wrong_figures
from tests.factories import (
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    signed_in,
)

pytestmark = pytest.mark.django_db

CODE = "33.01.02.2016"
URL = f"/villages/{CODE}/puskesmas/"
REASON = "SK Kepala Dinas 440/12/2024"


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT, make_district(), "dinas")


@pytest.fixture
def first(officer: User) -> Puskesmas:
    """One of two in the village's kecamatan, which serves the village."""
    village = make_village(CODE, "Kesugihan Kidul")
    village.puskesmas = make_puskesmas("Kesugihan I")
    village.save()
    return village.puskesmas


@pytest.fixture
def second(first: Puskesmas) -> Puskesmas:
    return make_puskesmas("Kesugihan II")


@pytest.fixture
def far(officer: User) -> Puskesmas:
    return make_puskesmas("Kedungreja", make_kecamatan("33.01.01", "Kedungreja"))


def test_the_children_go_from_one_puskesmas_to_the_other(
    officer: User, first: Puskesmas, second: Puskesmas
) -> None:
    child = make_child(officer, Village.objects.get())
    before, after = make_user(Role.PUSKESMAS, first), make_user(Role.PUSKESMAS, second)
    change_puskesmas(by=officer, village_code=CODE, puskesmas_id=second.pk, reason=REASON)
    seen = {
        user: signed_in(user).get(f"/children/{child.pk}/").status_code for user in (officer, before, after)
    }
    assert seen == {officer: 200, before: 404, after: 200}
    (log,) = ChangeLog.objects.filter(subject="village", subject_id=CODE)
    assert (log.field, *log.values) == ("puskesmas", "Kesugihan I", "Kesugihan II")
    assert (log.by, log.reason) == (officer, REASON)
    assert wrong_figures() == []


def test_it_may_be_none_that_is_known(officer: User, first: Puskesmas) -> None:
    change_puskesmas(by=officer, village_code=CODE, puskesmas_id=None, reason=REASON)
    assert Village.objects.get().puskesmas is None
    assert ChangeLog.objects.get().values == ("Kesugihan I", "")


@pytest.mark.parametrize(
    ("chosen", "reason", "code"),
    [
        ("far", REASON, "puskesmas_elsewhere"),
        ("first", REASON, "unchanged"),
        ("second", " ", "reason_missing"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    officer: User, first: Puskesmas, second: Puskesmas, far: Puskesmas, chosen: str, reason: str, code: str
) -> None:
    number = {"first": first, "second": second, "far": far}[chosen].pk
    with pytest.raises(Invalid) as refused:
        change_puskesmas(by=officer, village_code=CODE, puskesmas_id=number, reason=reason)
    assert refused.value.code == code
    assert Village.objects.get().puskesmas == first
    assert not ChangeLog.objects.exists()


def test_only_the_district_chooses(first: Puskesmas, second: Puskesmas) -> None:
    kecamatan = make_user(Role.KECAMATAN, make_kecamatan())
    for user in (kecamatan, make_user(Role.PUSKESMAS, second), make_user(Role.CADRE, Village.objects.get())):
        with pytest.raises(NotFound):
            change_puskesmas(by=user, village_code=CODE, puskesmas_id=second.pk, reason=REASON)


def test_the_page_offers_those_of_the_kecamatan_and_says_what_it_did(
    officer: User, first: Puskesmas, second: Puskesmas, far: Puskesmas
) -> None:
    page = signed_in(officer)
    text = page.get(f"/villages/{CODE}/code/").content.decode()
    assert f'<option value="{first.pk}" selected>Kesugihan I</option>' in text
    assert "Kesugihan II" in text
    assert "Kedungreja" not in text
    asked = page.post(URL, {"puskesmas": second.pk})
    assert asked.status_code == 422
    assert "Tulis mengapa puskesmasnya lain." in asked.content.decode()
    refused = page.post(URL, {"puskesmas": far.pk, "reason": REASON})
    assert refused.status_code == 422
    assert "bukan dari Kecamatan Kesugihan" in refused.content.decode()
    answer = page.post(URL, {"puskesmas": second.pk, "reason": REASON})
    assert answer["Location"] == f"/dashboard/villages/{CODE}/"
    assert (
        "Kesugihan Kidul sekarang dilayani Puskesmas Kesugihan II."
        in page.get(answer["Location"]).content.decode()
    )
    text = page.post(URL, {"puskesmas": "", "reason": REASON}, follow=True).content.decode()
    assert "Kesugihan Kidul sekarang tanpa puskesmas." in text


def test_a_new_code_in_a_kecamatan_of_two_says_where_its_puskesmas_is_chosen(
    officer: User, first: Puskesmas, far: Puskesmas
) -> None:
    make_puskesmas("Kedungreja II", far.kecamatan)
    typed = {"new_code": "33.01.01.2099", "changed_on": "2024-07-01", "reason": REASON}
    text = signed_in(officer).post(f"/villages/{CODE}/code/", typed).content.decode()
    assert "Puskesmasnya dipilih setelah ini" in text
