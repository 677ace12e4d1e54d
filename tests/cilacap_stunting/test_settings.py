"""What the settings refuse, each tried in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings


def load(show: str = "s.DEBUG", **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings as ``s``, with this environment on top of the tests' own, and print something."""
    return subprocess.run(
        [sys.executable, "-c", f"import cilacap_stunting.settings as s; print({show})"],
        env=os.environ | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "NIK_KEYS", "NIK_HASH_KEY"])
def test_a_missing_secret_is_refused_with_the_script_that_writes_it(name: str) -> None:
    result = load(**{name: ""})
    assert result.returncode != 0
    assert f"{name} belum ada: jalankan script/setup" in result.stderr
    assert f"{name} is not set: run script/setup" in result.stderr


def test_a_star_among_the_hosts_is_refused() -> None:
    result = load(ALLOWED_HOSTS="register.example,*")
    assert result.returncode != 0
    assert "ALLOWED_HOSTS must not contain *" in result.stderr


def test_plain_http_and_debug_need_to_be_asked_for() -> None:
    shown = "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG"
    assert load(shown, HTTPS="", DEBUG="").stdout == "True True True False\n"
    assert load(shown, HTTPS="0", DEBUG="1").stdout == "False False False True\n"


def test_headers_of_a_proxy_are_believed_only_behind_one() -> None:
    shown = "hasattr(s, 'SECURE_PROXY_SSL_HEADER'), s.REST_FRAMEWORK['NUM_PROXIES']"
    assert load(shown, BEHIND_PROXY="").stdout == "False 0\n"
    assert load(shown, BEHIND_PROXY="1").stdout == "True 1\n"


def test_the_database_of_the_environment_wins() -> None:
    result = load("s.DATABASES['default']['NAME']", DATABASE_URL="postgres://u:p@127.0.0.1/elsewhere")
    assert result.stdout == "elsewhere\n"
