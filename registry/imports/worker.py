"""The worker: waits for its database, and takes up what another one, or itself, was cut off from.

A task that is cut off changes nothing or is done: a file is imported in one transaction, and a step back is
taken under the lock of the file. So a task may begin again even if its first worker should still be at it.
"""

from __future__ import annotations

import logging
import time
from typing import Any
from uuid import UUID

from django.db import Error, connection, transaction
from django.db.models import Q
from django.utils import translation
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from registry.actions.tasks import give_up, put_back
from registry.actions.uploads import set_step
from registry.db.outage import is_outage
from registry.imports.tasks import CutOff, fault_sentence
from registry.imports.upload_steps import STEPS_BACK
from registry.models import Upload, UploadStep
from registry.observability.heartbeat import beating, is_alive
from registry.observability.request_id import working_for

MOST_WORKERS = 3
"""A task that so many workers have died of fails: a fourth would die of it too."""

LONGEST_PAUSE = 30
"""Seconds."""

_CUT_OFF_BY = frozenset(
    f"{error.__module__}.{error.__qualname__}" for error in (CutOff, SystemExit, KeyboardInterrupt)
)

_IS_OPEN = Q(status=TaskResultStatus.RUNNING) | Q(
    status=TaskResultStatus.FAILED, exception_class_path__in=_CUT_OFF_BY
)

logger = logging.getLogger(__name__)


class WorkersLost(Exception):
    """So many workers have died of a task that it is given up."""


class PatientWorker(Worker):
    """The worker of django-tasks-db, which ends where the database is gone and leaves what it had begun."""

    def __init__(self, *, batch: bool, **options: Any) -> None:
        super().__init__(batch=True, **options)
        self.ends_when_idle = batch
        self.tasks_run = 0

    def run(self) -> None:
        """Run tasks until stopped; with ``batch`` until none waits."""
        pause = 1
        with beating(self.worker_id):
            while self.running:
                try:
                    self._run_waiting_tasks()
                    pause = 1
                except (Error, CutOff) as error:
                    if not (is_outage(error) or isinstance(error, CutOff)):
                        raise
                    logger.warning("the database does not answer; the worker tries again in %d s", pause)
                    connection.close()
                    time.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                if self.ends_when_idle or self.tasks_run == self.max_tasks:
                    return
                if self.running:
                    time.sleep(self.interval)

    def _run_waiting_tasks(self) -> None:
        take_up_cut_off_tasks(self.worker_id)
        super().run()
        self.startup_delay = False

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run a task and log it. Raises CutOff for one that waits to begin again."""
        begun = time.perf_counter()
        with working_for(db_task_result.args_kwargs["kwargs"].get("request_id", "")):
            super().run_task(db_task_result)
            event = {
                "task": db_task_result.task_path.rsplit(".", 1)[-1],
                "state": db_task_result.status.lower(),
                "ms": round(1000 * (time.perf_counter() - begun)),
            }
            logger.info("task", extra=event)
        self.tasks_run += 1
        if self.running and db_task_result.exception_class_path in _CUT_OFF_BY:
            raise CutOff


def take_up_cut_off_tasks(worker_id: str) -> None:
    """Let each task begin again whose worker is dead. ``worker_id`` asks, and so is at no task now."""
    for task in DBTaskResult.objects.filter(_IS_OPEN):
        if not _is_at_work(task, worker_id):
            _begin_again(task.pk, worker_id)


def _is_at_work(task: DBTaskResult, worker_id: str) -> bool:
    last = task.worker_ids[-1]
    return last != worker_id and is_alive(last)


def _begin_again(task_id: UUID, worker_id: str) -> None:
    with transaction.atomic():
        task = DBTaskResult.objects.select_for_update().filter(_IS_OPEN, pk=task_id).first()
        if task is None or _is_at_work(task, worker_id):
            return  # it has ended, or another worker was faster
        upload_id, language, *_more = task.args_kwargs["args"]
        upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
        is_lost = len(set(task.worker_ids)) >= MOST_WORKERS
        logger.warning("a task was cut off and %s", "is given up" if is_lost else "begins again")
        if is_lost:
            give_up(task, WorkersLost())
        else:
            put_back(task)
        if upload is None or upload.step not in STEPS_BACK:
            return  # its step is done
        step = UploadStep(upload.step)
        if not is_lost:
            set_step(upload, STEPS_BACK[step])
            return
        with translation.override(language):
            reviewed = UploadStep.WRITTEN if step == UploadStep.LEAVING else UploadStep.CHECKED
            set_step(upload, reviewed, fault_sentence(), "failed")
