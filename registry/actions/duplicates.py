"""A child who may be enrolled already: shown to the user who enrols, never merged by itself."""

from __future__ import annotations

from collections.abc import Collection

from registry.errors import PossibleDuplicate
from registry.models import Child, User
from registry.name_similarity import perhaps_one_child


def find_possible_duplicates(by: User, child: Child) -> list[Child]:
    """Return children whom ``by`` may see, of the same birth date and sex, who may be this one."""
    same = (
        Child.objects.visible_to(by).filter(birth_date=child.birth_date, sex=child.sex).exclude(pk=child.pk)
    )
    return [
        other
        for other in same.select_related("village").order_by("sort_name", "pk")
        if perhaps_one_child(child.name, child.parent_name, other.name, other.parent_name)
    ]


def require_another_child(by: User, child: Child, confirmed: bool | Collection[object]) -> None:
    """Raise PossibleDuplicate for children alike that nobody has looked at."""
    if confirmed is True:
        return
    alike = find_possible_duplicates(by, child)
    if {other.pk for other in alike} - set(confirmed or ()):
        raise PossibleDuplicate(alike)
