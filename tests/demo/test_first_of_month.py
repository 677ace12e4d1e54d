"""The demo on the first of a month, when no posyandu has weighed yet: every page opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.urls import resolve
from django.utils import timezone

from registry.models import Child, Measurement, User
from tests.factories import signed_in

pytestmark = pytest.mark.django_db

FIRST = "2026-12-01T00:30+07:00"
_LINK = re.compile(r'\shref="([^"#]+)')
_NOT_PAGES = ("/static/", "/admin/", "/i18n/", "/accounts/", "/api/")


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def kind_of(address: str) -> tuple[object, ...]:
    """Return what decides which lines answer an address: all but the place and the values asked for."""
    parts = urlsplit(address)
    found = resolve(parts.path)
    asked = {pair.split("=")[0] for pair in parts.query.split("&")} & {"by", "format", "month"}
    return found.view_name, found.kwargs.get("section"), tuple(sorted(asked))


def linked(address: str, html: str) -> Iterator[str]:
    """Yield every page that a page links to, and the same of the running month."""
    month = urlencode({"month": f"{timezone.localdate():%Y-%m}"})
    for link in _LINK.findall(html):
        parts = urlsplit(urljoin(address, unescape(link)))
        if not parts.scheme and not parts.path.startswith(_NOT_PAGES):
            yield parts.geturl()
            yield parts._replace(query=month).geturl()


def open_all(username: str, *more: str) -> set[str]:
    """Open each kind of page that somebody can reach from the home page and ``more``; return their names."""
    client = signed_in(User.objects.get(username=username))
    waiting, opened = ["/", *more], set()
    while waiting:
        address = waiting.pop()
        if (kind := kind_of(address)) in opened:
            continue
        opened.add(kind)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if "html" in answer.headers["Content-Type"]:
            html = answer.content.decode()
            assert not re.search(r"\b(nan|NaN|None|inf)\b", html), address
            waiting += linked(address, html)
    return {str(kind[0]) for kind in opened}


def open_every_page() -> None:
    """Open what a cadre and an administrator of a loaded demo can reach."""
    opened = open_all("kader", "/work/session.json", "/work/roster.json")
    opened |= open_all("admin", f"/measurements/{Measurement.objects.values_list('pk', flat=True)[0]}/")
    assert opened >= {f"dashboard:{name}" for name in ("district", "kecamatan", "village", "posyandu")}
    assert opened >= {f"kpm:{name}" for name in ("roster", "child", "card", "measurement", "follow_up")}


@time_machine.travel(FIRST)
def test_every_page_opens_while_nobody_has_been_measured_this_month() -> None:
    demo(children=200, months=3)
    call_command("rebuild_figures", check=True, stdout=StringIO())
    open_every_page()
    assert not Measurement.objects.filter(measured_on__gte=timezone.localdate().replace(day=1)).exists()


@time_machine.travel(FIRST)
def test_a_demo_of_this_month_alone_has_children_and_is_known_as_a_demo() -> None:
    assert "0 pengukuran" in demo(children=30, months=1)
    assert Child.objects.count() == 30
    assert "tidak ada yang berubah" in demo()
    assert "kpm.3301012001" in demo(sign_ins=True)
