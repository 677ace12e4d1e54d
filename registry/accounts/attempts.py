"""What is kept of a sign-in that failed: enough to slow down guessing, and nothing of what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest, QueryDict

from registry.models import User
from registry.nik import keyed_hash


class NothingTypedHandler(AxesDatabaseHandler):
    """Keeps no field of the form: after an ended session it carries all that was typed of a child."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
            return
        typed = request.GET, request.POST
        request.GET, request.POST = QueryDict(), QueryDict()
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = typed


def name_of_attempt(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the name that an attempt is counted under: a user's own, of anything else only a keyed hash.

    People type passwords and NIK where the name belongs.
    """
    typed = str((credentials or request.POST).get("username") or "")
    if not typed or User.objects.filter(username=typed).exists():
        return typed
    return f"?{keyed_hash(typed)[:32]}"
