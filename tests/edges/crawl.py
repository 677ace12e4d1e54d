"""Walks through the site by its own links and finds every file that a page offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

NOT_WALKED = ("/admin/", "/api/", "/static/", "/accounts/", "/i18n/")
SAME_PAGE = {"month", "sort", "by", "page", "kecamatan"}
"""Parts of an address with which a page offers the same files."""


@dataclass
class Links(HTMLParser):
    """What a page links to, and the hidden values of its forms, by the forms' addresses."""

    links: list[str] = field(default_factory=list)
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    formats: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self.forms.append((values.get("action", ""), {}))
        elif tag == "input" and values.get("type") == "hidden" and self.forms:
            self.forms[-1][1][values["name"]] = values.get("value", "")
        elif tag == "button" and values.get("name") == "format":
            action, hidden = self.forms[-1]
            self.formats.append((action, {**hidden, "format": values["value"]}))


@dataclass(frozen=True)
class File:
    """A file of the page named ``page``: a GET of ``address``, or a POST of ``data`` to it."""

    page: str
    address: str
    data: dict[str, str] | None

    @property
    def name(self) -> str:
        asked = self.data or dict(parse_qsl(urlsplit(self.address).query))
        return f"{self.page} {asked.get('table', '')} {asked['format']}"


def walk(client: Client, starts: Iterable[str]) -> Iterator[File]:
    """Give the files of every page that can be reached; a page is visited once for each of its names."""
    waiting, seen = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        page, key = name_of(address)
        if key in seen or not page:
            continue
        seen.add(key)
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        found = Links()
        found.feed(answer.content.decode())
        for link in found.links:
            if "format=" in link:
                yield File(page, urljoin(address, link), None)
            else:
                waiting.append(urljoin(address, link).partition("#")[0])
        for action, data in found.formats:
            yield File(page, urljoin(address, action), data)


def name_of(address: str) -> tuple[str, object]:
    """The name of the page at an address, and what tells it from others; no name where none is walked to."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/") or parts.path.startswith(NOT_WALKED):
        return "", None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return "", None
    section = str(found.kwargs.get("section", ""))
    name = f"{found.view_name} {section}".strip()
    return name, (name, frozenset(dict(parse_qsl(parts.query)).keys() - SAME_PAGE))
