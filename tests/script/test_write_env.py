"""script/write_env.py: secrets of one installation."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography.fernet import Fernet

from script.sealed_file import read_key
from script.write_env import main, present


def values(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_a_new_file_has_every_secret_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    main(file)
    assert set(values(file)) == {
        "SECRET_KEY",
        "NIK_KEYS",
        "NIK_HASH_KEY",
        "BACKUP_KEY",
        "DEMO_PASSWORD",
        "HTTPS",
        "SECOND_FACTOR",
        "ALLOWED_HOSTS",
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_nik_key_is_one_that_encrypts(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    main(file)
    key = Fernet(values(file)["NIK_KEYS"])
    assert key.decrypt(key.encrypt(b"3301")) == b"3301"


def test_the_backup_key_is_one_that_seals(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    main(file)
    assert len(read_key(values(file)["BACKUP_KEY"])) == 32


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    main(tmp_path / "a")
    main(tmp_path / "b")
    one, other = values(tmp_path / "a"), values(tmp_path / "b")
    names = ("SECRET_KEY", "NIK_KEYS", "NIK_HASH_KEY", "BACKUP_KEY", "DEMO_PASSWORD")
    assert all(one[name] != other[name] for name in names)


def test_an_existing_file_keeps_its_lines_and_gains_only_secrets(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# district\nSECRET_KEY=kept\nDATABASE_URL=postgres://x/y")
    main(file)
    assert file.read_text().startswith("# district\nSECRET_KEY=kept\nDATABASE_URL=postgres://x/y\n")
    assert set(values(file)) == {"SECRET_KEY", "DATABASE_URL", "NIK_KEYS", "NIK_HASH_KEY", "BACKUP_KEY"}


def test_an_empty_value_counts_as_missing() -> None:
    assert present("A=1\nB=\n# C=3\n D = 4") == {"A", "D"}
