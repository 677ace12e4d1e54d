"""The system checks of the register."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.utils.module_loading import import_string

from registry.checks import LOGGING_MIDDLEWARE


def register_errors() -> list[str | None]:
    return [error.id for error in run_checks() if (error.id or "").startswith("registry.")]


@pytest.mark.parametrize("middleware", LOGGING_MIDDLEWARE)
def test_settings_that_do_not_log_whose_data_leaves_are_an_error(middleware: str) -> None:
    assert import_string(middleware)
    assert register_errors() == []
    without = [name for name in settings.MIDDLEWARE if name != middleware]
    with override_settings(MIDDLEWARE=without):
        assert register_errors() == ["registry.E001"]
