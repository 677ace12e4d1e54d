"""django-import-export on the same file, as its documentation advises for large ones.

``_import_peer.py FILE DATABASE`` in the environment of the peers, which has Django and none of the register.
One plain table with a column for each of the file's, no index and nothing unique, and rows written in bulk
without a look for older ones: less can a ModelResource not do. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
import psycopg2.extensions
from django.conf import settings
from django.db import connection, models

from bench._timing import time_ms

BATCH = 1000
DATES = ("Tgl Lahir", "Tanggal Pengukuran")
NUMBERS = ("BB Lahir", "TB Lahir", "Berat", "Tinggi", "LiLA", "ZS BB/U", "ZS TB/U", "ZS BB/TB")


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of a database."""
    if url.startswith("sqlite"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///")}
    parts = psycopg2.extensions.parse_dsn(url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {setting: parts.get(part, "") for setting, part in named.items()}
    return {"ENGINE": "django.db.backends.postgresql", **found}


def main() -> None:
    path, url = sys.argv[1:]
    settings.configure(
        INSTALLED_APPS=["import_export"],
        DATABASES={"default": database_settings(url)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    milliseconds, rows = time_ms(lambda: write(read(Path(path))))
    print(
        json.dumps({"version": version("django-import-export"), "milliseconds": milliseconds, "rows": rows})
    )


def read(path: Path) -> Any:
    """Return the file as its pages and commands read it: tablib's Dataset, by openpyxl."""
    from import_export.formats.base_formats import XLSX

    return XLSX().create_dataset(path.read_bytes())


def write(dataset: Any) -> int:
    """Write every row into the database; return how many are there then."""
    from import_export import fields, resources, widgets

    attributes = {header: f"column_{number}" for number, header in enumerate(dataset.headers)}
    model = _model(attributes)
    with connection.schema_editor() as editor:
        editor.create_model(model)

    def widget(header: str) -> Any:
        if header in DATES:
            return widgets.DateWidget("%Y-%m-%d")
        return widgets.DecimalWidget() if header in NUMBERS else widgets.CharWidget()

    def field(header: str) -> Any:
        return fields.Field(
            attribute=attributes[header], column_name=header, widget=widget(header), saves_null_values=True
        )

    options = {
        "model": model,
        "fields": tuple(attributes.values()),
        "import_id_fields": (),
        "use_bulk": True,
        "batch_size": BATCH,
        "force_init_instance": True,  # no query for each row
        "skip_diff": True,
        "skip_html_diff": True,
        "use_transactions": True,
        "clean_model_instances": False,
    }
    made = {attributes[header]: field(header) for header in attributes}
    resource = type("Rows", (resources.ModelResource,), {**made, "Meta": type("Meta", (), options)})()
    resource.import_data(dataset, dry_run=False, raise_errors=True, use_transactions=True)
    return int(model._default_manager.count())


def _model(attributes: dict[str, str]) -> type[models.Model]:
    def column(header: str) -> models.Field[Any, Any]:
        if header in DATES:
            return models.DateField(null=True)
        if header in NUMBERS:
            return models.DecimalField(max_digits=7, decimal_places=2, null=True)
        return models.CharField(max_length=200, blank=True)

    columns = {attribute: column(header) for header, attribute in attributes.items()}
    meta = type("Meta", (), {"app_label": "bench", "db_table": "bench_import_peer"})
    return type("Row", (models.Model,), {**columns, "__module__": "bench", "Meta": meta})


if __name__ == "__main__":
    main()
