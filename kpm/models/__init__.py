"""The cadres of human development (KPM) and what they come together for."""

from kpm.models.cadre import Cadre
from kpm.models.event import Attendance, Event, EventKind

__all__ = ["Attendance", "Cadre", "Event", "EventKind"]
