"""Who lives in one house with a child, and which children may. Reads, writes nothing."""

from __future__ import annotations

from django.db.models import Q

from kpm.models import Beneficiary
from kpm.scored_people import load_homes
from registry.models import Child, User
from registry.name_search import matches_search, sort_name

_OFFERED = 20


def list_housemates(user: User, child: Child) -> list[Child | Beneficiary]:
    """Return who lives in the household of ``child`` now, as far as ``user`` may see them; not itself."""
    home = load_homes([child.pk]).get(child.pk)
    if home is None:
        return []
    women = Beneficiary.objects.visible_to(user).filter(household=home, ended_on=None).order_by("name")
    once = Child.objects.visible_to(user).filter(households__household=home).exclude(pk=child.pk).distinct()
    now = load_homes([one.pk for one in once])
    children = [one for one in once.order_by("sort_name", "pk") if now[one.pk] == home]
    return [*women, *children]


def list_possible_housemates(user: User, child: Child, typed: str = "") -> list[Child]:
    """Return up to 20 children of the village who may live with ``child``: those with a name like ``typed``.

    Nothing typed: those of the same parent, then those of the same RT and RW.
    """
    others = Child.objects.visible_to(user).filter(village=child.village_id, status="active")
    others = others.exclude(pk=child.pk).select_related("posyandu").order_by("sort_name", "pk")
    if typed:
        return [one for one in others if matches_search(one.search_words, typed)][:_OFFERED]
    same_parent = Q(parent_name__iexact=child.parent_name) if child.parent_name else Q(pk=None)
    same_home = Q(rt=child.rt, rw=child.rw) if child.rt else Q(pk=None)
    near = others.filter(same_parent | same_home)
    parent = sort_name(child.parent_name)
    return sorted(near, key=lambda one: sort_name(one.parent_name) != parent)[:_OFFERED]
