"""The sentences that ask before a child's identity is stored."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from registry.growth.labels import CLASSES, Label


def classes_turn_message(
    *, months: tuple[int, int] | None, sex: str, counts: Mapping[tuple[str, str], int]
) -> str:
    """Ask whether a birth date or sex is right that turns classes of measurements into others.

    ``months``: the age before and now, None where it stays; ``sex``: the new one, empty where it stays;
    ``counts``: how many measurements get a class, by index and code of the class.
    """
    parts = []
    if months:
        said = {"old": months[0], "new": months[1]}
        parts.append(_("Umurnya menjadi %(new)d bulan, sebelumnya %(old)d bulan.") % said)
    if sex:
        parts.append(_("Jenis kelaminnya menjadi %(sex)s.") % {"sex": sex.lower()})
    for (index, code), count in sorted(counts.items(), key=lambda item: _class_order(*item[0])):
        sentence = ngettext(
            "%(count)d pengukuran menjadi %(word)s (%(index)s).",
            "%(count)d pengukuran menjadi %(word)s (%(index)s).",
            count,
        )
        said_of = {"count": count, "word": _class_words(index, code), "index": short_index(index)}
        parts.append(sentence % said_of)
    return " ".join([*parts, _("Benar begitu?")])


def _class_order(index: str, code: str) -> tuple[int, int, str]:
    """Return where a class stands in a list: the gravest first, then the index as pages order them."""
    label = _find_label(index, code)
    return -label.severity if label else 1, list(CLASSES).index(index), code


def _class_words(index: str, code: str) -> str:
    """Return a class inside a sentence."""
    if not code:
        return _("tidak dinilai")
    label = _find_label(index, code)
    if label is None:
        return _("di luar batas WHO")
    words = label.en if get_language() == "en" else label.id
    return words[0].lower() + words[1:]


def short_index(index: str) -> str:
    """Return the short name of an index, as the field writes it."""
    return {"haz": _("TB/U"), "waz": _("BB/U"), "whz": _("BB/TB"), "muac": _("LiLA")}[index]


def _find_label(index: str, code: str) -> Label | None:
    return next((label for label in CLASSES[index] if label.code == code), None)
