"""Bring database, translations and static files up to date, in one start of Python.

``prepare.py`` is the end of script/setup; ``prepare.py --serve ADDRESS`` is the middle of script/server,
which also loads the places and, into an empty register, the demo. What has not changed is not done again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "script"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
STATIC_STAMP = ROOT / "var" / "static.stamp"


def close_to_other_accounts(*paths: Path) -> None:
    """Take the rights of every other account from files and folders, and from what is in them."""
    for path in paths:
        for found in (path, *path.rglob("*")):
            if found.is_symlink() or not found.exists():
                continue
            mode = stat.S_IMODE(found.stat().st_mode)
            if mode & 0o077:
                found.chmod(mode & 0o700)


def static_sources() -> Iterator[bytes]:
    """Yield what decides the collected files: ours by size and time, packages by the lock.

    Also what names them.
    """
    yield (ROOT / "requirements.txt").read_bytes()
    yield (ROOT / "registry" / "static_files.py").read_bytes()
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            status = path.stat()
            yield f"{path.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}\n".encode()


def collect_static() -> None:
    """Run collectstatic when a static file changed since the last time."""
    from django.core.management import call_command

    digest = hashlib.sha256(b"".join(static_sources())).hexdigest()
    if STATIC_STAMP.exists() and STATIC_STAMP.read_text() == digest:
        return
    print("Mengumpulkan berkas statis / Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    STATIC_STAMP.write_text(digest)


def migrate() -> None:
    """Apply the migrations that the database lacks; exit with a sentence when it cannot be reached."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except (OperationalError, ImproperlyConfigured) as error:
        sys.exit(
            f"\nBasis data tidak dapat dibuka; periksa DATABASE_URL. "
            f"\n(The database cannot be opened; check DATABASE_URL.)\n{error}"
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Menyiapkan basis data / Preparing the database")
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def said_when_it_fails(indonesian: str, english: str) -> Iterator[None]:
    """Say in a sentence that something failed and why, and go on without it; the register still serves."""
    from django.core.management import CommandError

    try:
        yield
    except CommandError as reason:  # a sentence already
        print(reason)
    except Exception as error:
        why = f"{type(error).__name__}: {error}".strip(": ")
        print(f"\n{indonesian}: {why}\n({english}: {why})", file=sys.stderr)


def derive_first_cases() -> None:
    """Derive the cases of a register that is older than they are: without them nobody is followed up."""
    from django.apps import apps
    from django.core.management import call_command

    has_cases = apps.get_model("kpm", "Case").objects.exists()
    if not has_cases and apps.get_model("registry", "Measurement").objects.exists():
        print("Menurunkan kasus anak dari pengukuran / Deriving the cases of children from measurements")
        with said_when_it_fails("Kasus gagal diturunkan", "The cases could not be derived"):
            call_command("rebuild_cases")


def load_register() -> None:
    """Load the places where there are none, and the demo where nobody has ever been entered."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    if not apps.get_model("registry", "Village").objects.exists():
        with said_when_it_fails("Desa-desa gagal dimuat", "The villages could not be loaded"):
            call_command("load_places")
    empty = not apps.get_model("registry", "Child").objects.exists()
    if empty and settings.DEMO_PASSWORD:
        # All of it or nothing: what fails leaves an empty register.
        with said_when_it_fails(
            "Contoh gagal dimuat; register berjalan tanpa contoh",
            "The demo could not be loaded; the register runs without it",
        ):
            call_command("demo")
    with said_when_it_fails("Angka gagal dihitung", "The figures could not be counted"):
        # An update may count something new; its migration then empties what was stored.
        stored = apps.get_model("registry", "CountedMonth").objects.exists()
        if not stored and apps.get_model("registry", "Measurement").objects.exists():
            call_command("rebuild_figures")
        call_command("rebuild_figures", open=True)


def main(arguments: list[str]) -> None:
    """Prepare everything; with ``--serve ADDRESS`` also load the register and say where it will be."""
    import django
    import messages
    from django.core.exceptions import ImproperlyConfigured

    (ROOT / "var").mkdir(exist_ok=True, mode=0o700)
    close_to_other_accounts(ROOT / "var", ROOT / ".env")
    messages.compile_if_changed()
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"\n{error}")
    from django.conf import settings
    from django.core.management import call_command

    migrate()
    collect_static()
    derive_first_cases()
    if arguments[:1] == ["--serve"]:
        load_register()
        print(f"\nRegister: {arguments[1]}\n", flush=True)
        if settings.DEMO_PASSWORD:
            call_command("demo", sign_ins=True)
        print("\nBerhenti dengan Ctrl+C. / Stop with Ctrl+C.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
