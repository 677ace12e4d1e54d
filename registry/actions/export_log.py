"""Logs what leaves the register as a file."""

from __future__ import annotations

from registry.models import ExportLog


def record_export(log: ExportLog) -> ExportLog:
    """Store who takes which file, before its first byte is handed over."""
    log.save(force_insert=True)
    return log
