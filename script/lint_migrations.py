"""Say which migrations the version that still runs could not live with: ``lint_migrations.py``.

Django-migration-linter reads the SQL for PostgreSQL, so this runs under ``with_postgres.py``. Its own command
wants to be among the site's apps; it is of developers alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = {"registry": "0014_log_nik_tries", "kpm": "0003_access_starts_with_term"}
"""The last migration of each app that is not looked at, nor is any before it: they have run everywhere."""

CONTRACTING: dict[tuple[str, str], str] = {}
"""Later migrations that are let through, by app and name: the release that read last what they take away."""


def main() -> int:
    """Print what the linter finds in the later migrations; return 1 where it is an error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(str(ROOT), no_cache=True)
    loaded = linter.migration_loader
    known = {migration for last in BASELINE.items() for migration in loaded.graph.forwards_plan(last)}
    known |= CONTRACTING.keys()
    for key, migration in sorted(loaded.disk_migrations.items()):
        if Path(str(sys.modules[type(migration).__module__].__file__)).is_relative_to(ROOT / ".venv"):
            continue
        if key not in known:
            linter.lint_migration(migration)
    if linter.has_errors:
        print("Cara lain ada di / what to do instead: docs/contributing.md")
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
