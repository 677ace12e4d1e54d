"""Other keys for what is sealed and for the hash by which a NIK is found, while the site runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from registry.db.batches import CHUNK
from registry.db.locks import lock_for_key_share
from registry.errors import Conflict
from registry.models import ChangeLog, Child, MergedChild, NikHashKey, Upload, UploadPlan
from registry.nik import InvalidToken, hash_key_fingerprint, nik_hash, reseal, seal_bytes, unseal_bytes

_SEALED: tuple[tuple[type[models.Model], str], ...] = (
    (Child, "nik_sealed"),
    (ChangeLog, "values_sealed"),
    (MergedChild, "snapshot_sealed"),
    (Upload, "content_sealed"),
    (Upload, "report_sealed"),
    (Upload, "changes_sealed"),
)
"""All columns of the register that NIK_KEYS seal, but for plans, which are made again from their file."""

_FACTOR_SECRETS = ("secret", "seed")
"""What allauth calls the key of an app and that of recovery codes; a passkey has no secret here."""

_WITH_HASHES: tuple[tuple[type[models.Model], str], ...] = (
    (MergedChild, "snapshot_sealed"),
    (Upload, "changes_sealed"),
)
"""Sealed columns in which hashes and sealed values of children stand, to be put back when undone."""

_Row = TypeVar("_Row", bound=models.Model)
_HASH = re.compile(rb"\b[0-9a-f]{64}\b")
_TOKEN = re.compile(rb"gAAAA[\w-]{60,}={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RotatedColumn:
    """What became of a column: so many values are under the new key since, so many no key opens."""

    table: str
    column: str
    changed: int
    unreadable: int


def require_hash_key_in_force() -> None:
    """Raise Conflict where NIK are hashed under another key than this process has; it holds until the commit.

    Otherwise a NIK that is on record would not be found, and its child be entered twice.
    """
    own = hash_key_fingerprint()
    if lock_for_key_share(NikHashKey.objects.filter(fingerprint=own)):
        return
    if _get_hash_key().fingerprint != own:
        raise Conflict.of("hash_key_changing", "nik")


def reseal_columns() -> Iterator[RotatedColumn]:
    """Seal everything under the first of ``NIK_KEYS``; yield what became of each column.

    A value that somebody changes meanwhile is left alone: it is sealed under that key already.
    """
    UploadPlan.objects.all().delete()
    for model, column in (*_SEALED, *_sealed_elsewhere()):
        anew = unreadable = 0
        for pk, sealed in _sealed_values(model, column):
            try:
                other = _reseal(sealed, holds_sealed=(model, column) in _WITH_HASHES)
            except InvalidToken:
                unreadable += 1
                continue
            if other is not None:
                anew += model._base_manager.filter(pk=pk, **{column: sealed}).update(**{column: other})
        yield RotatedColumn(model._meta.db_table, column, anew, unreadable)
    yield _reseal_second_factors()


def _sealed_elsewhere() -> list[tuple[type[models.Model], str]]:
    """Return the sealed columns of the apps above the register, by their names."""
    above = [model for model in apps.get_models() if model._meta.app_label != "registry"]
    fields = ((model, field.name) for model in above for field in model._meta.concrete_fields)
    return [(model, name) for model, name in fields if name.endswith("_sealed")]


def _reseal_second_factors() -> RotatedColumn:
    """Seal what codes are made of; a factor is used while the site runs, so its row is locked."""
    anew = unreadable = 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            name = next((name for name in _FACTOR_SECRETS if factor and name in factor.data), None)
            if factor is None or name is None:
                continue
            try:
                other = reseal(str(factor.data[name]))
            except InvalidToken:
                unreadable += 1
                continue
            if other is not None:
                factor.data[name] = other
                factor.save(update_fields=["data"])
                anew += 1
    return RotatedColumn(Authenticator._meta.db_table, "data", anew, unreadable)


@transaction.atomic
def rehash_niks() -> RotatedColumn:
    """Hash every NIK under ``NIK_HASH_KEY`` and find them by it from now on, all or none.

    Who has the old key still is refused by :func:`require_hash_key_in_force` until it is started again. What
    only the old key could compare is forgotten: a child's entry under an id sent before is a conflict.
    """
    key = NikHashKey.objects.select_for_update().get(pk=_get_hash_key().pk)
    hashes: dict[bytes, bytes] = {}
    unreadable = 0
    for children in _in_pages(Child.objects.filter(nik_hash__isnull=False), CHUNK):
        changed = []
        for child in children:
            if not (nik := child.nik_if_readable):
                unreadable += 1
            elif (other := nik_hash(nik)) != child.nik_hash:
                hashes[str(child.nik_hash).encode()] = str(other).encode()
                child.nik_hash = other
                changed.append(child)
        Child.objects.bulk_update(changed, ["nik_hash"])
    if hashes:
        Child.objects.exclude(entry_digest="").update(entry_digest="")
        MergedChild.objects.exclude(entry_digest="").update(entry_digest="")
        _replace_kept_hashes(hashes)
    key.fingerprint = hash_key_fingerprint()
    key.save()
    return RotatedColumn(Child._meta.db_table, "nik_hash", len(hashes), unreadable)


def _get_hash_key() -> NikHashKey:
    key, _made = NikHashKey.objects.get_or_create(pk=1, defaults={"fingerprint": hash_key_fingerprint()})
    return key


def _replace_kept_hashes(hashes: Mapping[bytes, bytes]) -> None:
    for model, column in _WITH_HASHES:
        for pk, sealed in _sealed_values(model, column):
            try:
                content = unseal_bytes(sealed)
            except InvalidToken:
                continue  # ``reseal_columns`` says of how many
            other = _HASH.sub(lambda found: hashes.get(found[0], found[0]), content)
            if other != content:
                model._base_manager.filter(pk=pk).update(**{column: seal_bytes(other)})


def _reseal(sealed: str | bytes, *, holds_sealed: bool) -> str | bytes | None:
    """Return ``sealed`` under the first key, with what it holds sealed; None where no older key is left."""
    if isinstance(sealed, str):
        return reseal(sealed)
    content = unseal_bytes(sealed) if holds_sealed else b""
    inside = _TOKEN.sub(lambda found: reseal(found[0]) or found[0], content)
    return seal_bytes(inside) if inside != content else reseal(sealed)


def _sealed_values(model: type[models.Model], column: str) -> Iterator[tuple[object, str | bytes]]:
    """Yield the key and the value of each row that has one."""
    is_bytes = isinstance(model._meta.get_field(column), models.BinaryField)
    rows = model._base_manager.exclude(**{column: b"" if is_bytes else ""})
    is_file = is_bytes and model is not MergedChild
    for some in _in_pages(rows.only(column), 1 if is_file else CHUNK):  # a file may be large
        for row in some:
            sealed = getattr(row, column)
            yield row.pk, sealed if isinstance(sealed, str) else bytes(sealed)


def _in_pages(rows: models.QuerySet[_Row], size: int) -> Iterator[list[_Row]]:
    """Yield all ``rows``, ``size`` at a time, in the order of their keys; what was yielded may change."""
    page = list(rows.order_by("pk")[:size])
    while page:
        yield page
        page = list(rows.order_by("pk").filter(pk__gt=page[-1].pk)[:size])
