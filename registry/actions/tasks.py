"""Writes what becomes of a task of the worker that was cut off: the worker or its database went."""

from __future__ import annotations

from typing import Any

from django_tasks_db.models import DBTaskResult, TaskResultStatus


def put_back(task: DBTaskResult[Any, Any]) -> None:
    """Let the task begin again."""
    task.status, task.started_at, task.finished_at = TaskResultStatus.READY, None, None
    task.exception_class_path = task.traceback = ""
    task.save(update_fields=["status", "started_at", "finished_at", "exception_class_path", "traceback"])


def give_up(task: DBTaskResult[Any, Any], reason: Exception) -> None:
    """Let the task fail for good."""
    task.set_failed(reason)
