"""A line between browser and server that is as slow as one says: bytes and round trips as they really are.

Chromium's own emulation slows the page alone and neither its scripts nor its fetches.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress

_CHUNK = 4096


class SlowLine:
    """Passes TCP on to ``port``: ``rate`` bytes a second down, ``round_trip`` seconds there and back."""

    def __init__(self, port: int, *, rate: int, round_trip: float) -> None:
        self.bytes = 0
        self._to, self._rate, self._round_trip = port, rate, round_trip
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
        time.sleep(self._round_trip)  # the handshake
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
            self._free_at = max(self._free_at, time.monotonic()) + count / self._rate
            return self._free_at + self._round_trip / 2


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
