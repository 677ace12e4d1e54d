"""The site as docs/deploy.md starts it, on a port of 127.0.0.1."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench._memory import children_of
from bench._timing import time_ms
from script.prepare import collect_static

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def read_arguments() -> list[str]:
    """Return what docs/deploy.md gives gunicorn, but for where it listens."""
    unit = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    found = re.search(r"-m gunicorn (cilacap_stunting\.wsgi .*?)\n +ExecReload", unit, re.DOTALL)
    assert found, "docs/deploy.md no longer starts gunicorn"  # noqa: S101
    return re.sub(r"--(bind|umask) \S+|\\\n", "", found[1]).split()


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """Yield an empty folder of var/ that is gone afterwards."""
    folder = ROOT / "var" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_site(url: str, folder: Path, children: int) -> Iterator[Site]:
    """Yield a site in front of an empty database, which it fills; print what runs there."""
    os.environ |= {"DATABASE_URL": url, "DEBUG": "0", "HTTPS": "0", "LOG_LEVEL": "ERROR"}
    os.environ["SECOND_FACTOR"] = "0"
    from bench import _field

    took, _nothing = time_ms(lambda: _field.load_register(children))
    collect_static()
    print(f"{_field.count_measurements():,} measurements loaded in {took / 1000:.0f} s")
    print(f"{_field.describe_server()}; gunicorn {' '.join(read_arguments())}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    with Site(url, folder / "site.log") as site:
        yield site


class Site:
    """`start`, `stop`, `kill_worker`; in a ``with``, so that it never outlives the bench."""

    def __init__(self, database: str, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        settings = {"DEBUG": "0", "HTTPS": "0", "BEHIND_PROXY": "0", "LOG_LEVEL": "ERROR"}
        where = {"DATABASE_URL": database, "PYTHONPATH": str(ROOT), "ALLOWED_HOSTS": "127.0.0.1"}
        self.environment = os.environ | settings | where
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process  # noqa: S101
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers. SystemExit with its log when it does not."""
        command = [sys.executable, "-m", "gunicorn", *read_arguments(), "--bind", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + START_SECONDS
        while not self.is_answering():
            if time.monotonic() > until or self._process.poll() is not None:
                raise SystemExit(f"the site does not start:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.05)

    def is_answering(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop it as systemd does, and what is left after half a minute by force."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def kill_worker(self) -> None:
        """Kill one of its processes, as a machine short of memory does."""
        os.kill(children_of(self.pid)[0], signal.SIGKILL)
