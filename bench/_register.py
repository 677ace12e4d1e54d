"""A register filled with an invented district, to measure in."""

from __future__ import annotations

from django.utils import timezone

from demo.district import Shape, invent
from demo.load import load
from demo.people import Place
from demo.signins import make_users
from registry.models import User, Village
from registry.places.load import load_places


def fill_register(children: int, months: int) -> User:
    """Load a demo district into an empty register; return the officer who recorded it."""
    load_places()
    writer = make_users("only-for-the-bench", 2024)
    places = [Place(v.pk, v.kecamatan.name) for v in Village.objects.select_related("kecamatan")]
    shape = Shape(timezone.localdate(), children=children, months=months)
    load(invent(places, shape), writer, lambda what, total: lambda done: None)
    return writer
