"""Passwords: one's own, the first one, and one renewed by somebody above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from cilacap_stunting import settings as site
from registry.access.people_below import list_people_below
from registry.actions.passwords import create_account, renew_password
from registry.errors import Conflict, NotFound
from registry.models import (
    ChangeLog,
    ChangeSubject,
    District,
    Kecamatan,
    Membership,
    Puskesmas,
    Role,
    User,
    Village,
)
from tests.factories import (
    PASSWORD,
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OWN = "sungai-serayu-42"
CHANGE = "/accounts/password/"
NEW = {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN}


@pytest.fixture(autouse=True)
def _posyandu_day() -> Iterator[None]:
    with time_machine.travel("2024-08-20T09:00:00+07:00", tick=True):
        yield


@pytest.fixture
def village() -> Village:
    village = make_village()
    village.puskesmas = make_puskesmas()
    village.save()
    return village


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village, "sumarni")


@pytest.fixture
def novice(cadre: User) -> User:
    """A cadre whose password somebody else made."""
    User.objects.filter(pk=cadre.pk).update(must_change_password=True)
    cadre.refresh_from_db()
    return cadre


def token_of(user: User, password: str = PASSWORD) -> Client:
    answer = Client().post(
        "/api/v1/token/", {"username": user.username, "password": password}, "application/json"
    )
    return Client(headers={"Authorization": f"Token {answer.json()['token']}"})


def test_everyone_changes_their_own_password_and_other_sessions_and_tokens_end(cadre: User) -> None:
    here, there, program = signed_in(cadre), signed_in(cadre), token_of(cadre)
    assert 'href="/accounts/password/"' in here.get("/follow-up/").content.decode()
    assert program.get("/api/v1/children/").status_code == 200
    answer = here.post(CHANGE, NEW, follow=True)
    assert answer.status_code == 200
    assert here.get("/work/session.json").status_code == 200
    assert there.get("/work/session.json").status_code == 401
    assert program.get("/api/v1/children/").status_code == 401
    assert Client().login(username="sumarni", password=OWN)
    [log] = ChangeLog.objects.filter(subject=ChangeSubject.ACCOUNT, subject_id=cadre.pk)
    assert (log.field, log.by, log.values) == ("password", cadre, ("", "changed"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"old_password": "salah-sekali-1"}, "lama"),
        ({"new_password2": "lain-lagi-12345"}, "tidak cocok"),
        ({"new_password1": PASSWORD, "new_password2": PASSWORD}, "harus lain dari yang lama"),
        ({"new_password1": "pendek1", "new_password2": "pendek1"}, "10"),
        ({"new_password1": "90817263540", "new_password2": "90817263540"}, "angka"),
    ],
)
def test_a_password_that_is_not_good_is_refused_in_words(
    cadre: User, change: dict[str, str], sentence: str
) -> None:
    text = signed_in(cadre).post(CHANGE, NEW | change).content.decode()
    assert 'class="error"' in text
    assert sentence in text
    assert User.objects.get(pk=cadre.pk).check_password(PASSWORD)


def test_nothing_opens_before_the_first_password_is_changed(novice: User, village: Village) -> None:
    child = make_child(novice, village)
    page = signed_in(novice)
    for url in ("/", "/follow-up/", "/roster/", f"/children/{child.pk}/", "/admin/", "/accounts/login/"):
        answer = page.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].startswith(CHANGE), url
    for url in ("/api/v1/children/", f"/api/v1/children/{child.pk}/"):
        answer = page.get(url)
        assert (answer.status_code, answer.json()["code"]) == (403, "password_must_change")
    for url in ("/work/session.json", "/work/roster.json"):
        answer = page.get(url, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (403, "password_must_change")
    assert "dibuat orang lain" in page.get(CHANGE).content.decode()
    assert page.post(f"{CHANGE}?next=/follow-up/", NEW | {"next": "/follow-up/"})["Location"] == "/follow-up/"
    assert page.get("/follow-up/").status_code == 200


def test_a_batch_sent_before_the_change_is_not_taken_and_nothing_is_lost(
    novice: User, village: Village
) -> None:
    child = make_child(novice, village)
    page = signed_in(novice)
    item = {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2024-08-05", "weight_kg": "10.2"}
    batch = "/api/v1/measurements/batch/"
    assert page.post(batch, {"items": [item]}, "application/json").status_code == 403
    assert not child.measurements.exists()
    page.post(CHANGE, NEW)
    assert page.post(batch, {"items": [item]}, "application/json").status_code == 200
    assert [str(m.pk) for m in child.measurements.all()] == [item["id"]]


def test_signing_in_leads_to_the_change_and_back(novice: User) -> None:
    browser = Client()
    page = browser.post(
        "/accounts/login/", {"username": "sumarni", "password": PASSWORD, "next": "/follow-up/"}
    ).content.decode()
    assert f'action="{CHANGE}"' in page
    assert 'name="next" value="/follow-up/"' in page
    assert "Paling sedikit 10 huruf atau angka" in page
    assert browser.post(CHANGE, NEW | {"next": "/follow-up/"})["Location"] == "/follow-up/"


def test_a_form_that_was_typed_comes_back_after_the_first_password_is_changed(
    novice: User, village: Village
) -> None:
    child = make_child(novice, village)
    url = f"/children/{child.pk}/edit/"
    browser = Client()
    asked = browser.post(url, {"name": "Siti Nurhaliza"}).content.decode()
    kept = re.findall(r'name="kept" value="([^"]+)"', asked)[0].replace("&quot;", '"')
    sign_in = {"username": "sumarni", "password": PASSWORD, "next": url, "kept": kept}
    assert 'name="kept"' in browser.post("/accounts/login/", sign_in).content.decode()
    again = browser.post(CHANGE, NEW | {"next": url, "kept": kept}).content.decode()
    assert 'value="Siti Nurhaliza"' in again
    assert f'action="{url}"' in again


def test_a_first_password_gives_no_token_but_a_token_of_a_program_goes_on(novice: User) -> None:
    answer = Client().post(
        "/api/v1/token/", {"username": "sumarni", "password": PASSWORD}, "application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "password_must_change")
    client = make_user(Role.CLIENT)
    program = token_of(client)
    User.objects.filter(pk=client.pk).update(must_change_password=True)
    assert program.get("/api/v1/villages/").status_code == 200


PLACES: dict[Role, type[District | Kecamatan | Puskesmas | Village]] = {
    Role.CADRE: Village,
    Role.MIDWIFE: Village,
    Role.PUSKESMAS: Puskesmas,
    Role.KECAMATAN: Kecamatan,
    Role.DISTRICT: District,
    Role.CLIENT: District,
    Role.ADMIN: District,
}
BELOW = {
    Role.CADRE: set(),
    Role.MIDWIFE: set(),
    Role.PUSKESMAS: {Role.CADRE, Role.MIDWIFE},
    Role.KECAMATAN: {Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS},
    Role.DISTRICT: {Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS, Role.KECAMATAN},
    Role.CLIENT: set(),
    Role.ADMIN: set(Role) - {Role.ADMIN},
}


@pytest.mark.parametrize("role", list(Role))
def test_who_renews_whose_password(role: Role, village: Village) -> None:
    far = make_village("33.01.01.2001", "Tambakreja", make_kecamatan("33.01.01", "Kedungreja"))
    far.puskesmas = make_puskesmas("Kedungreja", far.kecamatan)
    far.save()
    banyumas = District.objects.create(code="33.02", name="Banyumas")
    lumbir = Kecamatan.objects.create(code="33.02.01", name="Lumbir", district=banyumas)
    other = make_village("33.02.01.2001", "Lumbir", lumbir)
    here = {
        Village: village,
        Puskesmas: village.puskesmas,
        Kecamatan: village.kecamatan,
        District: make_district(),
    }
    people = {r: make_user(r, here[PLACES[r]], f"here-{r}") for r in Role}
    make_user(Role.CADRE, far, "far-cadre")
    make_user(Role.PUSKESMAS, far.puskesmas, "far-puskesmas")
    make_user(Role.CADRE, other, "other-cadre")
    nobody = make_user(username="without-role")
    both = make_user(Role.CADRE, village, "cadre-and-officer")
    Membership.objects.create(user=both, role=Role.DISTRICT, district=make_district())
    closed = make_user(Role.CADRE, village, "closed")
    closed.is_active = False
    closed.save()
    expected = {f"here-{r}" for r in BELOW[role]}
    if role in (Role.DISTRICT, Role.ADMIN):
        expected |= {"far-cadre", "far-puskesmas"}
    if role is Role.ADMIN:
        expected |= {"cadre-and-officer"}
    assert set(list_people_below(people[role]).values_list("username", flat=True)) == expected
    with pytest.raises(NotFound):
        renew_password(by=people[role], user_id=people[role].pk)
    with pytest.raises(NotFound):
        renew_password(by=people[role], user_id=nobody.pk)


def test_an_officer_whose_role_has_ended_is_not_renewed_from_below(village: Village) -> None:
    midwife = make_user(Role.MIDWIFE, village, "bidan")
    Membership.objects.create(
        user=midwife, role=Role.DISTRICT, district=make_district(), until=date(2020, 1, 1)
    )
    assert not list_people_below(make_user(Role.PUSKESMAS, village.puskesmas)).filter(pk=midwife.pk).exists()


def test_a_renewed_password_is_shown_once_logged_without_it_and_ends_sessions_and_tokens(
    cadre: User, village: Village
) -> None:
    officer = make_user(Role.PUSKESMAS, village.puskesmas, "gizi")
    phone, program, page = signed_in(cadre), token_of(cadre), signed_in(officer)
    url = f"/people/{cadre.pk}/password/"
    assert "sumarni" in page.post("/people/", {"q": "kesugihan"}).content.decode()
    assert "Perbarui kata sandi sumarni?" in page.get(url).content.decode()
    assert User.objects.get(pk=cadre.pk).check_password(PASSWORD)
    answer = page.post(url)
    [password] = re.findall(r'<code id="password">([^<]+)</code>', answer.content.decode())
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){2}[a-hjkmnp-z2-9]{4}", password)
    assert "no-store" in answer["Cache-Control"]
    assert phone.get("/work/session.json").status_code == 401
    assert program.get("/api/v1/children/").status_code == 401
    fresh = User.objects.get(pk=cadre.pk)
    assert fresh.check_password(password)
    assert fresh.must_change_password
    [log] = ChangeLog.objects.filter(subject=ChangeSubject.ACCOUNT, subject_id=cadre.pk)
    assert (log.by, log.field, log.values) == (officer, "password", ("", "renewed"))
    assert password not in answer.wsgi_request.get_full_path()


def test_a_renewed_password_ends_the_pause_after_wrong_ones(
    cadre: User, village: Village, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    wrong = {"username": "sumarni", "password": "bukan-ini-sandinya"}
    for _time in range(10):
        Client().post("/accounts/login/", wrong)
    assert Client().post("/accounts/login/", wrong | {"password": PASSWORD}).status_code == 429
    officer = make_user(Role.PUSKESMAS, village.puskesmas, "gizi")
    _user, password = renew_password(by=officer, user_id=cadre.pk)
    assert Client().post("/accounts/login/", wrong | {"password": password}).status_code == 200


def test_a_program_gets_a_password_that_it_need_not_change() -> None:
    client = make_user(Role.CLIENT, username="klien")
    _user, password = renew_password(by=make_user(Role.ADMIN), user_id=client.pk)
    token_of(client, password)


def test_a_name_that_is_taken_makes_no_account(cadre: User) -> None:
    with pytest.raises(Conflict, match="sumarni sudah dipakai"):
        create_account(by=None, username="sumarni", full_name="Sumarni Lain")


def test_a_password_made_in_the_admin_is_a_first_one() -> None:
    boss = signed_in(make_user(Role.ADMIN))
    person = {"username": "bu-sri", "usable_password": "true", "password1": OWN, "password2": OWN}
    rows = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    boss.post(reverse("admin:registry_user_add"), person | rows)
    user = User.objects.get(username="bu-sri")
    assert user.must_change_password
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    boss.post(url, {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.must_change_password


def test_an_old_hash_becomes_argon2_at_sign_in(settings: Settings, client: Client) -> None:
    user = make_user(Role.DISTRICT)
    user.password = make_password("rahasia-sekali-7", hasher="md5")
    user.save()
    settings.PASSWORD_HASHERS = [*site.PASSWORD_HASHERS, *settings.PASSWORD_HASHERS]

    assert client.login(username=user.username, password="rahasia-sekali-7")

    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert user.check_password("rahasia-sekali-7")
