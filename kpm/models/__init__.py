"""The cadres of human development (KPM) and what they come together for."""

from kpm.models.cadre import Cadre
from kpm.models.case import MAY_ANSWER, Case, CaseStep, ReferredTo, StepAction, case_id
from kpm.models.event import Attendance, Event, EventKind

__all__ = [
    "MAY_ANSWER",
    "Attendance",
    "Cadre",
    "Case",
    "CaseStep",
    "Event",
    "EventKind",
    "ReferredTo",
    "StepAction",
    "case_id",
]
