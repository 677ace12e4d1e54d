"""Every address of the site by its name."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def named_urls(
    resolver: URLResolver | None = None, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Give the name and the pattern of every address; the name is empty where there is none."""
    for part in (resolver or get_resolver()).url_patterns:
        pattern = f"{before}{part.pattern}"
        if isinstance(part, URLResolver):
            yield from named_urls(part, pattern, (*spaces, part.namespace) if part.namespace else spaces)
        elif isinstance(part, URLPattern):
            yield ":".join((*spaces, part.name or "")), pattern
