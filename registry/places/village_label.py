"""Which village is meant, for people: sixteen names occur in more than one kecamatan of Cilacap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

from registry.models import Village
from registry.places.data import read_places


def village_words(village: Village) -> str:
    """Return its name, with the kecamatan where another is called so too: ``Karangreja, Kec. Cipari``."""
    kecamatan = _kecamatan_of_shared().get(village.pk)
    return f"{village.name}, Kec. {kecamatan}" if kecamatan else village.name


@cache
def _kecamatan_of_shared() -> Mapping[str, str]:
    """Return the kecamatan by code of a village whose name is not its alone."""
    places = read_places()
    times = Counter(place.name for place in places)
    return {place.code: place.kecamatan for place in places if times[place.name] > 1}
