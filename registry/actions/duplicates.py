"""A child who may be enrolled already: shown to the user who enrols, never merged by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from registry.errors import PossibleDuplicate
from registry.likeness import ComparedChild, DuplicateQuestion, find_question, list_slips
from registry.models import Child, User


def find_possible_duplicates(by: User, child: Child) -> Mapping[Child, DuplicateQuestion]:
    """Return the children whom ``by`` may see and who may be this one, by name, and what is asked of each."""
    near = Child.objects.visible_to(by).filter(birth_date__in=list_slips(child.birth_date))
    columns = ("pk", "name", "parent_name", "sex", "birth_date", "village_id")
    one = ComparedChild(child.name, child.parent_name, child.sex, child.birth_date, child.village_id)
    questions = {
        pk: question
        for pk, *other in near.exclude(pk=child.pk).order_by().values_list(*columns)
        if (question := find_question(one, ComparedChild(*other)))
    }
    if not questions:
        return {}
    alike = Child.objects.filter(pk__in=questions).select_related("village", "posyandu")
    return {other: questions[other.pk] for other in alike.order_by("sort_name", "pk")}


def require_another_child(by: User, child: Child, confirmed: bool | Collection[object]) -> None:
    """Raise PossibleDuplicate for children alike that nobody has looked at."""
    if confirmed is True:
        return
    alike = find_possible_duplicates(by, child)
    if {other.pk for other in alike} - set(confirmed or ()):
        raise PossibleDuplicate(alike)
