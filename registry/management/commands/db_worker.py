"""``manage.py db_worker``: checks and imports files, as django-tasks-db's command, with a patient worker."""

from __future__ import annotations

import os
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV, run_with_reloader
from django_tasks_db.management.commands import db_worker

from registry.imports.worker import PatientWorker


class Command(db_worker.Command):
    help = "Memeriksa dan menyimpan berkas yang diunggah; menunggu bila basis data belum menjawab."

    def handle(self, *, queue_name: str, exclude_queues: str, reload: bool, **options: Any) -> None:
        """Run until stopped."""
        names = ("interval", "batch", "backend_name", "startup_delay", "max_tasks", "worker_id")
        worker = PatientWorker(
            queue_names=queue_name.split(","),
            excluded_queue_names=exclude_queues.split(",") if exclude_queues else [],
            **{name: options[name] for name in names},
        )
        if not reload:
            worker.configure_signals()
            worker.run()
            return
        if os.environ.get(DJANGO_AUTORELOAD_ENV) == "true":  # only the child that works
            worker.configure_signals()
        run_with_reloader(worker.run)
