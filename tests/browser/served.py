"""A server of its own process in front of the test's database: one that can be killed and started again.

It is forked from a process that has loaded Django already, since so many tests start one.
"""

from __future__ import annotations

import http.client
import logging
import multiprocessing
import os
import socket
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.moment import VARIABLE, TestClock

LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["tests.browser.loaded"])


class Served:
    """`start` and `kill`; the address stays the same."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: BaseProcess | None = None

    def start(self, version: str = "", static: Path | None = None) -> None:
        """Serve; another ``version`` is a site that was updated; ``static``: as installed, from there."""
        from django.db import connection
        from django.utils import timezone

        moment = timezone.now().isoformat() if VARIABLE in os.environ else ""
        database = str(connection.settings_dict["NAME"])
        self._process = LOADED.Process(
            target=serve, args=(self.port, database, version, str(static or ""), moment), daemon=True
        )
        self._process.start()
        for _try in range(4800):  # two minutes, for a machine that has much to do
            with suppress(OSError):
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", "/accounts/login/")
                asked.getresponse()
                return
            time.sleep(0.025)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """As a power cut does: nothing is finished first."""
        if self._process:
            self._process.kill()
            self._process.join()
            self._process = None


def as_installed(static: str) -> None:
    """Static files as a district has them: collected, compressed, named by their content."""
    from django.conf import settings
    from django.test import override_settings

    override_settings(
        STATIC_ROOT=static,
        STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "registry.static_files.StaticFiles"}},
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ).enable()
    if not Path(static).exists():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)


def serve(port: int, database: str, version: str, static: str, moment: str) -> None:
    """Answer requests until killed."""
    from django.conf import settings
    from django.core.servers.basehttp import WSGIServer, run
    from django.core.wsgi import get_wsgi_application

    if moment:
        os.environ[VARIABLE] = moment
        TestClock()
    settings.DATABASES["default"]["NAME"] = database
    if static:
        as_installed(static)
    if version:
        from kpm.views import work

        usual = work.list_strings
        work.list_strings = lambda: usual() | {"version": version}  # another page, and so another worker
    application = get_wsgi_application()
    logging.getLogger("django.server").setLevel(logging.ERROR)
    run("127.0.0.1", port, application, threading=True, server_cls=WSGIServer)
