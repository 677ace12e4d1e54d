"""What waited on a phone, saved to a file and opened by the district once its owner's account is closed.

She can no longer sign in and send it herself. What she typed is recorded in her name, by the path that her
phone would have taken; the ids of her phone are kept, so that nothing counts twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils.translation import gettext as _

from kpm.posted_kinds import POSTED_KINDS, PostedKind
from kpm.workspace_keys import workspace_keys
from registry.actions.change_log import FieldChange, log_changes
from registry.api.batch import Status, record_items
from registry.api.child_schema import EnrolBody
from registry.api.children import enrol_sent
from registry.api.errors import refusal
from registry.errors import Invalid, NotFound
from registry.models import ChangeSubject, Position, Role, Source, User

FORMAT = "register-outbox-1"
MOST_CHARACTERS = 1_000_000
"""A morning of 400 children is a third of it."""


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """What the phone would have sent: a child, a measurement or one of ``POSTED_KINDS``.

    ``name``: whom or what it is about, on the phone; ``words`` what it says, where it is one of the last.
    """

    kind: str
    name: str
    body: dict[str, Any]
    words: str = ""

    @property
    def is_child(self) -> bool:
        return self.kind == "child"

    @property
    def is_posted(self) -> bool:
        """Return whether it is neither a child nor a measurement."""
        return self.kind in POSTED_KINDS

    @property
    def id(self) -> str:
        return str(self.body.get("id", ""))

    @property
    def values(self) -> dict[str, Any]:
        """Return what was measured, named as a measurement names it."""
        position = str(self.body.get("position"))
        label = Position(position).label if position in Position.values else ""
        doubts = self.body.get("confirmed")
        return self.body | {"get_position_display": label, "confirmed_doubts": doubts}

    @property
    def day(self) -> date | None:
        """Return the day of birth of a child, or that of a measurement, if it is one."""
        try:
            return date.fromisoformat(str(self.body.get("birth_date" if self.is_child else "measured_on")))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """What ``owner`` typed and never sent, children first."""

    owner: User
    entries: Sequence[SavedEntry]


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """What became of an entry: ``is_stored`` now or before, else why not, and what can be confirmed.

    ``is_known``: it was stored before.
    """

    entry: SavedEntry
    is_stored: bool
    detail: str
    is_known: bool = False
    doubts: Sequence[Mapping[str, Any]] = ()
    alike: Sequence[Mapping[str, Any]] = ()

    @property
    def codes(self) -> str:
        """Return what a confirmation of this entry confirms: its doubts, or the children who are others."""
        return " ".join([str(one["code"]) for one in self.doubts] + [str(one["id"]) for one in self.alike])


def open_outbox_file(text: str, *, by: User) -> OutboxFile:
    """Return what the file holds. Raises NotFound, and Invalid: no such file, not hers, her account open."""
    if not by.has_role(Role.DISTRICT, Role.ADMIN):
        raise NotFound("not_yours", _("Berkas kiriman dibuka oleh petugas kabupaten."))
    try:
        file = json.loads(text) if len(text) <= MOST_CHARACTERS else None
        if not isinstance(file, dict) or file.get("format") != FORMAT:
            raise ValueError(FORMAT)
        owner = _find_owner(file["user"], by)
        entries = [_open_record(record, owner) for record in file["records"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid(
            "no_outbox_file",
            _("Ini bukan berkas kiriman yang utuh. Minta kader menyimpannya lagi dari halaman Kiriman."),
            "file",
        ) from None
    return OutboxFile(owner, sorted(entries, key=lambda entry: not entry.is_child))


def _find_owner(number: int, by: User) -> User:
    owner = User.objects.filter(pk=number).first()
    works = owner and owner.memberships.all()
    if owner is None or (works and not works.filter(by.area(people=True).as_q("village__")).exists()):
        raise Invalid("unknown_owner", _("Pemilik berkas ini tidak dikenal di wilayah kerja Anda."), "file")
    if owner.is_active and owner.sees_people:
        sentence = _("Akun %(name)s masih aktif: ia membaca berkas ini sendiri di HP-nya, lalu mengirimnya.")
        raise Invalid("owner_active", sentence % {"name": owner}, "file")
    return owner


def _open_record(record: dict[str, Any], owner: User) -> SavedEntry:
    """Return the entry. Only what her key has sealed is hers: an open one anybody could have written."""
    iv, data = (base64.b64decode(record["sealed"][part]) for part in ("iv", "data"))
    for key in workspace_keys(owner):
        try:
            content = json.loads(AESGCM(base64.b64decode(key)).decrypt(iv, data, None))
        except InvalidTag:
            continue
        body = dict(content["body"])
        name = str(content.get("name") or body.get("name", ""))
        return SavedEntry(record["kind"], name, body, str(content.get("words") or ""))
    raise Invalid("sealed_otherwise", _("Isi berkas ini tidak terkunci dengan kunci pemiliknya."), "file")


def record_outbox_file(
    file: OutboxFile, *, by: User, confirmed: Mapping[str, Sequence[str]], keep: bool
) -> list[EntryAnswer]:
    """Record every entry that can be in its owner's name, and log who brought it; what became of each.

    ``confirmed``: by the id of an entry, the codes that somebody has looked at. Without ``keep`` nothing is
    stored: the answers say what would become of each. Recording again changes nothing.
    """
    entries = [replace(one, body=one.body | _confirmation(one, confirmed)) for one in file.entries]
    with transaction.atomic():
        answers = [_post(by, one, file.owner) for one in entries if one.is_child]
        measured = [one for one in entries if not one.is_child and not one.is_posted]
        answers += _record(by, measured, file.owner)
        answers += [_post(by, one, file.owner) for one in entries if one.is_posted]
        stored = sum(answer.is_stored for answer in answers)
        said = f"{stored}/{len(answers)}"
        log_changes([FieldChange(ChangeSubject.ACCOUNT, file.owner.pk, "outbox_file", "", said)], by=by)
        if not keep:
            transaction.set_rollback(True)
    return answers


def _confirmation(entry: SavedEntry, confirmed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if entry.id not in confirmed:
        return {}
    before = entry.body.get("confirmed")
    return {"confirmed": [*(before if isinstance(before, list) else []), *confirmed[entry.id]]}


def _enrol(by: User, sent: dict[str, Any], owner: User) -> bool:
    return not enrol_sent(by, sent, enrolled_by=owner).created


_CHILD = PostedKind("api:children", EnrolBody, _enrol)


def _post(by: User, entry: SavedEntry, owner: User) -> EntryAnswer:
    """Record a child or one of ``POSTED_KINDS`` as its address does."""
    kind = POSTED_KINDS.get(entry.kind, _CHILD)
    body = kind.body(data=entry.body)
    try:
        body.is_valid(raise_exception=True)
        is_known = kind.record(by, body.validated_data, owner)
    except Exception as error:
        answer = refusal(error)
        if answer is None:
            raise
        alike = answer.data.get("children", []) if answer.data["code"] == "perhaps_enrolled" else []
        doubts = answer.data.get("doubts", [])
        return EntryAnswer(entry, False, _sentence(answer.data), doubts=doubts, alike=alike)
    return EntryAnswer(entry, True, "", is_known=is_known)


def _record(by: User, entries: Sequence[SavedEntry], owner: User) -> Iterator[EntryAnswer]:
    results = record_items(by, [one.body for one in entries], Source.FORM, measured_by=owner)
    for entry, result in zip(entries, results, strict=True):
        is_stored = result["measurement"] is not None
        is_known = result["status"] == Status.ALREADY_STORED
        yield EntryAnswer(entry, is_stored, _sentence(result), is_known=is_known, doubts=result["doubts"])


def _sentence(answer: Mapping[str, Any]) -> str:
    """Return why an entry was not stored, with what is wrong in its fields."""
    wrong = [sentence for sentences in (answer.get("errors") or {}).values() for sentence in sentences]
    return " ".join(dict.fromkeys([answer["detail"], *wrong]))
