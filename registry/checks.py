"""What Django's system check says of settings that would break a promise of the register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

LOG_FILES_WITH_NAMES = "registry.exports.middleware.log_files_with_names"


@register(Tags.security)
def check_files_are_logged(**kwargs: Any) -> list[Error]:
    """Return an error unless MIDDLEWARE logs each file with names: no view does so by itself."""
    if LOG_FILES_WITH_NAMES in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "Files with names of children would leave without a line in the log.",
            hint=f"Put {LOG_FILES_WITH_NAMES} into MIDDLEWARE, after AuthenticationMiddleware.",
            id="registry.E001",
        )
    ]
