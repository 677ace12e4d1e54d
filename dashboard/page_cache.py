"""Pages and files that are made once for each version of their figures, and then cached.

Drawing 284 rows takes longer than counting them. What is cached is the part of the page below its menu; who
may see the page has been decided before, and whatever differs between readers is part of the key.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.charts.svg import LOOK
from dashboard.pages import FigurePage
from registry.figures.version import digest_of

T = TypeVar("T")

CACHE_SECONDS = 600
"""Names of places and the like are in no version: within ten minutes they are seen all the same."""


def draw_figures(page: FigurePage) -> SafeString:
    """Return the part of ``page`` that its figures fill."""
    packed = cached_section(page, "page", lambda: zlib.compress(_draw(page).encode(), 1))
    # Drawn by our own templates, which escape what they are given.
    return mark_safe(zlib.decompress(packed).decode())  # noqa: S308


def cached_section(page: FigurePage, section: str, make: Callable[[], T]) -> T:
    """Return what ``make`` gives of ``page``, or what it gave when the figures were the same."""
    version = page.version()
    if version is None:
        return make()
    rests_on = (
        LOOK,
        get_language(),
        page.section.value,
        page.place._meta.model_name,
        str(page.place.pk),
        version,
        page.month,
        page.options,
        section,
    )
    key = f"page-{digest_of(rests_on)}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, CACHE_SECONDS)
    return found


def _draw(page: FigurePage) -> str:
    return render_to_string(page.template, {"page": page} | page.context())
