"""Static files under names that carry their content, also where one script imports another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's, which also writes the new names into ``import`` lines: no bundler, nothing stale."""

    support_js_module_import_aggregation = True
