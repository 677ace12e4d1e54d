"""A phone on a line of 400 kbit/s and 400 ms a round trip: bytes as they really are.

Chromium's own emulation slows the page alone and neither its scripts nor its fetches.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry.models import Role, User, Village
from tests.browser.conftest import PHONE, set_clock
from tests.browser.phone import add_session
from tests.factories import make_measured, make_posyandu, make_user, make_village, seen

_CHUNK = 4096
_RATE, _ROUND_TRIP_S = 50_000, 0.4  # bytes a second
_TAKEN_FROM_WORKER = """() => ["entry", "entry_save", "plausibility", "result", "outbox"].every((name) => (
    performance.getEntriesByType("resource").some((file) => file.name.includes(`/${name}.`))))"""


def fill_village(children: int = 45, posyandu: int = 0, village: Village | None = None) -> User:
    """Make a village, half of its children measured this month, all the month before; return its cadre."""
    village = village or make_village()
    cadre = make_user(Role.CADRE, village)
    today = timezone.localdate()
    posts = [make_posyandu(village, f"Melati {n:02d}").pk for n in range(1, posyandu + 1)] or [None]
    rows = []
    for n in range(children):
        identity = {
            "name": f"Anak {n:04d}",
            "birth_date": today - timedelta(days=400 + n % 300),
            "posyandu_id": posts[n % len(posts)],
        }
        observations = [seen(today - timedelta(days=31), f"8.{n % 50:02d}", "75.0")]
        if n // len(posts) % 2:
            observations.append(seen(today, f"8.{n % 50 + 20:02d}", "76.0"))
        rows.append((identity, observations))
    make_measured(cadre, village, rows)
    return cadre


def open_slow_phone(chromium: Browser, line: SlowLine, cadre: User) -> BrowserContext:
    """Return a browser on the line, signed in, with nothing of the site yet."""
    context = set_clock(
        chromium.new_context(base_url=line.url, viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    )
    add_session(context, cadre)
    return context


def open_roster(page: Page) -> None:
    """Open the roster and wait until it can be used."""
    page.goto("/roster/", wait_until="commit")
    expect(page.get_by_role("searchbox")).to_be_visible(timeout=60_000)
    expect(page.locator("#work section h2").first).to_be_visible()


def wait_for_install(page: Page) -> None:
    """Wait until the phone has all it needs without signal, and the form of an entry at hand."""
    page.wait_for_function(_TAKEN_FROM_WORKER)


class SlowLine:
    """Passes TCP on to ``port``, slowly; ``bytes``: how many came down so far."""

    def __init__(self, port: int) -> None:
        self.bytes = 0
        self._to = port
        self._free_at = 0.0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        _start(self._accept)

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                _start(self._connect, near)

    def _connect(self, near: socket.socket) -> None:
        time.sleep(_ROUND_TRIP_S)  # the handshake
        far = socket.create_connection(("127.0.0.1", self._to))
        _start(self._pump, near, far, False)
        self._pump(far, near, True)

    def _pump(self, source: socket.socket, target: socket.socket, down: bool) -> None:
        due: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        _start(_deliver, due, target)
        data = b"more"
        while data:
            with suppress(OSError):
                data = source.recv(_CHUNK)
                due.put((self._due(len(data) if down else 0), data))
                continue
            data = b""
            due.put((0.0, data))

    def _due(self, count: int) -> float:
        """When this many bytes have arrived: after those before them, and half a round trip."""
        with self._lock:
            self.bytes += count
            self._free_at = max(self._free_at, time.monotonic()) + count / _RATE
            return self._free_at + _ROUND_TRIP_S / 2


def _deliver(due: queue.SimpleQueue[tuple[float, bytes]], target: socket.socket) -> None:
    with suppress(OSError):
        while True:
            at, data = due.get()
            time.sleep(max(0.0, at - time.monotonic()))
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)


def _start(run: object, *arguments: object) -> None:
    threading.Thread(target=run, args=arguments, daemon=True).start()  # type: ignore[arg-type]
