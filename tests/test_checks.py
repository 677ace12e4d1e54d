"""The system checks of the register."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.utils.module_loading import import_string

from registry.checks import LOG_FILES_WITH_NAMES


def register_errors() -> list[str | None]:
    return [error.id for error in run_checks() if (error.id or "").startswith("registry.")]


def test_settings_that_log_no_file_with_names_are_an_error() -> None:
    assert import_string(LOG_FILES_WITH_NAMES)
    assert register_errors() == []
    without = [name for name in settings.MIDDLEWARE if name != LOG_FILES_WITH_NAMES]
    with override_settings(MIDDLEWARE=without):
        assert register_errors() == ["registry.E001"]
