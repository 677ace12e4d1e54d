"""The cadres of human development (KPM) and what they come together for."""

from kpm.models.cadre import Cadre
from kpm.models.case import MAY_ANSWER, Case, CaseStep, ReferredTo, StepAction, case_id
from kpm.models.event import (
    OF_A_VILLAGE,
    STEERING,
    Attendance,
    Event,
    EventDecision,
    EventKind,
    EventMaterial,
)

__all__ = [
    "MAY_ANSWER",
    "OF_A_VILLAGE",
    "STEERING",
    "Attendance",
    "Cadre",
    "Case",
    "CaseStep",
    "Event",
    "EventDecision",
    "EventKind",
    "EventMaterial",
    "ReferredTo",
    "StepAction",
    "case_id",
]
