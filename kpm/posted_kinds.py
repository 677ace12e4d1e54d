"""What a phone posts one by one: to which address, and how a file saved on a phone of it is recorded.

A new kind needs its row here, and pages of the workspace that keep entries of it: ``name`` says whom or what
it is about, ``words`` what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse
from rest_framework.serializers import Serializer

from kpm.attendance_api import AttendanceBody, record_sent_attendance
from kpm.case_api import CaseStepBody, record_sent_step
from kpm.service_api import ServiceBody, record_sent_service
from registry.models import User


class PostedKind(NamedTuple):
    """``record`` stores what ``body`` has read, in the name of the owner; whether it was stored before."""

    route: str
    body: type[Serializer[Any]]
    record: Callable[[User, dict[str, Any], User], bool]


POSTED_KINDS = {
    "step": PostedKind("kpm_api:case_steps", CaseStepBody, record_sent_step),
    "service": PostedKind("kpm_api:services", ServiceBody, record_sent_service),
    "attendance": PostedKind("kpm_api:event_attendance", AttendanceBody, record_sent_attendance),
}


def list_addresses() -> dict[str, str]:
    """Return by kind where a phone posts it: the page of the workspace brings this along."""
    return {name: reverse(kind.route) for name, kind in POSTED_KINDS.items()}
