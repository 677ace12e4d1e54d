"""An officer sets up a second factor and signs in with it, on a phone and with a passkey."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings

from registry.models import Role, User
from tests.accounts.codes import code_now
from tests.browser.conftest import DESK, PHONE, sign_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NewContext = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def _needed(settings: Settings) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT, username="agus")


def assert_fits_and_is_accessible(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def add_authenticator(page: Page) -> str:
    """A security key that says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    return str(session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_app_is_set_up_and_its_codes_sign_in(
    new_context: NewContext, officer: User, viewport: dict[str, int]
) -> None:
    page = new_context(viewport).new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    sign_in(page, officer)
    assert heading(page) == "Siapkan langkah kedua"
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    assert_fits_and_is_accessible(page)
    secret = page.locator("#totp-key").inner_text().replace(" ", "")
    first = code_now(secret)
    page.locator("[name=code]").fill(first)
    page.get_by_role("button", name="Aktifkan").click()
    expect(page.locator("h1")).to_have_text("Kode cadangan")
    assert_fits_and_is_accessible(page)
    codes = re.findall(r"\d{8}", page.locator("#recovery-codes").inner_text())
    with page.expect_download() as taken:
        page.get_by_role("link", name="Unduh sebagai berkas").click()
    assert taken.value.suggested_filename == "kode-cadangan.txt"
    assert Path(taken.value.path()).read_text().split() == codes
    page.get_by_role("link", name="Sudah disimpan, lanjut").click()
    page.get_by_role("link", name="Keamanan akun").click()
    assert heading(page) == "Keamanan akun"
    assert_fits_and_is_accessible(page)
    sign_out(page)
    sign_in(page, officer)
    assert heading(page) == "Langkah kedua"
    page.get_by_text("HP hilang atau rusak?").click()
    assert_fits_and_is_accessible(page)
    page.locator("[name=code]").fill(codes[0])
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert refused == []


def test_a_passkey_is_added_and_signs_in(new_context: NewContext, officer: User) -> None:
    page = new_context(PHONE).new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    add_authenticator(page)
    sign_in(page, officer)
    page.get_by_role("link", name="Pakai passkey atau kunci keamanan saja").click()
    assert_fits_and_is_accessible(page)
    page.get_by_role("button", name="Tambah passkey").click()
    expect(page.locator("h1")).to_have_text("Kode cadangan")
    sign_out(page)
    sign_in(page, officer)
    assert_fits_and_is_accessible(page)
    page.get_by_role("button", name="Pakai passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/accounts/security/")
    expect(page.locator("main")).to_contain_text("terakhir dipakai")
    page.get_by_role("button", name="Hapus Passkey").click()
    expect(page.locator("h1")).to_have_text("Ketik kata sandi lagi")
    assert_fits_and_is_accessible(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.locator("h1")).to_have_text("Siapkan langkah kedua")
    assert refused == []


def test_a_key_of_somebody_else_signs_nobody_in(new_context: NewContext, officer: User) -> None:
    own, other = new_context(PHONE).new_page(), new_context(PHONE).new_page()
    for page in (own, other):
        add_authenticator(page)
    sign_in(own, officer)
    own.goto("/accounts/security/passkey/")
    own.get_by_role("button", name="Tambah passkey").click()
    expect(own.locator("h1")).to_have_text("Kode cadangan")
    sign_in(other, officer)
    other.get_by_role("button", name="Pakai passkey").click()
    other.goto("/people/")
    assert heading(other) == "Masuk"
