"""Save the database to a sealed file, and bring it back.

``backup.py save FILE``, ``backup.py restore FILE [--force]``. Everything the register keeps
is in its database. ``.env`` is not saved: whoever has both reads all.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")

from sealed_file import NotOurBackup, WeakKey, read_key, seal_file, unseal_file  # noqa: E402


def save(target: Path, key: str) -> None:
    """Save the database as it is at one moment, while others write."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        plain = Path(folder, "plain")
        if _is_sqlite():
            database = sqlite3.connect(_sqlite_path())
            database.execute("VACUUM INTO ?", [str(plain)])
            database.close()
        else:
            _run_postgres(["pg_dump", "--format=custom", f"--file={plain}"], Path(folder))
        seal_file(plain, target, key)


def restore(source: Path, key: str, *, force: bool) -> None:
    """Put a saved database in the place of the present one; refuse before anything is lost."""
    with tempfile.TemporaryDirectory(dir=source.resolve().parent) as folder:
        plain = Path(folder, "plain")
        unseal_file(source, plain, key)
        if newer := _newer_migrations(_read_migrations(plain)):
            refuse(
                f"Cadangan dari program yang lebih baru ({newer[0]}); perbarui program dahulu.",
                f"The backup is of a newer program ({newer[0]}); upgrade the program first.",
            )
        if not force and _has_people():
            refuse(
                "Basis data tidak kosong; --force menggantinya seluruhnya.",
                "The database is not empty; --force replaces all of it.",
            )
        if _is_sqlite():
            saved, database = sqlite3.connect(plain), sqlite3.connect(_sqlite_path(), timeout=60)
            saved.backup(database)
            saved.close()
            database.close()
        else:
            options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
            _run_postgres(["pg_restore", *options], Path(folder), str(plain))


def refuse(indonesian: str, english: str) -> None:
    """Say in both languages why nothing was done, and end."""
    sys.exit(f"{indonesian}\n({english})")


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def _sqlite_path() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _read_migrations(plain: Path) -> set[tuple[str, str]]:
    """Return app and name of each migration in a saved database; raise NotOurBackup if it is broken."""
    with plain.open("rb") as file:
        if not file.read(15).startswith(b"SQLite format 3" if _is_sqlite() else b"PGDMP"):
            raise NotOurBackup
    try:
        if _is_sqlite():
            saved = sqlite3.connect(plain)
            if saved.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise NotOurBackup
            rows = saved.execute("SELECT app, name FROM django_migrations").fetchall()
            saved.close()
            return set(rows)
        subprocess.run(["pg_restore", "--list", plain], check=True, capture_output=True)
        command = ["pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(plain)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (sqlite3.Error, subprocess.CalledProcessError) as error:
        raise NotOurBackup from error
    # Rows of COPY: id, app, name and moment between tabs.
    rows = [line.split("\t") for line in text.splitlines()]
    return {(row[1], row[2]) for row in rows if len(row) == 4}


def _newer_migrations(saved: set[tuple[str, str]]) -> list[str]:
    """Return the saved migrations that come after the newest which this program has of the same app."""
    from django.db.migrations.loader import MigrationLoader

    newest: dict[str, str] = {}
    for migration in MigrationLoader(None).disk_migrations.values():
        for app, name in [(migration.app_label, migration.name), *migration.replaces]:
            newest[app] = max(name, newest.get(app, ""))
    return sorted(f"{app}.{name}" for app, name in saved if app in newest and name > newest[app])


def _has_people() -> bool:
    from django.db import connection

    from registry.models import Child, User

    tables = connection.introspection.table_names()
    found = any(model._meta.db_table in tables and model.objects.exists() for model in (Child, User))
    connection.close()
    return found


def _run_postgres(command: list[str], folder: Path, *arguments: str) -> None:
    """Run a tool of PostgreSQL; a service file tells it the password, which ``ps`` would show."""
    from django.db import connection

    connection.ensure_connection()
    known = connection.connection.info.dsn_parameters
    wanted = {name: known[name] for name in ("host", "port", "user", "dbname", "sslmode") if known.get(name)}
    wanted["password"] = connection.settings_dict["PASSWORD"]
    connection.close()
    service = folder / "service"
    service.write_text(
        "[register]\n" + "".join(f"{name}={value}\n" for name, value in wanted.items() if value)
    )
    service.chmod(0o600)
    environment = os.environ | {"PGSERVICEFILE": str(service)}
    subprocess.run([*command, "--dbname=service=register", *arguments], env=environment, check=True)


def main(action: str, name: str, *options: str) -> None:
    """Save or restore, and say so."""
    import django
    from django.conf import settings

    django.setup()
    if not (key := settings.BACKUP_KEY):
        refuse(
            "BACKUP_KEY belum ada; cara membuatnya ada di docs/deploy.md.",
            "BACKUP_KEY is not set; docs/deploy.md says how to make it.",
        )
    try:
        read_key(key)
        if action == "save":
            save(Path(name), key)
            from registry.observability.marks import BACKUP, note_done

            note_done(BACKUP)
        else:
            restore(Path(name), key, force="--force" in options)
    except WeakKey:
        refuse(
            "BACKUP_KEY bukan 32 bita dalam base64; cara membuatnya ada di docs/deploy.md.",
            "BACKUP_KEY is not 32 bytes in base64; docs/deploy.md says how to make it.",
        )
    except NotOurBackup:
        refuse(
            "Berkas rusak, terpotong, asing, atau dari BACKUP_KEY lain. Tidak ada yang diubah.",
            "The file is broken, cut, foreign, or of another BACKUP_KEY. Nothing was changed.",
        )
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        refuse(f"Gagal: {error}", f"Failed: {error}")
    print("Selesai / Done:", name)


if __name__ == "__main__":
    main(*sys.argv[1:])
