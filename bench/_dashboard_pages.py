"""Which pages of the dashboard there are, from its own addresses, and for which places to open them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import URLPattern, reverse

from dashboard import exports
from dashboard.urls import pages
from demo.district import TOUR_VILLAGE
from registry.calendar_months import add_months
from registry.models import Child, CountedMonth, Kecamatan, Posyandu, Puskesmas, User, Village


class Address(NamedTuple):
    """A page to open. ``label``: what is opened, the same for each place of a kind."""

    label: str
    path: str


def addresses() -> tuple[list[Address], list[str]]:
    """Every page for some places of each kind, and the patterns for which nobody knows a place here."""
    found: list[Address] = []
    unknown: list[str] = []
    for pattern in pages:
        opened = list(_filled(pattern))
        if pattern.pattern.converters and not opened:
            unknown.append(str(pattern.pattern))
        found += opened
    return [*found, *_uncounted(found), *_files(found)], unknown


def _filled(pattern: URLPattern) -> Iterator[Address]:
    """The addresses of one pattern, with every value that is known for each of its parts."""
    converters = pattern.pattern.converters
    choices = [_values(str(pattern.name), name, converter) for name, converter in converters.items()]
    for values in product(*choices):
        kwargs = dict(zip(converters, values, strict=True))
        words = [str(pattern.name).removesuffix("_section")]
        words += [str(value) for name, value in kwargs.items() if _words_of(converters[name])]
        yield Address(" ".join(words), reverse(f"dashboard:{pattern.name}", kwargs=kwargs))


def _values(page: str, name: str, converter: Any) -> Sequence[Any]:
    """What to put for a part of an address: all of a list of words, or some places."""
    if words := _words_of(converter):
        return [converter.to_python(word) for word in words]
    for pool in _pools(f"{page} {name}"):
        fitting = [value for value in pool if re.fullmatch(converter.regex, str(value))]
        if fitting:
            return fitting
    return []


def _words_of(converter: Any) -> list[str]:
    """The words of a converter that is a choice of words, such as the sections of a place."""
    words = converter.regex.split("|")
    return words if all(re.fullmatch(r"[a-z][a-z-]*", word) for word in words) else []


def _pools(hint: str) -> Iterator[list[Any]]:
    """Places and people to try, those first that the name of the page or of the part speaks of."""
    yield _largest_and_smallest(Village, "children", also=TOUR_VILLAGE)
    yield _largest_and_smallest(Kecamatan, "villages__children")
    if "posyandu" in hint:
        yield _largest_and_smallest(Posyandu, "children")
    if "cadre" in hint or "recorder" in hint:
        yield list(User.objects.filter(username__in=["kader"]).values_list("pk", flat=True))
    yield _largest_and_smallest(Puskesmas, "villages__children")
    yield list(Child.objects.filter(village=TOUR_VILLAGE).order_by("pk").values_list("pk", flat=True)[:2])


def _largest_and_smallest(model: Any, children: str, also: Any = None) -> list[Any]:
    sizes = model.objects.annotate(size=Count(children)).filter(size__gt=0).order_by("-size", "pk")
    keys = list(sizes.values_list("pk", flat=True))
    return list(dict.fromkeys([*keys[:1], *keys[-1:], *([also] if also in keys else [])]))


def _of_the_district(opened: Sequence[Address]) -> list[Address]:
    return [address for address in opened if address.label.split()[0] == "district"]


def _uncounted(opened: Sequence[Address]) -> Iterator[Address]:
    """The first page of the district for a month before the first one whose figures are stored."""
    first = CountedMonth.objects.order_by("month").first()
    if first:
        label, path = _of_the_district(opened)[0]
        yield Address(f"{label}, month not stored", f"{path}?month={add_months(first.month, -1):%Y-%m}")


def _files(opened: Sequence[Address]) -> Iterator[Address]:
    """The pages of the district as files, in every form there is."""
    for label, path in _of_the_district(opened):
        for form in exports.FORMS:
            yield Address(f"{label} .{form}", f"{path}?format={form}")
