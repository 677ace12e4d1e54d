"""Pages that are drawn once for each version of their figures, and then kept.

Drawing 284 rows takes longer than counting them. What is kept is the part of the page below its menu; who
may see the page has been decided before, and whatever differs between readers is part of the key.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.charts.svg import LOOK
from dashboard.pages import Page

KEPT_SECONDS = 600
"""Names of places and the like are in no version: within ten minutes they are seen all the same."""


def figures_of(page: Page) -> SafeString:
    """The part of ``page`` that its figures fill."""
    # Drawn by our own templates, which escape what they are given.
    return mark_safe(kept(page, "page", lambda: _drawn(page).encode()).decode())  # noqa: S308


def kept(page: Page, what: str, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gives of ``page``, or what it gave when the figures were the same."""
    version = page.version()
    if version is None:
        return make()
    said = (
        LOOK,
        get_language(),
        page.section.value,
        page.place._meta.model_name,
        str(page.place.pk),
        version,
    )
    key = f"page-{hashlib.sha256(repr((said, page.month, page.asked, what)).encode()).hexdigest()[:32]}"
    found = cache.get(key)
    if found is not None:
        return zlib.decompress(found)
    made = make()
    cache.set(key, zlib.compress(made, 1), KEPT_SECONDS)
    return made


def _drawn(page: Page) -> str:
    return render_to_string(page.template, {"page": page})
