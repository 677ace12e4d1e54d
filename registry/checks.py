"""What Django's system check says of settings that would break a promise of the register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

LOGGING_MIDDLEWARE = (
    "registry.exports.middleware.log_files_with_names",
    "registry.exports.middleware.log_people_read",
)


@register(Tags.security)
def check_readings_are_logged(**kwargs: Any) -> list[Error]:
    """Return an error for each missing part of MIDDLEWARE that logs whose data leaves: no view does."""
    return [
        Error(
            "Data of children would be shown or taken without a line in the log.",
            hint=f"Put {missing} into MIDDLEWARE, after AuthenticationMiddleware.",
            id="registry.E001",
        )
        for missing in LOGGING_MIDDLEWARE
        if missing not in settings.MIDDLEWARE
    ]
