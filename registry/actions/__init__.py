"""The only code that writes the register. Each action is atomic, checks who may, and refuses in words."""

from registry.actions.bulk.correct import Correction, correct_measurements
from registry.actions.bulk.move import Move, check_move
from registry.actions.bulk.plan import Entry, MeasurementPlan, NewChild, Outcome, OutcomeKind, TakenDay
from registry.actions.bulk.store import (
    measurement_plan,
    plan_measurements,
    record_measurements,
    store_planned,
)
from registry.actions.bulk.submit import Recorded, Submission, record_submissions
from registry.actions.bulk.update_children import update_children
from registry.actions.children import (
    Enrolled,
    Identity,
    close_child,
    enrol_child,
    move_child,
    reopen_child,
    update_child,
)
from registry.actions.conflicts import MAY_CHOOSE, choose_measurement
from registry.actions.measurements import correct_measurement, record_measurement, void_measurement
from registry.actions.observation import Observation
from registry.actions.revert_import import RevertResult, revert_import

__all__ = [
    "MAY_CHOOSE",
    "Correction",
    "Enrolled",
    "Entry",
    "Identity",
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
    "correct_measurements",
    "enrol_child",
    "measurement_plan",
    "move_child",
    "plan_measurements",
    "record_measurement",
    "record_measurements",
    "record_submissions",
    "reopen_child",
    "revert_import",
    "store_planned",
    "update_child",
    "update_children",
    "void_measurement",
]
