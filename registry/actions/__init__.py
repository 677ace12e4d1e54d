"""The only code that writes the register. Each action is atomic, checks who may, and refuses in words."""

from registry.actions.bulk.move import Move, check_move
from registry.actions.bulk.plan import Entry, MeasurementPlan, NewChild, Outcome, OutcomeKind, TakenDay
from registry.actions.bulk.store import measurement_plan, record_measurements, store_planned
from registry.actions.bulk.submit import Recorded, Submission, record_all, record_submissions
from registry.actions.children import Enrolled, enrol_child, update_child, update_children
from registry.actions.conflicts import MAY_CHOOSE, choose_measurement
from registry.actions.consents import record_consent, withdraw_consent
from registry.actions.identity import Identity
from registry.actions.life_course import LifeCourse, LifeEvent, LifeEventKind
from registry.actions.measurements import correct_measurement, record_measurement, void_measurement
from registry.actions.merge import (
    HOME,
    MERGE_FIELDS,
    differing_fields,
    fields_to_take,
    list_doubles,
    merge_children,
)
from registry.actions.observation import Observation
from registry.actions.residences import (
    close_child,
    move_child,
    receive_child,
    redate_event,
    reopen_child,
    require_possible_move,
    return_child,
    undo_event,
)
from registry.actions.revert_import import RevertResult, revert_import
from registry.actions.undo_merge import undo_merge

__all__ = [
    "HOME",
    "MAY_CHOOSE",
    "MERGE_FIELDS",
    "Enrolled",
    "Entry",
    "Identity",
    "LifeCourse",
    "LifeEvent",
    "LifeEventKind",
    "MeasurementPlan",
    "Move",
    "NewChild",
    "Observation",
    "Outcome",
    "OutcomeKind",
    "Recorded",
    "RevertResult",
    "Submission",
    "TakenDay",
    "check_move",
    "choose_measurement",
    "close_child",
    "correct_measurement",
    "differing_fields",
    "enrol_child",
    "fields_to_take",
    "list_doubles",
    "measurement_plan",
    "merge_children",
    "move_child",
    "receive_child",
    "record_all",
    "record_consent",
    "record_measurement",
    "record_measurements",
    "record_submissions",
    "redate_event",
    "reopen_child",
    "require_possible_move",
    "return_child",
    "revert_import",
    "store_planned",
    "undo_event",
    "undo_merge",
    "update_child",
    "update_children",
    "void_measurement",
    "withdraw_consent",
]
