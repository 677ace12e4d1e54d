"""The cadres of human development (KPM) and what they come together for."""

from kpm.models.audit import AUDITORS, PACKAGE_WORDS, AuditCause, AuditDecision, CaseAudit
from kpm.models.cadre import Cadre
from kpm.models.case import MAY_ANSWER, TREATMENT_STEPS, Case, CaseStep, ReferredTo, StepAction, case_id
from kpm.models.convergence import (
    Beneficiary,
    BeneficiaryEnd,
    BeneficiaryGroup,
    BeneficiaryStay,
    ConditionRecord,
    GroupInUse,
    Household,
    HouseholdChild,
    ServiceRecord,
)
from kpm.models.event import (
    OF_A_VILLAGE,
    STEERING,
    Attendance,
    Event,
    EventDecision,
    EventKind,
    EventMaterial,
)
from kpm.models.lokus import LokusVillage
from kpm.models.move_request import MoveAnswer, MoveRequest
from kpm.models.scorecard import Scorecard, ScorecardRule

__all__ = [
    "AUDITORS",
    "MAY_ANSWER",
    "OF_A_VILLAGE",
    "PACKAGE_WORDS",
    "STEERING",
    "TREATMENT_STEPS",
    "Attendance",
    "AuditCause",
    "AuditDecision",
    "Beneficiary",
    "BeneficiaryEnd",
    "BeneficiaryGroup",
    "BeneficiaryStay",
    "Cadre",
    "Case",
    "CaseAudit",
    "CaseStep",
    "ConditionRecord",
    "Event",
    "EventDecision",
    "EventKind",
    "EventMaterial",
    "GroupInUse",
    "Household",
    "HouseholdChild",
    "LokusVillage",
    "MoveAnswer",
    "MoveRequest",
    "ReferredTo",
    "Scorecard",
    "ScorecardRule",
    "ServiceRecord",
    "StepAction",
    "case_id",
]
