"""The site itself, as script/server runs it, and a file handed in to it."""

from __future__ import annotations

import html
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench._memory import Watch, children_of

ROOT = Path(__file__).resolve().parent.parent
_BOUNDARY = "----bench"
_TOKEN = "b" * 32
_STARTS_SECONDS = 60
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said of a file, how soon, and the peaks of its process and of the reader's."""

    status: int
    sentence: str
    seconds: float
    own_mb: float
    reader_mb: float


@contextmanager
def site(url: str) -> Iterator[tuple[int, int]]:
    """gunicorn with one worker on that database; its port and the number of the worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "cilacap_stunting.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "1", "--worker-class", "gthread", "--threads", "4", "--timeout", "120"),
            *("--no-control-socket", "--log-level", "warning"),
        ],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "0", "HTTPS": "0", "PYTHONPATH": str(ROOT)},
    )
    try:
        _wait(port)
        yield port, children_of(server.pid)[0]
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + _STARTS_SECONDS
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the site did not start; its reason is above")


def hand_in(port: int, worker: int, session: str, page: str, path: Path) -> Answer:
    """Send a file as a browser does, piece by piece, and read the page that comes back."""
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{_BOUNDARY}--\r\n".encode()
    watch = Watch(worker)
    start = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("POST", page)
    connection.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
    connection.putheader("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
    connection.putheader("Cookie", f"sessionid={session}; csrftoken={_TOKEN}")
    connection.putheader("X-CSRFToken", _TOKEN)
    connection.endheaders()
    connection.send(head)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            connection.send(piece)
    connection.send(tail)
    answer = connection.getresponse()
    text = answer.read().decode()
    took = time.perf_counter() - start
    watch.stop()
    return Answer(answer.status, _sentence(text), took, watch.own_mb, watch.child_mb)


def _sentence(page: str) -> str:
    """The refusal on the page, without its marks."""
    found = re.search(r'class="[^"]*error[^"]*"[^>]*>(.*?)</p>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[1])).split()) if found else ""
