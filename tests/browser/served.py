"""A server of its own process in front of the test's database: one that can be killed and started again."""

from __future__ import annotations

import http.client
import logging
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.moment import VARIABLE, TestClock

ROOT = Path(__file__).parent.parent.parent


class Served:
    """`start` and `kill`; the address stays the same."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, version: str = "", static: Path | None = None) -> None:
        """Serve; another ``version`` is a site that was updated; ``static``: as installed, from there."""
        from django.db import connection
        from django.utils import timezone

        moment = {VARIABLE: timezone.now().isoformat()} if VARIABLE in os.environ else {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.served", str(self.port)],
            cwd=ROOT,
            env=os.environ
            | moment
            | {
                "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
                "SERVED_VERSION": version,
                "SERVED_STATIC": str(static or ""),
            },
        )
        for _try in range(150):
            with suppress(OSError):
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", "/accounts/login/")
                asked.getresponse()
                return
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """As a power cut does: nothing is finished first."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def as_installed(static: str) -> None:
    """Static files as a district has them: collected, compressed, named by their content."""
    from django.conf import settings

    settings.STATIC_ROOT = static
    settings.STORAGES["staticfiles"] = {"BACKEND": "registry.static_files.StaticFiles"}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    if not Path(static).exists():
        import django
        from django.core.management import call_command

        django.setup()
        call_command("collectstatic", interactive=False, verbosity=0)


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    TestClock()
    settings.DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]
    if static := os.environ["SERVED_STATIC"]:
        as_installed(static)
    django.setup()
    if version := os.environ["SERVED_VERSION"]:
        from kpm.views import work

        spoken = work.spoken
        work.spoken = lambda: spoken() | {"version": version}  # another page, and so another worker
    logging.getLogger("django.server").setLevel(logging.ERROR)
    from django.core.servers.basehttp import WSGIServer, run
    from django.core.wsgi import get_wsgi_application

    run("127.0.0.1", port, get_wsgi_application(), threading=True, server_cls=WSGIServer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
