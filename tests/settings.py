"""Settings of the tests: the register's own, with throwaway secrets, so that `pytest` needs no `.env`."""

import os
import tempfile
from pathlib import Path

# The environment wins over `.env`, so what a developer keeps there cannot change a test's result.
os.environ.update(
    SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 4,
    NIK_KEYS="HfDmxiVeZpuZ_f0MtjeMUwUbxYKEZxgeHF2ZqJf0rjk=",
    NIK_HASH_KEY="only-for-tests-fedcba9876543210",
    DEMO_PASSWORD="only-for-tests-demo",
    DEBUG="0",
    HTTPS="0",
    BEHIND_PROXY="0",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    CSRF_TRUSTED_ORIGINS="",
    CACHE_URL="locmemcache://",
    PROGRESS_CACHE_URL="locmemcache://progress",
    SECOND_FACTOR="0",  # its own tests turn it on
    LOG_LEVEL="ERROR",
    DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright keeps an event loop in the thread that makes the fixtures
)
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from cilacap_stunting.settings import *  # noqa: F403
from cilacap_stunting.settings import DATABASES, STORAGES

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, as in the real thing: with the database in memory all threads of the live server would share
    # one connection, and with it each other's transactions.
    test_file = Path(tempfile.gettempdir()) / f"stunting-test-{os.getpid()}.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(test_file)}
    # The live server looks at the name before the test database is made, and shares one in memory.
    DATABASES["default"]["NAME"] = str(test_file)
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

# At once, in the request that asks for it; tests of the worker turn the real one on.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; the tests' passwords are public
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# A test signs in without a request, which axes refuses; its own tests turn it on.
AXES_ENABLED = False
