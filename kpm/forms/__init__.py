"""What people type, read and handed to the actions. No rule of the field is here: the actions hold them."""

from kpm.forms.child import ChildForm, CloseForm, MoveForm
from kpm.forms.event import EventForm
from kpm.forms.fields import DayField, NumberField, refuse
from kpm.forms.measure import MeasureForm, VoidForm

__all__ = [
    "ChildForm",
    "CloseForm",
    "DayField",
    "EventForm",
    "MeasureForm",
    "MoveForm",
    "NumberField",
    "VoidForm",
    "refuse",
]
