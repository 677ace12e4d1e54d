"""Stores one person of a file: account, role and, for a cadre, the appointment."""

from __future__ import annotations

from typing import Any, NamedTuple

from kpm.actions import appoint_cadre, free_username, require_not_over, store_cadre
from kpm.forms.person import PersonRowForm
from registry.access.loaders import get_place
from registry.access.visible_places import Place
from registry.actions.memberships import give_role
from registry.actions.passwords import create_account
from registry.errors import Conflict, Invalid, NotFound
from registry.models import Puskesmas, Role, User

_LEVEL = {
    Role.CADRE: "village",
    Role.MIDWIFE: "village",
    Role.PUSKESMAS: "puskesmas",
    Role.KECAMATAN: "kecamatan",
    Role.DISTRICT: "district",
}
_TERM = ("sex", "phone", "musyawarah_desa_date", "decree_number", "decree_date", "term_start", "term_end")


class NewPerson(NamedTuple):
    """An account that was made, as it stands in the file of passwords."""

    username: str
    full_name: str
    place: str
    password: str


def load_person(form: PersonRowForm, *, by: User) -> NewPerson | None:
    """Store a row, and return the account it made; None for one that was there. Raises Refused."""
    if not form.is_valid():
        raise Invalid("row", " ".join(str(error) for errors in form.errors.values() for error in errors))
    row = form.cleaned_data
    place = _get_place(row["role"], row["place"], by)
    if row["role"] == Role.CADRE:
        return _load_cadre(row, place, by)
    user, password = _find_or_create(row["username"], row["full_name"], by)
    give_role(by=by, user=user, role=row["role"], place=place)
    return NewPerson(user.username, user.full_name, place.name, password) if password else None


def _get_place(role: Role, written: str, by: User) -> Place:
    """Return the place of a code; a puskesmas also by its name. Raises NotFound."""
    named = Puskesmas.objects.filter(name__iexact=written).first() if role == Role.PUSKESMAS else None
    place = get_place(f"puskesmas-{named.pk}" if named else written, by)
    if place._meta.model_name != _LEVEL[role]:
        raise NotFound.of("place_not_of_role", "place")
    return place


def _load_cadre(row: dict[str, Any], place: Place, by: User) -> NewPerson | None:
    appointed = appoint_cadre(
        by=by, village_code=str(place.pk), full_name=row["full_name"], **{name: row[name] for name in _TERM}
    )
    if appointed.user and row["username"].casefold() in ("", appointed.user.username.casefold()):
        return None
    require_not_over(appointed)
    username = row["username"] or free_username(str(place.pk))
    appointed.user, password = _find_or_create(username, appointed.full_name, by)
    store_cadre(by=by, cadre=appointed)
    return NewPerson(appointed.user.username, appointed.full_name, place.name, password) if password else None


def _find_or_create(username: str, full_name: str, by: User) -> tuple[User, str]:
    """Return the user of that name and "", or a new one and its password. Raises Conflict for another's."""
    user = User.objects.find_by_name(username)
    if user is None:
        return create_account(by=by, username=username, full_name=full_name)
    if user.full_name != full_name:
        raise Conflict.of("username_taken", "username", name=username)
    return user, ""
