"""Static files under names that carry their content, also where one script imports another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage


def strip_script(text: str) -> str:
    """Return a script without comments and spaces; a template literal within another one would break."""
    return str(jsmin(text))


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's, which also writes the new names into ``import`` lines: no bundler, nothing stale."""

    support_js_module_import_aggregation = True

    def save(self, name: str | None, content: File[Any], max_length: int | None = None) -> str:
        """Store what ``collectstatic`` found and return its name; a script is stripped."""
        if name and name.endswith(".js"):
            content = ContentFile(strip_script(content.read().decode()).encode())
        return str(super().save(name, content, max_length))

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Name files by their content, as they were stored here and not as their source has them."""
        yield from super().post_process({name: (self, name) for name in paths}, *args, **options)
